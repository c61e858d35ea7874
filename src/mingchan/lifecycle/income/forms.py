"""Forms of income: amounts in yuan become fen, parties come from lists, days become dates, nothing else."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.fields import YuanField
from mingchan.lifecycle.income.choices import Delivery, RemissionKind
from mingchan.lifecycle.income.drafts import PaperDraft

MOST_BYTES = 20 * 1024 * 1024


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def _reason() -> forms.CharField:
    return forms.CharField(label=_("原因"), max_length=200)


class PaperField(forms.FileField):
    """An uploaded file, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 20 MB"))
        return PaperDraft(found.name, found.read())


class IssueForm(forms.Form):
    """Up to which day dues are issued; `count` is what the preview showed."""

    until = _day(_("应缴日截至"))
    count = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReceiptForm(forms.Form):
    """Money that came in. `part_<id>` fields beside it say what goes where, when chosen by hand."""

    payer = forms.TypedChoiceField(label=_("缴款人"), coerce=int)
    creditor = forms.TypedChoiceField(
        label=_("收款方"), coerce=int, required=False, empty_value=None, help_text=_("不填则按缴款人的合同确定")
    )
    fen = YuanField(label=_("金额（元）"), max_length=20)
    received_on = _day(_("到账日期"))
    bank_account = forms.CharField(
        label=_("收款账户"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "account-names", "autocomplete": "off"}),
    )
    voucher_no = forms.CharField(label=_("银行或国库凭证号"), max_length=60)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(
        self, *args: Any, payers: list[tuple[int, str]], creditors: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = [("", _("请选择")), *payers]  # type: ignore[attr-defined]
        self.fields["creditor"].choices = [("", _("自动")), *creditors]  # type: ignore[attr-defined]

    def chosen(self) -> dict[int, int] | None:
        """Parts by receivable as typed in yuan, None when none was typed: then the oldest come first."""
        parts: dict[int, int] = {}
        for name, text in self.data.items():
            key = str(name).removeprefix("part_")
            if str(name).startswith("part_") and key.isdecimal() and len(key) < 19 and str(text).strip():
                try:
                    parts[int(key)] = YuanField().clean(str(text))
                except forms.ValidationError as error:
                    self.add_error(None, error)
        return parts or None


class RemitForm(forms.Form):
    """Income that went to the treasury."""

    payer = forms.IntegerField(widget=forms.HiddenInput)
    fen = YuanField(label=_("金额（元）"), max_length=20)
    remitted_on = _day(_("上缴日期"))
    treasury_account = forms.CharField(label=_("收入科目或国库账户"), max_length=60)
    voucher_no = forms.CharField(label=_("缴款书号"), max_length=60)


class RefundForm(forms.Form):
    """Money that goes back."""

    fen = YuanField(label=_("金额（元）"), max_length=20)
    voucher_no = forms.CharField(label=_("付款凭证号"), max_length=60)
    reason = _reason()


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = _reason()


class AskForm(forms.Form):
    """A request to give a due up."""

    kind = forms.ChoiceField(label=_("类别"), choices=RemissionKind.choices)
    fen = YuanField(label=_("金额（元）"), max_length=20)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    paper = PaperField(label=_("依据材料"), required=False, help_text=_("如村民代表会议决议、停业证明"))


class DeliveryForm(forms.Form):
    """How a reminder was delivered."""

    delivered_on = _day(_("送达日期"))
    delivery = forms.ChoiceField(label=_("送达方式"), choices=Delivery.choices)
    delivered_to = forms.CharField(label=_("签收人"), max_length=60, required=False)


class StatementForm(forms.Form):
    """A bank statement to be read."""

    bank_account = forms.CharField(
        label=_("收款账户"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "account-names", "autocomplete": "off"}),
    )
    paper = PaperField(label=_("对账单"), help_text=_("银行导出的 xlsx 或 csv，含日期、流水号、贷方金额、对方户名"))


class ClaimForm(forms.Form):
    """Who paid a line of a statement."""

    payer = forms.IntegerField()


class NoteForm(forms.Form):
    """The explanation of a settlement."""

    note = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("账账有差异时必须写明原因"),
    )  # fmt: skip


class DayForm(forms.Form):
    """A day of reconciliation."""

    day = _day(_("截至日期"), required=False)

    def chosen(self, on: date) -> date:
        """The day asked for, today without one."""
        return (self.cleaned_data["day"] if self.is_valid() else None) or on


class DigestForm(forms.Form):
    """What is confirmed or countersigned."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
