"""The overview (总览): the county, a township, an office or a site at a glance, as of a day; the wall display; the
monthly report; and what agrees with what.

Every figure is a link to what it counts. What stands on the page comes from glances (`kernel.ui.glance`).
"""

import io
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import glances, overview_cuts
from mingchan.interfaces.web import overview_checks as checks
from mingchan.interfaces.web import overview_rules as rules
from mingchan.kernel import papers, period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui import glance, unit
from mingchan.kernel.ui.glance import COUNTY, OFFICE, SITE, TOWN, Built, Headline, Scope
from mingchan.kernel.ui.page import page
from mingchan.register.assets.choices import Problem, SixClass, System, Tier
from mingchan.register.sites import queries as sites

KEPT = 32
_kept: dict[Any, tuple[Any, tuple[list[Headline], list[Built]]]] = {}
REFRESH_SECONDS = 300
"""So often the wall display is asked for anew."""


class GatedRequest(HttpRequest):
    """A request that passed the gate: who acts, and the business date."""

    actor: Actor
    on: date


def scope_of(request: GatedRequest) -> tuple[Scope, Actor]:
    """What the address asks the overview to be about, and the reader narrowed to it. Raises NotFound out of reach.

    `town` is a division's prefix, `office` a party, `site` a site; `day` a past day. Without them it is all that the
    reader may see: the county, or the one township.
    """
    actor, params = request.actor, request.GET
    day, is_past = _day(params.get("day", ""), request.on)
    office, site, town = params.get("office", ""), params.get("site", ""), params.get("town", "")
    if _whole(office):
        name = directory.party_names([int(office)]).get(int(office))
        if name is None or not checks.sees_county(actor, "overview.view"):
            raise NotFound(_("没有这个单位"))
        return Scope(OFFICE, office, name, day, is_past), actor
    if _whole(site):
        found = sites.visible(actor).filter(pk=int(site)).first()
        if found is None:
            raise NotFound(_("没有这个站点"))
        return Scope(SITE, site, found.name, day, is_past), actor
    scopes = actor.scopes("overview.view")
    if not town and scopes and not checks.sees_county(actor, "overview.view"):
        town = scopes[0]
    if town and town != actor.county:
        prefix = town[:9]
        inner = glance.narrowed(actor, prefix)
        name = directory.division_names([prefix.ljust(12, "0")]).get(prefix.ljust(12, "0"))
        if name is None or not inner.scopes("overview.view"):
            raise NotFound(_("没有这个乡镇"))
        return Scope(TOWN, prefix, name, day, is_past), inner
    return Scope(COUNTY, actor.county, policy.county_name(), day, is_past), actor


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _day(text: str, on: date) -> tuple[date, bool]:
    """The day asked for and whether it is past; today for what can't be read or is to come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return on, False
    return (day, True) if day < on else (on, False)


def shown(scope: Scope, actor: Actor) -> tuple[list[Headline], list[Built]]:
    """The large figures and the parts of the page, worked out once after each change that the log knows of.

    Some parts read every card; a wall display that asks every few minutes must not. What is kept is told apart by
    what it is about, whose grants, the language and the unit of amounts.
    """
    newest = Record.objects.order_by("-seq").values_list("seq", "leaf_sha256").first()
    version = (newest and (newest[0], bytes(newest[1])), scope.day)
    key = (scope, actor.grants, actor.account_id, get_language(), unit.active())
    kept = _kept.get(key)
    if kept is None or kept[0] != version:
        kept = (version, (glance.headlines(scope, actor), glance.built(scope, actor)))
        _kept.pop(key, None)
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = kept
    return kept[1]


def _asked(scope: Scope) -> str:
    """The scope as an address has it."""
    fields = {} if scope.kind == COUNTY else {scope.kind: scope.key}
    if scope.is_past:
        fields["day"] = scope.day.isoformat()
    return f"?{urlencode(fields)}" if fields else ""


@page("overview.view")
def overview(request: GatedRequest) -> HttpResponse:
    """What one looks at for a minute: the county, a township, an office or a site, as of a day (1.2, 2.1.2, 2.2)."""
    scope, actor = scope_of(request)
    towns = [
        (division.code[:9], division.name)
        for division in directory.children(request.actor.county.ljust(12, "0"))
        if division.is_current and glance.narrowed(request.actor, division.code[:9]).scopes("overview.view")
    ]
    headlines, built = shown(scope, actor)
    context = {
        "scope": scope,
        "headlines": headlines,
        "zones": {zone: [one for one in built if one.zone == zone] for zone in glance.ZONES},
        "silent": glance.silent(scope, actor) if scope.is_past else [],
        "is_empty": not glances.figures(scope, actor).total.cards,
        "towns": towns,
        "wall_url": reverse("web:overview_wall") + _asked(scope),
        "report_url": reverse("web:overview_report") + _asked(scope),
        "upload_url": reverse("exchange:upload") if actor.may("exchange.import") else "",
        "on": request.on,
    }
    return render(request, "web/overview.html", context)


@page("overview.view")
def wall(request: GatedRequest) -> HttpResponse:
    """The overview for a display on the wall: large, without controls, asked for anew by itself (4.1)."""
    unit.activate(unit.Unit.WAN)
    scope, actor = scope_of(request)
    headlines, built = shown(scope, actor)
    built = [one for one in built if one.on_wall]
    context = {
        "scope": scope,
        "headlines": headlines[:8],
        "zones": {zone: [one for one in built if one.zone == zone] for zone in glance.ZONES},
        "refresh": REFRESH_SECONDS,
        "moment": period.utc_now(),
        "back": reverse("web:overview") + _asked(scope),
    }
    return render(request, "web/wall.html", context)


@page("overview.view")
def report(request: GatedRequest) -> FileResponse:
    """The monthly report as a paper: the figures in sentences, the townships as a table (1.2, 3.4.2)."""
    scope, actor = scope_of(request)
    with translation.override("zh-hans"):
        found = glances.figures(scope, actor)
        data = {
            "county": policy.county_name(),
            "name": scope.name,
            "month": f"{scope.day.year}年{scope.day.month}月",
            "until_on": scope.day,
            "parts": [{"title": title, "lines": lines} for title, lines in glance.sentences(scope, actor)],
            "towns": [
                {"name": town["name"], "cards": town["sums"].cards, "cost_fen": town["sums"].cost_fen}
                for town in overview_cuts.towns(actor, found, scope)
                if town["sums"].cards
            ]
            if scope.kind == COUNTY
            else [],
            "total_fen": found.total.cost_fen,
            "total_cards": found.total.cards,
        }
        made = papers.render(policy.form("monthly_report"), data, on=request.on)
        name = f"{scope.name}{_('资产管理月报')}-{scope.day:%Y%m}.pdf"
    return FileResponse(io.BytesIO(made), filename=name, content_type="application/pdf")


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
            "register_url": overview_cuts.list_url(actor, six_class=row.six_class, owner=row.owner_id)
            if row.owner_id is not None
            else overview_cuts.list_url(actor, six_class=row.six_class, problem=Problem.NO_OWNER.value),
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
                {
                    "name": Tier(tier).label,
                    "url": overview_cuts.list_url(actor, system=row.system, tier=tier, funding=row.source),
                }
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
    return overview_cuts.list_url(actor, system=row.system, funding=row.source, tier="".join(row.tiers))
