"""The list of sites (站点清单): pages by key, totals, sites by town (2.1.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Site
from mingchan.register.sites.choices import Doubt
from mingchan.register.sites.models import Profile
from mingchan.register.sites.queries import standards
from mingchan.register.sites.queries.filtering import TOWN_DIGITS, SiteFilter, narrowed
from mingchan.register.sites.queries.holdings import NOTHING, Holding, holdings, of_sites

PAGE = 50
SORTS: Mapping[str, tuple[str, ...]] = {
    "place": ("division_code", "id"), "-place": ("-division_code", "-id"), "name": ("name", "id"),
    "-name": ("-name", "-id"),
}  # fmt: skip
"""Declared orders, each walked on an index."""
DEFAULT_SORT = "place"


class SiteRow(NamedTuple):
    """A site as lists show it. `kind` is what was said, `proposed` what the name speaks of while nobody said it."""

    id: int
    name: str
    division_code: str
    division: str
    system: str
    tier: str
    kind: str
    proposed: str
    state: str
    has_file: bool
    operator_id: int | None
    operator: str
    keeper_id: int | None
    keeper: str
    holding: Holding
    is_sample: bool


class Page(NamedTuple):
    """A page of sites and where the one before and after begin, None at the ends."""

    rows: list[SiteRow]
    previous: str | None
    following: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sites of a filter, how many of them lack something, and what they hold: cards, quantity, cost in fen."""

    sites: int
    lacking: int
    no_keeper: int
    cards: int
    quantity_milli: int
    cost_fen: int


def sites_of(filter: SiteFilter, actor: Actor) -> QuerySet[Site]:  # noqa: A002 - the name of the trade
    """The filtered sites, unordered."""
    doubtful: list[int] = []
    if filter.doubt == Doubt.LACKING:
        doubtful = [key for key, holding in holdings(actor).items() if holding.lacking]
    elif filter.doubt == Doubt.EMPTY:
        doubtful = [key for key, holding in holdings(actor).items() if not holding.cards]
    return narrowed(filter, actor, doubtful)


def rows(
    filter: SiteFilter,  # noqa: A002
    actor: Actor,
    sort: str = DEFAULT_SORT,
    *,
    after: str = "",
    before: str = "",
    limit: int = PAGE,
) -> Page:
    """One page of sites by key, in a declared order. A place that can't be read gives the first page."""
    order = SORTS.get(sort, SORTS[DEFAULT_SORT])
    column, down = order[0].lstrip("-"), order[0].startswith("-")
    found = sites_of(filter, actor)
    place = _place(before or after)
    back = bool(before) and place is not None
    if place is not None:
        value, key = place
        sign = "lt" if down is not back else "gt"
        found = found.filter(Q(**{f"{column}__{sign}": value}) | Q(**{column: value, f"pk__{sign}": key}))
    names = order if not back else tuple(n[1:] if n.startswith("-") else f"-{n}" for n in order)
    keys = list(found.order_by(*names).values_list("pk", flat=True)[: limit + 1])
    more, keys = len(keys) > limit, keys[:limit]
    if back:
        keys.reverse()
    shown = rows_of(keys, actor)
    if not shown:
        return Page([], None, None)
    first, last = (f"{row.id}.{getattr(row, 'name' if column == 'name' else column)}" for row in (shown[0], shown[-1]))
    if back:
        return Page(shown, first if more else None, last)
    return Page(shown, first if place is not None else None, last if more else None)


def _place(text: str) -> tuple[str, int] | None:
    number, dot, value = text.partition(".")
    if not dot or not number.isascii() or not number.isdecimal() or len(number) > 18 or "\x00" in value:
        return None
    return value[:120], int(number)


def rows_of(keys: Sequence[int], actor: Actor) -> list[SiteRow]:
    """The rows of sites by id, in the given order; a handful of statements whatever their number."""
    sites = Site.objects.filter(pk__in=one_of(keys, "bigint"))
    by_key = {
        row[0]: row for row in sites.values_list("pk", "name", "division_code", "system", "tier", "kind", "is_sample")
    }
    files = {
        row[0]: row[1:]
        for row in Profile.objects.filter(pk__in=one_of(keys, "bigint")).values_list(
            "site_id", "state", "operator_id", "keeper_id"
        )
    }
    parties = directory.party_names(key for _state, *holders in files.values() for key in holders if key is not None)
    divisions = assets.names_by_key(set(), set(), {row[2] for row in by_key.values() if row[2]}).divisions
    held = of_sites(actor, keys)
    found = []
    for key in keys:
        if key not in by_key:
            continue
        _key, name, division, system, tier, kind, is_sample = by_key[key]
        state, operator, keeper = files.get(key, ("", None, None))
        found.append(
            SiteRow(
                key, name, division, divisions.get(division, division), system, tier, kind,
                "" if kind in standards.kinds() else standards.proposed(name, tier), state, key in files,
                operator, parties.get(operator, "") if operator else "",
                keeper, parties.get(keeper, "") if keeper else "", held.get(key, NOTHING), is_sample,
            )
        )  # fmt: skip
    return found


def every_row(filter: SiteFilter, actor: Actor, sort: str = DEFAULT_SORT) -> Iterator[SiteRow]:  # noqa: A002
    """All filtered sites in order, some hundreds at a time, for the export."""
    after = ""
    while True:
        page = rows(filter, actor, sort, after=after, limit=500)
        yield from page.rows
        if page.following is None:
            return
        after = page.following


def totals(filter: SiteFilter, actor: Actor) -> Totals:  # noqa: A002
    """What the filtered sites are and hold together; their cards are those the actor may see."""
    keys = list(sites_of(filter, actor).values_list("pk", flat=True))
    held = holdings(actor)
    mine = [held.get(key, NOTHING) for key in keys]
    kept = Profile.objects.filter(county=actor.county, keeper__isnull=False).values_list("site", flat=True)
    return Totals(
        sites=len(keys),
        lacking=sum(1 for holding in mine if holding.lacking),
        no_keeper=len(set(keys) - set(kept)),
        cards=sum(holding.cards for holding in mine),
        quantity_milli=sum(holding.quantity_milli for holding in mine),
        cost_fen=sum(holding.cost_fen for holding in mine),
    )


def by_town(filter: SiteFilter, actor: Actor) -> dict[str, int]:  # noqa: A002
    """How many of the filtered sites stand in each town, by the first nine digits of its code."""
    found = sites_of(filter, actor).order_by().annotate(town=Substr("division_code", 1, TOWN_DIGITS))
    counted: Iterable[tuple[str, int]] = found.values_list("town").annotate(n=Count("pk"))
    return {town: count for town, count in counted if town}
