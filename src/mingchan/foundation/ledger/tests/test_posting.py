"""Posting: numbers, idempotency, refusals, month balances and the trace."""

from datetime import date

import pytest

from mingchan.foundation.evidence.models import Detail, Record
from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.drafts import LineDraft
from mingchan.foundation.ledger.models import Account, Book, Line, MonthBalance, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal


def test_a_posted_voucher_is_sealed_and_its_lines_sum_to_its_total(book: Book, actor: Actor) -> None:
    voucher = factories.posted(book, actor)
    voucher.refresh_from_db()
    assert (voucher.sealed, voucher.line_count, voucher.total_fen, voucher.label) == (1, 2, 480_000, "记-202003-0001")
    assert sum(voucher.lines.values_list("debit_fen", flat=True)) == 480_000


def test_numbers_run_from_one_in_each_month(book: Book, actor: Actor) -> None:
    days = [date(2020, 3, 5), date(2020, 3, 1), date(2020, 4, 1), date(2020, 3, 9)]
    labels = [factories.posted(book, actor, key=f"k{i}", day=day).label for i, day in enumerate(days)]
    assert labels == ["记-202003-0001", "记-202003-0002", "记-202004-0001", "记-202003-0003"]


def test_the_same_key_answers_the_same_voucher_and_books_nothing_twice(book: Book, actor: Actor) -> None:
    first = factories.posted(book, actor)
    records = Record.objects.count()
    assert [factories.posted(book, actor).pk for _ in range(5)] == [first.pk] * 5
    assert (Voucher.objects.count(), Line.objects.count(), Record.objects.count()) == (1, 2, records)
    assert MonthBalance.objects.get(account__code="160102").debit_fen == 480_000


