"""The pages of the books: what they show, to whom, and that text from a workbook stays text."""

import io
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from mingchan.foundation.directory.models import Account as Login
from mingchan.foundation.directory.models import Grant
from mingchan.foundation.ledger import services
from mingchan.foundation.ledger.models import Book, Period, Voucher
from mingchan.foundation.ledger.services import periods
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor

MONTHS = {"month_from": "2020-01", "month_to": "2020-12"}


@pytest.fixture(autouse=True)
def _spring_2020() -> object:
    with time_machine.travel("2020-04-15T02:00:00Z", tick=False):
        yield


def client_of(actor: Actor, role: str = "accountant", scope: str = "140932") -> Client:
    login = Login.objects.get(pk=actor.account_id)
    Login.objects.filter(pk=login.pk).update(must_change_password=False, password_set_on=date(2020, 4, 1))
    Grant.objects.create(account=login, role=role, scope=scope, valid_from=date(2020, 1, 1), basis="任命", given_by="")
    client = Client()
    client.force_login(login)
    return client


@pytest.fixture
def client(book: Book, actor: Actor) -> Client:
    """A browser in which the county's accountant is logged in."""
    return client_of(actor)


@pytest.fixture
def voucher(book: Book, actor: Actor) -> Voucher:
    """Computers for 4,800.00 yuan."""
    return factories.posted(book, actor)


