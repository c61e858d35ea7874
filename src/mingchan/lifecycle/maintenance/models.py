"""Tables of inspections and repairs (巡查维修): rhythms, rounds, events of the field, results, orders, warranties.

Money in fen, business dates. Events are only added; a closed round, its results and an order that is over never change.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.lifecycle.maintenance.choices import (
    UNDER_WAY,
    Act,
    Finding,
    Nature,
    OrderState,
    Payment,
    RoundState,
    Severity,
    Treatment,
)
from mingchan.lifecycle.operation.models import Claim
from mingchan.register.assets.models import Asset, Site


def _key(to: Any, label: Any, *, null: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Rhythm(models.Model):
    """How often a site is inspected (巡查安排), from a day until it ends (2.6.1b)."""

    county = models.CharField(_("县"), max_length=6)
    site = _key(Site, _("站点"))
    division_code = models.CharField(_("区划"), max_length=12)
    every_days = models.PositiveSmallIntegerField(_("周期（天）"))
    starts_on = models.DateField(_("首次巡查日"))
    ended_on = models.DateField(_("停止日期"), null=True, blank=True)
    made_by = models.CharField(_("安排人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("巡查安排")
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(ended_on__isnull=True), name="rhythm_one_of_site"),
            models.CheckConstraint(condition=Q(every_days__range=(1, 366)), name="rhythm_days"),
        ]
        indexes = [models.Index(fields=["county", "division_code", "id"], name="rhythm_list")]

    def __str__(self) -> str:
        return f"site:{self.site_id}/{self.every_days}"


class Round(models.Model):
    """One inspection of a site (巡查): when it is due, how it ended, what it found in figures."""

    county = models.CharField(_("县"), max_length=6)
    rhythm = _key(Rhythm, _("巡查安排"))
    site = _key(Site, _("站点"))
    division_code = models.CharField(_("区划"), max_length=12)
    number = models.PositiveIntegerField(_("次数"))
    due_on = models.DateField(_("应巡查日"))
    planned_on = models.DateField(_("列入日期"))
    state = models.CharField(_("巡查状态"), max_length=8, choices=RoundState, default=RoundState.OPEN)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=50, blank=True, default="")
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    total = models.PositiveIntegerField(_("应查项数"), default=0)
    sound = models.PositiveIntegerField(_("正常"), default=0)
    faulty = models.PositiveIntegerField(_("故障或异常"), default=0)
    missing = models.PositiveIntegerField(_("未找到"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("巡查")
        constraints = [
            models.UniqueConstraint(fields=["rhythm", "number"], name="round_number"),
            models.UniqueConstraint(fields=["rhythm"], condition=Q(state=RoundState.OPEN), name="round_one_open"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OPEN, closed_on__isnull=True)
                | ~Q(state=RoundState.OPEN) & Q(closed_on__isnull=False),
                name="round_closed_has_day",
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
        ]
        indexes = [
            models.Index(fields=["county", "due_on", "id"], name="round_due"),
            models.Index(fields=["county", "state", "due_on", "id"], name="round_state_due"),
            models.Index(fields=["site", "id"], name="round_site"),
        ]

    def __str__(self) -> str:
        return f"site:{self.site_id}-{self.number}"


class FieldEvent(models.Model):
    """What somebody did or saw on a round (巡查记录), as the device wrote it; rows are only added.

    `key` is the id that the device gave it and unique; `data` and `photos` are JSON. `asset` is what its code meant.
    """

    county = models.CharField(_("县"), max_length=6)
    round = _key(Round, _("巡查"))
    key = models.CharField(_("记录号"), max_length=64)
    device = models.CharField(_("设备"), max_length=64)
    seq = models.PositiveIntegerField(_("设备序号"))
    kind = models.CharField(_("类别"), max_length=16)
    at = models.DateTimeField(_("设备时间"))
    skew_seconds = models.IntegerField(_("时钟偏差（秒）"), default=0)
    code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    asset = _key(Asset, _("资产"), null=True)
    data = models.TextField(_("内容"), default="{}")
    photos = models.TextField(_("照片"), default="[]")
    taken_on = models.DateField(_("收到日期"))
    taken_by = models.CharField(_("上报人"), max_length=50)

    class Meta:
        verbose_name = _("巡查记录")
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="field_event_once")]
        indexes = [models.Index(fields=["round", "id"], name="field_event_round")]

    def __str__(self) -> str:
        return self.key


class Line(models.Model):
    """What a closed round found of an asset (巡查结果)."""

    round = models.ForeignKey(Round, verbose_name=_("巡查"), on_delete=models.PROTECT, related_name="lines")
    asset = _key(Asset, _("资产"))
    finding = models.CharField(_("巡查结果"), max_length=10, choices=Finding)
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")
    answers = models.TextField(_("检查记录"), default="{}")

    class Meta:
        verbose_name = _("巡查结果")
        constraints = [models.UniqueConstraint(fields=["round", "asset"], name="round_line_once")]
        indexes = [models.Index(fields=["asset", "-id"], name="round_line_asset")]

    def __str__(self) -> str:
        return f"{self.round_id} asset:{self.asset_id}"


class OrderSeries(models.Model):
    """The last number given to a repair in a county and year (维修单编号序列)."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("维修单编号序列")
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="order_series_once")]

    def __str__(self) -> str:
        return f"{self.county}-{self.year}"


