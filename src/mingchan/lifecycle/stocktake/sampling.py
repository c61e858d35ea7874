"""Random samples weighted by value and risk (抽样盘点): how large, which, and what they say of the whole.

Monetary unit sampling with probability proportional to weight: fen of book value, times a factor for risk. The draw is
systematic over an order that a stored seed fixes, so anybody may draw it again. The bound is Stringer's, with Poisson
factors: with the stated confidence no more than so many fen of the book value are missing. Whole numbers throughout;
factors are thousandths, rounded up.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from functools import cache
from hashlib import sha256
from typing import NamedTuple

LEAST_FEN = 100
"""What costs less, or nothing, is weighed as one yuan, so that it may be drawn too."""
MILLI = 1000
WHOLE_BP = 10_000
CONFIDENCES = (80, 90, 95, 99)


class Item(NamedTuple):
    """One asset of the whole: its key, its cost in fen, its factor of risk (1 for none)."""

    key: int
    fen: int
    risk: int = 1


class Draw(NamedTuple):
    """A sample: the interval, weights of what was drawn by key, and the sums of the whole."""

    interval: int
    drawn: dict[int, int]
    things: int
    fen: int
    weight: int


class Error(NamedTuple):
    """What a drawn asset lacks, in fen, with its book value and its weight."""

    missing_fen: int
    fen: int
    weight: int


class Bound(NamedTuple):
    """What a sample says of the whole: what is likely missing and what at most, in fen, with the confidence."""

    likely_fen: int
    most_fen: int
    confidence_percent: int
    precision_bp: int


def risk_of(*, condition_group: str, has_keeper: bool, has_place: bool, is_serial: bool) -> int:
    """The factor of an asset's risk: idle or damaged things, things nobody keeps and things without a place are easier
    lost; single things with a serial number are easier carried off. 1 to 5."""
    return 1 + (condition_group in ("idle", "damaged", "missing")) + (not has_keeper) + (not has_place) + is_serial


@cache
def factor(confidence_percent: int, errors: int) -> int:
    """The upper limit of a Poisson mean after so many errors, in thousandths, rounded up (2,996 for none at 95 %)."""
    with localcontext() as context:
        context.prec = 28
        wanted = (Decimal(100) - confidence_percent) / 100
        low, high = Decimal(0), Decimal(errors * 2 + 20)
        while high - low > Decimal("0.00001"):
            middle = (low + high) / 2
            term = total = (-middle).exp()
            for count in range(1, errors + 1):
                term = term * middle / count
                total += term
            low, high = (middle, high) if total > wanted else (low, middle)
        return int(high * MILLI) + 1


def weight_of(item: Item) -> int:
    """What an asset weighs in the draw."""
    return max(item.fen, LEAST_FEN) * item.risk


def draw(items: Iterable[Item], seed: str, precision_bp: int, confidence_percent: int) -> Draw:
    """Draw a sample whose bound is the wanted share of the whole when nothing is missing.

    The same items, seed and precision give the same draw, in whatever order the items come.
    """
    rows = [(sha256(f"{seed}:{item.key}".encode()).digest(), item) for item in items]
    rows.sort(key=lambda row: (row[0], row[1].key))
    fen = sum(max(item.fen, LEAST_FEN) for _order, item in rows)
    interval = max(1, fen * precision_bp * MILLI // (WHOLE_BP * factor(confidence_percent, 0)))
    ahead = int.from_bytes(sha256(seed.encode()).digest(), "big") % interval
    drawn: dict[int, int] = {}
    total = 0
    for _order, item in rows:
        weight = weight_of(item)
        total += weight
        if total > ahead:
            drawn[item.key] = weight
            ahead += ((total - 1 - ahead) // interval + 1) * interval
    return Draw(interval, drawn, len(rows), fen, total)


def bound(errors: Sequence[Error], *, interval: int, is_whole: bool, total_fen: int, confidence_percent: int) -> Bound:
    """What is missing in the whole, likely and at most. `is_whole`: everything was drawn, so nothing is estimated.

    An asset that weighs an interval or more is always drawn: what it lacks is known, not projected.
    """
    certain = sum(error.missing_fen for error in errors if error.weight >= interval)
    projected = sorted(
        (error.missing_fen * interval // error.weight for error in errors if 0 < error.weight < interval), reverse=True
    )
    likely = certain + sum(projected)
    most = certain
    if not is_whole:
        most += -(-factor(confidence_percent, 0) * interval // MILLI)
        for number, share in enumerate(projected, 1):
            step = factor(confidence_percent, number) - factor(confidence_percent, number - 1)
            most += -(-step * share // MILLI)
    else:
        most = likely
    most = min(most, total_fen)
    likely = min(likely, total_fen)
    return Bound(likely, most, confidence_percent, most * WHOLE_BP // total_fen if total_fen else 0)
