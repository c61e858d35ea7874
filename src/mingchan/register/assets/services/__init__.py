"""Services of the register (资产服务): register, correct, split, withdraw, sites and the search index."""

from mingchan.register.assets.services.correction import correct
from mingchan.register.assets.services.freezing import freeze, refuse_frozen, thaw
from mingchan.register.assets.services.improving import add_cost
from mingchan.register.assets.services.leaving import leave
from mingchan.register.assets.services.moving import move
from mingchan.register.assets.services.permits import permit
from mingchan.register.assets.services.registration import register, register_one
from mingchan.register.assets.services.search import rebuild_search
from mingchan.register.assets.services.sites import correct_sites, ensure_sites
from mingchan.register.assets.services.splitting import split
from mingchan.register.assets.services.withdrawal import Depends, withdraw, withdraw_card

__all__ = [
    "Depends",
    "add_cost",
    "correct",
    "correct_sites",
    "ensure_sites",
    "freeze",
    "leave",
    "move",
    "permit",
    "rebuild_search",
    "refuse_frozen",
    "register",
    "register_one",
    "split",
    "thaw",
    "withdraw",
    "withdraw_card",
]
