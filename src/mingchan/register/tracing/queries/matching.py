"""How payments and the register agree (勾稽), by source, project, sub-project or year: asset value = funding split."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from mingchan.kernel.actor import Actor
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import ProjectLine
from mingchan.register.tracing.permissions import VIEW
from mingchan.register.tracing.queries.shares import live


class Agreement(NamedTuple):
    """One source, project, sub-project or year: the payments that became assets against the register, in fen.

    The register's side is None where it has no such cut (years of payment, projects without systems).
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


def agreements(group: str, actor: Actor) -> list[Agreement]:
    """Payments against the register by one of the groups of the reconciliation; five statements at most."""
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
        return _by_source(spent, done, labels, actor)
    if group == "line":
        return _by_line(spent, done, labels, actor)
    return [Agreement(key, labels[key], spent[key], done.get(key, 0), None, None) for key in sorted(spent)]


def _by_source(spent: dict[Any, int], done: dict[Any, int], labels: dict[Any, str], actor: Actor) -> list[Agreement]:
    cards = Asset.objects.filter(assets.visible_to(actor, VIEW), status=Status.ACTIVE).order_by()
    cost = dict(cards.values_list("funding").annotate(fen=Sum("cost_fen")))
    paid = live().filter(asset__in=cards).order_by().values_list("asset__funding").annotate(fen=Sum("amount_fen"))
    linked = dict(paid)
    return [
        Agreement(key, labels.get(key, key), spent.get(key, 0), done.get(key, 0), cost.get(key, 0), linked.get(key, 0))
        for key in sorted({str(key or "") for key in (*spent, *cost)})
    ]


def _by_line(spent: dict[Any, int], done: dict[Any, int], labels: dict[Any, str], actor: Actor) -> list[Agreement]:
    """Each line's payments against its part of the register: system, tiers and project year."""
    parts: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    cards = Asset.objects.filter(assets.visible_to(actor, VIEW), status=Status.ACTIVE).order_by()
    for system, tier, year, fen in cards.values_list("system", "tier", "year").annotate(fen=Sum("cost_fen")):
        parts[system, tier, year][0] += fen
    grouped = live().filter(asset__in=cards).order_by().values_list("asset__system", "asset__tier", "asset__year")
    for system, tier, year, fen in grouped.annotate(fen=Sum("amount_fen")):
        parts[system, tier, year][1] += fen
    lines = {line.pk: line for line in ProjectLine.objects.filter(county=actor.county, pk__in=list(spent))}
    found = []
    for key in sorted(spent):
        line = lines[key]
        if not line.system:
            found.append(Agreement(key, labels[key], spent[key], done.get(key, 0), None, None))
            continue
        tiers = set(line.tiers.split(",")) - {""}
        sums = [
            sums
            for (system, tier, year), sums in parts.items()
            if system == line.system
            and (not tiers or tier in tiers)
            and (not line.year or not year or year == line.year)
        ]
        cost, linked = sum(pair[0] for pair in sums), sum(pair[1] for pair in sums)
        found.append(
            Agreement(key, labels[key], spent[key], done.get(key, 0), cost, linked, line.system, line.tiers, line.year)
        )
    return found
