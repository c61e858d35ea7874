"""Rules of distribution (收益分配规则), plain Python: masks, bounds of a policy, shares to the fen (2.5a, 2.5b)."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mingchan.kernel import identity, money

WHOLE = 10_000
_BLANKS = re.compile(r"[\s-]")
ACCOUNT_DIGITS = range(8, 31)


class Fault(NamedTuple):
    """Why something is refused: a word for the sentence, and what it is about."""

    code: str
    about: str = ""
    figure: int = 0


def plain_number(text: str) -> str:
    """A number of a person or account without the blanks and dashes people write into it."""
    return _BLANKS.sub("", text).upper()


def identity_fault(number: str, on: date | None = None) -> str | None:
    """What is wrong with an identity number: old, length, signs, birth, check, or None."""
    return identity.fault(plain_number(number), on)


def phone_is_right(phone: str) -> bool:
    """Whether a phone number can be called: a mobile, or a fixed line with or without its area."""
    return re.fullmatch(r"1\d{10}|0\d{9,11}|\d{7,8}", _BLANKS.sub("", phone)) is not None


def account_is_right(account: str) -> bool:
    """Whether a bank account can be one: digits only, so many."""
    text = plain_number(account)
    return text.isascii() and text.isdecimal() and len(text) in ACCOUNT_DIGITS


def mask_name(name: str) -> str:
    """A name as the public sees it: 张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三. Nothing of it stays at one sign."""
    text = name.strip()
    if len(text) < 2:
        return "*" if text else ""
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_account(account: str) -> str:
    """An account as it is shown: its last four digits."""
    text = plain_number(account)
    return f"**** {text[-4:]}" if len(text) > 4 else ("****" if text else "")


def scope_of(division: str) -> str:
    """The digits that all divisions inside one share: six of a county, nine of a town, twelve of a village."""
    code = division.ljust(12, "0")
    if code.endswith("000000"):
        return code[:6]
    return code[:9] if code.endswith("000") else code


def percent(share: int) -> str:
    """Ten-thousandths as people write them: 6000 → 60%, 6125 → 61.25%."""
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}%".replace(".00%", "%")


# ---- Policies -----------------------------------------------------------------------------------------------------


def bounds_fault(bounds: Mapping[str, tuple[int, int]], uses: Collection[str]) -> Fault | None:
    """What is wrong with a policy's bounds: a use the pack doesn't know, one out of order, or no whole between them."""
    for use, (least, most) in bounds.items():
        if use not in uses:
            return Fault("unknown_use", use)
        if not 0 <= least <= most <= WHOLE:
            return Fault("out_of_order", use)
    if sum(least for least, _most in bounds.values()) > WHOLE:
        return Fault("too_much", "", sum(least for least, _most in bounds.values()))
    if sum(most for _least, most in bounds.values()) < WHOLE:
        return Fault("too_little", "", sum(most for _least, most in bounds.values()))
    return None


def relief_fault(
    starts_on: date,
    household_bound: tuple[int, int],
    categories: Collection[str],
    *,
    until: date,
    least: int,
    relief: Collection[str],
) -> Fault | None:
    """Whether a policy, or a plan's period, that begins while poor households come first breaks that (2.5b)."""
    if starts_on > until:
        return None
    if household_bound[0] < least:
        return Fault("households_first", "", least)
    others = [category for category in categories if category not in relief]
    return Fault("not_poor", others[0]) if others else None


def shares_fault(
    shares: Mapping[str, int], bounds: Mapping[str, tuple[int, int]], labels: Mapping[str, str]
) -> Fault | None:
    """Whether a plan's shares break the policy: outside the uses, outside a bound, or not a whole."""
    for use, share in shares.items():
        if use not in bounds and share:
            return Fault("not_in_policy", labels.get(use, use))
    for use, (least, most) in bounds.items():
        share = shares.get(use, 0)
        if share < least:
            return Fault("below", labels.get(use, use), least)
        if share > most:
            return Fault("above", labels.get(use, use), most)
    total = sum(shares.values())
    return None if total == WHOLE else Fault("no_whole", "", total)


# ---- Plans --------------------------------------------------------------------------------------------------------


class Candidate(NamedTuple):
    """A household that may get a share: its place in the list, people, category."""

    id: int
    division: str
    number: str
    people: int
    category: str


class ShareOf(NamedTuple):
    """What a household gets, in fen, by which weight; `reason` when it was set by hand."""

    household: int
    weight: int
    category: str
    fen: int
    reason: str


def split_uses(pool_fen: int, shares: Mapping[str, int], order: Sequence[str]) -> dict[str, int]:
    """The pool by uses, to the fen: largest remainder, a tie goes to the use that the pack names first."""
    asked = [use for use in order if shares.get(use, 0)]
    return dict(zip(asked, money.split(pool_fen, [shares[use] for use in asked]), strict=True))


def weight_of(method: str, candidate: Candidate, weights: Mapping[str, int], counted: Mapping[int, int]) -> int:
    """The weight of a household by the policy's method; nothing when it has no claim."""
    if method == "EQUAL":
        return 1
    if method == "HEADS":
        return candidate.people
    if method == "NEED":
        return weights.get(candidate.category, 0)
    return counted.get(candidate.id, 0)


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Households in the one order that the rounding goes by: village, then number (shorter first), then key."""
    return sorted(candidates, key=lambda one: (one.division, len(one.number), one.number, one.id))


def split_households(
    total_fen: int,
    candidates: Iterable[Candidate],
    method: str,
    *,
    weights: Mapping[str, int],
    counted: Mapping[int, int],
    fixed: Mapping[int, tuple[int, str]],
) -> list[ShareOf]:
    """The households' money to the fen, in the order of the list whatever order they come in.

    What was set by hand is taken out first. The rest is split by weight: whole fen rounded down, then one fen each to
    the largest remainders, a tie to whom stands first in the list. Raises ValueError with `nobody` when money is left
    and no household has a weight, `too_much` when what was set by hand is more than there is, `unknown` when it is set
    for a household that isn't in the list.
    """
    listed = in_order(candidates)
    if set(fixed) - {one.id for one in listed}:
        raise ValueError("unknown")
    left = total_fen - sum(fen for fen, _reason in fixed.values())
    if left < 0:
        raise ValueError("too_much")
    weighed = [0 if one.id in fixed else weight_of(method, one, weights, counted) for one in listed]
    if left and not any(weighed):
        raise ValueError("nobody")
    parts = money.split(left, weighed) if any(weighed) else [0] * len(listed)
    return [
        ShareOf(one.id, weight, one.category, *fixed.get(one.id, (part, "")))
        for one, weight, part in zip(listed, weighed, parts, strict=True)
        if one.id in fixed or weight
    ]


def file_until(made_on: date, days: int) -> date:
    """The last day on which a policy made on a day should be filed: the day itself doesn't count (2.5b)."""
    return made_on + timedelta(days=days)
