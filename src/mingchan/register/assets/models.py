"""The register's tables (资产卡片、站点、权利、资金、来源). Money in fen, quantity in thousandths, business dates."""

from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case as Matter
from mingchan.register.assets.choices import AssetType, Precision, RightKind, SixClass, Status, System, Tier


class Site(models.Model):
    """A site (站点): a county centre, a town or village station, a depot, that holds assets (2.1.2).

    A site found to be another one under a second name is closed and points at it (`merged_into`): whoever names it
    means the other. A closed site holds no cards and is offered nowhere.
    """

    county = models.CharField(_("县"), max_length=6)
    name = models.CharField(_("站点名称"), max_length=120)
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    system = models.CharField(_("建设体系"), max_length=20, choices=System)
    tier = models.CharField(_("层级"), max_length=8, choices=Tier)
    kind = models.CharField(_("站点类型"), max_length=40, blank=True, default="")
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "assets.Site",
        verbose_name=_("并入站点"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("站点")
        indexes = [models.Index(fields=["county", "division_code", "id"], name="site_place")]
        constraints = [
            models.UniqueConstraint(fields=["county", "name", "division_code"], name="site_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False), name="site_merged_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _holder(label: Any) -> "models.ForeignKey[Party | None, Party | None]":
    """A key to the party that holds a right today; the index, if any, is one of the list's own."""
    return models.ForeignKey(
        Party, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class CardFields(models.Model):
    """The columns of a card (资产卡片), shared by the card as it is and as it was, so that one filter serves both."""

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    class_code = models.CharField(_("资产分类代码"), max_length=9, blank=True, default="")
    six_class = models.CharField(_("资产大类"), max_length=10, choices=SixClass)
    asset_type = models.CharField(_("资产类型"), max_length=16, choices=AssetType, default=AssetType.INDUSTRY)
    system = models.CharField(_("建设体系"), max_length=20, choices=System)
    tier = models.CharField(_("层级"), max_length=8, choices=Tier)
    site = models.ForeignKey(
        Site, verbose_name=_("站点"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    place = models.CharField(_("存放地点"), max_length=120, blank=True, default="")
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    brand = models.CharField(_("品牌"), max_length=60, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    unit_price_fen = models.BigIntegerField(_("单价（分）"), null=True, blank=True)
    cost_fen = models.BigIntegerField(_("原值（分）"))
    acquired_on = models.DateField(_("取得日期"), null=True, blank=True)
    acquired_precision = models.CharField(_("日期精度"), max_length=1, choices=Precision, default=Precision.DAY)
    in_service_on = models.DateField(_("投用日期"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("项目年度"), default=0)
    project = models.CharField(_("项目名称"), max_length=120, blank=True, default="")
    funding = models.CharField(_("资金来源"), max_length=20, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    owner = _holder(_("所有权人"))
    user = _holder(_("使用权人"))
    operator = _holder(_("经营权人"))
    income_holder = _holder(_("收益权人"))
    keeper = _holder(_("管护责任人"))
    serial_no = models.CharField(_("序列号"), max_length=60, blank=True, default="")
    manufacturer = models.CharField(_("生产厂家"), max_length=120, blank=True, default="")
    supplier = models.CharField(_("供应商"), max_length=120, blank=True, default="")
    life_months = models.PositiveSmallIntegerField(_("使用年限（月）"), null=True, blank=True)
    residual_percent = models.PositiveSmallIntegerField(_("残值率（%）"), null=True, blank=True)
    acquire_way = models.CharField(_("取得方式"), max_length=20, blank=True, default="")
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    status = models.CharField(_("卡片状态"), max_length=10, choices=Status, default=Status.ACTIVE)
    parent = models.ForeignKey(
        "assets.Asset",
        verbose_name=_("拆分自"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    source = models.CharField(_("来源"), max_length=60, blank=True, default="")
    registered_on = models.DateField(_("登记日期"))
    state_since = models.DateField(_("现状自"))
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Asset(CardFields):
    """A card (资产卡片): one thing or one lot of like things, as it stands today (2.2).

    `frozen_by` names the procedure that holds the card still, as a reference (`disposal:7`): until it is empty again
    triggers of the database refuse every other change, and a disposed card never changes again.
    """

    frozen_by = models.CharField(_("冻结事由"), max_length=60, null=True, blank=True)  # noqa: DJ001 - absent in old records

    class Meta:
        verbose_name = _("资产")
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="asset_code"),
            models.UniqueConstraint(
                fields=["county", "serial_no"],
                condition=Q(status=Status.ACTIVE) & ~Q(serial_no=""),
                name="asset_serial_once",
            ),
            models.CheckConstraint(condition=Q(cost_fen__gte=0), name="asset_cost"),
            models.CheckConstraint(condition=Q(quantity_milli__gt=0), name="asset_quantity"),
            models.CheckConstraint(condition=Q(state_since__gte=F("registered_on")), name="asset_state_since"),
        ]
        indexes = [
            models.Index(fields=["county", "status", "cost_fen", "id"], name="asset_cost_sort"),
            models.Index(fields=["county", "status", "acquired_on", "id"], name="asset_date_sort"),
            models.Index(
                "county", "status", Substr("division_code", 1, 9), "class_code", "cost_fen", "id", name="asset_town"
            ),
            models.Index("county", "status", Substr("division_code", 1, 9), "code", name="asset_town_code"),
            models.Index(fields=["county", "status", "division_code", "id"], name="asset_division"),
            models.Index(fields=["county", "site", "id"], name="asset_site"),
            models.Index(fields=["county", "owner", "id"], name="asset_owner"),
            models.Index(fields=["county", "user", "id"], name="asset_user"),
            models.Index(fields=["county", "operator", "id"], name="asset_operator"),
            models.Index(fields=["county", "keeper", "id"], name="asset_keeper"),
            models.Index(fields=["county", "class_code", "id"], name="asset_class"),
            models.Index(fields=["county", "status", "condition", "id"], name="asset_condition"),
            models.Index(fields=["source", "id"], name="asset_source"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="asset_parent"),
            models.Index(
                fields=["county", "status", "id"], condition=Q(income_holder__isnull=True), name="asset_no_income"
            ),
        ]


class FormerCard(CardFields):
    """A card as it was (卡片旧状) from its `state_since` to the day before `left_on`, for lists as of a day (2.4.1)."""

    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    left_on = models.DateField(_("止于"))

    class Meta:
        verbose_name = _("卡片旧状")
        constraints = [
            models.CheckConstraint(condition=Q(left_on__gt=F("state_since")), name="former_period"),
            models.UniqueConstraint(fields=["asset", "left_on"], name="former_once"),
        ]
        indexes = [models.Index(fields=["county", "left_on"], name="former_left")]


class CodeSeries(models.Model):
    """The last serial number given in a county for a year (资产编号序列), so that codes have no gaps."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("资产编号序列")
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.county}-{self.year}"


class Right(models.Model):
    """A right (权利, LADM LA_RRR) of one kind, held by a party as a share of the whole, from a day until a day (2.3).

    On no day may the shares of one kind of one asset exceed the whole: triggers of the database refuse it, for whoever
    writes. Shares that hold on the same day have the same denominator, so that they add up in whole numbers.
    `organisation` and `due_on` belong to custody (管护责任): the body that the keeper answers to, and the end of the
    term, which ends nothing by itself. `document` is the paper that gives the right, as a reference (`attachment:12`).

    The unique index serves two ends: it finds the rights of an asset, and it lets only one open whole right of a kind
    be, for closed rights and parts have null in its third place and nulls never collide. The second finds what a party
    holds; the third, a small one, what the card's columns don't show: supervision, and shares that may fall short.
    """

    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("权利种类"), max_length=12, choices=RightKind)
    party = models.ForeignKey(
        Party, verbose_name=_("权利人"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    share_numerator = models.PositiveIntegerField(_("份额分子"), default=1)
    share_denominator = models.PositiveIntegerField(_("份额分母"), default=1)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    source = models.CharField(_("来源"), max_length=60, blank=True, default="")
    document = models.CharField(_("权属证明"), max_length=60, blank=True, default="")
    organisation = models.ForeignKey(
        Party,
        verbose_name=_("管护主体"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    due_on = models.DateField(_("任期止"), null=True, blank=True)

    class Meta:
        verbose_name = _("权利")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="right_period"
            ),
            models.CheckConstraint(
                condition=Q(share_numerator__gt=0) & Q(share_numerator__lte=F("share_denominator")),
                name="right_share",
            ),
            models.UniqueConstraint(
                "asset",
                "kind",
                Case(When(Q(valid_to__isnull=True, share_numerator=F("share_denominator")), then=Value(0))),
                name="right_whole_once",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "kind", "asset"], name="right_holder"),
            models.Index(
                fields=["kind", "asset"],
                condition=Q(kind=RightKind.SUPERVISION) | Q(share_denominator__gt=1),
                name="right_beside",
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(kind=RightKind.CUSTODY, valid_to__isnull=True, due_on__isnull=False),
                name="right_custody_due",
            ),
            models.Index(
                fields=["organisation", "id"],
                condition=Q(kind=RightKind.CUSTODY, valid_to__isnull=True, organisation__isnull=False),
                name="right_custody_body",
            ),
        ]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.kind}"


class Permit(models.Model):
    """That an asset may get this operator, once, by a finished case (经营者变更许可, 2.4.2b); without a party, none.

    Triggers refuse any other operator for a card that ever had one, and a permit of a case that wasn't agreed to.
    `used_version` is the version of the card that the change made; a permit is used once and then never changes.
    """

    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(
        Party,
        verbose_name=_("经营者"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    case = models.ForeignKey(
        Matter, verbose_name=_("审批事项"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    division_code = models.CharField(_("区划"), max_length=12, blank=True, default="")
    given_on = models.DateField(_("许可日期"))
    used_on = models.DateField(_("使用日期"), null=True, blank=True)
    used_version = models.PositiveIntegerField(_("卡片版本"), null=True, blank=True)

    class Meta:
        verbose_name = _("经营者变更许可")
        constraints = [
            models.UniqueConstraint(fields=["asset", "case", "party"], name="permit_once"),
            models.UniqueConstraint(
                fields=["asset", "case"], condition=Q(party__isnull=True), name="permit_to_end_once"
            ),
            models.CheckConstraint(
                condition=Q(used_on__isnull=True, used_version__isnull=True)
                | Q(used_on__isnull=False, used_version__isnull=False),
                name="permit_used_whole",
            ),
        ]
        indexes = [models.Index(fields=["case", "asset"], name="permit_case")]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} party:{self.party_id}"


class FundingShare(models.Model):
    """One source's part of a card's cost (资金构成). A card of one source has no rows (2.1.1)."""

    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("资金来源"), max_length=20)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    document = models.CharField(_("资金文号"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("资金构成")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gte=0), name="share_amount")]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.source}"


class OriginSheet(models.Model):
    """A sheet that cards were read from (来源工作表): its batch, its name, and each field's column, once."""

    batch = models.CharField(_("批次"), max_length=60)
    name = models.CharField(_("工作表"), max_length=120, blank=True, default="")
    columns = models.TextField(_("列"), default="{}")

    class Meta:
        verbose_name = _("来源工作表")
        indexes = [models.Index(fields=["batch"], name="origin_batch")]


class Origin(models.Model):
    """Where a card was read from (来源): sheet and row, and the original text of each field that was changed (2.2)."""

    asset = models.OneToOneField(
        Asset, verbose_name=_("资产"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    sheet = models.ForeignKey(
        OriginSheet, verbose_name=_("工作表"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    row = models.PositiveIntegerField(_("行"), null=True, blank=True)
    originals = models.TextField(_("原文"), default="{}")

    class Meta:
        verbose_name = _("来源")

    def __str__(self) -> str:
        return f"asset:{self.asset_id}"
