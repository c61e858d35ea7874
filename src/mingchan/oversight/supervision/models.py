"""Findings, their periods and journal, runs of the checks, samples for inspection (问题、期间、台账、检查、抽查).

A finding is one fact that one check found of one subject; the three together are its key, so that it is born once,
joined while it lasts and opened again when it returns. `figures` are the very figures that caused it, as JSON.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.refs import Ref
from mingchan.oversight.supervision.choices import (
    STANDING,
    Act,
    Cause,
    Family,
    LineResult,
    Severity,
    State,
)
from mingchan.register.assets.models import Asset


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Finding(models.Model):
    """A problem found (问题): by which check, about what, who answers for it until when, how far it is (1.2a).

    `subject` names what it is about as a reference (`contract:7`), `fact` tells facts of one subject apart (a year).
    `found_on` begins the present period, `since` is the day from which the fact has stood. `escalated_on` marks one
    that joint supervision (联合监管) has taken up. A closed one is opened again only by a new period.
    """

    county = models.CharField(_("县"), max_length=6)
    check_code = models.CharField(_("检查项"), max_length=40)
    family = models.CharField(_("类别"), max_length=10, choices=Family)
    severity = models.CharField(_("程度"), max_length=10, choices=Severity)
    subject = models.CharField(_("对象"), max_length=60)
    fact = models.CharField(_("事实"), max_length=60, blank=True, default="")
    title = models.CharField(_("对象名称"), max_length=200)
    asset = _key(Asset, _("资产"), null=True)
    division_code = models.CharField(_("区划"), max_length=12)
    figures = models.TextField(_("数据"))
    since = models.DateField(_("事实起始日"))
    office = _key(Party, _("责任单位"), null=True)
    office_name = models.CharField(_("责任单位名称"), max_length=120, blank=True, default="")
    person_name = models.CharField(_("责任人"), max_length=50, blank=True, default="")
    state = models.CharField(_("问题状态"), max_length=10, choices=State, default=State.OPEN)
    found_on = models.DateField(_("发现日期"))
    due_on = models.DateField(_("整改期限"))
    gone_on = models.DateField(_("事实消除日期"), null=True, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    escalated_on = models.DateField(_("提交联合监管日期"), null=True, blank=True)
    waived_until = models.DateField(_("豁免至"), null=True, blank=True)
    case = _key(Case, _("豁免审批"), null=True)
    times = models.PositiveIntegerField(_("出现次数"), default=1)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("问题")
        constraints = [
            models.UniqueConstraint(fields=["county", "check_code", "subject", "fact"], name="finding_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="finding_state_known"),
            models.CheckConstraint(condition=Q(family__in=Family.values), name="finding_family_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="finding_severity_known"),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_on__isnull=False) | ~Q(state=State.CLOSED) & Q(closed_on=None),
                name="finding_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WAIVED, waived_until__isnull=False, case__isnull=False)
                | ~Q(state=State.WAIVED) & Q(waived_until=None),
                name="finding_waived_by_case",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.GONE) | Q(gone_on__isnull=False), name="finding_gone_has_day"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("found_on")), name="finding_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="finding_list"),
            models.Index(fields=["county", "due_on", "id"], condition=Q(state__in=STANDING), name="finding_due"),
            models.Index(fields=["county", "division_code", "-id"], name="finding_place"),
            models.Index(fields=["county", "office", "-id"], name="finding_office"),
            models.Index(fields=["asset", "-id"], condition=Q(asset__isnull=False), name="finding_asset"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="finding_case"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.title}"

    @property
    def ref(self) -> Ref:
        """The finding as other contexts name it."""
        return Ref("finding", self.pk)


class Period(models.Model):
    """From when to when a finding stood (期间). One is open at most; a finding that returns gets another."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="periods", db_index=False)
    opened_on = models.DateField(_("自"))
    closed_on = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("问题期间")
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=Q(closed_on=None), name="finding_period_open_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="finding_period_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["finding", "id"], name="finding_period_list"),
            models.Index(fields=["opened_on", "closed_on"], name="finding_period_days"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.opened_on}"


