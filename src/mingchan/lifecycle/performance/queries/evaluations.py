"""Evaluations as lists and pages show them, the grades that count, and what is made public of one (绩效评价)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.publication import Publication
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import points
from mingchan.lifecycle.operation.models import Contract, Covered
from mingchan.lifecycle.performance import pack, permissions
from mingchan.lifecycle.performance.choices import OPEN, State
from mingchan.lifecycle.performance.models import Evaluation

PAGE, COUNT_CAP = 50, 10_000


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """What a list of evaluations is narrowed to."""

    year: int = 0
    state: str = ""
    grade: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "EvaluationFilter":
        """The filter that an address asks for; what isn't understood is left out."""
        year, state, grade = given.get("year", ""), given.get("state", ""), given.get("grade", "")
        return cls(
            year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0,
            state=state if state in {*State.values, "open", "overdue"} else "",
            grade=grade if grade in {line.code for line in pack.indicators().grades} else "",
        )

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(map(bool, (self.year, self.state, self.grade)))


class Row(NamedTuple):
    """An evaluation in a list."""

    id: int
    year: int
    contract_id: int
    number: str
    title: str
    operator: str
    evaluator: str
    state: str
    points: int | None
    grade: str
    due_on: date
    confirmed_on: date | None
    is_sample: bool


_COLUMNS = (
    "id", "year", "contract_id", "contract__number", "contract__title", "contract__operator__name", "evaluator__name",
    "state", "points", "grade", "due_on", "confirmed_on", "is_sample",
)  # fmt: skip


def _found(wanted: EvaluationFilter, actor: Actor, on: date) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.filter(permissions.visible_to(actor))
    if wanted.year:
        rows = rows.filter(year=wanted.year)
    if wanted.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif wanted.state == "overdue":
        rows = rows.filter(state=State.ASSIGNED, due_on__lt=on)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade).exclude(state__in=(State.ASSIGNED, State.CANCELLED))
    return rows


def rows(wanted: EvaluationFilter, actor: Actor, on: date, *, after: int = 0) -> tuple[list[Row], int]:
    """A page of evaluations, newest first, and the key of the next page (0: none)."""
    found = _found(wanted, actor, on)
    if after:
        found = found.filter(pk__lt=after)
    shown = [Row(*row) for row in found.order_by("-pk").values_list(*_COLUMNS)[: PAGE + 1]]
    return shown[:PAGE], shown[PAGE - 1].id if len(shown) > PAGE else 0


def count(wanted: EvaluationFilter, actor: Actor, on: date) -> int:
    """How many there are, at most one more than COUNT_CAP."""
    return _found(wanted, actor, on).order_by()[: COUNT_CAP + 1].count()


def years(actor: Actor) -> list[int]:
    """Years with an evaluation the actor may see, newest first."""
    found = Evaluation.objects.filter(permissions.visible_to(actor)).order_by().values_list("year", flat=True)
    return sorted(set(found.distinct()), reverse=True)


def evaluation(evaluation_id: int, actor: Actor) -> Evaluation:
    """One evaluation with its contract. Raises NotFound where the actor sees none."""
    found = (
        Evaluation.objects.filter(pk=evaluation_id)
        .select_related("contract__operator", "contract__site", "evaluator", "case")
        .first()
    )
    return permissions.seen(actor, found)


def of_contract(contract: int, actor: Actor) -> list[Evaluation]:
    """Evaluations of a contract, newest year first, that the actor may see."""
    return list(Evaluation.objects.filter(permissions.visible_to(actor), contract=contract).order_by("-year", "-pk"))


def without(actor: Actor, year: int) -> QuerySet[Contract]:
    """Contracts that ran in a year and have no evaluation for it: what is still to be commissioned (R31)."""
    ran = Q(starts_on__year__lte=year, last_day__year__gte=year) & ~Q(status__in=("DRAFT", "PROCEDURE", "DROPPED"))
    done = Evaluation.objects.filter(year=year).exclude(state=State.CANCELLED).values("contract")
    return Contract.objects.filter(ran, county=actor.county).exclude(pk__in=done).order_by("pk")


class Failing(NamedTuple):
    """The last confirmed evaluation of a contract that didn't pass: points and what passes, hundredths of a point."""

    contract_id: int
    evaluation_id: int
    points: int
    passing: int
    confirmed_on: date


