"""Work plans (工作步骤): stages, days as entries, outputs, confirmations, closings. Rows only ever grow (3.1–3.4).

Nothing here is changed: new days are a new entry with its reason, a stage closed again is a new closing with new
figures. Guards of the database refuse everything else.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party


def _office(label: Any) -> "models.ForeignKey[Party, Party]":
    return models.ForeignKey(Party, verbose_name=label, on_delete=models.PROTECT, related_name="+")


class WorkPlan(models.Model):
    """The plan of a county for a year (工作方案), set up from the template of the policy pack."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    set_up_on = models.DateField(_("设立日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("工作步骤")
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="workplan_once")]

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """One stage of a plan (阶段), its clause and the office that answers for it."""

    plan = models.ForeignKey(WorkPlan, verbose_name=_("工作步骤"), on_delete=models.PROTECT, related_name="stages")
    code = models.SlugField(_("代码"), max_length=20)
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("阶段"), max_length=60)
    title_en = models.CharField(_("阶段（英文）"), max_length=80, blank=True, default="")
    clause = models.CharField(_("条款"), max_length=10)
    office = _office(_("责任单位"))

    class Meta:
        verbose_name = _("阶段")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="workplan_stage_code"),
            models.UniqueConstraint(fields=["plan", "number"], name="workplan_stage_number"),
        ]

    def __str__(self) -> str:
        return self.title


class StageDays(models.Model):
    """From when until when a stage runs (阶段日期): the newest entry counts, earlier ones stay with their reasons."""

    stage = models.ForeignKey(Stage, verbose_name=_("阶段"), on_delete=models.PROTECT, related_name="days")
    number = models.PositiveSmallIntegerField(_("序号"))
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("截止"))
    entered_on = models.DateField(_("登记日期"))
    reason = models.CharField(_("理由"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("阶段日期")
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="workplan_days_number"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="workplan_days_in_order"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="workplan_days_reason"),
        ]


class Output(models.Model):
    """What a stage must bring about (成果): a measure, and the office that answers for it."""

    stage = models.ForeignKey(Stage, verbose_name=_("阶段"), on_delete=models.PROTECT, related_name="outputs")
    number = models.PositiveSmallIntegerField(_("序号"))
    measure = models.SlugField(_("计量"), max_length=40)
    title = models.CharField(_("成果"), max_length=80)
    title_en = models.CharField(_("成果（英文）"), max_length=120, blank=True, default="")
    clause = models.CharField(_("条款"), max_length=10)
    office = _office(_("责任单位"))

    class Meta:
        verbose_name = _("成果")
        constraints = [models.UniqueConstraint(fields=["stage", "measure"], name="workplan_output_once")]

    def __str__(self) -> str:
        return self.title


class Confirmation(models.Model):
    """An office's word about an output (成果确认): what the figure was on that day, a note, the paper that shows it.

    `total` 0 with `is_counted` false: the figure couldn't be computed on that day.
    """

    output = models.ForeignKey(Output, verbose_name=_("成果"), on_delete=models.PROTECT, related_name="confirmations")
    office = _office(_("确认单位"))
    confirmed_on = models.DateField(_("确认日期"))
    done = models.BigIntegerField(_("已完成"))
    total = models.BigIntegerField(_("应完成"))
    is_counted = models.BooleanField(_("有数"), default=True)
    note = models.CharField(_("说明"), max_length=500)
    document = models.CharField(_("成果文件"), max_length=60, blank=True, default="")
    confirmed_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")

    class Meta:
        verbose_name = _("成果确认")
        constraints = [
            models.CheckConstraint(condition=Q(done__gte=0) & Q(done__lte=F("total")), name="workplan_confirmed_part"),
        ]


class Closing(models.Model):
    """A stage closed (阶段办结) with the figures as they stood. Never reopened: what comes later is a new closing."""

    stage = models.ForeignKey(Stage, verbose_name=_("阶段"), on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveSmallIntegerField(_("次数"))
    closed_on = models.DateField(_("办结日期"))
    percent = models.PositiveSmallIntegerField(_("完成率（%）"))
    note = models.CharField(_("说明"), max_length=500)
    document = models.CharField(_("文件"), max_length=60, blank=True, default="")
    closed_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")

    class Meta:
        verbose_name = _("阶段办结")
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="workplan_closing_number"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="workplan_closing_percent"),
        ]


class ClosingFigure(models.Model):
    """One output's figure as it stood when its stage was closed (办结时的数)."""

    closing = models.ForeignKey(Closing, verbose_name=_("阶段办结"), on_delete=models.PROTECT, related_name="figures")
    output = models.ForeignKey(Output, verbose_name=_("成果"), on_delete=models.PROTECT, related_name="+")
    done = models.BigIntegerField(_("已完成"))
    total = models.BigIntegerField(_("应完成"))
    is_counted = models.BooleanField(_("有数"), default=True)

    class Meta:
        verbose_name = _("办结时的数")
        constraints = [
            models.UniqueConstraint(fields=["closing", "output"], name="workplan_figure_once"),
            models.CheckConstraint(condition=Q(done__gte=0) & Q(done__lte=F("total")), name="workplan_figure_part"),
        ]
