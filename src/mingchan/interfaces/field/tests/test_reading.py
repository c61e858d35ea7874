"""What a phone sends is checked field by field; one event that can't be read spoils no other."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mingchan.interfaces.field import reading
from mingchan.interfaces.field.tests.conftest import DEVICE, event, message
from mingchan.kernel.errors import Refusal

ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=10,
)


def test_an_event_is_read_as_it_was_made() -> None:
    photo = "a" * 64
    batch = reading.batch(message(7, [event(1, "count", data={"quantity": 2}, photos=[photo, photo], skew=-90)]))
    (read,) = batch.events
    assert (read.id, read.device, read.seq, read.kind, read.skew_seconds) == ("event-00000001", DEVICE, 1, "count", -90)
    assert read.at == datetime(2020, 3, 10, 4, 1, tzinfo=UTC)
    assert read.photos == (photo,)
    assert read.data == {"quantity": 2}
    assert (batch.account_id, batch.worked_by, batch.contact.name) == (7, "李示例", "新关镇 1 号")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"seq": 0}, id="no number"),
        pytest.param({"seq": True}, id="a truth value for a number"),
        pytest.param({"seq": 2**40}, id="a number no column holds"),
        pytest.param({"at": "2020-03-10T12:00:00"}, id="no zone"),
        pytest.param({"at": "0001-01-01T00:00:00+14:00"}, id="no day of a phone"),
        pytest.param({"at": 5}, id="no text"),
        pytest.param({"kind": "DROP TABLE"}, id="no kind"),
        pytest.param({"code": "x" * 61}, id="too long a code"),
        pytest.param({"code": "a\x00"}, id="a null character in the code"),
        pytest.param({"data": []}, id="no data"),
        pytest.param({"data": {"note": "a\x00b"}}, id="a null character in the data"),
        pytest.param({"data": {"note": "\ud800"}}, id="half a character"),
        pytest.param({"data": {"note": "x" * 100_001}}, id="too much data"),
        pytest.param({"photos": ["../../etc/passwd"]}, id="no digest"),
        pytest.param({"photos": ["a" * 64] * 21}, id="too many photographs"),
    ],
)
def test_an_event_that_cannot_be_read_is_answered_and_spoils_no_other(broken: dict[str, Any]) -> None:
    batch = reading.batch(message(7, [event(1, **broken), event(2)]))
    assert [read.seq for read in batch.events] == [2]
    ((key, taken, reason),) = batch.faulty
    assert (key, taken) == ("event-00000001", False)
    assert "不完整" in reason


def test_the_same_event_twice_in_a_message_is_one() -> None:
    batch = reading.batch(message(7, [event(1), event(1, "damaged")]))
    assert [read.kind for read in batch.events] == ["found"]


@pytest.mark.parametrize("broken", [{"format": "other"}, {"events": {}}, {"account": None}, {"device": "a b"}])
def test_a_message_that_cannot_be_used_is_refused_whole(broken: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        reading.batch({**message(7, []), **broken})


def test_too_many_events_at_once_are_refused() -> None:
    with pytest.raises(Refusal, match="500"):
        reading.batch(message(7, [event(number) for number in range(1, 502)]))


@given(some.binary(max_size=60))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    with suppress(Refusal):
        assert isinstance(reading.document(body), dict)


@given(some.dictionaries(some.sampled_from(sorted(message(1, []))), ANY_JSON), some.lists(ANY_JSON, max_size=3))
def test_any_message_is_read_or_refused(changed: dict[str, Any], events: list[Any]) -> None:
    try:
        batch = reading.batch({**message(1, events), **changed})
    except Refusal:
        return
    for read in batch.events:
        assert orjson.dumps(dict(read.data))
