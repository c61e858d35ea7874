"""How payments and the register agree (勾稽), by source, project, sub-project or year: asset value = funding split."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from mingchan.kernel.actor import Actor
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import ProjectLine
from mingchan.register.tracing.permissions import VIEW
from mingchan.register.tracing.queries.shares import live


class Agreement(NamedTuple):
    """One source, project, sub-project or year: the payments that became assets against the register, in fen.

    The register's side is None where it has no such cut (years of payment, lines that build no assets).
    """

    key: Any
    label: str
    asset_fen: int
    use_linked_fen: int
    cost_fen: int | None
    card_linked_fen: int | None
    system: str = ""
    tiers: str = ""
    year: int = 0

    @property
    def use_open_fen(self) -> int:
        """What of the payments is linked to no asset."""
        return self.asset_fen - self.use_linked_fen

    @property
    def card_open_fen(self) -> int | None:
        """What of the register no payment explains."""
        return None if self.cost_fen is None or self.card_linked_fen is None else self.cost_fen - self.card_linked_fen

    @property
    def agrees(self) -> bool:
        """Whether every fen is linked on both sides."""
        return self.use_open_fen == 0 and not self.card_open_fen


def agreements(group: str, actor: Actor, on: date) -> list[Agreement]:
    """Payments against the register by one of the groups of the reconciliation; the register from its kept figures."""
    uses = funding.visible_to(actor).order_by()
    shares = live().filter(use__in=funding.visible_to(actor)).order_by()
    if group == "year":
        uses = uses.annotate(year=Coalesce(ExtractYear("paid_on"), Value(0)))
        shares = shares.annotate(year=Coalesce(ExtractYear("use__paid_on"), Value(0)))
        by_use, by_share = ("year", "year"), "year"
    elif group == "project":
        by_use, by_share = ("line__project_id", "line__project__name"), "use__line__project_id"
    elif group == "line":
        by_use, by_share = ("line_id", "line__name"), "use__line_id"
    else:
        by_use, by_share = ("funding", "funding"), "use__funding"
    labels: dict[Any, str] = {}
    spent: dict[Any, int] = {}
    for key, label, fen in uses.values_list(*by_use).annotate(fen=Sum("asset_fen")):
        spent[key or 0], labels[key or 0] = fen, str(label or "")
    done = {key or 0: fen for key, fen in shares.values_list(by_share).annotate(fen=Sum("amount_fen"))}
    if group == "source":
        return _by_source(spent, done, labels, actor, on)
    if group == "line":
        return _by_line(spent, done, labels, actor, on)
    return [Agreement(key, labels[key], spent[key], done.get(key, 0), None, None) for key in sorted(spent)]


def _linked_of_cards(actor: Actor, *keys: str) -> dict[tuple[Any, ...], int]:
    """Fen linked to visible cards by columns of the card; the shares are walked, never the cards."""
    shares = live().filter(county=actor.county, asset__status=Status.ACTIVE)
    if not actor.everywhere(VIEW):
        shares = shares.filter(asset__in=Asset.objects.filter(assets.visible_to(actor, VIEW)))
    rows = shares.order_by().values_list(*(f"asset__{key}" for key in keys)).annotate(fen=Sum("amount_fen"))
    return {row[:-1]: row[-1] for row in rows}


def _by_source(
    spent: dict[Any, int], done: dict[Any, int], labels: dict[Any, str], actor: Actor, on: date
) -> list[Agreement]:
    """Each source's payments against the cards that name it."""
    cost = {key: sums.cost_fen for key, sums in summing.figures(actor, on, VIEW).by_funding.items()}
    linked = _linked_of_cards(actor, "funding")
    return [
        Agreement(
            key, labels.get(key, key), spent.get(key, 0), done.get(key, 0), cost.get(key, 0), linked.get((key,), 0)
        )
        for key in sorted({str(key or "") for key in (*spent, *cost)})
    ]


def _by_line(
    spent: dict[Any, int], done: dict[Any, int], labels: dict[Any, str], actor: Actor, on: date
) -> list[Agreement]:
    """Each line's payments against its part of the register: system, tiers and project year."""
    parts: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for key, sums in summing.figures(actor, on, VIEW).by_part.items():
        parts[key][0] = sums.cost_fen
    for part, fen in _linked_of_cards(actor, "system", "tier", "year").items():
        parts[part][1] = fen
    lines = {line.pk: line for line in ProjectLine.objects.filter(county=actor.county, pk__in=list(spent))}
    found = []
    for key in sorted(spent):
        line = lines[key]
        if not line.system:
            found.append(Agreement(key, labels[key], spent[key], done.get(key, 0), None, None))
            continue
        tiers = set(line.tiers.split(",")) - {""}
        pairs = [
            pair
            for (system, tier, year), pair in parts.items()
            if system == line.system
            and (not tiers or tier in tiers)
            and (not line.year or not year or year == line.year)
        ]
        cost, linked = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        given = (line.system, line.tiers, line.year)
        found.append(Agreement(key, labels[key], spent[key], done.get(key, 0), cost, linked, *given))
    return found
