"""Forms of labels: make ahead, choose paper, claim, change, void; they clean what is typed and nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.register.labels import queries
from mingchan.register.labels.choices import REUSED, Cause
from mingchan.register.labels.services import MOST

DEFAULT = "A4-24"


def layout_choices() -> list[tuple[str, str]]:
    """Label paper by key, in the reader's language."""
    english = policy.english()
    return [(key, one.title_en if english else one.title) for key, one in queries.layouts().items()]


class DrawForm(forms.Form):
    """How many labels to make ahead, and what for."""

    count = forms.IntegerField(label=_("张数"), min_value=1, max_value=MOST, initial=100)
    note = forms.CharField(
        label=_("说明"), max_length=120, required=False, help_text=_("例如发往哪个乡镇、做什么用；可不填")
    )


class PaperForm(forms.Form):
    """Which paper is in the printer, and where on the first sheet printing begins."""

    layout = forms.ChoiceField(label=_("标签纸"), initial=DEFAULT)
    first = forms.IntegerField(
        label=_("首张位置"), min_value=1, max_value=100, initial=1, required=False,
        help_text=_("整张标签纸用过一部分时，填第一个空位的序号；单张标签填 1"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = layout_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The place lies on the sheet."""
        given = super().clean() or {}
        given["first"] = given.get("first") or 1
        layout = queries.layouts().get(given.get("layout", ""))
        if layout is not None and given["first"] > layout.per_page:
            self.add_error("first", _("这种标签纸每张只有 %(count)s 格") % {"count": layout.per_page})
        return given


class CodeForm(forms.Form):
    """A label's code as scanned or typed."""

    code = forms.CharField(
        label=_("标签编号"), max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"}),
        help_text=_("扫码枪扫入，或按标签输入，空格可省略"),
    )  # fmt: skip


class ChangeForm(forms.Form):
    """Why a label comes off, and which one comes in its place, if any."""

    cause = forms.ChoiceField(label=_("换下原因"), choices=Cause.choices)
    code = forms.CharField(
        label=_("新标签编号"), max_length=300, required=False, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("扫入新贴的标签；暂不贴新标签的留空"),
    )  # fmt: skip
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


class VoidForm(forms.Form):
    """Why an unclaimed label is thrown away."""

    cause = forms.ChoiceField(
        label=_("作废原因"), choices=[choice for choice in Cause.choices if choice[0] not in REUSED]
    )
