"""Events are taken in once each, whatever was lost, repeated or came late, and every one is answered."""

from typing import Any

import pytest
from conftest import DAY

from mingchan.foundation.evidence import services as log
from mingchan.interfaces.field import queries, reading, services
from mingchan.interfaces.field.models import Delivery, Device
from mingchan.interfaces.field.tests.conftest import event, message
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer

pytestmark = pytest.mark.django_db


def deliver(actor: Actor, *events: Any, key: str = "7", **more: Any) -> list[Answer]:
    batch = reading.batch(message(actor.account_id, list(events), **more))
    return services.deliver(KIND, key, batch, actor=actor, on=DAY)


def test_every_event_is_answered(provider: Demonstration, clerk: Actor) -> None:
    answers = {answer.id: answer for answer in deliver(clerk, event(1), event(2, "wrong"), event(3, seq=0))}
    assert answers["event-00000001"].taken
    assert (answers["event-00000002"].taken, answers["event-00000002"].reason) == (False, "这件资产已经处置。")
    assert not answers["event-00000003"].taken
    delivery = Delivery.objects.get()
    assert (delivery.taken, delivery.refused, delivery.worked_by) == (1, 2, clerk.name)
    assert "已经处置" in delivery.reasons


def test_an_answer_that_was_lost_is_given_again_and_nothing_is_kept_twice(
    provider: Demonstration, clerk: Actor
) -> None:
    first = deliver(clerk, event(1), event(2))
    again = deliver(clerk, event(1), event(2))
    assert sorted(first) == sorted(again)
    assert (len(provider.kept), provider.calls, Delivery.objects.count()) == (2, 1, 1)


def test_what_is_refused_again_leaves_no_second_record(provider: Demonstration, clerk: Actor) -> None:
    deliver(clerk, event(1, "wrong"))
    deliver(clerk, event(1, "wrong"))
    assert Delivery.objects.count() == 1


def test_a_wrong_clock_does_not_change_the_order(provider: Demonstration, clerk: Actor) -> None:
    deliver(clerk, event(2, at="1999-01-01T00:00:00+08:00"), event(1, at="2099-01-01T00:00:00+08:00"))
    assert [kept.seq for kept in provider.kept.values()] == [1, 2]


def test_a_closed_errand_refuses_what_is_new_and_knows_what_came_before(provider: Demonstration, clerk: Actor) -> None:
    deliver(clerk, event(1))
    provider.closed = True
    answers = {answer.id: answer for answer in deliver(clerk, event(1), event(2))}
    assert answers["event-00000001"].taken
    assert answers["event-00000002"] == ("event-00000002", False, "任务已结束，不再收记录。")
    provider.closed = False
    assert all(answer.taken for answer in deliver(clerk, event(2)))
    assert Delivery.objects.count() == 3


def test_the_events_of_another_account_are_not_sent_as_ones_own(
    provider: Demonstration, clerk: Actor, actor_of: Any
) -> None:
    other = actor_of("bureau_reviewer")
    batch = reading.batch(message(other.account_id, [event(1)]))
    with pytest.raises(Refusal, match="本人登录"):
        services.deliver(KIND, "7", batch, actor=clerk, on=DAY)
    assert provider.kept == {}


def test_an_errand_of_somebody_else_does_not_exist(provider: Demonstration, clerk: Actor, actor_of: Any) -> None:
    provider.accounts = (actor_of("bureau_reviewer").account_id,)
    with pytest.raises(NotFound):
        deliver(clerk, event(1))
    with pytest.raises(NotFound):
        services.deliver("unknown", "7", reading.batch(message(clerk.account_id, [])), actor=clerk, on=DAY)


def test_an_empty_message_leaves_only_word_of_the_phone(provider: Demonstration, clerk: Actor) -> None:
    deliver(clerk, unsent=0)
    assert not Delivery.objects.exists()
    assert Device.objects.get().unsent == 0


def test_an_event_without_an_answer_stays_unanswered(
    provider: Demonstration, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "take_in", lambda *_args, **_named: [Answer("another-event", True)])
    assert deliver(clerk, event(1)) == []
    assert not Delivery.objects.exists()


def test_the_verifier_compares_what_came_back(provider: Demonstration, clerk: Actor) -> None:
    deliver(clerk, event(1), event(2, "wrong"))
    assert log.verify(queries.PROTECTED).ok
