"""Forms of stocktakes: days, quantities and amounts are read, a filled count sheet becomes events, nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.ui.fields import QuantityField, YuanField, whole_of
from mingchan.lifecycle.stocktake import sampling
from mingchan.lifecycle.stocktake.choices import DECISIONS, Decision, EventKind, PlanKind, Role
from mingchan.lifecycle.stocktake.drafts import PlanDraft, SettleDraft
from mingchan.lifecycle.stocktake.models import Difference
from mingchan.lifecycle.stocktake.rules import plain_quantity

BASIS_POINTS = 100
PHOTOS = ("damaged", "not_found", "surplus", "elsewhere")
"""Records for which a plan may ask a photograph."""


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text)


def _text(label: Any, help_text: Any = "", rows: int = 3, most: int = 500, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget, required=required)


class SeenForm(forms.Form):
    """An act on a row that the reader has seen as it stands."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReasonForm(SeenForm):
    """An act with its reason."""

    reason = _text(_("理由"), most=300)


class EndForm(SeenForm):
    """The end of counting; a reason where places aren't finished."""

    reason = _text(_("未完成的说明"), _("有地点没有清点完毕时填写"), 2, 300, False)


class ConclusionForm(SeenForm):
    """The end of a stocktake."""

    conclusion = _text(_("盘点结论"), _("写明账实相符情况、差异原因和改进要求"))


