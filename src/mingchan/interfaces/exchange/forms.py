"""Plain forms of the import: they clean what was typed and know nothing of batches."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.period import today


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=False,
        error_messages={"empty": _("文件是空的。"), "required": _("请选择工作簿。")},
    )


class CorrectionForm(forms.Form):
    """One cell put right."""

    sheet = forms.CharField(max_length=80)
    row = forms.IntegerField(min_value=1, max_value=1_100_000)
    column = forms.RegexField(r"^[A-Za-z]{1,3}$")
    original = forms.CharField(required=False, max_length=2000, strip=False)
    text = forms.CharField(required=False, max_length=2000, label=_("更正为"))


class RowForm(forms.Form):
    """One row left out, or taken in again."""

    sheet = forms.CharField(max_length=80)
    row = forms.IntegerField(min_value=1, max_value=1_100_000)
    skip = forms.BooleanField(required=False)


class ConfirmForm(forms.Form):
    """The business date of the entry."""

    on = forms.DateField(label=_("入账日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_on(self) -> date:
        """A business date can't lie ahead."""
        day: date = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("入账日期不能晚于今天。"))
        return day


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("理由"), min_length=4, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AdmitForm(ReasonForm):
    """A source of money admitted from outside the plan's scope, with the reason."""

    funding_text = forms.CharField(max_length=100)
