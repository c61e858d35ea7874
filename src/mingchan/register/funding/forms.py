"""Forms of project money (填写): they clean what is typed into drafts that services take, nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.fields import RoughDayField, YuanField
from mingchan.register.funding import queries
from mingchan.register.funding.choices import FundLevel, StageKind, System
from mingchan.register.funding.drafts import (
    AppropriationDraft,
    FundUseDraft,
    LineDraft,
    Paper,
    ProjectDraft,
    StageDraft,
)
from mingchan.register.funding.models import Project

MOST_PAPERS = 10
"""So many files may be handed in with one entry."""
TIERS = (("", _("全部层级")), ("COUNTY", _("县级")), ("TOWN,VILLAGE", _("乡镇和村级")), ("TOWN", _("乡镇级")),
         ("VILLAGE", _("村级")))  # fmt: skip
DAY_HELP = _("写到日、月或年：2019-05-10、2019-05、2019")


class _Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PapersField(forms.FileField):
    """The papers handed in with an entry, each with the kind that the entry gives it."""

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(widget=_Files(attrs={"accept": "image/*,.pdf,.xlsx,.xls,.docx"}), required=False, **options)
        self.kind = kind

    def clean(self, data: Any, initial: Any = None) -> list[Paper]:
        given = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(given) > MOST_PAPERS:
            raise forms.ValidationError(_("一次最多附 %(count)s 份文件") % {"count": MOST_PAPERS})
        return [Paper(file.name, super(PapersField, self).clean(file, initial).file, self.kind) for file in given]


def _text(label: Any, length: int, *, required: bool = False, help_text: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def _choice(label: Any, *, required: bool = False, number: bool = True, help_text: Any = "") -> forms.ChoiceField:
    if number:
        return forms.TypedChoiceField(label=label, required=required, coerce=int, empty_value=None, help_text=help_text)
    return forms.ChoiceField(label=label, required=required, help_text=help_text)


class _Entry(forms.Form):
    """A form whose choices depend on who fills it in; papers only for those who may attach them."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if "papers" in self.fields and not actor.may("paper.attach"):
            del self.fields["papers"]

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _fundings(self) -> list[tuple[str, str]]:
        return [("", "—"), *((code, source.text) for code, source in policy.funding_sources().items())]

    @property
    def handed_in(self) -> list[Paper]:
        """What was handed in."""
        return list(self.cleaned_data.get("papers") or [])


