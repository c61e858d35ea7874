"""Batches of import, what was found wrong in them, and what people corrected (导入批次、问题、更正)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Attachment
from mingchan.interfaces.exchange.choices import BatchState, Difference, Purpose, Severity


class Batch(models.Model):
    """One workbook on its way into the register (导入批次): the kept file, what it says, and what came of it."""

    county = models.CharField(_("县"), max_length=6)
    file = models.ForeignKey(
        Attachment, verbose_name=_("原文件"), on_delete=models.PROTECT, related_name="+", null=True
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=BatchState, default=BatchState.RECEIVED)
    uploader = models.ForeignKey(Account, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("收到日期"))
    received_at = models.DateTimeField(_("收到时间"))
    is_sample = models.BooleanField(_("示例"), default=False)
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose, blank=True, default="")
    shape = models.CharField(_("表样摘要"), max_length=64, blank=True, default="")
    summary = models.JSONField(_("读取结果"), default=dict)
    mapping = models.JSONField(_("列对应"), default=dict)
    admitted = models.JSONField(_("范围外准入理由"), default=dict)
    excluded = models.JSONField(_("不导入的工作表"), default=list)
    skipped = models.JSONField(_("不导入的行"), default=dict)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    error_count = models.PositiveIntegerField(_("错误数"), default=0)
    warning_count = models.PositiveIntegerField(_("提醒数"), default=0)
    reading = models.PositiveIntegerField(_("读取次数"), default=0)
    refusal = models.TextField(_("无法读取的原因"), blank=True, default="")
    predecessor = models.ForeignKey(
        "self", verbose_name=_("上一版批次"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_on = models.DateField(_("入账日期"), null=True, blank=True)
    applied_at = models.DateTimeField(_("入账时间"), null=True, blank=True)
    result = models.JSONField(_("入账结果"), default=dict)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("导入批次")
        indexes = [models.Index(fields=["county", "-id"], name="batch_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "sha256"],
                condition=models.Q(state=BatchState.APPLIED),
                name="batch_file_applied_once",
            ),
        ]


class Issue(models.Model):
    """One thing wrong or doubtful in a workbook (问题), at its sheet, row and column."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="issues")
    severity = models.CharField(_("程度"), max_length=8, choices=Severity)
    code = models.CharField(_("问题代码"), max_length=40)
    sheet = models.CharField(_("工作表"), max_length=80)
    row = models.PositiveIntegerField(_("行"), default=0)
    column = models.CharField(_("列"), max_length=4, blank=True, default="")
    field = models.CharField(_("字段"), max_length=40, blank=True, default="")
    value = models.TextField(_("原值"), blank=True, default="")
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("导入问题")
        indexes = [models.Index(fields=["batch", "severity", "id"], name="issue_of_batch")]


class Correction(models.Model):
    """A cell put right before the import (更正), by whom and when; the file itself stays as it came."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="corrections")
    sheet = models.CharField(_("工作表"), max_length=80)
    row = models.PositiveIntegerField(_("行"))
    column = models.CharField(_("列"), max_length=4)
    original = models.TextField(_("原值"), blank=True, default="")
    text = models.TextField(_("更正为"), blank=True, default="")
    made_by = models.CharField(_("更正人"), max_length=50)
    made_at = models.DateTimeField(_("更正时间"))

    class Meta:
        verbose_name = _("导入更正")
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "row", "column"], name="correction_once_per_cell"),
        ]


class RememberedMapping(models.Model):
    """How a person mapped the columns of a shape of sheet (列对应记忆), used again for workbooks of that shape."""

    county = models.CharField(_("县"), max_length=6)
    shape = models.CharField(_("表样摘要"), max_length=64)
    mapping = models.JSONField(_("列对应"), default=dict)
    set_by = models.CharField(_("设定人"), max_length=50)
    set_on = models.DateField(_("设定日期"))

    class Meta:
        verbose_name = _("列对应记忆")
        constraints = [models.UniqueConstraint(fields=["county", "shape"], name="mapping_once_per_shape")]


class RowDifference(models.Model):
    """What one row of a workbook handed in again would change (差异), and whether it was chosen."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(_("差异"), max_length=8, choices=Difference)
    sheet = models.CharField(_("工作表"), max_length=80)
    row = models.PositiveIntegerField(_("行"), default=0)
    asset_id = models.BigIntegerField(_("资产"), null=True)
    title = models.CharField(_("资产名称"), max_length=200)
    changes = models.JSONField(_("字段差异"), default=list)
    standing = models.JSONField(_("原读数"), default=dict)
    undo = models.JSONField(_("更正前"), default=dict)
    chosen = models.BooleanField(_("采用"), default=False)

    class Meta:
        verbose_name = _("再次导入差异")
        indexes = [models.Index(fields=["batch", "kind", "id"], name="difference_of_batch")]


class RowLink(models.Model):
    """Which card a row of an applied workbook stands for (行与卡片对应), for the version that comes after it.

    `standing` holds the earlier reading where the row's change was not chosen, so that it is shown again; a card whose
    row is gone and was kept has a link with row 0.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="links")
    sheet = models.CharField(_("工作表"), max_length=80)
    row = models.PositiveIntegerField(_("行"))
    asset_id = models.BigIntegerField(_("资产"))
    standing = models.JSONField(_("原读数"), default=dict)

    class Meta:
        verbose_name = _("行与卡片对应")
        indexes = [models.Index(fields=["batch", "sheet", "row"], name="link_of_batch")]
