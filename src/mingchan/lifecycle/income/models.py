"""Tables of income (应收、收款、上缴、催缴、减免、清算、对账单). Money in fen; facts are dated and never overwritten.

`settled_fen` and `used_fen` are sums of entries that the database itself keeps; see the second migration.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income.choices import (
    Delivery,
    DueKind,
    EntryKind,
    LineState,
    RefundKind,
    RemissionKind,
    SettlementState,
)
from mingchan.lifecycle.operation.models import Contract


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Billing(models.Model):
    """An act that issued receivables (开具应收): the dues of all contracts up to a day, in one piece."""

    county = models.CharField(_("县"), max_length=6)
    until = models.DateField(_("应缴日截至"))
    count = models.PositiveIntegerField(_("笔数"))
    fen = models.BigIntegerField(_("金额（分）"))
    issued_on = models.DateField(_("开具日期"))
    issued_by = models.CharField(_("经办人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("开具应收")
        constraints = [models.CheckConstraint(condition=Q(count__gt=0, fen__gt=0), name="billing_of_something")]
        indexes = [models.Index(fields=["county", "-id"], name="billing_list")]

    @property
    def ref(self) -> Ref:
        """The act as other contexts name it."""
        return Ref("billing", self.pk)


class Receivable(models.Model):
    """A receivable (应收): a due of a contract that was billed (2.5a). Its amount never changes.

    `key` is the due's key in its contract. `creditor` is whose book carries it, `settled_fen` the sum of its entries.
    """

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    billing = _key(Billing, _("开具"), index=True)
    contract = _key(Contract, _("经营合同"))
    key = models.CharField(_("款项"), max_length=40)
    kind = models.CharField(_("应收种类"), max_length=8, choices=DueKind)
    starts_on = models.DateField(_("自"))
    last_day = models.DateField(_("至"))
    due_on = models.DateField(_("应缴日"))
    fen = models.BigIntegerField(_("应收金额（分）"))
    settled_fen = models.BigIntegerField(_("已冲减（分）"), default=0)
    operator = _key(Party, _("经营者"))
    creditor = _key(Party, _("收款方"))
    division_code = models.CharField(_("区划"), max_length=12)
    mode = models.CharField(_("经营方式"), max_length=20, blank=True, default="")
    issued_on = models.DateField(_("开具日期"))
    cancelled_on = models.DateField(_("作废日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("应收")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "key"], condition=Q(cancelled_on__isnull=True), name="receivable_once"
            ),
            models.UniqueConstraint(fields=["county", "year", "number"], name="receivable_number"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="receivable_positive"),
            models.CheckConstraint(
                condition=Q(settled_fen__gte=0) & Q(settled_fen__lte=F("fen")), name="receivable_settled"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("starts_on")), name="receivable_period"),
            models.CheckConstraint(condition=Q(kind__in=DueKind.values), name="receivable_kind_known"),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(cancelled_on__gte=F("issued_on")),
                name="receivable_cancelled",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "due_on", "id"], name="receivable_due"),
            models.Index(fields=["county", "fen", "id"], name="receivable_amount"),
            models.Index(fields=["county", "division_code", "due_on", "id"], name="receivable_division"),
            models.Index(fields=["operator", "due_on", "id"], name="receivable_operator"),
            models.Index(fields=["contract", "due_on", "id"], name="receivable_contract"),
            models.Index(
                fields=["county", "due_on", "id"], condition=Q(settled_fen__lt=F("fen")), name="receivable_open"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def ref(self) -> Ref:
        """The receivable as other contexts name it."""
        return Ref("receivable", self.pk)

    @property
    def label(self) -> str:
        """The number as papers name it: 应收2020-000012."""
        return f"应收{self.year}-{self.number:06d}"

    @property
    def open_fen(self) -> int:
        """What is still to come in."""
        return self.fen - self.settled_fen


class Receipt(models.Model):
    """Money that came in (收款), by the voucher of bank or treasury. What isn't used is credit (预收)."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    creditor = _key(Party, _("收款方"))
    payer = _key(Party, _("缴款人"))
    division_code = models.CharField(_("区划"), max_length=12)
    bank_account = models.CharField(_("收款账户"), max_length=60)
    voucher_no = models.CharField(_("银行或国库凭证号"), max_length=60)
    received_on = models.DateField(_("到账日期"))
    fen = models.BigIntegerField(_("金额（分）"))
    used_fen = models.BigIntegerField(_("已使用（分）"), default=0)
    note = models.CharField(_("备注"), max_length=200, blank=True, default="")
    recorded_on = models.DateField(_("登记日期"))
    recorded_by = models.CharField(_("经办人"), max_length=50)
    returned_on = models.DateField(_("冲回日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("收款")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="receipt_number"),
            models.UniqueConstraint(
                fields=["county", "bank_account", "voucher_no"],
                condition=Q(returned_on__isnull=True),
                name="receipt_voucher_once",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="receipt_positive"),
            models.CheckConstraint(condition=Q(used_fen__gte=0) & Q(used_fen__lte=F("fen")), name="receipt_used"),
            models.CheckConstraint(condition=~Q(voucher_no="") & ~Q(bank_account=""), name="receipt_has_voucher"),
            models.CheckConstraint(condition=Q(recorded_on__gte=F("received_on")), name="receipt_days"),
        ]
        indexes = [
            models.Index(fields=["county", "received_on", "id"], name="receipt_day"),
            models.Index(fields=["payer", "received_on", "id"], name="receipt_payer"),
            models.Index(fields=["county", "payer"], condition=Q(used_fen__lt=F("fen")), name="receipt_credit"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def ref(self) -> Ref:
        """The receipt as other contexts name it."""
        return Ref("receipt", self.pk)

    @property
    def label(self) -> str:
        """The number as papers name it: 收款2020-000012."""
        return f"收款{self.year}-{self.number:06d}"

    @property
    def credit_fen(self) -> int:
        """What isn't used: an advance (预收)."""
        return self.fen - self.used_fen


class Cancellation(models.Model):
    """A receivable that was wrong and is taken back on a day, with the reason (作废). Only while nothing came in."""

    receivable = models.OneToOneField(Receivable, verbose_name=_("应收"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    cancelled_on = models.DateField(_("作废日期"))
    cancelled_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("应收作废")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="cancellation_has_reason")]


class Remission(models.Model):
    """A request to give up a due (减免、核销), decided by a case: democratic decision, bureau, finance (2.5a, 4.1)."""

    county = models.CharField(_("县"), max_length=6)
    receivable = _key(Receivable, _("应收"), index=True)
    kind = models.CharField(_("类别"), max_length=10, choices=RemissionKind)
    fen = models.BigIntegerField(_("金额（分）"))
    reason = models.CharField(_("理由"), max_length=500)
    case = models.OneToOneField(Case, verbose_name=_("审批事项"), on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("申请日期"))
    asked_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("减免核销")
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0) & ~Q(reason=""), name="remission_whole"),
            models.CheckConstraint(condition=Q(kind__in=RemissionKind.values), name="remission_kind_known"),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="remission_list")]

    @property
    def ref(self) -> Ref:
        """The request as other contexts name it."""
        return Ref("remission", self.pk)


