"""The pool of idle assets by dated periods, measures with their steps, reviews of the effect (盘活, 2.6.2)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case
from mingchan.lifecycle.revival.choices import REVIEWS, Gauge, Kind, Outcome, State, StepKind, Trigger
from mingchan.register.assets.models import Asset, Site


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Spell(models.Model):
    """A time that an asset spends in the pool (入池期间), from the day it entered to the day the last reason was gone.

    `since` is the day from which the oldest reason held when it entered; `cost_fen` what the card cost then.
    """

    county = models.CharField(_("县"), max_length=6)
    asset = _key(Asset, _("资产"))
    since = models.DateField(_("事由自"))
    entered_on = models.DateField(_("入池日期"))
    left_on = models.DateField(_("出池日期"), null=True, blank=True)
    cost_fen = models.BigIntegerField(_("入池时原值（分）"))

    class Meta:
        verbose_name = _("闲置资产")
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(left_on__isnull=True), name="spell_open_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")), name="spell_period"
            ),
            models.CheckConstraint(condition=Q(since__lte=F("entered_on")), name="spell_since"),
        ]
        indexes = [
            models.Index(fields=["county", "since", "id"], condition=Q(left_on__isnull=True), name="spell_by_since"),
            models.Index(fields=["county", "cost_fen", "id"], condition=Q(left_on__isnull=True), name="spell_by_cost"),
            models.Index(fields=["county", "entered_on", "id"], name="spell_entered"),
            models.Index(fields=["asset", "-entered_on"], name="spell_asset"),
        ]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.entered_on}"


class Reason(models.Model):
    """Why an asset is in the pool (入池事由), with the figures as they were when it was found. Only its end is added.

    `figure` and `against` count what `gauge` says: days, hundredths of a point, households, fen. `basis` refers to
    what they were read from.
    """

    spell = models.ForeignKey(Spell, verbose_name=_("入池期间"), on_delete=models.PROTECT, related_name="reasons")
    trigger = models.CharField(_("事由"), max_length=8, choices=Trigger)
    gauge = models.CharField(_("指标"), max_length=12, choices=Gauge)
    figure = models.BigIntegerField(_("数值"))
    against = models.BigIntegerField(_("对照值"))
    basis = models.CharField(_("依据"), max_length=60, blank=True, default="")
    since = models.DateField(_("事由自"))
    valid_from = models.DateField(_("认定日期"))
    valid_to = models.DateField(_("消失日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("入池事由")
        constraints = [
            models.UniqueConstraint(
                fields=["spell", "trigger"], condition=Q(valid_to__isnull=True), name="reason_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="reason_period"
            ),
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="reason_trigger_known"),
            models.CheckConstraint(condition=Q(gauge__in=Gauge.values), name="reason_gauge_known"),
        ]
        indexes = [
            models.Index(fields=["trigger", "spell"], condition=Q(valid_to__isnull=True), name="reason_by_trigger")
        ]

    def __str__(self) -> str:
        return f"{self.spell_id} {self.trigger}"


class Measure(models.Model):
    """What is done about idle assets (盘活措施): another user, entrusted operation, cooperation, another village."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("编号"), max_length=40)
    kind = models.CharField(_("措施"), max_length=10, choices=Kind)
    state = models.CharField(_("进度"), max_length=10, choices=State)
    party = _key(Party, _("接手主体"), null=True)
    site = _key(Site, _("接收站点"), null=True)
    reason = models.CharField(_("理由"), max_length=300)
    goal = models.CharField(_("预期成效"), max_length=300, blank=True, default="")
    case = _key(Case, _("审批事项"), null=True)
    proposed_on = models.DateField(_("提出日期"))
    proposed_by = models.CharField(_("提出人"), max_length=50)
    done_on = models.DateField(_("落实日期"), null=True, blank=True)
    closed_on = models.DateField(_("终止日期"), null=True, blank=True)
    why_closed = models.CharField(_("终止原因"), max_length=300, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("盘活措施")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="measure_number"),
            models.UniqueConstraint(fields=["case"], name="measure_case"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="measure_state_known"),
            models.CheckConstraint(
                condition=Q(kind="TRANSFER", site__isnull=False) | ~Q(kind="TRANSFER") & Q(party__isnull=False),
                name="measure_has_target",
            ),
            models.CheckConstraint(
                condition=Q(state="DONE", done_on__isnull=False) | ~Q(state="DONE") & Q(done_on__isnull=True),
                name="measure_done_on",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "state", "id"], name="measure_state"),
            models.Index(fields=["county", "done_on", "id"], name="measure_done"),
        ]

    def __str__(self) -> str:
        return self.number


class Part(models.Model):
    """An asset that a measure is about (涉及资产). While the measure is open it is in no other."""

    measure = models.ForeignKey(Measure, verbose_name=_("盘活措施"), on_delete=models.PROTECT, related_name="parts")
    asset = _key(Asset, _("资产"), index=True)
    is_open = models.BooleanField(_("办理中"), default=True)

    class Meta:
        verbose_name = _("措施资产")
        constraints = [
            models.UniqueConstraint(fields=["measure", "asset"], name="measure_part_once"),
            models.UniqueConstraint(fields=["asset"], condition=Q(is_open=True), name="measure_part_open"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} asset:{self.asset_id}"


class Step(models.Model):
    """What a measure goes through (落实环节): a case, a change, a handover list, a move. `ref` names it."""

    measure = models.ForeignKey(Measure, verbose_name=_("盘活措施"), on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("环节"), max_length=10, choices=StepKind)
    ref = models.CharField(_("办理事项"), max_length=60)
    begun_on = models.DateField(_("开始日期"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("落实环节")
        constraints = [
            models.UniqueConstraint(fields=["measure", "kind"], name="measure_step_once"),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="measure_step_known"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("begun_on")), name="measure_step_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.kind}"


class Review(models.Model):
    """What came of a measure so many days after it took effect (成效评价), beside as many days before. Never changed.

    Fen, hundredths of a point; `in_use` and `cards` count cards.
    """

    measure = models.ForeignKey(Measure, verbose_name=_("盘活措施"), on_delete=models.PROTECT, related_name="reviews")
    days = models.PositiveSmallIntegerField(_("天数"))
    cards = models.PositiveIntegerField(_("资产（项）"))
    used_before = models.PositiveIntegerField(_("盘活前在用"))
    used_after = models.PositiveIntegerField(_("盘活后在用"))
    income_before_fen = models.BigIntegerField(_("盘活前收益（分）"))
    income_after_fen = models.BigIntegerField(_("盘活后收益（分）"))
    points_before = models.PositiveIntegerField(_("盘活前绩效（百分之一分）"), null=True, blank=True)
    points_after = models.PositiveIntegerField(_("盘活后绩效（百分之一分）"), null=True, blank=True)
    outcome = models.CharField(_("评价"), max_length=6, choices=Outcome)
    opinion = models.CharField(_("意见"), max_length=500)
    reviewed_on = models.DateField(_("评价日期"))
    reviewed_by = models.CharField(_("评价人"), max_length=50)

    class Meta:
        verbose_name = _("成效评价")
        constraints = [
            models.UniqueConstraint(fields=["measure", "days"], name="effect_review_once"),
            models.CheckConstraint(condition=Q(days__in=REVIEWS), name="effect_review_days"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="effect_review_outcome"),
            models.CheckConstraint(
                condition=Q(used_before__lte=F("cards"), used_after__lte=F("cards")), name="effect_review_used"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.days}"
