"""Reading the stages (工作步骤查询): plans, how each stage stands on a day, what its outputs come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.oversight.workplan import measures, rules
from mingchan.oversight.workplan.choices import StageState
from mingchan.oversight.workplan.measures import Measure, Reading
from mingchan.oversight.workplan.measures import cards as card_measures
from mingchan.oversight.workplan.models import (
    Closing,
    ClosingFigure,
    Confirmation,
    Output,
    Stage,
    StageDays,
    WorkPlan,
)
from mingchan.register.assets import queries as assets

PROTECTED = (
    Protected("workplan", WorkPlan, label=("title",)),
    Protected(
        "workplan_stage",
        Stage,
        children=(
            Child(Output, fk="stage", name="outputs", order=("number",)),
            Child(StageDays, fk="stage", name="days", order=("number",)),
        ),
        label=("title",),
    ),
    Protected("workplan_confirmation", Confirmation, label=("note",)),
    Protected(
        "workplan_closing", Closing, children=(Child(ClosingFigure, fk="closing", name="figures"),), label=("note",)
    ),
)
"""What the verifier compares with the log."""

KEPT = 24
_kept: dict[tuple[Any, ...], tuple[tuple[int, str], dict[str, Reading | None]]] = {}
_lock = Lock()


class MissingCard(NamedTuple):
    """A card that an output still waits for; cost in fen."""

    id: int
    code: str
    name: str
    site: str
    division: str
    cost_fen: int


@dataclass(frozen=True, slots=True)
class OutputView:
    """An output as of a day: its measure (None when this installation has no such measure), figure, confirmations."""

    output: Output
    measure: Measure | None
    reading: Reading | None
    confirmations: tuple[Confirmation, ...]

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return (self.output.title_en if policy.english() else "") or self.output.title

    @property
    def percent(self) -> int | None:
        """Whole percent, None where nothing is counted or the actor may not see it."""
        return None if self.reading is None else rules.percent(self.reading.done, self.reading.total)


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage as of a day: the days in force, how it stands, its outputs, earlier days and closings, newest last."""

    stage: Stage
    days: StageDays
    state: StageState
    days_late: int
    outputs: tuple[OutputView, ...]
    entries: tuple[StageDays, ...]
    closings: tuple[Closing, ...]

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return (self.stage.title_en if policy.english() else "") or self.stage.title

    @property
    def closing(self) -> Closing | None:
        """The closing that counts: the newest one known on the day."""
        return self.closings[-1] if self.closings else None

    @property
    def percent(self) -> int:
        """What the outputs come to now; a closed stage shows the figures as they stood."""
        return self.closing.percent if self.closing is not None else self.percent_now

    @property
    def percent_now(self) -> int:
        """What the outputs come to as computed, closed or not."""
        return rules.stage_percent(output.percent for output in self.outputs)

    @property
    def waiting(self) -> tuple[OutputView, ...]:
        """Outputs that are not complete."""
        return tuple(output for output in self.outputs if output.percent is not None and output.percent < 100)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as of a day with its stages in order."""

    plan: WorkPlan
    day: date
    stages: tuple[StageView, ...]

    @property
    def percent(self) -> int:
        """The mean of the stages."""
        return rules.stage_percent(stage.percent for stage in self.stages)


def plans(actor: Actor) -> list[WorkPlan]:
    """The county's plans, the newest year first."""
    return list(WorkPlan.objects.filter(county=actor.county).order_by("-year"))


def plan_of(actor: Actor, year: int) -> WorkPlan:
    """The county's plan of a year. Raises NotFound when there is none."""
    found = WorkPlan.objects.filter(county=actor.county, year=year).first()
    if found is None:
        raise NotFound(_("这一年没有设立工作步骤。"))
    return found


def _stages(plan: WorkPlan) -> "QuerySet[Stage]":
    """The stages with all that hangs on them, in a handful of statements."""
    confirmations = Confirmation.objects.select_related("office").order_by("confirmed_on", "id")
    outputs = Output.objects.select_related("office").order_by("number")
    return (
        Stage.objects.filter(plan=plan)
        .select_related("office")
        .order_by("number")
        .prefetch_related(
            Prefetch("days", StageDays.objects.order_by("number")),
            Prefetch("outputs", outputs.prefetch_related(Prefetch("confirmations", confirmations))),
            Prefetch("closings", Closing.objects.order_by("number").prefetch_related("figures")),
        )
    )


