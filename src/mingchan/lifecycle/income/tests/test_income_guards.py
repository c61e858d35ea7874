"""What the database refuses by itself, whoever writes, on both engines."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.procedures.tests import factories as procedures_make
from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.models import (
    Billing,
    Cancellation,
    Entry,
    Receipt,
    Receivable,
    Refund,
    Remission,
    Remittance,
    Settlement,
    SettlementLine,
)
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import COUNTY, ON, issue, receive
from mingchan.lifecycle.operation.tests.factories import company
from mingchan.register.assets.tests.factories import party

pytestmark = pytest.mark.django_db
NEXT = date(2021, 2, 10)


@contextmanager
def refused():
    """The statement inside is refused, and the transaction goes on."""
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


@pytest.fixture
def paid():
    """A contract billed until July 2020 of which the deposit and a third of the rent came in, with 1,000 left open."""
    made = make.contract()
    issue()
    receive(made.operator_id, 300_000)
    return made


def rent() -> Receivable:
    return Receivable.objects.filter(kind="RENT").earliest("due_on")


def entry(**changes) -> Entry:
    given = {"county": COUNTY, "receivable": rent(), "kind": "RECEIPT", "day": ON, "fen": 1, "made_by": "某人"}
    return Entry(**(given | changes))


def test_amounts_and_dates_of_a_receivable_never_change(paid):
    for change in ({"fen": 1}, {"due_on": NEXT}, {"operator": company("别的公司")}, {"kind": "OTHER"}):
        with refused():
            Receivable.objects.filter(pk=rent().pk).update(**change)
    with refused():
        Receivable.objects.filter(pk=rent().pk).delete()


def test_a_reduction_rests_on_a_receipt_a_finished_case_or_a_cancellation(paid):
    for change in (
        {},
        {"kind": "REMISSION"},
        {"kind": "WRITE_OFF"},
        {"kind": "CANCELLATION", "fen": 200_000},
        {"receipt": Receipt.objects.get(), "fen": -1},
        {"kind": "RELEASE", "receipt": Receipt.objects.get(), "fen": 1},
    ):
        with refused():
            entry(**change).save()


def test_a_running_or_refused_case_reduces_nothing(paid):
    staff = procedures_make.staff()
    made = services.ask(rent().pk, "REMISSION", 100_000, "停业", actor=staff["clerk"], on=NEXT)
    with refused():
        entry(kind="REMISSION", remission=made, fen=100_000).save()
    made.case.refresh_from_db()
    type(made.case).objects.filter(pk=made.case_id).update(status="REJECTED", ended_on=NEXT)
    with refused():
        entry(kind="REMISSION", remission=made, fen=100_000).save()
    with refused():
        Remission.objects.filter(pk=made.pk).update(fen=1)


def test_the_sums_beside_are_those_of_the_entries(paid):
    with refused():
        Receivable.objects.filter(pk=rent().pk).update(settled_fen=0)
    with refused():
        Receipt.objects.update(used_fen=0)
    with refused():
        Receipt.objects.update(fen=1)


def test_nothing_is_settled_beyond_its_amount_or_the_money_there_is(paid):
    receipt = receive(paid.operator_id, 900_000, "0002")
    assert receipt.credit_fen == 700_000
    with refused():
        entry(receipt=receipt, fen=1).save()
    issue(date(2020, 12, 31), date(2020, 10, 9))
    later = Receivable.objects.get(key="RENT-20201001")
    with refused():
        entry(receivable=later, receipt=receipt, fen=700_001, day=NEXT).save()
    with refused():
        Refund.objects.create(
            county=COUNTY,
            receipt=receipt,
            kind="CREDIT",
            fen=700_001,
            day=ON,
            voucher_no="T",
            reason="多缴",
            made_by="某人",
        )


def test_money_of_one_creditor_settles_nothing_of_another(paid):
    village = party("窑头村经济合作社", "COLLECTIVE", "140932101201")
    other = make.contract(make.cards(1, income_holder=village), operator=company("别的公司"), serial=2)
    issue()
    row = Receivable.objects.get(contract=other, kind="RENT")
    receipt = receive(paid.operator_id, 900_000, "0002")
    with refused():
        entry(receivable=row, receipt=receipt, fen=1).save()


def test_what_was_paid_is_not_cancelled_and_what_is_cancelled_is_whole(paid):
    with refused():
        Cancellation.objects.create(receivable=rent(), reason="错", cancelled_on=ON, cancelled_by="某人")
    with refused():
        Receivable.objects.filter(pk=rent().pk).update(cancelled_on=ON)


def test_one_due_has_one_live_receivable(paid):
    row = rent()
    row.pk, row.number = None, 99
    row.settled_fen = 0
    with refused():
        row.save(force_insert=True)
    row.key = "RENT-OTHER"
    row.settled_fen = 1
    with refused():
        row.save(force_insert=True)


def test_entries_refunds_and_remittances_only_grow(paid):
    make.remit(50_000)
    for model, change in (
        (Entry, {"fen": 2}), (Billing, {"fen": 2}), (Remittance, {"fen": 2}), (Receipt, {"voucher_no": "X"}),
    ):  # fmt: skip
        with refused():
            model.objects.update(**change)
        with refused(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_more_of_a_deposit_than_came_in_never_goes_back(paid):
    deposit = Receivable.objects.get(kind="DEPOSIT")
    given = {
        "county": COUNTY,
        "receipt": Receipt.objects.get(),
        "kind": "DEPOSIT",
        "day": ON,
        "reason": "退",
        "made_by": "某人",
    }
    with refused():
        Refund.objects.create(**given, deposit=deposit, fen=200_001, voucher_no="T")
    with refused():
        Refund.objects.create(**given, deposit=rent(), fen=1, voucher_no="T")


def test_a_closed_settlement_and_its_lines_stand(paid):
    bureau, finance = make.account("复核", make.BUREAU), make.account("财政", "偏关县财政局")
    made = services.prepare(2020, actor=make.actor("income.clear", account=bureau.pk), on=NEXT)
    with refused():
        Settlement.objects.update(state="CLOSED")
    with refused():
        Settlement.objects.update(arrears_fen=1)
    services.confirm(2020, made.digest, actor=make.actor("income.clear", account=bureau.pk), on=NEXT)
    for change in ({"remitted_fen": 1}, {"distributable_fen": 1}):
        with refused():
            SettlementLine.objects.update(**change)
    with refused():
        SettlementLine.objects.all().delete()
    with refused():
        Settlement.objects.update(state="CLOSED", closed_on=NEXT, countersigner=bureau)
    services.countersign(2020, made.digest, actor=make.actor("income.countersign", account=finance.pk), on=NEXT)
    with refused():
        Settlement.objects.update(note="改")
    with refused():
        Settlement.objects.all().delete()
