"""Input of the books' pages, cleaned (表单): months, filters, closing and reopening."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.ledger.choices import VoucherKind
from mingchan.foundation.ledger.queries import VoucherFilter
from mingchan.kernel.ui.months import MonthField

LARGEST_KEY = 2**63 - 1
"""What a column of keys can hold on both engines."""


class SpanForm(forms.Form):
    """Months and book of a report; what isn't given or can't be read falls back to the default."""

    book = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    month_from = MonthField(required=False)
    month_to = MonthField(required=False)

    def span(self, month: int) -> tuple[int, int]:
        """The months asked for; from January to `month` when none are."""
        self.is_valid()
        last = self.cleaned_data.get("month_to") or month
        first = self.cleaned_data.get("month_from") or last // 100 * 100 + 1
        return min(first, last), last

    def book_id(self) -> int | None:
        """The book asked for, None for all."""
        self.is_valid()
        return self.cleaned_data.get("book")


class VoucherFilterForm(forms.Form):
    """Filter of the list of vouchers."""

    book = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    month_from = MonthField(required=False)
    month_to = MonthField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *VoucherKind.choices])
    text = forms.CharField(required=False, max_length=60)
    subject = forms.CharField(required=False, max_length=40)
    source = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(
        required=False, choices=[("", ""), ("plain", _("未冲销")), ("reversed", _("已冲销")), ("red", _("红字冲销"))]
    )

    def wanted(self) -> VoucherFilter:
        """The filter, with what can't be read left out."""
        self.is_valid()
        data = self.cleaned_data
        return VoucherFilter(
            book_id=data.get("book"),
            month_from=data.get("month_from"),
            month_to=data.get("month_to"),
            kind=data.get("kind", ""),
            text=data.get("text", ""),
            subject=data.get("subject", ""),
            source=data.get("source", ""),
            state=data.get("state", ""),
        )


class CloseForm(forms.Form):
    """Which month to close through."""

    month = MonthField(label=_("结账到"))
    note = forms.CharField(label=_("说明"), required=False, max_length=200)


class YearForm(forms.Form):
    """Which year to carry."""

    year = forms.IntegerField(label=_("年度"), min_value=1900, max_value=2999)


class ReopenForm(forms.Form):
    """Which closed month to open again, and why."""

    month = MonthField(label=_("月份"))
    reason = forms.CharField(label=_("原因"), max_length=200)
