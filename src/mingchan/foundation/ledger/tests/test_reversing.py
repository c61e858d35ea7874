"""Reversal in red (红字冲销): nets to zero, names its original, happens once (I3, LED-06)."""

from datetime import date

import pytest

from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.models import Account, Book, Line, MonthBalance, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal


def test_a_reversal_nets_to_zero_with_its_original(book: Book, actor: Actor) -> None:
    original = factories.posted(book, actor)
    red = services.reverse(original.pk, "单价录错", actor=actor, on=date(2020, 4, 2))
    assert (red.reverses_id, red.total_fen, red.label) == (original.pk, -480_000, "记-202004-0001")
    mine = list(original.lines.order_by("line_no").values_list("account_id", "debit_fen", "credit_fen", "subject"))
    undone = list(red.lines.order_by("line_no").values_list("account_id", "debit_fen", "credit_fen", "subject"))
    assert undone == [(account, -debit, -credit, subject) for account, debit, credit, subject in mine]
    assert sum(MonthBalance.objects.values_list("debit_fen", flat=True)) == 0
    assert "单价录错" in red.summary
    assert original.label in red.summary
    assert list(queries.faults()) == []


def test_a_voucher_is_reversed_once_only(book: Book, actor: Actor) -> None:
    original = factories.posted(book, actor)
    services.reverse(original.pk, "错", actor=actor, on=factories.DAY)
    with pytest.raises(Refusal, match="已由 记-202003-0002 冲销"):
        services.reverse(original.pk, "错", actor=actor, on=factories.DAY)
    assert Voucher.objects.count() == 2


def test_a_reversal_is_not_reversed(book: Book, actor: Actor) -> None:
    red = services.reverse(factories.posted(book, actor).pk, "错", actor=actor, on=factories.DAY)
    with pytest.raises(Refusal, match="本身是红字"):
        services.reverse(red.pk, "又错", actor=actor, on=factories.DAY)


def test_a_reason_is_needed(book: Book, actor: Actor) -> None:
    with pytest.raises(Refusal, match="原因"):
        services.reverse(factories.posted(book, actor).pk, " ", actor=actor, on=factories.DAY)


def test_an_account_out_of_use_is_named(book: Book, actor: Actor) -> None:
    original = factories.posted(book, actor)
    Account.objects.filter(book=book, code="4001").update(is_active=False)
    with pytest.raises(Refusal, match="4001 不是启用"):
        services.reverse(original.pk, "错", actor=actor, on=factories.DAY)


def test_a_stranger_does_not_learn_that_the_voucher_exists(book: Book, actor: Actor) -> None:
    original = factories.posted(book, actor)
    stranger = factories.accountant("外县会计", scope="140931")
    messages = set()
    for number in (original.pk, original.pk + 1000):
        with pytest.raises(NotFound) as refusal:
            services.reverse(number, "错", actor=stranger, on=factories.DAY)
        messages.add(type(refusal.value))
    assert messages == {NotFound}
    assert Line.objects.count() == 2


def test_a_reversal_goes_to_an_open_month_when_the_originals_is_closed(book: Book, actor: Actor) -> None:
    original = factories.posted(book, actor)
    services.close_period(book.pk, 202003, actor=actor, on=date(2020, 4, 1))
    with pytest.raises(Refusal, match="已结账"):
        services.reverse(original.pk, "错", actor=actor, on=date(2020, 3, 31))
    assert services.reverse(original.pk, "错", actor=actor, on=date(2020, 4, 1)).month == 202004


def test_a_reversal_leaves_its_own_record(book: Book, actor: Actor) -> None:
    red = services.reverse(factories.posted(book, actor).pk, "错", actor=actor, on=factories.DAY)
    assert Record.objects.get(obj=f"voucher:{red.pk}").act == "ledger.voucher.reversed"
