"""Forms of the work plan: they clean what is typed, nothing else."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.oversight.workplan.drafts import PaperDraft

MOST_BYTES = 50 * 1024 * 1024


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class PaperField(forms.FileField):
    """An uploaded paper, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 50 MB"))
        return PaperDraft(found.name, found.read())


class SetUpForm(forms.Form):
    """A plan for a year: the template's stages with days that can be changed, and who its offices are here."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=120)
    basis = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号，例如 偏电商组办字〔2020〕1号")
    )

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices: list[Party] = directory.offices(county)
        names = {office.name: office.pk for office in offices}
        choices = [("", _("请选择")), *((office.pk, office.name) for office in offices)]
        for key, office in policy.stage_template().offices.items():
            self.fields[f"office_{key}"] = forms.TypedChoiceField(
                label=office.text, choices=choices, coerce=int, initial=names.get(office.name)
            )
        for stage in policy.stage_template().stages:
            self.fields[f"starts_{stage.code}"] = _day(_("开始"))
            self.fields[f"ends_{stage.code}"] = _day(_("截止"))

    def offices(self) -> dict[str, int]:
        """Party ids by the template's keys."""
        return {key: self.cleaned_data[f"office_{key}"] for key in policy.stage_template().offices}

    def days(self, code: str) -> tuple[date, date]:
        """First and last day of a stage."""
        return self.cleaned_data[f"starts_{code}"], self.cleaned_data[f"ends_{code}"]


class DaysForm(forms.Form):
    """Other days for a stage, with the number of the entry that was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = _day(_("开始"))
    ends_on = _day(_("截止"))
    reason = forms.CharField(label=_("理由"), max_length=200)


class ConfirmForm(forms.Form):
    """An office's word about an output."""

    output = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    paper = PaperField(label=_("成果文件"), required=False)


class CloseForm(forms.Form):
    """Closing a stage, with the number of closings that were seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    paper = PaperField(label=_("文件"), required=False)
