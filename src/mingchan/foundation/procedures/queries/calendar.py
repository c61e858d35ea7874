"""Working days (工作日): the published list of the pack, and what the county put right itself."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from mingchan.foundation.procedures import pack, rules
from mingchan.foundation.procedures.models import DayException


def exceptions(county: str) -> Mapping[date, bool]:
    """Days that aren't what their weekday says, True where they are worked. The county's own word counts last."""
    found = dict(pack.working_days())
    found.update(DayException.objects.filter(county=county).values_list("day", "is_working"))
    return found


def working_day_after(county: str, day: date, count: int) -> date:
    """The day on which so many working days after `day` have passed in a county; the day itself doesn't count."""
    return rules.after_working_days(day, count, exceptions(county))


def last_known_year() -> int:
    """The last year that the published list covers; later ones know weekends only, and pages say so."""
    return max((day.year for day in pack.working_days()), default=0)


class Day(NamedTuple):
    """A day that isn't what its weekday says, with its note and whether the county said so itself."""

    day: date
    is_working: bool
    note: str
    is_own: bool


def of_year(county: str, year: int) -> list[Day]:
    """The exceptions of a year in order."""
    found = {day: Day(day, works, "", False) for day, works in pack.working_days().items() if day.year == year}
    own = DayException.objects.filter(county=county, day__year=year).values_list("day", "is_working", "note")
    found.update((day, Day(day, works, note, True)) for day, works, note in own)
    return [found[day] for day in sorted(found)]
