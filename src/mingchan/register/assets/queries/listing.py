"""The list (资产清单): pages by key in both directions, capped counts, totals, and the names of its columns (2.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Collate

from mingchan.foundation.directory.models import Division, Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries.filtering import RegisterFilter, bases, visible_to
from mingchan.register.assets.queries.valuing import net_value

COUNT_CAP = 10_000
"""Exact counts end here; beyond it is "more than 10,000" (超过 10,000)."""
FEW = 1_000
"""Up to so many cards are found by their filter and sorted; walking the order would pass by a million for them."""

COLUMNS = (
    "code", "name", "model", "class_code", "six_class", "system", "tier", "site_id", "division_code", "unit",
    "quantity_milli", "unit_price_fen", "cost_fen", "acquired_on", "acquired_precision", "year", "funding", "condition",
    "owner_id", "user_id", "operator_id", "keeper_id", "status", "is_sample",
)  # fmt: skip
"""What a row of the list shows, after the card's id."""


class Row(NamedTuple):
    """A row of the list, as the database gives it."""

    id: int
    code: str
    name: str
    model: str
    class_code: str
    six_class: str
    system: str
    tier: str
    site_id: int | None
    division_code: str
    unit: str
    quantity_milli: int
    unit_price_fen: int | None
    cost_fen: int
    acquired_on: date | None
    acquired_precision: str
    year: int
    funding: str
    condition: str
    owner_id: int | None
    user_id: int | None
    operator_id: int | None
    keeper_id: int | None
    status: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Sort:
    """A declared order: a column with an index, and whether it goes down. Cards without the value stand last."""

    column: str
    down: bool = False

    @property
    def key(self) -> str:
        return {"code": "code", "cost_fen": "cost", "acquired_on": "date"}[self.column]

    @property
    def word(self) -> str:
        return ("-" if self.down else "") + self.key


SORTS: Mapping[str, Sort] = {
    sort.word: sort
    for column in ("code", "cost_fen", "acquired_on")
    for sort in (Sort(column), Sort(column, down=True))
}
DEFAULT_SORT = "code"


class Place(NamedTuple):
    """Where a page begins: the sort value and the id of the row before it."""

    value: str
    id: int

    def __str__(self) -> str:
        return f"{self.id}.{self.value}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Read a place from an address; None when it can't be read."""
        number, dot, value = text.partition(".")
        return cls(value[:60], int(number)) if dot and number.isdecimal() and len(number) < 19 else None


class Page(NamedTuple):
    """A page of rows, and the places from which the next and the previous page go on, None at the ends."""

    rows: list[Row]
    next: Place | None
    previous: Place | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many cards, how much in thousandths (of whatever unit), what they cost in fen, and the net value in fen.

    Only the `valued` cards, whose life and date are known, have a net value.
    """

    count: int
    quantity_milli: int
    cost_fen: int
    valued: int
    net_fen: int


def rows(
    filter: RegisterFilter,  # noqa: A002 - the name of the trade
    actor: Actor,
    sort: str = DEFAULT_SORT,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
    of: int = COUNT_CAP + 1,
) -> Page:
    """One page of the filtered cards. Raises KeyError for an undeclared sort.

    `of` is what `count` says of the filter, when it has been asked: few cards are fetched by the filter alone.
    """
    order = SORTS[sort]
    if of == 0:
        return Page([], None, None)
    after, before = (end if end is not None and readable(end, order) else None for end in (after, before))
    place = before or after
    if of <= FEW:
        found = _among_few(bases(filter, actor), order, place, limit + 1, back=before is not None)
    else:
        found = window(bases(filter, actor, in_order=True), order, place, limit + 1, back=before is not None)
    more, found = len(found) > limit, found[:limit]
    if before is not None:
        found.reverse()
    if not found:
        return Page([], None, None)
    first, last = _place(found[0], order), _place(found[-1], order)
    if before is not None:
        return Page(found, last, first if more else None)
    return Page(found, last if more else None, first if after is not None else None)


def _among_few(
    cards: Sequence[QuerySet[Any]], order: Sort, place: Place | None, limit: int, *, back: bool
) -> list[Row]:
    """As `window`, of few cards: the filter's own index finds them all, sorted here; then the page's rows by key."""
    ends: list[tuple[Any, int, int, int]] = []
    for part, found in enumerate(cards):
        keys = found.order_by().values_list(order.column, _card_of(found), "pk")
        ends += [(value, card, part, key) for value, card, key in keys]
    filled = sorted((end for end in ends if end[0] is not None), reverse=order.down)
    empty = sorted((end for end in ends if end[0] is None), key=lambda end: end[1], reverse=order.down)
    ends = filled + empty
    at = 0
    if place is not None:
        value = _value(place, order)
        at = next((i for i, end in enumerate(ends) if _is_after(end[0], end[1], value, place.id, order)), len(ends))
    if back:
        until = at - 1 if at and place is not None and ends[at - 1][1] == place.id else at
        ends = ends[max(0, until - limit) : until][::-1]
    else:
        ends = ends[at : at + limit]
    whole: dict[int, Row] = {}
    for part, found in enumerate(cards):
        if shown := [end[3] for end in ends if end[2] == part]:
            rows = found.model._default_manager.filter(pk__in=one_of(shown, "bigint"))
            whole |= {row[0]: Row._make(row) for row in rows.values_list(_card_of(found), *COLUMNS)}
    return [whole[end[1]] for end in ends if end[1] in whole]


def _card_of(found: QuerySet[Any]) -> str:
    """The column that names the card: a former state has a key of its own."""
    return "id" if found.model is Asset else "asset_id"


def _is_after(value: Any, card: int, end: Any, last: int, order: Sort) -> bool:
    """Whether a card comes after a place in the order; cards without the value come last."""
    if end is None or value is None:
        if end is not None or value is not None:
            return value is None
        return card < last if order.down else card > last
    return bool((value, card) < (end, last) if order.down else (value, card) > (end, last))


def _value(place: Place, order: Sort) -> Any:
    """A place's value as the column has it."""
    if order.column == "cost_fen":
        return int(place.value)
    if order.column == "acquired_on":
        return date.fromisoformat(place.value) if place.value else None
    return place.value


