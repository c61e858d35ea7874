"""Rules of reports from the public: numbers, codes, the order of steps, what an answer in public must not say."""

import re
from collections.abc import Mapping
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits of a code that nobody mistakes for another when it is read out on the telephone."""
CODE_LENGTH = 8
LONGEST_TEXT = 2000

_NEXT: Mapping[str, frozenset[str]] = {
    "RECEIVED": frozenset({"ACCEPT", "PASS_ON", "DECLINE"}),
    "ACCEPTED": frozenset({"INVESTIGATE", "PASS_ON"}),
    "INVESTIGATED": frozenset({"INVESTIGATE", "ANSWER"}),
    "ANSWERED": frozenset(),
    "DECLINED": frozenset(),
}
_AFTER: Mapping[str, str] = {
    "ACCEPT": "ACCEPTED",
    "PASS_ON": "RECEIVED",
    "INVESTIGATE": "INVESTIGATED",
    "ANSWER": "ANSWERED",
    "DECLINE": "DECLINED",
}
_NUMBER = re.compile(r"FY(\d{4})(\d{5})")
_LONG_DIGITS = re.compile(r"(?<!\d)(?:1\d{10}|\d{17}[\dXx])(?!\d)")


def number_text(year: int, serial: int) -> str:
    """A report's number as people read it: FY2020-00012."""
    return f"FY{year}-{serial:05d}"


def plain_number(text: str) -> str:
    """A number as typed, in its own form; empty when it can't be one."""
    found = _NUMBER.fullmatch(re.sub(r"[^0-9A-Z]", "", text.upper()))
    return f"FY{found[1]}-{found[2]}" if found else ""


def plain_code(text: str) -> str:
    """A code as typed: capital letters and digits only, at most a little longer than a code is."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[: CODE_LENGTH + 4]


def shown_code(code: str) -> str:
    """A code in two halves, easier to write down: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"


def acts(state: str, kind: str) -> frozenset[str]:
    """What may be done next. Only what needs no look on the spot (OTHER) is answered without one (2.6.2)."""
    found = _NEXT[state]
    return found | {"ANSWER"} if state == "ACCEPTED" and kind == "OTHER" else found


def state_after(act: str) -> str:
    """The state an act leads to. Raises KeyError for one that begins a report."""
    return _AFTER[act]


def days_over(state: str, due_on: date, on: date) -> int:
    """By how many days the answer is late; 0 when it is given or not yet due."""
    open_states = {"RECEIVED", "ACCEPTED", "INVESTIGATED"}
    return max(0, (on - due_on).days) if state in open_states else 0


def masked(name: str) -> str:
    """A name or another contact that is no number, for those who needn't know: its first character."""
    return name[:1] + "*" * min(3, max(1, len(name) - 1)) if name else ""


def names_somebody(answer: str, name: str, contact: str) -> bool:
    """Whether an answer would name the reporter, or holds a number of somebody's phone or identity card."""
    digits = re.sub(r"\D", "", contact)
    plain = re.sub(r"[\s-]", "", answer)
    if len(name) > 1 and name in plain:
        return True
    if len(digits) >= 5 and digits in plain:
        return True
    if len(contact) > 3 and contact in answer:
        return True
    return bool(_LONG_DIGITS.search(plain))
