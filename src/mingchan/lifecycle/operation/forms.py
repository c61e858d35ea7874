"""Forms of operation: names typed become parties, yuan become fen, percent becomes ten-thousandths, nothing else."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import format_yuan
from mingchan.kernel.ui.fields import YuanField, whole_of
from mingchan.lifecycle.operation.choices import ChangeKind, DueAt, Every, ShareOf
from mingchan.lifecycle.operation.drafts import InsuranceDraft, PaperDraft, StepDraft, TermsDraft
from mingchan.lifecycle.operation.queries import packs

MOST_BYTES = 50 * 1024 * 1024
_WITH_DIVISION = re.compile(r"(?P<name>.+)（(?P<division>[^（）]+)）")
_STEP = re.compile(r"(?P<month>\d{1,3})\s*[,，:：\s]\s*(?P<yuan>[\d,.]+)")


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def _text(label: Any, help_text: Any = "", *, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, required=False, help_text=help_text, widget=widget)


class PaperField(forms.FileField):
    """An uploaded paper, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 50 MB"))
        return PaperDraft(found.name, found.read())


class PartyField(forms.CharField):
    """A party typed by name, with its division in brackets where several bear the name; gives its id."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "party-names", "autocomplete": "off"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.county = ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        match = _WITH_DIVISION.fullmatch(text.strip())
        names = {text.strip()} | ({match["name"]} if match else set())
        rows = list(
            Party.objects.filter(county=self.county, name__in=names).values_list("pk", "name", "division_code")[:50]
        )
        whole = [row for row in rows if row[1] == text.strip()]
        if len(whole) == 1:
            return whole[0][0]
        if match is not None:
            divisions = directory.division_names(row[2] for row in rows)
            here = [row for row in rows if divisions.get(row[2], row[2]) == match["division"]]
            if len(here) == 1:
                return here[0][0]
        if whole:
            raise forms.ValidationError(_("本县有多个同名的，请从列表中选取带区划的名称"))
        raise forms.ValidationError(_("主体清单中没有这个名称，请先在“主体”中登记"))


class PercentField(forms.CharField):
    """A share typed in percent with at most two decimals, as ten-thousandths."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = whole_of(text.rstrip("%％"), 100, 2) if text else 0
        if not 0 <= found <= 10_000:
            raise forms.ValidationError(_("比例应在 0 到 100 之间"))
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value).scaleb(-2).normalize():f}" if isinstance(value, int) and value else value or ""


class StepsField(forms.CharField):
    """Steps of the rent, one a line: the contract's month and the yuan of a year from then on."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = []
        for line in text.splitlines():
            if not line.strip():
                continue
            match = _STEP.fullmatch(line.strip())
            if match is None:
                raise forms.ValidationError(
                    _now("“%(line)s”应写作：月份 年金额，例如 13 13200") % {"line": line.strip()}
                )
            found.append(StepDraft(int(match["month"]), whole_of(match["yuan"], 100, 2)))
        return tuple(found)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return "\n".join(f"{step.from_month} {format_yuan(step.yearly_fen).replace(',', '')}" for step in value)
        return value


class _CountyForm(forms.Form):
    """A form whose names are those of the actor's county."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PartyField):
                field.county = actor.county
        if "mode" in self.fields:
            found = [(mode.code, mode.label) for mode in packs.modes().values()]
            self.fields["mode"].choices = [("", "—"), *found]  # type: ignore[attr-defined]


class TermsForm(_CountyForm):
    """The terms of a contract, by its four parts (2.4.2a); a draft may leave any of them open."""

    mode = forms.ChoiceField(label=_("经营方式"), required=False)
    starts_on = _day(_("起始日"), required=False)
    last_day = _day(_("届满日"), _("含当日"), required=False)
    yearly = YuanField(label=_("年固定收益（元）"), required=False)
    every = forms.ChoiceField(label=_("缴付周期"), choices=Every.choices, initial=Every.QUARTER)
    due_at = forms.ChoiceField(label=_("缴付时点"), choices=DueAt.choices, initial=DueAt.START)
    due_days = forms.IntegerField(label=_("宽限天数"), min_value=0, max_value=365, initial=10)
    free_months = forms.IntegerField(label=_("免收月数"), min_value=0, max_value=120, initial=0)
    steps = StepsField(
        label=_("递增"),
        required=False,
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一档：月份 年金额（元），例如 13 13200"),
    )
    share_of = forms.ChoiceField(label=_("分成依据"), choices=ShareOf.choices, initial=ShareOf.NONE)
    share = PercentField(label=_("分成比例（%）"), required=False, max_length=8)
    share_every = forms.ChoiceField(label=_("分成周期"), choices=Every.choices, initial=Every.YEAR)
    deposit = YuanField(label=_("保证金（元）"), required=False)
    income_note = _text(_("收益分配约定"), _("没有固定收益和分成时必填"), rows=2)
    measures = _text(_("风险防控措施"))
    emergency_plan = _text(_("应急预案"), _("中、高风险必填"))
    operator_duties = _text(_("经营者义务"), rows=3)
    lessor_duties = _text(_("发包方义务"), rows=3)

    PARTS = (
        ("MODE", ("mode",)),
        ("TERM", ("starts_on", "last_day")),
        (
            "INCOME",
            (
                "yearly", "every", "due_at", "due_days", "free_months", "deposit", "steps", "share_of", "share",
                "share_every", "income_note",
            ),
        ),
        ("RISK", ("measures", "emergency_plan", "operator_duties", "lessor_duties")),
    )  # fmt: skip

    def terms(self) -> TermsDraft:
        """What was typed, as terms."""
        data = self.cleaned_data
        return TermsDraft(
            mode=data["mode"], starts_on=data["starts_on"], last_day=data["last_day"], yearly_fen=data["yearly"] or 0,
            every=data["every"], due_at=data["due_at"], due_days=data["due_days"], free_months=data["free_months"],
            steps=data["steps"], share_of=data["share_of"], share_bp=data["share"], share_every=data["share_every"],
            deposit_fen=data["deposit"] or 0, income_note=data["income_note"], measures=data["measures"],
            emergency_plan=data["emergency_plan"], operator_duties=data["operator_duties"],
            lessor_duties=data["lessor_duties"],
        )  # fmt: skip


