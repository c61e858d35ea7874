"""Rules of the library: how a version stands on a day, what changed between two texts. Pure."""

import difflib
from datetime import date
from typing import NamedTuple

SAME, GONE, NEW = "same", "gone", "new"


class Line(NamedTuple):
    """A line of a comparison: `kind` same, gone or new."""

    kind: str
    text: str


def standing(valid_from: date, valid_to: date | None, on: date) -> str:
    """COMING before its first day, REPLACED from the day on which it no longer holds, else IN_FORCE."""
    if on < valid_from:
        return "COMING"
    return "REPLACED" if valid_to is not None and on >= valid_to else "IN_FORCE"


def compared(older: str, newer: str) -> list[Line]:
    """The two texts line by line: what stayed, what is gone, what is new, in reading order."""
    kinds = {"  ": SAME, "- ": GONE, "+ ": NEW}
    lines = difflib.ndiff(older.splitlines(), newer.splitlines())
    return [Line(kinds[line[:2]], line[2:]) for line in lines if line[:2] in kinds]
