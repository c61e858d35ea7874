"""Reading what a phone sends (读取回传): every field checked; one event that can't be read spoils no other."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from mingchan.interfaces.field.drafts import Batch, Contact
from mingchan.kernel.errors import Refusal
from mingchan.kernel.fieldwork import Answer, Event

BATCH_FORMAT = "mingchan-batch-1"
MOST_EVENTS = 500
LARGEST_DATA = 100_000
MOST_PHOTOS = 20
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_WORD = re.compile(r"[a-z_]{1,30}")
_DEVICE = re.compile(r"[0-9A-Za-z-]{8,40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST_SEQ = 2**31 - 1
_LARGEST_SKEW = 50 * 366 * 24 * 3600


def is_digest(text: Any) -> bool:
    """Whether the text is a SHA-256 in lower hex digits."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def document(body: bytes) -> dict[str, Any]:
    """The JSON object of a request or a file. Raises Refusal for anything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(_("发来的内容读不出来。")) from error
    if not isinstance(found, dict):
        raise Refusal(_("发来的内容读不出来。"))
    return found


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name, "")
    return "".join(char for char in value if char.isprintable())[:longest] if isinstance(value, str) else ""


def _whole(value: Any, least: int, most: int) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return value if fits else None


def contact(given: Mapping[str, Any]) -> Contact:
    """The phone that speaks. Raises Refusal without a key of its own."""
    device = given.get("device")
    if not isinstance(device, str) or _DEVICE.fullmatch(device) is None:
        raise Refusal(_("没有设备号，请重新打开外业程序。"))
    return Contact(
        device,
        _text(given, "name", 60),
        _whole(given.get("unsent"), 0, _LARGEST_SEQ) or 0,
        _whole(given.get("skew"), -_LARGEST_SKEW, _LARGEST_SKEW) or 0,
        _text(given, "version", 16),
    )


def batch(given: Mapping[str, Any]) -> Batch:
    """The events of one errand. Raises Refusal when the whole can't be used."""
    events = given.get("events")
    account = _whole(given.get("account"), 1, 2**62)
    if given.get("format") != BATCH_FORMAT or not isinstance(events, list) or account is None:
        raise Refusal(_("发来的内容读不出来。"))
    if len(events) > MOST_EVENTS:
        raise Refusal(_("一次最多上传 %(count)s 条记录。") % {"count": MOST_EVENTS})
    who = contact(given)
    capsule = given.get("capsule")
    found: dict[str, Event] = {}
    faulty: list[Answer] = []
    for one in events:
        event = _event(one, who.device)
        if isinstance(event, Event):
            found.setdefault(event.id, event)
        elif event is not None:
            faulty.append(event)
    return Batch(
        who,
        account,
        _text(given, "worker", 60),
        capsule if isinstance(capsule, str) and is_digest(capsule) else "",
        tuple(found.values()),
        tuple(faulty),
    )


def _event(given: Any, device: str) -> Event | Answer | None:
    """An event, the answer to one that can't be read, or nothing when it can't even be named."""
    if not isinstance(given, dict):
        return None
    key = given.get("id")
    if not isinstance(key, str) or _ID.fullmatch(key) is None:
        return None
    seq = _whole(given.get("seq"), 1, _LARGEST_SEQ)
    at = _moment(given.get("at"))
    kind, code, data, photos = given.get("kind"), given.get("code", ""), given.get("data", {}), given.get("photos", [])
    right = (
        seq is not None
        and at is not None
        and isinstance(kind, str)
        and _WORD.fullmatch(kind) is not None
        and isinstance(code, str)
        and len(code) <= 60
        and "\x00" not in code
        and isinstance(data, dict)
        and _storable(data)
        and isinstance(photos, list)
        and len(photos) <= MOST_PHOTOS
        and all(map(is_digest, photos))
    )
    if not right or seq is None or at is None or not isinstance(kind, str):
        return Answer(key, False, _("这条记录不完整，请重新登记。"))
    skew = _whole(given.get("skew"), -_LARGEST_SKEW, _LARGEST_SKEW) or 0
    return Event(key, device, seq, kind, at, skew, code, data, tuple(dict.fromkeys(photos)))


def _storable(data: dict[str, Any]) -> bool:
    """Whether a database can keep it: not too large, no half characters, no null character."""
    try:
        plain = orjson.dumps(data)
    except (orjson.JSONEncodeError, TypeError):
        return False
    return len(plain) <= LARGEST_DATA and b"\\u0000" not in plain


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found if found.utcoffset() is not None and 1971 <= found.year <= 2200 else None
    except (ValueError, OverflowError):
        return None
