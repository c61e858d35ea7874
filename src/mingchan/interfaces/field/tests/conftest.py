"""What tests of the field share: the demonstration provider, a clerk, events and pictures as a phone makes them."""

import hashlib
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from mingchan.interfaces.field import spool
from mingchan.interfaces.field.tests.demonstration import Demonstration
from mingchan.kernel import fieldwork
from mingchan.kernel.actor import Actor

NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)
DEVICE = "5b8c1a52-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _no_pieces() -> Iterator[None]:
    """Pieces of photographs lie outside the database, so no rollback takes them away."""
    yield
    shutil.rmtree(spool.folder(), ignore_errors=True)


@pytest.fixture
def provider() -> Iterator[Demonstration]:
    """The demonstration provider, registered for one test."""
    made = Demonstration()
    former = dict(fieldwork._providers)
    fieldwork.register(made)
    yield made
    fieldwork._providers.clear()
    fieldwork._providers.update(former)


@pytest.fixture
def clerk(actor_of: Callable[[str], Actor]) -> Actor:
    return actor_of("bureau_clerk")


def event(number: int, kind: str = "found", **more: Any) -> dict[str, Any]:
    """An event as the phone sends it."""
    return {
        "id": f"event-{number:08}", "seq": number, "kind": kind, "code": "140932-2018-000001", "data": {},
        "at": (NOON + timedelta(minutes=number)).isoformat(), "skew": 0, "photos": [], **more,
    }  # fmt: skip


def message(account: int | None, events: list[Any], **more: Any) -> dict[str, Any]:
    """A batch as the phone sends it."""
    return {
        "format": "mingchan-batch-1", "device": DEVICE, "name": "新关镇 1 号", "unsent": len(events), "skew": 3,
        "account": account, "worker": "李示例", "capsule": "", "events": events, **more,
    }  # fmt: skip


def picture(colour: str = "white", *, width: int = 60) -> tuple[str, bytes]:
    """A photograph and the digest of its bytes."""
    out = io.BytesIO()
    Image.new("RGB", (width, 40), colour).save(out, "JPEG")
    return hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue()
