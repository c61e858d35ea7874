"""Plain forms of the survey: they clean what was typed and know nothing of surveys."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.register.assets.choices import System, Tier
from mingchan.register.survey.choices import Decision
from mingchan.register.survey.drafts import NewCardTerms

_NONE = [("", "—")]
REGISTERING = ("funding", "owner", "system", "tier")


class DecisionForm(forms.Form):
    """A decision and its reason; with the decision to register, what the survey can't know of the thing."""

    decision = forms.ChoiceField(label=_("处理意见"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("处理理由"), min_length=2, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": _("请写明处理理由")},
    )  # fmt: skip
    funding = forms.ChoiceField(label=_("资金来源（登记为新资产时必选）"), required=False)
    owner = forms.TypedChoiceField(label=_("所有权人（登记为新资产时）"), coerce=int, required=False, empty_value=None)
    system = forms.ChoiceField(label=_("建设体系（表内没有的）"), required=False, choices=[*_NONE, *System.choices])
    tier = forms.ChoiceField(label=_("层级（表内没有的）"), required=False, choices=[*_NONE, *Tier.choices])

    def __init__(
        self,
        *args: Any,
        decisions: Sequence[str],
        fundings: Sequence[tuple[str, str]] = (),
        owners: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        labels = dict(Decision.choices)
        self.fields["decision"].choices = [(value, labels[value]) for value in decisions]  # type: ignore[attr-defined]
        if Decision.REGISTER in decisions:
            self.fields["funding"].choices = [*_NONE, *fundings]  # type: ignore[attr-defined]
            self.fields["owner"].choices = [*_NONE, *owners]  # type: ignore[attr-defined]
        else:
            for name in REGISTERING:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Registering needs the source of the money (2.1.1)."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("decision") == Decision.REGISTER and not data.get("funding"):
            self.add_error("funding", _("登记为新资产须选择资金来源"))
        return data

    def terms(self) -> NewCardTerms:
        """What was said about new cards."""
        data = self.cleaned_data
        return NewCardTerms(data.get("owner"), data.get("funding", ""), data.get("system", ""), data.get("tier", ""))


class SettleForm(forms.Form):
    """The conclusion with which a survey is settled."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = forms.CharField(
        label=_("办结意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明资产范围和类型的结论。办结后调查记录、匹配和差异不能再改。"),
    )  # fmt: skip


class RematchForm(forms.Form):
    """Another card for a row, or none."""

    standing = forms.IntegerField(min_value=0)
    asset = forms.IntegerField(min_value=1, required=False)
    reason = forms.CharField(max_length=400, min_length=2, error_messages={"required": _("请写明改配理由")})


class WithdrawForm(forms.Form):
    """Why a survey is taken back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = forms.CharField(
        label=_("收回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有还没处理任何差异的调查可以收回。收回后仍可查看，不再计入待处理。"),
    )  # fmt: skip
