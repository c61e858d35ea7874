"""Labels' tables (资产标签): batches, labels, which asset each is on and from when until when, and every scan.

Periods are half open: on `valid_to` a label is on its asset no more. Nothing here is changed but what ends a period or
spoils a label, once; triggers refuse the rest.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.register.assets.models import Asset
from mingchan.register.labels.choices import Cause, Purpose, Way


class LabelSeries(models.Model):
    """The last running number of a county's labels (标签编号序列), and how often anything about labels changed."""

    county = models.CharField(_("县"), max_length=6, primary_key=True)
    last = models.PositiveIntegerField(_("末号"), default=0)
    changes = models.PositiveBigIntegerField(_("变动次数"), default=0)

    class Meta:
        verbose_name = _("标签编号序列")

    def __str__(self) -> str:
        return self.county


class Batch(models.Model):
    """Labels made together (印制批次): for what, how many, from which running number on."""

    county = models.CharField(_("县"), max_length=6)
    purpose = models.CharField(_("印制用途"), max_length=8, choices=Purpose)
    note = models.CharField(_("说明"), max_length=120, blank=True, default="")
    first = models.PositiveIntegerField(_("起号"))
    count = models.PositiveIntegerField(_("张数"))
    made_on = models.DateField(_("印制日期"))
    made_by = models.CharField(_("经办人"), max_length=50)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("印制批次")
        constraints = [
            models.UniqueConstraint(fields=["county", "first"], name="label_batch_first"),
            models.CheckConstraint(condition=Q(count__gt=0, first__gt=0), name="label_batch_count"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="label_batch_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.first}+{self.count}"


class Label(models.Model):
    """A label (资产标签): its code, where it was printed, and since when it is void if it was spoilt or lost."""

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("标签编号"), max_length=17)
    batch = models.ForeignKey(
        Batch, verbose_name=_("印制批次"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    voided_on = models.DateField(_("作废日期"), null=True, blank=True)
    void_cause = models.CharField(_("作废原因"), max_length=8, choices=Cause, blank=True, default="")

    class Meta:
        verbose_name = _("资产标签")
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="label_code"),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, void_cause="")
                | Q(voided_on__isnull=False) & Q(void_cause__in=[Cause.SPOILT, Cause.LOST, Cause.GONE]),
                name="label_void_has_cause",
            ),
        ]
        indexes = [models.Index(fields=["batch", "code"], name="label_in_batch")]

    def __str__(self) -> str:
        return self.code


class Link(models.Model):
    """That a label is on an asset (贴签) from a day until a day, who put it there, and why it came off.

    On no day is an asset under two labels or a label on two assets: a link begins open and not before the last one of
    its label and of its asset ended, and of each only one is open. Triggers and indexes say so on both engines.
    """

    county = models.CharField(_("县"), max_length=6)
    label = models.ForeignKey(
        Label, verbose_name=_("资产标签"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    linked_by = models.CharField(_("认领人"), max_length=50)
    cause = models.CharField(_("换下原因"), max_length=8, choices=Cause, blank=True, default="")
    reason = models.CharField(_("换下说明"), max_length=200, blank=True, default="")
    ended_by = models.CharField(_("换下经办人"), max_length=50, blank=True, default="")

    class Meta:
        verbose_name = _("贴签")
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(valid_to__isnull=True), name="label_one_on_asset"),
            models.UniqueConstraint(fields=["label"], condition=Q(valid_to__isnull=True), name="label_on_one_asset"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="label_link_period"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, cause="") | Q(valid_to__isnull=False) & Q(cause__in=Cause.values),
                name="label_link_end_has_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["asset", "valid_from"], name="label_link_asset"),
            models.Index(fields=["label", "valid_from"], name="label_link_label"),
        ]

    def __str__(self) -> str:
        return f"{self.label_id} asset:{self.asset_id}"


def _degree(label: Any) -> "models.IntegerField[int | None, int | None]":
    return models.IntegerField(label, null=True, blank=True)


class Scan(models.Model):
    """One scan of a code by an account (扫码记录): when, by whom, where if the device knew; rows are only added.

    `code` is what was read, also when no label has it. Coordinates are WGS 84 in millionths of a degree.
    """

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("读出的编号"), max_length=40)
    label = models.ForeignKey(
        Label, verbose_name=_("资产标签"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    asset = models.ForeignKey(
        Asset, verbose_name=_("资产"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    way = models.CharField(_("扫码方式"), max_length=8, choices=Way)
    at = models.DateTimeField(_("时间"))
    scanned_by = models.CharField(_("扫码人"), max_length=50)
    latitude_micro = _degree(_("纬度（百万分之一度）"))
    longitude_micro = _degree(_("经度（百万分之一度）"))

    class Meta:
        verbose_name = _("扫码记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude_micro__isnull=True, longitude_micro__isnull=True)
                | Q(
                    latitude_micro__range=(-90_000_000, 90_000_000), longitude_micro__range=(-180_000_000, 180_000_000)
                ),
                name="label_scan_place",
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="label_scan_way"),
        ]
        indexes = [
            models.Index(fields=["label", "id"], name="label_scan_label"),
            models.Index(fields=["asset", "id"], name="label_scan_asset"),
            models.Index(fields=["county", "id"], name="label_scan_list"),
        ]

    def __str__(self) -> str:
        return self.code
