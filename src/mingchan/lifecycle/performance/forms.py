"""Forms of performance: figures and days are read, files become drafts, nothing else."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.ui.fields import YuanField, whole_of
from mingchan.lifecycle.performance.choices import MONEY, GoalKind
from mingchan.lifecycle.performance.drafts import FileDraft, GoalDraft, ScoreDraft
from mingchan.lifecycle.performance.models import Goal, Score
from mingchan.lifecycle.performance.queries.measures import MONEY_MEASURES
from mingchan.lifecycle.performance.rules import Indicator, Measured, points

MOST_BYTES = 20 * 1024 * 1024


def _day(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def _text(label: Any, help_text: Any = "", rows: int = 3, most: int = 1000, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget, required=required)


class CountField(forms.CharField):
    """A whole number as typed, with or without separators."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return whole_of(text, 1, 0) if text else None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


def _figure(is_money: bool, label: Any, **given: Any) -> forms.CharField:
    """An input for a figure: yuan for money, a whole number otherwise."""
    made = YuanField if is_money else CountField
    return made(label=label, required=False, max_length=20, **given)


class PointsField(forms.CharField):
    """Points as typed, in hundredths of a point."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return whole_of(text, 100, 2) if text else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value


class FileField(forms.FileField):
    """One file, as a draft; None when there is none."""

    def __init__(self, label: Any, *, accept: str = "", help_text: Any = "") -> None:
        widget = forms.ClearableFileInput({"accept": accept} if accept else {})
        super().__init__(label=label, required=False, help_text=help_text, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 20 MB"))
        return FileDraft(found.name, found.read())


class SeenForm(forms.Form):
    """An act on a row that the reader has seen as it stands."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReasonForm(SeenForm):
    """An act with its reason."""

    reason = _text(_("理由"), most=300)


