"""Reports from the public (群众反映): numbered, followed by a code, never deleted; every step stays (4.3).

Who reports is optional and kept encrypted. `handled_in` is the division prefix of the office that handles the report:
a report of misuse belongs to the county even when it is about a town, whose own office then doesn't see it.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.oversight.complaints.choices import OPEN, Act, Kind, Source, State


def _office(label: Any) -> "models.ForeignKey[Party | None, Party | None]":
    return models.ForeignKey(
        Party, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class ComplaintSeries(models.Model):
    """The last number given in a county for a year (反映编号序列)."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("反映编号序列")
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="complaint_series_once")]

    def __str__(self) -> str:
        return f"{self.county}-{self.year}"


class Complaint(models.Model):
    """One report (群众反映): of what, about which asset or place, who answers until when, and the answer.

    `asset_code` is text, as it stood on the label. `followed_by` says which act followed, in words or as a reference
    (`handover:3`). Once answered or declined nothing changes any more.
    """

    county = models.CharField(_("县"), max_length=6)
    number = models.CharField(_("编号"), max_length=20)
    code_digest = models.BinaryField(_("查询码摘要"))
    source = models.CharField(_("反映渠道"), max_length=8, choices=Source)
    kind = models.CharField(_("反映类别"), max_length=8, choices=Kind)
    text = models.TextField(_("反映内容"))
    asset_code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True, default="")
    place = models.CharField(_("地点"), max_length=120, blank=True, default="")
    name_cipher = models.BinaryField(_("反映人（加密）"), null=True, blank=True)
    name_mask = models.CharField(_("反映人（掩码）"), max_length=20, blank=True, default="")
    contact_cipher = models.BinaryField(_("联系方式（加密）"), null=True, blank=True)
    contact_mask = models.CharField(_("联系方式（掩码）"), max_length=20, blank=True, default="")
    handled_in = models.CharField(_("办理区划"), max_length=12)
    office = _office(_("承办单位"))
    office_name = models.CharField(_("承办单位名称"), max_length=120, blank=True, default="")
    state = models.CharField(_("办理状态"), max_length=12, choices=State, default=State.RECEIVED)
    received_on = models.DateField(_("登记日期"))
    due_on = models.DateField(_("答复期限"))
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    answer = models.TextField(_("答复"), blank=True, default="")
    is_public = models.BooleanField(_("公开答复"), default=False)
    followed_by = models.CharField(_("后续处理"), max_length=200, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("群众反映")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="complaint_number"),
            models.CheckConstraint(
                condition=(Q(state__in=OPEN) & Q(closed_on__isnull=True) & Q(answer=""))
                | (Q(state__in=(State.ANSWERED, State.DECLINED)) & Q(closed_on__isnull=False) & ~Q(answer="")),
                name="complaint_closed_is_answered",
            ),
            models.CheckConstraint(condition=Q(is_public=False) | Q(state=State.ANSWERED), name="complaint_public"),
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="complaint_list"),
            models.Index(fields=["county", "state", "id"], name="complaint_state"),
            models.Index(fields=["county", "due_on", "id"], condition=Q(state__in=OPEN), name="complaint_due"),
            models.Index(fields=["county", "asset_code", "id"], condition=~Q(asset_code=""), name="complaint_asset"),
            models.Index(
                fields=["county", "division_code", "id"], condition=Q(is_public=True), name="complaint_public_place"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step of the handling (办理步骤): what, by which office and whom, on which day. Rows are only added.

    `text` is for the offices: a finding, a reason. What the reporter is told stands in the report's `answer`.
    """

    complaint = models.ForeignKey(Complaint, verbose_name=_("群众反映"), on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    act = models.CharField(_("步骤"), max_length=12, choices=Act)
    on = models.DateField(_("日期"))
    office_name = models.CharField(_("单位"), max_length=120, blank=True, default="")
    done_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")
    text = models.TextField(_("内容"), blank=True, default="")

    class Meta:
        verbose_name = _("办理步骤")
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="complaint_step_number")]

    def __str__(self) -> str:
        return f"{self.complaint_id}-{self.number} {self.act}"