class AppropriationForm(_Entry):
    """Money sent down by one document, typed by hand (资金下达)."""

    funding = _choice(_("资金来源"), required=True, number=False)
    level = forms.ChoiceField(label=_("级次"), required=False, choices=[("", _("按资金来源")), *FundLevel.choices])
    document = _text(_("资金文号"), 120, required=True, help_text=_("例：晋财建〔2018〕15号"))
    issued = RoughDayField(label=_("下达日期"), help_text=DAY_HELP)
    amount_fen = YuanField(label=_("下达金额（元）"))
    project_id = _choice(_("项目"))
    scope_reason = _text(_("范围外理由"), 200, help_text=_("资金来源不在方案范围内时填写"))
    papers = PapersField(AttachmentKind.APPROVAL, label=_("下达文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("funding", self._fundings())
        self._choose("project_id", [("", "—"), *queries.project_choices(self.actor)])

    def draft(self) -> AppropriationDraft:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        day, precision = data["issued"]
        return AppropriationDraft(
            funding=data["funding"],
            document=data["document"],
            amount_fen=data["amount_fen"],
            level=data["level"],
            issued_on=day,
            issued_precision=precision,
            scope_reason=data["scope_reason"],
            project_id=data["project_id"],
        )


class PaymentForm(_Entry):
    """One payment typed by hand (支出), with all that the plan's detail asks for (3.1)."""

    line = _choice(_("子项目"), required=True)
    funding = _choice(_("资金来源"), required=True, number=False)
    document = _text(_("资金文号"), 120, help_text=_("与资金下达的文号一致，系统自动对应"), list="money-documents")
    item = _text(_("支出内容"), 200, required=True)
    purpose = _text(_("用途"), 200)
    payee = _text(_("收款单位"), 120, required=True)
    contract_no = _text(_("合同编号"), 80)
    invoice_no = _text(_("发票号码"), 120, help_text=_("多张发票用顿号隔开"))
    paid = RoughDayField(label=_("支付日期"), help_text=DAY_HELP)
    paid_fen = YuanField(label=_("支付金额（元）"))
    asset_fen = YuanField(label=_("其中：形成资产（元）"))
    expense_fen = YuanField(label=_("其中：费用性支出（元）"))
    spender_id = _choice(_("支出单位"), help_text=_("费用性支出记入这个单位的账"))
    scope_reason = _text(_("范围外理由"), 200, help_text=_("资金来源不在方案范围内时填写"))
    papers = PapersField(AttachmentKind.INVOICE, label=_("合同、发票等文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("line", [("", "—"), *queries.lines(self.actor)])
        self._choose("funding", self._fundings())
        self._choose("spender_id", [("", "—"), *queries.offices(self.actor.county)])
        for name, value in (("asset_fen", "0"), ("expense_fen", "0")):
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        amounts = [data.get(name) for name in ("paid_fen", "asset_fen", "expense_fen")]
        if None not in amounts and amounts[0] != amounts[1] + amounts[2]:  # type: ignore[operator]
            self.add_error("paid_fen", _("支付金额须等于形成资产与费用性支出之和"))
        return data

    def draft(self) -> FundUseDraft:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        line = queries.line(data["line"], self.actor)
        day, precision = data["paid"]
        return FundUseDraft(
            line=line.name,
            year=line.year,
            funding=data["funding"],
            document=data["document"],
            item=data["item"],
            paid_fen=data["paid_fen"],
            asset_fen=data["asset_fen"],
            expense_fen=data["expense_fen"],
            payee=data["payee"],
            payee_id=queries.party_named(data["payee"], self.actor.county),
            paid_on=day,
            paid_precision=precision,
            scope_reason=data["scope_reason"],
            contract_no=data["contract_no"],
            invoice_no=data["invoice_no"],
            purpose=data["purpose"],
        )


class ProjectForm(_Entry):
    """A project of a year (项目)."""

    name = _text(_("项目名称"), 120, required=True)
    year = forms.IntegerField(label=_("项目年度"), min_value=1990, max_value=2100)
    programme = _text(_("项目类别"), 120, help_text=_("例：电子商务进农村综合示范"))
    office_id = _choice(_("责任单位"))
    budget_fen = YuanField(label=_("批复投资（元）"), required=False)
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("office_id", [("", "—"), *queries.offices(self.actor.county)])

    def draft(self) -> ProjectDraft:
        """What was typed, as the service takes it."""
        return ProjectDraft(**{name: self.cleaned_data[name] for name in ProjectDraft._fields})


class OpeningForm(ProjectForm):
    """A project with its sub-projects, one a line."""

    lines = forms.CharField(
        label=_("子项目"),
        max_length=4000,
        required=False,
        help_text=_("一行一个；体系和层级按名称判断，之后可在项目页上添加"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def line_drafts(self) -> list[LineDraft]:
        """The sub-projects, without blank lines and repetitions."""
        names = (text.strip() for text in self.cleaned_data["lines"].splitlines())
        return [LineDraft(name[:120]) for name in dict.fromkeys(names) if name]


class RevisionForm(ProjectForm):
    """Correcting a project; carries the version that was read."""

    reason = _text(_("更正理由"), 200, required=True)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        """What the form shows at first."""
        return {name: getattr(project, name) for name in (*ProjectDraft._fields, "version")}


class LineForm(_Entry):
    """A sub-project of a project (子项目)."""

    name = _text(_("子项目名称"), 120, required=True)
    system = forms.ChoiceField(label=_("建设体系"), required=False, choices=[("", _("按名称判断")), *System.choices])
    tiers = forms.ChoiceField(label=_("层级"), required=False, choices=TIERS)

    def draft(self) -> LineDraft:
        """What was typed, as the service takes it."""
        return LineDraft(**self.cleaned_data)


class StageForm(_Entry):
    """A stage of a project with its day, office and papers. `replaces` carries the entry that was read."""

    kind = forms.ChoiceField(label=_("阶段"), choices=StageKind.choices)
    line_id = _choice(_("范围"), help_text=_("整个项目，或其中一个子项目"))
    happened = RoughDayField(label=_("日期"), help_text=DAY_HELP)
    office_id = _choice(_("办理单位"))
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    papers = PapersField(AttachmentKind.APPROVAL, label=_("文件"))
    reason = _text(_("更正理由"), 200, help_text=_("更正已登记的阶段时填写"))
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(line.id, line.name) for line in queries.project_lines(project, self.actor)]
        self._choose("line_id", [("", _("整个项目")), *lines])
        self._choose("office_id", [("", "—"), *queries.offices(self.actor.county)])

    def draft(self) -> StageDraft:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        day, precision = data["happened"]
        return StageDraft(data["kind"], day, precision, data["office_id"], data["note"], data["line_id"])


class AssignForm(_Entry):
    """Which sub-projects and which money sent down belong to a project."""

    lines = forms.TypedMultipleChoiceField(label=_("子项目"), coerce=int, required=False)
    appropriations = forms.TypedMultipleChoiceField(label=_("资金下达"), coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("lines", queries.loose_lines(self.actor))
        self._choose("appropriations", [(row.pk, str(row)) for row in queries.loose_appropriations(self.actor)])
