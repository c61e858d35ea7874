"""Forms of joint supervision: clean what was typed, nothing else."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.fields import YuanField
from mingchan.oversight.jointwork import rules
from mingchan.oversight.jointwork.choices import Conclusion, Look, Receiver, Share, Violation, Weighting
from mingchan.oversight.jointwork.drafts import (
    CaseDraft,
    OpinionDraft,
    OrderDraft,
    PaperDraft,
    PersonDraft,
    PlanDraft,
    TransferDraft,
)
from mingchan.oversight.jointwork.queries.packing import LogPart

MOST_BYTES = 20 * 1024 * 1024


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def _text(label: Any, help_text: Any = "", rows: int = 3, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=widget, required=required)


class PaperField(forms.FileField):
    """An uploaded paper, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 20 MB"))
        return PaperDraft(found.name, found.read())


class SeenForm(forms.Form):
    """Which state of the thing the form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class PlanForm(forms.Form):
    """A year's tracking."""

    year = forms.IntegerField(label=_("监测年度"), min_value=2000, max_value=2999)
    due_on = _day(_("完成期限"))
    title = forms.CharField(label=_("名称"), max_length=120)
    aims = _text(_("监测重点"), _("例如：账实是否相符、收益是否到位、处置是否报批"))
    sample_size = forms.IntegerField(label=_("抽样项数"), min_value=1, max_value=500)
    weighting = forms.ChoiceField(label=_("抽样方法"), choices=Weighting.choices)

    def draft(self) -> PlanDraft:
        """What was typed."""
        given = self.cleaned_data
        return PlanDraft(
            given["year"], given["title"], given["aims"], given["due_on"], given["sample_size"], given["weighting"]
        )


