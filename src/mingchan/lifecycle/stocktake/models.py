"""Plans, teams, tasks, expected assets, events from the spot, differences (盘点方案、分工、任务、应盘、记录、差异).

Quantities are thousandths, money is fen. What was seen is never written down as such: it follows from the events.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.stocktake.choices import (
    Decision,
    DifferenceKind,
    DifferenceState,
    EventKind,
    Outcome,
    PlanKind,
    PlanState,
    Role,
)
from mingchan.register.assets.models import Asset, Site


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Plan(models.Model):
    """A stocktake from its draft to its report (盘点方案, 3.4.1, 3.4.3b).

    `scope` is a filter of the register as it stands in an address. From the approval on `lines_digest` vouches for what
    should be there; `outcome_digest`, from the comparison on, for what became of each line. A sample keeps its seed,
    interval and sums, so that the draw can be repeated. Closed or cancelled it never changes.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("盘点编号"), max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("盘点方式"), max_length=10, choices=PlanKind)
    state = models.CharField(_("进度"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    scope = models.CharField(_("盘点范围"), max_length=1000, blank=True, default="")
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    base_on = models.DateField(_("清查基准日"))
    starts_on = models.DateField(_("开始日期"))
    due_on = models.DateField(_("完成期限"))
    is_blind = models.BooleanField(_("不显示账面数量"), default=False)
    photo_for = models.CharField(_("须拍照的记录"), max_length=120, blank=True, default="")
    needs_signature = models.BooleanField(_("须现场签字"), default=True)
    needs_position = models.BooleanField(_("须记录位置"), default=False)
    asks_case = models.BooleanField(_("结果须审批公示"), default=False)
    precision_bp = models.PositiveIntegerField(_("抽样误差上限（万分之一）"), default=0)
    confidence_percent = models.PositiveSmallIntegerField(_("置信度（%）"), default=95)
    seed = models.CharField(_("抽样种子"), max_length=64, blank=True, default="")
    interval = models.BigIntegerField(_("抽样间隔"), default=0)
    whole_count = models.PositiveIntegerField(_("总体项数"), default=0)
    whole_fen = models.BigIntegerField(_("总体原值（分）"), default=0)
    line_count = models.PositiveIntegerField(_("应盘项数"), default=0)
    line_fen = models.BigIntegerField(_("应盘原值（分）"), default=0)
    lines_digest = models.CharField(_("应盘清单摘要"), max_length=64, blank=True, default="")
    outcome_digest = models.CharField(_("盘点结果摘要"), max_length=64, blank=True, default="")
    matched_count = models.PositiveIntegerField(_("相符项数"), default=0)
    counted_count = models.PositiveIntegerField(_("已盘项数"), default=0)
    counted_fen = models.BigIntegerField(_("已盘原值（分）"), default=0)
    likely_fen = models.BigIntegerField(_("推断短缺（分）"), default=0)
    most_fen = models.BigIntegerField(_("短缺上限（分）"), default=0)
    case = _key(Case, _("审批事项"), null=True)
    conclusion = models.CharField(_("盘点结论"), max_length=500, blank=True, default="")
    drafted_on = models.DateField(_("拟定日期"))
    drafter = _key(Account, _("拟定账号"), null=True)
    drafted_by = models.CharField(_("拟定人"), max_length=50, blank=True, default="")
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=50, blank=True, default="")
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    end_reason = models.CharField(_("取消原因"), max_length=300, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("盘点方案")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="stocktake_serial"),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="stocktake_state_known"),
            models.CheckConstraint(condition=Q(kind__in=PlanKind.values), name="stocktake_kind_known"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on"), starts_on__gte=F("base_on")), name="stocktake_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(kind="SAMPLE") | Q(precision_bp__gt=0, precision_bp__lte=5000) & ~Q(seed=""),
                name="stocktake_sample_has_a_seed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("DRAFT", "CANCELLED")) | Q(approved_on__isnull=False) & ~Q(lines_digest=""),
                name="stocktake_approved_with_lines",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("CLOSED", "CANCELLED"), ended_on__isnull=False)
                | ~Q(state__in=("CLOSED", "CANCELLED")) & Q(ended_on__isnull=True),
                name="stocktake_ended_on",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="stocktake_list"),
            models.Index(fields=["county", "state", "-id"], name="stocktake_by_state"),
            models.Index(fields=["county", "kind", "base_on"], name="stocktake_by_kind"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="stocktake_case"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        """How others name it."""
        return Ref("stocktake", self.pk)


class Member(models.Model):
    """Somebody's part in a stocktake (盘点分工). One account has one part: nobody checks what they counted."""

    plan = models.ForeignKey(Plan, verbose_name=_("盘点方案"), on_delete=models.PROTECT, related_name="members")
    role = models.CharField(_("分工"), max_length=8, choices=Role)
    account = _key(Account, _("账号"), index=True)
    name = models.CharField(_("姓名"), max_length=50)
    office_name = models.CharField(_("单位"), max_length=120, blank=True, default="")
    added_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("盘点分工")
        constraints = [
            models.UniqueConstraint(fields=["plan", "account"], name="stocktake_member_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="stocktake_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.name}"


class Task(models.Model):
    """One place of a stocktake (盘点任务): a site, or a place in a division that has none."""

    plan = models.ForeignKey(Plan, verbose_name=_("盘点方案"), on_delete=models.PROTECT, related_name="tasks")
    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12, blank=True, default="")
    site = _key(Site, _("站点"), null=True)
    place = models.CharField(_("地点"), max_length=240)
    line_count = models.PositiveIntegerField(_("应盘项数"), default=0)
    line_fen = models.BigIntegerField(_("应盘原值（分）"), default=0)

    class Meta:
        verbose_name = _("盘点任务")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "site"], condition=Q(site__isnull=False), name="stocktake_task_site_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "division_code", "place"],
                condition=Q(site__isnull=True),
                name="stocktake_task_place_once",
            ),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def ref(self) -> Ref:
        """How others name it; photographs hang on this."""
        return Ref("stocktake_task", self.pk)


