"""Forms of revival: a measure for chosen assets, the end of one, the review of what came of it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.revival.choices import Kind, Outcome
from mingchan.register.sites import queries as sites

_WITH_DIVISION = re.compile(r"(?P<name>.+)（(?P<division>[^（）]+)）")
PARTIES = 2000


def party_names(actor: Actor) -> list[str]:
    """Parties to choose from, with their division where the name alone wouldn't do."""
    rows = list(
        Party.objects.filter(county=actor.county).order_by("name").values_list("name", "division_code")[:PARTIES]
    )
    seen: dict[str, int] = {}
    for name, _code in rows:
        seen[name] = seen.get(name, 0) + 1
    divisions = directory.division_names({code for name, code in rows if seen[name] > 1})
    return [f"{name}（{divisions.get(code, code)}）" if seen[name] > 1 else name for name, code in rows]


class MeasureForm(forms.Form):
    """What is done about chosen idle assets; `party` is typed by name and gives the party's id."""

    kind = forms.ChoiceField(label=_("措施"), choices=Kind.choices)
    party = forms.CharField(
        label=_("接手主体"),
        required=False,
        max_length=200,
        help_text=_("变更使用者、业务托管、合作经营时填写，从主体清单中选取"),
        widget=forms.TextInput(attrs={"list": "party-names", "autocomplete": "off"}),
    )
    site = forms.ChoiceField(label=_("接收站点"), required=False, help_text=_("村间调剂时填写"))
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    goal = forms.CharField(
        label=_("预期成效"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        offered = [(str(key), label) for key, label in sites.target_choices(actor, "asset.view")]
        self.fields["site"].choices = [("", _("不适用")), *offered]  # type: ignore[attr-defined]

    def clean_site(self) -> int | None:
        """The site's id."""
        return int(self.cleaned_data["site"]) if self.cleaned_data["site"] else None

    def clean_party(self) -> int | None:
        """The party's id. Raises ValidationError for a name that is nobody's or several parties'."""
        text = self.cleaned_data["party"].strip()
        if not text:
            return None
        match = _WITH_DIVISION.fullmatch(text)
        named = Party.objects.filter(county=self.actor.county)
        rows = list(named.filter(name=text).values_list("pk", flat=True)[:2])
        if not rows and match is not None:
            found = list(named.filter(name=match["name"]).values_list("pk", "division_code")[:50])
            divisions = directory.division_names(code for _key, code in found)
            rows = [key for key, code in found if divisions.get(code, code) == match["division"]]
        if len(rows) != 1:
            raise forms.ValidationError(_("请从主体清单中选取，同名的请选带区划的名称"))
        return rows[0]


class StopForm(forms.Form):
    """Why a measure is given up."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("终止原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VersionForm(forms.Form):
    """The version that the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """What somebody concludes from the figures before and after."""

    outcome = forms.ChoiceField(label=_("评价结论"), choices=Outcome.choices)
    opinion = forms.CharField(label=_("评价意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