def readable(place: Place, order: Sort) -> bool:
    """Whether a place from an address has a value of the sort's column."""
    if order.column == "cost_fen":
        return place.value.isdecimal() and len(place.value) < 19
    if order.column == "acquired_on" and place.value:
        try:
            date.fromisoformat(place.value)
        except ValueError:
            return False
    return "\x00" not in place.value


def _place(row: Row, order: Sort) -> Place:
    value = getattr(row, order.column)
    return Place("" if value is None else str(value), row.id)


def window(cards: Sequence[QuerySet[Any]], order: Sort, place: Place | None, limit: int, *, back: bool) -> list[Row]:
    """Up to `limit` rows after a place, or before it with `back` (nearest first)."""
    if len(cards) == 1:
        return list(_window(cards[0], order, place, limit, back=back, plain=True))
    merged = [row for part in cards for row in _window(part, order, place, limit, back=back, plain=False)]
    down = order.down is not back
    empty = [row for row in merged if getattr(row, order.column) is None]
    filled = [row for row in merged if getattr(row, order.column) is not None]
    filled.sort(key=lambda row: (getattr(row, order.column), row.id), reverse=down)
    empty.sort(key=lambda row: row.id, reverse=down)
    return (empty + filled if back else filled + empty)[:limit]


def _window(
    cards: QuerySet[Any], order: Sort, place: Place | None, limit: int, *, back: bool, plain: bool
) -> Iterator[Row]:
    """Rows of one queryset in order: its runs one after another until there are enough."""
    for rows in window_querysets(cards, order, place, limit, back=back, plain=plain):
        found = list(map(Row._make, rows[:limit]))
        yield from found
        limit -= len(found)
        if limit <= 0:
            return


def window_querysets(
    cards: QuerySet[Any], order: Sort, place: Place | None, limit: int, *, back: bool, plain: bool = True
) -> list[QuerySet[Any]]:
    """The runs that make a page. Cards without the sort's value are a second run, so each is a walk on an index."""
    if order.column != "acquired_on":
        return [_run(cards, order, place, limit, back=back, plain=plain)]
    in_tail = place is not None and place.value == ""
    filled, empty = cards.filter(acquired_on__isnull=False), cards.filter(acquired_on__isnull=True)
    head = _run(filled, order, None if in_tail else place, limit, back=back, plain=plain)
    tail = _run(empty, order, place if in_tail else None, limit, back=back, plain=plain, tail=True)
    if back:
        return [tail, head] if in_tail else [head]
    return [tail] if in_tail else [head, tail]