class Assignment(models.Model):
    """Who counts where (指派). Several may count one place, each for themselves."""

    task = models.ForeignKey(Task, verbose_name=_("盘点任务"), on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Member, verbose_name=_("盘点人"), on_delete=models.PROTECT, related_name="assignments")
    assigned_on = models.DateField(_("指派日期"))
    ended_on = models.DateField(_("解除日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("指派")
        constraints = [models.UniqueConstraint(fields=["task", "member"], name="stocktake_assignment_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.member_id}"


class Line(models.Model):
    """What should be there on the base date (应盘清单), and from the comparison on what became of it.

    The first columns are the card as it stood and never change; `outcome`, `found_milli` and `found_fen` follow from
    the events and stand under the plan's `outcome_digest`.
    """

    plan = _key(Plan, _("盘点方案"))
    task = _key(Task, _("盘点任务"), null=True)
    asset = _key(Asset, _("资产"))
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("账面数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("账面原值（分）"))
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    site = _key(Site, _("站点"), null=True)
    place = models.CharField(_("存放地点"), max_length=120, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    serial_no = models.CharField(_("序列号"), max_length=60, blank=True, default="")
    owner = _key(Party, _("所有权人"), null=True)
    keeper = _key(Party, _("管护责任人"), null=True)
    weight = models.BigIntegerField(_("抽样权重"), default=0)
    outcome = models.CharField(_("盘点结果"), max_length=8, choices=Outcome, blank=True, default="")
    found_milli = models.BigIntegerField(_("实盘数量（千分之一）"), null=True, blank=True)
    found_fen = models.BigIntegerField(_("实盘原值（分）"), null=True, blank=True)

    class Meta:
        verbose_name = _("应盘资产")
        constraints = [models.UniqueConstraint(fields=["plan", "asset"], name="stocktake_line_once")]
        indexes = [
            models.Index(fields=["plan", "code"], name="stocktake_line_code"),
            models.Index(fields=["task", "code"], name="stocktake_line_task"),
            models.Index(fields=["asset", "plan"], name="stocktake_line_asset"),
            models.Index(fields=["plan", "outcome", "code"], name="stocktake_line_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Event(models.Model):
    """What somebody did or saw on the spot (盘点记录). Only ever added: no statement changes or deletes one.

    `event_id` is made where the event happened and is the same however often it arrives. `at` is the device's clock,
    `skew_seconds` how far it stood from ours; `data` is its content as JSON, `photos` digests of photographs.
    """

    plan = _key(Plan, _("盘点方案"))
    task = _key(Task, _("盘点任务"))
    event_id = models.CharField(_("记录编号"), max_length=64, unique=True)
    device = models.CharField(_("设备"), max_length=64)
    seq = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("记录"), max_length=10, choices=EventKind)
    code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    data = models.TextField(_("内容"), default="{}")
    photos = models.TextField(_("照片摘要"), blank=True, default="")
    account = _key(Account, _("账号"))
    account_name = models.CharField(_("姓名"), max_length=50)
    at = models.DateTimeField(_("设备时间"))
    skew_seconds = models.IntegerField(_("时钟偏差（秒）"), default=0)
    received_at = models.DateTimeField(_("收到时间"))
    taken_on = models.DateField(_("收到日期"))

    class Meta:
        verbose_name = _("盘点记录")
        constraints = [models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="stocktake_event_known")]
        indexes = [
            models.Index(fields=["plan", "code", "id"], name="stocktake_event_plan"),
            models.Index(fields=["task", "id"], name="stocktake_event_task"),
            models.Index(fields=["account", "task"], name="stocktake_event_account"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class Difference(models.Model):
    """A way in which what is there differs from what should be (盘点差异), until it is settled by a decision.

    `key` says which it is (`SHORTAGE:140932-2020-000001`, `SURPLUS:` and the event); it is found again by it when the
    comparison is made anew. `result` is what the decision led to: a card, a proposal of disposal.
    """

    plan = _key(Plan, _("盘点方案"))
    task = _key(Task, _("盘点任务"), null=True)
    key = models.CharField(_("差异标识"), max_length=120)
    kind = models.CharField(_("差异种类"), max_length=10, choices=DifferenceKind)
    state = models.CharField(_("处理进度"), max_length=8, choices=DifferenceState, default=DifferenceState.OPEN)
    asset = _key(Asset, _("资产"), null=True)
    division_code = models.CharField(_("区划"), max_length=12, blank=True, default="")
    code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    name = models.CharField(_("资产名称"), max_length=120)
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    booked_milli = models.BigIntegerField(_("账面数量（千分之一）"), default=0)
    found_milli = models.BigIntegerField(_("实盘数量（千分之一）"), default=0)
    cost_fen = models.BigIntegerField(_("账面原值（分）"), default=0)
    seen_task = _key(Task, _("发现地点"), null=True)
    seen = models.CharField(_("发现情况"), max_length=500, blank=True, default="")
    condition = models.CharField(_("发现时状况"), max_length=40, blank=True, default="")
    found_on = models.DateField(_("核对日期"))
    explanation = models.CharField(_("保管人说明"), max_length=500, blank=True, default="")
    explained_on = models.DateField(_("说明日期"), null=True, blank=True)
    explained_by = models.CharField(_("说明人"), max_length=50, blank=True, default="")
    decision = models.CharField(_("处理决定"), max_length=12, choices=Decision, blank=True, default="")
    reason = models.CharField(_("处理理由"), max_length=500, blank=True, default="")
    appraised_fen = models.BigIntegerField(_("评估价值（分）"), default=0)
    appraisal = models.CharField(_("评估依据"), max_length=200, blank=True, default="")
    is_this_year = models.BooleanField(_("本年取得"), default=False)
    result = models.CharField(_("处理结果"), max_length=60, blank=True, default="")
    voucher = models.CharField(_("凭证"), max_length=60, blank=True, default="")
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=50, blank=True, default="")
    settled_on = models.DateField(_("处理完毕日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("盘点差异")
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="stocktake_difference_once"),
            models.CheckConstraint(
                condition=Q(state__in=("OPEN", "LAPSED"), decision="")
                | Q(state__in=("DECIDED", "SETTLED"), decided_on__isnull=False) & ~Q(decision="") & ~Q(reason=""),
                name="stocktake_difference_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("SETTLED", "LAPSED"), settled_on__isnull=False)
                | Q(state__in=("OPEN", "DECIDED"), settled_on__isnull=True),
                name="stocktake_difference_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "state", "id"], name="stocktake_difference_state"),
            models.Index(
                fields=["asset"], condition=Q(asset__isnull=False, state="OPEN"), name="stocktake_difference_open"
            ),
        ]

    def __str__(self) -> str:
        return self.key
