"""Whatever is done in whatever order, no notice ends early, no open objection is passed, no published word changes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
CHOICES = st.integers(0, 5)
RAW = (
    "UPDATE disclosure_notice SET title = 'x' WHERE state <> 'DRAFT'",
    "UPDATE disclosure_notice SET last_day = first_day WHERE state = 'PUBLISHED'",
    "UPDATE disclosure_notice SET state = 'CLOSED', outcome = 'PASSED', closed_on = last_day WHERE state = 'PUBLISHED'",
    "UPDATE disclosure_objection SET is_late = NOT is_late",
    "DELETE FROM disclosure_objection",
    "UPDATE disclosure_objection SET state = 'OPEN', answer = '' WHERE state IN ('ANSWERED', 'INADMISSIBLE')",
    "DELETE FROM disclosure_posting",
    "UPDATE procedures_task SET status = 'DONE', closed_on = opened_on WHERE waits = 'notice' AND status = 'WAITING'",
)


class Walk(RuleBasedStateMachine):
    """Acts of a county's people on one case's notices and some by hand, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.on = make.DAY
        self.frozen: dict[int, dict[str, Any]] = {}
        self.people = {role: make.actor(role) for role in ("bureau_clerk", "bureau_reviewer", "bureau_head")}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def _try(self, act: Callable[[], Any]) -> None:
        """An act that may be refused; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except (Refusal, IntegrityError, Task.DoesNotExist):
            return

    def _one(self, rows: Any, choice: int) -> Any:
        found = list(rows.order_by("id"))
        return found[choice % len(found)] if found else None

    @property
    def clerk(self) -> Actor:
        return self.people["bureau_clerk"]

    @initialize(with_case=st.booleans())
    def begin(self, with_case: bool) -> None:
        self.case = make.waiting_case(on=self.on) if with_case else None
        if not with_case:
            make.drafted(self.on)

    @rule(days=st.sampled_from((1, 1, 6, 7, 8)))
    def time_goes_by(self, days: int) -> None:
        self.on += timedelta(days=days)

    @rule(choice=CHOICES)
    def publish(self, choice: int) -> None:
        notice = self._one(Notice.objects.filter(state="DRAFT"), choice)
        if notice is not None:
            who = self.people["bureau_reviewer"]
            self._try(lambda: services.publish(notice.pk, notice.version, actor=who, on=self.on))

    @rule(choice=CHOICES, back=st.integers(0, 9))
    def close(self, choice: int, back: int) -> None:
        notice = self._one(Notice.objects.all(), choice)
        self._try(lambda: services.close(notice.pk, actor=self.clerk, on=self.on - timedelta(days=back)))

    @rule()
    def night(self) -> None:
        services.draft_missing(actor=self.clerk, on=self.on)
        services.close_over(actor=self.clerk, on=self.on)

    @rule(choice=CHOICES)
    def post(self, choice: int) -> None:
        notice = self._one(Notice.objects.filter(state="PUBLISHED"), choice)
        if notice is not None:
            for board in make.boards(notice):
                draft = make.PostingDraft(self.on, reason="公开栏正在修缮")
                self._try(lambda board=board, draft=draft: services.post(board.pk, draft, actor=self.clerk, on=self.on))

    @rule(choice=CHOICES)
    def correct(self, choice: int) -> None:
        notice = self._one(Notice.objects.all(), choice)
        self._try(lambda: services.correct(notice.pk, "有误", actor=self.clerk, on=self.on))

    @rule(choice=CHOICES)
    def drop(self, choice: int) -> None:
        notice = self._one(Notice.objects.all(), choice)
        self._try(lambda: services.drop(notice.pk, "不要了", actor=self.clerk, on=self.on))

    @rule(choice=CHOICES)
    def withdraw(self, choice: int) -> None:
        notice = self._one(Notice.objects.all(), choice)
        self._try(lambda: services.withdraw(notice.pk, "不要了", actor=self.clerk, on=self.on))

    @rule(choice=CHOICES)
    def object_to(self, choice: int) -> None:
        notice = self._one(Notice.objects.all(), choice)
        self._try(lambda: make.object_to(notice, self.on))

    @rule(choice=CHOICES, verdict=st.sampled_from(("UPHELD", "PARTLY", "NOT_UPHELD")))
    def answer(self, choice: int, verdict: str) -> None:
        objection = self._one(Objection.objects.filter(state="OPEN"), choice)
        if objection is not None:
            self._try(lambda: make.answered(objection, verdict, self.on))

    @rule(choice=CHOICES)
    def refuse(self, choice: int) -> None:
        objection = self._one(Objection.objects.all(), choice)
        if objection is not None:
            who = self.people["bureau_reviewer"]
            words = "所述与本公示无关"
            self._try(lambda: services.refuse(objection.pk, words, objection.version, actor=who, on=self.on))

    @precondition(lambda self: getattr(self, "case", None) is not None)
    @rule(act=st.sampled_from(("amend", "withdraw", "signal", "review")))
    def touch_the_case(self, act: str) -> None:
        case = Case.objects.get(pk=self.case.pk)
        if act == "amend":
            words = f"改为第 {case.version} 稿。"
            self._try(
                lambda: procedures.amend(
                    case.pk, reason="改", version=case.version, text=words, actor=self.clerk, on=self.on
                )
            )
        elif act == "withdraw":
            self._try(
                lambda: procedures.withdraw(
                    case.pk, reason="不办了", version=case.version, actor=self.clerk, on=self.on
                )
            )
        elif act == "signal":
            self._try(lambda: procedures.signal(case.pk, "notice", actor=self.clerk, on=self.on))
        else:
            self._try(lambda: make.approved(case, self.on))

    @rule(statement=st.sampled_from(RAW))
    def past_the_program(self, statement: str) -> None:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        self._try(run)

    @invariant()
    def no_notice_ended_early_or_over_an_open_objection(self) -> None:
        for notice in Notice.objects.filter(state="CLOSED"):
            assert notice.closed_on is not None
            assert notice.last_day is not None
            assert notice.first_day is not None
            assert notice.closed_on > notice.last_day
            assert (notice.last_day - notice.first_day).days + 1 >= notice.days
            waiting = Objection.objects.filter(notice=notice, is_late=False, state__in=("OPEN", "ACCEPTED"))
            assert not waiting.exists()

    @invariant()
    def no_case_passed_its_notice_by(self) -> None:
        for task in Task.objects.filter(waits="notice", status="DONE"):
            closed = Notice.objects.filter(task=task, state="CLOSED")
            assert closed.exists()
            line = Objection.objects.filter(notice__origin_id=closed[0].origin_id, is_late=False)
            assert not line.filter(state__in=("OPEN", "ACCEPTED"), raised_on__lte=task.closed_on or date.max).exists()

    @invariant()
    def no_published_word_changed(self) -> None:
        for notice in Notice.objects.exclude(number=""):
            document = documents.frozen(notice)
            assert self.frozen.setdefault(notice.pk, document) == document
            assert documents.digest_of(notice) == notice.digest


def test_no_walk_ends_a_notice_early_or_passes_an_objection_by() -> None:
    chosen = settings(
        max_examples=10, stateful_step_count=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
    )  # fmt: skip
    run_state_machine_as_test(Walk, settings=chosen)
