"""What a contract must satisfy (合同规则). Facts in, faults out: no database, no clock (2.4.2a, 2.4.2e)."""

from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

from mingchan.lifecycle.operation import schedule
from mingchan.lifecycle.operation.choices import LAWFUL_YEARS, Grade, Part, ShareOf
from mingchan.lifecycle.operation.drafts import TermsDraft

MOST_STEPS = 20
LONGEST = 2000
"""So many characters a text of the terms may have."""


class Lack(NamedTuple):
    """What a part of the contract lacks, as a word of `wording`."""

    part: str
    why: str


def lacks(terms: TermsDraft, *, modes: Container[str], years: int, grade: str, has_assets: bool) -> list[Lack]:
    """What keeps a contract from taking effect: each of the four parts that is missing or isn't lawful (2.4.2a).

    `years` is the county's limit of a term. A higher risk grade asks for an emergency plan too (2.4.2e).
    """
    found: list[Lack] = []
    if not terms.mode:
        found.append(Lack(Part.MODE, "no_mode"))
    elif terms.mode not in modes:
        found.append(Lack(Part.MODE, "unknown_mode"))
    if not has_assets:
        found.append(Lack(Part.MODE, "no_assets"))
    found += [Lack(Part.TERM, why) for why in term_faults(terms.starts_on, terms.last_day, years)]
    found += [Lack(Part.INCOME, why) for why in income_faults(terms)]
    if not terms.measures.strip():
        found.append(Lack(Part.RISK, "no_measures"))
    if grade in (Grade.MEDIUM, Grade.HIGH) and not terms.emergency_plan.strip():
        found.append(Lack(Part.RISK, "no_plan"))
    return found


def term_faults(starts_on: date | None, last_day: date | None, years: int) -> list[str]:
    """What is wrong with a term: none at all, backwards, longer than the law or the county allows."""
    if starts_on is None or last_day is None:
        return ["no_term"]
    if last_day < starts_on:
        return ["backwards"]
    if last_day > schedule.years_after(starts_on, LAWFUL_YEARS):
        return ["over_the_law"]
    if last_day > schedule.years_after(starts_on, years):
        return ["over_the_county"]
    return []


def income_faults(terms: TermsDraft) -> list[str]:
    """What is wrong with the sharing of income: nothing agreed, a share of nothing, steps out of order."""
    found = []
    shares = terms.share_of != ShareOf.NONE
    if shares != (terms.share_bp > 0):
        found.append("half_a_share")
    if terms.share_bp > schedule.WHOLE_BP:
        found.append("more_than_all")
    if min(terms.yearly_fen, terms.deposit_fen, terms.free_months, terms.due_days) < 0:
        found.append("negative")
    if not terms.yearly_fen and not terms.share_bp and not terms.income_note.strip():
        found.append("no_income")
    months = [step.from_month for step in terms.steps]
    if months != sorted(set(months)) or any(month < 2 for month in months) or len(months) > MOST_STEPS:
        found.append("steps_out_of_order")
    if any(step.yearly_fen < 0 for step in terms.steps):
        found.append("negative")
    return list(dict.fromkeys(found))


def schedule_of(terms: TermsDraft) -> schedule.Terms:
    """The terms as the schedule reads them. They must have passed `term_faults` and `income_faults`."""
    assert terms.starts_on is not None
    assert terms.last_day is not None
    return schedule.Terms(
        terms.starts_on, terms.last_day, terms.yearly_fen, terms.every, terms.due_at, terms.due_days,
        terms.free_months, [(step.from_month, step.yearly_fen) for step in terms.steps],
    )  # fmt: skip


def main_class(values: Sequence[tuple[str, int]]) -> str:
    """The class of assets with the largest value, the first by name of equals; general equipment for none."""
    sums: dict[str, int] = {}
    for name, fen in values:
        sums[name] = sums.get(name, 0) + fen
    return min(sums, key=lambda name: (-sums[name], name)) if sums else "GENERAL"


def amended_from(terms: TermsDraft, on: date) -> list[date]:
    """First days of the payment periods that begin on a day or later: when an amendment may take effect."""
    assert terms.starts_on is not None
    assert terms.last_day is not None
    return [first for first, _last in schedule.periods(terms.starts_on, terms.last_day, terms.every) if first >= on]


def days_left(last_day: date | None, on: date) -> int | None:
    """Days until the last day of something; None without one."""
    return None if last_day is None else (last_day - on).days
