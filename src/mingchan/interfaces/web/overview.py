"""The county at a glance (总览): what there is, where, from which money, how complete, and what agrees with what.

Every figure is a link to the cards behind it. Nothing here reads the cards themselves: the sums are kept by
`assets.queries.summing` and the books by their month balances.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import overview_checks as checks
from mingchan.interfaces.web import overview_rules as rules
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui import filters
from mingchan.kernel.ui.page import page
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


class GatedRequest(HttpRequest):
    """A request that passed the gate: who acts, and the business date."""

    actor: Actor
    on: date


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


def _list_url(actor: Actor, **fields: Any) -> str:
    """The list of the register with the filter set; empty for who may not open it."""
    if not actor.may("asset.view"):
        return ""
    query = RegisterFilter(**fields).query()
    return reverse("assets:list") + (f"?{query}" if query else "")


@page("overview.view")
def overview(request: GatedRequest) -> HttpResponse:
    """The figures of the register inside the actor's divisions (1.2, 2.1.2, 2.2)."""
    actor, on = request.actor, request.on
    found = summing.figures(actor, on)
    towns = _towns(actor, found)
    context = {
        "total": found.total,
        "list_url": _list_url(actor),
        "goals": _goals(actor, found),
        "cuts": _cuts(actor, found),
        "tiles": _tiles(towns),
        "towns": towns,
        "problems": _problems(actor, found),
        "books": _books(actor, found),
        "money": _money(actor, on),
        "upload_url": reverse("exchange:upload") if actor.may("exchange.import") else "",
        "on": on,
    }
    return render(request, "web/overview.html", context)


def _goals(actor: Actor, found: Figures) -> list[dict[str, Any]]:
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
                        "url": _list_url(actor, problem=name),
                    }
                    for name in goal.problems
                ],
            }
        )
    return made


def _cuts(actor: Actor, found: Figures) -> list[Cut]:
    sources = {code: source.text for code, source in policy.funding_sources().items()} | {MIXED: _("多种来源")}
    blank = _("未注明")
    return [
        Cut("by-system", _("按建设体系"), "across", _choice_rows(actor, found.by_system, System, "system")),
        Cut("by-tier", _("按层级"), "bar", _choice_rows(actor, found.by_tier, Tier, "tier")),
        Cut("by-class", _("按资产大类"), "across", _choice_rows(actor, found.by_class, SixClass, "six_class")),
        Cut(
            "by-year",
            _("按项目年度"),
            "bar",
            [
                (str(year) if year else blank, sums, _list_url(actor, year_from=year, year_to=year))
                for year, sums in sorted(found.by_year.items())
            ],
        ),
        Cut(
            "by-funding",
            _("按资金来源"),
            "pie",
            [
                (sources.get(code, code) or blank, sums, _list_url(actor, funding=code) if code else "")
                for code, sums in _largest_first(found.by_funding)
            ],
        ),
        Cut(
            "by-condition",
            _("按使用状况"),
            "pie",
            [
                (_condition(word) or blank, sums, _list_url(actor, condition=word) if word else "")
                for word, sums in _largest_first(found.by_condition)
            ],
        ),
    ]


def _condition(word: str) -> str:
    """A condition in the reader's language; the word itself when the policy pack doesn't know it."""
    known = policy.conditions().get(word)
    return known.label_en if known is not None and policy.english() else word


def _choice_rows(actor: Actor, cut: Mapping[str, Sums], choices: Any, name: str) -> list[tuple[str, Sums, str]]:
    return [
        (str(label), cut[value], _list_url(actor, **{name: value})) for value, label in choices.choices if value in cut
    ]


def _largest_first(cut: Mapping[str, Sums]) -> Iterable[tuple[str, Sums]]:
    return sorted(cut.items(), key=lambda item: (-item[1].cost_fen, item[0]))


def _towns(actor: Actor, found: Figures) -> list[dict[str, Any]]:
    """Each township of the actor's divisions with its sums, those without cards too; what lies in none comes last."""
    county = actor.county.ljust(12, "0")
    scopes = actor.scopes("overview.view")
    names = {
        division.code[:9]: division.name
        for division in directory.children(county)
        if division.is_current
        and any(division.code.startswith(scope[:9]) or actor.county.startswith(scope) for scope in scopes)
    }
    strays = {code: f"{code}000" for code in found.by_town if code not in names and code.strip("0")}
    named = directory.division_names(strays.values()) if strays else {}
    rows = [
        {"code": code, "name": name, "sums": found.by_town.get(code, NOTHING), "url": _list_url(actor, division=code)}
        for code, name in sorted(names.items())
    ]
    for code, sums in sorted(found.by_town.items()):
        if code not in names:
            whole = code == actor.county.ljust(9, "0")
            name = _("县本级") if whole else named.get(f"{code}000", "") or _("未定区划")
            url = "" if whole or not code else _list_url(actor, division=code)
            rows.append({"code": code, "name": name, "sums": sums, "url": url})
    return rows


