"""Forms of handover lists: they clean what is typed into what services take, nothing else."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.queries import choosing
from mingchan.register.handover import permissions, rules
from mingchan.register.handover.choices import HandoverKind, Resolution, Result, Side
from mingchan.register.handover.drafts import HandoverDraft, TickDraft
from mingchan.register.handover.models import Handover

_NUMBERED = re.compile(r"^(?P<name>.*?)\s*[（(]\s*#(?P<id>\d{1,18})\s*[)）]$")
PARTIES = ("from_party", "to_party", "keeper", "organisation", "witness", "from_office", "to_office")


def written(party: Party | None) -> str:
    """A party as a form shows it: its name, with its number where several of the county bear the name."""
    if party is None:
        return ""
    several = Party.objects.filter(county=party.county, name=party.name).exclude(pk=party.pk).exists()
    return f"{party.name}（#{party.pk}）" if several else party.name


class PartyField(forms.CharField):
    """A party typed by name, with its number behind it where several bear the name. Gives its id."""

    def __init__(self, *, label: Any, required: bool = False, help_text: Any = "") -> None:
        widget = forms.TextInput(attrs={"list": "party-names", "autocomplete": "off"})
        super().__init__(label=label, required=required, max_length=140, help_text=help_text, widget=widget)
        self.county = ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        numbered = _NUMBERED.match(text)
        found = Party.objects.filter(county=self.county)
        found = found.filter(pk=int(numbered["id"])) if numbered else found.filter(name=text)
        parties = list(found.order_by("pk")[:6])
        if not parties:
            raise forms.ValidationError(_("没有名为“%(name)s”的主体，请先在“主体”中登记") % {"name": text})
        if len(parties) > 1:
            names = "、".join(f"{party.name}（#{party.pk}）" for party in parties)
            raise forms.ValidationError(_("有几个同名主体，请写明编号：%(names)s") % {"names": names})
        return parties[0].pk


class HandoverForm(forms.Form):
    """The head of a list."""

    kind = forms.ChoiceField(label=_("移交类别"), choices=HandoverKind.choices)
    from_party = PartyField(label=_("移出方"), required=True)
    to_party = PartyField(label=_("接收方"), required=True)
    reason = forms.CharField(label=_("移交事由"), max_length=200)
    basis = forms.CharField(label=_("依据文件"), max_length=200, required=False, help_text=_("文件名称或文号"))
    rights = forms.MultipleChoiceField(
        label=_("随产权一并移交"),
        required=False,
        choices=[(kind, RightKind(kind).label) for kind in rules.BESIDE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只用于产权移交；经营权的变动须另按程序报批"),
    )
    keeper = PartyField(label=_("新管护责任人"), help_text=_("产权移交必填；管护交接中接收方就是新管护责任人"))
    organisation = PartyField(label=_("新管护主体"), help_text=_("管护责任人所在的单位，留空为接收方签署单位"))
    due_on = forms.DateField(
        label=_("管护任期止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    witness = PartyField(label=_("监交人"), help_text=_("监交的单位或个人，可不填"))
    site = forms.TypedChoiceField(label=_("新站点"), required=False, coerce=int, empty_value=None)
    division_code = forms.ChoiceField(label=_("新所在区划"), required=False)
    place = forms.CharField(label=_("新存放地点"), max_length=120, required=False)
    from_office = PartyField(
        label=_("移出方签署单位"), help_text=_("留空自动确定：单位自己签，个人和站点由所在村委会或乡镇政府签")
    )
    to_office = PartyField(label=_("接收方签署单位"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in PARTIES:
            fields[name].county = actor.county
        fields["site"].choices = [("", _("不变")), *choosing.sites(actor)]
        fields["division_code"].choices = [("", _("不变")), *choosing.divisions(actor, permissions.DRAFT)]

    @staticmethod
    def initial_of(handover: Handover) -> dict[str, Any]:
        """What the form shows of a list that is there."""
        found: dict[str, Any] = {name: written(getattr(handover, name)) for name in PARTIES}
        return found | {
            "kind": handover.kind,
            "reason": handover.reason,
            "basis": handover.basis,
            "rights": handover.rights.split(","),
            "due_on": handover.due_on,
            "site": handover.site_id,
            "division_code": handover.moves_to,
            "place": handover.place,
            "version": handover.version,
        }

    def draft(self) -> HandoverDraft:
        """What was typed."""
        data = self.cleaned_data
        kind = data["kind"]
        return HandoverDraft(
            kind=kind,
            rights=tuple(data["rights"]) if kind == HandoverKind.OWNERSHIP else (),
            keeper=None if kind == HandoverKind.CUSTODY else data["keeper"],
            **{
                name: data[name]
                for name in (
                    "from_party", "to_party", "reason", "basis", "organisation", "due_on", "witness", "site", "place",
                    "division_code", "from_office", "to_office",
                )
            },
        )  # fmt: skip


class PaperForm(forms.Form):
    """A paper the list rests on."""

    file = forms.FileField(label=_("依据文件"), allow_empty_file=False, error_messages={"required": _("请选择文件。")})


class TickForm(forms.Form):
    """What was found of one item."""

    result = forms.ChoiceField(choices=Result.choices, error_messages={"required": _("请选择清点结果")})
    condition = forms.ChoiceField(required=False)
    counted = forms.CharField(required=False, max_length=20)
    remark = forms.CharField(required=False, max_length=200)
    photo = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["condition"].choices = [("", ""), *((word, word) for word in policy.conditions())]

    def clean_counted(self) -> int | None:
        """The quantity in thousandths."""
        text = self.cleaned_data["counted"].replace(",", "").replace("，", "").strip()
        if not text:
            return None
        whole, _dot, rest = text.partition(".")
        if (
            not (whole.isascii() and whole.isdecimal())
            or len(whole) > 12
            or len(rest) > 3
            or not (rest or "0").isdecimal()
        ):
            raise forms.ValidationError(_("实点数量请填写数字，最多三位小数"))
        return int(whole) * 1000 + int(rest.ljust(3, "0") if rest else 0)

    def draft(self) -> TickDraft:
        """What was found."""
        data = self.cleaned_data
        return TickDraft(data["result"], data["condition"], data["counted"], data["remark"])


class ResolveForm(forms.Form):
    """What becomes of a difference."""

    resolution = forms.ChoiceField(choices=Resolution.choices, required=False)
    note = forms.CharField(required=False, max_length=200)


class SignForm(forms.Form):
    """A signature: the side, the content that was shown, the password entered again."""

    side = forms.ChoiceField(choices=Side.choices)
    seen = forms.CharField(max_length=64)
    password = forms.CharField(
        label=_("登录口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请再次输入您的登录口令")},
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200, error_messages={"required": _("请写明原因")})


def first_error(form: forms.Form) -> str:
    """What is wrong with a form, in one sentence."""
    return "；".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
