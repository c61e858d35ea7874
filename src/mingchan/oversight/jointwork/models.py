"""Tables of joint supervision (联合监管): tracking plans with samples and opinions, accountability cases with orders.

Samples, looks, opinions, steps, persons, orders, payments and transfers are only added. Sums are whole fen.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.oversight.jointwork.choices import (
    ONGOING,
    Act,
    CaseState,
    Conclusion,
    Look,
    Office,
    PlanState,
    Receiver,
    Share,
    Violation,
    Weighting,
)
from mingchan.register.assets.models import Asset


def _kept(model: Any, label: Any, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        model, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+"
    )


class Series(models.Model):
    """The last number given in a county for a year and kind of paper (编号序列)."""

    county = models.CharField(_("县"), max_length=6)
    kind = models.CharField(_("种类"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("编号序列")
        constraints = [models.UniqueConstraint(fields=["county", "kind", "year"], name="jointwork_series_once")]

    def __str__(self) -> str:
        return f"{self.county}-{self.kind}-{self.year}"


class Plan(models.Model):
    """A year's tracking (年度跟踪监测方案): its sample, once drawn, can be drawn again from seed, digest and day."""

    county = models.CharField(_("县"), max_length=6)
    number = models.CharField(_("编号"), max_length=20)
    year = models.PositiveSmallIntegerField(_("监测年度"))
    title = models.CharField(_("名称"), max_length=120)
    aims = models.TextField(_("监测重点"))
    made_on = models.DateField(_("制定日期"))
    due_on = models.DateField(_("完成期限"))
    sample_size = models.PositiveIntegerField(_("抽样项数"))
    weighting = models.CharField(_("抽样方法"), max_length=8, choices=Weighting)
    seed = models.CharField(_("随机种子"), max_length=32, blank=True, default="")
    checkpoint = models.CharField(_("种子所依校验点"), max_length=80, blank=True, default="")
    frame_count = models.PositiveIntegerField(_("总体项数"), default=0)
    frame_fen = models.BigIntegerField(_("总体原值（分）"), default=0)
    frame_digest = models.CharField(_("总体摘要"), max_length=64, blank=True, default="")
    drawn_on = models.DateField(_("抽样日期"), null=True, blank=True)
    concluded_on = models.DateField(_("签署完毕日期"), null=True, blank=True)
    state = models.CharField(_("监测进度"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    made_by = models.CharField(_("制定人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("年度跟踪监测")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="jointwork_plan_number"),
            models.CheckConstraint(condition=Q(sample_size__gte=1, sample_size__lte=500), name="jointwork_plan_size"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, seed="", drawn_on__isnull=True)
                | (~Q(state=PlanState.DRAFT) & ~Q(seed="") & ~Q(frame_digest="") & Q(drawn_on__isnull=False)),
                name="jointwork_plan_drawn",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.CONCLUDED, concluded_on__isnull=False)
                | (~Q(state=PlanState.CONCLUDED) & Q(concluded_on__isnull=True)),
                name="jointwork_plan_concluded",
            ),
        ]
        indexes = [models.Index(fields=["county", "id"], name="jointwork_plan_list")]

    def __str__(self) -> str:
        return self.number


class Sample(models.Model):
    """A drawn asset (抽样资产), as the register had it on the day."""

    plan = models.ForeignKey(Plan, verbose_name=_("监测方案"), on_delete=models.PROTECT, related_name="samples")
    place = models.PositiveIntegerField(_("序号"))
    asset = _kept(Asset, _("资产"))
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    cost_fen = models.BigIntegerField(_("原值（分）"))

    class Meta:
        verbose_name = _("抽样资产")
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="jointwork_sample_place"),
            models.UniqueConstraint(fields=["plan", "asset"], name="jointwork_sample_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Looked(models.Model):
    """What an office found of a drawn asset (核查记录); a later look of the same office counts instead."""

    sample = models.ForeignKey(Sample, verbose_name=_("抽样资产"), on_delete=models.PROTECT, related_name="looks")
    office = models.CharField(_("部门"), max_length=12, choices=Office)
    number = models.PositiveSmallIntegerField(_("次数"))
    look = models.CharField(_("核查结果"), max_length=8, choices=Look)
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")
    on = models.DateField(_("核查日期"))
    looked_by = models.CharField(_("核查人"), max_length=50)

    class Meta:
        verbose_name = _("核查记录")
        constraints = [
            models.UniqueConstraint(fields=["sample", "office", "number"], name="jointwork_look_number"),
            models.CheckConstraint(condition=Q(look=Look.RIGHT) | ~Q(note=""), name="jointwork_look_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.look}"


class Opinion(models.Model):
    """An office's own opinion, signed by one of its accounts (监测意见); a later one of the office counts instead."""

    plan = models.ForeignKey(Plan, verbose_name=_("监测方案"), on_delete=models.PROTECT, related_name="opinions")
    office = models.CharField(_("部门"), max_length=12, choices=Office)
    number = models.PositiveSmallIntegerField(_("次数"))
    conclusion = models.CharField(_("监测结论"), max_length=8, choices=Conclusion)
    text = models.TextField(_("意见"))
    asks = models.TextField(_("整改要求"), blank=True, default="")
    account = _kept(Account, _("账号"))
    name = models.CharField(_("签署人"), max_length=50)
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    office_name = models.CharField(_("单位"), max_length=120)
    signed_on = models.DateField(_("签署日期"))
    signed_at = models.DateTimeField(_("签署时间"))
    digest = models.CharField(_("所签内容摘要"), max_length=64)

    class Meta:
        verbose_name = _("监测意见")
        constraints = [
            models.UniqueConstraint(fields=["plan", "office", "number"], name="jointwork_opinion_number"),
            models.CheckConstraint(
                condition=Q(conclusion=Conclusion.SOUND) | ~Q(asks=""), name="jointwork_opinion_asks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.office}"


class Case(models.Model):
    """An accountability case (追责案件): which violation, what happened, the loss found, how far it is."""

    county = models.CharField(_("县"), max_length=6)
    number = models.CharField(_("编号"), max_length=20)
    violation = models.CharField(_("违规情形"), max_length=12, choices=Violation)
    title = models.CharField(_("案由"), max_length=120)
    text = models.TextField(_("情况"))
    happened_on = models.DateField(_("发生日期"))
    opened_on = models.DateField(_("立案日期"))
    source_ref = models.CharField(_("线索来源"), max_length=80, blank=True, default="")
    division_code = models.CharField(_("区划"), max_length=12)
    loss_fen = models.BigIntegerField(_("认定损失（分）"), null=True, blank=True)
    state = models.CharField(_("追责进度"), max_length=8, choices=CaseState, default=CaseState.OPEN)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("追责案件")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="jointwork_case_number"),
            models.CheckConstraint(
                condition=(Q(state__in=ONGOING) & Q(closed_on__isnull=True))
                | (~Q(state__in=ONGOING) & Q(closed_on__isnull=False)),
                name="jointwork_case_closed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(CaseState.OPEN, CaseState.DROPPED)) | Q(loss_fen__isnull=False),
                name="jointwork_case_found",
            ),
            models.CheckConstraint(condition=Q(loss_fen__isnull=True) | Q(loss_fen__gte=0), name="jointwork_case_loss"),
            models.CheckConstraint(condition=Q(happened_on__lte=F("opened_on")), name="jointwork_case_days"),
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="jointwork_case_list"),
            models.Index(fields=["county", "state", "id"], name="jointwork_case_state"),
        ]

    def __str__(self) -> str:
        return self.number


def _of_case(name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(Case, verbose_name=_("追责案件"), on_delete=models.PROTECT, related_name=name)


class CaseAsset(models.Model):
    """A card the case is about (涉案资产), as the register had it."""

    case = _of_case("assets")
    asset = _kept(Asset, _("资产"))
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    cost_fen = models.BigIntegerField(_("原值（分）"))

    class Meta:
        verbose_name = _("涉案资产")
        constraints = [models.UniqueConstraint(fields=["case", "asset"], name="jointwork_case_asset_once")]
        indexes = [models.Index(fields=["asset", "case"], name="jointwork_case_of_asset")]

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """Somebody responsible (责任人): name and identity encrypted, shown masked."""

    case = _of_case("people")
    number = models.PositiveSmallIntegerField(_("序号"))
    name_cipher = models.BinaryField(_("姓名（加密）"))
    name_mask = models.CharField(_("姓名（掩码）"), max_length=20)
    id_cipher = models.BinaryField(_("身份证号（加密）"), null=True, blank=True)
    id_mask = models.CharField(_("身份证号（掩码）"), max_length=18, blank=True, default="")
    post = models.CharField(_("单位和职务"), max_length=80, blank=True, default="")
    share = models.CharField(_("责任类型"), max_length=12, choices=Share)
    named_on = models.DateField(_("认定日期"))

    class Meta:
        verbose_name = _("责任人")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="jointwork_person_number")]

    def __str__(self) -> str:
        return f"{self.case_id}-{self.number}"


class Order(models.Model):
    """An order to pay (责令赔偿): by whom, how much, until when, under which document, into whose book."""

    case = _of_case("orders")
    number = models.PositiveSmallIntegerField(_("序号"))
    person = models.ForeignKey(Person, verbose_name=_("责任人"), on_delete=models.PROTECT, related_name="orders")
    fen = models.BigIntegerField(_("责令赔偿（分）"))
    ordered_on = models.DateField(_("责令日期"))
    due_on = models.DateField(_("缴款期限"))
    document_no = models.CharField(_("决定文号"), max_length=60)
    creditor = _kept(Party, _("收款单位"))
    voucher = models.CharField(_("凭证"), max_length=40)

    class Meta:
        verbose_name = _("责令赔偿")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="jointwork_order_number"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="jointwork_order_fen"),
            models.CheckConstraint(condition=Q(due_on__gte=F("ordered_on")), name="jointwork_order_days"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}-{self.number}"


