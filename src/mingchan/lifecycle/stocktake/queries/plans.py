"""Stocktakes as lists and pages show them: plans, places, expected assets, differences (盘点查询)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.kernel.holds import Hold
from mingchan.lifecycle.stocktake import permissions
from mingchan.lifecycle.stocktake.choices import (
    COMPARED,
    OVER,
    DifferenceKind,
    DifferenceState,
    Outcome,
    PlanKind,
    PlanState,
    Role,
)
from mingchan.lifecycle.stocktake.models import Assignment, Difference, Event, Line, Member, Plan, Task

PAGE, COUNT_CAP = 50, 10_000


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What a list of stocktakes is narrowed to."""

    year: int = 0
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "PlanFilter":
        """The filter that an address asks for; what isn't understood is left out."""
        year, kind, state = given.get("year", ""), given.get("kind", ""), given.get("state", "")
        return cls(
            year=_whole(year) if len(year) == 4 else 0,
            kind=kind if kind in PlanKind.values else "",
            state=state if state in {*PlanState.values, "open", "overdue"} else "",
        )

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(map(bool, (self.year, self.kind, self.state)))


class Row(NamedTuple):
    """A stocktake in a list."""

    id: int
    number: str
    title: str
    kind: str
    state: str
    base_on: date
    due_on: date
    line_count: int
    counted_count: int
    matched_count: int
    ended_on: date | None
    is_sample: bool


def _found(wanted: PlanFilter, actor: Actor, on: date) -> QuerySet[Plan]:
    rows = Plan.objects.filter(permissions.visible_to(actor))
    if wanted.year:
        rows = rows.filter(year=wanted.year)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state == "open":
        rows = rows.exclude(state__in=OVER)
    elif wanted.state == "overdue":
        rows = rows.exclude(state__in=OVER).filter(due_on__lt=on)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    return rows


def rows(wanted: PlanFilter, actor: Actor, on: date, *, after: int = 0) -> tuple[list[Row], int]:
    """A page of stocktakes, newest first, and the key of the next page (0: none)."""
    found = _found(wanted, actor, on)
    if after:
        found = found.filter(pk__lt=after)
    shown = [Row(*row) for row in found.order_by("-pk").values_list(*Row._fields)[: PAGE + 1]]
    return shown[:PAGE], shown[PAGE - 1].id if len(shown) > PAGE else 0


def count(wanted: PlanFilter, actor: Actor, on: date) -> int:
    """How many there are, at most one more than COUNT_CAP."""
    return _found(wanted, actor, on).order_by()[: COUNT_CAP + 1].count()


def years(actor: Actor) -> list[int]:
    """Years with a stocktake the actor may see, newest first."""
    return list(
        Plan.objects.filter(permissions.visible_to(actor)).order_by("-year").values_list("year", flat=True).distinct()
    )


def plan(plan_id: int, actor: Actor) -> Plan:
    """A stocktake. Raises NotFound out of the actor's sight."""
    found = Plan.objects.select_related("case").filter(permissions.visible_to(actor), pk=plan_id).first()
    if found is None:
        raise NotFound(_("没有这个盘点方案"))
    return found


def task(task_id: int, actor: Actor) -> Task:
    """A place of a stocktake with its plan. Raises NotFound out of the actor's sight."""
    found = Task.objects.select_related("plan", "site").filter(permissions.tasks_visible_to(actor), pk=task_id).first()
    if found is None:
        raise NotFound(_("没有这项盘点任务"))
    return found


