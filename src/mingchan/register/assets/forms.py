"""Forms of the register: they clean what is typed into what services take, nothing else."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.fields import QuantityField, RoughDayField, YuanField
from mingchan.register.assets.choices import MIXED, AssetType, System, Tier
from mingchan.register.assets.drafts import CardDraft, PartDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import choosing
from mingchan.register.assets.queries.cards import party_named
from mingchan.register.assets.rules import MOST_PARTS

HOLDERS = ("owner", "user", "operator", "income_holder", "keeper")
WAYS = {
    "购置": _("购置"), "自建": _("自建"), "调拨": _("调拨"),
    "捐赠": _("捐赠"), "划拨": _("划拨"), "置换": _("置换"), "其他": _("其他"),
}  # fmt: skip


def condition_name(word: str) -> str:
    """A condition in the reader's language; the word itself when the policy pack doesn't know it."""
    known = policy.conditions().get(word)
    return known.label_en if known is not None and policy.english() else word


def _text(
    label: Any, length: int, *, required: bool = False, help_text: Any = "", names: bool = False
) -> forms.CharField:
    attrs = {"list": "party-names", "autocomplete": "off"} if names else {}
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class CardForm(forms.Form):
    """A card typed by hand. Holders are typed by name and must be known parties."""

    name = _text(_("资产名称"), 120, required=True)
    code = _text(_("资产编号"), 40, help_text=_("留空则自动编号"))
    class_code = _text(_("资产分类代码"), 9, help_text=_("GB/T 14885-2022，留空为未分类"))
    asset_type = forms.ChoiceField(label=_("资产类型"), choices=AssetType.choices)
    system = forms.ChoiceField(label=_("建设体系"), choices=System.choices)
    tier = forms.ChoiceField(label=_("层级"), choices=Tier.choices)
    division_code = forms.ChoiceField(label=_("所在区划"))
    site = forms.TypedChoiceField(label=_("站点"), required=False, coerce=int, empty_value=None)
    place = _text(_("存放地点"), 120)
    model = _text(_("规格型号"), 120)
    brand = _text(_("品牌"), 60)
    serial_no = _text(_("序列号"), 60)
    unit = _text(_("计量单位"), 20, required=True)
    quantity_milli = QuantityField(label=_("数量"))
    unit_price_fen = YuanField(label=_("单价（元）"), required=False)
    cost_fen = YuanField(label=_("原值（元）"))
    funding = forms.ChoiceField(label=_("资金来源"), required=False)
    year = forms.IntegerField(label=_("项目年度"), required=False, min_value=1990, max_value=2100)
    project = _text(_("项目名称"), 120)
    acquired = RoughDayField(
        label=_("取得日期"), required=False, help_text=_("写到日、月或年：2019-05-10、2019-05、2019")
    )
    in_service_on = forms.DateField(
        label=_("投用日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    acquire_way = forms.ChoiceField(label=_("取得方式"), required=False, choices=[("", "—"), *WAYS.items()])
    condition = forms.ChoiceField(label=_("使用状况"), required=False)
    owner = _text(_("所有权人"), 120, names=True)
    user = _text(_("使用权人"), 120, names=True)
    operator = _text(_("经营权人"), 120, names=True)
    income_holder = _text(_("收益权人"), 120, names=True)
    keeper = _text(_("管护责任人"), 120, names=True)
    manufacturer = _text(_("生产厂家"), 120)
    supplier = _text(_("供应商"), 120)
    life_months = forms.IntegerField(label=_("使用年限（月）"), required=False, min_value=1, max_value=1200)
    residual_percent = forms.IntegerField(label=_("残值率（%）"), required=False, min_value=0, max_value=100)
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, actor: Actor, right: str, present: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.present = present
        divisions = choosing.divisions(actor, right)
        if present is not None and present.division_code not in dict(divisions):
            divisions = [(present.division_code, present.division_code or "—"), *divisions]
        self._choose("division_code", divisions)
        self._choose("site", [("", "—"), *choosing.sites(actor)])
        fundings = [("", "—"), *((code, source.text) for code, source in policy.funding_sources().items())]
        if present is not None and present.funding == MIXED:
            fundings.append((MIXED, str(_("多项资金"))))
        self._choose("funding", fundings)
        words = list(policy.conditions())
        if present is not None and present.condition not in words:
            words.append(present.condition)
        self._choose("condition", [("", "—"), *((word, condition_name(word)) for word in words if word)])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_class_code(self) -> str:
        """The code in capitals and plain digits, however it was typed."""
        return unicodedata.normalize("NFKC", self.cleaned_data["class_code"]).upper()

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        for name in HOLDERS:
            text = data.get(name)
            if not text:
                data[name] = None
                continue
            present = getattr(self.present, name, None)
            if present is not None and present.name == text:
                data[name] = present.pk
                continue
            data[name], count = party_named(text, self.actor.county, data.get("division_code", ""))
            if count == 0:
                self.add_error(name, _("没有这个主体，请先在“单位与人员”中登记"))
            elif data[name] is None:
                self.add_error(name, _("有 %(count)s 个同名主体，请核实") % {"count": count})
        return data

    def values(self) -> dict[str, Any]:
        """The cleaned values by field of the card."""
        data = dict(self.cleaned_data)
        data["acquired_on"], data["acquired_precision"] = data.pop("acquired")
        data["year"] = data["year"] or (data["acquired_on"].year if data["acquired_on"] else 0)
        return data

    def draft(self) -> CardDraft:
        """The card as a draft."""
        return CardDraft(**{name: value for name, value in self.values().items() if name in CardDraft._fields})

    @staticmethod
    def initial_of(asset: Asset) -> dict[str, Any]:
        """A card as the form's first values."""
        found = {
            name: getattr(asset, name) for name in CardForm.base_fields if name not in (*HOLDERS, "acquired", "site")
        }
        found.update({name: holder.name for name in HOLDERS if (holder := getattr(asset, name)) is not None})
        found["site"] = asset.site_id
        found["year"] = asset.year or None
        if asset.acquired_on is not None:
            found["acquired"] = asset.acquired_on.isoformat()[: {"Y": 4, "M": 7}.get(asset.acquired_precision, 10)]
        return found


