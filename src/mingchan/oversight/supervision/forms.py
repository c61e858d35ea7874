"""Forms of supervision: report, review, give to another office, ask for an exemption, draw a sample, note a look."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.oversight.supervision.choices import Severity

MOST_BYTES = 20 * 1024 * 1024


def _text(label: Any, help_text: Any = "", rows: int = 3, most: int = 1000) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=forms.Textarea({"rows": rows}))


class FileField(forms.FileField):
    """One piece of evidence as its name and bytes; None when there is none."""

    def __init__(self) -> None:
        super().__init__(label=_("整改证据"), required=False, help_text=_("照片、单据或文件，不超过 20 MB"))

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("附件不能超过 20 MB"))
        return found.name, found.read()


class SeenForm(forms.Form):
    """Which state of the finding the form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class ReportForm(SeenForm):
    """What was done, with evidence."""

    text = _text(_("整改情况"), _("采取了什么措施、何时完成"))
    file = FileField()


class ReviewForm(SeenForm):
    """What the supervising office saw, and its verdict."""

    passes = forms.ChoiceField(
        label=_("复核结论"), choices=[("yes", _("通过，销号")), ("no", _("未通过，退回整改"))], widget=forms.RadioSelect
    )
    text = _text(_("复核情况"), _("通过时系统会重新核对事实，事实仍在不能销号"))


class AssignForm(SeenForm):
    """To which office, and why."""

    office = forms.TypedChoiceField(label=_("责任单位"), coerce=int)
    reason = _text(_("改派理由"), rows=2, most=200)

    def __init__(self, *args: Any, offices: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = list(offices)  # type: ignore[attr-defined]


class WaiveForm(SeenForm):
    """Until when, and why."""

    until = forms.DateField(label=_("豁免至"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = _text(_("豁免理由"), _("写明不能整改的原因和依据；经审批后生效，到期恢复整改"))


class DrawForm(forms.Form):
    """Which assets are drawn."""

    title = forms.CharField(label=_("抽查名称"), max_length=120)
    division = forms.ChoiceField(label=_("抽查区划"))
    count = forms.IntegerField(label=_("抽查件数"), min_value=1, max_value=500, initial=20)
    seed = forms.CharField(
        label=_("随机种子"),
        max_length=40,
        required=False,
        help_text=_("可不填，由系统随机生成；公开摇号的填摇出的号码"),
    )

    def __init__(self, *args: Any, divisions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = list(divisions)  # type: ignore[attr-defined]


class InspectForm(forms.Form):
    """What was found at an asset that was drawn."""

    result = forms.ChoiceField(
        label=_("抽查结果"), choices=[("FINE", _("相符")), ("WRONG", _("有问题"))], widget=forms.RadioSelect
    )
    severity = forms.ChoiceField(
        label=_("程度"),
        choices=[(Severity.MEDIUM.value, Severity.MEDIUM.label), (Severity.HIGH.value, Severity.HIGH.label)],
    )
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


class RaiseForm(forms.Form):
    """A report of the public made a finding: what is wrong, how grave."""

    text = _text(_("问题"), _("核实后的情况；责任单位据此整改"))
    severity = forms.ChoiceField(
        label=_("程度"),
        choices=[(Severity.MEDIUM.value, Severity.MEDIUM.label), (Severity.HIGH.value, Severity.HIGH.label)],
    )
