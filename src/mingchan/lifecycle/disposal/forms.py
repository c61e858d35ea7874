"""Forms of disposal: they clean what is typed into what services take, nothing else."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import FEN_PER_YUAN, MILLI, format_yuan
from mingchan.lifecycle.disposal.choices import DisposalKind, Loss, Money
from mingchan.lifecycle.disposal.drafts import (
    AppraisalDraft,
    IncomingDraft,
    PaperDraft,
    ProposalDraft,
    ResultDraft,
)
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.queries import ways

_NUMBERED = re.compile(r"^(?P<name>.*?)\s*[（(]\s*#(?P<id>\d{1,18})\s*[)）]$")
_YUAN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?")
MOST_BYTES = 50 * 1024 * 1024


class YuanField(forms.CharField):
    """An amount typed in yuan, with commas and at most two decimals; gives fen, 0 for nothing."""

    def __init__(self, *, label: Any, required: bool = False, help_text: Any = "") -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=label, required=required, max_length=20, help_text=help_text, widget=widget)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace(",", "").replace("，", "").strip()
        if not text:
            return 0
        match = _YUAN.fullmatch(text)
        if match is None:
            raise forms.ValidationError(_("请填写金额，单位元，最多两位小数"))
        return int(match[1]) * FEN_PER_YUAN + int((match[2] or "").ljust(2, "0"))


class DayField(forms.DateField):
    """A day."""

    def __init__(self, *, label: Any, required: bool = False, help_text: Any = "") -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=required, help_text=help_text, widget=widget)


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
    """A party typed by name, with its number behind it where several bear the name. Gives its id."""

    def __init__(self, *, label: Any, help_text: Any = "") -> None:
        widget = forms.TextInput(attrs={"list": "party-names", "autocomplete": "off"})
        super().__init__(label=label, required=False, max_length=140, help_text=help_text, widget=widget)
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


def _text(label: Any, most: int, *, required: bool = False, rows: int = 0, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


class ProposalForm(forms.Form):
    """The head of a proposal."""

    kind = forms.ChoiceField(label=_("处置方式"), choices=DisposalKind.choices)
    reason = _text(_("处置原因"), 500, rows=3)
    proceeds_use = _text(_("处置收入用途"), 300, help_text=_("处置收入上缴财政，统筹安排使用"))
    exception = _text(
        _("效益良好仍须处置的理由"), 500, rows=2, help_text=_("效益良好的资产原则上不得处置；只在提示时填写")
    )
    recipient = PartyField(label=_("接收单位"), help_text=_("无偿调拨、捐赠；县内单位从主体中选"))
    recipient_name = _text(_("县外接收单位"), 120)
    finding_by = _text(_("鉴定人或机构"), 120)
    finding_on = DayField(label=_("鉴定日期"))
    finding = _text(_("技术鉴定意见"), 500, rows=2, help_text=_("报废必填：不能使用的原因、能否修复"))
    loss = forms.ChoiceField(label=_("核销的货币性资产"), choices=[("", "—"), *Loss.choices], required=False)
    amount = YuanField(label=_("核销金额（元）"))
    debtor = _text(_("债务人或责任方"), 120)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].county = actor.county  # type: ignore[attr-defined]

    def draft(self) -> ProposalDraft:
        """What was filled in."""
        data = self.cleaned_data
        names = ("kind", "reason", "proceeds_use", "exception", "recipient", "recipient_name", "finding_by",
                 "finding_on", "finding", "loss", "debtor")  # fmt: skip
        return ProposalDraft(**{name: data[name] for name in names}, amount_fen=data["amount"])

    @staticmethod
    def initial_of(found: Disposal) -> dict[str, Any]:
        """The form as a proposal fills it."""
        names = ("kind", "reason", "proceeds_use", "exception", "recipient_name", "finding_by", "finding_on", "finding",
                 "loss", "debtor", "version")  # fmt: skip
        values = {name: getattr(found, name) for name in names}
        values["recipient"] = found.recipient.name if found.recipient is not None else ""
        values["amount"] = format_yuan(found.amount_fen) if found.amount_fen else ""
        return values


class ReasonForm(forms.Form):
    """Why a proposal that went out is changed."""

    why = _text(_("修改理由"), 200, required=True)


class PaperForm(forms.Form):
    """A paper and what it is."""

    code = forms.ChoiceField(label=_("材料"))
    file = PaperField(label=_("文件"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        specs = ways.kind(kind).papers
        self.fields["code"].choices = [(spec.code, spec.text) for spec in specs]  # type: ignore[attr-defined]


class AppraisalForm(forms.Form):
    """An appraisal with its report."""

    firm = _text(_("评估机构"), 120, required=True)
    report_no = _text(_("评估报告文号"), 80, required=True)
    method = _text(_("评估方法"), 60, help_text=_("成本法、市场法、收益法"))
    base_on = DayField(label=_("评估基准日"), required=True)
    value = YuanField(label=_("评估价值（元）"), required=True)
    valid_to = DayField(label=_("有效期止"), help_text=_("留空为自基准日起一年"))
    file = PaperField(label=_("评估报告"))

    def draft(self) -> AppraisalDraft:
        """What was filled in."""
        data = self.cleaned_data
        return AppraisalDraft(
            data["firm"], data["report_no"], data["method"], data["base_on"], data["value"], data["valid_to"]
        )


class PriceForm(forms.Form):
    """A price below the floor."""

    price = YuanField(label=_("拟成交价（元）"), required=True)
    buyer = _text(_("受让人"), 120, required=True)
    reason = _text(_("理由"), 300, required=True, rows=2)


_BY_KIND: dict[str, tuple[str, ...]] = {
    "TRANSFER": ("other_party", "contract_no"),
    "SALE": ("other_party", "contract_no", "price"),
    "AUCTION": ("house", "notice_on", "place", "bidders", "other_party", "price", "confirmation_no"),
    "SWAP": ("other_party", "contract_no", "price", "incoming_name", "incoming_class", "incoming_model",
             "incoming_unit", "incoming_quantity", "incoming_serial"),
    "DONATION": ("other_party", "contract_no"),
    "DAMAGE": ("responsible", "price"),
    "SCRAP": ("handled_by", "contract_no", "price"),
    "MONETARY": ("responsible", "price"),
}  # fmt: skip
_PRICE = {
    "SALE": _("成交价（元）"), "AUCTION": _("成交价（元）"), "SWAP": _("收到的差价（元）"),
    "DAMAGE": _("赔款和残值（元）"), "SCRAP": _("残值收入（元）"), "MONETARY": _("追回金额（元）"),
}  # fmt: skip
_CONTRACT = {
    "TRANSFER": _("交接单编号"), "SALE": _("转让合同编号"), "SWAP": _("置换协议编号"), "DONATION": _("受赠凭据编号"),
    "SCRAP": _("回收凭据编号"),
}  # fmt: skip
_PARTY = {
    "TRANSFER": _("接收单位"), "SALE": _("受让人"), "AUCTION": _("买受人"), "SWAP": _("对方单位"),
    "DONATION": _("受赠单位"),
}  # fmt: skip


class ResultForm(forms.Form):
    """How it was carried out; each kind asks for its own fields."""

    house = _text(_("拍卖机构"), 120)
    notice_on = DayField(label=_("拍卖公告日期"))
    place = _text(_("拍卖地点"), 120)
    bidders = forms.IntegerField(label=_("竞买人数"), required=False, min_value=0, max_value=9999)
    other_party = _text(_("受让人或接收单位"), 120)
    contract_no = _text(_("合同或凭据编号"), 80)
    price = YuanField(label=_("成交价（元）"))
    confirmation_no = _text(_("成交确认书编号"), 80)
    handled_by = _text(_("拆解回收单位"), 120)
    responsible = _text(_("责任人及处理"), 200)
    incoming_name = _text(_("换入资产名称"), 120)
    incoming_class = _text(_("换入资产分类代码"), 9, help_text=_("留空为未分类"))
    incoming_model = _text(_("规格型号"), 120)
    incoming_unit = _text(_("计量单位"), 20)
    incoming_quantity = forms.IntegerField(label=_("数量"), required=False, min_value=1, max_value=100000)
    incoming_serial = _text(_("序列号"), 60)
    note = _text(_("说明"), 500, rows=2)
    file = PaperField(label=_("合同、成交确认书、交接单或回收凭据"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = (*_BY_KIND[kind], "note", "file", "version")
        for name in list(self.fields):
            if name not in asked:
                del self.fields[name]
        for name, words in (("price", _PRICE), ("contract_no", _CONTRACT), ("other_party", _PARTY)):
            if name in self.fields and kind in words:
                self.fields[name].label = words[kind]
        self.order_fields(asked)

    def draft(self) -> ResultDraft:
        """What was filled in."""
        data = self.cleaned_data
        texts = ("other_party", "contract_no", "house", "place", "confirmation_no", "handled_by", "responsible", "note")
        incoming = None
        if data.get("incoming_name"):
            incoming = IncomingDraft(
                data["incoming_name"],
                data.get("incoming_class", ""),
                data.get("incoming_model", ""),
                data.get("incoming_unit", ""),
                (data.get("incoming_quantity") or 1) * MILLI,
                data.get("incoming_serial", ""),
            )
        return ResultDraft(
            **{name: data.get(name, "") for name in texts},
            price_fen=data.get("price") or 0,
            bidders=data.get("bidders") or 0,
            notice_on=data.get("notice_on"),
            incoming=incoming,
        )


class MoneyForm(forms.Form):
    """A movement of money."""

    kind = forms.ChoiceField(
        label=_("费用种类"),
        choices=[(Money.COST.value, Money.COST.label), (Money.TAX.value, Money.TAX.label)],
        required=False,
    )
    amount = YuanField(label=_("金额（元）"), required=True)
    document_no = _text(_("票据号"), 80, required=True)
    moved_on = DayField(label=_("日期"), required=True)
    note = _text(_("摘要"), 200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_on"].initial = on


class PartForm(forms.Form):
    """A part of a lot."""

    asset = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=1, max_value=1_000_000)
    version = forms.IntegerField(min_value=1)
