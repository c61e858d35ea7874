"""Net values in SQL are the accountant's: straight line from the month of acquisition on, rounded half up."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import valuing


def _card(code, cost, life, acquired, six_class="GENERAL"):
    return Asset(
        county="140932",
        code=code,
        name="x",
        six_class=six_class,
        system="OTHER",
        tier="TOWN",
        quantity_milli=1000,
        cost_fen=cost,
        life_months=life,
        acquired_on=acquired,
        registered_on=date(2020, 1, 1),
        state_since=date(2020, 1, 1),
    )


def _net(on):
    return Asset.objects.annotate(net=valuing.net_value(on)).order_by("id").values_list("net", flat=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cost", "life", "acquired", "on", "net"),
    [
        (480_000, 72, date(2019, 6, 1), date(2020, 3, 15), 413_333),
        (480_000, 72, date(2019, 6, 1), date(2025, 4, 1), 6_667),
        (480_000, 72, date(2019, 6, 30), date(2025, 5, 31), 0),
        (480_000, 72, date(2019, 6, 1), date(2030, 1, 1), 0),
        (480_000, 72, date(2019, 6, 1), date(2019, 5, 31), 480_000),
        (359_900, 72, date(2018, 12, 1), date(2020, 12, 1), 234_935),
        (12_800_000, 96, date(2019, 1, 1), date(2020, 6, 1), 10_400_000),
        (120_000, 180, date(2019, 9, 1), date(2020, 12, 1), 109_333),
        (2**53, 180, date(2019, 9, 1), date(2020, 12, 1), 2**53 - (2**53 * 16 * 2 + 180) // 360),
        (480_000, None, date(2019, 6, 1), date(2020, 3, 15), None),
        (480_000, 72, None, date(2020, 3, 15), None),
        (480_000, 0, date(2019, 6, 1), date(2020, 3, 15), None),
    ],
)
def test_worked_examples(cost, life, acquired, on, net):
    _card("1", cost, life, acquired).save()
    assert list(_net(on)) == [net]


@pytest.mark.django_db
@pytest.mark.parametrize("six_class", ["RELIC", "BOOK"])
def test_relics_and_books_keep_their_cost(six_class):
    _card("1", 500, None, None, six_class).save()
    assert list(_net(date(2020, 3, 15))) == [500]


class TestAnyCard(TestCase):
    """Whatever the cost, life and month, SQL and whole-number arithmetic agree."""

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 2**53), st.integers(1, 600), st.integers(0, 700))
    def test_sql_equals_arithmetic(self, cost, life, months):
        year, month = divmod(2020 * 12 + 2 - months, 12)
        _card("1", cost, life, date(year, month + 1, 9)).save()
        charged = min(months + 1, life)
        assert list(_net(date(2020, 3, 15))) == [cost - (2 * cost * charged + life) // (2 * life)]
