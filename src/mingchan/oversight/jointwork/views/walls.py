"""The wall of clauses (条款墙): every sentence of the plan with its live state, and each clause by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mingchan.foundation.institutions import queries as institutions
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.page import page
from mingchan.oversight.jointwork.queries import serving, wall

TONES = {wall.MISSING: "bad", wall.QUIET: "neutral", wall.ACTING: "good"}


def _labels() -> dict[str, str]:
    return {wall.MISSING: _("没有落实"), wall.QUIET: _("本年未发生"), wall.ACTING: _("在落实")}


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 and int(text) >= 2000 else request.on.year  # type: ignore[attr-defined, no-any-return]


@page("jointwork.view")
def wall_page(request: HttpRequest) -> HttpResponse:
    """The plan sentence by sentence: what serves it, how often it acted, what is open, the last proof."""
    year = _year(request)
    rows = wall.wall(request.actor.county, year, request.on)
    sections: dict[str, list[wall.Standing]] = {}
    for row in rows:
        sections.setdefault(row.clause.section.split("（")[0], []).append(row)
    context = {
        "sections": list(sections.items()),
        "rows": rows,
        "year": year,
        "years": sorted({*wall.years(), request.on.year}, reverse=True),
        "counts": {state: sum(row.state == state for row in rows) for state in TONES},
        "tones": TONES,
        "labels": _labels(),
        "has_checks": serving.has_checks(),
        "versions": policy.plan_versions(),
        "may_log": request.actor.may("log.view", request.actor.county),
        "villager": _address("portal:plan"),
    }
    return render(request, "jointwork/wall.html", context)


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


@page("jointwork.view")
def clause_page(request: HttpRequest, clause_id: str) -> HttpResponse:
    """One clause: its words, everything that serves it, and how often each acted."""
    clause = policy.clauses().get(clause_id)
    if clause is None:
        raise NotFound(_("方案里没有这一条。"))
    year, county = _year(request), request.actor.county
    standing = next(row for row in wall.wall(county, year, request.on) if row.clause.id == clause_id)
    pages = []
    for code in clause.served_by:
        kind, _colon, name = code.partition(":")
        pages.append((_("页面") if kind == "page" else _("命令"), name, _address(name) if kind == "page" else ""))
    context = {
        "clause": clause,
        "standing": standing,
        "year": year,
        "tones": TONES,
        "labels": _labels(),
        "events": wall.events_of(clause, year),
        "blank": _Blank(),
        "refusals": serving.refusals().get(clause_id, ()),
        "steps": serving.steps().get(clause_id, ()),
        "checks": serving.checks(county).get(clause_id, []),
        "has_checks": serving.has_checks(),
        "pages": pages,
        "figures": serving.figures().get(clause_id, []),
        "duties": serving.duties().get(clause_id, []),
        "institutions": institutions.by_clause(county, request.on).get(clause_id, []),
        "may_log": request.actor.may("log.view", county),
        "villager": _address("portal:plan"),
    }
    return render(request, "jointwork/clause.html", context)


class _Blank(dict[str, str]):
    """Placeholders of a sentence shown as a word for the kind itself."""

    def __missing__(self, _key: str) -> str:
        return "…"


@page("jointwork.view")
def versions_page(request: HttpRequest) -> HttpResponse:
    """The papers that the packs of this installation carry out, and what a later one changed in an earlier."""
    found = policy.plan_versions()
    asked = request.GET.get("pack", "")
    shown = next((one for one in found if one.pack == asked and one.replaces), None)
    changes = policy.compared(shown.replaces, shown.pack) if shown else ()
    labels = {"same": _("未变"), "changed": _("有改动"), "new": _("新增"), "gone": _("删去")}
    tones = {"same": "neutral", "changed": "warn", "new": "good", "gone": "bad"}
    context = {"versions": found, "shown": shown, "changes": changes, "labels": labels, "tones": tones}
    return render(request, "jointwork/versions.html", context)
