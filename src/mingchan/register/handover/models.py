"""Handover lists, their items, what was found on the spot, and signatures (移交清单、明细、清点、签署)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.register.assets.models import Asset, Site
from mingchan.register.handover.choices import HandoverKind, Resolution, Result, Side, State


def _party(label: Any, *, null: bool = False) -> Any:
    return models.ForeignKey(
        Party, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Handover(models.Model):
    """A list by which assets pass from one side to the other (移交清单, 3.3).

    `rights` are the kinds that pass, joined by commas. The offices are those whose accounts sign for the sides.
    `digest` is that of the content both signed, from the day it was carried out. The database lets no finished list
    change, and no list end without two signatures under its digest.
    """

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("清单编号"), max_length=40)
    kind = models.CharField(_("移交类别"), max_length=10, choices=HandoverKind)
    rights = models.CharField(_("移交的权利"), max_length=80)
    from_party = _party(_("移出方"))
    to_party = _party(_("接收方"))
    from_office = _party(_("移出方签署单位"))
    to_office = _party(_("接收方签署单位"))
    from_division = models.CharField(_("移出方区划"), max_length=12)
    to_division = models.CharField(_("接收方区划"), max_length=12)
    division_code = models.CharField(_("区划"), max_length=12)
    witness = _party(_("监交人"), null=True)
    keeper = _party(_("新管护责任人"), null=True)
    organisation = _party(_("新管护主体"), null=True)
    due_on = models.DateField(_("管护任期止"), null=True, blank=True)
    site = models.ForeignKey(
        Site,
        verbose_name=_("新站点"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    place = models.CharField(_("新存放地点"), max_length=120, blank=True, default="")
    moves_to = models.CharField(_("新所在区划"), max_length=12, blank=True, default="")
    reason = models.CharField(_("移交事由"), max_length=200)
    basis = models.CharField(_("依据文件"), max_length=200, blank=True, default="")
    state = models.CharField(_("清单状态"), max_length=10, choices=State, default=State.DRAFT)
    drafted_on = models.DateField(_("拟定日期"))
    drafted_by = models.CharField(_("拟定人"), max_length=50)
    checking_on = models.DateField(_("开始清点"), null=True, blank=True)
    executed_on = models.DateField(_("移交日期"), null=True, blank=True)
    cancelled_on = models.DateField(_("撤销日期"), null=True, blank=True)
    cancel_reason = models.CharField(_("撤销原因"), max_length=200, blank=True, default="")
    digest = models.CharField(_("清单内容摘要"), max_length=64, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("移交清单")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="handover_serial"),
            models.UniqueConstraint(fields=["county", "number"], name="handover_number"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="handover_state_known"),
            models.CheckConstraint(condition=Q(kind__in=HandoverKind.values), name="handover_kind_known"),
            models.CheckConstraint(condition=~Q(from_party=F("to_party")), name="handover_two_sides"),
            models.CheckConstraint(
                condition=Q(state=State.EXECUTED, executed_on__isnull=False) & ~Q(digest="")
                | ~Q(state=State.EXECUTED) & Q(executed_on__isnull=True, digest=""),
                name="handover_executed_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CANCELLED, cancelled_on__isnull=False) & ~Q(cancel_reason="")
                | ~Q(state=State.CANCELLED) & Q(cancelled_on__isnull=True, cancel_reason=""),
                name="handover_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="handover_list"),
            models.Index(fields=["county", "state", "id"], name="handover_by_state"),
            models.Index(fields=["county", "kind", "id"], name="handover_by_kind"),
            models.Index(fields=["from_party", "id"], name="handover_from"),
            models.Index(fields=["to_party", "id"], name="handover_to"),
        ]

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """One asset on a list (清单明细), with its card as it was when it was listed, version and all.

    `is_open` is true while the item waits for its handover: an asset stands open on one list only.
    """

    handover = models.ForeignKey(
        Handover, verbose_name=_("移交清单"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line_no = models.PositiveIntegerField(_("序号"))
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False)
    asset_version = models.PositiveIntegerField(_("卡片版本"))
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120)
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("原值（分）"))
    six_class = models.CharField(_("资产大类"), max_length=10)
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    place = models.CharField(_("站点或存放地点"), max_length=240, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    resolution = models.CharField(_("差异处理"), max_length=10, choices=Resolution, blank=True, default="")
    resolution_note = models.CharField(_("处理说明"), max_length=200, blank=True, default="")
    resolved_on = models.DateField(_("处理日期"), null=True, blank=True)
    resolved_by = models.CharField(_("处理人"), max_length=50, blank=True, default="")
    is_open = models.BooleanField(_("待移交"), default=True)

    class Meta:
        verbose_name = _("移交清单明细")
        constraints = [
            models.UniqueConstraint(fields=["handover", "line_no"], name="handover_line_no"),
            models.UniqueConstraint(fields=["handover", "asset"], name="handover_line_once"),
            models.UniqueConstraint(fields=["asset"], condition=Q(is_open=True), name="handover_asset_open_once"),
            models.CheckConstraint(
                condition=Q(resolution__in=Resolution.values), name="handover_line_resolution_known"
            ),
            models.CheckConstraint(
                condition=Q(resolution="") | ~Q(resolution_note=""), name="handover_line_resolved_with_note"
            ),
        ]
        indexes = [models.Index(fields=["asset", "handover"], name="handover_line_asset")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Tick(models.Model):
    """What was found of one item on the spot (清点), once written never changed: a later one replaces it."""

    handover = models.ForeignKey(
        Handover, verbose_name=_("移交清单"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = models.ForeignKey(
        Line, verbose_name=_("移交清单明细"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    result = models.CharField(_("清点结果"), max_length=10, choices=Result)
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    counted_milli = models.BigIntegerField(_("实点数量（千分之一）"))
    remark = models.CharField(_("备注"), max_length=200, blank=True, default="")
    photo = models.CharField(_("照片"), max_length=60, blank=True, default="")
    ticked_on = models.DateField(_("清点日期"))
    ticked_at = models.DateTimeField(_("清点时间"))
    ticked_by = models.CharField(_("清点人"), max_length=50)
    replaced_on = models.DateField(_("不再算数自"), null=True, blank=True)

    class Meta:
        verbose_name = _("清点结果")
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(replaced_on__isnull=True), name="handover_one_tick"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="handover_tick_result_known"),
            models.CheckConstraint(
                condition=Q(result=Result.NOT_FOUND, counted_milli=0)
                | ~Q(result=Result.NOT_FOUND) & Q(counted_milli__gt=0),
                name="handover_tick_counted",
            ),
        ]
        indexes = [models.Index(fields=["handover", "result"], name="handover_tick_results")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.result}"


class Signature(models.Model):
    """A side's signature under a list (签署): who, for which office, when, and the digest of what was signed."""

    handover = models.ForeignKey(
        Handover, verbose_name=_("移交清单"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    side = models.CharField(_("签署方"), max_length=4, choices=Side)
    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("签署人"), max_length=50)
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    office = _party(_("签署单位"))
    office_name = models.CharField(_("签署单位名称"), max_length=120)
    signed_on = models.DateField(_("签署日期"))
    signed_at = models.DateTimeField(_("签署时间"))
    digest = models.CharField(_("清单内容摘要"), max_length=64)
    voided_on = models.DateField(_("作废日期"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, null=True, blank=True)  # noqa: DJ001 - filled once

    class Meta:
        verbose_name = _("移交签署")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "side"], condition=Q(voided_on__isnull=True), name="handover_side_signs_once"
            ),
            models.UniqueConstraint(
                fields=["handover", "account"], condition=Q(voided_on__isnull=True), name="handover_nobody_signs_twice"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="handover_side_known"),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, void_reason__isnull=True)
                | Q(voided_on__isnull=False, void_reason__isnull=False),
                name="handover_voided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.name}"