class Step(models.Model):
    """One step in the life of a finding (问题台账): what, on which day, by whom, with which words. Rows are only added.

    `figures` are those of the day for steps that the checks made. Evidence hangs on the finding as attachments.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="steps", db_index=False)
    act = models.CharField(_("步骤"), max_length=10, choices=Act)
    on = models.DateField(_("日期"))
    office_name = models.CharField(_("单位"), max_length=120, blank=True, default="")
    done_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")
    text = models.TextField(_("内容"), blank=True, default="")
    figures = models.TextField(_("数据"), blank=True, default="")

    class Meta:
        verbose_name = _("问题台账")
        indexes = [models.Index(fields=["finding", "id"], name="finding_step_list")]
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="finding_step_known")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.act}"


class Run(models.Model):
    """A run of the checks (检查运行): as of which day, why, over what, how it ended. `cursor`: the log's size then."""

    county = models.CharField(_("县"), max_length=6)
    on = models.DateField(_("检查日期"))
    cause = models.CharField(_("运行原因"), max_length=6, choices=Cause)
    scope = models.CharField(_("范围"), max_length=60, blank=True, default="")
    cursor = models.BigIntegerField(_("留痕序号"))
    checks = models.PositiveIntegerField(_("检查项数"))
    found = models.PositiveIntegerField(_("成立"))
    opened = models.PositiveIntegerField(_("新发现"))
    gone = models.PositiveIntegerField(_("消除"))
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"))
    ran_at = models.DateTimeField(_("完成时间"))

    class Meta:
        verbose_name = _("检查运行")
        indexes = [models.Index(fields=["county", "-id"], name="supervision_run_list")]

    def __str__(self) -> str:
        return f"{self.on} {self.cause}"


class Sample(models.Model):
    """Assets drawn by lot for a look on the spot (抽查): anybody can draw them again from the `seed` kept (3.4.2).

    Drawn from the active cards of the place in order of their keys, as they stood on the day; `population_digest`
    names them.
    """

    county = models.CharField(_("县"), max_length=6)
    title = models.CharField(_("抽查名称"), max_length=120)
    division_code = models.CharField(_("抽查区划"), max_length=12)
    seed = models.CharField(_("随机种子"), max_length=40)
    population = models.PositiveIntegerField(_("总体件数"))
    population_digest = models.CharField(_("总体摘要"), max_length=64)
    count = models.PositiveIntegerField(_("样本件数"))
    drawn_on = models.DateField(_("抽取日期"))
    drawn_by = models.CharField(_("抽取人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("抽查")
        indexes = [models.Index(fields=["county", "-id"], name="supervision_sample_list")]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, count__lte=F("population")), name="sample_of_population")
        ]

    def __str__(self) -> str:
        return self.title


class SampleLine(models.Model):
    """An asset drawn for inspection (抽查明细) and what was found there; filled once."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="lines", db_index=False)
    asset = _key(Asset, _("资产"), index=True)
    result = models.CharField(_("抽查结果"), max_length=8, choices=LineResult, default=LineResult.WAITING)
    note = models.CharField(_("情况"), max_length=500, blank=True, default="")
    inspected_on = models.DateField(_("检查日期"), null=True, blank=True)
    inspector = _key(Account, _("检查人"), null=True)
    inspected_by = models.CharField(_("检查人姓名"), max_length=50, blank=True, default="")
    finding = _key(Finding, _("问题"), null=True)

    class Meta:
        verbose_name = _("抽查明细")
        constraints = [
            models.UniqueConstraint(fields=["sample", "asset"], name="sampleline_once"),
            models.CheckConstraint(
                condition=Q(result=LineResult.WAITING, inspected_on=None)
                | Q(result__in=(LineResult.FINE, LineResult.WRONG), inspected_on__isnull=False),
                name="sampleline_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.asset_id}"
