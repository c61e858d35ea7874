"""Two cashiers at once: two receipts on one receivable settle it once, and the rest is credit."""

import threading

import pytest
from django.db import close_old_connections, connection
from django.db.models import Sum

from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.income.models import Entry, Receipt, Receivable
from mingchan.lifecycle.income.queries import documents
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import issue, receive


@pytest.mark.django_db(transaction=True)
def test_two_receipts_at_once_settle_a_receivable_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; its writers come one after the other anyway")
    made = make.contract([], deposit_fen=0)
    issue()
    gate, found = threading.Barrier(2), []

    def pay(voucher: str) -> None:
        try:
            gate.wait()
            found.append(receive(made.operator_id, 200_000, voucher).pk)
        except Refusal as refusal:
            found.append(str(refusal))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=pay, args=(f"W{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, int) for one in found), found
    row = Receivable.objects.get(kind="RENT")
    assert row.settled_fen == row.fen == 300_000
    assert Entry.objects.aggregate(fen=Sum("fen"))["fen"] == 300_000
    assert sorted(receipt.credit_fen for receipt in Receipt.objects.all()) == [0, 100_000]
    assert list(documents.faults()) == []
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]
