"""Any course a matter can take (任意走向): whatever people answer, delegate, amend or withdraw, in any order.

What must hold after every step: nothing ends agreed without the yes of every seat in its last round; nobody decides on
their own matter or twice in a round; a case keeps its drawing; its text taken up again waits at the same places, so a
case goes on wherever the program was killed; what was said is never lost.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mingchan.foundation.procedures import engine, pack, queries, services
from mingchan.foundation.procedures.choices import ANSWERS, Kind
from mingchan.foundation.procedures.models import Case, Opinion, Task
from mingchan.foundation.procedures.queries import definitions
from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.services import PaperDraft
from mingchan.foundation.procedures.tests import factories as make
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NAMES = ("clerk", "reviewer", "head", "finance", "poverty", "audit", "county", "deputy", "second")
ANSWERED = ("AGREE", "AGREE", "AGREE", "DONE", "DONE", "REMARK", "REJECT", "RETURN")
SEATS = {
    "general": {"review", "head"},
    "disposal": {"finance_review", "poverty_review", "audit_review", "bureau_review"},
    "operator_change": {"review", "meeting"},
    "mode_change": {"review", "meeting", "county"},
    "revival": {"review", "meeting"},
}
"""Steps whose yes an agreed end must rest on."""

moves = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(NAMES), st.sampled_from(ANSWERED), st.integers(0, 5)),
    st.tuples(st.just("decide"), st.sampled_from(NAMES), st.just("AGREE"), st.integers(0, 5)),
    st.tuples(st.just("decide"), st.sampled_from(NAMES), st.just("AGREE"), st.integers(0, 5)),
    st.tuples(st.just("rightly"), st.sampled_from(ANSWERED), st.integers(0, 5)),
    st.tuples(st.just("rightly"), st.just("AGREE"), st.integers(0, 5)),
    st.tuples(st.just("rightly"), st.just("AGREE"), st.integers(0, 5)),
    st.tuples(st.just("delegate"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("amend"), st.sampled_from(("clerk", "head"))),
    st.tuples(st.just("withdraw"), st.sampled_from(("clerk", "head"))),
    st.tuples(st.just("signal"), st.sampled_from(("notice", "execution")), st.sampled_from(("PASSED", "UPHELD"))),
    st.tuples(st.just("day"), st.integers(1, 9)),
    st.tuples(st.just("stale"), st.sampled_from(NAMES)),
    st.tuples(
        st.just("remind"),
    ),
    st.tuples(
        st.just("redraw"),
    ),
)


class Course:
    """One matter under way, with what was said so far as the model of it."""

    def __init__(self, code: str) -> None:
        make.open_gate()
        self.day = make.DAY
        self.people = make.staff() | {
            "deputy": make.actor("deputy", "bureau_clerk"),
            "second": make.actor("second", "bureau_reviewer"),
        }
        self.case = services.start(
            code, title="一事", text="一", facts={"kind": "SALE", "sum_fen": 1}, actor=self.people["clerk"], on=self.day
        )
        self.content = self.case.content_digest
        self.said: list[tuple[int, str, str]] = []

    def actor(self, name: str) -> Actor:
        return self.people[name]

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it; a refusal leaves everything as it was."""
        before = self.snapshot()
        try:
            with transaction.atomic():
                act()
        except Refusal:
            assert self.snapshot() == before

    def snapshot(self) -> tuple[Any, ...]:
        case = Case.objects.get(pk=self.case.pk)
        tasks = tuple(Task.objects.filter(case=case).order_by("id").values_list("id", "status"))
        return case.version, case.run_digest, case.status, case.round, tasks, Opinion.objects.filter(case=case).count()

    def waiting(self) -> list[Task]:
        return list(Task.objects.filter(case=self.case, status="WAITING", waits="").order_by("id"))

    def decide(self, who: Actor, answer: str, which: int, version: int | None = None) -> None:
        tasks = self.waiting()
        if not tasks:
            return
        task = tasks[which % len(tasks)]
        if answer not in ANSWERS[Kind(task.kind)]:
            answer = ANSWERS[Kind(task.kind)][0].value
        votes = None
        if task.kind == Kind.VOTE:
            votes = Votes(7, 5, 1, 0) if answer == "AGREE" else Votes(7, 1, 5, 0)
        node = definitions.drawing_of(self.case.content).nodes[task.node]
        now = Case.objects.get(pk=self.case.pk)

        def act() -> None:
            present = set(now.papers.values_list("code", flat=True))
            for code in node.papers:
                if code not in present:
                    draft = PaperDraft(code, f"{code}.pdf", PDF)
                    services.add_paper(self.case.pk, draft, actor=who, on=self.day)
            services.decide(
                task.pk, answer=answer, text="理由", document_no="1号", votes=votes,
                version=now.version if version is None else version,
                revised=f"改{now.version}" if task.kind == Kind.REVISION else None, actor=who, on=self.day,
            )  # fmt: skip
            self.said.append((task.pk, who.name, answer))

        self.attempt(act)

    def move(self, kind: str, *given: Any) -> None:
        """Take one step of any kind."""
        getattr(self, f"do_{kind}")(*given)

    def do_decide(self, name: str, answer: str, which: int) -> None:
        self.decide(self.actor(name), answer, which)

    def do_rightly(self, answer: str, which: int) -> None:
        """Whoever may decide a waiting step decides it."""
        tasks = self.waiting()
        if tasks:
            task = tasks[which % len(tasks)]
            case = Case.objects.get(pk=self.case.pk)
            able = [one for one in self.people.values() if not queries.may_decide(task, case, one, self.day).fault]
            if able:
                self.decide(able[0], answer, which)

    def do_delegate(self, giver: str, taker: str) -> None:
        until = self.day + timedelta(days=20)
        self.attempt(
            lambda: services.delegate(
                self.actor(taker).account_id or 0, valid_from=self.day, last_day=until, reason="出差",
                actor=self.actor(giver), on=self.day,
            )
        )  # fmt: skip

    def do_amend(self, name: str) -> None:
        now = Case.objects.get(pk=self.case.pk)
        self.attempt(
            lambda: services.amend(
                self.case.pk, reason="补充", version=now.version, text=f"文{now.version}", actor=self.actor(name),
                on=self.day,
            )
        )  # fmt: skip

    def do_withdraw(self, name: str) -> None:
        now = Case.objects.get(pk=self.case.pk)
        if now.version > 4:
            self.attempt(
                lambda: services.withdraw(
                    self.case.pk, reason="不办了", version=now.version, actor=self.actor(name), on=self.day
                )
            )

    def do_signal(self, waits: str, outcome: str) -> None:
        facts = {"notice_outcome": outcome, "objections": 0}
        self.attempt(lambda: services.signal(self.case.pk, waits, facts=facts, actor=self.actor("clerk"), on=self.day))

    def do_day(self, days: int) -> None:
        self.day += timedelta(days=days)

    def do_stale(self, name: str) -> None:
        self.decide(self.actor(name), "AGREE", 0, version=Case.objects.get(pk=self.case.pk).version - 1)

    def do_remind(self) -> None:
        system = Actor(None, "", make.COUNTY)
        services.remind(actor=system, on=self.day)
        assert services.remind(actor=system, on=self.day) == (0, 0, 0)

    def do_redraw(self) -> None:
        """Another drawing is put in force: the case doesn't mind."""
        drawing = pack.procedure_files()[self.case.code].replace('mc:days="5"', 'mc:days="6"')
        services.add_definition(
            self.case.code,
            drawing.encode(),
            valid_from=self.day,
            reason="改期限",
            actor=self.actor("clerk"),
            on=self.day,
        )

    def holds(self) -> None:
        """What must be true after every step."""
        case = Case.objects.get(pk=self.case.pk)
        opinions = list(Opinion.objects.filter(case=case).select_related("task"))
        assert sorted(self.said) == sorted((one.task_id, one.account_name, one.answer) for one in opinions)
        assert case.content_digest == self.content
        real = [one for one in opinions if one.task.role != "@drafter"]
        assert all(case.drafter_id not in (one.account_id, one.delegator_id) for one in real)
        for round_ in {one.round for one in real}:
            seats: dict[int, set[str]] = {}
            for one in real:
                if one.round == round_:
                    for key in filter(None, (one.account_id, one.delegator_id)):
                        seats.setdefault(key, set()).add(one.task.node)
            assert all(len(nodes) == 1 for nodes in seats.values()), seats
        self.is_taken_up_again(case)
        if case.status == "APPROVED":
            last: dict[str, str] = {}
            for one in sorted(real, key=lambda one: one.pk):
                if one.round == case.round:
                    last[one.task.node] = one.answer
            assert all(last.get(seat) in ("AGREE", "REMARK") for seat in SEATS[case.code]), last
            assert not {"REJECT", "RETURN"} & set(last.values())

    def is_taken_up_again(self, case: Case) -> None:
        """The run's text, read anew, waits exactly where the open tasks say."""
        open_tasks = set(Task.objects.filter(case=case, status="WAITING").values_list("token", flat=True))
        if case.status == "RUNNING":
            assert {one.token for one in engine.resume(case.run).waiting} == open_tasks != set()
            assert orjson.loads(case.path)
        else:
            assert open_tasks == set()


class AnyCourse(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(sorted(SEATS)), st.lists(moves, max_size=28))
    def test_whatever_people_do_the_rules_hold(self, code: str, taken: list[Any]) -> None:
        course = Course(code)
        for kind, *given_ in taken:
            course.move(kind, *given_)
            course.holds()
        assert make.is_intact()

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(sorted(SEATS)), st.lists(st.integers(0, 5), min_size=24, max_size=24))
    def test_with_every_yes_a_matter_comes_to_its_agreed_end(self, code: str, order: list[int]) -> None:
        course = Course(code)
        for which in order:
            course.do_rightly("AGREE", which)
            if not course.waiting():
                for waits in ("notice", "execution"):
                    course.do_signal(waits, "PASSED")
            course.holds()
        assert Case.objects.get(pk=course.case.pk).status == "APPROVED"
