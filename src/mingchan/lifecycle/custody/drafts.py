"""What is handed in about custody (草稿)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A file that shows an approval, as it was uploaded."""

    name: str
    content: bytes
