"""What a phone without a signal wrote is handed in at any desk, by the same rules, and again without harm."""

import io
import zipfile
from typing import Any

import pytest
from conftest import DAY

from mingchan.foundation.evidence.models import Attachment
from mingchan.interfaces.field import services
from mingchan.interfaces.field.models import Delivery
from mingchan.interfaces.field.tests.conftest import event, picture
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.interfaces.field.tests.results import result_file
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal

pytestmark = pytest.mark.django_db


def test_a_file_is_taken_in_and_again_without_harm(provider: Demonstration, clerk: Actor) -> None:
    digest, content = picture()
    events = [event(1, photos=[digest]), event(2, "wrong")]
    first = services.take_file(result_file(clerk.account_id, events, {digest: content}), actor=clerk, on=DAY)
    assert (first.taken, first.known, len(first.refused), first.photos) == (1, 0, 1, 1)
    again = services.take_file(result_file(clerk.account_id, events, {digest: content}), actor=clerk, on=DAY)
    assert (again.taken, again.known, again.photos, again.photos_known) == (0, 1, 0, 1)
    assert (len(provider.kept), Attachment.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_another_desk_hands_in_and_the_worker_stays_the_worker(
    provider: Demonstration, clerk: Actor, actor_of: Any
) -> None:
    issued = services.issue(KIND, "7", actor=clerk, on=DAY)
    carrier = actor_of("town_keeper")
    file = result_file(clerk.account_id, [event(1)], capsule=issued.digest)
    outcome = services.take_file(file, actor=carrier, on=DAY)
    delivery = Delivery.objects.select_related("account").get()
    assert outcome.worked_by == delivery.worked_by == clerk.name
    assert (delivery.account.name, delivery.way) == (carrier.name, "FILE")


def test_five_hundred_events_come_in_pieces(provider: Demonstration, clerk: Actor) -> None:
    outcome = services.take_file(
        result_file(clerk.account_id, [event(number) for number in range(1, 701)]), actor=clerk, on=DAY
    )
    assert (outcome.taken, len(provider.kept)) == (700, 700)


def test_a_changed_file_is_refused(provider: Demonstration, clerk: Actor) -> None:
    with pytest.raises(Refusal, match="改动"):
        services.take_file(result_file(clerk.account_id, [event(1)], spoiled=True), actor=clerk, on=DAY)
    assert provider.kept == {}


def _empty_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("other.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"{}", _empty_zip()])
def test_what_is_no_result_file_is_refused(provider: Demonstration, clerk: Actor, content: bytes) -> None:
    with pytest.raises(Refusal, match="不是外业结果文件"):
        services.take_file(io.BytesIO(content), actor=clerk, on=DAY)


def test_a_photograph_that_is_damaged_spoils_nothing_else(provider: Demonstration, clerk: Actor) -> None:
    digest, content = picture()
    other, _ = picture("red")
    outcome = services.take_file(
        result_file(clerk.account_id, [event(1)], {digest: content, other: b"no picture"}), actor=clerk, on=DAY
    )
    assert (outcome.taken, outcome.photos, len(outcome.photos_refused)) == (1, 1, 1)


def test_the_errand_of_somebody_else_is_not_taken_in(provider: Demonstration, clerk: Actor) -> None:
    provider.accounts = (0,)
    with pytest.raises(NotFound):
        services.take_file(result_file(clerk.account_id, [event(1)]), actor=clerk, on=DAY)
