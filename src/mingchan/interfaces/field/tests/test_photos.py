"""Photographs come in pieces, with any accident, and each is attached once under the digest that events name."""

import hashlib
from typing import Any

import pytest
from conftest import DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Attachment
from mingchan.interfaces.field import services, spool
from mingchan.interfaces.field.models import Photo
from mingchan.interfaces.field.tests.conftest import picture
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.kernel import fieldwork
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db
OWNER = f"{KIND}:7"


@pytest.fixture(autouse=True)
def _errand(provider: Demonstration, clerk: Actor) -> None:
    services.issue(KIND, "7", actor=clerk, on=DAY)


def send(actor: Actor, digest: str, content: bytes, offset: int, length: int) -> tuple[int, bool]:
    piece = content[offset : offset + length]
    return services.keep_piece(KIND, "7", digest, offset, len(content), piece, actor=actor, on=DAY)


def test_pieces_become_an_attachment_of_the_errand(clerk: Actor) -> None:
    digest, content = picture()
    assert send(clerk, digest, content, 0, 100) == (100, False)
    assert services.progress(KIND, "7", digest, actor=clerk, on=DAY) == (100, False)
    assert send(clerk, digest, content, 100, len(content)) == (len(content), True)
    assert services.progress(KIND, "7", digest, actor=clerk, on=DAY).complete
    (kept,) = evidence.attachments_of(Ref(KIND, 7))
    assert (kept.kind, kept.division_code) == ("PHOTO", "140932100000")
    assert fieldwork.sent_digest(kept.name) == digest
    assert kept.sha256 != digest
    assert evidence.photographs_of(Ref(KIND, 7), [digest, "0" * 64]) == {digest: kept}
    assert spool.received(OWNER, digest) == 0


def test_a_piece_out_of_place_changes_nothing_and_is_told_where_to_go_on(clerk: Actor) -> None:
    digest, content = picture()
    send(clerk, digest, content, 0, 100)
    assert send(clerk, digest, content, 0, 100) == (100, False)
    assert send(clerk, digest, content, 300, 50) == (100, False)
    assert not Photo.objects.exists()


def test_a_photograph_sent_again_is_known(clerk: Actor) -> None:
    digest, content = picture()
    for _again in range(2):
        assert send(clerk, digest, content, 0, len(content)) == (len(content), True)
    assert (Attachment.objects.count(), Photo.objects.count()) == (1, 1)


def test_bytes_that_are_not_the_photograph_are_thrown_away(clerk: Actor) -> None:
    digest, content = picture()
    with pytest.raises(Refusal, match="传输有误"):
        send(clerk, digest, content[:-1] + b"x", 0, len(content))
    assert spool.received(OWNER, digest) == 0
    assert send(clerk, digest, content, 0, len(content)).complete


def test_what_is_no_picture_is_refused(clerk: Actor) -> None:
    content = b"<html>" * 20
    with pytest.raises(Refusal):
        send(clerk, hashlib.sha256(content).hexdigest(), content, 0, len(content))
    assert not Attachment.objects.exists()


def test_too_large_a_photograph_is_refused_before_anything_is_kept(clerk: Actor) -> None:
    digest, _content = picture()
    with pytest.raises(Refusal, match="8"):
        services.keep_piece(KIND, "7", digest, 0, spool.LARGEST_PHOTO + 1, b"x", actor=clerk, on=DAY)
    assert spool.received(OWNER, digest) == 0


def test_whoever_has_no_errand_sends_no_photograph(provider: Demonstration, actor_of: Any) -> None:
    digest, content = picture()
    other = actor_of("bureau_head")
    provider.accounts = (0,)
    with pytest.raises(NotFound):
        send(other, digest, content, 0, len(content))


def test_whoever_may_not_attach_papers_there_is_refused_and_the_photograph_waits(clerk: Actor, actor_of: Any) -> None:
    digest, content = picture()
    with pytest.raises(NotAllowed):
        send(actor_of("system_admin"), digest, content, 0, len(content))
    assert send(clerk, digest, content, 0, len(content)).complete


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    steps=some.lists(some.tuples(some.integers(0, 700), some.integers(0, 400)), max_size=12), seed=some.integers(0, 255)
)
def test_whatever_pieces_come_the_photograph_is_whole_or_not_there(
    clerk: Actor, steps: list[tuple[int, int]], seed: int
) -> None:
    digest, content = picture(f"#{seed:02x}8040", width=40 + seed)
    for offset, length in steps:
        done = send(clerk, digest, content, offset, length)
        assert done.complete == Photo.objects.filter(sha256=digest).exists()
    while not (now := services.progress(KIND, "7", digest, actor=clerk, on=DAY)).complete:
        send(clerk, digest, content, now.received, 300)
    assert Attachment.objects.filter(name=fieldwork.photo_name(digest)).count() == 1
