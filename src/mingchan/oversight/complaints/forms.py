"""Forms of the offices: write a report down, pass it on, note a finding, answer, decline, look at the reporter."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.oversight.complaints import permissions
from mingchan.oversight.complaints.choices import Kind, Source
from mingchan.oversight.complaints.drafts import ComplaintDraft, FileDraft, Office
from mingchan.oversight.complaints.rules import LONGEST_TEXT

MOST_BYTES = 20 * 1024 * 1024


def _text(label: Any, help_text: Any = "", rows: int = 4, most: int = LONGEST_TEXT) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=forms.Textarea({"rows": rows}))


class PhotoField(forms.FileField):
    """One photograph, as a draft; None when there is none."""

    def __init__(self) -> None:
        super().__init__(
            label=_("照片"),
            required=False,
            help_text=_("可选；JPG、PNG 或 WebP，不超过 20 MB"),
            widget=forms.ClearableFileInput({"accept": "image/*"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("照片不能超过 20 MB"))
        return FileDraft(found.name, found.read())


class RecordForm(forms.Form):
    """A report that came by telephone, in person or by letter."""

    source = forms.ChoiceField(
        label=_("反映渠道"), choices=[choice for choice in Source.choices if choice[0] != Source.PORTAL]
    )
    kind = forms.ChoiceField(label=_("反映类别"), choices=Kind.choices)
    division = forms.ChoiceField(label=_("所在区划"), required=False)
    asset_code = forms.CharField(label=_("资产编号"), max_length=40, required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    text = _text(_("反映内容"))
    name = forms.CharField(label=_("反映人"), max_length=30, required=False, help_text=_("可不填；加密保存"))
    contact = forms.CharField(label=_("联系方式"), max_length=60, required=False, help_text=_("可不填；加密保存"))
    photo = PhotoField()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = actor.scopes(permissions.HANDLE)
        rows = [row for scope in scopes for row in directory.divisions_under(scope)]
        self.fields["division"].choices = [("", _("不清楚")), *((row.code, row.name) for row in rows)]  # type: ignore[attr-defined]

    def draft(self) -> ComplaintDraft:
        """What was written down."""
        given = self.cleaned_data
        return ComplaintDraft(
            kind=given["kind"],
            text=given["text"],
            source=given["source"],
            asset_code=given["asset_code"],
            division_code=given["division"],
            place=given["place"],
            name=given["name"],
            contact=given["contact"],
            files=[given["photo"]] if given["photo"] else [],
        )


class SeenForm(forms.Form):
    """Which state of the report the form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class PassOnForm(SeenForm):
    """To which office, and why."""

    office = forms.ChoiceField(label=_("转给"))
    reason = _text(_("转办理由"), rows=2, most=200)

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(f"{one.scope}:{one.party_id}", one.name) for one in offices]  # type: ignore[attr-defined]


class FindingForm(SeenForm):
    """What was found on the spot."""

    finding = _text(_("核查情况"), _("何时、何人到现场，情况是否属实；只供内部查看"))
    photo = PhotoField()


class AnswerForm(SeenForm):
    """The answer, whether everybody may read it, and what followed."""

    answer = _text(_("答复内容"), _("反映人凭编号和查询码可以看到"))
    followed_by = forms.CharField(
        label=_("后续处理"),
        max_length=200,
        required=False,
        help_text=_("采取了什么措施，例如：已变更使用者、已报修、移交清单编号"),
    )
    is_public = forms.BooleanField(
        label=_("在公示平台公开这份答复"), required=False, help_text=_("答复中不能有反映人的姓名和联系方式")
    )


class DeclineForm(SeenForm):
    """Why it isn't accepted."""

    reason = _text(_("理由"), _("反映人会看到"), rows=2, most=500)


class RevealForm(forms.Form):
    """Why the reporter must be known."""

    reason = forms.CharField(label=_("查看理由"), max_length=200)
