"""What rules and services of revival pass to each other (草稿): plain tuples, money in fen, points in hundredths."""

from datetime import date
from typing import NamedTuple


class Hit(NamedTuple):
    """That one of the four triggers holds for an asset: since when, the figures behind it, and what they rest on.

    `against` is what `figure` is measured against; `basis` a reference as text (`evaluation:5`), empty for the card.
    """

    trigger: str
    gauge: str
    figure: int
    against: int
    basis: str
    since: date

    @property
    def fact(self) -> tuple[object, ...]:
        """What makes it the same fact on another day: days go on counting, other figures don't."""
        if self.gauge == "DAYS":
            return (self.trigger, self.gauge, self.basis, self.since)
        return (self.trigger, self.gauge, self.basis, self.figure, self.against)


class Spare(NamedTuple):
    """An idle card that may go elsewhere: what it counts for by kind of site, how much, where it lies."""

    asset: int
    items: frozenset[tuple[str, str]]
    quantity_milli: int
    site: int | None
    division_code: str


class Need(NamedTuple):
    """What a site lacks of one item of its kind's list, in thousandths."""

    site: int
    kind: str
    item: str
    quantity_milli: int
    division_code: str


class Spot(NamedTuple):
    """A place on the map, in millionths of a degree (WGS 84)."""

    latitude_micro: int
    longitude_micro: int


class Offer(NamedTuple):
    """An idle card for a site that lacks it: how near the divisions are (0 to 3), and metres where both are known."""

    asset: int
    site: int
    item: str
    quantity_milli: int
    ring: int
    metres: int | None


class Effect(NamedTuple):
    """What a measure's assets did over a span: cards and those in use, income in fen, points in hundredths."""

    cards: int
    used: int
    income_fen: int
    points: int | None
