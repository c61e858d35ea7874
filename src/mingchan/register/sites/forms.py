"""Forms of sites: they clean what is typed into what services take, nothing else."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.money import MILLI, format_quantity
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.models import Site
from mingchan.register.assets.queries import choosing
from mingchan.register.assets.queries.cards import party_named
from mingchan.register.sites import permissions, queries
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import Details, HolderDraft, NewSite, Place
from mingchan.register.sites.models import Profile

MICRO = 1_000_000
_COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,6})?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d{1,6})?)\s*")


def _names_attrs() -> dict[str, str]:
    return {"list": "party-names", "autocomplete": "off"}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CoordinatesField(forms.CharField):
    """Latitude and longitude in degrees as typed or copied from a map, as a pair of millionths; None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _COORDINATES.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("写作“纬度, 经度”，例如 39.436, 111.508"))
        latitude, longitude = (int(Decimal(part) * MICRO) for part in found.groups())
        if abs(latitude) > 90 * MICRO or abs(longitude) > 180 * MICRO:
            raise forms.ValidationError(_("写作“纬度, 经度”，例如 39.436, 111.508"))
        return latitude, longitude


def coordinates_text(profile: Profile | None) -> str:
    """The place on the map as it is typed: 39.436, 111.508."""
    if profile is None or profile.latitude_micro is None or profile.longitude_micro is None:
        return ""
    return f"{_degrees(profile.latitude_micro)}, {_degrees(profile.longitude_micro)}"


def _degrees(micro: int) -> str:
    sign = "-" if micro < 0 else ""
    whole, rest = divmod(abs(micro), MICRO)
    return f"{sign}{whole}.{f'{rest:06d}'.rstrip('0') or '0'}"


class QuantityField(forms.CharField):
    """A quantity with at most three decimals, as thousandths; None when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(",", "").replace("，", "").strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{1,12}(\.\d{1,3})?", text):
            raise forms.ValidationError(_("请填写数字，最多 3 位小数"))
        return int(Decimal(text) * MILLI)

    def prepare_value(self, value: Any) -> Any:
        return format_quantity(value).replace(",", "") if isinstance(value, int) else value


class _Named(forms.Form):
    """A form in which parties are typed by name."""

    parties: Sequence[str] = ()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        for name in self.parties:
            text = (data.get(name) or "").strip()
            if not text:
                data[name] = None
                continue
            data[name], count = party_named(text, self.actor.county, self.division(data))
            if count == 0:
                self.add_error(name, _("没有这个主体，请先在“主体”中登记"))
            elif data[name] is None:
                self.add_error(name, _("有 %(count)s 个同名主体，请核实") % {"count": count})
        return data

    def division(self, data: dict[str, Any]) -> str:
        """The division in which, of several parties of a name, the one meant lives."""
        return str(data.get("division_code") or "")


class DetailsForm(_Named):
    """What a site is called, where it is and what is written of it."""

    name = forms.CharField(label=_("站点名称"), max_length=120)
    kind = forms.ChoiceField(label=_("站点类型"), required=False)
    system = forms.ChoiceField(label=_("建设体系"), choices=System.choices)
    tier = forms.ChoiceField(label=_("层级"), choices=Tier.choices)
    division_code = forms.ChoiceField(label=_("所在区划"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    opening_hours = forms.CharField(
        label=_("开放时间"), max_length=100, required=False, help_text=_("例如：每天 8:30–18:00")
    )
    coordinates = CoordinatesField(
        label=_("经纬度"), required=False, max_length=40, help_text=_("纬度, 经度，可从地图复制")
    )
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, present: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        divisions = choosing.divisions(self.actor, permissions.MANAGE)
        if present is not None and present.division_code not in dict(divisions):
            divisions = [(present.division_code, present.division_code or "—"), *divisions]
        kinds = queries.standards.choices()
        if present is not None and present.kind not in dict(kinds):
            proposed = queries.standards.proposed(present.name, present.tier)
            self.initial["kind"] = proposed
        self.fields["division_code"].choices = divisions  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("未确定")), *kinds]  # type: ignore[attr-defined]
        if present is not None and not present.division_code:
            self.fields["division_code"].required = False

    def details(self) -> Details:
        """What is written of the site."""
        data = self.cleaned_data
        latitude, longitude = data["coordinates"] or (None, None)
        return Details(
            data["address"].strip(), data["opening_hours"].strip(), latitude, longitude, data["note"].strip()
        )


class OpenForm(DetailsForm):
    """A site opened by hand."""

    parties = ("operator", "keeper", "organisation")
    state = forms.ChoiceField(
        label=_("站点状态"), choices=[choice for choice in State.choices if choice[0] != State.CLOSED.value]
    )
    since = _day(_("自"))
    operator = forms.CharField(
        label=_("经营主体"), max_length=120, required=False, widget=forms.TextInput(attrs=_names_attrs())
    )
    keeper = forms.CharField(
        label=_("管护责任人"), max_length=120, required=False, widget=forms.TextInput(attrs=_names_attrs())
    )
    organisation = forms.CharField(
        label=_("管护主体"), max_length=120, required=False, widget=forms.TextInput(attrs=_names_attrs()),
        help_text=_("管护责任人所属的单位或村"),
    )  # fmt: skip

    def draft(self) -> NewSite:
        """The site as a draft. The kind left open is the one that its name and tier speak of."""
        data = self.cleaned_data
        kind = data["kind"] or queries.standards.proposed(data["name"], data["tier"])
        keeper = HolderDraft(data["keeper"], data["organisation"]) if data["keeper"] else None
        operator = HolderDraft(data["operator"]) if data["operator"] else None
        return NewSite(
            data["name"], data["division_code"], data["system"], data["tier"], kind, data["state"], data["since"],
            self.details(), operator, keeper,
        )  # fmt: skip


class CorrectForm(DetailsForm):
    """A site corrected, with the version it was read at and the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(label=_("更正理由"), max_length=200)

    def changes(self) -> dict[str, Any]:
        """What the register knows of the site."""
        return {name: self.cleaned_data[name] for name in ("name", "kind", "system", "tier", "division_code")}


