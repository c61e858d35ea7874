"""Phones in the field, capsules that went out, results that came back, photographs (设备、任务包、回传、照片)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Attachment
from mingchan.interfaces.field.choices import Way


class Device(models.Model):
    """A phone (设备) by the key it made for itself: who used it last, when it last spoke, what it still held then."""

    county = models.CharField(_("县"), max_length=6)
    key = models.CharField(_("设备号"), max_length=40)
    name = models.CharField(_("设备名称"), max_length=60, blank=True, default="")
    account = models.ForeignKey(Account, verbose_name=_("使用人"), on_delete=models.PROTECT, related_name="+")
    last_at = models.DateTimeField(_("最近联系"))
    unsent = models.PositiveIntegerField(_("未上传"), default=0)
    skew_seconds = models.IntegerField(_("时钟偏差（秒）"), default=0)
    version = models.CharField(_("程序版本"), max_length=16, blank=True, default="")

    class Meta:
        verbose_name = _("外业设备")
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="field_device_once")]
        indexes = [models.Index(fields=["county", "-last_at"], name="field_device_contact")]

    def __str__(self) -> str:
        return self.name or self.key


class Capsule(models.Model):
    """A capsule (任务包) that somebody took along: of which errand, with which digest, on which phone. Only added."""

    county = models.CharField(_("县"), max_length=6)
    kind = models.CharField(_("任务类别"), max_length=40)
    key = models.CharField(_("任务号"), max_length=40)
    title = models.CharField(_("任务"), max_length=200)
    division_code = models.CharField(_("区划"), max_length=12)
    digest = models.CharField(_("摘要"), max_length=64)
    line_count = models.PositiveIntegerField(_("项数"), default=0)
    device_key = models.CharField(_("设备号"), max_length=40, blank=True, default="")
    account = models.ForeignKey(Account, verbose_name=_("领取人"), on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("途径"), max_length=8, choices=Way)
    issued_on = models.DateField(_("领取日期"))
    issued_at = models.DateTimeField(_("领取时间"))

    class Meta:
        verbose_name = _("外业任务包")
        constraints = [models.UniqueConstraint(fields=["digest"], name="field_capsule_digest")]
        indexes = [
            models.Index(fields=["county", "-id"], name="field_capsule_newest"),
            models.Index(fields=["kind", "key", "account"], name="field_capsule_errand"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """Results that came in at once (回传): how many events were taken and refused, by what way, from whom. Only added.

    `digest` is of the events' ids and answers, `refused_digest` of those refused, so that what is sent again leaves no
    second row.
    """

    county = models.CharField(_("县"), max_length=6)
    kind = models.CharField(_("任务类别"), max_length=40)
    key = models.CharField(_("任务号"), max_length=40)
    division_code = models.CharField(_("区划"), max_length=12)
    digest = models.CharField(_("摘要"), max_length=64)
    refused_digest = models.CharField(_("退回摘要"), max_length=64, blank=True, default="")
    capsule_digest = models.CharField(_("任务包摘要"), max_length=64, blank=True, default="")
    device_key = models.CharField(_("设备号"), max_length=40)
    account = models.ForeignKey(Account, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    worked_by = models.CharField(_("作业人"), max_length=60)
    way = models.CharField(_("途径"), max_length=8, choices=Way)
    taken = models.PositiveIntegerField(_("收下"), default=0)
    refused = models.PositiveIntegerField(_("退回"), default=0)
    reasons = models.TextField(_("退回原因"), blank=True, default="")
    received_on = models.DateField(_("收到日期"))
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("外业回传")
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "key", "digest"], name="field_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(taken__gt=0) | models.Q(refused__gt=0), name="field_delivery_holds_something"
            ),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="field_delivery_newest")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.taken}+{self.refused}"


class Photo(models.Model):
    """Which attachment a photograph became (照片): by errand and the SHA-256 of the bytes that the phone sent."""

    county = models.CharField(_("县"), max_length=6)
    owner = models.CharField(_("任务"), max_length=80)
    sha256 = models.CharField(_("发送摘要"), max_length=64)
    attachment = models.ForeignKey(Attachment, verbose_name=_("附件"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("外业照片")
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="field_photo_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.sha256[:12]}"
