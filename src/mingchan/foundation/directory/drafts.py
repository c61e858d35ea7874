"""What others propose to the directory (草稿)."""

from typing import NamedTuple


class PartyDraft(NamedTuple):
    """A party as a list names it: kind (PartyKind), name, 12-digit division code, phone (whole or masked, or empty)."""

    kind: str
    name: str
    division_code: str
    phone: str = ""
