"""Forms of the directory: they clean the input, nothing else. Choices are only what the actor may choose."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, widget=forms.TextInput())


def division_choices(actor: Actor, right: str) -> list[tuple[str, str]]:
    """Present divisions over which the actor holds the right, indented by level."""
    found: dict[str, str] = {}
    for scope in actor.scopes(right):
        for row in queries.divisions_under(scope):
            found[row.code] = ("　" * {"COUNTY": 0, "TOWN": 1, "VILLAGE": 2}[row.level]) + row.name
    return sorted(found.items())


class PartyForm(forms.Form):
    """A party entered by hand. Phone and identity number are encrypted when kept."""

    kind = forms.ChoiceField(label=_("主体类别"), choices=PartyKind.choices)
    name = forms.CharField(label=_("名称"), max_length=120)
    division_code = forms.ChoiceField(label=_("所在区划"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    id_number = forms.CharField(label=_("身份证号"), max_length=18, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division_code"].choices = division_choices(actor, "party.manage")  # type: ignore[attr-defined]


class PartyCorrectionForm(PartyForm):
    """A correction: personal values are left as they are when the field stays empty."""

    is_confirmed = forms.BooleanField(label=_("已核实"), required=False)
    reason = _reason(_("更正理由"))
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = self.fields["id_number"].help_text = _("不改请留空")


class RevealForm(forms.Form):
    """Which personal value to see, and why."""

    field = forms.ChoiceField(label=_("内容"), choices=(("phone", _("联系电话")), ("id_number", _("身份证号"))))
    reason = _reason(_("查看理由"))


class AccountForm(forms.Form):
    """A new account; the first password is made by the system."""

    username = forms.CharField(label=_("登录名"), max_length=40, help_text=_("小写字母开头，可含数字、点、横线"))
    name = forms.CharField(label=_("姓名"), max_length=50)
    office = forms.TypedChoiceField(label=_("所在单位"), coerce=int)
    title = forms.CharField(label=_("职务"), max_length=40, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(party.pk, party.name) for party in queries.offices(actor.county)]
        self.fields["office"].choices = choices  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """A role over a division, on a basis."""

    role = forms.ChoiceField(label=_("角色"))
    scope = forms.ChoiceField(label=_("区划范围"))
    party = forms.TypedChoiceField(
        label=_("仅限主体"), required=False, coerce=int, empty_value=None, help_text=_("经营者必选，其他角色留空")
    )
    valid_to = _day(_("失效日"), help_text=_("当日起失效；长期有效请留空"))
    basis = _reason(_("授权依据"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [(spec.code, spec.text) for spec in policy.roles().values()]
        fields["scope"].choices = [(_prefix(code), label) for code, label in division_choices(actor, "grant.give")]
        fields["party"].choices = [("", "—"), *((party.pk, party.name) for party in queries.operators(actor.county))]


def _prefix(code: str) -> str:
    """A division's code as a scope: its zeros at the end cut off by level."""
    if code.endswith("000000"):
        return code[:6]
    return code[:9] if code.endswith("000") else code


class ReasonForm(forms.Form):
    """An act on an account or grant with its reason, and the version it was decided on."""

    act = forms.CharField(widget=forms.HiddenInput())
    reason = _reason(_("理由"))
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)


class PersonForm(forms.Form):
    """Which person of the directory an account's holder is."""

    person = forms.ChoiceField(label=_("主体清单中的个人"), required=False)
    reason = forms.CharField(label=_("理由"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("不登记")), *choices]  # type: ignore[attr-defined]
