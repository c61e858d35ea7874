"""What income bills from: dues of contracts that took effect, by the day they are owed (2.4.2a)."""

from datetime import date

import pytest

from mingchan.lifecycle.operation import queries
from mingchan.lifecycle.operation.models import Charge
from mingchan.lifecycle.operation.tests import factories

pytestmark = pytest.mark.django_db


def test_dues_by_a_day() -> None:
    made = factories.contract()
    found = queries.dues(county=factories.COUNTY, until=date(2020, 10, 11))
    assert [(due.contract_id, due.key, due.kind, due.due_on, due.fen) for due in found] == [
        (made.pk, "DEPOSIT", "DEPOSIT", date(2020, 7, 1), 200_000),
        (made.pk, "RENT-20200701", "RENT", date(2020, 7, 11), 300_000),
        (made.pk, "RENT-20201001", "RENT", date(2020, 10, 11), 300_000),
    ]


def test_dropped_charges_and_other_counties_owe_nothing() -> None:
    made = factories.contract(deposit_fen=0)
    Charge.objects.filter(key="RENT-20200701").update(dropped_on=date(2020, 7, 2))
    found = queries.dues(county=factories.COUNTY, until=date(2020, 12, 31))
    assert [(due.contract_id, due.key) for due in found] == [(made.pk, "RENT-20201001")]
    assert queries.dues(county=factories.COUNTY, contract_ids=[made.pk + 1], until=date(2023, 1, 1)) == []
    assert queries.dues(county="140900", until=date(2023, 1, 1)) == []
