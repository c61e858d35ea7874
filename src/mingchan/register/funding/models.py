"""Projects with their stages, money sent down, sub-projects and payments (项目、阶段、资金下达、子项目、支出)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger.models import Voucher
from mingchan.kernel.period import Precision
from mingchan.register.funding.choices import FundLevel, RowStatus, StageKind, System

PRECISIONS = [(Precision.DAY.value, _("日")), (Precision.MONTH.value, _("月")), (Precision.YEAR.value, _("年"))]


class Project(models.Model):
    """A project of a year (项目): sub-projects, money and stages hang on it. `year` is its project year (2.6.1a)."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("项目名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("项目年度"))
    programme = models.CharField(_("项目类别"), max_length=120, blank=True, default="")
    office = models.ForeignKey(
        Party, verbose_name=_("责任单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    budget_fen = models.BigIntegerField(_("批复投资（分）"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    source = models.CharField(_("登记来源"), max_length=60)
    created_on = models.DateField(_("登记日期"))
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("项目")
        indexes = [models.Index(fields=["county", "id"], name="project_list")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "name"], name="project_once"),
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(budget_fen__gte=0), name="project_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Appropriation(models.Model):
    """Money sent down by one document (资金下达), in fen. Serves 2.1.1 and 3.1."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    funding = models.CharField(_("资金来源"), max_length=20)
    level = models.CharField(_("级次"), max_length=8, choices=FundLevel)
    document = models.CharField(_("资金文号"), max_length=120, blank=True, default="")
    issued_on = models.DateField(_("下达日期"), null=True, blank=True)
    issued_precision = models.CharField(_("日期精度"), max_length=1, choices=PRECISIONS, default="D")
    amount_fen = models.BigIntegerField(_("下达金额（分）"))
    scope_reason = models.CharField(_("范围外理由"), max_length=200, blank=True, default="")
    status = models.CharField(_("状态"), max_length=10, choices=RowStatus, default=RowStatus.ACTIVE)
    source = models.CharField(_("登记来源"), max_length=60)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True, default="")
    row = models.PositiveIntegerField(_("行"), null=True, blank=True)
    originals = models.TextField(_("原文"), blank=True, default="")
    project = models.ForeignKey(
        Project, verbose_name=_("项目"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_on = models.DateField(_("登记日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("资金下达")
        indexes = [
            models.Index(fields=["county", "status", "id"], name="appropriation_list"),
            models.Index(fields=["county", "status", "funding", "document", "amount_fen"], name="appropriation_sums"),
            models.Index(fields=["source"], name="appropriation_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="appropriation_not_negative"),
            models.CheckConstraint(condition=Q(status__in=RowStatus.values), name="appropriation_status_known"),
        ]

    def __str__(self) -> str:
        return self.document or str(self.pk)


class ProjectLine(models.Model):
    """A part of the project in one year (子项目) and the part of the register that its money should have built.

    `system` is blank for lines that make no assets (training, publicity); `tiers` are tiers of the register joined by
    commas, blank for all of them. `year` 0 means that no paper says it. Serves 2.6.1a.
    """

    county = models.CharField(_("县"), max_length=6)
    name = models.CharField(_("子项目"), max_length=120)
    year = models.PositiveSmallIntegerField(_("项目年度"), default=0)
    system = models.CharField(_("体系"), max_length=16, choices=System, blank=True, default="")
    tiers = models.CharField(_("层级"), max_length=24, blank=True, default="")
    project = models.ForeignKey(
        Project, verbose_name=_("项目"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_on = models.DateField(_("登记日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("子项目")
        constraints = [models.UniqueConstraint(fields=["county", "year", "name"], name="project_line_once")]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """That a project, or one sub-project of it, reached a stage (项目阶段), with day and office. Serves 2.6.1a.

    A row is never changed: what was entered wrongly is replaced by another row with a reason. The row that nothing
    replaces holds. Papers are attachments of the rows.
    """

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        ProjectLine, verbose_name=_("子项目"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("阶段"), max_length=16, choices=StageKind)
    happened_on = models.DateField(_("日期"))
    happened_precision = models.CharField(_("日期精度"), max_length=1, choices=PRECISIONS, default="D")
    office = models.ForeignKey(
        Party, verbose_name=_("办理单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    replaces = models.OneToOneField(
        "self", verbose_name=_("更正自"), null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    reason = models.CharField(_("更正理由"), max_length=200, blank=True, default="")
    division_code = models.CharField(_("区划"), max_length=12)
    source = models.CharField(_("登记来源"), max_length=60)
    recorded_on = models.DateField(_("登记日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("项目阶段")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(replaces__isnull=True, line__isnull=True),
                name="stage_begins_once",
            ),
            models.UniqueConstraint(
                fields=["line", "kind"],
                condition=Q(replaces__isnull=True, line__isnull=False),
                name="stage_of_line_begins_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=StageKind.values), name="stage_kind_known"),
            models.CheckConstraint(condition=Q(replaces__isnull=True) | ~Q(reason=""), name="stage_correction_reason"),
            models.CheckConstraint(condition=Q(happened_on__lte=F("recorded_on")), name="stage_not_to_come"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}"


class FundUse(models.Model):
    """One payment from project money (支出), in fen: part became assets, the rest is expense. Serves 3.1.

    `spender` is the office whose book carries the expense part, `voucher` that entry.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    line = models.ForeignKey(ProjectLine, verbose_name=_("子项目"), on_delete=models.PROTECT, related_name="+")
    appropriation = models.ForeignKey(
        Appropriation, verbose_name=_("资金下达"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    funding = models.CharField(_("资金来源"), max_length=20)
    document = models.CharField(_("资金文号"), max_length=120, blank=True, default="")
    item = models.CharField(_("支出内容"), max_length=200)
    payee = models.ForeignKey(
        Party, verbose_name=_("收款单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    payee_name = models.CharField(_("收款单位（原文）"), max_length=120, blank=True, default="")
    contract_no = models.CharField(_("合同编号"), max_length=80, blank=True, default="")
    invoice_no = models.CharField(_("发票号码"), max_length=120, blank=True, default="")
    purpose = models.CharField(_("用途"), max_length=200, blank=True, default="")
    paid_on = models.DateField(_("支付日期"), null=True, blank=True)
    paid_precision = models.CharField(_("日期精度"), max_length=1, choices=PRECISIONS, default="D")
    paid_fen = models.BigIntegerField(_("支付金额（分）"))
    asset_fen = models.BigIntegerField(_("形成资产金额（分）"))
    expense_fen = models.BigIntegerField(_("费用性支出（分）"))
    spender = models.ForeignKey(
        Party, verbose_name=_("支出单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voucher = models.ForeignKey(
        Voucher, verbose_name=_("凭证"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scope_reason = models.CharField(_("范围外理由"), max_length=200, blank=True, default="")
    status = models.CharField(_("状态"), max_length=10, choices=RowStatus, default=RowStatus.ACTIVE)
    source = models.CharField(_("登记来源"), max_length=60)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True, default="")
    row = models.PositiveIntegerField(_("行"), null=True, blank=True)
    originals = models.TextField(_("原文"), blank=True, default="")
    registered_on = models.DateField(_("登记日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("支出")
        indexes = [
            models.Index(fields=["county", "status", "id"], name="fund_use_list"),
            models.Index(fields=["county", "status", "paid_on", "id"], name="fund_use_by_day"),
            models.Index(fields=["county", "status", "paid_fen", "id"], name="fund_use_by_amount"),
            models.Index(
                fields=["county", "status", "funding", "document", "line", "paid_fen", "asset_fen", "expense_fen"],
                name="fund_use_sums",
            ),
            models.Index(fields=["source"], name="fund_use_source"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, asset_fen__gte=0, expense_fen__gte=0), name="fund_use_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(paid_fen=F("asset_fen") + F("expense_fen")), name="fund_use_paid_is_assets_and_expense"
            ),
            models.CheckConstraint(condition=Q(status__in=RowStatus.values), name="fund_use_status_known"),
        ]

    def __str__(self) -> str:
        return self.item