class StateForm(forms.Form):
    """Another state from a day on."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    state = forms.ChoiceField(label=_("站点状态"))
    since = _day(_("自"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, states: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = list(states)  # type: ignore[attr-defined]


class HolderForm(_Named):
    """Who runs or keeps a site from a day on; an empty name ends the present term."""

    parties = ("party", "organisation")
    version = forms.IntegerField(widget=forms.HiddenInput())
    duty = forms.ChoiceField(label=_("职责"), choices=Duty.choices)
    party = forms.CharField(
        label=_("姓名或单位名称"), max_length=120, required=False, widget=forms.TextInput(attrs=_names_attrs()),
        help_text=_("留空表示此后无人担任"),
    )  # fmt: skip
    organisation = forms.CharField(
        label=_("管护主体"), max_length=120, required=False, widget=forms.TextInput(attrs=_names_attrs()),
        help_text=_("管护责任人所属的单位或村，经营主体不必填"),
    )  # fmt: skip
    since = _day(_("自"))
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("任命文件、协议或会议"))

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near

    def division(self, data: dict[str, Any]) -> str:
        return self.near

    def holder(self) -> HolderDraft | None:
        """The holder as a draft, None for nobody."""
        data = self.cleaned_data
        return HolderDraft(data["party"], data["organisation"]) if data["party"] else None


class RequirementForm(forms.Form):
    """How much of one item a site should have."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    item = forms.ChoiceField(label=_("项目"), required=False)
    other = forms.CharField(
        label=_("本站另需的项目"), max_length=40, required=False, help_text=_("名称中含这几个字的资产计入此项")
    )
    quantity = QuantityField(label=_("应有数量"), required=False, help_text=_("填 0 表示本站不需要；留空恢复类型标准"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", _("另需的项目（填在右侧）")), *items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not data.get("item") and not (data.get("other") or "").strip():
            self.add_error("other", _("请选择项目，或填写另需的项目"))
        return data

    def wanted(self) -> str:
        """The item of the kind's list, or the site's own."""
        return str(self.cleaned_data["item"] or self.cleaned_data["other"].strip())


class MergeForm(forms.Form):
    """Which site a duplicate goes into."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    into = forms.TypedChoiceField(label=_("并入站点"), coerce=int)
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, sites: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", _("请选择")), *sites]  # type: ignore[attr-defined]


class FilesForm(forms.Form):
    """Since when sites that came with lists are run, and on what basis they get their files."""

    since = _day(_("运营自"))
    reason = forms.CharField(label=_("依据"), max_length=200)


class MoveForm(forms.Form):
    """Where chosen assets go."""

    site = forms.TypedChoiceField(
        label=_("调整到站点"), required=False, coerce=int, empty_value=None,
        error_messages={"invalid_choice": _("这个站点不在您可以办理的区划之内，或已撤销")},
    )  # fmt: skip
    division_code = forms.ChoiceField(
        label=_("所在区划"), required=False,
        error_messages={"invalid_choice": _("这个区划不在您可以办理的区划之内")},
    )  # fmt: skip
    place = forms.CharField(
        label=_("存放地点"), max_length=120, required=False, help_text=_("站点内的房间或位置，例如：二楼库房")
    )
    on = _day(_("调整日期"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        sites = queries.target_choices(actor, permissions.MOVE)
        divisions = choosing.divisions(actor, permissions.MOVE)
        self.fields["site"].choices = [("", _("不换站点")), *sites]  # type: ignore[attr-defined]
        self.fields["division_code"].choices = [("", _("同站点")), *divisions]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("调整日期不能晚于今天"))
        return day

    def target(self) -> Place:
        """The place as a draft."""
        data = self.cleaned_data
        return Place(data["site"], data["division_code"], data["place"].strip())


class SpreadForm(forms.Form):
    """What a lot's spreading shares: day, reason, and whether keepers follow their sites."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(label=_("理由"), max_length=200)
    with_keepers = forms.BooleanField(label=_("管护责任人改为各站点的管护责任人"), required=False)
