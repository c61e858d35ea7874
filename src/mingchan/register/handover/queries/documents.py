"""What the verifier compares of handovers, and the documents the log keeps of them (受保护的行)."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.register.handover.models import Handover, Line, Signature, Tick

HANDOVER = Protected("handover", Handover)
LINE = Protected("handover_line", Line, exclude=("is_open",))
"""`is_open` follows the state of the list and what was decided about the item; it only keeps an asset from standing
on two lists at once."""
TICK = Protected("handover_tick", Tick, label=("result",))
SIGNATURE = Protected("handover_signature", Signature)

PROTECTED = (HANDOVER, LINE, TICK, SIGNATURE)
_BY_MODEL = {item.model: item for item in PROTECTED}
LINE_NAMES = protection.document_names(Line, LINE.exclude)
TICK_NAMES = protection.document_names(Tick)


def document(row: models.Model) -> dict[str, Any]:
    """The whole row as the log keeps it."""
    return protection.document(_BY_MODEL[type(row)], row)


def line_documents(pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Items as the log keeps them, by id, in one statement."""
    rows = Line.objects.filter(pk__in=pks).order_by("pk").values_list(*LINE_NAMES)
    found = (protection.from_values(LINE_NAMES, row) for row in rows)
    return {document["id"]: document for document in found}


def tick_documents(pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Ticks as the log keeps them, by id, in one statement."""
    rows = Tick.objects.filter(pk__in=pks).order_by("pk").values_list(*TICK_NAMES)
    found = (protection.from_values(TICK_NAMES, row) for row in rows)
    return {document["id"]: document for document in found}