class Order(models.Model):
    """A repair (维修单): what is wrong, who does it, what was done, what it cost, where the cost went.

    `origin` says in a reference where the fault came from (`inspection_round:3`, `complaint:12`); it is only shown.
    """

    county = models.CharField(_("县"), max_length=6)
    number = models.CharField(_("编号"), max_length=40)
    asset = _key(Asset, _("资产"))
    division_code = models.CharField(_("区划"), max_length=12)
    state = models.CharField(_("维修状态"), max_length=8, choices=OrderState, default=OrderState.REPORTED)
    what = models.CharField(_("故障情况"), max_length=500)
    severity = models.CharField(_("故障程度"), max_length=8, choices=Severity)
    origin = models.CharField(_("来源"), max_length=60, blank=True, default="")
    reported_on = models.DateField(_("报修日期"))
    reported_by = models.CharField(_("报修人"), max_length=50)
    down_since = models.DateField(_("停用自"), null=True, blank=True)
    supplier = models.CharField(_("维修单位"), max_length=120, blank=True, default="")
    worker = models.CharField(_("维修人员"), max_length=60, blank=True, default="")
    estimate_fen = models.BigIntegerField(_("预计费用（分）"), null=True, blank=True)
    by_warranty = models.BooleanField(_("保修期内免费维修"), default=False)
    due_on = models.DateField(_("要求完成日"), null=True, blank=True)
    repaired_on = models.DateField(_("修好日期"), null=True, blank=True)
    work = models.CharField(_("维修内容"), max_length=500, blank=True, default="")
    cost_fen = models.BigIntegerField(_("费用（分）"), null=True, blank=True)
    invoice = models.CharField(_("发票号"), max_length=60, blank=True, default="")
    nature = models.CharField(_("支出性质"), max_length=8, choices=Nature, blank=True, default="")
    treatment = models.CharField(_("入账方式"), max_length=8, choices=Treatment, blank=True, default="")
    payment = models.CharField(_("付款情况"), max_length=8, choices=Payment, blank=True, default="")
    voucher = models.CharField(_("凭证"), max_length=60, blank=True, default="")
    paid_on = models.DateField(_("付款日期"), null=True, blank=True)
    closed_on = models.DateField(_("验收或终止日期"), null=True, blank=True)
    closed_by = models.CharField(_("验收人"), max_length=50, blank=True, default="")
    result = models.CharField(_("验收意见"), max_length=300, blank=True, default="")
    claim = _key(Claim, _("保险理赔"), null=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("维修单")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="order_number"),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, closed_on__isnull=True)
                | Q(state__in=(OrderState.ACCEPTED, OrderState.DECLINED), closed_on__isnull=False),
                name="order_closed_has_day",
            ),
            models.CheckConstraint(
                condition=(Q(cost_fen__isnull=True) | Q(cost_fen__gte=0))
                & (Q(estimate_fen__isnull=True) | Q(estimate_fen__gte=0)),
                name="order_amounts",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.ACCEPTED)
                | Q(cost_fen__isnull=False, repaired_on__isnull=False) & Q(treatment__in=Treatment.values),
                name="order_accepted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(treatment="") | Q(treatment=Treatment.NONE, cost_fen=0) | ~Q(treatment=Treatment.NONE),
                name="order_no_cost_no_posting",
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="order_severity_known"),
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="order_list"),
            models.Index(fields=["county", "state", "id"], name="order_state"),
            models.Index(fields=["asset", "id"], name="order_asset"),
            models.Index(fields=["origin", "id"], condition=~Q(origin=""), name="order_origin"),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step of a repair (办理步骤): what, by whom, on which day. Rows are only added."""

    order = models.ForeignKey(Order, verbose_name=_("维修单"), on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    act = models.CharField(_("步骤"), max_length=10, choices=Act)
    on = models.DateField(_("日期"))
    done_by = models.CharField(_("经办人"), max_length=50)
    text = models.CharField(_("内容"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("办理步骤")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="order_step_number")]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.number} {self.act}"


class Warranty(models.Model):
    """That somebody repairs an asset free of charge until a day (保修): with the purchase, or with a repair."""

    county = models.CharField(_("县"), max_length=6)
    asset = _key(Asset, _("资产"))
    division_code = models.CharField(_("区划"), max_length=12)
    order = _key(Order, _("维修单"), null=True)
    provider = models.CharField(_("保修单位"), max_length=120)
    scope = models.CharField(_("保修内容"), max_length=200, blank=True, default="")
    starts_on = models.DateField(_("保修起"))
    last_day = models.DateField(_("保修止"))
    noted_on = models.DateField(_("登记日期"))
    noted_by = models.CharField(_("登记人"), max_length=50)
    ended_on = models.DateField(_("提前终止日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("保修")
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=F("starts_on")), name="warranty_term")]
        indexes = [
            models.Index(fields=["county", "last_day", "id"], name="warranty_ending"),
            models.Index(fields=["asset", "id"], name="warranty_asset"),
        ]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.last_day}"
