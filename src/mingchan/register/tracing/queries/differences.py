"""Differences (差异), down to the payment and the asset: what is linked of each and what is open, by keyset pages."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import MIXED, Status, System, Tier
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import FundUse, ProjectLine
from mingchan.register.funding.queries import FundFilter
from mingchan.register.tracing.permissions import VIEW
from mingchan.register.tracing.queries.shares import linked, live

PAGE = 50
CANDIDATES = 200


class PaymentRow(NamedTuple):
    """A payment of which part isn't linked; amounts in fen."""

    id: int
    line: str
    funding: str
    item: str
    payee: str
    paid_on: date | None
    paid_precision: str
    asset_fen: int
    linked_fen: int

    @property
    def open_fen(self) -> int:
        """What of the payment is linked to no asset."""
        return self.asset_fen - self.linked_fen


class CardRow(NamedTuple):
    """An asset whose cost isn't linked as a whole, or is paid from other sources than its card says; in fen."""

    id: int
    code: str
    name: str
    system: str
    tier: str
    funding: str
    cost_fen: int
    linked_fen: int
    sources_differ: bool = False

    @property
    def open_fen(self) -> int:
        """What of the cost no payment explains."""
        return self.cost_fen - self.linked_fen


@dataclass(frozen=True, slots=True)
class CardFilter:
    """What a list of assets is narrowed to; empty values do not narrow. `tiers` joined by commas."""

    system: str = ""
    tiers: str = ""
    funding: str = ""
    year: int | None = None
    words: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "CardFilter":
        """The filter that a query string names; what can't be read does not narrow."""
        system, tiers = parameters.get("system", ""), parameters.get("tier", "")
        known = [tier for tier in tiers.split(",") if tier in Tier.values]
        return cls(
            system=system if system in System.values else "",
            tiers=",".join(known),
            funding=parameters.get("funding", "")[:20],
            year=FundFilter.read(parameters).year,
            words=parameters.get("q", "").strip()[:60].replace("\x00", ""),
        )

    def parameters(self) -> dict[str, str]:
        """The query string parameters that name this filter."""
        found = {"system": self.system, "tier": self.tiers, "funding": self.funding, "q": self.words}
        if self.year is not None:
            found["year"] = str(self.year)
        return {name: value for name, value in found.items() if value}

    def of_line(self, line: ProjectLine, source: str) -> "CardFilter":
        """The part of the register that a line may have built from a source."""
        return CardFilter(line.system, line.tiers, source, line.year or None, self.words)


def _cards(filtered: CardFilter, actor: Actor) -> "QuerySet[Asset]":
    rows = Asset.objects.filter(assets.visible_to(actor, VIEW), status=Status.ACTIVE)
    if filtered.system:
        rows = rows.filter(system=filtered.system)
    if filtered.tiers:
        rows = rows.filter(tier__in=filtered.tiers.split(","))
    if filtered.funding:
        rows = rows.filter(funding=filtered.funding)
    if filtered.year is not None:
        rows = rows.filter(year__in=(0, filtered.year))
    if filtered.words:
        rows = rows.filter(Q(name__contains=filtered.words) | Q(code__contains=filtered.words))
    return rows


def payment_rows(
    filtered: FundFilter, actor: Actor, *, after: str | None = None, limit: int = PAGE
) -> tuple[list[PaymentRow], str | None]:
    """A page of payments that aren't linked as a whole, in the order of their registration."""
    rows = funding.narrowed(filtered, actor).filter(asset_fen__gt=0)
    if (last := _whole(after)) is not None:
        rows = rows.filter(id__gt=last)
    found = rows.annotate(linked=linked("use")).filter(asset_fen__gt=F("linked")).order_by("id")
    page = [
        PaymentRow(*values)
        for values in found.values_list(
            "id", "line__name", "funding", "item", "payee_name", "paid_on", "paid_precision", "asset_fen", "linked"
        )[: limit + 1]
    ]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


