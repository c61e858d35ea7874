"""Institutions, their versions and who read them (制度、版本、阅知). Versions and readings are only added."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.institutions.choices import Field


class Document(models.Model):
    """An institution (制度): its title, what it governs, the clauses it carries out, blank-separated."""

    county = models.CharField(_("县"), max_length=6)
    title = models.CharField(_("制度名称"), max_length=120)
    field = models.CharField(_("制度类别"), max_length=12, choices=Field)
    clauses = models.CharField(_("落实条款"), max_length=200)
    added_on = models.DateField(_("建立日期"))
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("制度")
        constraints = [models.UniqueConstraint(fields=["county", "title"], name="institution_title_once")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """A version (制度版本): its text, in force from a day until before another, and who has to read it until when."""

    document = models.ForeignKey(Document, verbose_name=_("制度"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("第几版"))
    document_no = models.CharField(_("文号"), max_length=60)
    text = models.TextField(_("正文"))
    changes = models.CharField(_("修订内容"), max_length=300, blank=True, default="")
    issued_on = models.DateField(_("印发日期"))
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("废止日期"), null=True, blank=True)
    readers = models.CharField(_("须阅知的角色"), max_length=300, blank=True, default="")
    read_by = models.DateField(_("阅知期限"), null=True, blank=True)
    issued_by = models.CharField(_("印发人"), max_length=50)

    class Meta:
        verbose_name = _("制度版本")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="institution_version_number"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(valid_to__isnull=True), name="institution_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="institution_period"
            ),
            models.CheckConstraint(condition=Q(readers="") | Q(read_by__isnull=False), name="institution_read_by"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}-{self.number}"


class Reading(models.Model):
    """That somebody read a version (阅知), and on which day."""

    version = models.ForeignKey(Version, verbose_name=_("制度版本"), on_delete=models.PROTECT, related_name="readings")
    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=50)
    office_name = models.CharField(_("单位"), max_length=120)
    read_on = models.DateField(_("阅知日期"))

    class Meta:
        verbose_name = _("制度阅知")
        constraints = [models.UniqueConstraint(fields=["version", "account"], name="institution_read_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.account_id}"