class CommissionForm(forms.Form):
    """Who evaluates which contracts for a year."""

    evaluator = forms.TypedChoiceField(label=_("评价机构"), coerce=int)
    document_no = forms.CharField(label=_("委托文号"), max_length=80, help_text=_("例如：偏财绩〔2021〕3号"))
    due_on = _day(_("评分期限"))
    contracts = forms.TypedMultipleChoiceField(label=_("要评价的合同"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, companies: Sequence[tuple[int, str]], contracts: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluator"].choices = list(companies)  # type: ignore[attr-defined]
        self.fields["contracts"].choices = list(contracts)  # type: ignore[attr-defined]


class GoalsForm(forms.Form):
    """Targets and figures of a contract's year: a pair of fields for each kind of goal."""

    def __init__(self, *args: Any, goals: dict[str, Goal], may_set: bool, may_report: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals, self.may_set, self.may_report = goals, may_set, may_report
        for kind, label in GoalKind.choices:
            goal, is_money = goals.get(kind), kind in MONEY
            self.fields[f"target_{kind}"] = _figure(
                is_money, label, disabled=not may_set, initial=goal.target if goal else None
            )
            self.fields[f"actual_{kind}"] = _figure(
                is_money,
                _("%(goal)s完成数") % {"goal": label},
                disabled=goal is None or not may_report,
                initial=goal.actual if goal else None,
            )
        self.fields["basis"] = _text(_("完成依据"), _("填报完成数时写明，例如：平台后台统计、收寄台账"), 2, 300, False)
        self.fields["reason"] = forms.CharField(
            label=_("调整理由"), required=False, max_length=200, help_text=_("改动已设定的目标时填写")
        )

    def targets(self) -> list[GoalDraft]:
        """Targets that were typed."""
        return [
            GoalDraft(kind, self.cleaned_data[f"target_{kind}"])
            for kind in GoalKind.values
            if self.cleaned_data.get(f"target_{kind}") is not None
        ]

    def actuals(self) -> list[tuple[str, int]]:
        """Figures that were typed and differ from what stands."""
        return [
            (kind, self.cleaned_data[f"actual_{kind}"])
            for kind, goal in self.goals.items()
            if self.cleaned_data.get(f"actual_{kind}") is not None
            and self.cleaned_data[f"actual_{kind}"] != goal.actual
        ]


class ScoresForm(SeenForm):
    """The scores of every indicator: figures where the pack names a measure, points where the evaluator judges."""

    def __init__(
        self,
        *args: Any,
        indicators: Sequence[Indicator],
        known: dict[str, Measured],
        scores: dict[str, Score],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for one in indicators:
            score, proposed = scores.get(one.code), known.get(one.measure)
            if one.measure:
                start = Measured(score.numerator or 0, score.denominator or 0) if score else proposed
                for name, value in (("num", start and start.numerator), ("den", start and start.denominator)):
                    label = _("%(indicator)s：分子") if name == "num" else _("%(indicator)s：分母")
                    self.fields[f"{one.code}_{name}"] = _figure(
                        one.measure in MONEY_MEASURES, label % {"indicator": one.label}, initial=value
                    )
            else:
                self.fields[f"{one.code}_points"] = PointsField(
                    label=_("%(indicator)s：得分") % {"indicator": one.label}, required=False, max_length=8,
                    initial=score.points if score else None,
                )  # fmt: skip
            self.fields[f"{one.code}_grounds"] = forms.CharField(
                label=_("%(indicator)s：依据") % {"indicator": one.label},
                max_length=500,
                required=False,
                initial=score.grounds if score else "",
            )

    def drafts(self) -> list[ScoreDraft]:
        """Scores of the indicators that were filled in."""
        found = []
        for one in self.indicators:
            grounds = self.cleaned_data.get(f"{one.code}_grounds") or ""
            if one.measure:
                part, whole = self.cleaned_data.get(f"{one.code}_num"), self.cleaned_data.get(f"{one.code}_den")
                if part is None or whole is None:
                    continue
                earned = points(one.weight, Measured(part, whole), one.full_bp)
                found.append(ScoreDraft(one.code, earned, grounds, part, whole))
            else:
                given = self.cleaned_data.get(f"{one.code}_points")
                if given is not None:
                    found.append(ScoreDraft(one.code, given, grounds))
        return found


class VisitForm(forms.Form):
    """A check on the spot."""

    visited_on = _day(_("核查日期"))
    place = forms.CharField(label=_("地点"), max_length=120)
    checked = forms.IntegerField(label=_("抽查件数"), min_value=0, max_value=1_000_000)
    matching = forms.IntegerField(label=_("相符件数"), min_value=0, max_value=1_000_000)
    found = _text(_("核查情况"))
    photo = FileField(_("照片"), accept="image/*", help_text=_("可选；手机可直接拍照"))


class SubmitForm(SeenForm):
    """Handing in, with an opinion in words."""

    opinion = _text(_("评价意见"), _("总体评价、主要问题、建议"), 5, 4000)


class AppealForm(forms.Form):
    """The evaluated body objects."""

    text = _text(_("申诉内容"))
    paper = FileField(_("证明材料"))


class AppealAnswerForm(SeenForm):
    """Finance answers an appeal."""

    is_upheld = forms.TypedChoiceField(
        label=_("处理"),
        coerce=lambda value: value == "1",
        choices=[("0", _("不成立，维持结果")), ("1", _("成立，退回重新评分"))],
    )
    answer = _text(_("答复"))


class FixReportForm(SeenForm):
    """The operator reports on a rectification."""

    text = _text(_("整改情况"))
    is_done = forms.BooleanField(label=_("已全部整改完成，申请复核"), required=False)
    paper = FileField(_("材料或照片"), help_text=_("报告完成时必须附"))


class FixReviewForm(SeenForm):
    """The bureau reviews a rectification."""

    passes = forms.TypedChoiceField(
        label=_("复核结论"),
        coerce=lambda value: value == "1",
        choices=[("1", _("通过，销号")), ("0", _("退回继续整改"))],
    )
    text = _text(_("复核意见"))
    until = _day(_("新期限"), _("退回时可另定"), required=False)


class FixExtendForm(SeenForm):
    """More time for a rectification."""

    until = _day(_("新期限"))
    text = _text(_("延期理由"))
