"""Whatever is lost, repeated, reordered or carried by hand, what the county ends with is what the phone recorded."""

from typing import Any

import pytest
from conftest import DAY
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mingchan.foundation.evidence.models import Attachment
from mingchan.interfaces.field import reading, services
from mingchan.interfaces.field.models import Delivery
from mingchan.interfaces.field.tests.conftest import event, message, picture
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.interfaces.field.tests.results import result_file
from mingchan.kernel import fieldwork
from mingchan.kernel.actor import Actor

PICTURES = [picture(colour) for colour in ("red", "green", "blue")]
_now: dict[str, Any] = {}


class Phone(RuleBasedStateMachine):
    """A phone that records, sends with losses and in any order, and carries files; `believed` is what it holds sent."""

    @initialize()
    def begin(self) -> None:
        self.clerk: Actor = _now["clerk"]
        self.provider = Demonstration()
        fieldwork.register(self.provider)
        self.run = _now["run"] = _now.get("run", 0) + 1
        self.made: list[dict[str, Any]] = []
        self.believed: set[str] = set()
        self.refused: set[str] = set()
        self.sent_pictures: set[int] = set()

    def _id(self, number: int) -> str:
        return f"run{self.run:05}-{number:08}"

    @rule(
        kind=some.sampled_from(["found", "count", "wrong", "surplus"]),
        which=some.integers(0, 2),
        far=some.integers(-9, 9),
    )
    def record(self, kind: str, which: int, far: int) -> None:
        number = len(self.made) + 1
        at = f"20{20 + far:02}-01-01T00:00:00+08:00"
        self.made.append(event(number, kind, id=self._id(number), at=at, photos=[PICTURES[which][0]]))

    def _send(self, chosen: list[dict[str, Any]], heard: bool) -> None:
        batch = reading.batch(message(self.clerk.account_id, chosen))
        answers = services.deliver(KIND, "7", batch, actor=self.clerk, on=DAY)
        assert sorted(answer.id for answer in answers) == sorted({one["id"] for one in chosen})
        if heard:
            self.believed |= {answer.id for answer in answers if answer.taken}
            self.refused |= {answer.id for answer in answers if not answer.taken}

    @precondition(lambda self: self.made)
    @rule(data=some.data(), heard=some.booleans())
    def send_some_in_any_order(self, data: some.DataObject, heard: bool) -> None:
        chosen = data.draw(some.lists(some.sampled_from(self.made), max_size=8))
        self._send(chosen, heard)

    @precondition(lambda self: self.made)
    @rule(account_is_other=some.booleans())
    def carry_a_file(self, account_is_other: bool) -> None:
        carrier = _now["keeper"] if account_is_other else self.clerk
        outcome = services.take_file(result_file(self.clerk.account_id, self.made), actor=carrier, on=DAY)
        assert outcome.taken + outcome.known + len(outcome.refused) == len(self.made)

    @rule(which=some.integers(0, 2), start=some.integers(0, 900), length=some.integers(1, 900))
    def send_a_piece(self, which: int, start: int, length: int) -> None:
        digest, content = PICTURES[which]
        piece = content[start : start + length]
        done = services.keep_piece(KIND, "7", digest, start, len(content), piece, actor=self.clerk, on=DAY)
        if done.complete:
            self.sent_pictures.add(which)

    @invariant()
    def nothing_believed_sent_is_missing(self) -> None:
        if hasattr(self, "made"):
            assert self.believed <= set(self.provider.kept)
            assert not self.refused & set(self.provider.kept)
            for which in self.sent_pictures:
                assert Attachment.objects.filter(name=fieldwork.photo_name(PICTURES[which][0])).count() == 1

    def teardown(self) -> None:
        if not getattr(self, "made", None):
            return
        self._send(self.made, heard=True)
        right = [one["id"] for one in self.made if one["kind"] != "wrong"]
        assert sorted(self.provider.kept) == sorted(right)
        assert all(self.provider.kept[one["id"]].seq == one["seq"] for one in self.made if one["kind"] != "wrong")
        counted = sum(Delivery.objects.filter(kind=KIND, taken__gt=0).values_list("taken", flat=True))
        assert counted - _now.get("before", 0) == len(right)
        _now["before"] = counted


@pytest.mark.django_db
def test_any_journey_ends_with_the_same_events(clerk: Actor, actor_of: Any, provider: Demonstration) -> None:
    services.issue(KIND, "7", actor=clerk, on=DAY)
    _now.clear()
    _now.update(clerk=clerk, keeper=actor_of("town_keeper"))
    steady = settings(
        max_examples=30, stateful_step_count=25, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    Phone.TestCase.settings = steady
    Phone.TestCase().runTest()
