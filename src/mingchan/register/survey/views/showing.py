"""Values of surveys in words (显示): what either side of a difference says, and both sides of a row and its card."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import names_by_key
from mingchan.register.survey.choices import Decision, Kind, State, Way
from mingchan.register.survey.models import Survey, SurveyRow

KIND_TONES = {Kind.ONLY_SURVEY.value: "info", Kind.ONLY_REGISTER.value: "bad"}
DECISION_TONES = {
    Decision.CORRECT.value: "good", Decision.REGISTER.value: "good", Decision.KEEP.value: "neutral",
    Decision.PENDING.value: "warn", Decision.DISPOSE.value: "bad",
}  # fmt: skip
STATE_TONES = {
    State.MATCHING.value: "info",
    State.SETTLING.value: "warn",
    State.SETTLED.value: "good",
    State.WITHDRAWN.value: "neutral",
}


def why(way: str, score: int | None) -> str:
    """Why a row and a card are taken for one: 编号, 序列号, 名称地点, 近似 86%, 人工."""
    label = str(Way(way).label)
    return f"{label} {score}%" if way in (Way.FUZZY, Way.PLACE) and score is not None else label


def types(text: str) -> str:
    """System and tier as words."""
    words = {**dict(System.choices), **dict(Tier.choices)}
    return " ".join(str(words.get(part, part)) for part in text.split())


def class_name(code: str) -> str:
    """A class by code and name."""
    known = policy.asset_codes().get(code)
    return f"{code} {known.name}" if known else code


def sides(difference: Any, amount: Callable[[int], str]) -> tuple[str, str]:
    """What the register and what the survey says, in words. `amount` writes fen."""
    kind, register, survey = difference.kind, difference.register_text, difference.survey_text
    if kind == Kind.ONLY_SURVEY:
        number = difference.survey_number
        return _("台账没有"), " ".join(part for part in (survey, "" if number is None else amount(number)) if part)
    if kind == Kind.ONLY_REGISTER:
        number = difference.register_number
        return " ".join(part for part in (register, "" if number is None else amount(number)) if part), _("未见实物")
    if kind == Kind.VALUE:
        return amount(difference.register_number or 0), amount(difference.survey_number or 0)
    if kind == Kind.QUANTITY:
        return (
            money.format_quantity(difference.register_number or 0),
            money.format_quantity(difference.survey_number or 0),
        )
    if kind == Kind.TYPE:
        return types(register), types(survey)
    if kind == Kind.CLASS:
        return class_name(register), class_name(survey)
    return register or _("（空）"), survey or _("（空）")


class Line(NamedTuple):
    """One fact of a card and a row side by side; `differs` when a difference was found about it."""

    label: str
    register: str
    survey: str
    differs: bool


def side_by_side(
    row: SurveyRow | None, card: Asset | None, kinds: set[str], amount: Callable[[int], str]
) -> list[Line]:
    """All facts of a card and a row, in the order of a card."""
    codes = {one.division_code for one in (row, card) if one is not None}
    places = names_by_key(set(), set(), codes).divisions

    def number(value: int | None, written: Callable[[int], str]) -> str:
        return "" if value is None else written(value)

    def said(side: Any, of_row: Callable[[Any], str], of_card: Callable[[Any], str]) -> str:
        if side is None:
            return ""
        return of_row(side) if isinstance(side, SurveyRow) else of_card(side)

    def both(name: str) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
        return (lambda side: getattr(side, name)), (lambda side: getattr(side, name))

    def named(name: str) -> tuple[Callable[[Any], str], Callable[[Any], str]]:
        return (lambda side: getattr(side, name)), (lambda side: str(getattr(side, name) or ""))

    facts: list[tuple[str, str, tuple[Callable[[Any], str], Callable[[Any], str]]]] = [
        (_("资产名称"), Kind.NAME, both("name")),
        (_("资产编号"), "", both("code")),
        (_("资产分类"), Kind.CLASS, (lambda side: class_name(side.class_code),) * 2),
        (_("规格型号"), Kind.MODEL, both("model")),
        (_("序列号"), Kind.SERIAL, both("serial_no")),
        (_("数量"), Kind.QUANTITY,
         (lambda side: f"{number(side.quantity_milli, money.format_quantity)} {side.unit}".strip(),) * 2),
        (_("价值"), Kind.VALUE, (lambda side: number(side.cost_fen, amount),) * 2),
        (_("所在区划"), Kind.PLACE, (lambda side: places.get(side.division_code, side.division_code),) * 2),
        (_("站点"), Kind.PLACE, named("site")),
        (_("存放地点"), Kind.PLACE, both("place")),
        (_("体系层级"), Kind.TYPE, (lambda side: types(f"{side.system} {side.tier}"),) * 2),
        (_("管护人"), Kind.KEEPER, named("keeper")),
        (_("使用人"), Kind.USER, named("user")),
        (_("使用状况"), Kind.CONDITION, both("condition")),
    ]  # fmt: skip
    return [
        Line(label, said(card, *of), said(row, *of), bool(kind) and kind in kinds)
        for label, kind, of in facts
        if said(card, *of) or said(row, *of)
    ]


def scope_words(survey: Survey) -> str:
    """Which divisions and systems a survey covers, in words."""
    codes = [code for code in survey.scope.split(",") if code]
    names = names_by_key(set(), set(), set(codes)).divisions
    where = "、".join(names.get(code, code) for code in codes) or _("全县")
    systems = "、".join(str(System(value).label) for value in survey.systems.split(",") if value) or _("全部体系")
    return f"{where}；{systems}"
