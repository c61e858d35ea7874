"""What a card must satisfy (登记规则). Facts in, faults out: no database, no clock."""

import re
from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

from mingchan.kernel.money import LARGEST_FEN, MILLI
from mingchan.register.assets.choices import Fault, RightKind, SixClass, System, Tier
from mingchan.register.assets.drafts import CardDraft, PartDraft, ShareDraft

_SYSTEMS = frozenset(System.values)
_TIERS = frozenset(Tier.values)
_CLASSES = {
    "A01": SixClass.BUILDING,
    "A03": SixClass.RELIC,
    "A04": SixClass.BOOK,
    "A05": SixClass.FURNITURE,
    "A06": SixClass.FURNITURE,
    "A08": SixClass.INTANGIBLE,
}
LIMITS = {
    "name": 120, "code": 40, "class_code": 9, "division_code": 12, "place": 120, "model": 120, "brand": 60, "unit": 20,
    "project": 120, "funding": 20, "condition": 20, "serial_no": 60, "manufacturer": 120, "supplier": 120,
    "acquire_way": 20, "note": 500,
}  # fmt: skip
"""So many characters a text of a card may have."""

LAST_GENERAL = "A0212"
"""Of the equipment of GB/T 14885, A0201 to A0212 are general (通用设备); what follows is special (专用设备)."""


_CLASS = re.compile(r"A[0-9]{8}")
"""The form of a code of GB/T 14885-2022."""

MOST_PARTS = 1000
"""A lot is split into so many cards at most."""


class Found(NamedTuple):
    """A fault and the field it is about."""

    field: str
    fault: Fault


def six_class(class_code: str) -> str:
    """The class of the books for a classification code; general equipment while a card is unclassified."""
    found = _CLASSES.get(class_code[:3])
    if found is not None:
        return found.value
    if class_code.startswith("A02") and class_code[:5] > LAST_GENERAL:
        return SixClass.SPECIAL.value
    return SixClass.GENERAL.value


def may_be_registered(draft: CardDraft, on: date, countable: frozenset[str] = frozenset()) -> list[Found]:
    """Faults of a draft on a business date; `countable` are the units counted in whole pieces. Serves 2.1.1 and 2.2.

    The unit price is checked to the fen of the whole: price × quantity may differ from the cost by less than one fen.
    """
    found: list[Found] = []
    if not draft.name.strip():
        found.append(Found("name", Fault.NO_NAME))
    found += [Found(name, Fault.TOO_LONG) for name, limit in LIMITS.items() if len(getattr(draft, name)) > limit]
    if draft.system not in _SYSTEMS:
        found.append(Found("system", Fault.NO_SYSTEM))
    if draft.tier not in _TIERS:
        found.append(Found("tier", Fault.NO_TIER))
    if draft.quantity_milli <= 0:
        found.append(Found("quantity_milli", Fault.BAD_QUANTITY))
    elif draft.unit in countable and draft.quantity_milli % MILLI:
        found.append(Found("quantity_milli", Fault.PART_OF_ONE))
    if not 0 <= draft.cost_fen <= LARGEST_FEN:
        found.append(Found("cost_fen", Fault.BAD_COST))
    price = draft.unit_price_fen
    if price is not None and abs(price * draft.quantity_milli - draft.cost_fen * MILLI) >= MILLI:
        found.append(Found("unit_price_fen", Fault.PRICE_DIFFERS))
    if draft.funding_shares and sum(part.amount_fen for part in draft.funding_shares) != draft.cost_fen:
        found.append(Found("funding_shares", Fault.SHARES_DIFFER))
    if draft.acquired_on is not None and draft.acquired_on > on:
        found.append(Found("acquired_on", Fault.FUTURE_DATE))
    if draft.in_service_on is not None and draft.acquired_on is not None:
        early = draft.in_service_on < draft.acquired_on and draft.acquired_precision == "D"
        if early:
            found.append(Found("in_service_on", Fault.SERVICE_EARLY))
    return found


def class_is_known(class_code: str, known: Container[str]) -> list[Found]:
    """The fault of a code typed by hand that is neither in the county's shortlist nor of the standard's form (2.2)."""
    if not class_code or class_code in known or _CLASS.fullmatch(class_code):
        return []
    return [Found("class_code", Fault.BAD_CLASS)]


def may_be_split(quantity_milli: int, whole: bool, parts: Sequence[PartDraft]) -> list[Found]:
    """Faults of a split of a lot: two parts at least, each positive, whole where the unit is countable, none lost.

    A serial number is one thing's, so it stands only on a part of one.
    """
    found: list[Found] = []
    if len(parts) < 2:
        found.append(Found("parts", Fault.ONE_PART))
    if len(parts) > MOST_PARTS:
        found.append(Found("parts", Fault.MANY_PARTS))
    if any(part.quantity_milli <= 0 for part in parts):
        found.append(Found("quantity_milli", Fault.BAD_QUANTITY))
    elif whole and any(part.quantity_milli % MILLI for part in parts):
        found.append(Found("quantity_milli", Fault.PART_OF_ONE))
    if sum(part.quantity_milli for part in parts) != quantity_milli:
        found.append(Found("quantity_milli", Fault.PARTS_DIFFER))
    if any(part.serial_no and part.quantity_milli != MILLI for part in parts):
        found.append(Found("serial_no", Fault.SERIAL_OF_MANY))
    if any(len(part.serial_no) > LIMITS["serial_no"] or len(part.place or "") > LIMITS["place"] for part in parts):
        found.append(Found("parts", Fault.TOO_LONG))
    return found


def shares_are_whole(kind: str, shares: Sequence[ShareDraft]) -> Fault | None:
    """The fault of the shares that one kind of right is to be held in; no shares at all end the right (2.3).

    They have one denominator, so that they add up in whole numbers; each holder stands once; together they are the
    whole. A body and a term belong to custody only, and custody isn't shared: one person answers for a thing.
    """
    if kind not in RightKind.values:
        return Fault.BAD_KIND
    if not shares:
        return None
    if any(share.numerator <= 0 or share.denominator != shares[0].denominator for share in shares):
        return Fault.BAD_SHARE
    if len({share.party for share in shares}) < len(shares):
        return Fault.HOLDER_TWICE
    if sum(share.numerator for share in shares) != shares[0].denominator:
        return Fault.NOT_WHOLE
    if kind != RightKind.CUSTODY and any(share.organisation or share.due_on for share in shares):
        return Fault.TERM_OF_OTHER
    if kind == RightKind.CUSTODY and len(shares) > 1:
        return Fault.CUSTODY_SHARED
    return None


def largest(shares: Sequence[ShareDraft]) -> int | None:
    """Who holds the largest share, the first named of equals; None when nobody holds one."""
    return max(shares, key=lambda share: share.numerator).party if shares else None
