"""Looking at custody: the overview, the list, a keeper, one's own, the letter of responsibility, a workbook."""

import io
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.custody import permissions, queries, rules, services, sheets
from mingchan.lifecycle.custody.choices import EXPORT_MOST, TermState
from mingchan.lifecycle.custody.forms import EndForm, LeaveForm, OneSidedForm, ReturnForm, TermForm
from mingchan.lifecycle.custody.queries import CustodyFilter
from mingchan.lifecycle.custody.views import showing
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import System
from mingchan.register.handover import queries as handover

SHOWN = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(permissions.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """What nobody keeps, whose terms end, who left and still keeps, who keeps how much (2.6.1b)."""
    actor, on = request.actor, request.on
    unkept = queries.without_keeper(actor)
    keepers = queries.keepers(actor, on)
    leavers = queries.leavers(actor)
    names = assets.names_by_key(
        set(),
        {keeper.person for keeper in keepers[:SHOWN]},
        {row.town.ljust(12, "0") for row in unkept},
    )
    people = {party.pk: party for party in Party.objects.filter(pk__in=[keeper.person for keeper in keepers[:SHOWN]])}
    context = {
        "tabs": showing.tabs("overview", actor),
        "unkept": [
            {
                "town": names.divisions.get(row.town.ljust(12, "0"), row.town) or _("未注明区划"),
                "system": System(row.system).label,
                "row": row,
                "url": showing.cards_url(
                    problem="NO_KEEPER", system=row.system, **({"division": row.town} if row.town else {})
                ),
                "assign_url": _assign_url(actor, row),
            }
            for row in unkept
        ],
        "without": (sum(row.count for row in unkept), sum(row.cost_fen for row in unkept)),
        "without_url": showing.cards_url(problem="NO_KEEPER"),
        "keepers": [
            {
                "keeper": keeper,
                "name": names.parties.get(keeper.person, ""),
                "where": people[keeper.person].division_code if keeper.person in people else "",
                "url": reverse("custody:keeper", args=[keeper.person]),
                "cards_url": showing.cards_url(keeper=keeper.person),
            }
            for keeper in keepers[:SHOWN]
        ],
        "keeper_count": len(keepers),
        "terms": {
            "over": sum(keeper.over for keeper in keepers),
            "ending": sum(keeper.ending for keeper in keepers),
            "unset": sum(keeper.unset for keeper in keepers),
        },
        "urls": {state.lower(): showing.ledger_url(state=state) for state in TermState.values},
        "leavers": [
            {
                "row": leaver,
                "url": reverse("custody:keeper", args=[leaver.departure.person_id]),
                "cards_url": showing.ledger_url(keeper=leaver.departure.person_id),
                "one_sided": getattr(leaver.departure, "one_sided", None),
            }
            for leaver in leavers
        ],
        "leaving": sum(leaver.count > 0 for leaver in leavers),
        "kept_by_leavers": sum(leaver.count for leaver in leavers),
        "export_url": reverse("custody:export"),
        "may_export": actor.may("asset.export"),
    }
    context["divisions"] = directory.division_names(row["where"] for row in context["keepers"] if row["where"])
    return render(request, "custody/overview.html", context)


def _assign_url(actor: Any, row: queries.Unkept) -> str:
    """Where keepers are assigned to these cards, empty where the actor may not."""
    if not permissions.may_assign(actor, row.town):
        return ""
    narrowed = assets.RegisterFilter(problem="NO_KEEPER", system=row.system, division=row.town)
    return f"{reverse('custody:assign')}?{narrowed.query()}"


@page(permissions.VIEW)
def ledger(request: HttpRequest) -> HttpResponse:
    """The list of custody (管护台账): each card with keeper, body, term and basis."""
    actor, on = request.actor, request.on
    filtered = CustodyFilter.read(request.GET)
    found = queries.page(filtered, actor, on, after=request.GET.get("after", ""))
    count, cost = queries.totals(filtered, actor, on)
    query = urlencode(filtered.parameters())
    context = {
        "tabs": showing.tabs("ledger", actor),
        "rows": showing.rows(found.rows, on),
        "following": found.following,
        "count": count,
        "cost": cost,
        "chips": _chips(filtered),
        "states": TermState.choices,
        "systems": System.choices,
        "export_url": f"{reverse('custody:export')}?{query}",
        "may_export": actor.may("asset.export"),
    }
    return render(request, "custody/ledger.html", context)


def _chips(filtered: CustodyFilter) -> list[tuple[str, str, str]]:
    """What narrows the list, in words, each with the address without it."""
    given = filtered.parameters()
    keys = {int(given[name]) for name in ("keeper", "organisation") if name in given}
    names = assets.names_by_key(
        {filtered.site} if filtered.site is not None else set(),
        keys,
        {filtered.division.ljust(12, "0")} if filtered.division else set(),
    )
    words = {
        "keeper": (_("管护责任人"), lambda value: names.parties.get(int(value), value)),
        "organisation": (_("管护主体"), lambda value: names.parties.get(int(value), value)),
        "division": (_("所在区划"), lambda value: names.divisions.get(value.ljust(12, "0"), value)),
        "system": (_("建设体系"), lambda value: dict(System.choices).get(value, value)),
        "site": (_("站点"), lambda value: names.sites.get(int(value), value)),
        "state": (_("任期"), lambda value: TermState(value).label),
        "leavers": (_("离任人"), lambda _value: _("仍在保管")),
    }
    base = reverse("custody:ledger")
    return [
        (
            words[name][0],
            words[name][1](value),
            f"{base}?{urlencode({key: other for key, other in given.items() if key != name})}",
        )
        for name, value in given.items()
    ]


@page("asset.export")
def export(request: HttpRequest) -> FileResponse:
    """Exactly what the list shows, as a workbook."""
    actor, on = request.actor, request.on
    filtered = CustodyFilter.read(request.GET)
    if queries.totals(filtered, actor, on)[0] > EXPORT_MOST:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": EXPORT_MOST})
    out, count = sheets.workbook(filtered, actor, on)
    services.note_export(count, actor=actor, on=on)
    name = f"{policy.county_name()}{_('管护台账')}-{on:%Y%m%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


@page(permissions.VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """What I keep, by site: for keepers of villages and towns, on a phone."""
    actor, on = request.actor, request.on
    people = queries.mine(actor)
    persons = [_person(actor, party, on) for party in people]
    context = {
        "tabs": showing.tabs("mine", actor),
        "persons": persons,
        "account_name": actor.name,
    }
    return render(request, "custody/mine.html", context)


def _person(actor: Any, party: Party, on: Any) -> dict[str, Any]:
    """A person with what it keeps by site, its terms and duties."""
    sites = queries.by_site(actor, party.pk)
    names = assets.names_by_key(
        {site for site, *_rest in sites if site is not None}, set(), {code for _site, code, *_rest in sites if code}
    )
    found = queries.keeper(actor, party.pk, on)
    return {
        "party": party,
        "figures": found,
        "cards_url": showing.cards_url(keeper=party.pk),
        "ledger_url": showing.ledger_url(keeper=party.pk),
        "over_url": showing.ledger_url(keeper=party.pk, state=TermState.OVER),
        "ending_url": showing.ledger_url(keeper=party.pk, state=TermState.ENDING),
        "unset_url": showing.ledger_url(keeper=party.pk, state=TermState.UNSET),
        "sites": [
            {
                "name": names.sites.get(site, "") if site is not None else "",
                "division": names.divisions.get(code, code),
                "count": count,
                "cost": cost,
                "url": showing.cards_url(keeper=party.pk, **_where(site, code)),
            }
            for site, code, count, cost in sites
        ],
        "duties": showing.duties(queries.tiers(actor, party.pk)),
        "departure": queries.open_departure(actor.county, party.pk),
        "letters": [
            (name, f"{reverse('custody:letter', args=[party.pk])}?organisation={key}")
            for key, name in queries.bodies(actor, party.pk).items()
        ],
        "page_url": reverse("custody:keeper", args=[party.pk]),
    }


def _where(site: int | None, division: str) -> dict[str, Any]:
    """The part of the register's filter that names a place."""
    return {"site": site} if site is not None else {"division": division} if division else {}


@page(permissions.VIEW)
def keeper(request: HttpRequest, party_id: int) -> HttpResponse:
    """One keeper: what, since when, until when, which duties, and what is to be done when the person leaves."""
    return keeper_page(request, party_id)


def keeper_page(request: HttpRequest, party_id: int, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The keeper's page, with a form that was refused in its place."""
    actor, on = request.actor, request.on
    party = queries.person(actor, party_id)
    found = queries.page(CustodyFilter(keeper=party_id), actor, on, after=request.GET.get("after", ""))
    shown = _person(actor, party, on)
    departure = shown["departure"]
    may_assign = permissions.may_assign(actor, party.division_code)
    term = max((duty["term_months"] for duty in shown["duties"]), default=36)
    context = {
        **shown,
        "rows": showing.rows(found.rows, on),
        "following": found.following,
        "departures": queries.departures_of(party_id),
        "one_sided": getattr(departure, "one_sided", None) if departure is not None else None,
        "division": directory.division_names([party.division_code]).get(party.division_code, ""),
        "paper": showing.paper,
        "may_assign": may_assign,
        "may_renew": actor.may(permissions.ASSIGN),
        "handovers": handover.open_for(party_id, actor) if actor.may("handover.view") else [],
        "handover_url": _handover_url(actor, party_id, departure),
        "people": queries.suggestions(actor, people=True) if may_assign else [],
        "term_form": bound.get("term_form") or TermForm(initial={"due_on": rules.term_end(on, term)}),
        "end_form": bound.get("end_form") or EndForm(),
        "leave_form": bound.get("leave_form") or LeaveForm(actor=actor, initial={"left_on": on}),
        "return_form": bound.get("return_form")
        or ReturnForm(initial={"departure": departure.pk if departure is not None else None}),
        "one_sided_form": bound.get("one_sided_form")
        or OneSidedForm(initial={"departure": departure.pk if departure is not None else None}),
        "opened": next(iter(bound), ""),
    }
    return render(request, "custody/keeper.html", context, status=status)


def _handover_url(actor: Any, party_id: int, departure: Any) -> str:
    """Where the list is drafted by which a leaver hands over, empty where the actor may not."""
    if departure is None or not actor.may("handover.draft"):
        return ""
    asked = {"kind": "CUSTODY", "from": party_id, "keeper": party_id, "all": 1}
    if departure.successor_id is not None:
        asked["to"] = departure.successor_id
    return f"{reverse('handover:create')}?{urlencode(asked)}"


@page(permissions.VIEW)
def letter(request: HttpRequest, party_id: int) -> FileResponse:
    """The letter of responsibility (管护责任书) as PDF, to be signed: of the one body, or of that which is named."""
    actor, on = request.actor, request.on
    party = queries.person(actor, party_id)
    bodies = queries.bodies(actor, party_id)
    asked = request.GET.get("organisation", "")
    body = int(asked) if asked.isdecimal() and len(asked) < 19 else next(iter(bodies), None)
    if body not in bodies:
        raise Refusal(_("所保管的资产还没有写明管护主体，请先落实管护人"), clauses=("2.6.1b",))
    rows: list[queries.Held] = []
    for chunk in queries.every(CustodyFilter(keeper=party_id, organisation=body), actor, on):
        rows += chunk
        if len(rows) > papers.MOST_ROWS:
            raise Refusal(_("超过 %(count)s 张卡片的责任书无法打印") % {"count": papers.MOST_ROWS})
    with translation.override("zh-hans"):
        data = _letter_of(party, bodies[body], rows, on)
    made = papers.render(policy.form("custody"), data, on=on)
    services.note_letter(party_id, actor=actor, on=on)
    name = f"{_('管护责任书')}-{party.name}-{on:%Y%m%d}.pdf"
    return FileResponse(io.BytesIO(made), filename=name, content_type="application/pdf")


def _letter_of(party: Party, body: str, rows: list[queries.Held], on: date) -> dict[str, Any]:
    """What the form asks for, in Chinese whatever the reader's language."""
    names = queries.names_for(rows)
    dues = [row.due_on for row in rows if row.due_on is not None]
    since = min(row.since for row in rows)
    return {
        "county": policy.county_name(),
        "number": f"{party.county}-{since:%Y%m%d}-{party.pk}",
        "keeper": party.name,
        "keeper_phone": party.phone_mask,
        "organisation": body,
        "since_on": since,
        "due_on": max(dues, default=None),
        "duties": [text for part in showing.duties(sorted({row.tier for row in rows})) for text in part["sentences"]],
        "assets": [
            {
                "code": row.code,
                "name": row.name,
                "model": row.model,
                "unit": row.unit,
                "quantity_milli": row.quantity_milli,
                "cost_fen": row.cost_fen,
                "place": names.sites.get(row.site, row.place) if row.site is not None else row.place,
                "condition": row.condition,
            }
            for row in rows
        ],
        "total_fen": sum(row.cost_fen for row in rows),
        "mark": _("示例") if party.is_sample else "",
    }
