"""Contracts of operation and what belongs to them (经营合同、版本、资产、应缴款项、申报、保险、变更). Money in fen."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case
from mingchan.lifecycle.operation.choices import (
    ChangeKind,
    ChangeStatus,
    ClaimStatus,
    DueAt,
    DueKind,
    EditionStatus,
    Every,
    Grade,
    ReportStatus,
    ShareOf,
    Status,
)
from mingchan.register.assets.models import Asset, Site


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Contract(models.Model):
    """A contract between the bureau and an operator (经营合同, 2.4.2a), as it stands in its version in force.

    `edition` numbers the version whose terms the columns show: the one agreed last, before that the draft. `ended_on`
    is the last day of a contract that ended early. `version` rises with each change, for whoever saves.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("合同编号"), max_length=40)
    title = models.CharField(_("标的"), max_length=120)
    lessor = _key(Party, _("发包方（出租方）"))
    operator = _key(Party, _("经营者"))
    site = _key(Site, _("站点"), null=True)
    mode = models.CharField(_("经营方式"), max_length=20, blank=True, default="")
    starts_on = models.DateField(_("起始日"), null=True, blank=True)
    last_day = models.DateField(_("届满日"), null=True, blank=True)
    edition = models.PositiveIntegerField(_("版本"), default=1)
    grade = models.CharField(_("风险等级"), max_length=8, choices=Grade, blank=True, default="")
    value_fen = models.BigIntegerField(_("资产原值（分）"), default=0)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    renews = _key("operation.Contract", _("续签自"), null=True)
    drafted_on = models.DateField(_("拟定日期"))
    drafted_by = models.CharField(_("拟定人"), max_length=50)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("修改次数"), default=1)

    class Meta:
        verbose_name = _("经营合同")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="contract_serial"),
            models.UniqueConstraint(fields=["county", "number"], name="contract_number"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="contract_status_known"),
            models.CheckConstraint(condition=~Q(lessor=F("operator")), name="contract_two_sides"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(starts_on__isnull=True) | Q(last_day__gte=F("starts_on")),
                name="contract_term",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("DRAFT", "PROCEDURE", "DROPPED"))
                | Q(starts_on__isnull=False, last_day__isnull=False, signed_on__isnull=False) & ~Q(mode=""),
                name="contract_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="ENDED", ended_on__isnull=False) & ~Q(end_reason="") | ~Q(status="ENDED"),
                name="contract_ended_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="contract_list"),
            models.Index(fields=["county", "status", "id"], name="contract_status"),
            models.Index(fields=["county", "status", "last_day", "id"], name="contract_expiring"),
            models.Index(fields=["county", "operator", "id"], name="contract_operator"),
            models.Index(fields=["county", "division_code", "id"], name="contract_division"),
        ]

    def __str__(self) -> str:
        return self.number


