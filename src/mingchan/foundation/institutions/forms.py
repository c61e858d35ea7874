"""Forms of the library: an institution, a version of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.institutions.choices import Field
from mingchan.foundation.institutions.drafts import DocumentDraft, FileDraft, VersionDraft
from mingchan.foundation.policy import queries as policy

MOST_BYTES = 20 * 1024 * 1024


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


class FileField(forms.FileField):
    """An uploaded file, as a draft; None when there is none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("文件不能超过 20 MB"))
        return FileDraft(found.name, found.read())


class DocumentForm(forms.Form):
    """A new institution."""

    title = forms.CharField(label=_("制度名称"), max_length=120)
    field = forms.ChoiceField(label=_("制度类别"), choices=Field.choices)
    clauses = forms.MultipleChoiceField(label=_("落实条款"), help_text=_("这项制度落实方案的哪些条款，可多选"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(clause.id, f"{clause.id} {clause.label}") for clause in policy.clauses().values()]
        self.fields["clauses"].choices = options  # type: ignore[attr-defined]
        self.fields["clauses"].widget.attrs["size"] = 8

    def draft(self) -> DocumentDraft:
        """What was typed."""
        given = self.cleaned_data
        return DocumentDraft(given["title"], given["field"], given["clauses"])


class VersionForm(forms.Form):
    """A version; `seen` is the state of the institution that the form showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    document_no = forms.CharField(label=_("文号"), max_length=60)
    valid_from = _day(_("施行日期"))
    text = forms.CharField(label=_("制度正文"), max_length=60_000, widget=forms.Textarea({"rows": 12}))
    changes = forms.CharField(
        label=_("修订内容"), max_length=300, required=False, help_text=_("第一版不填；以后各版写明改了什么")
    )
    readers = forms.MultipleChoiceField(
        label=_("须阅知的角色"), required=False, help_text=_("选定后，这些人的工作台会提示阅读，可多选")
    )
    read_by = _day(_("阅知期限"), required=False)
    file = FileField(label=_("印发文件"), required=False, help_text=_("可选；盖章的扫描件，不超过 20 MB"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].choices = [(role.code, role.text) for role in policy.roles().values()]  # type: ignore[attr-defined]
        self.fields["readers"].widget.attrs["size"] = 8

    def draft(self) -> VersionDraft:
        """What was typed."""
        given = self.cleaned_data
        return VersionDraft(
            document_no=given["document_no"],
            text=given["text"],
            valid_from=given["valid_from"],
            changes=given["changes"],
            readers=given["readers"],
            read_by=given["read_by"],
            file=given["file"],
        )