class PercentField(forms.CharField):
    """A share typed in percent, in hundredths of a percent."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return whole_of(text.rstrip("%％"), BASIS_POINTS, 2) if text else 0

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, BASIS_POINTS)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


class PlanForm(forms.Form):
    """The head of a plan."""

    title = forms.CharField(label=_("盘点名称"), max_length=120, help_text=_("例如：2020年度电商示范项目资产清查"))
    kind = forms.ChoiceField(label=_("盘点方式"), choices=PlanKind.choices)
    base_on = _day(_("清查基准日"), _("应盘清单按这一天的台账生成"))
    starts_on = _day(_("开始日期"))
    due_on = _day(_("完成期限"), _("上年资产清查应在 3 月 31 日前完成"))
    divisions = forms.MultipleChoiceField(
        label=_("乡镇"), required=False, help_text=_("不选为全县"), widget=forms.SelectMultiple({"size": 6})
    )
    scope = forms.CharField(
        label=_("更多范围条件"),
        required=False,
        max_length=1000,
        help_text=_("在资产清单中筛选好后，把网址粘贴到这里；可按体系、类别、金额、站点、管护人等任何条件盘点"),
    )
    basis = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件名称、文号"))
    precision = PercentField(
        label=_("抽样误差上限（%）"),
        required=False,
        help_text=_("随机抽样时填写：没有短缺时，短缺上限不超过总额的这一比例"),
    )
    confidence_percent = forms.TypedChoiceField(
        label=_("置信度"), coerce=int, choices=[(one, f"{one}%") for one in sampling.CONFIDENCES], initial=95
    )
    seed = forms.CharField(
        label=_("抽样种子"),
        max_length=64,
        required=False,
        help_text=_("不填由系统随机产生；保存后任何人可凭种子重抽核对"),
    )
    photo_for = forms.MultipleChoiceField(
        label=_("须拍照的情形"),
        required=False,
        choices=[(kind, EventKind(kind).label) for kind in PHOTOS],
        widget=forms.CheckboxSelectMultiple,
    )
    is_blind = forms.BooleanField(label=_("盲盘：不显示账面数量"), required=False)
    needs_signature = forms.BooleanField(label=_("须现场签字"), required=False, initial=True)
    needs_position = forms.BooleanField(label=_("须记录位置"), required=False)
    asks_case = forms.BooleanField(label=_("结果须审批并公示"), required=False, initial=True)

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["divisions"].choices = list(towns)  # type: ignore[attr-defined]

    def clean_scope(self) -> str:
        """A filter as parameters, also when a whole address was pasted."""
        text: str = self.cleaned_data["scope"].strip()
        return urlsplit(text).query if "?" in text else text

    def draft(self) -> PlanDraft:
        """What was filled in."""
        given = dict(self.cleaned_data)
        divisions, scope = given.pop("divisions"), given.pop("scope")
        parts = [scope] if scope else []
        if divisions:
            parts = [part for part in scope.split("&") if part and not part.startswith("division=")]
            parts.append("division=" + ",".join(divisions))
        return PlanDraft(
            scope="&".join(parts),
            precision_bp=given.pop("precision") or 0,
            photo_for=tuple(given.pop("photo_for")),
            **given,
        )


class MemberForm(forms.Form):
    """Somebody's part in a stocktake."""

    account = forms.TypedChoiceField(label=_("人员"), coerce=int)
    role = forms.ChoiceField(label=_("分工"), choices=Role.choices)

    def __init__(self, *args: Any, accounts: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = list(accounts)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who counts at the places of a division; none named: everywhere."""

    member = forms.TypedChoiceField(label=_("盘点人"), coerce=int)
    division = forms.ChoiceField(label=_("地点"), required=False)

    def __init__(
        self, *args: Any, members: Sequence[tuple[int, str]], places: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = list(members)  # type: ignore[attr-defined]
        self.fields["division"].choices = [("", _("全部地点")), *places]  # type: ignore[attr-defined]


class SurplusForm(forms.Form):
    """A thing without a card that was found at a place."""

    name = forms.CharField(label=_("名称"), max_length=120)
    unit = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    quantity = QuantityField(label=_("数量"), max_length=20)
    model = forms.CharField(label=_("规格型号"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def act(self) -> tuple[str, str, dict[str, Any]]:
        """The event that it is."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return "surplus", "", {**given, "quantity": plain_quantity(given["quantity"])}


class FinishForm(forms.Form):
    """The end of counting at a place, with who signed the paper sheet."""

    counter = forms.CharField(label=_("盘点人签字（姓名）"), max_length=50, required=False)
    keeper = forms.CharField(label=_("管护责任人签字（姓名）"), max_length=50, required=False)

    def acts(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The events that it is."""
        signed = [
            ("signature", "", {"role": role, "name": self.cleaned_data[role].strip(), "strokes": []})
            for role in ("counter", "keeper")
            if self.cleaned_data[role].strip()
        ]
        return [*signed, ("finish", "", {})]


RESULTS = (
    ("", "—"), ("found", _("在")), ("not_found", _("未找到")), ("damaged", _("损坏")), ("elsewhere", _("在别处")),
)  # fmt: skip


def read_sheet(given: Mapping[str, str], rows: Sequence[tuple[int, str]]) -> list[tuple[str, str, dict[str, Any]]]:
    """The events of a filled count sheet: for each line (key, number) what was ticked, counted and noted.

    Raises ValidationError for a quantity that can't be read, with the number of the asset.
    """
    acts: list[tuple[str, str, dict[str, Any]]] = []
    for key, code in rows:
        result, note = given.get(f"r_{key}", ""), given.get(f"n_{key}", "").strip()[:300]
        counted = given.get(f"q_{key}", "").strip()
        told = {"note": note} if note else {}
        if counted:
            try:
                quantity = plain_quantity(whole_of(counted, 1000, 3))
            except forms.ValidationError as error:
                raise forms.ValidationError(f"{code}：{'；'.join(error.messages)}") from error
            acts.append(("count", code, {"quantity": quantity, **told}))
        if result == "found" and not counted:
            acts.append(("found", code, told))
        elif result == "elsewhere":
            acts.append(("elsewhere", code, {"text": note or str(_("不在登记地点")), **told}))
        elif result in ("not_found", "damaged"):
            acts.append((result, code, told))
        if given.get(f"l_{key}"):
            acts.append(("claim", code, {"label": ""}))
    return acts


class DecideForm(forms.Form):
    """A checker's word: which of the counts holds, and why."""

    device = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("认定理由"), max_length=300)


class RecountForm(forms.Form):
    """What is to be counted again, and why."""

    note = forms.CharField(label=_("复盘要求"), max_length=300)


class ExplainForm(SeenForm):
    """The keeper's explanation."""

    text = _text(_("说明"), _("写明去向、原因和责任人"))


class SettleForm(SeenForm):
    """A decision on a difference, with what it needs."""

    decision = forms.ChoiceField(label=_("处理决定"))
    reason = _text(_("理由"))

    def __init__(self, *args: Any, row: Difference, owners: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = DECISIONS[row.kind]
        self.fields["decision"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]
        if Decision.REGISTER in allowed:
            self.fields["owner"] = forms.TypedChoiceField(
                label=_("产权单位"), coerce=int, required=False, empty_value=None, choices=[("", "—"), *owners]
            )
            self.fields["class_code"] = forms.CharField(label=_("资产分类代码"), max_length=9, required=False)
            self.fields["appraised_fen"] = YuanField(label=_("评估价值（元）"), max_length=20, required=False)
            self.fields["appraiser"] = forms.CharField(label=_("评估人或机构"), max_length=100, required=False)
            self.fields["report_no"] = forms.CharField(label=_("评估报告文号"), max_length=80, required=False)
            self.fields["is_this_year"] = forms.BooleanField(label=_("属本年取得"), required=False)
        if Decision.QUANTITY in allowed:
            self.fields["cost_fen"] = YuanField(
                label=_("更正后原值（元）"), max_length=20, required=False, help_text=_("不填则原值不变")
            )
        if Decision.STATE in allowed:
            self.fields["condition"] = forms.ChoiceField(
                label=_("使用状况"),
                required=False,
                choices=[("", _("按发现时状况")), *((word, word) for word in policy.conditions())],
            )

    def draft(self) -> SettleDraft:
        """What was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version" and value is not None}
        return SettleDraft(**given)
