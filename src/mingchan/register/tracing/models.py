"""Which payment paid for which asset (资金追溯), in fen; shares are dated and closed, never changed or deleted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.register.assets.models import Asset
from mingchan.register.funding.models import FundUse
from mingchan.register.tracing.choices import Way


class PaymentShare(models.Model):
    """What of a payment went into an asset (支出份额). Serves 2.1.1, 2.6.1a, 3.1.

    It holds from `valid_from` until `valid_to`, the first day without it. The shares that hold of one payment never
    exceed what became assets, those of one asset never its cost: triggers refuse it (`guards`). Only the two closing
    columns are ever filled in.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    use = models.ForeignKey(FundUse, verbose_name=_("支出"), on_delete=models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    way = models.CharField(_("关联依据"), max_length=8, choices=Way)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    taken_back = models.CharField(_("解除理由"), max_length=200, null=True, blank=True)  # noqa: DJ001 - filled once
    source = models.CharField(_("登记来源"), max_length=60)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("支出份额")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_share_positive"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="payment_share_way_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, taken_back__isnull=True)
                | Q(valid_to__gte=F("valid_from"), taken_back__isnull=False),
                name="payment_share_closed_with_reason",
            ),
            models.UniqueConstraint(
                fields=["use", "asset"], condition=Q(valid_to__isnull=True), name="payment_share_once"
            ),
        ]
        indexes = [
            models.Index(fields=["asset", "use"], name="payment_share_asset"),
            models.Index(fields=["use", "id"], name="payment_share_use"),
            models.Index(fields=["county", "valid_to", "use", "amount_fen"], name="payment_share_sums"),
        ]

    def __str__(self) -> str:
        return f"{self.use_id} → {self.asset_id}"
