"""Small worlds: what each check finds, what it leaves alone, and on which day it begins to find it."""

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from mingchan.lifecycle.income.tests import factories as income
from mingchan.lifecycle.operation.tests import factories as contracts
from mingchan.oversight.supervision import pack
from mingchan.oversight.supervision.checks import BY_CODE, Hit, Scope
from mingchan.register.assets.tests import factories as assets

pytestmark = pytest.mark.django_db
COUNTY, REGISTERED = assets.COUNTY, assets.DAY


def found(code: str, on: date, **bounds: Any) -> list[Hit]:
    """What a check finds on a day, with the pack's bounds but for those given."""
    given = MappingProxyType({**pack.specs()[code].bounds, **bounds})
    return list(BY_CODE[code].find(Scope(COUNTY, on, given)))


def _card(**changes: Any) -> int:
    assets.divisions()
    return assets.register([assets.draft(**changes)]).first_id


def _after(days: int) -> date:
    return REGISTERED + timedelta(days=days)


def _running() -> Any:
    return contracts.contract(contracts.cards(1, owner=contracts.bureau()))


def _idle() -> None:
    _card(condition="闲置")


def _damaged() -> None:
    _card(condition="损坏")


def _unowned() -> None:
    _card()


def _earning() -> None:
    _card(asset_type="INDUSTRY")


def _run_by_another() -> None:
    _card(operator=contracts.company(), owner=contracts.bureau(), acquired_on=REGISTERED)


def _served() -> None:
    _card(asset_type="PUBLIC_SERVICE")


def _due() -> None:
    income.contract()
    income.issue()


OVER: dict[str, tuple[Callable[[], Any], str, date]] = {
    "idle_asset": (_idle, "days", REGISTERED),
    "damaged_asset": (_damaged, "days", REGISTERED),
    "no_owner": (_unowned, "days", date(2020, 3, 10)),
    "no_income_holder": (_earning, "days", REGISTERED),
    "used_without_contract": (_run_by_another, "days", REGISTERED),
}
"""Checks that find what is older than a bound: the world, the bound, the day the fact began."""


@pytest.mark.parametrize("code", sorted(set(OVER) - {"no_owner"}))
@pytest.mark.parametrize("moved", [-1, 0, 1])
def test_a_fact_is_found_from_the_day_after_its_bound(code: str, moved: int) -> None:
    world, name, began = OVER[code]
    world()
    bound = int(pack.specs()[code].bounds[name]) + moved
    assert not found(code, began + timedelta(days=bound), **{name: bound})
    assert found(code, began + timedelta(days=bound + 1), **{name: bound})


@pytest.mark.parametrize("code", sorted(set(OVER) - {"no_owner"}))
def test_a_bound_moved_by_one_changes_the_verdict(code: str) -> None:
    world, name, began = OVER[code]
    world()
    bound = int(pack.specs()[code].bounds[name])
    edge = began + timedelta(days=bound)
    assert not found(code, edge)
    assert found(code, edge, **{name: bound - 1})
    assert not found(code, edge + timedelta(days=1), **{name: bound + 1})


@pytest.mark.parametrize(
    ("code", "world"),
    [("idle_asset", _damaged), ("damaged_asset", _idle), ("no_income_holder", _served)],
)
def test_another_fact_is_left_alone(code: str, world: Callable[[], Any]) -> None:
    world()
    assert not found(code, date(2022, 1, 1))


def test_a_card_without_an_owner_is_found_only_after_the_day_of_the_plan() -> None:
    _unowned()
    assert not found("no_owner", date(2020, 5, 15))
    assert found("no_owner", date(2020, 5, 16))


def test_a_card_without_a_keeper_is_found_the_same_day() -> None:
    _card()
    assert [hit.figures for hit in found("no_keeper", REGISTERED)] == [{"since_on": "2020-03-10"}]


def test_a_contract_is_warned_of_ninety_days_ahead_and_no_sooner() -> None:
    _running()
    last = date(2023, 6, 30)
    assert not found("contract_ends", last - timedelta(days=91))
    assert found("contract_ends", last - timedelta(days=90))
    assert found("contract_ends", last)
    assert not found("contract_ends", last + timedelta(days=1))


def test_a_contract_past_its_day_holds_things_until_they_are_returned() -> None:
    made = _running()
    assert not found("contract_expired", made.last_day)
    assert [hit.subject for hit in found("contract_expired", made.last_day + timedelta(days=1))] == [made.pk]


def test_rent_is_overdue_thirty_days_after_its_day() -> None:
    _due()
    due = min(hit.since for hit in found("rent_overdue", date(2021, 1, 1)))
    assert not found("rent_overdue", due + timedelta(days=30))
    assert found("rent_overdue", due + timedelta(days=31))


def test_every_check_runs_on_an_empty_county_and_finds_nothing() -> None:
    for code in BY_CODE:
        assert found(code, date(2026, 11, 24)) == [], code


def test_every_check_looks_at_a_past_day_and_at_one_asset() -> None:
    asset = _card()
    for code, check in BY_CODE.items():
        bounds = pack.specs()[code].bounds
        list(check.find(Scope(COUNTY, date(2020, 3, 11), bounds, past=True)))
        if check.by_asset:
            list(check.find(Scope(COUNTY, date(2026, 11, 24), bounds, asset=asset)))
