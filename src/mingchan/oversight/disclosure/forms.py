"""Forms of notices and objections: they clean what is typed into what services take, nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.oversight.disclosure import permissions, rules
from mingchan.oversight.disclosure.choices import DayUnit, NoticeKind, ObjectionVerdict, PlaceKind
from mingchan.oversight.disclosure.drafts import FileDraft, NoticeDraft, ObjectionDraft, PlaceDraft, PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.oversight.disclosure.queries import documents

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_SEPARATOR = "｜"
_BARS = ("\t", "｜", "|")


def division_choices(actor: Actor, right: str) -> list[tuple[str, str]]:
    """Present divisions over which the actor holds the right, indented by level."""
    found: dict[str, str] = {}
    for scope in actor.scopes(right):
        for row in directory.divisions_under(scope):
            found[row.code] = ("　" * {"COUNTY": 0, "TOWN": 1, "VILLAGE": 2}[row.level]) + row.name
    return sorted(found.items())


def read_table(text: str) -> tuple[list[str], list[list[str]]]:
    """A table as typed or pasted from a workbook: a line for each row, cells apart by tabs or bars, heads first."""
    lines = [line.rstrip("\r\n") for line in text.splitlines() if line.strip()]
    if not lines:
        return [], []
    bar = next((bar for bar in _BARS if bar in lines[0]), "\t")
    cells = [[cell.strip() for cell in line.split(bar)] for line in lines]
    width = len(cells[0])
    return cells[0], [row + [""] * (width - len(row)) for row in cells[1:]]


def written_table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    """A table as the form shows it."""
    return "\n".join(_SEPARATOR.join(row) for row in (columns, *rows)) if columns else ""


class NoticeForm(forms.Form):
    """A notice by hand, or a draft that is changed."""

    kind = forms.ChoiceField(label=_("公示类别"), choices=NoticeKind.choices)
    division_code = forms.ChoiceField(label=_("区划"), help_text=_("公示事项所在的县、乡镇或村"))
    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(
        label=_("正文"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("每行一段。身份证号、手机号、银行账号不能公示"),
    )
    table = forms.CharField(
        label=_("表格"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("可从表格软件粘贴：每行一条，第一行为表头。“户主”“姓名”等列的人名须遮盖"),
    )
    days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=rules.MOST_DAYS)
    unit = forms.ChoiceField(label=_("天数单位"), choices=DayUnit.choices)
    contact = forms.CharField(label=_("异议受理"), max_length=200, help_text=_("向谁、怎样提出异议"))
    boards = forms.MultipleChoiceField(
        label=_("公开栏"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选则为所在县、乡镇、村的公开栏；网站必定公示"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, notice: Notice | None = None) -> None:
        self.county = actor.county
        self.clauses: list[str] = []
        initial: dict[str, Any]
        if notice is not None:
            initial = _initial(notice)
            self.clauses = documents.frozen(notice)["clauses"]
        else:
            scopes = actor.scopes(permissions.DRAFT)
            initial = {
                "days": policy.figure("notice.days"),
                "unit": policy.thresholds()["notice.unit"].value,
                "contact": policy.thresholds()["notice.contact"].value,
                "division_code": scopes[0].ljust(12, "0") if scopes else "",
            }
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["division_code"].choices = division_choices(actor, permissions.DRAFT)
        asked = set(self.data.getlist("boards")) if hasattr(self.data, "getlist") else set()
        fields["boards"].choices = _boards(actor.county, {*initial.get("boards", ()), *asked})

    def draft(self) -> NoticeDraft:
        """What was filled in."""
        given = self.cleaned_data
        columns, rows = read_table(given["table"])
        county = self.county.ljust(12, "0")
        boards = [PlaceDraft(PlaceKind.BOARD.value, code) for code in given["boards"]]
        return NoticeDraft(
            kind=given["kind"],
            title=given["title"],
            paragraphs=given["text"].splitlines(),
            division_code=given["division_code"],
            columns=columns,
            rows=rows,
            clauses=self.clauses,
            contact=given["contact"],
            days=given["days"],
            unit=given["unit"],
            places=(PlaceDraft(PlaceKind.WEBSITE.value, county), *boards) if boards else (),
        )


def _boards(county: str, beside: set[str]) -> list[tuple[str, str]]:
    """Boards to choose from: of the county, of its towns, and those that are chosen already."""
    whole = county.ljust(12, "0")
    codes = {row.code: row.name for row in directory.children(whole)}
    codes.update(directory.division_names([whole, *(code for code in beside if code.startswith(county))]))
    return sorted(codes.items())


def _initial(notice: Notice) -> dict[str, Any]:
    content = documents.content_of(notice)
    places = NoticePlace.objects.filter(notice=notice, kind=PlaceKind.BOARD)
    return {
        "kind": notice.kind,
        "division_code": notice.division_code,
        "title": content.title,
        "text": "\n".join(content.paragraphs),
        "table": written_table(content.columns, content.rows),
        "days": notice.days,
        "unit": notice.unit,
        "contact": content.contact,
        "boards": list(places.values_list("division_code", flat=True)),
        "version": notice.version,
    }


class ReasonForm(forms.Form):
    """A reason: of a correction, a withdrawal, a draft given up."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class PostingForm(forms.Form):
    """Proof from a board, taken on a phone."""

    photo = forms.FileField(
        label=_("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    posted_on = forms.DateField(label=_("张贴日期"), widget=_DAY)
    posted_at = forms.CharField(
        label=_("时刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"}), max_length=5
    )
    reason = forms.CharField(label=_("没有照片的原因"), required=False, max_length=200)

    def draft(self) -> PostingDraft:
        """What was filled in."""
        given = self.cleaned_data
        file = given["photo"]
        photo = FileDraft(file.name, file.read()) if file else None
        return PostingDraft(given["posted_on"], given["posted_at"], photo, given["reason"])


class ObjectionForm(forms.Form):
    """An objection noted for somebody who came, called or wrote."""

    text = forms.CharField(label=_("异议内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    name = forms.CharField(
        label=_("提出人姓名"), max_length=50, required=False, help_text=_("可不填；加密保存，不公开")
    )
    contact = forms.CharField(
        label=_("联系方式"), max_length=100, required=False, help_text=_("可不填；加密保存，不公开")
    )
    file = forms.FileField(label=_("书面材料"), required=False, help_text=_("图片或 PDF"))

    def draft(self) -> ObjectionDraft:
        """What was filled in."""
        given = self.cleaned_data
        file = given["file"]
        files = (FileDraft(file.name, file.read()),) if file else ()
        return ObjectionDraft(given["text"], given["name"], given["contact"], files)


class AcceptForm(forms.Form):
    """Who looks into an objection."""

    investigator = forms.TypedChoiceField(label=_("核查人"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, handlers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["investigator"].choices = handlers  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """Why an objection isn't taken up."""

    text = forms.CharField(
        label=_("不予受理的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("理由随公示公开"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """What was found."""

    text = forms.CharField(label=_("核查情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("材料"), required=False)


class AnswerForm(forms.Form):
    """The answer to an objection."""

    verdict = forms.ChoiceField(label=_("结论"), choices=ObjectionVerdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("答复内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("答复随公示公开，不要写出提出人和他人的号码"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RevealForm(forms.Form):
    """Which personal value is to be seen, and why."""

    field = forms.ChoiceField(label=_("查看"), choices=[("name", _("姓名")), ("contact", _("联系方式"))])
    reason = forms.CharField(label=_("理由"), max_length=200)