def card_rows(
    filtered: CardFilter, actor: Actor, *, every: bool = False, after: str | None = None, limit: int = PAGE
) -> tuple[list[CardRow], str | None]:
    """A page of assets whose cost no payment explains as a whole (`every`: of all), in the order of registration."""
    rows = _cards(filtered, actor).filter(cost_fen__gt=0)
    if (last := _whole(after)) is not None:
        rows = rows.filter(id__gt=last)
    found = rows.annotate(linked=linked("asset")).order_by("id")
    return _page(found if every else found.filter(cost_fen__gt=F("linked")), limit)


def mismatched(actor: Actor, limit: int = CANDIDATES) -> list[CardRow]:
    """Assets that payments of other sources than the card's paid for, the first ones: asset value ≠ funding split."""
    paid = live().filter(county=actor.county).order_by().values_list("asset", "use__funding")
    wrong: dict[int, dict[str, int]] = defaultdict(dict)
    plain = paid.exclude(asset__funding=F("use__funding")).exclude(asset__funding=MIXED)
    for key, source, fen in plain.annotate(fen=Sum("amount_fen")):
        wrong[key][source] = fen
    split: dict[tuple[int, str], int] = {}
    for key, source, fen in paid.filter(asset__funding=MIXED).annotate(fen=Sum("amount_fen")):
        split[key, source] = fen
    stated: dict[tuple[int, str], int] = defaultdict(int)
    wanted = one_of(sorted({key for key, _source in split}), "bigint")
    for key, source, fen in FundingShare.objects.filter(asset__in=wanted).values_list(
        "asset_id", "source", "amount_fen"
    ):
        stated[key, source] += fen
    for (key, source), fen in split.items():
        if fen > stated[key, source]:
            wrong[key][source] = fen
    ids = one_of(sorted(wrong)[:limit], "bigint")
    found = (
        Asset.objects.filter(assets.visible_to(actor, VIEW), pk__in=ids).annotate(linked=linked("asset")).order_by("id")
    )
    return [row._replace(sources_differ=True) for row in _page(found, limit)[0]]


def candidates(use: FundUse, filtered: CardFilter, actor: Actor) -> tuple[list[CardRow], bool]:
    """Assets that a payment may be linked to: open, not linked to it yet; the first, and whether there are more."""
    taken = live().filter(use=use).values("asset")
    rows = _cards(filtered, actor).filter(cost_fen__gt=0).exclude(pk__in=taken)
    found = rows.annotate(linked=linked("asset")).filter(cost_fen__gt=F("linked")).order_by("acquired_on", "id")
    page, following = _page(found, CANDIDATES)
    return page, following is not None


def _page(found: "QuerySet[Any]", limit: int) -> tuple[list[CardRow], str | None]:
    page = [
        CardRow(*values)
        for values in found.values_list("id", "code", "name", "system", "tier", "funding", "cost_fen", "linked")[
            : limit + 1
        ]
    ]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


class Totals(NamedTuple):
    """Both sides as a whole, in fen: payments that became assets, the register, and what is linked."""

    asset_fen: int
    cost_fen: int
    linked_fen: int
    shares: int

    @property
    def use_open_fen(self) -> int:
        """What of the payments is linked to no asset."""
        return self.asset_fen - self.linked_fen

    @property
    def card_open_fen(self) -> int:
        """What of the register no payment explains."""
        return self.cost_fen - self.linked_fen


def totals(actor: Actor, on: date) -> Totals:
    """Both sides as a whole; the register from its kept figures."""
    uses = funding.visible_to(actor).aggregate(fen=Sum("asset_fen"))["fen"] or 0
    cards = summing.figures(actor, on, VIEW).total.cost_fen
    found = live().filter(use__in=funding.visible_to(actor)).aggregate(fen=Sum("amount_fen"), n=Count("id"))
    return Totals(uses, cards, found["fen"] or 0, found["n"])


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 16 else None
