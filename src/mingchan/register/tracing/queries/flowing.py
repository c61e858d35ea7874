"""Where the money went (资金流向): value of assets by source of money, system and township."""

from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import Substr

from mingchan.kernel.actor import Actor
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.tracing.permissions import VIEW

TOWN_DIGITS = 9


class Flow(NamedTuple):
    """Assets of one source, system and township: how many cards, cost in fen. `town` has nine digits or is blank."""

    funding: str
    system: str
    town: str
    cards: int
    cost_fen: int


def flows(actor: Actor) -> list[Flow]:
    """Every combination that there is, in one statement; cards of several sources are a source of their own."""
    rows = Asset.objects.filter(assets.visible_to(actor, VIEW), status=Status.ACTIVE, cost_fen__gt=0).order_by()
    grouped = rows.annotate(town=Substr("division_code", 1, TOWN_DIGITS)).values_list("funding", "system", "town")
    return sorted(Flow(*row) for row in grouped.annotate(n=Count("id"), fen=Sum("cost_fen")))


def mixed_parts(actor: Actor) -> list[tuple[str, int]]:
    """What the cards of several sources are made of: source and fen."""
    cards = Asset.objects.filter(assets.visible_to(actor, VIEW), status=Status.ACTIVE, funding=MIXED)
    shares = FundingShare.objects.filter(asset__in=cards).order_by().values_list("source")
    return sorted(shares.annotate(fen=Sum("amount_fen")), key=lambda pair: -pair[1])
