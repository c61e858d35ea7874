"""A month in forms (月份): as browsers send it, as the books write it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_MONTH = re.compile(r"(19|2\d)(\d{2})-?(\d{2})")


def browser_month(month: int) -> str:
    """202003 → 2020-03, as month inputs want it."""
    return f"{month // 100}-{month % 100:02d}"


class MonthField(forms.Field):
    """A month as browsers send it (2020-03) or as the books write it (202003), as a whole number."""

    widget = forms.TextInput(attrs={"type": "month"})
    default_error_messages = {"invalid": _("请按“2020-03”填写月份。")}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        match = _MONTH.fullmatch(str(value).strip())
        month = int(match[1] + match[2]) * 100 + int(match[3]) if match else 0
        if not 1 <= month % 100 <= 12:
            raise forms.ValidationError(self.error_messages["invalid"])
        return month
