"""However people go about it, by whatever doors: no asset leaves without the finished procedure, frozen ones stay.

Random walks over the services: propose, submit, amend, review, approve, let the notice end, withdraw, carry out; and
beside them move, correct, split, hand over and withdraw cards. After every step the register is asked.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.procedures.models import Case, Opinion, Task
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.choices import RUNNING
from mingchan.lifecycle.disposal.models import Disposal, Item
from mingchan.lifecycle.disposal.tests import factories as make
from mingchan.register.assets import queries as assets_queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, PartDraft, ShareDraft
from mingchan.register.assets.models import Asset
from mingchan.register.handover import events as handover_events
from mingchan.register.handover.tests import factories as handovers

pytestmark = pytest.mark.usefixtures("sample_county")
STEPS = (
    "propose", "submit", "amend", "review", "reject", "return", "approve", "notice", "withdraw", "execute", "move",
    "correct", "split", "handover", "file",
)  # fmt: skip
ROAD = ("propose", "submit", "review", "review", "review", "review", "approve", "notice", "execute")


class Walk:
    """A county with four cards, and a business day that only goes on."""

    def __init__(self) -> None:
        self.ids = make.cards(4)
        self.on = make.DAY
        self.clerk = make.actor("bureau_clerk")

    def last(self) -> Disposal:
        found = Disposal.objects.order_by("-pk").first()
        if found is None:
            raise Refusal("none yet")
        return found

    def card(self, n: int) -> Asset:
        return Asset.objects.get(pk=self.ids[n % 4])

    def waiting(self, *kinds: str) -> Task:
        task = Task.objects.filter(case=self.last().case_id, status="WAITING", kind__in=kinds).order_by("pk").first()
        if task is None:
            raise Refusal("nothing waits")
        return task

    def say(self, task: Task, answer: str) -> None:
        role = task.role if task.role != "bureau_reviewer" else "bureau_reviewer"
        make.decide(self.last(), task.node, role, answer, self.on, document_no="1号")

    def step(self, name: str, n: int) -> None:
        one = {
            "propose": lambda: make.drafted([self.ids[n % 4], self.ids[(n + 1) % 4]], on=self.on),
            "submit": lambda: services.submit(self.last().pk, actor=self.clerk, on=self.on),
            "amend": lambda: services.amend(
                self.last().pk, reason="改", head=make.head(reason=f"改{n}"), actor=self.clerk, on=self.on
            ),
            "review": lambda: self.say(self.waiting("opinion"), "AGREE"),
            "reject": lambda: self.say(self.waiting("opinion", "approval"), "REJECT"),
            "return": lambda: self.say(self.waiting("opinion", "approval"), "RETURN"),
            "approve": lambda: self.say(self.waiting("approval"), "AGREE"),
            "notice": self.notice,
            "withdraw": lambda: services.withdraw(self.last().pk, "不办了", actor=self.clerk, on=self.on),
            "execute": lambda: make.executed(self.last(), self.on),
            "move": lambda: assets.move(
                [self.card(n).pk], MoveDraft({"USE": (ShareDraft(make.office("finance").pk),)}),
                kind=handover_events.HANDED_OVER, right="asset.correct", basis="x", source=Ref("asset", 1),
                actor=self.clerk, on=self.on,
            ),
            "correct": lambda: assets.correct(
                self.card(n).pk, {"model": f"M{n}"}, self.card(n).version, "改", actor=self.clerk, on=self.on
            ),
            "split": lambda: assets.split(
                self.card(n).pk, [PartDraft(1000), PartDraft(1000)], self.card(n).version, "拆", actor=self.clerk,
                on=self.on,
            ),
            "handover": lambda: handovers.handed_over([self.card(n).pk]),
            "file": lambda: self.say(self.waiting("filing"), "DONE"),
        }  # fmt: skip
        act: Callable[[], Any] = one[name]
        try:
            with transaction.atomic():
                act()
        except Refusal:
            return

    def notice(self) -> None:
        waiting = Task.objects.filter(case=self.last().case_id, status="WAITING", waits="notice").exists()
        if not waiting:
            raise Refusal("no notice waits")
        make.notice_ends(self.last(), on=self.on)
        self.on += timedelta(days=8)

    def state(self) -> dict[int, tuple[Any, ...]]:
        """The cards as they stand."""
        rows = Asset.objects.order_by("pk").values_list(
            "pk", "frozen_by", "status", "version", "name", "model", "user_id"
        )
        return {row[0]: row[1:] for row in rows}


def holds_true(before: dict[int, tuple[Any, ...]], after: dict[int, tuple[Any, ...]]) -> None:
    for pk, row in after.items():
        was = before.get(pk)
        if was is not None and was[0] is not None and row[0] is not None:
            assert row == was, "a frozen card changed"
        if row[1] == "DISPOSED" and (was is None or was[1] != "DISPOSED"):
            disposal = Disposal.objects.get(pk=Item.objects.filter(asset=pk).order_by("-pk").values("disposal")[:1])
            case = Case.objects.get(pk=disposal.case_id)
            done = Task.objects.filter(case=case, waits="notice", status="DONE", round=case.round)
            agreed = Opinion.objects.filter(case=case, round=case.round, answer="AGREE", task__kind="approval")
            assert done.exists()
            assert agreed.exists()
            assert disposal.state in ("EXECUTED", "FILED")
    for disposal in Disposal.objects.all():
        frozen = set(Asset.objects.filter(frozen_by=f"disposal:{disposal.pk}").values_list("pk", flat=True))
        listed = set(Item.objects.filter(disposal=disposal).values_list("asset_id", flat=True))
        assert frozen == (listed if disposal.state in RUNNING else set())


@settings(
    max_examples=12, deadline=None, stateful_step_count=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=14),
    st.integers(0, len(ROAD)),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=10),
)
def test_no_walk_lets_an_asset_leave_without_its_procedure(
    first: list[tuple[str, int]], along: int, then: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        walk = Walk()
        for name, n in [*first, *((name, 0) for name in ROAD[:along]), *then]:
            before = walk.state()
            walk.step(name, n)
            holds_true(before, walk.state())
        assert assets_queries.against_ledger(make.actor("audit")).is_equal
        transaction.set_rollback(True)


def test_the_road_itself_ends_with_disposed_cards() -> None:
    walk = Walk()
    for name in ROAD:
        before = walk.state()
        walk.step(name, 0)
        holds_true(before, walk.state())
    assert [row[1] for row in walk.state().values()] == ["DISPOSED", "DISPOSED", "ACTIVE", "ACTIVE"]