class LookForm(forms.Form):
    """What was found of a drawn asset."""

    look = forms.ChoiceField(label=_("核查结果"), choices=Look.choices)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class OpinionForm(forms.Form):
    """An office's opinion under a password; `shown` is the digest of what the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    conclusion = forms.ChoiceField(label=_("监测结论"), choices=Conclusion.choices)
    text = _text(_("监测意见"))
    asks = _text(_("整改要求"), _("结论不是“管理规范”的必填"), required=False)
    password = forms.CharField(
        label=_("本人口令"), max_length=200, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def draft(self) -> OpinionDraft:
        """What was typed."""
        return OpinionDraft(self.cleaned_data["conclusion"], self.cleaned_data["text"], self.cleaned_data["asks"])


class CaseForm(forms.Form):
    """A case to be opened."""

    violation = forms.ChoiceField(label=_("违规情形"), choices=Violation.choices)
    happened_on = _day(_("发生日期"))
    title = forms.CharField(label=_("案由"), max_length=120)
    text = _text(_("情况"), _("何时、何地、何事；责任人姓名另行填写，不写在这里"), 4)
    assets = _text(_("涉案资产编号"), _("可选；多个用空格或换行隔开"), 2, required=False)
    source_ref = forms.CharField(label=_("线索来源"), max_length=80, required=False, widget=forms.HiddenInput)

    def draft(self) -> CaseDraft:
        """What was typed."""
        given = self.cleaned_data
        codes = [code for code in re.split(r"[\s,，、;；]+", given["assets"]) if code]
        return CaseDraft(
            given["violation"], given["title"], given["text"], given["happened_on"], codes, given["source_ref"]
        )


class PersonForm(SeenForm):
    """Somebody responsible."""

    name = forms.CharField(label=_("姓名"), max_length=30, help_text=_("加密保存"))
    share = forms.ChoiceField(label=_("责任类型"), choices=Share.choices)
    post = forms.CharField(label=_("单位和职务"), max_length=80, required=False)
    identity = forms.CharField(label=_("身份证号"), max_length=18, required=False, help_text=_("可不填；加密保存"))

    def draft(self) -> PersonDraft:
        """What was typed."""
        given = self.cleaned_data
        return PersonDraft(given["name"], given["share"], given["post"], given["identity"])


class LossForm(SeenForm):
    """What was found and lost."""

    loss = YuanField(label=_("认定损失（元）"), max_length=20)
    text = _text(_("认定的事实"))


class OrderForm(SeenForm):
    """An order to pay."""

    person = forms.TypedChoiceField(label=_("责任人"), coerce=int)
    fen = YuanField(label=_("责令赔偿（元）"), max_length=20)
    due_on = _day(_("缴款期限"))
    document_no = forms.CharField(label=_("决定文号"), max_length=60)
    creditor = forms.TypedChoiceField(label=_("收款单位"), coerce=int)
    paper = PaperField(label=_("决定书"), required=False)

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], creditors: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]
        self.fields["creditor"].choices = list(creditors)  # type: ignore[attr-defined]

    def draft(self) -> OrderDraft:
        """What was typed."""
        given = self.cleaned_data
        return OrderDraft(
            given["person"], given["fen"], given["due_on"], given["document_no"], given["creditor"], given["paper"]
        )


class PayForm(SeenForm):
    """Compensation that came in."""

    order = forms.TypedChoiceField(label=_("责令赔偿决定"), coerce=int)
    fen = YuanField(label=_("金额（元）"), max_length=20)
    paid_on = _day(_("到账日期"))
    receipt_no = forms.CharField(label=_("收据号"), max_length=60)

    def __init__(self, *args: Any, orders: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = list(orders)  # type: ignore[attr-defined]


class TransferForm(SeenForm):
    """A transfer."""

    receiver = forms.ChoiceField(label=_("移送对象"), choices=Receiver.choices)
    authority = forms.CharField(label=_("受移送机关"), max_length=80)
    document_no = forms.CharField(label=_("移送文号"), max_length=60)
    text = forms.CharField(label=_("说明"), max_length=300, required=False)
    paper = PaperField(label=_("移送书"))

    def draft(self) -> TransferDraft:
        """What was typed."""
        given = self.cleaned_data
        return TransferDraft(given["receiver"], given["authority"], given["document_no"], given["paper"], given["text"])


class EndForm(SeenForm):
    """How a case ends."""

    text = _text(_("处理结果"))


class DropForm(SeenForm):
    """Why nobody is held to account."""

    text = _text(_("理由"))


class AuthorityForm(forms.Form):
    """Which right over which division on which day."""

    right = forms.ChoiceField(label=_("权限"))
    division = forms.ChoiceField(label=_("区划"), required=False)
    day = _day(_("日期"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = [(right.code, right.text) for right in policy.rights().values()]  # type: ignore[attr-defined]
        places = [(row.code, row.name) for row in directory.divisions_under(actor.county)]
        self.fields["division"].choices = [("", _("全县")), *places]  # type: ignore[attr-defined]


class PackageForm(forms.Form):
    """What a package is about: a thing, or a part of the log; and what for."""

    about = forms.CharField(
        label=_("对象"), max_length=80, required=False,
        help_text=_("资产编号，或留痕中的对象，例如 disposal:3；填了对象就不看下面的范围"),
    )  # fmt: skip
    division = forms.ChoiceField(label=_("区划"), required=False)
    act = forms.CharField(label=_("事项代号"), max_length=60, required=False, help_text=_("例如 disposal."))
    day_from = _day(_("自"), required=False)
    day_to = _day(_("至"), required=False)
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("至少 4 个字，留痕"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(row.code, row.name) for row in directory.divisions_under(actor.county)]
        self.fields["division"].choices = [("", _("不限")), *places]  # type: ignore[attr-defined]

    def part(self) -> LogPart:
        """The part of the log."""
        given = self.cleaned_data
        code = given["division"]
        return LogPart(
            division=rules.scope_of(code) if code else "",
            day_from=given["day_from"],
            day_to=given["day_to"],
            act=given["act"].strip(),
        )