class CorrectionForm(CardForm):
    """A card's fields to be corrected, with the version they were read at and the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(label=_("更正理由"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = True
        self.fields["code"].help_text = ""

    def changes(self) -> dict[str, Any]:
        """Values by field, without the version and the reason."""
        return {name: value for name, value in self.values().items() if name not in ("version", "reason")}


class SplitForm(forms.Form):
    """How a lot is split: one line for each kind of part."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    reason = forms.CharField(label=_("拆分理由"), max_length=200)


class PartForm(forms.Form):
    """One part of a lot, or as many of the like as `times` says; an empty line is none, an empty place the lot's."""

    quantity = QuantityField(label=_("每张卡片的数量"), required=False)
    times = forms.IntegerField(
        label=_("这样的卡片几张"), required=False, min_value=1, max_value=MOST_PARTS, help_text=_("留空为一张")
    )
    division_code = forms.ChoiceField(label=_("所在区划"), required=False)
    site = forms.TypedChoiceField(label=_("站点"), required=False, coerce=int, empty_value=None)
    place = _text(_("存放地点"), 120)
    keeper = _text(_("管护责任人"), 120, names=True)
    serial_no = _text(_("序列号"), 60)

    def __init__(self, *args: Any, actor: Actor, choices: dict[str, Sequence[tuple[Any, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for name in ("division_code", "site"):
            self.fields[name].choices = choices[name]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("keeper"):
            data["keeper"], count = party_named(data["keeper"], self.actor.county, data.get("division_code", ""))
            if data["keeper"] is None:
                self.add_error("keeper", _("没有这个主体，或有 %(count)s 个同名") % {"count": count})
        return data

    def parts(self) -> list[PartDraft]:
        """The parts of this line, none for an empty one."""
        data = self.cleaned_data
        if not data.get("quantity"):
            return []
        part = PartDraft(
            data["quantity"], data.get("site"), data.get("division_code") or None, data.get("place") or None,
            data.get("keeper") or None, None, data.get("serial_no", ""),
        )  # fmt: skip
        return [part] * (data.get("times") or 1)


class BulkForm(forms.Form):
    """One field of many cards: the state of use or the keeper, with the reason."""

    condition = forms.ChoiceField(label=_("使用状况"), required=False)
    keeper = _text(_("管护责任人"), 120, names=True)
    reason = forms.CharField(label=_("更正理由"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        words = [("", _("不改")), *((word, condition_name(word)) for word in policy.conditions())]
        self.fields["condition"].choices = words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("keeper"):
            data["keeper"], count = party_named(data["keeper"], self.actor.county, "")
            if data["keeper"] is None:
                self.add_error("keeper", _("没有这个主体，或有 %(count)s 个同名") % {"count": count})
        if not data.get("condition") and not data.get("keeper"):
            self.add_error(None, _("请至少选择一项改动"))
        return data

    def changes(self) -> dict[str, Any]:
        """What is changed on every chosen card."""
        return {name: self.cleaned_data[name] for name in ("condition", "keeper") if self.cleaned_data.get(name)}


class PaperForm(forms.Form):
    """A photograph or paper for a card."""

    file = forms.FileField(label=_("文件"))
    kind = forms.ChoiceField(label=_("类别"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
