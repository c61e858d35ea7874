"""Services of joint supervision (联合监管服务)."""

from mingchan.oversight.jointwork.services.cases import (
    add_person,
    drop,
    find_loss,
    open_case,
    transfer,
)
from mingchan.oversight.jointwork.services.compensating import close, order, pay
from mingchan.oversight.jointwork.services.packing import make_package
from mingchan.oversight.jointwork.services.planning import draw, look, make_plan
from mingchan.oversight.jointwork.services.revealing import reveal
from mingchan.oversight.jointwork.services.signing import note_printed, sign
from mingchan.oversight.jointwork.services.tallying import count_log

__all__ = [
    "add_person",
    "close",
    "count_log",
    "draw",
    "drop",
    "find_loss",
    "look",
    "make_package",
    "make_plan",
    "note_printed",
    "open_case",
    "order",
    "pay",
    "reveal",
    "sign",
    "transfer",
]
