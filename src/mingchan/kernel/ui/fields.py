"""Form fields of the house (填写项): amounts typed in yuan, quantities, and days known only to the month or year."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.money import FEN_PER_YUAN, MILLI, format_quantity, format_yuan


def whole_of(text: str, scale: int, places: int) -> int:
    """A decimal number as typed, times `scale`. Raises ValidationError for more than `places` decimals."""
    try:
        number = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise forms.ValidationError(_("请填写数字")) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 13:
        raise forms.ValidationError(_("数字过大"))
    scaled = number * scale
    if scaled != scaled.to_integral_value():
        raise forms.ValidationError(_("最多 %(places)s 位小数") % {"places": places})
    return int(scaled)


class YuanField(forms.CharField):
    """An amount typed in yuan, as fen."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return whole_of(text, FEN_PER_YUAN, 2) if text else None

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value).replace(",", "") if isinstance(value, int) else value


class QuantityField(forms.CharField):
    """A quantity with at most three decimals, as thousandths."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return whole_of(text, MILLI, 3) if text else None

    def prepare_value(self, value: Any) -> Any:
        return format_quantity(value).replace(",", "") if isinstance(value, int) else value


class RoughDayField(forms.CharField):
    """A day, a month or a year: 2019-05-10, 2019-05, 2019. Gives (first day, precision), (None, "D") when empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None, "D"
        parts = text.replace("/", "-").replace(".", "-").split("-")
        try:
            numbers = [int(part) for part in parts]
            if not 1 <= len(numbers) <= 3 or not 1900 <= numbers[0] <= 2200:
                raise ValueError(text)
            return date(*[*numbers, 1, 1][:3]), "YMD"[len(numbers) - 1]
        except ValueError:
            raise forms.ValidationError(_("日期写作 2019-05-10、2019-05 或 2019")) from None
