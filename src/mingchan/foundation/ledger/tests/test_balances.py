"""Trial balance, general and subsidiary ledgers, as an accountant would check them by hand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.models import Book
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref

ON = date(2020, 12, 31)


@pytest.fixture
def spring(book: Book, actor: Actor) -> Book:
    """Four facts: computers for 4,800.00 in March; a house for 128,000.00 and a van for 86,500.50 in April, of which
    6,500.50 are still owed; the first month's depreciation of 66.67 in April."""
    for key, day, lines in (
        ("pc", date(2020, 3, 10), [("160102", 480_000, 0), ("4001", 0, 480_000)]),
        ("house", date(2020, 4, 1), [("160101", 12_800_000, 0), ("4001", 0, 12_800_000)]),
        ("van", date(2020, 4, 8), [("160102", 8_650_050, 0), ("4001", 0, 8_000_000), ("2302", 0, 650_050)]),
        ("depreciation", date(2020, 4, 30), [("5001", 6_667, 0), ("160202", 0, 6_667)]),
    ):
        factories.posted(book, actor, key=key, day=day, lines=lines, summary=key, subject=f"asset:{key}")
    return book


def table(found: queries.TrialBalance) -> list[str]:
    """Rows as text: code, name, opening debit/credit, moved debit/credit, closing debit/credit, in yuan."""
    rows = []
    for row in found.rows:
        if not row.is_empty:
            fen = (*row.opening, row.debit_fen, row.credit_fen, *row.closing)
            rows.append(" ".join(["·" * row.level + row.code, row.name, *(format_yuan(each) for each in fen)]))
    return rows


def test_the_trial_balance_of_april(spring: Book) -> None:
    found = queries.trial_balance([spring.pk], 202004, 202004)
    assert table(found) == [
        "1601 固定资产 4,800.00 0.00 214,500.50 0.00 219,300.50 0.00",
        "·160101 房屋及构筑物 0.00 0.00 128,000.00 0.00 128,000.00 0.00",
        "·160102 通用设备 4,800.00 0.00 86,500.50 0.00 91,300.50 0.00",
        "1602 固定资产累计折旧 0.00 0.00 0.00 66.67 0.00 66.67",
        "·160202 通用设备 0.00 0.00 0.00 66.67 0.00 66.67",
        "2302 应付账款 0.00 0.00 0.00 6,500.50 0.00 6,500.50",
        "4001 财政拨款收入 0.00 4,800.00 0.00 208,000.00 0.00 212,800.00",
        "5001 业务活动费用 0.00 0.00 66.67 0.00 66.67 0.00",
    ]
    assert found.parts == [whole := found.financial]
    assert [tuple(map(format_yuan, pair)) for pair in (whole.opening, whole.moved, whole.closing)] == [
        ("4,800.00", "4,800.00"),
        ("214,567.17", "214,567.17"),
        ("219,367.17", "219,367.17"),
    ]
    assert found.balances


def test_the_opening_of_a_month_is_the_closing_of_the_one_before(spring: Book) -> None:
    march = {row.code: row.closing_fen for row in queries.trial_balance([spring.pk], 202001, 202003).rows}
    april = {row.code: row.opening_fen for row in queries.trial_balance([spring.pk], 202004, 202012).rows}
    assert march == april


def test_several_books_add_up_by_code_and_a_code_comes_apart_by_book(spring: Book, actor: Actor) -> None:
    other = factories.bureau_book(actor, name="偏关县商务局")
    factories.posted(other, actor, key="other", day=date(2020, 4, 2), lines=[("160102", 100, 0), ("4001", 0, 100)])
    both = queries.trial_balance(queries.visible_to(actor), 202001, 202012)
    assert next(row.closing_fen for row in both.rows if row.code == "160102") == 9_130_150
    apart = queries.account_by_book(queries.visible_to(actor), "160102", 202004, 202012)
    assert [(each.book_name, each.row.opening_fen, each.row.debit_fen) for each in apart] == [
        ("偏关县工业和信息化局", 480_000, 8_650_050),
        ("偏关县商务局", 0, 100),
    ]


def test_the_general_ledger_by_month_carries_its_balance(spring: Book) -> None:
    ledger = queries.general_ledger(queries.account(spring, "1601"), 202004, 202012)
    assert (ledger.opening_fen, ledger.closing_fen) == (480_000, 21_930_050)
    whole = queries.general_ledger(queries.account(spring, "1601"), 202001, 202012)
    assert [(row.month, row.debit_fen, row.balance_fen) for row in whole.rows] == [
        (202003, 480_000, 480_000),
        (202004, 21_450_050, 21_930_050),
    ]