def test_a_key_used_for_another_content_is_refused(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    with pytest.raises(Refusal, match="业务号"):
        factories.posted(book, actor, lines=[("160102", 1, 0), ("4001", 0, 1)])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("160102", 5, 0), ("4001", 0, 6)], "相差 -1 分"),
        ([("160102", 5, 0)], "至少有两行"),
        ([("160102", 5, 0), ("9999", 0, 5)], "没有科目“9999”"),
        ([("1601", 5, 0), ("4001", 0, 5)], "1601 不是启用的末级科目"),
        ([("160102", -5, 0), ("4001", 0, -5)], "红字冲销凭证可以是负数"),
        ([("160102", 5, 5), ("4001", 0, 5)], "只有一方有金额"),
        ([("160102", 0, 0), ("4001", 0, 5)], "只有一方有金额"),
        ([("160102", 2**53 + 1, 0), ("4001", 0, 2**53 + 1)], "超出可记的范围"),
        ([("160102", 5.0, 0), ("4001", 0, 5)], "整数分"),
        ([("7101", 5, 0), ("4001", 0, 5)], "预算会计一侧借贷不平"),
    ],
)
def test_a_wrong_draft_is_refused_in_the_accountants_words(
    book: Book, actor: Actor, lines: list[tuple[str, int, int]], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        factories.posted(book, actor, lines=lines)
    assert not Voucher.objects.exists()
    assert not Line.objects.exists()


def test_budget_lines_balance_beside_the_financial_ones(book: Book, actor: Actor) -> None:
    lines = [("160102", 5, 0), ("4001", 0, 5), ("7101", 5, 0), ("6001", 0, 5)]
    assert factories.posted(book, actor, lines=lines).total_fen == 10


def test_an_unknown_role_is_named(book: Book, actor: Actor) -> None:
    draft = factories.draft(book)._replace(lines=[LineDraft("MOON", "", 1, 0), LineDraft("PROJECT_MONEY", "", 0, 1)])
    with pytest.raises(Refusal, match="MOON"):
        services.post(draft, actor=actor, on=factories.DAY)


def test_roles_find_the_accounts_of_the_books_system(book: Book, actor: Actor) -> None:
    lines = [LineDraft("ASSET_COST.GENERAL", "", 7, 0), LineDraft("PROJECT_MONEY", "", 0, 7)]
    voucher = services.post(factories.draft(book)._replace(lines=lines), actor=actor, on=factories.DAY)
    assert list(voucher.lines.order_by("line_no").values_list("account__code", flat=True)) == ["160102", "4001"]


def test_a_voucher_is_not_dated_after_the_day_it_is_posted(book: Book, actor: Actor) -> None:
    draft = factories.draft(book, day=date(2020, 4, 1))
    with pytest.raises(Refusal, match="不能晚于"):
        services.post(draft, actor=actor, on=date(2020, 3, 31))


def test_an_account_out_of_use_takes_no_lines(book: Book, actor: Actor) -> None:
    Account.objects.filter(book=book, code="4001").update(is_active=False)
    with pytest.raises(Refusal, match="4001 不是启用"):
        factories.posted(book, actor)


def test_without_a_posting_right_nothing_is_booked(book: Book) -> None:
    reader = factories.accountant("王阅览", rights=frozenset({"ledger.view"}))
    with pytest.raises(NotAllowed):
        factories.posted(book, reader)


def test_a_book_of_another_place_does_not_exist_for_the_accountant(book: Book) -> None:
    stranger = factories.accountant("外县会计", scope="140931")
    with pytest.raises(NotFound):
        factories.posted(book, stranger)
    assert not Voucher.objects.exists()


def test_who_may_register_assets_may_cause_their_entry(book: Book) -> None:
    clerk = factories.accountant("张经办", rights=frozenset({"asset.register"}))
    assert factories.posted(book, clerk).posted_by == "张经办"


def test_a_town_causes_the_entry_of_its_own_things_in_the_book_of_the_county(book: Book) -> None:
    town = factories.accountant("王登记", scope="140932101", rights=frozenset({"asset.register", "ledger.view"}))
    of_town = factories.draft(book)._replace(division=factories.TOWN)
    voucher = services.post(of_town, actor=town, on=factories.DAY)
    assert (voucher.posted_by, voucher.division_code) == ("王登记", factories.TOWN)
    assert services.ensure_book(book.owner_id, book.name, book.division_code, actor=town, on=factories.DAY) == book
    assert services.reverse(voucher.pk, "登记有误", actor=town, on=factories.DAY).reverses_id == voucher.pk
    assert not queries.visible_to(town).exists()
    for division in ("140932102000", "", "140932000000"):
        with pytest.raises(NotFound):
            services.post(of_town._replace(division=division, key=f"other {division}"), actor=town, on=factories.DAY)
    by_hand = factories.accountant("李记账", scope="140932101", rights=frozenset({"ledger.post"}))
    with pytest.raises(NotFound):
        services.post(of_town._replace(key="by hand"), actor=by_hand, on=factories.DAY)


def test_month_balances_equal_the_lines(book: Book, actor: Actor) -> None:
    for index in range(4):
        factories.posted(book, actor, key=f"k{index}", day=date(2020, 3 + index % 2, 9))
    assert MonthBalance.objects.count() == 4
    assert list(queries.faults()) == []


def test_every_voucher_leaves_one_record_with_its_whole_row(book: Book, actor: Actor) -> None:
    voucher = factories.posted(book, actor)
    record = Record.objects.get(obj=f"voucher:{voucher.pk}")
    body = bytes(Detail.objects.get(pk=record.detail_id).body).decode()
    assert voucher.lines_digest in body
    assert '"total_fen":480000' in body
    assert record.act == "ledger.voucher.posted"


def test_one_owner_has_one_book(book: Book, actor: Actor) -> None:
    again = services.ensure_book(book.owner_id, "别名", "140932000000", "GOVERNMENT", actor=actor, on=factories.DAY)
    assert again.pk == book.pk
    with pytest.raises(Refusal, match="只建一本账"):
        services.ensure_book(book.owner_id, "别名", "140932000000", "VILLAGE", actor=actor, on=factories.DAY)


def test_the_chart_and_its_roles_come_from_the_accounting_system(actor: Actor) -> None:
    village = factories.office("窑头村村民委员会", "140932101201", "VILLAGE_COMMITTEE")
    made = services.ensure_book(
        village.pk, village.name, village.division_code, "VILLAGE", actor=actor, on=factories.DAY
    )
    assert made.accounts.get(code="151").is_leaf is False
    assert made.roles.get(role="PROJECT_MONEY").account.code == "311"