def difference(difference_id: int, actor: Actor) -> Difference:
    """A difference with its plan and places. Raises NotFound out of the actor's sight."""
    found = (
        Difference.objects.select_related("plan", "task", "seen_task", "asset")
        .filter(_differences_of(actor), pk=difference_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这项盘点差异"))
    return found


def _differences_of(actor: Actor) -> Q:
    return Q(task__in=Task.objects.filter(permissions.tasks_visible_to(actor)).values("pk"))


class Progress(NamedTuple):
    """How far a place is."""

    id: int
    place: str
    division_code: str
    line_count: int
    line_fen: int
    seen: int
    counters: tuple[str, ...]
    finished: bool
    open_differences: int


def places(found: Plan, actor: Actor, *, after: int = 0) -> tuple[list[Progress], int]:
    """A page of the places of a plan with how far each is, and the key of the next page (0: none): five statements."""
    wanted = Task.objects.filter(permissions.tasks_visible_to(actor), plan=found, pk__gt=after).order_by("pk")
    tasks = list(wanted.values_list("pk", "place", "division_code", "line_count", "line_fen")[: PAGE + 1])
    shown = tasks[:PAGE]
    keys = [row[0] for row in shown]
    counters: dict[int, list[str]] = {}
    for key, name in (
        Assignment.objects.filter(task__in=keys, ended_on__isnull=True, member__left_on__isnull=True)
        .order_by("pk")
        .values_list("task_id", "member__name")
    ):
        counters.setdefault(key, []).append(name)
    kept = Event.objects.filter(task__in=keys).order_by()
    seen = dict(kept.exclude(code="").values_list("task_id").annotate(count=Count("code", distinct=True)))
    done = set(kept.filter(kind="finish").values_list("task_id", flat=True))
    differing = dict(
        Difference.objects.filter(task__in=keys, state=DifferenceState.OPEN)
        .order_by()
        .values_list("task_id")
        .annotate(count=Count("pk"))
    )
    made = [
        Progress(
            key, place or _("未注明地点"), division, lines, fen, min(seen.get(key, 0), lines),
            tuple(counters.get(key, ())), key in done, differing.get(key, 0),
        )
        for key, place, division, lines, fen in shown
    ]  # fmt: skip
    return made, shown[-1][0] if len(tasks) > PAGE else 0


def members(plan_id: int) -> list[Member]:
    """Everybody who has or had a part, in the order of parts and names."""
    return list(Member.objects.filter(plan=plan_id).order_by("role", "name", "pk"))


class LineRow(NamedTuple):
    """An expected asset in a list."""

    id: int
    asset_id: int
    code: str
    name: str
    model: str
    unit: str
    quantity_milli: int
    cost_fen: int
    place: str
    keeper: str | None
    condition: str
    outcome: str
    found_milli: int | None


_LINE = (
    "id", "asset_id", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "task__place", "keeper__name",
    "condition", "outcome", "found_milli",
)  # fmt: skip


def lines(
    found: Plan, actor: Actor, *, outcome: str = "", task_id: int = 0, after: str = ""
) -> tuple[list[LineRow], str]:
    """A page of what should be there by number, and the number at which the next begins (empty: none)."""
    wanted = Line.objects.filter(plan=found)
    if not _sees_all(actor):
        wanted = wanted.filter(task__in=Task.objects.filter(permissions.tasks_visible_to(actor)).values("pk"))
    if task_id:
        wanted = wanted.filter(task=task_id)
    if outcome in Outcome.values and outcome:
        wanted = wanted.filter(outcome=outcome)
    if after:
        wanted = wanted.filter(code__gt=after)
    shown = [LineRow(*row) for row in wanted.order_by("code").values_list(*_LINE)[: PAGE + 1]]
    return shown[:PAGE], shown[PAGE - 1].code if len(shown) > PAGE else ""


def _sees_all(actor: Actor) -> bool:
    return actor.everywhere(permissions.VIEW)


def every_line(task_ids: Sequence[int] | None, plan_id: int) -> QuerySet[Line, tuple[Any, ...]]:
    """What should be there, of some places or all, by place and number, as rows of `LineRow`."""
    wanted = Line.objects.filter(plan=plan_id)
    if task_ids is not None:
        wanted = wanted.filter(task__in=one_of(list(task_ids), "bigint"))
    return wanted.order_by("task_id", "code").values_list(*_LINE)


class DifferenceRow(NamedTuple):
    """A difference in a list."""

    id: int
    kind: str
    state: str
    asset_id: int | None
    code: str
    name: str
    unit: str
    booked_milli: int
    found_milli: int
    cost_fen: int
    place: str | None
    seen_place: str | None
    seen: str
    condition: str
    explanation: str
    decision: str
    reason: str
    result: str
    voucher: str


_DIFFERENCE = (
    "id", "kind", "state", "asset_id", "code", "name", "unit", "booked_milli", "found_milli", "cost_fen",
    "task__place", "seen_task__place", "seen", "condition", "explanation", "decision", "reason", "result", "voucher",
)  # fmt: skip


def differences(
    found: Plan, actor: Actor, *, kind: str = "", state: str = "", task_id: int = 0, after: int = 0
) -> tuple[list[DifferenceRow], int]:
    """A page of differences in the order in which they were found, and the key of the next page (0: none)."""
    wanted = Difference.objects.filter(plan=found, pk__gt=after)
    if not _sees_all(actor):
        wanted = wanted.filter(_differences_of(actor))
    if kind in DifferenceKind.values:
        wanted = wanted.filter(kind=kind)
    if task_id:
        wanted = wanted.filter(task=task_id)
    wanted = wanted.filter(state=state) if state in DifferenceState.values else wanted.exclude(state="LAPSED")
    shown = [DifferenceRow(*row) for row in wanted.order_by("pk").values_list(*_DIFFERENCE)[: PAGE + 1]]
    return shown[:PAGE], shown[PAGE - 1].id if len(shown) > PAGE else 0


def every_difference(plan_id: int) -> list[DifferenceRow]:
    """All differences of a plan that stand, by kind, for its report."""
    wanted = Difference.objects.filter(plan=plan_id).exclude(state=DifferenceState.LAPSED)
    return [DifferenceRow(*row) for row in wanted.order_by("kind", "code", "pk").values_list(*_DIFFERENCE)]


def by_kind(plan_id: int) -> dict[str, tuple[int, int]]:
    """Differences of a plan by kind: how many, and how many of them are open."""
    rows = Difference.objects.filter(plan=plan_id).exclude(state=DifferenceState.LAPSED).order_by()
    counts = {"all": Count("pk"), "open": Count("pk", filter=Q(state=DifferenceState.OPEN))}
    return {kind: (every, left) for kind, every, left in rows.values_list("kind").annotate(**counts)}


def by_outcome(plan_id: int) -> dict[str, tuple[int, int]]:
    """Lines of a plan by outcome: how many, and their cost in fen."""
    rows = Line.objects.filter(plan=plan_id).order_by()
    sums = {"count": Count("pk"), "fen": Sum("cost_fen")}
    return {outcome: (many, fen or 0) for outcome, many, fen in rows.values_list("outcome").annotate(**sums)}


def of_asset(asset_id: int, actor: Actor) -> list[tuple[Any, ...]]:
    """The stocktakes of an asset that the actor may see, newest first: plan, number, title, base date, state, outcome,
    quantities."""
    seen = Plan.objects.filter(permissions.visible_to(actor)).values("pk")
    rows = Line.objects.filter(asset=asset_id, plan__in=seen).order_by("-plan__base_on", "-plan_id")
    return list(
        rows.values_list(
            "plan_id", "plan__number", "plan__title", "plan__base_on", "plan__state", "outcome", "quantity_milli",
            "found_milli", "unit",
        )[:20]
    )  # fmt: skip


def holds_on_assets(ids: Sequence[int]) -> dict[int, Hold]:
    """Assets with a difference that isn't settled: they can't be withdrawn. One statement."""
    rows = (
        Difference.objects.filter(asset__in=one_of(list(ids), "bigint"))
        .filter(state__in=(DifferenceState.OPEN, DifferenceState.DECIDED), plan__state__in=COMPARED)
        .order_by("pk")
        .values_list("asset_id", "plan__number")
    )
    return {key: Hold(_("盘点%(number)s的差异还没有处理") % {"number": number}) for key, number in rows}


class Waiting(NamedTuple):
    """What waits for somebody in stocktakes."""

    tasks: int
    first_due: date | None
    to_check: int
    to_settle: int
    to_approve: int
    late: int


def waiting(actor: Actor, on: date) -> Waiting:
    """What waits for the actor: places to count, stocktakes to check, differences to settle: a few statements."""
    plans = list(
        Plan.objects.filter(permissions.visible_to(actor)).exclude(state__in=OVER).values_list("pk", "state", "due_on")
    )
    taking = [key for key, state, _due in plans if state == PlanState.COUNTING]
    dues = {key: due for key, _state, due in plans}
    mine: list[tuple[int, int]] = []
    checking: set[int] = set()
    if actor.account_id is not None:
        given = Assignment.objects.filter(
            member__account=actor.account_id, member__left_on__isnull=True, ended_on__isnull=True, task__plan__in=taking
        )
        finished = Event.objects.filter(account=actor.account_id, kind="finish", plan__in=taking).values("task")
        mine = list(given.exclude(task__in=finished).values_list("task_id", "task__plan_id"))
        checking = set(
            Member.objects.filter(account=actor.account_id, role=Role.CHECKER, left_on__isnull=True).values_list(
                "plan_id", flat=True
            )
        )
    to_settle = 0
    if actor.may(permissions.SETTLE):
        settling = [key for key, state, _due in plans if state == PlanState.SETTLING]
        to_settle = Difference.objects.filter(plan__in=settling, state=DifferenceState.OPEN).count()
    return Waiting(
        tasks=len(mine),
        first_due=min((dues[key] for _task, key in mine), default=None),
        to_check=sum(state == PlanState.CHECKING and key in checking for key, state, _due in plans),
        to_settle=to_settle,
        to_approve=sum(state == PlanState.DRAFT for _key, state, _due in plans),
        late=sum(due < on for _key, _state, due in plans),
    )


class Yearly(NamedTuple):
    """The stocktake that last year's assets need by the deadline (每年一季度前对上年资产清查)."""

    year: int
    deadline: date
    begun: bool
    closed: bool


def yearly(actor: Actor, on: date) -> Yearly:
    """Whether last year's assets were or are being counted: a plan of the yearly kind over the county whose base date
    lies in last year's last quarter or later (3.4.3b). One statement."""
    month = int(policy.thresholds()["stocktake.deadline_month"].value)
    deadline = date(on.year + month // 12, month % 12 + 1, 1)
    found = list(
        Plan.objects.filter(
            county=actor.county,
            kind=PlanKind.YEARLY,
            base_on__gte=date(on.year - 1, 10, 1),
            division_code=actor.county.ljust(12, "0"),
        )
        .exclude(state=PlanState.CANCELLED)
        .values_list("state", flat=True)
    )
    return Yearly(on.year - 1, date.fromordinal(deadline.toordinal() - 1), bool(found), PlanState.CLOSED.value in found)