def test_the_subsidiary_ledger_runs_on_over_pages(spring: Book, actor: Actor) -> None:
    for index in range(5):
        factories.posted(
            spring, actor, key=f"late {index}", day=date(2020, 3, 20), lines=[("160102", 1, 0), ("4001", 0, 1)]
        )
    account = queries.account(spring, "160102")
    whole = queries.account_ledger(account, 202001, 202012)
    assert [line.balance_fen for line in whole.rows] == [
        480_000, 480_001, 480_002, 480_003, 480_004, 480_005, 9_130_055,
    ]  # fmt: skip
    pieces, after = [], ""
    while True:
        page = queries.account_ledger(account, 202001, 202012, after=after, limit=2)
        assert page.opening_fen == (pieces[-1].balance_fen if pieces else 0)
        pieces += page.rows
        if page.following is None:
            break
        after = page.following
    assert pieces == whole.rows


def test_the_balance_sheet_roles_and_subjects_agree_with_the_lines(spring: Book, actor: Actor) -> None:
    assert queries.balance_of_role("ASSET_COST") == 21_930_050
    assert queries.balance_of_role("ASSET_COST.BUILDING") == 12_800_000
    assert dict(queries.balances_by_subject_sum("ASSET_COST")) == {
        "asset:pc": 480_000,
        "asset:house": 12_800_000,
        "asset:van": 8_650_050,
    }
    assert [line.credit_fen for line in queries.lines_of_subject(Ref("asset", "van"))] == [0, 8_000_000, 650_050]


def test_a_reversed_object_has_no_balance_left(spring: Book, actor: Actor) -> None:
    van = next(line.voucher for line in queries.lines_of_subject("asset:van"))
    services.reverse(van.pk, "退货", actor=actor, on=ON)
    assert "asset:van" not in dict(queries.balances_by_subject_sum("ASSET_COST"))
    assert queries.trial_balance([spring.pk], 202001, 202012).balances


def test_books_are_seen_by_scope_only(spring: Book, actor: Actor) -> None:
    town = factories.office("窑头乡人民政府", "140932201000", "TOWN_GOVERNMENT")
    services.ensure_book(town.pk, town.name, town.division_code, actor=actor, on=ON)
    names = {
        scope: set(queries.visible_to(factories.accountant(f"会计{scope}", scope)).values_list("name", flat=True))
        for scope in ("1409", "140932", "140932201", "140932202", "140931")
    }
    both = {spring.name, town.name}
    assert names == {"1409": both, "140932": both, "140932201": {town.name}, "140932202": set(), "140931": set()}
    with pytest.raises(NotFound):
        queries.book(factories.accountant("会计140931", "140931"), spring.pk)


def test_lists_take_the_same_number_of_queries_however_long(spring: Book, actor: Actor) -> None:
    def counted() -> list[int]:
        counts = []
        for ask in (
            lambda: queries.books(actor),
            lambda: [
                (v.book.name, getattr(v, "reversal", None))
                for v in queries.vouchers(queries.VoucherFilter(), actor).rows
            ],
            lambda: queries.account_ledger(queries.account(spring, "160102"), 202001, 202012),
            lambda: queries.trial_balance(queries.visible_to(actor), 202001, 202012),
            lambda: queries.months_of(spring, ON, spring_voucher.recorded_at),
        ):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                ask()
            counts.append(len(captured))
        return counts

    spring_voucher = queries.vouchers(queries.VoucherFilter(), actor).rows[0]
    before = counted()
    for index in range(6):
        owner = factories.bureau_book(actor, name=f"单位{index}")
        voucher = factories.posted(owner, actor, key=f"more {index}", day=date(2020, 5 + index, 1))
        services.reverse(voucher.pk, "错", actor=actor, on=ON)
        factories.posted(spring, actor, key=f"again {index}", day=date(2020, 5 + index, 1))
    assert counted() == before


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (queries.VoucherFilter(text="house"), ["house"]),
        (queries.VoucherFilter(month_to=202003), ["pc"]),
        (queries.VoucherFilter(subject="asset:van"), ["van"]),
        (queries.VoucherFilter(source="batch:1", month_from=202004), ["depreciation", "van", "house"]),
        (queries.VoucherFilter(state="red"), []),
        (queries.VoucherFilter(kind="JI", state="plain"), ["depreciation", "van", "house", "pc"]),
    ],
)
def test_vouchers_are_found_by_what_one_knows(
    spring: Book, actor: Actor, wanted: queries.VoucherFilter, keys: list[str]
) -> None:
    found = queries.vouchers(wanted, actor)
    assert [voucher.key for voucher in found.rows] == keys
    assert queries.totals(wanted, actor)[0] == len(keys)


def test_the_list_of_vouchers_goes_on_where_it_stopped(spring: Book, actor: Actor) -> None:
    first = queries.vouchers(queries.VoucherFilter(), actor, limit=3)
    rest = queries.vouchers(queries.VoucherFilter(), actor, after=first.following or "", limit=3)
    assert [voucher.key for voucher in first.rows + rest.rows] == ["depreciation", "van", "house", "pc"]
    assert rest.following is None
