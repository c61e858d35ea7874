"""Forms of inspections and repairs: they clean what is typed and nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.ui.fields import YuanField
from mingchan.lifecycle.maintenance.choices import Nature, Payment, Severity
from mingchan.lifecycle.maintenance.drafts import AcceptDraft, AssignDraft, FaultDraft, WorkDraft
from mingchan.lifecycle.maintenance.rules import Checklist
from mingchan.lifecycle.operation.models import Claim


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _long(label: Any, most: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, required=required, widget=forms.Textarea({"rows": 3})
    )


def _conditions(first: Any) -> list[tuple[str, Any]]:
    english = policy.english()
    words = [(word, one.label_en if english else word) for word, one in policy.conditions().items()]
    return [("", first), *words]


class PlanForm(forms.Form):
    """Which sites are inspected how often, from when."""

    sites = forms.MultipleChoiceField(label=_("站点"), widget=forms.SelectMultiple({"size": 12}))
    every_days = forms.IntegerField(label=_("周期（天）"), min_value=1, max_value=366)
    first_due = _day(_("首次巡查日"))

    def __init__(self, *args: Any, sites: Sequence[tuple[int, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].choices = [(str(key), name) for key, name in sites]  # type: ignore[attr-defined]
        self.fields["every_days"].initial = policy.figure("maintenance.round_days")
        self.fields["first_due"].initial = on


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class LookForm(forms.Form):
    """What was seen of one asset: there or not, the answers of its checklist, a fault."""

    presence = forms.ChoiceField(
        label=_("是否见到实物"), choices=[("found", _("见到")), ("not_found", _("未找到"))], initial="found"
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    what = _long(_("故障情况"), 500, _("没有故障的留空"), required=False)
    severity = forms.ChoiceField(label=_("故障程度"), choices=[("", "—"), *Severity.choices], required=False)

    def __init__(self, *args: Any, checklist: Checklist | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        english = policy.english()
        for item in checklist.items if checklist is not None else ():
            label = item.text_en if english else item.text
            name = f"item_{item.key}"
            if item.answer == "yes_no":
                self.fields[name] = forms.ChoiceField(
                    label=label, choices=[("", _("未查")), ("yes", _("是")), ("no", _("否"))], required=False
                )
            elif item.answer == "number":
                self.fields[name] = forms.IntegerField(label=label, required=False, min_value=-(10**6), max_value=10**9)
            else:
                self.fields[name] = forms.CharField(label=label, max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A fault has a grade."""
        given = super().clean() or {}
        if given.get("what", "").strip() and not given.get("severity"):
            self.add_error("severity", _("请选择故障程度"))
        return given

    def answers(self) -> dict[str, Any]:
        """The answers that were given, by item."""
        found: dict[str, Any] = {}
        for item in self.checklist.items if self.checklist is not None else ():
            value = self.cleaned_data.get(f"item_{item.key}")
            if value not in ("", None):
                found[item.key] = value == "yes" if item.answer == "yes_no" else value
        return found


class ReportForm(forms.Form):
    """A fault of an asset."""

    what = _long(_("故障情况"), 500, _("什么坏了、怎么发现的"))
    severity = forms.ChoiceField(label=_("故障程度"), choices=Severity.choices, initial=Severity.MAJOR)
    down_since = _day(_("停用自"), required=False, help_text=_("已经不能用的，填从哪天起"))
    condition = forms.ChoiceField(label=_("使用状况改为"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = _conditions(_("不改"))  # type: ignore[attr-defined]

    def draft(self, origin: str) -> FaultDraft:
        """What was reported."""
        given = self.cleaned_data
        return FaultDraft(given["what"], given["severity"], given["down_since"], origin)


class SeenForm(forms.Form):
    """Which state of the repair the form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class AssignForm(SeenForm):
    """Who repairs it."""

    supplier = forms.CharField(label=_("维修单位"), max_length=120)
    worker = forms.CharField(label=_("维修人员"), max_length=60, required=False)
    due_on = _day(_("要求完成日"), required=False)
    estimate_fen = YuanField(label=_("预计费用（元）"), required=False)
    by_warranty = forms.BooleanField(label=_("保修期内免费维修"), required=False)

    def draft(self) -> AssignDraft:
        """Who, until when, for how much."""
        given = self.cleaned_data
        return AssignDraft(**{name: given[name] for name in AssignDraft.__dataclass_fields__})


class WorkForm(SeenForm):
    """What was done."""

    work = _long(_("维修内容"), 500, _("换了什么、修了什么"))
    repaired_on = _day(_("修好日期"))
    cost_fen = YuanField(label=_("费用（元）"), help_text=_("含人工、配件；没有费用填 0"))
    nature = forms.ChoiceField(
        label=_("支出性质"), choices=Nature.choices, initial=Nature.KEEP,
        help_text=_("使资产更好用、更耐用的改造选“改建、扩建、大型维修改造”，达到标准的计入原值"),
    )  # fmt: skip
    invoice = forms.CharField(label=_("发票号"), max_length=60, required=False)

    def draft(self) -> WorkDraft:
        """What was done, when, for how much."""
        given = self.cleaned_data
        return WorkDraft(**{name: given[name] for name in WorkDraft.__dataclass_fields__})


class AcceptForm(SeenForm):
    """How the work was found."""

    result = _long(_("验收意见"), 300)
    condition = forms.ChoiceField(label=_("使用状况改为"), required=False)
    payment = forms.ChoiceField(label=_("付款情况"), choices=[("", "—"), *Payment.choices], required=False)
    funding = forms.ChoiceField(label=_("资金来源"), required=False, help_text=_("计入原值时登记到资金构成"))
    warranty_until = _day(_("本次维修保修至"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = _conditions(_("不改"))  # type: ignore[attr-defined]
        sources = [(code, one.text) for code, one in policy.funding_sources().items()]
        self.fields["funding"].choices = [("", "—"), *sources]  # type: ignore[attr-defined]

    def draft(self) -> AcceptDraft:
        """The verdict."""
        given = self.cleaned_data
        return AcceptDraft(**{name: given[name] for name in AcceptDraft.__dataclass_fields__})


class BackForm(SeenForm, ReasonForm):
    """Why it goes back, or isn't repaired."""


class ClaimForm(SeenForm):
    """Which insurance claim is about this damage."""

    claim = forms.TypedChoiceField(label=_("保险理赔"), coerce=int)

    def __init__(self, *args: Any, claims: Sequence[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(claim.pk, f"{claim.insurance.number} {claim.event}"[:80]) for claim in claims]
        self.fields["claim"].choices = found  # type: ignore[attr-defined]


class WarrantyForm(forms.Form):
    """A warranty of an asset."""

    provider = forms.CharField(label=_("保修单位"), max_length=120)
    scope = forms.CharField(label=_("保修内容"), max_length=200, required=False)
    starts_on = _day(_("保修起"))
    last_day = _day(_("保修止"))
