"""Forms of confirmation: names and shares as typed become holders; nothing else is decided here."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.queries.cards import party_named
from mingchan.register.rights import rules
from mingchan.register.rights.choices import Fault
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft
from mingchan.register.rights.models import Proposed

EXTRA = 4
"""Lines for further holders of a right held in shares."""


class BatchForm(forms.Form):
    """Name and basis of a batch, and the paper that gives the rights."""

    title = forms.CharField(label=_("批次名称"), max_length=rules.LONGEST_TITLE)
    basis = forms.CharField(
        label=_("确权依据"),
        max_length=rules.LONGEST_BASIS,
        help_text=_("文件名称和文号，写入每项权利和证书，如：关于示范项目资产确权的批复（偏政函〔2020〕8号）"),
    )
    file = forms.FileField(
        label=_("权属证明文件"), required=False, help_text=_("批复、验收移交单等的扫描件，可稍后再附")
    )


class HolderForm(forms.Form):
    """One holder of one kind of right; a line without a name is none."""

    kind = forms.ChoiceField(label=_("权利种类"), choices=[("", "—"), *RightKind.choices], required=False)
    party = forms.CharField(
        label=_("权利人"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "names", "autocomplete": "off"}),
    )
    share = forms.CharField(
        label=_("份额"), max_length=20, required=False, widget=forms.TextInput(attrs={"placeholder": _("全部")})
    )
    organisation = forms.CharField(
        label=_("管护主体"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "names", "autocomplete": "off"}),
    )
    due_on = forms.DateField(
        label=_("任期止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, fixed: str = "", known: dict[str, int] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor, self.fixed, self.known = actor, fixed, known or {}
        if fixed:
            self.fields["kind"].widget = forms.HiddenInput()
        if fixed == RightKind.CUSTODY:
            del self.fields["share"]
        else:
            del self.fields["organisation"], self.fields["due_on"]

    @property
    def label(self) -> str:
        """The kind of right of a line whose kind is fixed."""
        return str(RightKind(self.fixed).label) if self.fixed else ""

    def _party(self, name: str) -> int | None:
        text = self.cleaned_data.get(name, "")
        if text in self.known:
            return self.known[text]
        found, count = party_named(text, self.actor.county, "")
        if count == 0:
            self.add_error(name, _("没有这个主体，请先在“单位与人员”中登记"))
        elif found is None:
            self.add_error(name, _("有 %(count)s 个同名主体，请核实") % {"count": count})
        return found

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        data["holder"] = None
        if not data.get("party"):
            return data
        kind = self.fixed or data.get("kind", "")
        if not kind:
            self.add_error("kind", _("请选择权利种类"))
        share = rules.share_of(data.get("share", ""))
        if share is None:
            self.add_error("share", Fault.BAD_SHARE.label)
        party = self._party("party")
        body = self._party("organisation") if data.get("organisation") else None
        if not self.errors and share is not None and party is not None:
            data["holder"] = HolderDraft(kind, party, *share, body, data.get("due_on"))
        return data


def holder_forms(
    actor: Actor, data: Any = None, present: Sequence[Proposed] = ()
) -> tuple[list[HolderForm], list[HolderForm]]:
    """A line for each kind of right, and some for further holders; filled with the present ones."""
    first: dict[str, Proposed] = {}
    further: list[Proposed] = []
    for one in present:
        if one.kind in first:
            further.append(one)
        else:
            first[one.kind] = one
    known = {one.party.name: one.party_id for one in present}
    known |= {one.organisation.name: one.organisation.pk for one in present if one.organisation is not None}
    fixed = [
        HolderForm(
            data, prefix=f"k-{kind}", actor=actor, fixed=kind, known=known, initial=_initial(first.get(kind), kind)
        )
        for kind in RightKind.values
    ]
    extra = [
        HolderForm(
            data, prefix=f"x-{index}", actor=actor, known=known,
            initial=_initial(further[index] if index < len(further) else None, ""),
        )
        for index in range(max(EXTRA, len(further)))
    ]  # fmt: skip
    return fixed, extra


def _initial(one: Proposed | None, kind: str) -> dict[str, Any]:
    if one is None:
        return {"kind": kind}
    whole = one.numerator == one.denominator
    return {
        "kind": one.kind,
        "party": one.party.name,
        "share": "" if whole else f"{one.numerator}/{one.denominator}",
        "organisation": one.organisation.name if one.organisation is not None else "",
        "due_on": one.due_on,
    }


def draft_of(form: BatchForm, lines: Sequence[HolderForm]) -> ConfirmationDraft:
    """What valid forms say."""
    holders = tuple(line.cleaned_data["holder"] for line in lines if line.cleaned_data["holder"] is not None)
    return ConfirmationDraft(form.cleaned_data["title"], form.cleaned_data["basis"], holders)


class ActForm(forms.Form):
    """A step of a batch: the version and the content seen, and an opinion."""

    version = forms.IntegerField(min_value=1)
    digest = forms.CharField(max_length=64, required=False)
    reason = forms.CharField(max_length=200, required=False)


class CheckForm(forms.Form):
    """A certificate's number and the code printed beside it, as anybody may type them."""

    number = forms.CharField(label=_("证书编号"), max_length=40, help_text=_("如：2020年第0001号，填 2020-1 即可"))
    token = forms.CharField(
        label=_("校验码"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("证书上二维码旁的 16 位字母和数字"),
    )
