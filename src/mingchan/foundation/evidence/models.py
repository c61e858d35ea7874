"""The log (日志), its details, its head, kept subtrees, attachments (附件) and runs of the verifier (校验)."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence.choices import AttachmentKind, RunState


class SequenceField(models.BigIntegerField[int, int]):
    """A 64-bit number given by the caller; on SQLite the table's own row number, so that it needs no second index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "mingchan.foundation.evidence.models.SequenceField", args, kwargs


class Record(models.Model):
    """One record (记录): the exact bytes that were hashed, their digests, and copies of some fields for search.

    `seq` starts at 0 and has no gap. Rows are only ever added; the database refuses anything else (guards.py).
    """

    seq = SequenceField(_("序号"), primary_key=True)
    body = models.BinaryField(_("原文"))
    leaf_sha256 = models.BinaryField(_("SHA-256 叶"))
    leaf_sm3 = models.BinaryField(_("SM3 叶"), null=True)
    mac = models.BinaryField(_("校验码"))
    key_id = models.CharField(_("密钥号"), max_length=16)
    detail_id = models.BigIntegerField(_("细节"), null=True)
    act = models.CharField(_("事项"), max_length=60)
    obj = models.CharField(_("对象"), max_length=80)
    actor = models.CharField(_("经办人"), max_length=60)
    on = models.DateField(_("业务日期"))
    at = models.CharField(_("记录时间"), max_length=27)
    region = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("日志记录")
        indexes = [
            models.Index(fields=["obj", "seq"], name="record_obj"),
            models.Index(fields=["act", "seq"], name="record_act"),
            models.Index(fields=["actor", "seq"], name="record_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.obj}"


class Detail(models.Model):
    """What a record is about in full (细节): the whole row after the act, the facts of its sentence, the reason.

    Its id is the seq of its record. Erasing sets salt and body to nothing; the record stays provable.
    """

    id = SequenceField(_("编号"), primary_key=True)
    salt = models.BinaryField(_("盐"))
    body = models.BinaryField(_("内容"))

    class Meta:
        verbose_name = _("日志细节")

    def __str__(self) -> str:
        return f"detail {self.id}"


class Head(models.Model):
    """The end of the log (日志末端), one row with id 1: size, epoch, both frontiers, the last recording time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(_("条数"), default=0)
    epoch = models.PositiveIntegerField(_("纪元"), default=1)
    sha256 = models.BinaryField(_("SHA-256 前沿"), default=b"")
    sm3 = models.BinaryField(_("SM3 前沿"), null=True)
    sm3_from = models.BigIntegerField(_("SM3 启用于"), null=True)
    last_at = models.CharField(_("最近记录时间"), max_length=27, default="", blank=True)

    class Meta:
        verbose_name = _("日志末端")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="head_is_one")]

    def __str__(self) -> str:
        return f"{self.size} records"


class Tile(models.Model):
    """Root of a complete subtree of 256 records (子树): derived, so that a proof reads few rows."""

    index = SequenceField(_("序号"), primary_key=True)
    sha256 = models.BinaryField("SHA-256")
    sm3 = models.BinaryField("SM3", null=True)

    class Meta:
        verbose_name = _("子树")

    def __str__(self) -> str:
        return f"tile {self.index}"


class Attachment(models.Model):
    """A file kept as evidence (附件): content lies under the digest of its bytes; one content may have many owners."""

    county = models.CharField(_("县"), max_length=6)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.BigIntegerField(_("字节数"))
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("文件类型"), max_length=100)
    kind = models.CharField(_("附件类别"), max_length=20, choices=AttachmentKind)
    owner = models.CharField(_("所属对象"), max_length=80)
    division_code = models.CharField(_("区划"), max_length=12)
    attached_on = models.DateField(_("附上日期"))
    recorded_at = models.DateTimeField(_("记录时间"))
    uploader = models.CharField(_("上传人"), max_length=60)

    class Meta:
        verbose_name = _("附件")
        indexes = [
            models.Index(fields=["owner", "id"], name="attachment_owner"),
            models.Index(fields=["sha256"], name="attachment_sha256"),
        ]

    def __str__(self) -> str:
        return self.name


class VerifyRun(models.Model):
    """One run of the verifier (校验): who asked, how far it is, and its report."""

    county = models.CharField(_("县"), max_length=6)
    state = models.CharField(_("状态"), max_length=10, choices=RunState, default=RunState.WAITING)
    asked_by = models.CharField(_("发起人"), max_length=60)
    asked_on = models.DateField(_("日期"))
    asked_at = models.DateTimeField(_("发起时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    done = models.BigIntegerField(_("已校验"), default=0)
    total = models.BigIntegerField(_("共"), default=0)
    verdict = models.CharField(_("结论"), max_length=10, blank=True, default="")
    report = models.JSONField(_("报告"), null=True)

    class Meta:
        verbose_name = _("校验")
        indexes = [models.Index(fields=["county", "id"], name="verify_run_county")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
