"""Notices, their places and proofs, objections and what was done about them (公示、场所、张贴、异议、核查)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.procedures.models import Case, Task
from mingchan.oversight.disclosure.choices import (
    DayUnit,
    NoticeKind,
    NoticeOutcome,
    NoticeState,
    ObjectionSource,
    ObjectionState,
    ObjectionVerdict,
    PlaceKind,
)


def _account(label: Any) -> Any:
    return models.ForeignKey(
        Account, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Notice(models.Model):
    """A public notice (公示): text, table and period, frozen with their digest from the day it is published.

    `paragraphs`, `columns`, `rows` and `clauses` are JSON texts. `origin` is the first notice of its line: the one it
    corrects, or an earlier one of the same case; an objection to any of the line holds them all. `editor` changed the
    draft last. The database lets no published word change, nobody publish what they drafted, changed or brought in,
    nor a notice end before its last day has passed, with an open objection or without proof.
    """

    county = models.CharField(_("县"), max_length=6)
    kind = models.CharField(_("公示类别"), max_length=20, choices=NoticeKind)
    state = models.CharField(_("公示状态"), max_length=10, choices=NoticeState, default=NoticeState.DRAFT)
    division_code = models.CharField(_("区划"), max_length=12)
    title = models.CharField(_("标题"), max_length=200)
    paragraphs = models.TextField(_("正文"), default="[]")
    columns = models.TextField(_("表头"), default="[]")
    rows = models.TextField(_("表格"), default="[]")
    clauses = models.TextField(_("依据条款"), default="[]")
    contact = models.CharField(_("异议受理"), max_length=200, blank=True, default="")
    subject = models.CharField(_("对象"), max_length=80, blank=True, default="")
    case = models.ForeignKey(
        Case, verbose_name=_("事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    task = models.ForeignKey(
        Task, verbose_name=_("待办"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.ForeignKey("self", verbose_name=_("首次公示"), on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey(
        "self", verbose_name=_("更正自"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    correction_reason = models.CharField(_("更正理由"), max_length=200, blank=True, default="")
    days = models.PositiveSmallIntegerField(_("公示天数"))
    unit = models.CharField(_("期限单位"), max_length=8, choices=DayUnit, default=DayUnit.CALENDAR)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    serial = models.PositiveIntegerField(_("序号"), null=True, blank=True)
    number = models.CharField(_("公示编号"), max_length=40, blank=True, default="")
    slug = models.CharField(_("公示网址名"), max_length=20, blank=True, default="")
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.CharField(_("发布人"), max_length=50, blank=True, default="")
    first_day = models.DateField(_("公示期首日"), null=True, blank=True)
    last_day = models.DateField(_("公示期末日"), null=True, blank=True)
    digest = models.CharField(_("公示内容摘要"), max_length=64, blank=True, default="")
    checkpoint = models.CharField(_("留痕校验点"), max_length=120, blank=True, default="")
    drafter = _account(_("拟稿账号"))
    drafted_by = models.CharField(_("拟稿人"), max_length=50)
    drafted_on = models.DateField(_("拟稿日期"))
    editor = _account(_("改稿账号"))
    publisher = _account(_("发布账号"))
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=50, blank=True, default="")
    outcome = models.CharField(_("公示结果"), max_length=8, choices=NoticeOutcome, blank=True, default="")
    ended_on = models.DateField(_("停止公示日期"), null=True, blank=True)
    ended_reason = models.CharField(_("停止公示理由"), max_length=200, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("公示")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="notice_serial"),
            models.UniqueConstraint(fields=["county", "slug"], condition=~Q(slug=""), name="notice_slug"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=("DRAFT", "PUBLISHED"), supersedes=None), name="notice_of_task"
            ),
            models.UniqueConstraint(
                fields=["supersedes"], condition=~Q(state="DROPPED"), name="notice_corrected_once"
            ),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(unit__in=DayUnit.values, days__gte=1), name="notice_days_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=("DRAFT", "DROPPED"),
                    year=None, serial=None, number="", slug="", published_on=None, published_at=None, first_day=None,
                    last_day=None, digest="",
                )
                | ~Q(state__in=("DRAFT", "DROPPED"))
                & Q(
                    year__isnull=False, serial__isnull=False, published_on__isnull=False, published_at__isnull=False,
                    first_day__isnull=False, last_day__isnull=False,
                    first_day__gt=F("published_on"), last_day__gte=F("first_day"),
                )
                & ~Q(number="") & ~Q(slug="") & ~Q(digest=""),
                name="notice_frozen_when_published",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="CLOSED", closed_on__isnull=False, closed_on__gt=F("last_day"),
                    outcome__in=NoticeOutcome.values,
                )
                | ~Q(state="CLOSED") & Q(closed_on=None, outcome=""),
                name="notice_never_ends_early",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("CORRECTED", "WITHDRAWN", "DROPPED"), ended_on__isnull=False)
                & ~Q(ended_reason="")
                | ~Q(state__in=("CORRECTED", "WITHDRAWN", "DROPPED")) & Q(ended_on=None, ended_reason=""),
                name="notice_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, correction_reason="")
                | Q(supersedes__isnull=False) & ~Q(correction_reason=""),
                name="notice_corrects_with_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["county", "-id"], name="notice_list"),
            models.Index(fields=["county", "state", "-id"], name="notice_by_state"),
            models.Index(fields=["county", "kind", "-id"], name="notice_by_kind"),
            models.Index(fields=["county", "state", "last_day", "id"], name="notice_by_end"),
        ]

    def __str__(self) -> str:
        return self.number or self.title


class NoticePlace(models.Model):
    """Where a notice is to be shown (公示场所), fixed when it is published."""

    notice = models.ForeignKey(Notice, verbose_name=_("公示"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("场所类别"), max_length=8, choices=PlaceKind)
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("场所名称"), max_length=80)

    class Meta:
        verbose_name = _("公示场所")
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind", "division_code"], name="notice_place_once"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="notice_place_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """Proof that a notice hung on a board (张贴留证): a photo with day and time, or why there is none."""

    county = models.CharField(_("县"), max_length=6)
    notice = models.ForeignKey(
        Notice, verbose_name=_("公示"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.ForeignKey(NoticePlace, verbose_name=_("公示场所"), on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(_("区划"), max_length=12)
    photo = models.ForeignKey(
        Attachment, verbose_name=_("照片"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("无照片的原因"), max_length=200, blank=True, default="")
    posted_on = models.DateField(_("张贴日期"))
    posted_at = models.CharField(_("张贴时刻"), max_length=5, blank=True, default="")
    account = _account(_("留证账号"))
    posted_by = models.CharField(_("留证人"), max_length=50)
    noted_on = models.DateField(_("登记日期"))

    class Meta:
        verbose_name = _("张贴留证")
        constraints = [
            models.CheckConstraint(
                condition=Q(photo__isnull=False) | ~Q(reason=""), name="posting_with_photo_or_reason"
            ),
        ]
        indexes = [models.Index(fields=["notice", "place", "id"], name="posting_of_notice")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.place_id}"


class Objection(models.Model):
    """An objection to a notice (异议), by anyone, without a name if they like; what they said is never changed.

    Name and contact are stored encrypted, with masks beside them. `code_digest` is a keyed digest of the code by which
    the person follows it. One raised after the last day `is_late`: it holds nothing, but is answered all the same.
    """

    county = models.CharField(_("县"), max_length=6)
    notice = models.ForeignKey(Notice, verbose_name=_("公示"), on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("异议编号"), max_length=20)
    code_digest = models.CharField(_("查询码摘要"), max_length=64)
    source = models.CharField(_("提出方式"), max_length=8, choices=ObjectionSource)
    text = models.TextField(_("异议内容"))
    name_cipher = models.BinaryField(_("姓名（加密）"), null=True, blank=True)
    name_mask = models.CharField(_("姓名（掩码）"), max_length=30, blank=True, default="")
    contact_cipher = models.BinaryField(_("联系方式（加密）"), null=True, blank=True)
    contact_mask = models.CharField(_("联系方式（掩码）"), max_length=60, blank=True, default="")
    is_late = models.BooleanField(_("逾期提出"))
    raised_on = models.DateField(_("提出日期"))
    raised_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("答复期限"))
    taken_by = models.CharField(_("登记人"), max_length=50, blank=True, default="")
    state = models.CharField(_("异议状态"), max_length=12, choices=ObjectionState, default=ObjectionState.OPEN)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    accepted_by = models.CharField(_("受理人"), max_length=50, blank=True, default="")
    investigator = _account(_("核查人"))
    verdict = models.CharField(_("异议结论"), max_length=10, choices=ObjectionVerdict, blank=True, default="")
    answer = models.TextField(_("答复"), blank=True, default="")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=50, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("异议")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="objection_serial"),
            models.UniqueConstraint(fields=["county", "number"], name="objection_number"),
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.CheckConstraint(
                condition=Q(state="ANSWERED", verdict__in=ObjectionVerdict.values)
                | ~Q(state="ANSWERED") & Q(verdict=""),
                name="objection_answered_with_verdict",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("ANSWERED", "INADMISSIBLE"))
                & Q(answered_on__isnull=False, answered_at__isnull=False)
                & ~Q(answer="")
                | Q(state__in=("OPEN", "ACCEPTED"), answered_on=None, answered_at=None, answer=""),
                name="objection_over_with_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("ACCEPTED", "ANSWERED"))
                | Q(accepted_on__isnull=False, investigator__isnull=False),
                name="objection_accepted_with_investigator",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="objection_list"),
            models.Index(fields=["county", "state", "due_on", "id"], name="objection_due"),
            models.Index(fields=["notice", "state"], name="objection_of_notice"),
        ]

    def __str__(self) -> str:
        return self.number


class ObjectionNote(models.Model):
    """What was found while an objection was looked into (核查记录), with a paper if there is one. Never changed."""

    objection = models.ForeignKey(Objection, verbose_name=_("异议"), on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("记录内容"), max_length=1000)
    paper = models.ForeignKey(
        Attachment, verbose_name=_("材料"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    account = _account(_("记录账号"))
    noted_by = models.CharField(_("记录人"), max_length=50)
    noted_on = models.DateField(_("记录日期"))

    class Meta:
        verbose_name = _("核查记录")

    def __str__(self) -> str:
        return f"{self.objection_id} {self.noted_on}"
