"""Forms of custody: names typed become parties, days become dates, nothing else."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import queries
from mingchan.lifecycle.custody.choices import Cause
from mingchan.lifecycle.custody.drafts import PaperDraft

MOST_BYTES = 50 * 1024 * 1024
_WITH_DIVISION = re.compile(r"(?P<name>.+)（(?P<division>[^（）]+)）")


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text)


def _basis(required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("依据"),
        max_length=200,
        required=required,
        help_text=_("例如：管护责任书、任命文件及文号"),
    )


class PaperField(forms.FileField):
    """An uploaded paper, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 50 MB"))
        return PaperDraft(found.name, found.read())


class PartyField(forms.CharField):
    """A party typed by name, with its division in brackets where several bear the name; gives its id."""

    def __init__(self, *, people: bool, **kwargs: Any) -> None:
        listed = "people-names" if people else "body-names"
        attrs = {"list": listed, "autocomplete": "off"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.people = people
        self.county = ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text.strip()) if text else None

    def _find(self, text: str) -> int:
        match = _WITH_DIVISION.fullmatch(text)
        names = {text} | ({match["name"]} if match else set())
        found = queries.known_by_name(self.county, names, people=self.people)
        if len(whole := found.get(text, [])) == 1:
            return whole[0][0]
        if match and (same := found.get(match["name"], [])):
            divisions = directory.division_names(code for _key, code in same)
            here = [key for key, code in same if divisions.get(code, code) == match["division"]]
            if len(here) == 1:
                return here[0]
        if whole:
            raise forms.ValidationError(_("本县有多个同名的，请从列表中选取带区划的名称"))
        if self.people:
            raise forms.ValidationError(_("主体清单中没有这个人，请先在“主体”中登记"))
        raise forms.ValidationError(_("主体清单中没有这个单位，请先在“主体”中登记"))


class _CountyForm(forms.Form):
    """A form whose names are those of the actor's county."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PartyField):
                field.county = actor.county


class AssignForm(_CountyForm):
    """Who keeps the chosen cards, for which body, until when, by which paper."""

    stamp = forms.CharField(widget=forms.HiddenInput, max_length=80)
    person = PartyField(label=_("管护责任人"), people=True)
    organisation = PartyField(label=_("管护主体"), people=False, help_text=_("责任人所属、承担管护责任的单位"))
    due_on = _day(_("任期止"))
    basis = _basis()
    paper = PaperField(label=_("责任书或任命文件"), required=False)


class TermForm(forms.Form):
    """Another term for what a person keeps."""

    due_on = _day(_("任期止"))
    basis = _basis()


class EndForm(forms.Form):
    """Why custody of the picked cards ends."""

    basis = _basis()


class LeaveForm(_CountyForm):
    """A keeper leaves: when, why, who follows."""

    left_on = _day(_("离任日期"))
    cause = forms.ChoiceField(label=_("离任原因"), choices=Cause.choices)
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)
    successor = PartyField(label=_("接任人"), people=True, required=False, help_text=_("尚未确定的可以不填"))


class ReturnForm(forms.Form):
    """A leaver has the post again."""

    departure = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("说明"), max_length=200)


class OneSidedForm(forms.Form):
    """The approval of a handover by one side alone."""

    departure = forms.IntegerField(widget=forms.HiddenInput)
    approval = forms.CharField(
        label=_("批准说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明批准的单位和日期、由谁在场清点"),
    )
    paper = PaperField(label=_("批准文件"), required=False)
