"""Confirmation batches, their assets, holders and steps; certificates (确权批次、证书). Money in fen, LADM's basis."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.models import Asset
from mingchan.register.rights.choices import Act, State


class Confirmation(models.Model):
    """A confirmation batch (确权批次): the same holders for many assets; three people propose, check and approve it.

    `digest` is that of the content as it was proposed; check and approval count for it and nothing else. `document` is
    the paper that says so (`attachment:12`). `division_code` is the narrowest division with all its assets (2.3, 3.3).
    """

    county = models.CharField(_("县"), max_length=6)
    title = models.CharField(_("批次名称"), max_length=80)
    basis = models.CharField(_("确权依据"), max_length=200)
    document = models.CharField(_("权属证明"), max_length=60, blank=True, default="")
    asked = models.CharField(_("筛选条件"), max_length=500, blank=True, default="")
    division_code = models.CharField(_("区划"), max_length=12)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    count = models.PositiveIntegerField(_("资产数"))
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("原值（分）"))
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True, default="")
    maker = models.ForeignKey(Account, verbose_name=_("提出人"), on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        Account, verbose_name=_("审核人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approver = models.ForeignKey(
        Account, verbose_name=_("批准人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_on = models.DateField(_("草拟日期"))
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("确权批次")
        indexes = [
            models.Index(fields=["county", "id"], name="confirmation_list"),
            models.Index(fields=["county", "state", "id"], name="confirmation_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="confirmation_state_known"),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="confirmation_checker_is_another"
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | (~Q(approver=F("maker")) & ~Q(approver=F("checker"))),
                name="confirmation_approver_is_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED)
                | Q(checker__isnull=False, approver__isnull=False, approved_on__isnull=False),
                name="confirmation_approved_by_three",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Proposed(models.Model):
    """A holder that a batch proposes (拟确权利人): kind, party, share. Fixed once the batch is proposed."""

    confirmation = models.ForeignKey(Confirmation, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("权利种类"), max_length=12, choices=RightKind)
    party = models.ForeignKey(Party, verbose_name=_("权利人"), on_delete=models.PROTECT, related_name="+")
    numerator = models.PositiveIntegerField(_("份额分子"), default=1)
    denominator = models.PositiveIntegerField(_("份额分母"), default=1)
    organisation = models.ForeignKey(
        Party, verbose_name=_("管护主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("任期止"), null=True, blank=True)

    class Meta:
        verbose_name = _("拟确权利人")
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "kind", "party"], name="proposed_once"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0) & Q(numerator__lte=F("denominator")), name="proposed_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id} {self.kind}"


class Member(models.Model):
    """An asset of a batch (批次资产) with the card's version, quantity and cost. Fixed once the batch is proposed."""

    confirmation = models.ForeignKey(
        Confirmation, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField(_("卡片版本"))
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("原值（分）"))

    class Meta:
        verbose_name = _("批次资产")
        constraints = [models.UniqueConstraint(fields=["confirmation", "asset"], name="member_once")]
        indexes = [models.Index(fields=["asset", "confirmation"], name="member_asset")]

    def __str__(self) -> str:
        return f"{self.confirmation_id} asset:{self.asset_id}"


class Step(models.Model):
    """A step of a batch (办理步骤): what, by whom, on which day, for which content. Rows are only added."""

    confirmation = models.ForeignKey(Confirmation, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("步骤"), max_length=10, choices=Act)
    account = models.ForeignKey(Account, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    reason = models.CharField(_("意见"), max_length=200, blank=True, default="")
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("办理步骤")

    def __str__(self) -> str:
        return f"{self.confirmation_id} {self.act}"


class CertificateSeries(models.Model):
    """The last number given in a county for a year (证书编号序列), so that numbers have no gaps."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("证书编号序列")
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="certificate_series_once")]

    def __str__(self) -> str:
        return f"{self.county}-{self.year}"


class Certificate(models.Model):
    """A certificate (确权证书): what one holder got by one batch. Rows are only added; what it still says is computed.

    `token` stands in the address of its QR code, so that nobody finds others by counting. `kinds` is the rights and
    shares in words of the data (`OWNERSHIP 1/1`), `holder` the name on that day, `digest` that of all it says.
    """

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("证号"))
    token = models.CharField(_("校验码"), max_length=24, unique=True)
    confirmation = models.ForeignKey(Confirmation, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, verbose_name=_("权利人"), on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(_("权利人名称"), max_length=120)
    kinds = models.CharField(_("权利与份额"), max_length=200)
    count = models.PositiveIntegerField(_("资产数"))
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("原值（分）"))
    issued_on = models.DateField(_("颁发日期"))
    digest = models.CharField(_("证书摘要"), max_length=64)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("确权证书")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["confirmation", "party"], name="certificate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:04d}"