class Edition(models.Model):
    """A version of a contract's terms (合同版本): mode, term, income and risk; the former ones stay.

    `steps` is JSON, pairs of the contract's month and the rent of a year from then on. `effective_on` is the day from
    which the version counts: the contract's first day, for an amendment the first day of a payment period.
    """

    county = models.CharField(_("县"), max_length=6)
    contract = _key(Contract, _("经营合同"))
    number = models.PositiveIntegerField(_("版本"))
    status = models.CharField(_("状态"), max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT)
    reason = models.CharField(_("变更原因"), max_length=300, blank=True, default="")
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    mode = models.CharField(_("经营方式"), max_length=20, blank=True, default="")
    starts_on = models.DateField(_("起始日"), null=True, blank=True)
    last_day = models.DateField(_("届满日"), null=True, blank=True)
    yearly_fen = models.BigIntegerField(_("年固定收益（分）"), default=0)
    every = models.CharField(_("缴付周期"), max_length=8, choices=Every, default=Every.QUARTER)
    due_at = models.CharField(_("缴付时点"), max_length=8, choices=DueAt, default=DueAt.START)
    due_days = models.PositiveSmallIntegerField(_("宽限天数"), default=10)
    free_months = models.PositiveSmallIntegerField(_("免收月数"), default=0)
    steps = models.TextField(_("递增"), default="[]")
    share_of = models.CharField(_("分成依据"), max_length=10, choices=ShareOf, default=ShareOf.NONE)
    share_bp = models.PositiveIntegerField(_("分成比例（万分之一）"), default=0)
    share_every = models.CharField(_("分成周期"), max_length=8, choices=Every, default=Every.YEAR)
    deposit_fen = models.BigIntegerField(_("保证金（分）"), default=0)
    income_note = models.TextField(_("收益分配约定"), blank=True, default="")
    measures = models.TextField(_("风险防控措施"), blank=True, default="")
    emergency_plan = models.TextField(_("应急预案"), blank=True, default="")
    operator_duties = models.TextField(_("经营者义务"), blank=True, default="")
    lessor_duties = models.TextField(_("发包方义务"), blank=True, default="")
    case = _key(Case, _("审批事项"), null=True)
    drafted_on = models.DateField(_("拟定日期"))
    drafted_by = models.CharField(_("拟定人"), max_length=50)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    signed_paper = models.CharField(_("签署文本"), max_length=60, blank=True, default="")
    paper_digest = models.CharField(_("签署文本摘要"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("合同版本")
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="edition_number"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=("DRAFT", "PROCEDURE")), name="edition_one_open"
            ),
            models.UniqueConstraint(fields=["case"], name="edition_case"),
            models.CheckConstraint(condition=Q(status__in=EditionStatus.values), name="edition_status_known"),
            models.CheckConstraint(
                condition=Q(yearly_fen__gte=0, deposit_fen__gte=0, share_bp__lte=10000), name="edition_amounts"
            ),
            models.CheckConstraint(
                condition=~Q(status="AGREED")
                | Q(
                    case__isnull=False,
                    signed_on__isnull=False,
                    effective_on__isnull=False,
                    starts_on__isnull=False,
                    last_day__gte=F("starts_on"),
                )
                & ~Q(mode="")
                & ~Q(measures="")
                & ~Q(paper_digest="")
                & (Q(yearly_fen__gt=0) | Q(share_bp__gt=0) | ~Q(income_note="")),
                name="edition_four_parts",
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "id"], name="edition_status")]

    def __str__(self) -> str:
        return f"{self.contract_id} v{self.number}"


