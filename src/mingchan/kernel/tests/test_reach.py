"""What lies inside somebody's divisions: the county by its code, a town by its prefix, nothing without a right."""

import pytest
from django.db.models import Q

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor, Grant

COUNTY = "140932"


def actor(*grants: tuple[str, str], party: int | None = None) -> Actor:
    held = tuple(Grant("clerk", scope, frozenset({right}), party) for right, scope in grants)
    return Actor(1, "贾云", COUNTY, held)


@pytest.mark.parametrize(("scope", "is_everywhere"), [("", True), ("1409", True), (COUNTY, True), ("140932101", False)])
def test_a_right_is_held_everywhere_from_the_county_upwards(scope: str, is_everywhere: bool) -> None:
    assert actor(("thing.view", scope)).everywhere("thing.view") is is_everywhere
    assert not actor(("thing.view", scope)).everywhere("thing.change")


def test_a_right_for_one_party_reaches_no_division() -> None:
    assert not actor(("thing.view", COUNTY), party=7).everywhere("thing.view")


def test_the_whole_county_asks_for_no_division() -> None:
    assert reach.inside(actor(("thing.view", COUNTY)), "thing.view") == Q(county=COUNTY)


def test_towns_are_reached_by_prefix_in_any_of_the_fields() -> None:
    towns = actor(("thing.view", "140932102"), ("thing.check", "140932101"))
    inside = reach.inside(towns, "thing.view", "thing.check", fields=("from_division", "to_division"))
    assert inside == Q(county=COUNTY) & (
        Q(pk__in=[])
        | Q(from_division__startswith="140932101")
        | Q(to_division__startswith="140932101")
        | Q(from_division__startswith="140932102")
        | Q(to_division__startswith="140932102")
    )


def test_without_the_right_nothing_is_reached() -> None:
    assert reach.inside(actor(("thing.view", COUNTY)), "thing.change") == Q(county=COUNTY) & Q(pk__in=[])