def text(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"ledger:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_the_books_lead_to_their_balances(client: Client, voucher: Voucher) -> None:
    page = text(client, "books")
    assert "偏关县工业和信息化局" in page
    assert "4,800.00" in page
    assert f"?book={voucher.book_id}" in page


def test_the_trial_balance_shows_every_account_that_moved(client: Client, voucher: Voucher) -> None:
    for query in ({"book": voucher.book_id}, {}):
        page = text(client, "trial_balance", **query)
        assert "试算平衡" in page
        assert "通用设备" in page
        assert page.count("4,800.00") >= 4
    assert "1001" not in text(client, "trial_balance", book=voucher.book_id)


def test_a_voucher_is_shown_as_it_is_printed(client: Client, voucher: Voucher) -> None:
    page = text(client, "voucher", voucher.pk)
    for words in (
        "记-202003-0001",
        "人民币肆仟捌佰元整",
        "固定资产—通用设备",
        "财政拨款收入",
        "借方",
        "贷方",
        "李会计",
    ):
        assert words in page


def test_a_reversed_voucher_and_its_reversal_name_each_other(client: Client, voucher: Voucher, actor: Actor) -> None:
    red = services.reverse(voucher.pk, "错记", actor=actor, on=date(2020, 4, 1))
    assert reverse("ledger:voucher", args=[red.pk]) in text(client, "voucher", voucher.pk)
    page = text(client, "voucher", red.pk)
    assert reverse("ledger:voucher", args=[voucher.pk]) in page
    assert "负人民币肆仟捌佰元整" in page
    assert "-4,800.00" in page
    listed = text(client, "vouchers")
    assert "红字冲销" in listed
    assert "已冲销" in listed


def test_a_long_voucher_is_summed_by_account_and_paged(client: Client, book: Book, actor: Actor) -> None:
    lines = [("160102", 1, 0)] * 150 + [("4001", 0, 150)]
    long = factories.posted(book, actor, key="long", lines=lines)
    page = text(client, "voucher", long.pk)
    assert "科目汇总" in page
    assert "after=100" in page
    assert "财政拨款收入" in text(client, "voucher", long.pk, after=100)


def test_the_ledgers_of_an_account(client: Client, voucher: Voucher) -> None:
    general = text(client, "general_ledger", voucher.book_id, "1601", **MONTHS)
    assert "160102 通用设备" in general
    assert "4,800.00" in general
    lines = text(client, "subsidiary_ledger", voucher.book_id, "160102", **MONTHS)
    assert voucher.label in lines
    assert client.get(reverse("ledger:subsidiary_ledger", args=[voucher.book_id, "1601"])).status_code == 404
    assert client.get(reverse("ledger:general_ledger", args=[voucher.book_id, "9999"])).status_code == 404
    assert "偏关县工业和信息化局" in text(client, "account_by_book", "160102", **MONTHS)


def test_amounts_follow_the_unit_switch(client: Client, voucher: Voucher) -> None:
    client.cookies["money_unit"] = "wan"
    page = text(client, "trial_balance")
    assert "0.48" in page
    assert "4,800.00" not in page


def test_the_workbook_holds_the_same_figures_and_only_text_as_text(client: Client, book: Book, actor: Actor) -> None:
    Book.objects.filter(pk=book.pk).update(name="=1+1")
    factories.posted(book, actor)
    answer = client.get(reverse("ledger:trial_balance_workbook"), {"book": book.pk} | MONTHS)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "科目余额表（=1+1）"
    assert ["160102", "　通用设备", 0.0, 0.0, 4800.0, 0.0, 4800.0, 0.0] in rows
    assert rows[-1][0] == "合计"
    assert rows[-1][4] == rows[-1][5] == 4800.0


def test_the_journal_is_text(client: Client, voucher: Voucher) -> None:
    answer = client.get(reverse("ledger:journal"), {"book": voucher.book_id})
    content = b"".join(answer.streaming_content).decode()
    assert "4800.00 CNY" in content
    assert "attachment" in answer["Content-Disposition"]


def test_markup_in_a_summary_is_inert(client: Client, book: Book, actor: Actor) -> None:
    bad = factories.posted(book, actor, summary="<script>alert(1)</script>")
    for page in (text(client, "voucher", bad.pk), text(client, "vouchers")):
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_months_are_closed_from_the_checklist_and_opened_by_a_case(
    client: Client, voucher: Voucher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        periods, "_procedure", [lambda period, reason, _actor, _on: asked.append((period, reason)) or "/"]
    )
    book_id = voucher.book_id
    page = text(client, "closing", book_id)
    assert "2020年3月结账检查" in page
    assert "未通过" not in page
    assert client.post(reverse("ledger:close", args=[book_id]), {"month": "2020-04"}).status_code == 302
    assert Period.objects.count() == 2
    assert "申请反结账" in text(client, "periods", book_id)
    assert client.post(reverse("ledger:reopen", args=[book_id]), {"month": "202003", "reason": ""}).status_code == 409
    done = client.post(reverse("ledger:reopen", args=[book_id]), {"month": "202003", "reason": "补记"})
    assert done.status_code == 302
    assert [(period.month, reason) for period, reason in asked] == [(202003, "补记")]
    assert client.post(reverse("ledger:close", args=[book_id]), {"month": "sooner"}).status_code == 409


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_ledgers_are_exported_and_printed(client: Client, voucher: Voucher, form: str) -> None:
    begins = {"xlsx": b"PK", "pdf": b"%PDF"}[form]
    for name in ("general_ledger_export", "lines_export"):
        answer = client.get(reverse(f"ledger:{name}", args=[voucher.book_id, "160102", form]))
        assert b"".join(answer).startswith(begins)
    assert b"".join(client.get(reverse("ledger:trial_balance_paper"))).startswith(b"%PDF")


ADDRESSES = [
    ("books", lambda _v: []),
    ("trial_balance", lambda _v: []),
    ("trial_balance_workbook", lambda _v: []),
    ("account_by_book", lambda _v: ["160102"]),
    ("vouchers", lambda _v: []),
    ("voucher", lambda v: [v.pk]),
    ("journal", lambda _v: []),
    ("general_ledger", lambda v: [v.book_id, "160102"]),
    ("subsidiary_ledger", lambda v: [v.book_id, "160102"]),
    ("periods", lambda v: [v.book_id]),
]


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_another_county_sees_nothing_of_these_books(voucher: Voucher, name: str, arguments: object) -> None:
    stranger = client_of(factories.accountant("外县会计", "140931"), scope="140931")
    arguments = arguments(voucher)  # type: ignore[operator]
    answer = stranger.get(reverse(f"ledger:{name}", args=arguments), MONTHS)
    names_a_thing = arguments and arguments != ["160102"]
    assert answer.status_code == (404 if names_a_thing else 200)
    body = b"".join(answer) if answer.streaming else answer.content
    assert "工业和信息化局" not in body.decode(errors="ignore")
    assert "购置站点电脑" not in body.decode(errors="ignore")


def test_a_book_named_in_the_query_is_checked_too(voucher: Voucher) -> None:
    stranger = client_of(factories.accountant("外县会计", "140931"), scope="140931")
    for name in ("trial_balance", "trial_balance_workbook", "journal"):
        assert stranger.get(reverse(f"ledger:{name}"), {"book": voucher.book_id}).status_code == 404
    assert stranger.get(reverse("ledger:vouchers"), {"book": voucher.book_id}).status_code == 200
    for name in ("close", "reopen"):
        answer = stranger.post(reverse(f"ledger:{name}", args=[voucher.book_id]), {"month": "2020-03", "reason": "x"})
        assert answer.status_code == 404


def test_without_the_right_the_pages_are_closed(voucher: Voucher) -> None:
    keeper = client_of(factories.accountant("村管护人"), role="village_keeper")
    assert keeper.get(reverse("ledger:books")).status_code == 403
    reader = client_of(factories.accountant("审计员"), role="audit")
    assert reader.get(reverse("ledger:books")).status_code == 200
    assert reader.post(reverse("ledger:close", args=[voucher.book_id]), {"month": "2020-03"}).status_code == 403


def test_what_cannot_be_read_in_a_query_is_ignored(client: Client, voucher: Voucher) -> None:
    text(client, "vouchers", book="x", month_from="2020-13", after="zz", kind="?", state="?")
    for beyond in ("99999999999999999999", "-1"):
        text(client, "vouchers", book=beyond, after=beyond)
        text(client, "trial_balance", book=beyond)
    text(client, "trial_balance", book="-1", month_from="soon")
    text(client, "subsidiary_ledger", voucher.book_id, "160102", after="1.x")
