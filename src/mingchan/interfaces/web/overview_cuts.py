"""Ways of cutting the register for the overview (总览切分): goals, systems, classes, towns, tiles, problems."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import overview_checks as checks
from mingchan.interfaces.web import overview_rules as rules
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import filters
from mingchan.kernel.ui.glance import OFFICE, SITE, TOWN, Scope
from mingchan.kernel.ui.parts import Series, Tile
from mingchan.register.assets.choices import MIXED, Problem, SixClass, System, Tier
from mingchan.register.assets.queries import RegisterFilter, summing
from mingchan.register.assets.queries.summing import NOTHING, Figures, Sums

GOAL_NAMES: Mapping[str, Promise] = {
    "INVENTORY": gettext_lazy("底数清晰"),
    "RIGHTS": gettext_lazy("产权明晰"),
    "TYPES": gettext_lazy("类型科学"),
    "DUTY": gettext_lazy("责任明确"),
    "INTEREST": gettext_lazy("利益联结完善"),
    "RUNNING": gettext_lazy("运行规范"),
}
URGENT = frozenset({Problem.DAMAGED, Problem.NO_KEEPER, Problem.NO_OWNER})


@dataclass(frozen=True)
class Cut:
    """One way of cutting the register, as a chart and the same numbers as a table."""

    id: str
    title: Promise | str
    kind: str
    rows: Sequence[tuple[str, Sums, str]]

    @property
    def labels(self) -> list[str]:
        return [label for label, _sums, _url in self.rows]

    @property
    def series(self) -> list[Series]:
        return [Series(_("原值"), [sums.cost_fen for _label, sums, _url in self.rows])]

    @property
    def urls(self) -> list[str]:
        return [url for _label, _sums, url in self.rows]


def list_url(actor: Actor, scope: Scope | None = None, **fields: Any) -> str:
    """The list of the register with the filter set, within the overview's scope; empty for who may not open it."""
    if not actor.may("asset.view"):
        return ""
    if scope is not None:
        own = {TOWN: ("division", scope.key), SITE: ("site", scope.key), OFFICE: ("owner", scope.key)}
        if scope.kind in own:
            name, key = own[scope.kind]
            fields.setdefault(name, key if scope.kind == TOWN else int(key))
        if scope.is_past:
            fields["as_of"] = scope.day
    query = RegisterFilter(**fields).query()
    return reverse("assets:list") + (f"?{query}" if query else "")


def goals(actor: Actor, found: Figures, scope: Scope | None = None) -> list[dict[str, Any]]:
    """The six goals as shares of cards that nothing spoils, each with its formula and the list of what spoils it."""
    made = []
    for goal in rules.GOALS:
        names = [str(Problem(name).label) for name in goal.problems]
        spoiled = found.with_any(goal.problems).cards
        made.append(
            {
                "name": GOAL_NAMES[goal.code],
                "known": bool(goal.problems) and bool(found.total.cards),
                "good": found.total.cards - spoiled,
                "spoiled": spoiled,
                "formula": _("没有“%(problems)s”的卡片数 ÷ 卡片总数") % {"problems": "、".join(names)},
                "parts": [
                    {
                        "name": Problem(name).label,
                        "cards": found.with_any([name]).cards,
                        "url": list_url(actor, scope, problem=name),
                    }
                    for name in goal.problems
                ],
            }
        )
    return made


def cuts(actor: Actor, found: Figures, scope: Scope | None = None) -> list[Cut]:
    sources = {code: source.text for code, source in policy.funding_sources().items()} | {MIXED: _("多种来源")}
    blank = _("未注明")
    return [
        Cut("by-system", _("按建设体系"), "across", _choice_rows(actor, scope, found.by_system, System, "system")),
        Cut("by-tier", _("按层级"), "bar", _choice_rows(actor, scope, found.by_tier, Tier, "tier")),
        Cut("by-class", _("按资产大类"), "across", _choice_rows(actor, scope, found.by_class, SixClass, "six_class")),
        Cut(
            "by-year",
            _("按项目年度"),
            "bar",
            [
                (str(year) if year else blank, sums, list_url(actor, scope, year_from=year, year_to=year))
                for year, sums in sorted(found.by_year.items())
            ],
        ),
        Cut(
            "by-funding",
            _("按资金来源"),
            "pie",
            [
                (sources.get(code, code) or blank, sums, list_url(actor, scope, funding=code) if code else "")
                for code, sums in _largest_first(found.by_funding)
            ],
        ),
        Cut(
            "by-condition",
            _("按使用状况"),
            "pie",
            [
                (_condition(word) or blank, sums, list_url(actor, scope, condition=word) if word else "")
                for word, sums in _largest_first(found.by_condition)
            ],
        ),
    ]


