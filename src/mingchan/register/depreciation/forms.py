"""Input of the pages of depreciation, cleaned (表单)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.months import MonthField
from mingchan.register.depreciation.choices import Why


class MonthForm(forms.Form):
    """Which month to charge."""

    month = MonthField(label=_("计提月份"))


class ListForm(forms.Form):
    """Which book, month, class or reason a page shows; what can't be read is left out."""

    book = forms.IntegerField(required=False, min_value=1)
    month = MonthField(required=False)
    six_class = forms.CharField(required=False, max_length=10)
    why = forms.ChoiceField(required=False, choices=[("", ""), *Why.choices])
    after = forms.IntegerField(required=False, min_value=1)

    def asked(self, name: str) -> object:
        """What was asked for under a name, None for nothing."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


class ReverseForm(forms.Form):
    """Why a run is taken back."""

    reason = forms.CharField(label=_("冲销原因"), max_length=200)
