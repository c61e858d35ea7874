"""Connections of the field (外业)."""

from mingchan.foundation.evidence.protection import Protected
from mingchan.interfaces.field import queries

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "field.Device": "when a phone last spoke and what it held then; what it brought back is recorded",
    "field.Photo": "which attachment a photograph became; the attachment, whose name has the digest, is protected",
}
LEFT_OUT: dict[str, str] = {}


def connect() -> None:
    """Nothing of the field stands on another context's pages; what goes out is registered by its own context."""
