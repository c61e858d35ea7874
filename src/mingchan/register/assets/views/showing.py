"""How cards are written on pages (显示): rows as tuples of text that a template puts in their places."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.money import format_quantity
from mingchan.kernel.ui.filters import NOTHING, day, money
from mingchan.register.assets import queries
from mingchan.register.assets.choices import (
    MIXED,
    AssetType,
    Cover,
    Problem,
    RightKind,
    SixClass,
    Status,
    System,
    Tier,
)
from mingchan.register.assets.forms import condition_name
from mingchan.register.assets.queries import Names, RegisterFilter, Row


class Shown(NamedTuple):
    """A row of the list as text."""

    id: int
    url: str
    code: str
    name: str
    model: str
    class_name: str
    system: str
    tier: str
    site: str
    place: str
    quantity: str
    unit: str
    cost: str
    acquired: str
    condition: str
    tone: str
    owner: str
    operator: str
    keeper: str
    sample: bool


def labels(choices: Any) -> dict[str, str]:
    """Value and label of the choices, in the reader's language."""
    return {value: str(label) for value, label in choices.choices}


def shown(rows: list[Row], names: Names) -> list[Shown]:
    """Rows as text, in the reader's language and unit."""
    base = reverse("assets:list")
    systems, tiers, classes = labels(System), labels(Tier), labels(SixClass)
    codes, states = policy.asset_codes(), policy.conditions()
    english = policy.english()
    found = []
    for row in rows:
        state = states.get(row.condition)
        known = codes.get(row.class_code)
        found.append(
            Shown(
                row.id,
                f"{base}{row.id}/",
                row.code,
                row.name,
                row.model,
                known.name if known is not None else row.class_code or classes[row.six_class],
                systems[row.system],
                tiers[row.tier],
                names.sites.get(row.site_id, "") if row.site_id is not None else "",
                names.divisions.get(row.division_code, row.division_code),
                format_quantity(row.quantity_milli),
                row.unit,
                money(row.cost_fen),
                day(row.acquired_on, row.acquired_precision),
                (state.label_en if english else state.word) if state is not None else row.condition,
                state.tone if state is not None else "neutral",
                names.parties.get(row.owner_id, NOTHING) if row.owner_id is not None else NOTHING,
                names.parties.get(row.operator_id, NOTHING) if row.operator_id is not None else NOTHING,
                names.parties.get(row.keeper_id, NOTHING) if row.keeper_id is not None else NOTHING,
                row.is_sample,
            )
        )
    return found


def funding_name(code: str) -> str:
    """A source of money in the reader's language."""
    if code == MIXED:
        return _("多项资金")
    found = policy.funding_sources().get(code)
    return found.text if found is not None else code


def field_labels() -> dict[str, str]:
    """What each filter is called on the page."""
    return {
        "text": _("检索"),
        "system": _("建设体系"),
        "tier": _("层级"),
        "asset_type": _("资产类型"),
        "six_class": _("资产大类"),
        "class_prefix": _("分类代码"),
        "division": _("区划"),
        "site": _("站点"),
        "year_from": _("项目年度自"),
        "year_to": _("项目年度至"),
        "owner": _("所有权人"),
        "user": _("使用权人"),
        "operator": _("经营权人"),
        "keeper": _("管护责任人"),
        "user_name": _("使用权人"),
        "keeper_name": _("管护责任人"),
        "condition": _("使用状况"),
        "funding": _("资金来源"),
        "cost_from": _("原值不低于"),
        "cost_to": _("原值不高于"),
        "acquired_from": _("取得日期自"),
        "acquired_to": _("取得日期至"),
        "problem": _("数据问题"),
        "right": _("权利种类"),
        "holder": _("权利人"),
        "cover": _("权利是否完整"),
        "source": _("来源批次"),
        "status": _("卡片状态"),
        "as_of": _("截至日期"),
    }


def written(filter: RegisterFilter, names: Names) -> dict[str, str]:  # noqa: A002 - the name of the trade
    """The filter's values for people, by field."""
    choices = {
        "system": labels(System),
        "tier": labels(Tier),
        "asset_type": labels(AssetType),
        "six_class": labels(SixClass),
        "problem": labels(Problem),
        "status": labels(Status),
        "right": labels(RightKind),
        "cover": labels(Cover),
    }
    found: dict[str, str] = {}
    for name in field_labels():
        value = getattr(filter, name)
        if value in ("", None):
            continue
        if name in choices:
            found[name] = choices[name].get(value, str(value))
        elif name in ("owner", "user", "operator", "keeper", "holder"):
            found[name] = names.parties.get(value, f"#{value}")
        elif name == "site":
            found[name] = names.sites.get(value, f"#{value}")
        elif name == "division":
            found[name] = "、".join(names.divisions.get(code, code) for code in value.split(","))
        elif name == "funding":
            found[name] = funding_name(value)
        elif name in ("cost_from", "cost_to"):
            found[name] = money(value)
        elif name in ("acquired_from", "acquired_to", "as_of"):
            found[name] = day(value)
        else:
            found[name] = str(value)
    return found


def names_for_filter(filter: RegisterFilter) -> Names:  # noqa: A002
    """The names that a filter's values refer to; no statement when it refers to none."""
    named = (filter.owner, filter.user, filter.operator, filter.keeper, filter.holder)
    parties = {key for key in named if key is not None}
    return queries.names_by_key(
        {filter.site} if filter.site is not None else set(), parties, set(filter.division.split(",")) - {""}
    )


def value_of(field: Any, value: Any) -> str:
    """A column's value for people: amounts, quantities, choices, holders by name."""
    if value in (None, ""):
        return NOTHING
    if field.name.endswith("_fen"):
        return money(value)
    if field.name.endswith("_milli"):
        return format_quantity(value)
    if field.is_relation:
        found = field.related_model._default_manager.filter(pk=value).values_list("name", flat=True).first()
        return str(found or value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name.endswith("_on") and not isinstance(value, str):
        return day(value)
    if field.name == "funding":
        return funding_name(value)
    if field.name == "condition":
        return condition_name(value)
    return str(value)


def class_text(code: str | None) -> str:
    """A classification code with its name where the county's shortlist has it."""
    if not code:
        return NOTHING
    known = policy.asset_codes().get(code)
    return f"{code} {known.name}" if known is not None else code
