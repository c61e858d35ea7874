"""Pure rules of handing over (移交规则): facts in, faults out. No database, no clock (3.3, 2.6.1b)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingchan.register.handover.choices import Fault, HandoverKind, Resolution, Result, State
from mingchan.register.handover.drafts import HandoverDraft, TickDraft

BESIDE = ("USE", "INCOME", "SUPERVISION")
"""Rights that may pass with the ownership. The right to operate may not: changing the operator has its own procedure
(2.4.2b)."""

STATES: Mapping[str, frozenset[str]] = {
    "edit": frozenset({State.DRAFT, State.CHECKING, State.SIGNING}),
    "add": frozenset({State.DRAFT, State.CHECKING, State.SIGNING}),
    "remove": frozenset({State.DRAFT}),
    "refresh": frozenset({State.DRAFT, State.CHECKING, State.SIGNING}),
    "open": frozenset({State.DRAFT}),
    "tick": frozenset({State.CHECKING, State.SIGNING}),
    "resolve": frozenset({State.CHECKING, State.SIGNING}),
    "sign": frozenset({State.CHECKING, State.SIGNING}),
    "retract": frozenset({State.SIGNING}),
    "cancel": frozenset({State.DRAFT, State.CHECKING, State.SIGNING}),
}
"""In which states of the list each act may be done."""


def may(act: str, state: str) -> bool:
    """Whether the act may be done to a list in the state."""
    return state in STATES[act]


def moved(kind: str, rights: Sequence[str] = (), *, keeper: bool = False) -> tuple[str, ...]:
    """The kinds of rights that pass by a list, custody last; `keeper` says whether a new keeper is named."""
    if kind == HandoverKind.CUSTODY:
        return ("CUSTODY",)
    first = "OWNERSHIP" if kind == HandoverKind.OWNERSHIP else "USE"
    beside = [name for name in BESIDE if name in rights and kind == HandoverKind.OWNERSHIP]
    return (first, *beside, *(("CUSTODY",) if keeper else ()))


def faults_of_head(draft: HandoverDraft, on: date, *, to_is_person: bool, keeper_is_person: bool) -> list[Fault]:
    """What is wrong with the head of a list drafted on a day."""
    found: list[Fault] = []
    if draft.from_party == draft.to_party:
        found.append(Fault.SAME_SIDES)
    if not draft.reason.strip():
        found.append(Fault.NO_REASON)
    if "OPERATION" in draft.rights:
        found.append(Fault.OPERATION_APART)
    if draft.kind == HandoverKind.CUSTODY and not to_is_person:
        found.append(Fault.KEEPER_NOT_PERSON)
    if draft.kind == HandoverKind.OWNERSHIP and draft.keeper is None:
        found.append(Fault.NO_KEEPER)
    if draft.keeper is not None and not keeper_is_person:
        found.append(Fault.KEEPER_NOT_PERSON)
    if draft.due_on is not None and draft.due_on <= on:
        found.append(Fault.TERM_IN_PAST)
    return found


@dataclass(frozen=True, slots=True)
class CardFact:
    """What a card says that decides whether a side may hand it over: holders by id."""

    is_active: bool
    owner: int | None
    user: int | None
    keeper: int | None


def fault_of_card(kind: str, from_party: int, card: CardFact) -> Fault | None:
    """Why a side can't hand a card over, None when it can: one gives only what one has."""
    if not card.is_active:
        return Fault.NOT_ACTIVE
    if kind == HandoverKind.OWNERSHIP and card.owner != from_party:
        return Fault.NOT_OWNER
    if kind == HandoverKind.CUSTODY and card.keeper != from_party:
        return Fault.NOT_KEEPER
    if kind == HandoverKind.USE and from_party not in ((card.user,) if card.user is not None else (card.owner,)):
        return Fault.NOT_USER
    return None


def fault_of_tick(tick: TickDraft, listed_milli: int, listed_condition: str) -> Fault | None:
    """What is wrong with a tick of an item of that quantity (thousandths) and condition."""
    if tick.result == Result.NOT_FOUND:
        return None
    counted = listed_milli if tick.counted_milli is None else tick.counted_milli
    if counted <= 0:
        return Fault.NO_COUNT
    if tick.result == Result.MATCHES and counted != listed_milli:
        return Fault.COUNT_DIFFERS
    same = counted == listed_milli and tick.condition in ("", listed_condition) and not tick.remark.strip()
    if tick.result == Result.DIFFERS and same:
        return Fault.SAME_COUNT_SAME_STATE
    return None


def fault_of_resolution(resolution: str, note: str, result: str) -> Fault | None:
    """What is wrong with deciding so about an item; `result` is what its check found, blank while it is unticked."""
    if not note.strip():
        return Fault.NO_NOTE
    if resolution == Resolution.ACCEPTED and result == Result.NOT_FOUND:
        return Fault.MISSING_LEFT_ONLY
    if resolution == Resolution.ACCEPTED and result != Result.DIFFERS:
        return Fault.NO_DIFFERENCE
    return None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: items on it, of them ticked, with a difference, with one still open; left out; changed."""

    items: int
    ticked: int
    matches: int
    different: int
    unresolved: int
    left_out: int
    changed: int = 0

    @property
    def unticked(self) -> int:
        """Items nobody has ticked."""
        return self.items - self.ticked


def before_signing(progress: Progress) -> list[Fault]:
    """What still keeps a list from being signed."""
    found = []
    if not progress.items:
        found.append(Fault.NO_ITEMS)
    if progress.unticked:
        found.append(Fault.UNTICKED)
    if progress.unresolved:
        found.append(Fault.UNRESOLVED)
    if progress.changed:
        found.append(Fault.CHANGED)
    return found


@dataclass(frozen=True, slots=True)
class SignerFact:
    """Who wants to sign for a side. Ids of accounts and offices.

    `side_person` is the account of the side's own person and `other_person` that of the other side's, None when the
    side is no person or has no account. `signed_other` holds the accounts that ever signed for the other side.
    """

    account: int
    office: int
    side_office: int
    side_person: int | None
    other_person: int | None
    signed_other: frozenset[int]
    side_is_signed: bool


def fault_of_signer(signer: SignerFact) -> Fault | None:
    """Why somebody may not sign for a side (segregation): only its own office or person, and never for both."""
    if signer.side_is_signed:
        return Fault.SIGNED_ALREADY
    if signer.account in signer.signed_other:
        return Fault.BOTH_SIDES
    if signer.side_person is not None:
        return None if signer.account == signer.side_person else Fault.NOT_THE_PERSON
    if signer.account == signer.other_person:
        return Fault.OTHER_PERSON
    if signer.office != signer.side_office:
        return Fault.WRONG_OFFICE
    return None


def digest(head: Mapping[str, Any], items: Iterable[Sequence[Any]]) -> str:
    """SHA-256 of the list's content as 64 hex digits: the head, then each item that is on it, in order."""
    total = hashlib.sha256(_bytes(dict(head)))
    for item in items:
        total.update(b"\n")
        total.update(_bytes(list(item)))
    return total.hexdigest()


def _bytes(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def common_division(one: str, other: str) -> str:
    """The smallest division that holds both, as twelve digits: the village, its town, or the county."""
    for digits in (12, 9, 6):
        if one[:digits] == other[:digits]:
            return one[:digits].ljust(12, "0")
    return one[:6].ljust(12, "0")