class Entry(models.Model):
    """What made a receivable smaller (冲减), or open again when a payment went back. Each has what it rests on."""

    county = models.CharField(_("县"), max_length=6)
    receivable = _key(Receivable, _("应收"))
    kind = models.CharField(_("方式"), max_length=12, choices=EntryKind)
    day = models.DateField(_("日期"))
    fen = models.BigIntegerField(_("金额（分）"))
    receipt = _key(Receipt, _("收款"), null=True)
    remission = models.OneToOneField(
        Remission, verbose_name=_("减免核销"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancellation = models.OneToOneField(
        Cancellation, verbose_name=_("作废"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("冲减明细")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=("RECEIPT", "CREDIT", "RELEASE"), receipt__isnull=False, remission__isnull=True,
                    cancellation__isnull=True,
                )
                | Q(
                    kind__in=("REMISSION", "WRITE_OFF"), receipt__isnull=True, remission__isnull=False,
                    cancellation__isnull=True,
                )
                | Q(kind="CANCELLATION", receipt__isnull=True, remission__isnull=True, cancellation__isnull=False),
                name="entry_rests_on_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="RELEASE", fen__lt=0) | ~Q(kind="RELEASE") & Q(fen__gt=0), name="entry_sign"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["receivable", "day", "id"], name="entry_receivable"),
            models.Index(fields=["receipt", "id"], condition=Q(receipt__isnull=False), name="entry_receipt"),
            models.Index(fields=["county", "day", "id"], name="entry_day"),
        ]


class Refund(models.Model):
    """Money that went back (退款): unused credit, a deposit, or a payment that the bank returned."""

    county = models.CharField(_("县"), max_length=6)
    receipt = _key(Receipt, _("收款"), index=True)
    kind = models.CharField(_("类别"), max_length=10, choices=RefundKind)
    deposit = _key(Receivable, _("保证金"), null=True, index=True)
    fen = models.BigIntegerField(_("金额（分）"))
    day = models.DateField(_("日期"))
    voucher_no = models.CharField(_("银行凭证号"), max_length=60, blank=True, default="")
    reason = models.CharField(_("原因"), max_length=200)
    made_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("退款")
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0) & ~Q(reason=""), name="refund_whole"),
            models.CheckConstraint(condition=Q(kind__in=RefundKind.values), name="refund_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="DEPOSIT", deposit__isnull=False) | ~Q(kind="DEPOSIT") & Q(deposit__isnull=True),
                name="refund_of_deposit",
            ),
            models.CheckConstraint(condition=Q(kind="RETURNED") | ~Q(voucher_no=""), name="refund_has_voucher"),
        ]
        indexes = [models.Index(fields=["county", "day", "id"], name="refund_day")]


