"""The portal's own tables (公示平台): snapshots of what may be public, and short-lived marks against floods.

Pages read these and never the register. Nothing here is a fact of its own: snapshots are rebuilt from the register,
marks are forgotten after a day.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import Level
from mingchan.interfaces.portal.choices import Door


class Snapshot(models.Model):
    """When the county's public figures were taken (数据截至), and of which state of the register."""

    county = models.CharField(_("县"), max_length=6, unique=True)
    taken_on = models.DateField(_("数据截至"))
    taken_at = models.DateTimeField(_("更新时间"))
    mark = models.CharField(_("登记册版本"), max_length=64)
    cards = models.PositiveIntegerField(_("资产数"))
    cost_fen = models.BigIntegerField(_("原值（分）"))

    class Meta:
        verbose_name = _("公开数据")

    def __str__(self) -> str:
        return f"{self.county} {self.taken_on}"


class PlaceSnapshot(models.Model):
    """What is public of a division (区划公开数据): counts, sums in fen, sites and their people, as a document."""

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("区划代码"), max_length=12)
    level = models.CharField(_("级别"), max_length=8, choices=Level)
    name = models.CharField(_("名称"), max_length=60)
    parent_code = models.CharField(_("上级代码"), max_length=12)
    cards = models.PositiveIntegerField(_("资产数"))
    cost_fen = models.BigIntegerField(_("原值（分）"))
    figures = models.JSONField(_("公开内容"))

    class Meta:
        verbose_name = _("区划公开数据")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="portal_place_once")]
        indexes = [models.Index(fields=["county", "parent_code", "code"], name="portal_place_parent")]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """A name under which a place is looked for (地名): its own, and those of villages merged into it (2021)."""

    county = models.CharField(_("县"), max_length=6)
    name = models.CharField(_("名称"), max_length=60)
    code = models.CharField(_("现区划代码"), max_length=12)
    is_former = models.BooleanField(_("曾用名"))

    class Meta:
        verbose_name = _("地名")
        constraints = [models.UniqueConstraint(fields=["county", "name", "code"], name="portal_name_once")]

    def __str__(self) -> str:
        return self.name


class LabelSnapshot(models.Model):
    """What the label of an asset tells anybody (标签公开数据): the id is the card's; no person stands here."""

    id = models.BigIntegerField(primary_key=True)
    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("资产编号"), max_length=40)
    name = models.CharField(_("资产名称"), max_length=120, blank=True, default="")
    system = models.CharField(_("建设体系"), max_length=20, blank=True, default="")
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    site = models.CharField(_("站点"), max_length=120, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    status = models.CharField(_("卡片状态"), max_length=10)
    office = models.CharField(_("管护单位"), max_length=120, blank=True, default="")
    owner = models.CharField(_("产权单位"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("标签公开数据")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="portal_label_code")]

    def __str__(self) -> str:
        return self.code


class LabelCode(models.Model):
    """Which card the code of a printed label stands for (标签编号公开数据): the id is the label's, no person in it.

    `card` is empty for a label that nobody claimed yet and for a void one, which `is_void` tells apart.
    """

    id = models.BigIntegerField(primary_key=True)
    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("标签编号"), max_length=17)
    card = models.BigIntegerField(_("资产"), null=True, blank=True)
    is_void = models.BooleanField(_("已作废"), default=False)

    class Meta:
        verbose_name = _("标签编号公开数据")
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="portal_printed_code")]

    def __str__(self) -> str:
        return self.code


class Attempt(models.Model):
    """Something sent through a door (提交记录), counted for a day: `source` is a keyed digest of network and day."""

    county = models.CharField(_("县"), max_length=6)
    door = models.CharField(_("入口"), max_length=8, choices=Door)
    source = models.CharField(_("来源摘要"), max_length=32)
    subject = models.CharField(_("对象"), max_length=60, blank=True, default="")
    is_plain = models.BooleanField(_("无计算"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("提交记录")
        indexes = [
            models.Index(fields=["source", "at"], name="portal_attempt_source"),
            models.Index(fields=["subject", "at"], name="portal_attempt_subject"),
            models.Index(fields=["at"], name="portal_attempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.at}"


class SpentChallenge(models.Model):
    """A form that was sent (已用表单), by the digest of its challenge, so that none is sent twice."""

    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("已用表单")

    def __str__(self) -> str:
        return self.digest