def _run(
    cards: QuerySet[Any], order: Sort, place: Place | None, limit: int, *, back: bool, plain: bool, tail: bool = False
) -> QuerySet[Any]:
    key = "id" if cards.model is Asset else "asset_id"
    down = order.down is not back
    column = order.column
    if not plain and column == "code" and connection.vendor == "postgresql":
        cards = cards.alias(code_bytes=Collate(F("code"), "C"))
        column = "code_bytes"
    sign = "lt" if down else "gt"
    if place is not None and tail:
        cards = cards.filter(**{f"{key}__{sign}": place.id})
    elif place is not None:
        value: Any = place.value
        if column == "cost_fen":
            value = int(place.value)
        beyond = Q(**{f"{column}__{sign}": value})
        if column in ("code", "code_bytes"):
            cards = cards.filter(beyond)
        else:
            cards = cards.filter(Q(**{f"{column}__{sign}e": value}), beyond | Q(**{f"{key}__{sign}": place.id}))
    names = (key,) if tail else (column, key)
    ordered = cards.order_by(*(f"-{name}" if down else name for name in names))
    return ordered.values_list(key, *COLUMNS)[:limit]


def count(filter: RegisterFilter, actor: Actor, cap: int = COUNT_CAP) -> int:  # noqa: A002
    """How many cards, exact up to the cap; the cap plus one stands for more."""
    found = 0
    for cards in bases(filter, actor):
        found += cards.order_by()[: cap + 1 - found].count()
        if found > cap:
            return cap + 1
    return found


def totals(filter: RegisterFilter, actor: Actor, on: date) -> Totals:  # noqa: A002
    """Count, quantity, cost and net value of all filtered cards, exact: as of the filter's day, else `on`."""
    found = [0] * 5
    for cards in bases(filter, actor):
        net = net_value(filter.as_of or on, "pk" if cards.model is Asset else "asset_id")
        sums = cards.order_by().aggregate(
            n=Count("pk"), quantity=Sum("quantity_milli"), cost=Sum("cost_fen"), valued=Count(net), net=Sum(net)
        )
        for index, value in enumerate(sums.values()):
            found[index] += int(value or 0)
    return Totals(*found)


def every_row(filter: RegisterFilter, actor: Actor, sort: str = DEFAULT_SORT, chunk: int = 5000) -> Iterator[list[Row]]:  # noqa: A002
    """All filtered rows, chunk by chunk, for exports: memory holds one chunk."""
    place: Place | None = None
    found = count(filter, actor, cap=FEW)
    while True:
        page = rows(filter, actor, sort, after=place, limit=chunk, of=found)
        if page.rows:
            yield page.rows
        if page.next is None:
            return
        place = page.next


def rows_of(ids: Sequence[int], actor: Actor) -> list[Row]:
    """The rows of chosen cards that the actor may see, by number of the card."""
    cards = Asset.objects.filter(visible_to(actor), pk__in=list(ids)[:1000]).order_by("code")
    return [Row._make(values) for values in cards.values_list("id", *COLUMNS)]


def rows_by_site(filter: RegisterFilter, actor: Actor, most: int) -> list[Row]:  # noqa: A002
    """All filtered rows ordered by site and number, at most `most` plus one: for the printed form."""
    found: list[Row] = []
    for chunk in every_row(filter, actor):
        found += chunk
        if len(found) > most:
            break
    sites = names_by_key({row.site_id for row in found if row.site_id is not None}, set(), set()).sites
    found.sort(
        key=lambda row: (
            row.division_code,
            sites.get(row.site_id, "") if row.site_id else "",
            row.site_id or 0,
            row.code,
        )
    )
    return found


class Names(NamedTuple):
    """Names that rows refer to: sites, parties, and divisions by code (town and village as one text)."""

    sites: dict[int, str]
    parties: dict[int, str]
    divisions: dict[str, str]


def names_of(found: Iterable[Row]) -> Names:
    """The names of one page's rows: three statements whatever its length."""
    found = list(found)
    return names_by_key(
        {row.site_id for row in found if row.site_id is not None},
        {
            key
            for row in found
            for key in (row.owner_id, row.user_id, row.operator_id, row.keeper_id)
            if key is not None
        },
        {row.division_code for row in found if row.division_code},
    )


def names_by_key(sites: set[int], parties: set[int], codes: set[str]) -> Names:
    """Names of sites, parties and divisions by their keys."""
    names = _in_parts(Division.objects, "code", codes | {code[:9] + "000" for code in codes})
    divisions = {}
    for code in codes:
        full = code.ljust(12, "0")
        town, own = names.get(full[:9] + "000", ""), names.get(full, "")
        divisions[code] = own if full.endswith("000") else f"{town}{own}"
    return Names(_in_parts(Site.objects, "pk", sites), _in_parts(Party.objects, "pk", parties), divisions)


def _in_parts(manager: Any, key: str, keys: Iterable[Any]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    iterator = iter(sorted(keys))
    while part := list(islice(iterator, 500)):
        found.update(manager.filter(**{f"{key}__in": part}).values_list(key, "name"))
    return found
