"""Any order of acts: nothing is lost or negative, and the books say what income says (stateful), on any day."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.models import Entry, Receipt, Receivable, Refund
from mingchan.lifecycle.income.queries import documents, receivables, reconciling
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import COUNTY, cashier, clerk

FIRST = date(2020, 7, 15)
AMOUNTS = st.sampled_from([1, 99_999, 150_000, 200_000, 300_000, 555_555])


class Acts(RuleBasedStateMachine):
    """A contract through whatever its people do, a few days apart."""

    @initialize()
    def begin(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.on, self.serial = FIRST, 0
        self.days = [FIRST]
        self.operator = make.contract([]).operator_id

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def _try(self, act) -> None:
        """Refusals are answers, too; nothing of a refused act stays."""
        self.serial += 1
        self.on += timedelta(days=7)
        self.days.append(self.on)
        try:
            with transaction.atomic():
                act()
        except Refusal:
            pass

    @rule(months=st.integers(0, 6))
    def issue(self, months: int) -> None:
        self._try(lambda: services.issue(self.on + timedelta(days=30 * months), actor=clerk(), on=self.on))

    @rule(fen=AMOUNTS)
    def receive(self, fen: int) -> None:
        self._try(lambda: make.receive(self.operator, fen, f"V{self.serial}", self.on))

    @rule()
    def use(self) -> None:
        self._try(lambda: services.use_credit(self.operator, actor=cashier(), on=self.on))

    @rule(fen=AMOUNTS, place=st.integers(0, 5))
    def refund(self, fen: int, place: int) -> None:
        keys = list(Receipt.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            key = keys[place % len(keys)]
            self._try(lambda: services.refund(key, fen, f"T{self.serial}", "多缴", actor=cashier(), on=self.on))

    @rule(place=st.integers(0, 5))
    def return_payment(self, place: int) -> None:
        keys = list(Receipt.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            key = keys[place % len(keys)]
            self._try(lambda: services.return_payment(key, "退票", actor=cashier(), on=self.on))

    @rule(place=st.integers(0, 5))
    def cancel(self, place: int) -> None:
        keys = list(Receivable.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            key = keys[place % len(keys)]
            self._try(lambda: services.cancel(key, "有误", actor=clerk(), on=self.on))

    @rule(fen=AMOUNTS)
    def remit(self, fen: int) -> None:
        self._try(lambda: make.remit(fen, f"J{self.serial}", self.on))

    @invariant()
    def nothing_is_lost(self) -> None:
        """Money that came in = what it settled + what went back + what is left; dues = what settled them + arrears."""
        money = Receipt.objects.aggregate(whole=Sum("fen"), left=Sum(F("fen") - F("used_fen")))
        settled = Entry.objects.filter(receipt__isnull=False).aggregate(fen=Sum("fen"))["fen"] or 0
        back = Refund.objects.exclude(kind="DEPOSIT").aggregate(fen=Sum("fen"))["fen"] or 0
        assert (money["whole"] or 0) == settled + back + (money["left"] or 0)
        dues = Receivable.objects.aggregate(whole=Sum("fen"), open=Sum(F("fen") - F("settled_fen")))
        entries = Entry.objects.aggregate(fen=Sum("fen"))["fen"] or 0
        assert (dues["whole"] or 0) == entries + (dues["open"] or 0)
        assert all(row.open_fen > 0 for row in receivables.open_rows(COUNTY, self.operator))

    @invariant()
    def the_books_say_the_same_on_any_day(self) -> None:
        for day in {self.days[0], self.days[len(self.days) // 2], self.days[-1]}:
            assert reconciling.differences(COUNTY, day) == []
        assert list(documents.faults()) == []


@pytest.mark.django_db
def test_whatever_happens_the_sums_hold() -> None:
    checks = settings(max_examples=6, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Acts, settings=checks)
