"""Terms that the plan or the county set, and what is about to run out (期限): 2.4.2d, 3.4.3, 4.1, 4.2, 4.3."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures import queries as procedures
from mingchan.foundation.procedures.models import Task
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance.models import Evaluation, FixStep, Rectification
from mingchan.oversight.complaints.choices import OPEN
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.disclosure.models import Notice, Objection
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.oversight.workplan.models import Closing, Stage, StageDays


def _working_days_before(scope: Scope, name: str) -> date:
    """The last day from which more than the bound of working days have passed."""
    count, day = scope.bound(name), scope.on
    while procedures.working_day_after(scope.county, day, count) >= scope.on:
        day -= timedelta(days=1)
    return day


def _open(scope: Scope, closed: str) -> Q:
    return Q(**{f"{closed}__isnull": True}) | Q(**{f"{closed}__gt": scope.on})


def _tasks(scope: Scope) -> "QuerySet[Task]":
    return Task.objects.filter(
        _open(scope, "closed_on"),
        county=scope.county,
        opened_on__lte=scope.on,
        due_on__isnull=False,
        case__status="RUNNING",
    ).order_by("pk")


def _tasks_late(scope: Scope) -> Iterator[Hit]:
    """Steps of cases past their term."""
    rows = _tasks(scope).filter(due_on__lt=scope.on)
    for key, case, title, division, name, seat, due in rows.values_list(
        "pk", "case_id", "case__title", "division_code", "name", "seat", "due_on"
    ):
        yield Hit(
            case,
            title,
            division,
            known(due),
            {"step": name, "seat": seat or str(_("提交单位")), "due_on": text(due)},
            None,
            f"task:{key}",
        )


def _tasks_due(scope: Scope) -> Iterator[Hit]:
    """Steps of cases whose term ends within the warning."""
    until = procedures.working_day_after(scope.county, scope.on, scope.bound("working_days"))
    rows = _tasks(scope).filter(due_on__gte=scope.on, due_on__lte=until)
    for key, case, title, division, name, seat, due in rows.values_list(
        "pk", "case_id", "case__title", "division_code", "name", "seat", "due_on"
    ):
        yield Hit(
            case,
            title,
            division,
            scope.on,
            {"step": name, "seat": seat or str(_("提交单位")), "due_on": text(due)},
            None,
            f"task:{key}",
        )


def _complaints(scope: Scope) -> Iterator[Hit]:
    """Reports from the public not answered by their day."""
    rows = Complaint.objects.filter(county=scope.county, received_on__lte=scope.on, due_on__lt=scope.on)
    rows = rows.filter(Q(closed_on__gt=scope.on) | Q(state__in=OPEN)).order_by("pk")
    for one, number, division, due, office in rows.values_list("pk", "number", "handled_in", "due_on", "office_name"):
        yield Hit(one, number, division, due, {"due_on": text(due), "office": office})


def _objections(scope: Scope, first: date | None, last: date) -> Iterator[Hit]:
    rows = Objection.objects.filter(county=scope.county, raised_on__lte=scope.on, due_on__lte=last)
    rows = rows.filter(Q(answered_on__gt=scope.on) | Q(state__in=("OPEN", "ACCEPTED"))).order_by("pk")
    if first is not None:
        rows = rows.filter(due_on__gte=first)
    for one, number, division, due, notice in rows.values_list(
        "pk", "number", "division_code", "due_on", "notice__title"
    ):
        yield Hit(one, number, division, due if first is None else scope.on, {"due_on": text(due), "notice": notice})


def _objections_late(scope: Scope) -> Iterator[Hit]:
    """Objections not answered by their day: the case behind them is held."""
    return _objections(scope, None, scope.on - timedelta(days=1))


def _objections_due(scope: Scope) -> Iterator[Hit]:
    """Objections whose answer is due within the warning."""
    return _objections(scope, scope.on, scope.ahead("days"))


def _unpublished(scope: Scope) -> Iterator[Hit]:
    """Facts that wait for their notice beyond the working days of the regulation."""
    before = _working_days_before(scope, "working_days")
    published = Notice.objects.filter(task=OuterRef("pk"), published_on__lte=scope.on).exclude(
        state__in=("WITHDRAWN", "DROPPED")
    )
    rows = Task.objects.filter(
        _open(scope, "closed_on"), county=scope.county, waits="notice", opened_on__lte=before, case__status="RUNNING"
    ).exclude(Exists(published))
    for key, case, title, division, since in rows.order_by("pk").values_list(
        "pk", "case_id", "case__title", "division_code", "opened_on"
    ):
        yield Hit(case, title, division, since, {"since_on": text(since)}, None, f"task:{key}")


def _not_evaluated(scope: Scope) -> Iterator[Hit]:
    """Contracts that ran in the year before and have no confirmed evaluation by the deadline."""
    year, month = scope.on.year - 1, scope.bound("month")
    deadline = (date(scope.on.year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if scope.on <= deadline:
        return
    done = Evaluation.objects.filter(contract=OuterRef("pk"), year=year, confirmed_on__lte=scope.on)
    rows = (
        Contract.objects.filter(county=scope.county, starts_on__lte=date(year, 12, 31), last_day__gte=date(year, 1, 1))
        .exclude(status__in=("DRAFT", "PROCEDURE", "DROPPED"))
        .exclude(Exists(done))
        .order_by("pk")
    )
    for one, number, division in rows.values_list("pk", "number", "division_code"):
        yield Hit(one, number, division, deadline, {"year": year, "deadline_on": text(deadline)}, None, str(year))


def _fixes(scope: Scope) -> Iterator[Hit]:
    """Rectifications ordered after a failed evaluation that are past their day."""
    until = FixStep.objects.filter(rectification=OuterRef("pk"), kind="EXTENDED").order_by("-pk").values("until")[:1]
    rows = (
        Rectification.objects.filter(
            _open(scope, "closed_on"), county=scope.county, ordered_on__lte=scope.on, due_on__lt=scope.on
        )
        .annotate(extended=Subquery(until))
        .order_by("pk")
    )
    for one, division, due, ordered, title in rows.values_list(
        "pk", "division_code", "due_on", "ordered_on", "evaluation__contract__number"
    ):
        yield Hit(one, title, division, due, {"ordered_on": text(ordered), "due_on": text(due)})


def _stages_late(scope: Scope) -> Iterator[Hit]:
    """Stages of the plan past their last day and not closed."""
    last = StageDays.objects.filter(stage=OuterRef("pk"), entered_on__lte=scope.on).order_by("-number")
    closed = Closing.objects.filter(stage=OuterRef("pk"), closed_on__lte=scope.on)
    rows = (
        Stage.objects.filter(plan__county=scope.county)
        .annotate(ends=Subquery(last.values("ends_on")[:1]))
        .filter(ends__lt=scope.on)
        .exclude(Exists(closed))
        .order_by("pk")
    )
    for one, title, year, ends in rows.values_list("pk", "title", "plan__year", "ends"):
        yield Hit(one, f"{year} {title}", scope.county, ends, {"ends_on": text(ends)})


CHECKS = (
    Check(
        "task_late", _("审批环节逾期"), Family.WATCH, Severity.MEDIUM, ("2.4.2c", "4.2"), "case", _tasks_late,
        _("“%(step)s”应由%(seat)s于%(due_on)s前办理，已逾期。"),
        _("及时办理，或由督办单位催办"), "procedures:case", ("procedures",), by_asset=False,
    ),
    Check(
        "task_due", _("审批环节即将到期"), Family.WATCH, Severity.WARNING, ("4.2",), "case", _tasks_due,
        _("“%(step)s”由%(seat)s办理，期限%(due_on)s，不足%(working_days)s个工作日。"),
        _("及时办理"), "procedures:case", ("procedures",), by_asset=False,
    ),
    Check(
        "complaint_late", _("群众反映逾期未答复"), Family.WATCH, Severity.MEDIUM, ("4.3", "2.6.2"), "complaint",
        _complaints,
        _("应由%(office)s于%(due_on)s前答复，已逾期。"),
        _("核查并答复"), "complaints:detail", ("complaints",), by_asset=False,
    ),
    Check(
        "objection_late", _("异议逾期未处理"), Family.WATCH, Severity.HIGH, ("3.4.3a", "4.3"), "objection",
        _objections_late,
        _("对《%(notice)s》的异议应于%(due_on)s前答复，已逾期。"),
        _("核查并答复异议"), "disclosure:objection", ("disclosure",), "R24", by_asset=False,
    ),
    Check(
        "objection_due", _("异议即将到期"), Family.WATCH, Severity.WARNING, ("4.2", "3.4.3a"), "objection",
        _objections_due,
        _("对《%(notice)s》的异议应于%(due_on)s前答复，不足%(days)s天。"),
        _("核查并答复异议"), "disclosure:objection", ("disclosure",), "R24", by_asset=False,
    ),
    Check(
        "notice_late", _("公开逾期"), Family.WATCH, Severity.MEDIUM, ("2.4.2c", "3.4.3a"), "case", _unpublished,
        _("自%(since_on)s起应当公示，超过%(working_days)s个工作日未发布。"),
        _("发布公示"), "procedures:case", ("procedures", "disclosure"), "R33", by_asset=False,
    ),
    Check(
        "not_evaluated", _("绩效缺评"), Family.RUNNING, Severity.MEDIUM, ("2.4.2d",), "contract", _not_evaluated,
        _("%(year)s年度未在%(deadline_on)s前完成第三方绩效评价。"),
        _("由县财政局委托第三方评价"), "operation:contract", ("performance", "operation"), "R31", by_asset=False,
    ),
    Check(
        "fix_late", _("绩效不达标未整改"), Family.RUNNING, Severity.HIGH, ("2.4.2d",), "rectification", _fixes,
        _("%(ordered_on)s下达整改，期限%(due_on)s，逾期未销号。"),
        _("完成整改并报复核"), "performance:fix", ("performance",), "R31", by_asset=False,
    ),
    Check(
        "stage_late", _("工作阶段逾期"), Family.WATCH, Severity.MEDIUM, ("3.1–3.4", "4.1"), "workplan_stage",
        _stages_late,
        _("应于%(ends_on)s前完成，尚未办结。"),
        _("完成各项成果并办结阶段"), "workplan:newest", ("workplan",), by_asset=False, takes_subject=False,
    ),
)  # fmt: skip
