"""Forms of procedures (审批表单): clean the input, nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import permissions
from mingchan.foundation.procedures.choices import ANSWERS, Answer, Kind, PaperKind
from mingchan.foundation.procedures.rules import Votes
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class BeginForm(forms.Form):
    """A matter to be brought in."""

    title = forms.CharField(label=_("事项"), max_length=200)
    text = forms.CharField(label=_("说明"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    code = forms.ChoiceField(label=_("材料种类"), choices=PaperKind.choices, required=False, initial=PaperKind.PLAN)
    file = forms.FileField(
        label=_("材料"), required=False, help_text=_("没有材料可以先不传；提交后增加材料会使已有意见作废")
    )


class AmendForm(forms.Form):
    """A change of what was brought in, with its reason."""

    text = forms.CharField(label=_("说明"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    code = forms.ChoiceField(label=_("材料种类"), choices=PaperKind.choices, required=False, initial=PaperKind.PLAN)
    file = forms.FileField(label=_("增加材料"), required=False)
    reason = forms.CharField(label=_("修改理由"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Taking a matter back."""

    reason = forms.CharField(label=_("撤回理由"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """A paper that a step asks for."""

    code = forms.ChoiceField(label=_("材料种类"), choices=PaperKind.choices)
    file = forms.FileField(label=_("材料"))


class DecideForm(forms.Form):
    """What is said at a step; the fields depend on the step's kind."""

    answer = forms.ChoiceField(label=_("意见"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("意见内容"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    document_no = forms.CharField(label=_("文号"), max_length=80, required=False)
    members = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=500, required=False)
    agreed = forms.IntegerField(label=_("同意票"), min_value=0, max_value=500, required=False)
    against = forms.IntegerField(label=_("反对票"), min_value=0, max_value=500, required=False)
    abstained = forms.IntegerField(label=_("弃权票"), min_value=0, max_value=500, required=False)
    revised = forms.CharField(
        label=_("修改后的说明"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    code = forms.ChoiceField(label=_("材料种类"), choices=PaperKind.choices, required=False, initial=PaperKind.PLAN)
    file = forms.FileField(label=_("增加材料"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = ANSWERS[Kind(kind)]
        self.fields["answer"].choices = [(answer.value, answer.label) for answer in answers]  # type: ignore[attr-defined]
        if len(answers) == 1:
            self.fields["answer"].initial = answers[0].value
            self.fields["answer"].widget = forms.HiddenInput()
        unused = set()
        if kind != Kind.VOTE:
            unused |= {"members", "agreed", "against", "abstained"}
        if kind not in (Kind.APPROVAL, Kind.FILING):
            unused.add("document_no")
        if kind != Kind.REVISION:
            unused |= {"revised", "code", "file"}
        for name in unused:
            del self.fields[name]

    def votes(self) -> Votes | None:
        """The collective decision, None when it isn't one or figures are missing."""
        names = ("members", "agreed", "against", "abstained")
        given = [self.cleaned_data.get(name) for name in names]
        return Votes(*given) if all(value is not None for value in given) else None  # type: ignore[arg-type]

    def answered(self) -> str:
        """The answer's value."""
        return str(Answer(self.cleaned_data["answer"]).value)


class DefinitionForm(forms.Form):
    """A drawing to be put in force."""

    file = forms.FileField(label=_("流程图文件（.bpmn）"))
    valid_from = forms.DateField(label=_("启用日期"), widget=_DAY)
    reason = forms.CharField(label=_("修改理由"), max_length=200)


class DelegationForm(forms.Form):
    """Somebody to act for oneself for a term."""

    taker = forms.ChoiceField(label=_("受托人"))
    valid_from = forms.DateField(label=_("自"), widget=_DAY)
    last_day = forms.DateField(label=_("至（含当日）"), widget=_DAY)
    reason = forms.CharField(label=_("事由"), max_length=200)


class CopyForm(forms.Form):
    """To whom a matter is copied."""

    roles = forms.MultipleChoiceField(
        label=_("抄送角色"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    accounts = forms.MultipleChoiceField(
        label=_("抄送人员"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    note = forms.CharField(label=_("附言"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, spec.text) for code, spec in policy.roles().items() if permissions.VIEW in spec.rights]
        self.fields["roles"].choices = known  # type: ignore[attr-defined]
        people = directory.accounts_in_use(actor)
        self.fields["accounts"].choices = [(str(one.account), f"{one.office} {one.name}") for one in people]  # type: ignore[attr-defined]


class TableForm(forms.Form):
    """A decision table to be put in force, written here or as a file."""

    content = forms.CharField(
        label=_("决策表内容"), max_length=65_536, required=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )  # fmt: skip
    file = forms.FileField(label=_("或上传文件（.yaml）"), required=False)
    valid_from = forms.DateField(label=_("启用日期"), widget=_DAY)
    reason = forms.CharField(label=_("修改理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """A file counts before what is written."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None:
            try:
                given["content"] = file.read(70_000).decode("utf-8")
            except UnicodeDecodeError:
                self.add_error("file", _("文件不是 UTF-8 文本"))
        elif not given.get("content", "").strip():
            self.add_error("content", _("请填写决策表内容或上传文件"))
        return given

    def text(self) -> str:
        """The table's text with plain line ends."""
        return str(self.cleaned_data["content"]).replace("\r\n", "\n")


def tell(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field. Raises it again when it says that the thing isn't there or isn't theirs."""
    if refusal.status != Refusal.status:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class DayForm(forms.Form):
    """A day that isn't what its weekday says."""

    day = forms.DateField(label=_("日期"), widget=_DAY)
    is_working = forms.ChoiceField(label=_("设为"), choices=[("yes", _("上班")), ("no", _("休息"))])
    note = forms.CharField(label=_("说明"), max_length=60, required=False)
