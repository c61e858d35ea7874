"""Forms of distribution: what is typed becomes drafts; shares are per cent, amounts yuan, households go by number."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.fields import YuanField, whole_of
from mingchan.lifecycle.distribution import pack, rules
from mingchan.lifecycle.distribution.choices import RELIEF, WHOLE, Category, Method, PaymentMethod
from mingchan.lifecycle.distribution.drafts import FixedShare, PaperDraft, PlanDraft, PolicyDraft, SpendingDraft
from mingchan.lifecycle.distribution.models import Household

MOST_BYTES = 50 * 1024 * 1024


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=help_text)


def _text(label: Any, rows: int = 2, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **given)


class PercentField(forms.CharField):
    """A share typed as per cent with at most two decimals, as ten-thousandths."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=7, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **given)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).rstrip("%％ ")
        if not text:
            return 0
        share = whole_of(text, 100, 2)
        if not 0 <= share <= WHOLE:
            raise ValidationError(_("份额应在 0 到 100 之间"))
        return share


def divisions_of(actor: Actor, right: str) -> list[tuple[str, str]]:
    """Divisions over which the actor holds the right, as choices: the widest first, villages under their towns."""
    found = []
    for scope in actor.scopes(right):
        rows = directory.divisions_under(rules.scope_of(scope.ljust(12, "0")))
        names = {row.code: row.name for row in rows}
        for row in sorted(rows, key=lambda one: one.code):
            town = names.get(row.code[:9].ljust(12, "0"), "")
            label = f"{town} · {row.name}" if town and not row.code.endswith("000") else row.name
            found.append((row.code, label))
    return found


