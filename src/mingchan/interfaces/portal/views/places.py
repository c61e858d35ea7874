"""What there is, place by place (公开资产): the county, a town, a village, a search by name, the label of an asset."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import queries
from mingchan.interfaces.portal.models import PlaceSnapshot
from mingchan.interfaces.portal.views import showing
from mingchan.interfaces.portal.views.notices import answers_in, notices_in
from mingchan.kernel.ui.page import public
from mingchan.register.assets.choices import Status, System
from mingchan.register.labels import queries as printed

SHOWN = 3
TOWN_DIGITS = 9


@public()
def home(request: HttpRequest) -> HttpResponse:
    """The county in a few figures, its towns, what is under notice, and where to speak up (4.3)."""
    county = showing.county()
    whole = queries.place(county, county.ljust(12, "0"))
    context = {
        "place": whole,
        "states": showing.states(whole.figures) if whole else [],
        "systems": showing.systems(whole.figures) if whole else [],
        "below": queries.below(county, whole.code) if whole else [],
        "notices": notices_in("", request.on, running=True)[:SHOWN],
        "lines": queries.published().lines,
    }
    return showing.respond(request, "portal/home.html", context, tab="home")


def _prefix(place: PlaceSnapshot) -> str:
    digits = {"COUNTY": 6, "TOWN": TOWN_DIGITS}.get(place.level, 12)
    return place.code[:digits]


def _money(place: PlaceSnapshot) -> dict[str, Any]:
    """What was earned and how it was shared, as far as the snapshot holds it."""
    shared = place.figures.get("distribution", [])
    return {
        "income": place.figures.get("income", []),
        "distribution": [(year, queries.use_label(use), households, fen) for year, use, households, fen in shared],
    }


@public()
def place(request: HttpRequest, code: str) -> HttpResponse:
    """What public assets are in a place, who keeps and runs them, what they earned, what is on notice (4.3)."""
    county = showing.county()
    found = queries.place(county, code)
    if found is None:
        text = _("没有这个地方的公开数据。村子可能已经合并，请用村名查找，原来的村名也可以。")
        return showing.lost(request, _("没有找到这个地方"), text)
    parents = queries.place_names(county, found.parent_code, f"{code[:TOWN_DIGITS]}000", county.ljust(12, "0"))
    crumbs = [(parents.get(key, ""), key) for key in (county.ljust(12, "0"), f"{code[:TOWN_DIGITS]}000")]
    rows = queries.below(county, code)
    context = {
        "place": found,
        "crumbs_to": [(name, key) for name, key in crumbs if name and key != code],
        "former": queries.former_names(county, code),
        "states": showing.states(found.figures),
        "systems": showing.systems(found.figures),
        "system_names": dict(System.choices),
        "sites": found.figures.get("sites", []),
        "with_cards": [row for row in rows if row.cards],
        "without": [row for row in rows if not row.cards],
        "notices": notices_in(_prefix(found), request.on),
        "answers": answers_in(_prefix(found)),
        "shown": queries.published(),
        **_money(found),
    }
    return showing.respond(request, "portal/place.html", context, tab="home")


@public()
def search(request: HttpRequest) -> HttpResponse:
    """A place by its name, present or former; an asset by the number on its label."""
    county, words = showing.county(), request.GET.get("q", "").strip()[:40]
    if words and (queries.label(county, words) is not None or queries.printed_label(county, words) is not None):
        return redirect("portal:label", words)
    found = queries.find(county, words)
    if len(found) == 1:
        return redirect("portal:place", found[0].code)
    return showing.respond(request, "portal/search.html", {"words": words, "found": found}, tab="home")


@public()
def label(request: HttpRequest, code: str) -> HttpResponse:
    """What the label of an asset tells anybody: what it is, its state, where, whose office keeps it (4.3)."""
    county = showing.county()
    found = queries.label(county, code)
    if found is None and (unclaimed := queries.printed_label(county, code)) is not None:
        return showing.respond(request, "portal/unclaimed.html", {"printed": unclaimed}, tab="home")
    if found is None and printed.is_mistyped(code):
        text = _("标签编号的校验位不符，多半是输错了一位。请对照标签重新输入，或重新扫码。")
        return showing.lost(request, _("编号有误"), text)
    if found is None:
        text = _("没有编号为“%(code)s”的资产。请对照标签核对编号；标签磨损看不清的，可以直接反映。") % {
            "code": code[:40]
        }
        return showing.lost(request, _("没有这个编号"), text)
    condition = policy.conditions().get(found.condition)
    names = queries.place_names(county, found.division_code, f"{found.division_code[:TOWN_DIGITS]}000")
    parts = [names.get(key, "") for key in (f"{found.division_code[:TOWN_DIGITS]}000", found.division_code)]
    is_active = found.status == Status.ACTIVE
    context = {
        "label": found,
        "place": " ".join(dict.fromkeys(filter(None, parts))),
        "has_place": found.division_code in names,
        "system": dict(System.choices).get(found.system, ""),
        "status": dict(Status.choices).get(found.status, found.status),
        "is_active": is_active,
        "condition": (condition.label_en if policy.english() else condition.word) if condition else found.condition,
        "tone": "bad" if not is_active else (condition.tone if condition else "good"),
        "answers": [one for one in answers_in("") if one.asset_code == found.code],
    }
    return showing.respond(request, "portal/label.html", context, tab="home")


@public()
def labels(request: HttpRequest) -> HttpResponse:
    """Type the number of a label."""
    return showing.respond(request, "portal/search.html", {"words": "", "found": []}, tab="home")
