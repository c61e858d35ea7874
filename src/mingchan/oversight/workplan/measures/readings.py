"""What a measure is (成果计量): a code, what it counts, and one set-based question whose answer is done and total."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan.choices import Unit


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure's figure: how much is done of how much. `is_dated` false: as known now, whatever day was asked for."""

    done: int
    total: int
    is_dated: bool = True

    @property
    def missing(self) -> int:
        """What is still to be done."""
        return max(self.total - self.done, 0)


Reader = Callable[[Actor, date | None], Reading | None]
"""Answers for what the actor may see, on a past day or now (None); None when it may not see what is counted."""


@dataclass(frozen=True)
class Measure:
    """A measure by its code. `rule` says in words when something counts as done.

    What is missing is shown at `route` (name of a page, with the parameters of its query string), or for cards on the
    plan's own list of missing cards (`lists_cards`).
    """

    code: str
    unit: Unit
    rule: Promise | str
    read: Reader
    route: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    lists_cards: bool = False


_MEASURES: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Offer measures to the stages of a plan. Raises ValueError when a code is given twice."""
    for measure in measures:
        if _MEASURES.setdefault(measure.code, measure) is not measure:
            raise ValueError(f"measure declared twice: {measure.code}")


def known() -> Mapping[str, Measure]:
    """Every measure by its code."""
    return dict(_MEASURES)
