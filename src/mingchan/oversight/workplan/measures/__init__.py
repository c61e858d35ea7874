"""Measures of the stages' outputs (成果计量): registered by code, computed from the data, never typed in.

A context that brings a new kind of output registers its measure here (`register`), as the last lines show.
"""

from collections.abc import Iterable
from datetime import date

from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan.measures import cards, handing, money
from mingchan.oversight.workplan.measures.readings import Measure, Reading, known, register

__all__ = ["Measure", "Reading", "known", "read_all", "register"]


def read_all(codes: Iterable[str], actor: Actor, day: date | None) -> dict[str, Reading | None]:
    """Readings by code, of what the actor may see on the day (None: now); unknown codes are left out.

    Cards are counted for all measures together, so the register is read once (twice for a past day).
    """
    wanted, measures = list(dict.fromkeys(codes)), known()
    found: dict[str, Reading | None] = dict(cards.read(wanted, actor, day))
    for code in wanted:
        if code not in found and code in measures:
            found[code] = measures[code].read(actor, day)
    return found


register(*cards.MEASURES, *money.MEASURES, *handing.MEASURES)