def failing(county: str, on: date) -> list[Failing]:
    """Contracts whose last confirmed evaluation as known on a day didn't pass (2.4.2d, 2.6.2): one statement."""
    found = (
        Evaluation.objects.filter(county=county, state=State.CONFIRMED, confirmed_on__lte=on)
        .order_by("contract_id", "year", "pk")
        .values_list("contract_id", "pk", "points", "grade", "indicators", "confirmed_on")
    )
    last = {row[0]: row for row in found}
    sets = {row[4]: pack.read(row[4]) for row in last.values()}
    failed = []
    for contract, key, scored, grade, used, confirmed_on in last.values():
        grades = sets[used].grades
        if confirmed_on is not None and not sets[used].line(grade).passes:
            passing = min((line.least for line in grades if line.passes), default=0)
            failed.append(Failing(contract, key, scored or 0, passing, confirmed_on))
    return failed


def last_grades(contracts: Iterable[int], on: date) -> dict[int, str]:
    """The last confirmed grade of contracts as known on a day, by contract: what disposal asks (3.4.3a)."""
    found = (
        Evaluation.objects.filter(contract__in=list(contracts), state=State.CONFIRMED, confirmed_on__lte=on)
        .order_by("contract_id", "year", "pk")
        .values_list("contract_id", "grade")
    )
    return dict(found)


def well_graded(asset_ids: Sequence[int], on: date) -> dict[int, str]:
    """Of assets those whose contract was graded good or better last time, with the words for it (3.4.3a)."""
    rows = Covered.objects.filter(asset__in=one_of(asset_ids, "bigint"), is_let=True, starts_on__lte=on)
    let = list(rows.values_list("asset_id", "contract_id"))
    grades = last_grades({contract for _asset, contract in let}, on)
    lines = {line.code: line for line in pack.indicators().grades}
    good = {
        contract: lines[grade] for contract, grade in grades.items() if grade in lines and lines[grade].tone == "good"
    }
    words = _("上一年度绩效评价“%(grade)s”")
    return {asset: words % {"grade": good[contract].label} for asset, contract in let if contract in good}


class Waiting(NamedTuple):
    """What waits for somebody, and what is late, as counts."""

    scoring: int
    scoring_late: int
    to_check: int
    to_send: int


def waiting(actor: Actor, on: date) -> Waiting:
    """Evaluations by what is next, as far as the actor sees them: one statement."""
    open_rows = Evaluation.objects.filter(permissions.visible_to(actor), state__in=OPEN).order_by()
    found = list(open_rows.values_list("state", "due_on", "appeal_until"))
    return Waiting(
        scoring=sum(state == State.ASSIGNED for state, _due, _until in found),
        scoring_late=sum(state == State.ASSIGNED and due < on for state, due, _until in found),
        to_check=sum(state == State.SUBMITTED for state, _due, _until in found),
        to_send=sum(state == State.ANNOUNCED and until is not None and until < on for state, _due, until in found),
    )


def publication(case: Case) -> Publication:
    """What is made public of an evaluation: its grade, points by part and indicator, and where it failed (2.4.2d)."""
    found = Evaluation.objects.select_related("contract__operator", "contract__site", "evaluator").get(case=case)
    used = pack.read(found.indicators)
    scored = dict(found.scores.values_list("code", "points"))
    line = used.line(found.grade)
    paragraphs = [
        _("%(evaluator)s受县财政局委托（%(number)s），对%(operator)s经营的%(title)s %(year)s 年度绩效进行了评价。")
        % {
            "evaluator": found.evaluator.name,
            "number": found.document_no,
            "operator": found.contract.operator.name,
            "title": found.contract.title,
            "year": found.year,
        },
        _("评价得分 %(points)s 分，等级为“%(grade)s”。") % {"points": points(found.points), "grade": line.label},
    ]
    if not line.passes:
        paragraphs.append(_("评价结果不达标，责令经营者限期整改，整改结果另行公布。"))
    return Publication(
        kind="EVALUATION",
        title=_("%(title)s %(year)s 年度绩效评价结果公示") % {"title": found.contract.title, "year": found.year},
        paragraphs=paragraphs,
        division_code=found.division_code,
        subject=Ref("evaluation", found.pk),
        columns=(_("部分"), _("指标"), _("分值"), _("得分")),
        rows=[
            (used.parts[one.part][0], one.label, points(one.weight), points(scored.get(one.code, 0)))
            for one in used.indicators
        ],
        clauses=("2.4.2d", "3.4.3b"),
    )
