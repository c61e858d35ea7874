"""Forms of tracing: which assets a payment paid for, which proposals are accepted."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.fields import whole_of

MARK = re.compile(r"([0-9]{1,18}):([0-9a-f]{16})")
MOST = 1000
"""So many assets or proposals may be chosen on one page."""


def _ticked(data: Any) -> list[str]:
    """The boxes ticked on the page; none when the form was not sent by one."""
    return list(data.getlist("selected")) if hasattr(data, "getlist") else []


class LinkForm(forms.Form):
    """Assets ticked for a payment, each with an amount typed or left to the split."""

    reason = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("例：按验收清单第3页核对"))

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        chosen = [text for text in _ticked(self.data) if text.isascii() and text.isdecimal()]
        data["assets"] = [int(text) for text in chosen if len(text) < 19][:MOST]
        data["fixed"] = {}
        for key in data["assets"]:
            text = self.data.get(f"amount_{key}", "").strip()
            if not text:
                continue
            try:
                data["fixed"][key] = whole_of(text, 100, 2)
            except forms.ValidationError as error:
                self.add_error(None, error)
        if not data["assets"]:
            self.add_error(None, _("请至少选择一项资产"))
        return data


class AcceptForm(forms.Form):
    """Proposals ticked, each as `payment:mark`."""

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        found = (MARK.fullmatch(text) for text in _ticked(self.data)[:MOST])
        data["chosen"] = {int(match[1]): match[2] for match in found if match}
        if not data["chosen"]:
            self.add_error(None, _("请至少选择一条建议"))
        return data


class TakeBackForm(forms.Form):
    """Why a link is taken back."""

    reason = forms.CharField(label=_("解除理由"), max_length=200)