class Covered(models.Model):
    """An asset under a contract (合同资产) and the days it is let. Triggers let no asset be let twice on one day.

    `is_let` is true from the day the contract takes effect, for good; an early end cuts `last_day`. What was given back
    has its state.
    """

    contract = _key(Contract, _("经营合同"), index=True)
    asset = _key(Asset, _("资产"))
    starts_on = models.DateField(_("自"), null=True, blank=True)
    last_day = models.DateField(_("至"), null=True, blank=True)
    is_let = models.BooleanField(_("已出让经营"), default=False)
    returned_on = models.DateField(_("归还日期"), null=True, blank=True)
    condition = models.CharField(_("归还状况"), max_length=20, blank=True, default="")
    note = models.CharField(_("归还说明"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("合同资产")
        constraints = [
            models.UniqueConstraint(fields=["contract", "asset"], name="covered_once"),
            models.CheckConstraint(
                condition=Q(is_let=False) | Q(starts_on__isnull=False, last_day__isnull=False),
                name="covered_let_with_days",
            ),
        ]
        indexes = [models.Index(fields=["asset", "is_let"], name="covered_asset")]

    def __str__(self) -> str:
        return f"{self.contract_id} asset:{self.asset_id}"


class Charge(models.Model):
    """What is owed under a contract (应缴款项): a period's rent, an accepted share, the deposit.

    `key` names it in its contract for good. A charge is never changed: one that an amendment or an early end takes
    away is dropped by a day (`dropped_on`) and, where a part of it stays, followed by another key.
    """

    county = models.CharField(_("县"), max_length=6)
    contract = _key(Contract, _("经营合同"))
    edition = models.PositiveIntegerField(_("版本"))
    key = models.CharField(_("款项"), max_length=40)
    kind = models.CharField(_("款项类别"), max_length=8, choices=DueKind)
    starts_on = models.DateField(_("自"))
    last_day = models.DateField(_("至"))
    due_on = models.DateField(_("应缴日"))
    fen = models.BigIntegerField(_("金额（分）"))
    made_on = models.DateField(_("产生日期"))
    dropped_on = models.DateField(_("取消日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("应缴款项")
        constraints = [
            models.UniqueConstraint(fields=["contract", "key"], name="charge_key"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="charge_positive"),
            models.CheckConstraint(condition=Q(last_day__gte=F("starts_on")), name="charge_period"),
            models.CheckConstraint(condition=Q(kind__in=DueKind.values), name="charge_kind_known"),
        ]
        indexes = [models.Index(fields=["county", "due_on", "id"], name="charge_due")]

    def __str__(self) -> str:
        return self.key


class Report(models.Model):
    """What an operator reports of a period (经营数据申报), and what the bureau said to it."""

    county = models.CharField(_("县"), max_length=6)
    contract = _key(Contract, _("经营合同"), index=True)
    starts_on = models.DateField(_("自"))
    last_day = models.DateField(_("至"))
    turnover_fen = models.BigIntegerField(_("营业额（分）"))
    profit_fen = models.BigIntegerField(_("利润（分）"))
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")
    paper = models.CharField(_("证明材料"), max_length=60, blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=ReportStatus, default=ReportStatus.SENT)
    reported_on = models.DateField(_("申报日期"))
    reported_by = models.CharField(_("申报人"), max_length=50)
    answered_on = models.DateField(_("审核日期"), null=True, blank=True)
    answered_by = models.CharField(_("审核人"), max_length=50, blank=True, default="")
    answer = models.CharField(_("审核意见"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("经营数据申报")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "starts_on"], condition=~Q(status="RETURNED"), name="report_period_once"
            ),
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="report_status_known"),
            models.CheckConstraint(condition=Q(turnover_fen__gte=0), name="report_turnover"),
            models.CheckConstraint(
                condition=Q(status="SENT", answered_on__isnull=True) | ~Q(status="SENT") & Q(answered_on__isnull=False),
                name="report_answered",
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "id"], name="report_list")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.starts_on}"


class Settlement(models.Model):
    """How a contract was settled at its end (终止结算): what became of the deposit, and what is still owed."""

    contract = models.OneToOneField(Contract, verbose_name=_("经营合同"), on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("终止日期"))
    deposit_back_fen = models.BigIntegerField(_("退还保证金（分）"), default=0)
    deposit_kept_fen = models.BigIntegerField(_("扣留保证金（分）"), default=0)
    owed_fen = models.BigIntegerField(_("违约金或赔偿（分）"), default=0)
    note = models.CharField(_("结算说明"), max_length=300, blank=True, default="")
    paper = models.CharField(_("终止协议"), max_length=60, blank=True, default="")
    settled_on = models.DateField(_("结算日期"))
    settled_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("终止结算")
        constraints = [
            models.CheckConstraint(
                condition=Q(deposit_back_fen__gte=0, deposit_kept_fen__gte=0, owed_fen__gte=0),
                name="settlement_amounts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}"


class Insurance(models.Model):
    """An insurance policy (商业保险单, 2.4.2e) for a contract's assets, with the day it ends."""

    county = models.CharField(_("县"), max_length=6)
    contract = _key(Contract, _("经营合同"), index=True)
    insurer = models.CharField(_("保险人"), max_length=120)
    number = models.CharField(_("保单号"), max_length=60)
    cover = models.CharField(_("险种"), max_length=60)
    sum_fen = models.BigIntegerField(_("保险金额（分）"))
    premium_fen = models.BigIntegerField(_("保费（分）"))
    starts_on = models.DateField(_("起保日"))
    last_day = models.DateField(_("终保日"))
    paper = models.CharField(_("保单扫描件"), max_length=60, blank=True, default="")
    noted_on = models.DateField(_("登记日期"))
    noted_by = models.CharField(_("登记人"), max_length=50)
    ended_on = models.DateField(_("退保日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("保险单")
        constraints = [
            models.UniqueConstraint(fields=["county", "insurer", "number"], name="insurance_number"),
            models.CheckConstraint(condition=Q(last_day__gte=F("starts_on")), name="insurance_term"),
            models.CheckConstraint(condition=Q(sum_fen__gt=0, premium_fen__gte=0), name="insurance_amounts"),
        ]
        indexes = [models.Index(fields=["county", "last_day", "id"], name="insurance_ending")]

    def __str__(self) -> str:
        return self.number


class Insured(models.Model):
    """An asset that a policy names (被保资产); a policy without rows covers everything under its contract."""

    insurance = _key(Insurance, _("保险单"), index=True)
    asset = _key(Asset, _("资产"), index=True)

    class Meta:
        verbose_name = _("被保资产")
        constraints = [models.UniqueConstraint(fields=["insurance", "asset"], name="insured_once")]

    def __str__(self) -> str:
        return f"{self.insurance_id} asset:{self.asset_id}"


class Claim(models.Model):
    """A claim under a policy (理赔): what happened, what was asked for and what was paid."""

    county = models.CharField(_("县"), max_length=6)
    insurance = _key(Insurance, _("保险单"), index=True)
    happened_on = models.DateField(_("出险日期"))
    event = models.CharField(_("出险经过"), max_length=300)
    claimed_fen = models.BigIntegerField(_("报损金额（分）"))
    status = models.CharField(_("状态"), max_length=8, choices=ClaimStatus, default=ClaimStatus.OPEN)
    paid_fen = models.BigIntegerField(_("赔付金额（分）"), default=0)
    answered_on = models.DateField(_("结案日期"), null=True, blank=True)
    noted_on = models.DateField(_("登记日期"))
    noted_by = models.CharField(_("登记人"), max_length=50)

    class Meta:
        verbose_name = _("保险理赔")
        constraints = [
            models.CheckConstraint(condition=Q(claimed_fen__gt=0, paid_fen__gte=0), name="claim_amounts"),
            models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name="claim_status_known"),
            models.CheckConstraint(condition=Q(status="PAID") | Q(paid_fen=0), name="claim_paid"),
        ]

    def __str__(self) -> str:
        return self.event


class Change(models.Model):
    """A change of operator or mode outside a contract (经营变更, 2.4.2b) on its way through its procedure."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("变更事项"), max_length=10, choices=ChangeKind)
    operator = _key(Party, _("新经营者"), null=True)
    mode = models.CharField(_("新经营方式"), max_length=20, blank=True, default="")
    reason = models.CharField(_("变更理由"), max_length=300)
    status = models.CharField(_("状态"), max_length=10, choices=ChangeStatus, default=ChangeStatus.PROCEDURE)
    case = _key(Case, _("审批事项"), null=True)
    proposed_on = models.DateField(_("提出日期"))
    proposed_by = models.CharField(_("提出人"), max_length=50)
    done_on = models.DateField(_("执行日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("经营变更")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="OPERATOR", operator__isnull=False, mode="")
                | Q(kind="MODE", operator__isnull=True) & ~Q(mode=""),
                name="change_of_one",
            ),
            models.CheckConstraint(condition=Q(status__in=ChangeStatus.values), name="change_status_known"),
            models.UniqueConstraint(fields=["case"], name="change_case"),
        ]
        indexes = [models.Index(fields=["county", "status", "id"], name="change_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Changed(models.Model):
    """An asset that a change is about (变更涉及的资产)."""

    change = _key(Change, _("经营变更"), index=True)
    asset = _key(Asset, _("资产"), index=True)

    class Meta:
        verbose_name = _("变更资产")
        constraints = [models.UniqueConstraint(fields=["change", "asset"], name="changed_once")]

    def __str__(self) -> str:
        return f"{self.change_id} asset:{self.asset_id}"


class ModePeriod(models.Model):
    """How an asset is operated (经营方式) over half-open days, by which finished case (2.4.2b)."""

    county = models.CharField(_("县"), max_length=6)
    asset = _key(Asset, _("资产"))
    mode = models.CharField(_("经营方式"), max_length=20)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    case = _key(Case, _("审批事项"), index=True)

    class Meta:
        verbose_name = _("经营方式期间")
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(valid_to__isnull=True), name="mode_open_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="mode_period"
            ),
        ]
        indexes = [
            models.Index(fields=["asset", "valid_from"], name="mode_asset"),
            models.Index(fields=["county", "mode", "id"], name="mode_list"),
        ]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.mode}"
