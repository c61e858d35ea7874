"""The overview's own parts (总览栏目): the register's figures, the six goals, towns, money, what waits to be decided.

Nothing here reads the cards themselves on an ordinary visit: the sums are kept by `assets.queries.summing`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.interfaces.web import desks, overview_cuts
from mingchan.interfaces.web import overview_checks as checks
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import filters, glance
from mingchan.kernel.ui.glance import COUNTY, OFFICE, SITE, TOWN, Glance, Headline, Scope
from mingchan.register.assets.queries import summing
from mingchan.register.assets.queries.summing import Figures

EVERY = frozenset({COUNTY, TOWN, OFFICE, SITE})
DECISIONS = 8
"""So many things to decide are shown; the desk has them all."""


def figures(scope: Scope, actor: Actor) -> Figures:
    """The register's figures for what the overview is about, as of its day."""
    key = int(scope.key) if scope.kind in (OFFICE, SITE) else 0
    of = None
    if scope.kind == SITE:
        of = Q(site=key)
    elif scope.kind == OFFICE:
        of = Q(owner=key) | Q(user=key)
    return summing.figures(actor, scope.day, is_past=scope.is_past, of=of)


def _head(scope: Scope, actor: Actor) -> Sequence[Headline]:
    found = figures(scope, actor)
    url = overview_cuts.list_url(actor, scope)
    return [
        Headline(_("在册资产"), found.total.cards, unit=_("项"), url=url),
        Headline(_("原值"), found.total.cost_fen, "money", url=url),
        Headline(
            _("净值"),
            found.total.net_fen,
            "money",
            url=url,
            note=_("可计算的 %(cards)s 项") % {"cards": filters.number(found.total.valued)},
        ),
    ]


def _say_register(scope: Scope, actor: Actor) -> Sequence[str]:
    found = figures(scope, actor)
    total = found.total
    if not total.cards:
        return [_("没有在册资产。")]
    lines = [
        _("截至%(day)s，%(name)s在册资产 %(cards)s 项，原值 %(cost)s 元；可计算净值的 %(valued)s 项，净值 %(net)s 元。")
        % {
            "day": filters.day(scope.day),
            "name": scope.name,
            "cards": filters.number(total.cards),
            "cost": filters.yuan(total.cost_fen),
            "valued": filters.number(total.valued),
            "net": filters.yuan(total.net_fen),
        }
    ]
    parts = [
        _("%(name)s %(cards)s 项、%(cost)s 元")
        % {"name": name, "cards": filters.number(sums.cards), "cost": filters.yuan(sums.cost_fen)}
        for name, sums, _url in overview_cuts.cuts(actor, found, scope)[0].rows
    ]
    return [*lines, _("按建设体系分：%(parts)s。") % {"parts": "；".join(parts)}]


def _goals(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    found = figures(scope, actor)
    if not found.total.cards:
        return None
    return {"goals": overview_cuts.goals(actor, found, scope), "cards": found.total.cards}


def _say_goals(scope: Scope, actor: Actor) -> Sequence[str]:
    found = figures(scope, actor)
    if not found.total.cards:
        return []
    lines = []
    for goal in overview_cuts.goals(actor, found, scope):
        if not goal["known"]:
            continue
        share = filters.percent(goal["good"], found.total.cards)
        spoiled = "、".join(
            f"{part['name']} {filters.number(part['cards'])} {_('项')}" for part in goal["parts"] if part["cards"]
        )
        words = _("%(goal)s：%(share)s，影响因素：%(spoiled)s。") if spoiled else _("%(goal)s：%(share)s。")
        lines.append(words % {"goal": goal["name"], "share": share, "spoiled": spoiled})
    return lines


def _map(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    towns = overview_cuts.towns(actor, figures(scope, actor), scope)
    return {"towns": towns, "tiles": overview_cuts.tiles(towns)} if towns else None


def _say_map(scope: Scope, actor: Actor) -> Sequence[str]:
    towns = [town for town in overview_cuts.towns(actor, figures(scope, actor), scope) if town["sums"].cards]
    parts = [
        _("%(name)s %(cards)s 项、%(cost)s 元")
        % {
            "name": town["name"],
            "cards": filters.number(town["sums"].cards),
            "cost": filters.yuan(town["sums"].cost_fen),
        }
        for town in sorted(towns, key=lambda town: -town["sums"].cost_fen)
    ]
    return [_("各乡镇：%(parts)s。") % {"parts": "；".join(parts)}] if parts else []


def _money(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    books = overview_cuts.books(actor, figures(scope, actor))
    money = overview_cuts.money(actor, scope.day)
    return {"books": books, "money": money} if books or money else None


def _say_money(scope: Scope, actor: Actor) -> Sequence[str]:
    found = _money(scope, actor) or {}
    lines = []
    words: dict[str, tuple[str, checks.Agreement | None]] = {
        "books": (_("在册原值 %(here)s 元，账面原值 %(there)s 元"), found.get("books")),
        "money": (_("资金形成资产 %(here)s 元，在册原值 %(there)s 元"), found.get("money")),
    }
    for text, agreement in words.values():
        if agreement is None:
            continue
        said = text % {"here": filters.yuan(agreement.here_fen), "there": filters.yuan(agreement.there_fen)}
        count = agreement.differences
        lines.append(f"{said}，{_('有 %(count)s 处差异') % {'count': count} if count else _('全部相符')}。")
    return lines


def _decide(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    """What waits for the reader, what has lapsed: the desk's own piles, the first few of each."""
    piles = [pile for pile in desks.piles(desks.cards(actor, (), scope.day)) if pile.tone != "warn"]
    return {
        "piles": [(pile, pile.figures[:DECISIONS]) for pile in piles],
        "more": any(len(pile.figures) > DECISIONS for pile in piles),
    }


def _cuts(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    found = figures(scope, actor)
    if not found.total.cards:
        return None
    return {
        "cuts": overview_cuts.cuts(actor, found, scope),
        "problems": overview_cuts.problems(actor, found, scope),
        "cards": found.total.cards,
    }


GLANCES = (
    Glance(
        "register", gettext_lazy("资产总量"), "goals", 5, "overview.view", "", lambda _scope, _actor: None, EVERY,
        knows_past=True, head=_head, say=_say_register,
    ),
    Glance(
        "goals", gettext_lazy("六个目标"), "goals", 10, "overview.view", "web/_goals.html", _goals, EVERY,
        knows_past=True, say=_say_goals,
    ),
    Glance(
        "decide", gettext_lazy("需要决定和督办"), "decide", 10, "overview.view", "web/_decide.html", _decide,
        frozenset({COUNTY, TOWN}), on_wall=False,
    ),
    Glance(
        "map", gettext_lazy("乡镇分布"), "map", 10, "overview.view", "web/_map.html", _map, frozenset({COUNTY}),
        knows_past=True, say=_say_map,
    ),
    Glance(
        "money", gettext_lazy("账、册、钱相符"), "money", 10, "overview.view", "web/_money.html", _money,
        frozenset({COUNTY}), say=_say_money,
    ),
    Glance(
        "cuts", gettext_lazy("资产构成和资料状况"), "detail", 10, "overview.view", "web/_cuts.html", _cuts, EVERY,
        knows_past=True, on_wall=False,
    ),
)  # fmt: skip


def connect() -> None:
    """Register them."""
    for one in GLANCES:
        glance.register(one)
