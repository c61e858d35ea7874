"""The declared queries of the list (登记的查询): a check explains each and lets none walk through the whole table."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from mingchan.kernel.actor import Actor, Grant
from mingchan.register.assets.queries.filtering import RegisterFilter, bases
from mingchan.register.assets.queries.listing import SORTS, Place, window_querysets

TOWN = "101"


def _viewer(county: str, scope: str, party: int | None = None) -> Actor:
    return Actor(None, "", county, (Grant("viewer", scope, frozenset({"asset.view"}), party),))


def declared_filters(county: str) -> dict[str, RegisterFilter]:
    """Every kind of filter the list must answer from an index, by a name."""
    return {
        "town": RegisterFilter(division=f"{county}{TOWN}000"),
        "village": RegisterFilter(division=f"{county}{TOWN}201"),
        "town and class": RegisterFilter(division=f"{county}{TOWN}000", class_prefix="A0201"),
        "class": RegisterFilter(class_prefix="A0201"),
        "owner": RegisterFilter(owner=1),
        "user": RegisterFilter(user=1),
        "operator": RegisterFilter(operator=1),
        "keeper": RegisterFilter(keeper=1),
        "site": RegisterFilter(site=1),
        "idle": RegisterFilter(problem="IDLE"),
        "damaged": RegisterFilter(problem="DAMAGED"),
        "no keeper": RegisterFilter(problem="NO_KEEPER"),
        "no owner": RegisterFilter(problem="NO_OWNER"),
        "no user": RegisterFilter(problem="NO_USER"),
        "no income right": RegisterFilter(problem="NO_INCOME"),
        "no supervision": RegisterFilter(problem="NO_SUPERVISION"),
        "holder of income": RegisterFilter(right="INCOME", holder=1),
        "supervisor": RegisterFilter(right="SUPERVISION", holder=1),
        "shares short": RegisterFilter(right="OPERATION", cover="PARTIAL"),
        "no class": RegisterFilter(problem="NO_CLASS"),
        "no date": RegisterFilter(problem="NO_DATE"),
        "value": RegisterFilter(cost_from=10_000_000),
        "dates": RegisterFilter(acquired_from="2019-06-01", acquired_to="2019-06-30"),  # type: ignore[arg-type]
        "batch": RegisterFilter(source="batch:1"),
        "two characters": RegisterFilter(text="冷库"),
        "initials": RegisterFilter(text="bgdn"),
        "three words": RegisterFilter(text="冷库 王伟 新关"),
        "number": RegisterFilter(text=f"{county}-2018-000500"),
    }


def declared_queries(county: str) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Every shape of list query that must be answered from an index: a name and the queryset as the list asks it."""
    whole = _viewer(county, county)
    place = {
        "code": Place(f"{county}-2018-000500", 500),
        "cost_fen": Place("100000", 500),
        "acquired_on": Place("2019-01-01", 5),
    }
    for word, sort in SORTS.items():
        for cards in bases(RegisterFilter(), whole):
            for part, rows in enumerate(window_querysets(cards, sort, None, 51, back=False)):
                yield f"first page by {word}, part {part}", rows
            for part, rows in enumerate(window_querysets(cards, sort, place[sort.column], 51, back=False)):
                yield f"next page by {word}, part {part}", rows
            for part, rows in enumerate(window_querysets(cards, sort, place[sort.column], 51, back=True)):
                yield f"previous page by {word}, part {part}", rows
    for name, asked in declared_filters(county).items():
        for cards in bases(asked, whole, in_order=True):
            yield f"{name}, by code", window_querysets(cards, SORTS["code"], None, 51, back=False)[0]
            yield f"{name}, by cost", window_querysets(cards, SORTS["-cost"], None, 51, back=False)[0]
        for cards in bases(asked, whole):
            yield f"{name}, counted", cards.order_by().values("pk")[:10_001]
    for cards in bases(RegisterFilter(), _viewer(county, county, 1)):
        yield "an operator's own", window_querysets(cards, SORTS["code"], None, 51, back=False)[0]
    for cards in bases(RegisterFilter(), _viewer(county, f"{county}{TOWN}")):
        yield "a town's own", window_querysets(cards, SORTS["code"], None, 51, back=False)[0]