def view(plan: WorkPlan, actor: Actor, day: date, today: date) -> PlanView:
    """The plan as it stood on a day: days, closings and confirmations known by then, figures of that day."""
    stages = list(_stages(plan))
    codes = [output.measure for stage in stages for output in stage.outputs.all()]
    readings = readings_of(codes, actor, day if day < today else None)
    return PlanView(plan, day, tuple(_stage(stage, day, readings) for stage in stages))


def _stage(stage: Stage, day: date, readings: Mapping[str, Reading | None]) -> StageView:
    entries = tuple(stage.days.all())
    known = [entry for entry in entries if entry.entered_on <= day] or [entries[0]]
    days = known[-1]
    closings = tuple(closing for closing in stage.closings.all() if closing.closed_on <= day)
    closed_on = closings[0].closed_on if closings else None
    state = StageState(rules.state(days.starts_on, days.ends_on, day, closed_on))
    measures_by_code = measures.known()
    outputs = tuple(
        OutputView(
            output,
            measures_by_code.get(output.measure),
            readings.get(output.measure),
            tuple(one for one in output.confirmations.all() if one.confirmed_on <= day),
        )
        for output in stage.outputs.all()
    )
    return StageView(stage, days, state, rules.days_late(days.ends_on, day, closed_on), outputs, tuple(known), closings)


def stage_view(plan: WorkPlan, code: str, actor: Actor, day: date, today: date) -> StageView:
    """One stage of the plan as of a day. Raises NotFound for another code."""
    found = next((stage for stage in view(plan, actor, day, today).stages if stage.stage.code == code), None)
    if found is None:
        raise NotFound(_("工作步骤中没有这个阶段。"))
    return found


def readings_of(codes: Sequence[str], actor: Actor, day: date | None) -> dict[str, Reading | None]:
    """Figures of measures, kept in memory until the log has a new record: reading the page again costs nothing.

    `day` None means now. What is kept is kept by what the actor may see.
    """
    log = evidence.latest_checkpoint()
    mark = (log.size, log.root)
    scopes = tuple(actor.scopes(right) for right in ("asset.view", "funding.view", "ledger.view"))
    parties = actor.parties("asset.view")
    key = (actor.county, scopes, parties, day, tuple(codes))
    found = _kept.get(key)
    if found is None or found[0] != mark:
        found = (mark, measures.read_all(codes, actor, day))
        with _lock:
            _kept.pop(key, None)
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found[1]


def measure(code: str) -> Measure:
    """A measure by its code. Raises NotFound for an unknown one."""
    found = measures.known().get(code)
    if found is None:
        raise NotFound(_("没有这项成果计量。"))
    return found


def missing(code: str, actor: Actor, day: date | None, after: int = 0) -> tuple[list[MissingCard], int | None]:
    """A page of the cards that a measure still waits for, and the number after which the next one begins."""
    if not measure(code).lists_cards:
        raise NotFound(_("这项成果不按资产卡片计量。"))
    rows, following = card_measures.missing(code, actor, day, after=after)
    names = assets.names_by_key({row[3] for row in rows if row[3]}, set(), {row[4] for row in rows if row[4]})
    found = [
        MissingCard(key, number, name, names.sites.get(site, ""), names.divisions.get(division, division), cost)
        for key, number, name, site, division, cost in rows
    ]
    return found, following


def own_office(actor: Actor) -> int | None:
    """The office of the actor's account; the system itself has none."""
    if actor.account_id is None:
        return None
    return Account.objects.filter(pk=actor.account_id).values_list("office_id", flat=True).first()


class StageFigures(NamedTuple):
    """Stages of the newest plan on a day: overdue, under way, ending soon, and the day on which the next one ends."""

    overdue: int
    running: int
    soon: int
    ends_on: date | None


def stage_figures(actor: Actor, on: date) -> StageFigures:
    """What the desk says of the newest plan's stages on a day."""
    newest = WorkPlan.objects.filter(county=actor.county).order_by("-year").first()
    if newest is None:
        return StageFigures(0, 0, 0, None)
    found = [_stage(stage, on, {}) for stage in _stages(newest)]
    states = [one.state for one in found]
    running = sum(state in (StageState.UNDER_WAY, StageState.DUE_SOON) for state in states)
    ends = min((one.days.ends_on for one in found if one.state == StageState.DUE_SOON), default=None)
    return StageFigures(states.count(StageState.OVERDUE), running, states.count(StageState.DUE_SOON), ends)
