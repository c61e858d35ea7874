"""Plain forms of the import: they clean what was typed and know nothing of batches."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.services import SurveyTerms
from mingchan.kernel.period import today


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=False,
        error_messages={"empty": _("文件是空的。"), "required": _("请选择工作簿。")},
    )


class CorrectionForm(forms.Form):
    """One cell put right."""

    sheet = forms.CharField(max_length=80)
    row = forms.IntegerField(min_value=1, max_value=1_100_000)
    column = forms.RegexField(r"^[A-Za-z]{1,3}$")
    original = forms.CharField(required=False, max_length=2000, strip=False)
    text = forms.CharField(required=False, max_length=2000, label=_("更正为"))


class RowForm(forms.Form):
    """One row left out, or taken in again."""

    sheet = forms.CharField(max_length=80)
    row = forms.IntegerField(min_value=1, max_value=1_100_000)
    skip = forms.BooleanField(required=False)


class ConfirmForm(forms.Form):
    """The business date of the entry."""

    on = forms.DateField(label=_("入账日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_on(self) -> date:
        """A business date can't lie ahead."""
        day: date = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("入账日期不能晚于今天。"))
        return day


class SurveyForm(ConfirmForm):
    """What the paper says beside a survey sheet: who made the survey, for whom, when, and what it was to cover."""

    title = forms.CharField(label=_("调查名称"), max_length=120)
    surveyor = forms.TypedChoiceField(label=_("调查机构"), coerce=int)
    commissioner = forms.TypedChoiceField(label=_("委托单位"), coerce=int, required=False, empty_value=None)
    surveyed_from = forms.DateField(label=_("调查开始"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    surveyed_to = forms.DateField(label=_("调查结束"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    scope = forms.MultipleChoiceField(
        label=_("调查区划"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不选为全县。台账中在此范围内而调查没有见到的，列为“未找到”。"),
    )  # fmt: skip
    systems = forms.MultipleChoiceField(
        label=_("调查体系"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选为全部体系。")
    )
    field_order = ("title", "surveyor", "commissioner", "surveyed_from", "surveyed_to", "on", "scope", "systems")

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[Any, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].label = _("收到日期")
        self.fields["surveyor"].choices = choices["parties"]  # type: ignore[attr-defined]
        self.fields["commissioner"].choices = [("", "—"), *choices["parties"]]  # type: ignore[attr-defined]
        self.fields["scope"].choices = choices["divisions"]  # type: ignore[attr-defined]
        self.fields["systems"].choices = choices["systems"]  # type: ignore[attr-defined]

    @classmethod
    def filled(cls, terms: SurveyTerms, *, choices: Mapping[str, Sequence[tuple[Any, str]]], on: date) -> "SurveyForm":
        """The form as the sheet itself suggests it."""
        return cls(initial={**terms.plain(), "on": on.isoformat()}, choices=choices)

    def clean(self) -> dict[str, Any]:
        """A survey can't end before it begins."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begun, ended = data.get("surveyed_from"), data.get("surveyed_to")
        if begun and ended and ended < begun:
            raise forms.ValidationError(_("调查结束日期早于开始日期。"))
        return data

    def terms(self) -> SurveyTerms:
        """What was said."""
        data = self.cleaned_data
        return SurveyTerms(
            title=data["title"],
            surveyor=data["surveyor"],
            commissioner=data["commissioner"],
            surveyed_from=data["surveyed_from"],
            surveyed_to=data["surveyed_to"],
            scope=tuple(data["scope"]),
            systems=tuple(data["systems"]),
        )


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("理由"), min_length=4, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AdmitForm(ReasonForm):
    """A source of money admitted from outside the plan's scope, with the reason."""

    funding_text = forms.CharField(max_length=100)