def initial_of(terms: TermsDraft) -> dict[str, Any]:
    """Terms as the form begins with them."""
    found = {name: getattr(terms, name) for name in TermsDraft.__dataclass_fields__}
    for field, name in (("yearly", "yearly_fen"), ("deposit", "deposit_fen"), ("share", "share_bp")):
        found[field] = found.pop(name) or ""
    return found


class DraftForm(TermsForm):
    """A new contract: its sides and what it is about, then its terms."""

    title = forms.CharField(label=_("标的"), max_length=120, help_text=_("例如：楼沟乡电商服务站"))
    operator = PartyField(label=_("经营者"))
    lessor = PartyField(label=_("发包方（出租方）"))


class EditForm(TermsForm):
    """Changed terms of a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviseForm(EditForm):
    """Changed terms while the procedure runs, with the reason."""

    reason = forms.CharField(label=_("修改理由"), max_length=200)


class AmendForm(TermsForm):
    """Other terms for a contract in force."""

    reason = forms.CharField(label=_("变更原因"), max_length=300)
    effective_on = forms.DateField(label=_("生效日"), widget=forms.Select())

    def __init__(self, *args: Any, days: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(day.isoformat(), day.isoformat()) for day in days]
        self.fields["effective_on"].widget.choices = options
        self.fields["starts_on"].disabled = True


class VersionForm(forms.Form):
    """The contract as the reader saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SignForm(VersionForm):
    """The copy that both sides signed."""

    paper = PaperField(label=_("双方签字盖章的合同文本"))


class RenewForm(forms.Form):
    """Until when a renewal runs."""

    last_day = _day(_("续签届满日"))


class ReasonForm(forms.Form):
    """Why something is given up."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class EndForm(VersionForm):
    """An early end with its settlement."""

    reason = forms.CharField(label=_("终止原因"), max_length=300)
    deposit_back = YuanField(label=_("退还保证金（元）"), required=False)
    deposit_kept = YuanField(label=_("扣留保证金（元）"), required=False)
    owed = YuanField(label=_("违约金或赔偿（元）"), required=False)
    note = forms.CharField(label=_("结算说明"), max_length=300, required=False)
    paper = PaperField(label=_("终止协议"), required=False)


class ReportForm(forms.Form):
    """Turnover and profit of a period, with proof."""

    starts_on = forms.DateField(label=_("申报期"), widget=forms.Select())
    turnover = YuanField(label=_("营业额（元）"))
    profit = YuanField(label=_("利润（元）"), help_text=_("亏损填负数"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    paper = PaperField(label=_("证明材料"), required=False, help_text=_("收款流水、报表的照片或 PDF"))

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].widget.choices = periods


class InsuranceForm(forms.Form):
    """A policy of insurance."""

    insurer = forms.CharField(label=_("保险人"), max_length=120)
    number = forms.CharField(label=_("保单号"), max_length=60)
    cover = forms.CharField(label=_("险种"), max_length=60, help_text=_("例如：财产一切险、机器损坏险"))
    sum = YuanField(label=_("保险金额（元）"))
    premium = YuanField(label=_("保费（元）"))
    starts_on = _day(_("起保日"))
    last_day = _day(_("终保日"))
    paper = PaperField(label=_("保单扫描件"), required=False)

    def draft(self, asset_ids: list[int]) -> InsuranceDraft:
        """What was typed."""
        data = self.cleaned_data
        return InsuranceDraft(
            data["insurer"], data["number"], data["cover"], data["sum"], data["premium"], data["starts_on"],
            data["last_day"], asset_ids,
        )  # fmt: skip


class ClaimForm(forms.Form):
    """A loss that is claimed."""

    happened_on = _day(_("出险日期"))
    event = forms.CharField(label=_("出险经过"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    claimed = YuanField(label=_("报损金额（元）"))


class ClaimedForm(forms.Form):
    """What a claim came to."""

    paid = YuanField(label=_("赔付金额（元）"), help_text=_("未获赔付填 0"))


class ChangeForm(_CountyForm):
    """A change of operator or mode for chosen assets."""

    kind = forms.ChoiceField(label=_("变更事项"), choices=ChangeKind.choices)
    operator = PartyField(label=_("新经营者"), required=False, help_text=_("变更经营者时填写"))
    mode = forms.ChoiceField(label=_("新经营方式"), required=False, help_text=_("确定或变动经营方式时填写"))
    reason = forms.CharField(label=_("变更理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """The bureau's answer to a report."""

    accept = forms.ChoiceField(choices=(("yes", _("采纳")), ("no", _("退回"))))
    answer = forms.CharField(label=_("审核意见"), max_length=300, required=False)