class Remittance(models.Model):
    """Income that went to the treasury (上缴国库), by its voucher (2.6.3: 收入由财政统一管理)."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    payer = _key(Party, _("上缴单位"))
    treasury_account = models.CharField(_("收入科目或国库账户"), max_length=60)
    voucher_no = models.CharField(_("缴款书号"), max_length=60)
    remitted_on = models.DateField(_("上缴日期"))
    fen = models.BigIntegerField(_("金额（分）"))
    recorded_by = models.CharField(_("经办人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("上缴")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="remittance_number"),
            models.UniqueConstraint(
                fields=["county", "treasury_account", "voucher_no"], name="remittance_voucher_once"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0) & ~Q(voucher_no=""), name="remittance_whole"),
        ]
        indexes = [models.Index(fields=["county", "payer", "remitted_on", "id"], name="remittance_payer")]

    @property
    def ref(self) -> Ref:
        """The remittance as other contexts name it."""
        return Ref("remittance", self.pk)

    @property
    def label(self) -> str:
        """The number as papers name it: 上缴2020-000003."""
        return f"上缴{self.year}-{self.number:06d}"


class Reminder(models.Model):
    """A demand for payment (催缴单) with what was open then, and how it reached the operator."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    operator = _key(Party, _("经营者"))
    division_code = models.CharField(_("区划"), max_length=12)
    issued_on = models.DateField(_("催缴日期"))
    pay_by = models.DateField(_("限缴日期"))
    fen = models.BigIntegerField(_("催缴金额（分）"))
    issued_by = models.CharField(_("经办人"), max_length=50)
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    delivery = models.CharField(_("送达方式"), max_length=10, choices=Delivery, null=True, blank=True)  # noqa: DJ001 - filled once
    delivered_to = models.CharField(_("签收人"), max_length=60, null=True, blank=True)  # noqa: DJ001 - filled once
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("催缴单")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="reminder_number"),
            models.CheckConstraint(condition=Q(fen__gt=0, pay_by__gte=F("issued_on")), name="reminder_whole"),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True, delivery__isnull=True)
                | Q(delivered_on__gte=F("issued_on"), delivery__isnull=False),
                name="reminder_delivered",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="reminder_list"),
            models.Index(fields=["operator", "-id"], name="reminder_operator"),
        ]

    @property
    def ref(self) -> Ref:
        """The reminder as other contexts name it."""
        return Ref("reminder", self.pk)

    @property
    def label(self) -> str:
        """The number as papers name it: 催缴2020-0003."""
        return f"催缴{self.year}-{self.number:04d}"


class ReminderLine(models.Model):
    """A receivable that a reminder names, with what was open of it."""

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="lines", db_index=False)
    receivable = _key(Receivable, _("应收"), index=True)
    open_fen = models.BigIntegerField(_("欠收金额（分）"))

    class Meta:
        verbose_name = _("催缴明细")
        constraints = [
            models.UniqueConstraint(fields=["reminder", "receivable"], name="reminderline_once"),
            models.CheckConstraint(condition=Q(open_fen__gt=0), name="reminderline_positive"),
        ]


