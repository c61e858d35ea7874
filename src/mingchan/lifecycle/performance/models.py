"""Goals, evaluations with their scores, visits, appeals and rectifications (绩效目标、评价、评分、核查、申诉、整改).

Money goals are in fen, other goals in whole numbers; points are hundredths of a point.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance.choices import AppealState, FixState, GoalKind, State, StepKind


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Goal(models.Model):
    """What a contract is to reach in a year (绩效目标), and what it reached. A changed target keeps its reason."""

    county = models.CharField(_("县"), max_length=6)
    contract = _key(Contract, _("经营合同"))
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("目标"), max_length=12, choices=GoalKind)
    target = models.BigIntegerField(_("目标值"))
    actual = models.BigIntegerField(_("完成数"), null=True, blank=True)
    basis = models.CharField(_("完成依据"), max_length=300, blank=True, default="")
    set_on = models.DateField(_("设定日期"))
    set_by = models.CharField(_("设定人"), max_length=50)
    reason = models.CharField(_("调整理由"), max_length=200, blank=True, default="")
    reported_on = models.DateField(_("填报日期"), null=True, blank=True)
    reported_by = models.CharField(_("填报人"), max_length=50, blank=True, default="")
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("绩效目标")
        constraints = [
            models.UniqueConstraint(fields=["contract", "year", "kind"], name="goal_once"),
            models.CheckConstraint(condition=Q(kind__in=GoalKind.values), name="goal_kind_known"),
            models.CheckConstraint(condition=Q(target__gt=0), name="goal_positive"),
            models.CheckConstraint(
                condition=Q(actual__isnull=True, reported_on__isnull=True)
                | Q(actual__gte=0, reported_on__isnull=False) & ~Q(basis=""),
                name="goal_reported_with_basis",
            ),
        ]
        indexes = [models.Index(fields=["county", "year", "contract"], name="goal_year")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.year} {self.kind}"


class Evaluation(models.Model):
    """The evaluation of a contract for a year by a third party whom finance commissioned (绩效评价, 2.4.2d).

    `indicators` is the set as it stood when commissioned, as JSON under `set_digest`. `points` and `grade` are worked
    out from the scores when they are handed in; they count from the day the case confirmed them.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    contract = _key(Contract, _("经营合同"))
    year = models.PositiveSmallIntegerField(_("年度"))
    evaluator = _key(Party, _("评价机构"), index=True)
    document_no = models.CharField(_("委托文号"), max_length=80)
    commissioned_on = models.DateField(_("委托日期"))
    commissioned_by = models.CharField(_("委托人"), max_length=50)
    due_on = models.DateField(_("评分期限"))
    indicators = models.TextField(_("指标体系"))
    set_digest = models.CharField(_("指标体系摘要"), max_length=64)
    state = models.CharField(_("进度"), max_length=10, choices=State, default=State.ASSIGNED)
    points = models.PositiveIntegerField(_("得分（百分之一分）"), null=True, blank=True)
    grade = models.CharField(_("等级"), max_length=12, blank=True, default="")
    opinion = models.TextField(_("评价意见"), blank=True, default="")
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    submitted_by = models.CharField(_("提交人"), max_length=50, blank=True, default="")
    returned_for = models.CharField(_("退回原因"), max_length=300, blank=True, default="")
    announced_on = models.DateField(_("告知日期"), null=True, blank=True)
    appeal_until = models.DateField(_("申诉截止日"), null=True, blank=True)
    case = _key(Case, _("审批事项"), null=True)
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("绩效评价")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "year"], condition=~Q(state="CANCELLED"), name="evaluation_once_a_year"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="evaluation_state_known"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__lte=10000), name="evaluation_points"),
            models.CheckConstraint(
                condition=Q(state__in=("ASSIGNED", "CANCELLED"))
                | Q(points__isnull=False, submitted_on__isnull=False) & ~Q(grade=""),
                name="evaluation_graded_when_handed_in",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("PROCEDURE", "CONFIRMED")) | Q(case__isnull=False),
                name="evaluation_confirmed_by_case",
            ),
            models.CheckConstraint(
                condition=Q(state="CONFIRMED", confirmed_on__isnull=False)
                | ~Q(state="CONFIRMED") & Q(confirmed_on__isnull=True),
                name="evaluation_confirmed_on",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "year", "id"], name="evaluation_year"),
            models.Index(fields=["county", "state", "id"], name="evaluation_state"),
            models.Index(fields=["contract", "-year"], name="evaluation_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.year}"


class Score(models.Model):
    """The score of one indicator (评分). `proposed_*` are the figures that the system found on the day of scoring."""

    evaluation = models.ForeignKey(
        Evaluation, verbose_name=_("绩效评价"), on_delete=models.PROTECT, related_name="scores"
    )
    code = models.CharField(_("指标"), max_length=20)
    points = models.PositiveIntegerField(_("得分（百分之一分）"))
    numerator = models.BigIntegerField(_("分子"), null=True, blank=True)
    denominator = models.BigIntegerField(_("分母"), null=True, blank=True)
    proposed_numerator = models.BigIntegerField(_("系统分子"), null=True, blank=True)
    proposed_denominator = models.BigIntegerField(_("系统分母"), null=True, blank=True)
    grounds = models.CharField(_("评分依据"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("评分")
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.code}"


class Visit(models.Model):
    """A check on the spot by the evaluator (现场核查): where, when, what was found. Never changed."""

    evaluation = models.ForeignKey(
        Evaluation, verbose_name=_("绩效评价"), on_delete=models.PROTECT, related_name="visits"
    )
    visited_on = models.DateField(_("核查日期"))
    place = models.CharField(_("地点"), max_length=120)
    checked = models.PositiveIntegerField(_("抽查件数"))
    matching = models.PositiveIntegerField(_("相符件数"))
    found = models.CharField(_("核查情况"), max_length=1000)
    photo = models.CharField(_("照片"), max_length=60, blank=True, default="")
    noted_by = models.CharField(_("记录人"), max_length=50)

    class Meta:
        verbose_name = _("现场核查")
        constraints = [
            models.CheckConstraint(condition=Q(matching__lte=models.F("checked")), name="visit_matching_of_checked")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.place}"


class Appeal(models.Model):
    """The evaluated body's objection to its result (申诉), within the term of the announcement (1.2b)."""

    evaluation = models.ForeignKey(
        Evaluation, verbose_name=_("绩效评价"), on_delete=models.PROTECT, related_name="appeals"
    )
    text = models.CharField(_("申诉内容"), max_length=1000)
    raised_on = models.DateField(_("申诉日期"))
    raised_by = models.CharField(_("申诉人"), max_length=50)
    paper = models.CharField(_("证明材料"), max_length=60, blank=True, default="")
    state = models.CharField(_("处理"), max_length=8, choices=AppealState, default=AppealState.OPEN)
    answer = models.CharField(_("答复"), max_length=1000, blank=True, default="")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=50, blank=True, default="")

    class Meta:
        verbose_name = _("申诉")
        constraints = [
            models.UniqueConstraint(fields=["evaluation"], condition=Q(state="OPEN"), name="appeal_one_open"),
            models.CheckConstraint(
                condition=Q(state="OPEN", answered_on__isnull=True)
                | ~Q(state="OPEN") & Q(answered_on__isnull=False) & ~Q(answer=""),
                name="appeal_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}"


class Rectification(models.Model):
    """What a failed evaluation obliges its operator to put right, by when (不达标整改, 2.4.2d)."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    evaluation = models.OneToOneField(
        Evaluation, verbose_name=_("绩效评价"), on_delete=models.PROTECT, related_name="+"
    )
    demand = models.CharField(_("整改要求"), max_length=1000)
    ordered_on = models.DateField(_("下达日期"))
    due_on = models.DateField(_("整改期限"))
    state = models.CharField(_("进度"), max_length=8, choices=FixState, default=FixState.OPEN)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("整改")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_on__isnull=False) | ~Q(state="CLOSED") & Q(closed_on__isnull=True),
                name="fix_closed_on",
            )
        ]
        indexes = [models.Index(fields=["county", "state", "due_on", "id"], name="fix_due")]

    def __str__(self) -> str:
        return f"{self.evaluation_id}"


class FixStep(models.Model):
    """One step of a rectification (整改记录). Never changed."""

    rectification = models.ForeignKey(
        Rectification, verbose_name=_("整改"), on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(_("步骤"), max_length=10, choices=StepKind)
    text = models.CharField(_("说明"), max_length=1000)
    paper = models.CharField(_("材料"), max_length=60, blank=True, default="")
    until = models.DateField(_("新期限"), null=True, blank=True)
    on = models.DateField(_("日期"))
    office_name = models.CharField(_("单位"), max_length=120, blank=True, default="")
    done_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("整改记录")

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.kind}"
