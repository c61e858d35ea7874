"""Rules of joint supervision: the drawing of samples, the order of a case's steps, masks. Whole numbers only."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

MASK_LENGTH = 3


class Weighed(NamedTuple):
    """One asset of the frame (抽样总体): its code, and its weight, a whole number above nought."""

    code: str
    weight: int


def seed_of(number: str, root: str) -> str:
    """The seed of a plan's drawing, 32 hex digits: made of the log's own root, so that nobody can choose it."""
    return hashlib.sha256(f"{number}\n{root}".encode()).hexdigest()[:32]


def frame_digest(frame: Iterable[Weighed]) -> str:
    """Digest of the frame, whatever the order it comes in: a line `code weight` for each asset, sorted."""
    lines = sorted(f"{one.code} {one.weight}\n" for one in frame)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def weight_of(weighting: str, cost_fen: int) -> int:
    """The weight of an asset: its cost in fen, one at least, or the same for all."""
    return max(1, cost_fen) if weighting == "COST" else 1


def draw(frame: Sequence[Weighed], size: int, seed: str) -> list[str]:
    """Draw `size` different codes of the frame, each as likely as its weight says (系统 PPS 抽样); the same every time.

    What weighs more than its share is drawn for certain. The others stand in an order that the seed decides, and every
    step-th unit of weight is hit, from a beginning that the seed decides. Codes come back in the order of the code.
    """
    left = sorted(frame)
    certain: list[str] = []
    wanted = min(size, len(left))
    while wanted:
        total = sum(one.weight for one in left)
        heavy = [one for one in left if one.weight * wanted >= total]
        if not heavy:
            break
        certain += [one.code for one in heavy]
        taken = set(heavy)
        left = [one for one in left if one not in taken]
        wanted -= len(heavy)
    return sorted(certain + _systematic(left, max(0, wanted), seed))


def _systematic(frame: Sequence[Weighed], size: int, seed: str) -> list[str]:
    if not size:
        return []
    mixed = sorted(frame, key=lambda one: (_number(f"{seed}\n{one.code}"), one.code))
    total = sum(one.weight for one in mixed)
    start = _number(f"{seed}\nstart") % total
    marks = iter([(start + total * place) // size for place in range(size)])
    found: list[str] = []
    mark, reached = next(marks), 0
    for one in mixed:
        reached += one.weight
        if mark < reached:
            found.append(one.code)
            following = next(marks, None)
            if following is None:
                break
            mark = following
    return found


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


_NEXT: Mapping[str, frozenset[str]] = {
    "OPEN": frozenset({"ADD_PERSON", "FIND", "TRANSFER", "DROP"}),
    "FOUND": frozenset({"ADD_PERSON", "FIND", "ORDER", "PAY", "TRANSFER", "CLOSE"}),
    "CLOSED": frozenset(),
    "DROPPED": frozenset(),
}
_AFTER: Mapping[str, str] = {"FIND": "FOUND", "CLOSE": "CLOSED", "DROP": "DROPPED"}


class Balance(NamedTuple):
    """Loss, compensation ordered and paid of a case, in fen."""

    loss_fen: int
    ordered_fen: int
    paid_fen: int

    @property
    def owed_fen(self) -> int:
        """What was ordered and isn't paid."""
        return self.ordered_fen - self.paid_fen

    @property
    def unordered_fen(self) -> int:
        """Loss for which nobody was ordered to pay."""
        return max(0, self.loss_fen - self.ordered_fen)


def acts(state: str, balance: Balance, people: int) -> frozenset[str]:
    """What may be done next. Nobody pays what nobody ordered; nothing is closed while compensation is owed."""
    found = set(_NEXT[state])
    if not people or not balance.unordered_fen:
        found.discard("ORDER")
    if not balance.owed_fen:
        found.discard("PAY")
    if balance.owed_fen or balance.unordered_fen or not people:
        found.discard("CLOSE")
    return frozenset(found)


def state_after(act: str, state: str) -> str:
    """The state after an act."""
    return _AFTER.get(act, state)


def masked(name: str) -> str:
    """A name as it is shown: its first character."""
    return name[:1] + "*" * min(MASK_LENGTH, max(1, len(name) - 1)) if name else ""


def plan_number(year: int, serial: int) -> str:
    """A plan's number as people read it: JG2025-01."""
    return f"JG{year}-{serial:02d}"


def case_number(year: int, serial: int) -> str:
    """A case's number as people read it: ZZ2025-003."""
    return f"ZZ{year}-{serial:03d}"


def scope_of(code: str) -> str:
    """The prefix that everything in a division begins with: county 6, township 9, village 12 digits."""
    if code[6:] == "000000":
        return code[:6]
    return code[:9] if code[9:] == "000" else code