class Settlement(models.Model):
    """The yearly settlement of income (收益清算, 3.4.3b): prepared from data, confirmed by two bodies, then frozen.

    `digest` names the lines; both confirmations are about it.
    """

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=10, choices=SettlementState, default=SettlementState.PREPARED)
    due_on = models.DateField(_("清算期限"))
    opening_fen = models.BigIntegerField(_("年初欠收（分）"))
    due_fen = models.BigIntegerField(_("本年应收（分）"))
    reduced_fen = models.BigIntegerField(_("减免核销（分）"))
    received_fen = models.BigIntegerField(_("本年实收（分）"))
    arrears_fen = models.BigIntegerField(_("年末欠收（分）"))
    remitted_fen = models.BigIntegerField(_("已上缴（分）"))
    digest = models.CharField(_("清算表摘要"), max_length=64)
    note = models.CharField(_("说明"), max_length=1000, blank=True, default="")
    prepared_on = models.DateField(_("编制日期"))
    prepared_by = models.CharField(_("编制人"), max_length=50)
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True)
    confirmer = _key(Account, _("确认人"), null=True)
    confirmed_by = models.CharField(_("确认人姓名"), max_length=50, blank=True, default="")
    closed_on = models.DateField(_("会签日期"), null=True, blank=True)
    countersigner = _key(Account, _("会签人"), null=True)
    closed_by = models.CharField(_("会签人姓名"), max_length=50, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("收益清算")
        constraints = [
            models.UniqueConstraint(fields=["county", "year"], name="income_settlement_once"),
            models.CheckConstraint(
                condition=Q(arrears_fen=F("opening_fen") + F("due_fen") - F("reduced_fen") - F("received_fen")),
                name="income_settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state="PREPARED", confirmed_on__isnull=True, closed_on__isnull=True)
                | Q(state="CONFIRMED", confirmed_on__isnull=False, closed_on__isnull=True, confirmer__isnull=False)
                | Q(
                    state="CLOSED", confirmed_on__isnull=False, closed_on__gte=F("confirmed_on"),
                    confirmer__isnull=False, countersigner__isnull=False,
                ),
                name="income_settlement_states",
            ),
            models.CheckConstraint(
                condition=Q(countersigner__isnull=True) | ~Q(countersigner=F("confirmer")),
                name="income_settlement_two_people",
            ),
        ]  # fmt: skip


class SettlementLine(models.Model):
    """A contract and a holder of the income right in a year's settlement. `distributable_fen`: for distribution."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines", db_index=False)
    contract = _key(Contract, _("经营合同"), index=True)
    holder = _key(Party, _("收益权人"))
    opening_fen = models.BigIntegerField(_("年初欠收（分）"))
    due_fen = models.BigIntegerField(_("本年应收（分）"))
    reduced_fen = models.BigIntegerField(_("减免核销（分）"))
    received_fen = models.BigIntegerField(_("本年实收（分）"))
    arrears_fen = models.BigIntegerField(_("年末欠收（分）"))
    remitted_fen = models.BigIntegerField(_("已上缴（分）"))
    distributable_fen = models.BigIntegerField(_("可分配（分）"))

    class Meta:
        verbose_name = _("清算明细")
        constraints = [
            models.UniqueConstraint(fields=["settlement", "contract", "holder"], name="settlementline_once"),
            models.CheckConstraint(
                condition=Q(arrears_fen=F("opening_fen") + F("due_fen") - F("reduced_fen") - F("received_fen")),
                name="settlementline_adds_up",
            ),
        ]


class StatementLine(models.Model):
    """A line of a bank statement (银行对账单) that waits to be claimed by a person, or was."""

    county = models.CharField(_("县"), max_length=6)
    bank_account = models.CharField(_("收款账户"), max_length=60)
    reference = models.CharField(_("流水号"), max_length=60)
    day = models.DateField(_("到账日期"))
    payer_name = models.CharField(_("对方户名"), max_length=120, blank=True, default="")
    summary = models.CharField(_("摘要"), max_length=200, blank=True, default="")
    fen = models.BigIntegerField(_("金额（分）"))
    source = models.CharField(_("来源文件"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=LineState, default=LineState.WAITING)
    receipt = _key(Receipt, _("收款"), null=True, index=True)
    settled_on = models.DateField(_("处理日期"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    imported_on = models.DateField(_("导入日期"))

    class Meta:
        verbose_name = _("对账单行")
        constraints = [
            models.UniqueConstraint(fields=["county", "bank_account", "reference"], name="statementline_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="statementline_positive"),
            models.CheckConstraint(
                condition=Q(state="WAITING", receipt__isnull=True)
                | Q(state="RECORDED", receipt__isnull=False)
                | Q(state="SET_ASIDE", receipt__isnull=True) & ~Q(reason=""),
                name="statementline_states",
            ),
        ]
        indexes = [models.Index(fields=["county", "state", "day", "id"], name="statementline_list")]