def _tiles(towns: Sequence[dict[str, Any]]) -> list[Tile]:
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


def _problems(actor: Actor, found: Figures) -> list[dict[str, Any]]:
    """The state of the data: each problem with its cards, cost and the list of them."""
    rows = []
    for name in summing.MARKS:
        sums = found.with_any([name])
        tone = "good" if not sums.cards else ("bad" if name in URGENT else "warn")
        rows.append({"name": Problem(name).label, "sums": sums, "url": _list_url(actor, problem=name), "tone": tone})
    return rows


def _books(actor: Actor, found: Figures) -> checks.Agreement | None:
    """Register and books as two totals, for who sees both for the whole county."""
    if not (checks.sees_county(actor, "ledger.view") and checks.sees_county(actor, "overview.view")):
        return None
    return checks.register_and_books_at_a_glance(actor, found)


def _money(actor: Actor, on: date) -> checks.Agreement | None:
    """Money and register as two totals, for who sees the whole county's money; None before any money is registered."""
    if not checks.sees_county(actor, "funding.view"):
        return None
    rows = checks.money_and_register(actor, on)
    if not any(row.money_fen for row in rows):
        return None
    differences = sum(bool(row.difference_fen) for row in rows)
    return checks.Agreement(sum(row.money_fen for row in rows), sum(row.register_fen for row in rows), differences)


@page("ledger.view")
def books(request: GatedRequest) -> HttpResponse:
    """Register against books, owner by owner and class by class, with what differs (3.4.1)."""
    actor = request.actor
    found = checks.register_and_books(actor, request.on)
    names = directory.party_names({row.owner_id for row in found if row.owner_id is not None})
    rows = [
        {
            "owner": names.get(row.owner_id, "") if row.owner_id is not None else _("无所有权人（未入账）"),
            "six_class": SixClass(row.six_class).label if row.six_class in SixClass.values else row.six_class,
            "row": row,
            "register_url": _list_url(actor, six_class=row.six_class, owner=row.owner_id)
            if row.owner_id is not None
            else _list_url(actor, six_class=row.six_class, problem=Problem.NO_OWNER.value),
            "why_url": reverse("web:overview_difference", args=[row.book_id, row.six_class])
            if row.difference_fen and row.book_id
            else "",
        }
        for row in found
    ]
    totals = (sum(row.register_fen for row in found), sum(row.ledger_fen for row in found))
    context = {
        "rows": rows,
        "register": totals[0],
        "ledger": totals[1],
        "differences": sum(bool(row.difference_fen) for row in found),
    }
    return render(request, "web/overview_books.html", context)


@page("ledger.view")
def difference(request: GatedRequest, book: int, six_class: str) -> HttpResponse:
    """The cards that make register and books differ in one class of one book (3.4.1)."""
    actor = request.actor
    found = ledger.book(actor, book)
    if six_class not in SixClass.values:
        raise NotFound(_("没有这个资产大类"))
    context = {
        "book": found,
        "six_class": SixClass(six_class).label,
        "rows": checks.card_differences(found, six_class),
        "most": checks.SHOWN,
        "may_open": actor.may("asset.view"),
    }
    return render(request, "web/overview_difference.html", context)


@page("funding.view")
def money(request: GatedRequest) -> HttpResponse:
    """Money that became assets against what is registered, by system, tier and source (2.6.1a, 3.1)."""
    actor = request.actor
    sources = {code: source.text for code, source in policy.funding_sources().items()}
    whole = checks.sees_county(actor, "funding.view")
    found = checks.money_and_register(actor, request.on) if whole else []
    split = {row.system for row in found if row.tiers}
    rows = [
        {
            "row": row,
            "system": System(row.system).label if row.system in System.values else _("不形成资产的子项目"),
            "source": sources.get(row.source, row.source) or _("未注明"),
            "tiers": [
                {"name": Tier(tier).label, "url": _list_url(actor, system=row.system, tier=tier, funding=row.source)}
                for tier in row.tiers
            ],
            "money_url": _money_url(row),
            "register_url": _registered_url(actor, row, split),
        }
        for row in found
    ]
    context = {
        "rows": rows,
        "whole": whole,
        "money": sum(row.money_fen for row in found),
        "register": sum(row.register_fen for row in found),
        "differences": sum(bool(row.difference_fen) for row in found),
    }
    return render(request, "web/overview_money.html", context)


def _money_url(row: rules.MoneyRow) -> str:
    """The payments behind the figure: of the one line, else of the source."""
    line = f"&line={row.line_ids[0]}" if len(row.line_ids) == 1 else ""
    return f"{reverse('funding:uses')}?funding={row.source}&part=asset{line}"


def _registered_url(actor: Actor, row: rules.MoneyRow, split: set[str]) -> str:
    """The cards behind the figure, where one filter names them all; several tiers have a link each beside it."""
    if not row.system or not row.source or len(row.tiers) > 1 or (not row.tiers and row.system in split):
        return ""
    return _list_url(actor, system=row.system, funding=row.source, tier="".join(row.tiers))
