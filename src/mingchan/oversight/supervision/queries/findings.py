"""Findings as lists, counts and one by one (问题清单): narrowed in the database, paged by key, tuples only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.oversight.supervision import permissions
from mingchan.oversight.supervision.checks import BY_CODE
from mingchan.oversight.supervision.choices import MANUAL, STANDING, Family, Severity, State
from mingchan.oversight.supervision.models import Finding, Period, Step

PAGE = 50
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What the list is narrowed to. `state`: one of its words, `standing`, `overdue` or `joint`; `age` in days."""

    state: str = ""
    family: str = ""
    severity: str = ""
    check: str = ""
    office: int | None = None
    town: str = ""
    subject: str = ""
    age: int | None = None
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "FindingFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, town = given.get("state", ""), given.get("town", "")
        office, age, check = given.get("office", ""), given.get("age", ""), given.get("check", "")
        return cls(
            state=state if state in (*State.values, "standing", "overdue", "joint") else "",
            family=_one_of(given.get("family", ""), Family.values),
            severity=_one_of(given.get("severity", ""), Severity.values),
            check=check if check in BY_CODE or check in MANUAL else "",
            office=_whole(office),
            town=town if town.isascii() and town.isdigit() and len(town) <= 12 else "",
            subject=given.get("subject", "").replace("\x00", "")[:60],
            age=_whole(age),
            words=given.get("q", "").replace("\x00", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        values = (
            self.state, self.family, self.severity, self.check, self.office, self.town, self.subject, self.age,
            self.words,
        )  # fmt: skip
        return sum(value not in ("", None) for value in values)


def _one_of(value: str, allowed: list[str]) -> str:
    return value if value in allowed else ""


def _whole(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


class Row(NamedTuple):
    """A finding as lists show it."""

    id: int
    check_code: str
    family: str
    severity: str
    subject: str
    title: str
    asset_id: int | None
    division_code: str
    figures: str
    office_name: str
    person_name: str
    state: str
    found_on: date
    due_on: date
    closed_on: date | None
    escalated_on: date | None
    waived_until: date | None
    times: int
    is_sample: bool


def narrowed(wanted: FindingFilter, actor: Actor, on: date) -> QuerySet[Finding]:
    """Findings the actor may see, inside the filter."""
    found = Finding.objects.filter(permissions.visible_to(actor))
    if wanted.state == "standing":
        found = found.filter(state__in=STANDING)
    elif wanted.state == "overdue":
        found = found.filter(state__in=STANDING, due_on__lt=on)
    elif wanted.state == "joint":
        found = found.filter(state__in=STANDING, escalated_on__isnull=False)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    for name, value in (("family", wanted.family), ("severity", wanted.severity), ("check_code", wanted.check)):
        if value:
            found = found.filter(**{name: value})
    if wanted.office is not None:
        found = found.filter(office=wanted.office)
    if wanted.town:
        found = found.filter(
            division_code__startswith=wanted.town[:9].rstrip("0") if len(wanted.town) < 12 else wanted.town
        )
    if wanted.subject:
        found = found.filter(subject=wanted.subject)
    if wanted.age is not None:
        found = found.filter(found_on__lte=on - timedelta(days=min(wanted.age, 36_500)))
    if wanted.words:
        found = found.filter(Q(title__contains=wanted.words) | Q(person_name__contains=wanted.words))
    return found


def rows(
    wanted: FindingFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[Row], str | None]:
    """A page of findings, newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor, on)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    page = [Row._make(row) for row in found.order_by("-pk").values_list(*Row._fields)[: limit + 1]]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


def every(wanted: FindingFilter, actor: Actor, on: date) -> Iterator[Row]:
    """Every finding inside the filter, newest first, for the export."""
    found = narrowed(wanted, actor, on).order_by("-pk").values_list(*Row._fields)
    yield from map(Row._make, found.iterator(chunk_size=2000))


def count(wanted: FindingFilter, actor: Actor, on: date) -> int:
    """How many findings, exact up to the cap; the cap plus one stands for more."""
    return int(narrowed(wanted, actor, on).order_by()[: COUNT_CAP + 1].count())


class Counts(NamedTuple):
    """Findings the actor may see: standing, of them grave, warnings, past their term, waiting for review, joint."""

    standing: int
    high: int
    warnings: int
    overdue: int
    to_review: int
    joint: int
    waived: int


def counts(actor: Actor, on: date) -> Counts:
    """How many findings stand where, in one statement."""
    open_ = Q(state__in=STANDING)
    found = Finding.objects.filter(permissions.visible_to(actor)).aggregate(
        standing=Count("pk", filter=open_),
        high=Count("pk", filter=open_ & Q(severity=Severity.HIGH)),
        warnings=Count("pk", filter=open_ & Q(severity=Severity.WARNING)),
        overdue=Count("pk", filter=open_ & Q(due_on__lt=on)),
        to_review=Count("pk", filter=Q(state__in=(State.REPORTED, State.GONE))),
        joint=Count("pk", filter=open_ & Q(escalated_on__isnull=False)),
        waived=Count("pk", filter=Q(state=State.WAIVED)),
    )
    return Counts(**found)


def counts_by_check(actor: Actor, on: date) -> dict[str, int]:
    """How many findings of each check stand on a day, by code, as far as the actor may see; none is left out as 0."""
    periods = Period.objects.filter(opened_on__lte=on).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    found = Finding.objects.filter(permissions.visible_to(actor), pk__in=periods.values("finding"))
    counted = dict(found.order_by().values_list("check_code").annotate(count=Count("pk")))
    return {code: int(counted.get(code, 0)) for code in (*BY_CODE, *MANUAL)}


def open_findings(actor: Actor, on: date, *, joint: bool = False, division: str = "", limit: int = 500) -> list[Row]:
    """Standing findings the actor may see, soonest term first; `joint`: those that joint supervision took up."""
    found = Finding.objects.filter(permissions.visible_to(actor), state__in=STANDING, found_on__lte=on)
    if joint:
        found = found.filter(escalated_on__isnull=False)
    if division:
        found = found.filter(division_code__startswith=division)
    return [Row._make(row) for row in found.order_by("due_on", "pk").values_list(*Row._fields)[:limit]]


def of_office(actor: Actor, on: date, office: int) -> tuple[int, int, date | None]:
    """What an office has to put right: how many, how many past their term, the first term that is to come."""
    found = Finding.objects.filter(permissions.visible_to(actor), office=office, state=State.OPEN).aggregate(
        own=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)), first=Min("due_on", filter=Q(due_on__gte=on))
    )
    return found["own"], found["late"], found["first"]


def finding(finding_id: int, actor: Actor) -> Finding:
    """A finding the actor may see. Raises NotFound otherwise, as if there were none."""
    found = (
        Finding.objects.select_related("office", "case").filter(permissions.visible_to(actor), pk=finding_id).first()
    )
    if found is None:
        raise NotFound(_("没有这个问题。"))
    return found


def steps(finding_id: int) -> list[Step]:
    """The journal of a finding in order."""
    return list(Step.objects.filter(finding_id=finding_id).order_by("pk"))


def periods(finding_id: int) -> list[Period]:
    """From when to when it stood."""
    return list(Period.objects.filter(finding_id=finding_id).order_by("pk"))


def of_asset(asset_id: int, actor: Actor, limit: int = 100) -> list[Row]:
    """Findings about an asset that the actor may see, standing ones first."""
    found = Finding.objects.filter(permissions.visible_to(actor), asset=asset_id).order_by("-pk")
    page = [Row._make(row) for row in found.values_list(*Row._fields)[:limit]]
    return sorted(page, key=lambda row: row.state == State.CLOSED)


def offices(actor: Actor) -> list[tuple[int, str]]:
    """Offices that answer for findings the actor may see."""
    found = Finding.objects.filter(permissions.visible_to(actor), office__isnull=False)
    keys = found.order_by().values("office").distinct()
    return list(Party.objects.filter(pk__in=keys).order_by("name").values_list("pk", "name"))
