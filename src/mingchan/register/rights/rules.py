"""Rules of confirmation (确权规则): shares, separation of duties, numbers, digests. Facts in, verdict out (2.3)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from mingchan.register.rights.choices import Fault
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft

LONGEST_TITLE = 80
LONGEST_BASIS = 200
MOST_PARTS = 10_000
"""The common denominator of a right's shares stays below it, so that a share can be read."""
CUSTODY = "CUSTODY"


class Found(NamedTuple):
    """A fault and the kind of right, or the field, that it is about."""

    field: str
    fault: Fault


class Person(NamedTuple):
    """Who took a step: the account, and what tells that two accounts are one person's."""

    account: int
    name: str
    office: int
    party: int | None = None


def faults_of(draft: ConfirmationDraft) -> list[Found]:
    """What keeps a batch from being proposed: every kind's shares must make exactly one whole."""
    found: list[Found] = []
    if not draft.title.strip():
        found.append(Found("title", Fault.NO_TITLE))
    if not draft.basis.strip():
        found.append(Found("basis", Fault.NO_BASIS))
    if len(draft.title) > LONGEST_TITLE:
        found.append(Found("title", Fault.TOO_LONG))
    if len(draft.basis) > LONGEST_BASIS:
        found.append(Found("basis", Fault.TOO_LONG))
    if not draft.holders:
        found.append(Found("holders", Fault.NO_HOLDERS))
    for kind, holders in by_kind(draft.holders).items():
        found += [Found(kind, fault) for fault in _faults_of_kind(kind, holders)]
    return found


def _faults_of_kind(kind: str, holders: Sequence[HolderDraft]) -> Iterable[Fault]:
    if any(not 0 < one.numerator <= one.denominator for one in holders):
        yield Fault.BAD_SHARE
        return
    if len({one.party for one in holders}) < len(holders):
        yield Fault.TWICE
    if sum(Fraction(one.numerator, one.denominator) for one in holders) != 1:
        yield Fault.NOT_WHOLE
    if lcm(*(one.denominator for one in holders)) > MOST_PARTS:
        yield Fault.MANY_SHARES
    if kind == CUSTODY and len(holders) > 1:
        yield Fault.CUSTODY_SHARED
    if kind != CUSTODY and any(one.organisation is not None or one.due_on is not None for one in holders):
        yield Fault.CUSTODY_ONLY


def by_kind(holders: Iterable[HolderDraft]) -> dict[str, list[HolderDraft]]:
    """Holders by kind of right, in the order they were given."""
    found: dict[str, list[HolderDraft]] = {}
    for one in holders:
        found.setdefault(one.kind, []).append(one)
    return found


def with_one_denominator(holders: Iterable[HolderDraft]) -> list[HolderDraft]:
    """The same holders with one denominator for each kind, the least: 1/2 + 1/4 + 1/4 gives 2/4 + 1/4 + 1/4."""
    found: list[HolderDraft] = []
    for same in by_kind(holders).values():
        whole = lcm(*(Fraction(one.numerator, one.denominator).denominator for one in same))
        found += [
            one._replace(numerator=one.numerator * whole // one.denominator, denominator=whole) for one in same
        ]  # fmt: skip
    return found


def share_of(text: str) -> tuple[int, int] | None:
    """A share as typed: blank or 全部 for the whole, 1/3, 50%, 0.25. None when it can't be read."""
    plain = text.strip().replace("／", "/").replace("％", "%").replace(" ", "")
    if plain in ("", "全部", "1"):
        return 1, 1
    try:
        if plain.endswith("%"):
            share = Fraction(plain[:-1]) / 100
        else:
            share = Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None
    return (share.numerator, share.denominator) if 0 < share <= 1 else None


def is_same_person(one: Person, other: Person | None) -> bool:
    """Whether two steps would be one person's: the same account or person, or the same name in the same office."""
    if other is None:
        return False
    if one.party is not None and one.party == other.party:
        return True
    return one.account == other.account or (one.name, one.office) == (other.name, other.office)


def certificate_number(prefix: str, year: int, number: int) -> str:
    """A certificate's number as papers write it: 偏确证字〔2020〕第0001号."""
    return f"{prefix}确证字〔{year}〕第{number:04d}号"


def digest(document: Any) -> str:
    """SHA-256 of a document, whose keys stand in order, so that the same content gives the same digest."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_rows(rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 of rows of plain values in their order, read as they come."""
    found = hashlib.sha256()
    for row in rows:
        found.update((",".join(map(str, row)) + "\n").encode())
    return found.hexdigest()


def masked(name: str) -> str:
    """A person's name for strangers: the family name, a star for each other character."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