class PolicyForm(forms.Form):
    """A policy: where, from when, how, for whom, and what each use gets at least and at most."""

    title = forms.CharField(label=_("办法名称"), max_length=120)
    division_code = forms.ChoiceField(label=_("适用区划"))
    starts_on = _day(_("施行日期"))
    method = forms.ChoiceField(label=_("分配方式"), choices=Method.choices)
    basis = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("例如：村民代表会议决议及日期")
    )
    categories = forms.MultipleChoiceField(
        label=_("哪些户可以受益"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=sorted(RELIEF),
    )

    def __init__(self, *args: Any, actor: Actor, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division_code"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = divisions_of(actor, right)
        for use in pack.uses().values():
            self.fields[f"least_{use.code}"] = PercentField(label=_("%(use)s：最低 %%") % {"use": use.text})
            self.fields[f"most_{use.code}"] = PercentField(label=_("%(use)s：最高 %%") % {"use": use.text})
        for category in Category:
            self.fields[f"weight_{category.value}"] = forms.IntegerField(
                label=category.label, min_value=0, max_value=100, required=False
            )

    def plain(self) -> list[Any]:
        """Fields of the first card."""
        return [self[name] for name in ("title", "division_code", "starts_on", "method", "basis", "categories")]

    def bounds(self) -> list[tuple[str, Any, Any]]:
        """For each use its label and the two fields."""
        return [(use.text, self[f"least_{use.code}"], self[f"most_{use.code}"]) for use in pack.uses().values()]

    def weights(self) -> list[Any]:
        """The weights by category."""
        return [self[f"weight_{category.value}"] for category in Category]

    def draft(self) -> PolicyDraft:
        """What was typed."""
        data = self.cleaned_data
        bounds = {use: (data[f"least_{use}"], data[f"most_{use}"]) for use in pack.uses()}
        return PolicyDraft(
            division_code=data["division_code"],
            title=data["title"],
            starts_on=data["starts_on"],
            method=data["method"],
            categories=data["categories"],
            bounds={use: bound for use, bound in bounds.items() if bound != (0, 0)},
            weights={one: data[f"weight_{one}"] or 0 for one in Category.values},
            basis=data["basis"],
        )


class NumberedForm(forms.Form):
    """A filing: its number and day."""

    number = forms.CharField(label=_("备案号"), max_length=60)
    filed_on = _day(_("备案日期"))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class PlanForm(forms.Form):
    """A plan: whose receipts of which period, how they are shared, and what is set by hand for single households."""

    title = forms.CharField(label=_("方案名称"), max_length=120)
    as_of = _day(_("名册基准日"), _("这一天在册、类型符合办法的户参与分配"))
    counted = _text(
        _("各户数量"),
        rows=4,
        required=False,
        help_text=_("按劳动天数或公益岗位分配时填写，每行一户：户号 数量。全县或全乡方案写：区划代码/户号 数量"),
    )
    fixed = _text(
        _("特殊情形"),
        rows=3,
        required=False,
        help_text=_("单独确定份额的户，每行一户：户号 金额（元） 理由。其余的户按办法分配剩余部分"),
    )
    note = _text(_("说明"), required=False, max_length=300)

    def __init__(self, *args: Any, county: str, division: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.county, self.division = county, division
        for use in pack.uses().values():
            self.fields[f"share_{use.code}"] = PercentField(label=use.text)

    def plain(self) -> list[Any]:
        """Fields of the first card."""
        return [self[name] for name in ("title", "as_of", "note")]

    def shares(self) -> list[Any]:
        """The share of each use."""
        return [self[f"share_{use}"] for use in pack.uses()]

    def clean_counted(self) -> dict[int, int]:
        """Days or months by household."""
        rows = _rows(self.cleaned_data["counted"], 2)
        keys = self._keys(number for number, *_rest in rows)
        found = {}
        for number, figure in rows:
            if not figure.isdecimal() or not 0 < int(figure[:6]) <= 100_000:
                raise ValidationError(_("户号 %(number)s：数量应是正整数") % {"number": number})
            found[keys[number]] = int(figure)
        return found

    def clean_fixed(self) -> dict[int, FixedShare]:
        """Shares by hand by household."""
        rows = _rows(self.cleaned_data["fixed"], 3)
        keys = self._keys(number for number, *_rest in rows)
        return {keys[number]: FixedShare(whole_of(amount, 100, 2), reason) for number, amount, reason in rows}

    def _keys(self, numbers: Iterable[str]) -> Mapping[str, int]:
        """Households by what was typed: a number of the village, or division and number."""
        asked = list(numbers)
        if not asked:
            return {}
        rows = Household.objects.filter(
            county=self.county,
            division_code__startswith=rules.scope_of(self.division),
            number__in=sorted({number.rpartition("/")[2] for number in asked}),
        )
        found: dict[str, list[int]] = {}
        for key, division, number in rows.values_list("pk", "division_code", "number"):
            found.setdefault(number, []).append(key)
            found.setdefault(f"{division}/{number}", []).append(key)
        for number in asked:
            if len(found.get(number, ())) != 1:
                raise ValidationError(
                    _("没有户号 %(number)s，或有几个村都用它，请写成 区划代码/户号") % {"number": number}
                )
        if len(set(asked)) != len(asked):
            raise ValidationError(_("有户号写了两次"))
        return {number: found[number][0] for number in asked}

    def draft(self, **given: Any) -> PlanDraft:
        """What was typed, with the holder, division and period that the page is about."""
        data = self.cleaned_data
        return PlanDraft(
            division_code=self.division,
            as_of=data["as_of"],
            title=data["title"],
            shares={use: data[f"share_{use}"] for use in pack.uses() if data[f"share_{use}"]},
            counted=data["counted"],
            fixed=data["fixed"],
            note=data["note"],
            **given,
        )


def _rows(text: str, parts: int) -> list[list[str]]:
    """Lines of so many words each; the last one takes the rest of its line."""
    found = []
    for place, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            words = line.replace("，", " ").replace(",", " ").split(maxsplit=parts - 1)
            if len(words) != parts:
                raise ValidationError(_("第 %(place)s 行写得不全") % {"place": place})
            found.append(words)
    return found


class RedraftForm(PlanForm):
    """A plan divided anew, with the reason."""

    reason = forms.CharField(label=_("重新拟定的理由"), max_length=200)


class MethodForm(forms.Form):
    """How the next list is paid."""

    method = forms.ChoiceField(label=_("发放方式"), choices=PaymentMethod.choices)


class PaidForm(forms.Form):
    """When the households had their money, and what shows it."""

    paid_on = _day(_("发放日期"))
    proof = forms.CharField(label=_("发放凭据"), max_length=120, help_text=_("银行代发批次号，或签领表编号"))


class ReturnedForm(forms.Form):
    """When a payment came back and why."""

    returned_on = _day(_("退回日期"))
    reason = forms.CharField(label=_("退回原因"), max_length=200)


class LeaveForm(forms.Form):
    """When a household leaves and why."""

    left_on = _day(_("退出日期"))
    reason = forms.CharField(label=_("退出原因"), max_length=200)


class SpendingForm(forms.Form):
    """Money of a use that was spent, with its paper."""

    use = forms.ChoiceField(label=_("用途"))
    fen = YuanField(label=_("金额（元）"), max_length=20)
    payee = forms.CharField(label=_("收款方"), max_length=120)
    purpose = forms.CharField(label=_("事由"), max_length=200)
    spent_on = _day(_("支出日期"))
    paper = forms.FileField(label=_("票据"))

    def __init__(self, *args: Any, uses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use = self.fields["use"]
        assert isinstance(use, forms.ChoiceField)
        use.choices = uses

    def clean_paper(self) -> PaperDraft:
        """The paper as a draft."""
        file = self.cleaned_data["paper"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件不能超过 50 MB"))
        return PaperDraft(file.name, file.read())

    def draft(self) -> SpendingDraft:
        """What was typed."""
        return SpendingDraft(**self.cleaned_data)