def _condition(word: str) -> str:
    """A condition in the reader's language; the word itself when the policy pack doesn't know it."""
    known = policy.conditions().get(word)
    return known.label_en if known is not None and policy.english() else word


def _choice_rows(
    actor: Actor, scope: Scope | None, cut: Mapping[str, Sums], choices: Any, name: str
) -> list[tuple[str, Sums, str]]:
    return [
        (str(label), cut[value], list_url(actor, scope, **{name: value}))
        for value, label in choices.choices
        if value in cut
    ]


def _largest_first(cut: Mapping[str, Sums]) -> Iterable[tuple[str, Sums]]:
    return sorted(cut.items(), key=lambda item: (-item[1].cost_fen, item[0]))


def towns(actor: Actor, found: Figures, scope: Scope | None = None) -> list[dict[str, Any]]:
    """Each township of the actor's divisions with its sums, those without cards too; what lies in none comes last."""
    county = actor.county.ljust(12, "0")
    scopes = actor.scopes("overview.view")
    names = {
        division.code[:9]: division.name
        for division in directory.children(county)
        if division.is_current
        and any(division.code.startswith(scope[:9]) or actor.county.startswith(scope) for scope in scopes)
    }
    if scope is not None and scope.kind in (OFFICE, SITE):
        names = {code: name for code, name in names.items() if code in found.by_town}
    strays = {code: f"{code}000" for code in found.by_town if code not in names and code.strip("0")}
    named = directory.division_names(strays.values()) if strays else {}
    rows = [
        {
            "code": code,
            "name": name,
            "sums": found.by_town.get(code, NOTHING),
            "url": list_url(actor, scope, division=code),
        }
        for code, name in sorted(names.items())
    ]
    for code, sums in sorted(found.by_town.items()):
        if code not in names:
            whole = code == actor.county.ljust(9, "0")
            name = _("县本级") if whole else named.get(f"{code}000", "") or _("未定区划")
            url = "" if whole or not code else list_url(actor, scope, division=code)
            rows.append({"code": code, "name": name, "sums": sums, "url": url})
    return rows


def tiles(towns: Sequence[dict[str, Any]]) -> list[Tile]:
    """Townships on the county's grid; a township without a place on it is put below, in the order of codes."""
    places = policy.tile_places()
    columns = max((col for col, _row in places.values()), default=3) + 1
    below = max((row for _col, row in places.values()), default=-1) + 1
    loose = [town["code"] for town in towns if town["code"] not in places]
    spots = dict(places) | {code: (at % columns, below + at // columns) for at, code in enumerate(loose)}
    return [
        Tile(
            town["name"],
            spots[town["code"]][0],
            spots[town["code"]][1],
            town["sums"].cost_fen,
            filters.money(town["sums"].cost_fen),
            town["url"],
        )
        for town in towns
    ]


def problems(actor: Actor, found: Figures, scope: Scope | None = None) -> list[dict[str, Any]]:
    """The state of the data: each problem with its cards, cost and the list of them."""
    rows = []
    for name in summing.MARKS:
        sums = found.with_any([name])
        tone = "good" if not sums.cards else ("bad" if name in URGENT else "warn")
        rows.append(
            {"name": Problem(name).label, "sums": sums, "url": list_url(actor, scope, problem=name), "tone": tone}
        )
    return rows


def books(actor: Actor, found: Figures) -> checks.Agreement | None:
    """Register and books as two totals, for who sees both for the whole county."""
    if not (checks.sees_county(actor, "ledger.view") and checks.sees_county(actor, "overview.view")):
        return None
    return checks.register_and_books_at_a_glance(actor, found)


def money(actor: Actor, on: date) -> checks.Agreement | None:
    """Money and register as two totals, for who sees the whole county's money; None before any money is registered."""
    if not checks.sees_county(actor, "funding.view"):
        return None
    rows = checks.money_and_register(actor, on)
    if not any(row.money_fen for row in rows):
        return None
    differences = sum(bool(row.difference_fen) for row in rows)
    return checks.Agreement(sum(row.money_fen for row in rows), sum(row.register_fen for row in rows), differences)
