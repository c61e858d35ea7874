"""Forms of the trace: what the log is searched by."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _


class LogFilter(forms.Form):
    """The log by act, object, person and business date. What can't be read is left out, never an error page."""

    act = forms.CharField(label=_("事项"), max_length=60, required=False)
    obj = forms.CharField(label=_("对象"), max_length=80, required=False)
    person = forms.CharField(label=_("经办人"), max_length=60, required=False)
    day_from = forms.DateField(label=_("自"), required=False)
    day_to = forms.DateField(label=_("至"), required=False)
    after = forms.IntegerField(min_value=0, max_value=2**62, required=False)
    before = forms.IntegerField(min_value=0, max_value=2**62, required=False)

    def wanted(self) -> dict[str, str | int | date]:
        """The filters that were given and can be read, as arguments of `queries.recent`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
