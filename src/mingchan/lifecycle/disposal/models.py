"""Disposals, their assets, papers, appraisals, prices, results and money (处置方案、明细、评估、结果、收支)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.procedures.models import Case
from mingchan.lifecycle.disposal.choices import DisposalKind, Loss, Money, State
from mingchan.register.assets.models import Asset


def _party(label: Any, *, null: bool = False) -> Any:
    return models.ForeignKey(
        Party, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Disposal(models.Model):
    """A disposal from its proposal to its end (处置方案, 3.4.3a).

    The database lets it come to MAY_PROCEED only while its case waits to be carried out, with the approval given and
    the notice ended, and to EXECUTED only from there. Sums are those of the list as it went out; `sum_fen` adds like
    things that the same unit proposed shortly before.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("方案编号"), max_length=40)
    kind = models.CharField(_("处置方式"), max_length=10, choices=DisposalKind)
    office = _party(_("申报单位"))
    owner = _party(_("产权单位"), null=True)
    reason = models.CharField(_("处置原因"), max_length=500)
    proceeds_use = models.CharField(_("处置收入用途"), max_length=300, blank=True, default="")
    exception = models.CharField(_("效益良好仍须处置的理由"), max_length=500, blank=True, default="")
    recipient = _party(_("接收单位"), null=True)
    recipient_name = models.CharField(_("县外接收单位"), max_length=120, blank=True, default="")
    finding_by = models.CharField(_("鉴定人或机构"), max_length=120, blank=True, default="")
    finding_on = models.DateField(_("鉴定日期"), null=True, blank=True)
    finding = models.CharField(_("技术鉴定意见"), max_length=500, blank=True, default="")
    loss = models.CharField(_("核销的货币性资产"), max_length=20, choices=Loss, blank=True, default="")
    amount_fen = models.BigIntegerField(_("核销金额（分）"), default=0)
    debtor = models.CharField(_("债务人或责任方"), max_length=120, blank=True, default="")
    state = models.CharField(_("处置状态"), max_length=12, choices=State, default=State.DRAFT)
    case = models.ForeignKey(
        Case,
        verbose_name=_("审批事项"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    count = models.PositiveIntegerField(_("项数"), default=0)
    cost_fen = models.BigIntegerField(_("原值（分）"), default=0)
    net_fen = models.BigIntegerField(_("净值（分）"), default=0)
    sum_fen = models.BigIntegerField(_("合并计算金额（分）"), default=0)
    performs_well = models.BooleanField(_("效益良好"), default=False)
    performance = models.CharField(_("效益依据"), max_length=300, blank=True, default="")
    split_suspected = models.BooleanField(_("疑似拆分"), default=False)
    digest = models.CharField(_("方案摘要"), max_length=64, blank=True, default="")
    drafted_on = models.DateField(_("拟定日期"))
    drafted_by = models.CharField(_("拟定人"), max_length=50)
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    executed_on = models.DateField(_("实施日期"), null=True, blank=True)
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True, default="")
    account_closed_on = models.DateField(_("收支结清日期"), null=True, blank=True)
    due_fen = models.BigIntegerField(_("应缴财政（分）"), default=0)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("处置方案")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="disposal_serial"),
            models.UniqueConstraint(fields=["case"], name="disposal_of_case"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="disposal_state_known"),
            models.CheckConstraint(condition=Q(kind__in=DisposalKind.values), name="disposal_kind_known"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0, cost_fen__gte=0), name="disposal_amounts"),
            models.CheckConstraint(
                condition=Q(state__in=("DRAFT", "WITHDRAWN")) | Q(case__isnull=False, submitted_on__isnull=False),
                name="disposal_has_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("EXECUTED", "FILED"), executed_on__isnull=False)
                | ~Q(state__in=("EXECUTED", "FILED")) & Q(executed_on__isnull=True),
                name="disposal_executed_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="disposal_list"),
            models.Index(fields=["county", "state", "-id"], name="disposal_by_state"),
            models.Index(fields=["county", "kind", "-id"], name="disposal_by_kind"),
            models.Index(fields=["office", "submitted_on"], name="disposal_of_office"),
        ]

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """An asset on a proposal (处置明细), with its card as it was when it was listed or went out.

    `is_open` is true until nothing came of it: an asset stands on one living proposal only.
    """

    disposal = models.ForeignKey(
        Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line_no = models.PositiveIntegerField(_("序号"))
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    class_code = models.CharField(_("资产分类代码"), max_length=9, blank=True, default="")
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    acquired_on = models.DateField(_("取得日期"), null=True, blank=True)
    cost_fen = models.BigIntegerField(_("原值（分）"))
    net_fen = models.BigIntegerField(_("净值（分）"))
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    place = models.CharField(_("站点或存放地点"), max_length=240, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    is_open = models.BooleanField(_("办理中"), default=True)

    class Meta:
        verbose_name = _("处置明细")
        constraints = [
            models.UniqueConstraint(fields=["disposal", "asset"], name="disposal_item_once"),
            models.UniqueConstraint(fields=["asset"], condition=Q(is_open=True), name="disposal_asset_open_once"),
        ]
        indexes = [models.Index(fields=["asset", "disposal"], name="disposal_item_asset")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Paper(models.Model):
    """A paper of a disposal (处置材料) by its kind, in the words of the policy pack. Only ever added."""

    disposal = models.ForeignKey(Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("材料"), max_length=20)
    attachment = models.ForeignKey(Attachment, verbose_name=_("附件"), on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField(_("上传日期"))
    added_by = models.CharField(_("上传人"), max_length=50)

    class Meta:
        verbose_name = _("处置材料")

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.code}"


class Appraisal(models.Model):
    """An appraisal (资产评估). A revised one replaces it and keeps it to be seen (2.6.3)."""

    disposal = models.ForeignKey(Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+")
    firm = models.CharField(_("评估机构"), max_length=120)
    report_no = models.CharField(_("评估报告文号"), max_length=80)
    method = models.CharField(_("评估方法"), max_length=60, blank=True, default="")
    base_on = models.DateField(_("评估基准日"))
    value_fen = models.BigIntegerField(_("评估价值（分）"))
    valid_to = models.DateField(_("有效期止"))
    report = models.ForeignKey(
        Attachment, verbose_name=_("评估报告"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField(_("登记日期"))
    recorded_by = models.CharField(_("登记人"), max_length=50)
    replaced_on = models.DateField(_("不再采用自"), null=True, blank=True)

    class Meta:
        verbose_name = _("资产评估")
        constraints = [
            models.UniqueConstraint(
                fields=["disposal"], condition=Q(replaced_on__isnull=True), name="disposal_one_appraisal"
            ),
            models.CheckConstraint(condition=Q(value_fen__gt=0), name="appraisal_value"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("base_on")), name="appraisal_term"),
        ]

    def __str__(self) -> str:
        return self.report_no


class PriceAsk(models.Model):
    """A price below the floor that the county was asked to approve (降价报批)."""

    disposal = models.ForeignKey(Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+")
    price_fen = models.BigIntegerField(_("拟成交价（分）"))
    buyer = models.CharField(_("受让人"), max_length=120)
    reason = models.CharField(_("理由"), max_length=300)
    asked_on = models.DateField(_("报批日期"))
    asked_by = models.CharField(_("经办人"), max_length=50)
    approved_on = models.DateField(_("批复日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("降价报批")
        constraints = [models.CheckConstraint(condition=Q(price_fen__gt=0), name="ask_price")]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.price_fen}"


class Result(models.Model):
    """How a disposal was carried out (处置结果). Written once; the account that wrote it doesn't settle its money."""

    disposal = models.OneToOneField(Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+")
    other_party = models.CharField(_("受让人或接收单位"), max_length=120, blank=True, default="")
    contract_no = models.CharField(_("合同或凭据编号"), max_length=80, blank=True, default="")
    price_fen = models.BigIntegerField(_("成交价、残值或赔款（分）"), default=0)
    house = models.CharField(_("拍卖机构"), max_length=120, blank=True, default="")
    place = models.CharField(_("拍卖地点"), max_length=120, blank=True, default="")
    bidders = models.PositiveIntegerField(_("竞买人数"), default=0)
    notice_on = models.DateField(_("拍卖公告日期"), null=True, blank=True)
    confirmation_no = models.CharField(_("成交确认书编号"), max_length=80, blank=True, default="")
    handled_by = models.CharField(_("拆解回收单位"), max_length=120, blank=True, default="")
    responsible = models.CharField(_("责任人及处理"), max_length=200, blank=True, default="")
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")
    incoming = models.ForeignKey(
        Asset, verbose_name=_("换入资产"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    executed_on = models.DateField(_("实施日期"))
    account = models.ForeignKey(Account, verbose_name=_("经办账号"), on_delete=models.PROTECT, related_name="+")
    account_name = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("处置结果")
        constraints = [models.CheckConstraint(condition=Q(price_fen__gte=0), name="result_price")]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.price_fen}"


class MoneyEntry(models.Model):
    """A movement of a disposal's money (处置收支) with its voucher. Only ever added."""

    disposal = models.ForeignKey(Disposal, verbose_name=_("处置方案"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("收支种类"), max_length=10, choices=Money)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    moved_on = models.DateField(_("日期"))
    document_no = models.CharField(_("票据号"), max_length=80)
    note = models.CharField(_("摘要"), max_length=200, blank=True, default="")
    voucher = models.CharField(_("凭证"), max_length=60)
    noted_by = models.CharField(_("登记人"), max_length=50)

    class Meta:
        verbose_name = _("处置收支")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="money_amount"),
            models.CheckConstraint(condition=Q(kind__in=Money.values), name="money_kind_known"),
            models.UniqueConstraint(fields=["disposal", "kind", "document_no"], name="money_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_fen}"
