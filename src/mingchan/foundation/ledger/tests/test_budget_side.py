"""The budget side (预算会计): a voucher of its own beside the financial one, undone with it, apart in reports."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Book, Voucher
from mingchan.foundation.ledger.queries import checks
from mingchan.foundation.ledger.tests import factories
from mingchan.foundation.ledger.views import workbook
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

LATER = date(2020, 4, 20)
BUDGET = (LineDraft("BUDGET_EXPENSE", debit_fen=700), LineDraft("BUDGET_FUNDS", credit_fen=700))


def paid(book: Book, key: str = "paid") -> VoucherDraft:
    """A payment of 7.00 from the bank."""
    return factories.draft(book, [("2307", 700, 0), ("1002", 0, 700)], key=key)._replace(budget=BUDGET)


def village(actor: Actor) -> Book:
    owner = factories.office("窑头村经济合作社", factories.TOWN, "COLLECTIVE")
    return services.ensure_book(owner.pk, owner.name, factories.TOWN, "VILLAGE", actor=actor, on=factories.DAY)


def test_a_payment_of_a_government_unit_has_a_voucher_on_each_side(book: Book, actor: Actor) -> None:
    voucher = services.post(paid(book), actor=actor, on=factories.DAY)
    beside = Voucher.objects.get(key="paid:budget")
    assert (voucher.total_fen, beside.total_fen, beside.day, beside.source) == (700, 700, voucher.day, voucher.source)
    assert list(beside.lines.order_by("line_no").values_list("account__code", "debit_fen", "credit_fen")) == [
        ("7101", 700, 0), ("8001", 0, 700),
    ]  # fmt: skip
    assert services.post(paid(book), actor=actor, on=factories.DAY).pk == voucher.pk
    assert Voucher.objects.count() == 2


def test_a_village_has_no_budget_side(actor: Actor) -> None:
    draft = paid(village(actor))._replace(lines=[LineDraft("", "202", 700), LineDraft("", "102", 0, 700)])
    services.post(draft, actor=actor, on=factories.DAY)
    assert Voucher.objects.count() == 1


def test_both_are_undone_together_and_once(book: Book, actor: Actor) -> None:
    voucher = services.post(paid(book), actor=actor, on=factories.DAY)
    services.reverse(voucher.pk, "记错", actor=actor, on=LATER)
    assert Voucher.objects.filter(reverses__isnull=False).count() == 2
    assert all(row.closing_fen == 0 for row in queries.trial_balance([book.pk], 202001, 202012).rows)
    with pytest.raises(Refusal, match="已由"):
        services.reverse(Voucher.objects.get(key="paid:budget").pk, "记错", actor=actor, on=LATER)


def test_a_budget_side_that_does_not_balance_takes_the_payment_with_it(book: Book, actor: Actor) -> None:
    wrong = paid(book)._replace(budget=(BUDGET[0], LineDraft("BUDGET_FUNDS", credit_fen=699)))
    with pytest.raises(Refusal, match="预算会计一侧"):
        services.post(wrong, actor=actor, on=factories.DAY)
    assert not Voucher.objects.exists()


def test_the_trial_balance_keeps_the_sides_apart(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    assert queries.trial_balance([book.pk], 202001, 202012).parts == [
        queries.trial_balance([book.pk], 202001, 202012).financial
    ]
    services.post(paid(book), actor=actor, on=factories.DAY)
    found = queries.trial_balance([book.pk], 202001, 202012)
    assert found.balances
    assert (found.financial.moved, found.budget.moved) == ((480_700, 480_700), (700, 700))
    assert [row.code for row in found.budget.rows if not row.is_empty] == ["7101", "8001"]
    assert not any(row.is_budget for row in found.financial.rows)
    assert not list(queries.faults())
    assert not checks.faults_of_month(book, 202003)


def test_the_workbook_has_a_total_for_each_side(book: Book, actor: Actor, tmp_path: Path) -> None:
    services.post(paid(book), actor=actor, on=factories.DAY)
    found = queries.trial_balance([book.pk], 202001, 202012)
    (tmp_path / "t.xlsx").write_bytes(workbook.trial_balance(found, "科目余额表", "2020 年"))
    rows = list(openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows(min_row=5, values_only=True))
    assert [row[0] for row in rows] == ["1002", "2307", "财务会计合计", "7101", "8001", "预算会计合计"]
    assert (rows[2][4], rows[5][4], rows[5][5]) == (7, 7, 7)


def test_the_page_shows_two_tables(sample_county: Any, log_in: Any) -> None:
    client = log_in("accountant")
    actor = factories.accountant()
    book = factories.bureau_book(actor, name="偏关县工业和信息化局（试）")
    services.post(paid(book), actor=actor, on=factories.DAY)
    page = client.get(reverse("ledger:trial_balance") + f"?book={book.pk}&month_from=2020-01&month_to=2020-12")
    text = page.content.decode()
    for words in ("财务会计", "预算会计", "行政支出", "资金结存", "试算平衡"):
        assert words in text, words
