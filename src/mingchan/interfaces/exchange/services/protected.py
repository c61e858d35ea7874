"""Batches that the log protects (受保护的批次): from the moment one is applied, its row is vouched for."""

from collections.abc import Mapping
from typing import Any

from mingchan.foundation.evidence import protection
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch

_BOUND = (BatchState.APPLIED.value, BatchState.WITHDRAWN.value)


def _is_bound(document: Mapping[str, Any]) -> bool:
    return document.get("state") in _BOUND


BATCH = protection.Protected(
    kind="batch", model=Batch, exclude=("summary", "reading"), label=("file_name",), begins=_is_bound
)
"""Left out: what a reading of the kept file gives again. Before it is applied a batch is unknown to the log."""

PROTECTED = (BATCH,)


def document(batch: Batch) -> dict[str, Any]:
    """The whole row as the log keeps it."""
    return protection.document(BATCH, batch)
