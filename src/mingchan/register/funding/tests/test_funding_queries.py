"""Reading project money: filters, pages by key, sums, and who sees what."""

from datetime import date

import pytest

from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.register.funding import queries, services
from mingchan.register.funding.queries import FundFilter
from mingchan.register.funding.tests.factories import ON, actor, appropriation, bureau, fund_use, training

pytestmark = pytest.mark.django_db

TOWN = "140932101000"


@pytest.fixture
def money():
    who = actor()
    services.record_appropriations([appropriation()], source=Ref("batch", 1), actor=who, on=ON)
    drafts = [
        fund_use(paid_on=date(2018, 12, 4), year=2018),
        fund_use(paid_on=None, item="无日期的采购", paid_fen=7, asset_fen=7),
        fund_use(division_code=TOWN, line="乡镇村级站点", item="站点采购", paid_fen=100, asset_fen=60, expense_fen=40),
        training(),
        fund_use(payee="", document="", paid_fen=5, asset_fen=5),
    ]
    services.record_fund_uses(drafts, source=Ref("batch", 1), actor=who, on=ON, spender_id=bureau().pk)
    return who


@pytest.mark.parametrize(
    ("given", "count", "paid"),
    [
        ({}, 5, 153_713_712),
        ({"funding": "central"}, 5, 153_713_712),
        ({"funding": "county"}, 0, 0),
        ({"document": ""}, 1, 5),
        ({"year": "2018"}, 1, 28_713_600),
        ({"paid_year": "2019"}, 3, 125_000_105),
        ({"paid_year": "0"}, 1, 7),
        ({"part": "expense"}, 2, 125_000_100),
        ({"problem": "NO_PAYEE"}, 1, 5),
        ({"problem": "NO_DATE"}, 1, 7),
        ({"problem": "NO_APPROPRIATION"}, 1, 5),
        ({"q": "培训"}, 1, 125_000_000),
        ({"year": "20a", "line": "-1", "part": "all"}, 5, 153_713_712),
    ],
)
def test_a_filter_gives_the_same_payments_to_the_list_and_to_the_sums(money, given, count, paid):
    filtered = FundFilter.read(given)
    totals = queries.totals(filtered, money)
    rows = queries.use_rows(filtered, money).rows
    assert (totals.count, totals.paid_fen) == (count, paid) == (len(rows), sum(row.paid_fen for row in rows))
    assert totals.paid_fen == totals.asset_fen + totals.expense_fen
    assert FundFilter.read(filtered.parameters()) == filtered


@pytest.mark.parametrize("sort", ["id", "-id", "paid_on", "-paid_on", "paid_fen", "-paid_fen"])
def test_pages_by_key_show_every_payment_once_in_order(money, sort):
    seen, after = [], None
    for _page in range(9):
        found = queries.use_rows(FundFilter(), money, sort=sort, after=after, limit=2)
        seen += found.rows
        after = found.following
        if after is None:
            break
    whole = queries.use_rows(FundFilter(), money, sort=sort).rows
    assert seen == whole
    assert len(seen) == 5
    field = sort.lstrip("-")
    values = [getattr(row, field) for row in seen if getattr(row, field) is not None]
    assert values == sorted(values, reverse=sort.startswith("-"))


@pytest.mark.parametrize("after", ["x", "~", "2019-99-99~3", "９~1"])
def test_a_broken_cursor_gives_the_first_page(money, after):
    assert len(queries.use_rows(FundFilter(), money, sort="paid_on", after=after).rows) == 5


def test_a_town_sees_its_own_payments_only(money):
    town = actor("funding.view", scope="140932101")
    assert [row.item for row in queries.use_rows(FundFilter(), town).rows] == ["站点采购"]
    assert queries.received_total(town) == 0
    county_row = queries.use_rows(FundFilter(), money).rows[0]
    with pytest.raises(NotFound):
        queries.fund_use(county_row.id, town)
    assert queries.fund_use(county_row.id, money).paid_fen == 28_713_600


def test_an_account_without_the_right_sees_nothing(money):
    stranger = actor("asset.view")
    assert queries.totals(FundFilter(), stranger).count == 0
    assert queries.reconciliation(stranger) == []


def test_another_county_sees_nothing(money):
    other = actor()
    other = type(other)(None, "邻县", "140931", other.grants)
    assert queries.totals(FundFilter(), other).count == 0


def test_each_document_is_reconciled_and_what_has_no_money_is_named(money):
    rows = {row.document: row for row in queries.reconciliation(money)}
    nameless = rows.pop("")
    assert (nameless.unfunded, nameless.spent_fen, nameless.agrees) == (True, 5, False)
    (row,) = rows.values()
    assert row.received_fen == 1_500_000_000 == row.spent_fen + row.left_fen
    assert row.spent_fen == row.asset_fen + row.expense_fen == 153_713_707
    assert row.agrees


def test_sums_by_source_line_and_year_are_one_total_cut_in_three_ways(money):
    total = queries.totals(FundFilter(), money).paid_fen
    cuts = (
        queries.sums_by_source(money),
        queries.sums_by_line(money),
        queries.sums_by_paid_year(money),
        queries.sums_by_project_year(money),
    )
    assert [sum(row.paid_fen for row in cut) for cut in cuts] == [total] * 4
    assert [row.label for row in queries.sums_by_paid_year(money)] == ["0", "2018", "2019"]
    assert {(row.name, row.system, row.asset_fen) for row in queries.line_sums(money)} >= {
        ("人才培训与服务", "", 0),
        ("乡镇村级站点", "PUBLIC_SERVICE", 60),
    }


def test_appropriations_come_by_key(money):
    services.record_appropriations(
        [appropriation(amount_fen=n) for n in range(3)], source=Ref("batch", 2), actor=money, on=ON
    )
    first, after = queries.appropriation_rows(money, limit=3)
    rest, end = queries.appropriation_rows(money, after=after, limit=3)
    assert [row.amount_fen for row in (*first, *rest)] == [1_500_000_000, 0, 1, 2]
    assert end is None
    with pytest.raises(NotFound):
        queries.appropriation(first[0].pk, actor("funding.view", scope="140932101"))