class Payment(models.Model):
    """Compensation that came in (赔偿款), with its receipt and voucher."""

    order = models.ForeignKey(Order, verbose_name=_("责令赔偿"), on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField(_("序号"))
    fen = models.BigIntegerField(_("金额（分）"))
    paid_on = models.DateField(_("到账日期"))
    receipt_no = models.CharField(_("收据号"), max_length=60)
    voucher = models.CharField(_("凭证"), max_length=40)

    class Meta:
        verbose_name = _("赔偿款")
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="jointwork_payment_number"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="jointwork_payment_fen"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.number}"


class Transfer(models.Model):
    """A transfer to discipline or justice (移送), with its day and paper."""

    case = _of_case("transfers")
    number = models.PositiveSmallIntegerField(_("序号"))
    receiver = models.CharField(_("移送对象"), max_length=12, choices=Receiver)
    authority = models.CharField(_("受移送机关"), max_length=80)
    document_no = models.CharField(_("移送文号"), max_length=60)
    transferred_on = models.DateField(_("移送日期"))
    text = models.CharField(_("说明"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("移送")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="jointwork_transfer_number")]

    def __str__(self) -> str:
        return f"{self.case_id}-{self.number}"


class Step(models.Model):
    """One step of a case (办理步骤): what, on which day, by whom. Rows are only added."""

    case = _of_case("steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    act = models.CharField(_("步骤"), max_length=12, choices=Act)
    on = models.DateField(_("日期"))
    office_name = models.CharField(_("单位"), max_length=120, blank=True, default="")
    done_by = models.CharField(_("经办人"), max_length=50)
    text = models.TextField(_("内容"), blank=True, default="")

    class Meta:
        verbose_name = _("追责步骤")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="jointwork_step_number")]

    def __str__(self) -> str:
        return f"{self.case_id}-{self.number} {self.act}"


class Tally(models.Model):
    """How often an act was recorded in a year (留痕计数), counted up to a record: derived from the log."""

    act = models.CharField(_("事项"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    count = models.PositiveBigIntegerField(_("次数"))
    last_seq = models.BigIntegerField(_("最近一条"))

    class Meta:
        verbose_name = _("留痕计数")
        constraints = [models.UniqueConstraint(fields=["act", "year"], name="jointwork_tally_once")]

    def __str__(self) -> str:
        return f"{self.act} {self.year}"


class TallyEnd(models.Model):
    """Up to where the log was counted (计数位置), one row with id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(_("条数"), default=0)

    class Meta:
        verbose_name = _("计数位置")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="jointwork_tally_is_one")]

    def __str__(self) -> str:
        return f"{self.size}"
