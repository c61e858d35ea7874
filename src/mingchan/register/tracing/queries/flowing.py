"""Where the money went (资金流向): value of assets by source of money, system and township."""

from datetime import date
from typing import NamedTuple

from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import MIXED
from mingchan.register.assets.queries import summing
from mingchan.register.tracing.permissions import VIEW


class Flow(NamedTuple):
    """Assets of one source, system and township: how many cards, cost in fen. `town` has nine digits or is blank."""

    funding: str
    system: str
    town: str
    cards: int
    cost_fen: int


def flows(actor: Actor, on: date) -> list[Flow]:
    """Every combination that there is; cards of several sources are a source of their own. From the kept figures."""
    found = summing.figures(actor, on, VIEW).by_flow
    return sorted(Flow(*key, sums.cards, sums.cost_fen) for key, sums in found.items() if sums.cost_fen)


def mixed_parts(actor: Actor, on: date) -> list[tuple[str, int]]:
    """What the cards of several sources are made of: source and fen, the largest first."""
    found = summing.figures(actor, on, VIEW)
    parts: dict[str, int] = {}
    for (_system, _tier, source), fen in found.by_source.items():
        parts[source] = parts.get(source, 0) + fen
    for source, sums in found.by_funding.items():
        if source != MIXED:
            parts[source] = parts.get(source, 0) - sums.cost_fen
    return sorted(((source, fen) for source, fen in parts.items() if fen > 0), key=lambda pair: -pair[1])
