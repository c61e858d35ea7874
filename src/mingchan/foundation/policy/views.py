"""Pages of the policy: the plan with its clauses, and each clause with what serves it."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.page import page


@page("policy.view")
def plan(request: HttpRequest) -> HttpResponse:
    """The plan, section by section."""
    sections: dict[str, list] = {}
    for clause in queries.clauses().values():
        chapter = clause.section.split("（")[0]
        sections.setdefault(chapter, []).append((clause, len(queries.events_serving(clause.id))))
    return render(request, "policy/plan.html", {"sections": list(sections.items()), "rows": queries.clauses()})


_PLACE = re.compile(r"%\(\w+\)s")


def _served(code: str) -> tuple[str, str, str]:
    """Kind, name and address of something that serves a clause; the address is empty where it can't be opened alone."""
    kind, _colon, name = code.partition(":")
    kinds = {"page": _("页面"), "command": _("命令"), "check": _("检查"), "report": _("报表")}
    try:
        address = reverse(name) if kind == "page" else ""
    except NoReverseMatch:
        address = ""
    return kinds.get(kind, kind), name, address


@page("policy.view")
def clause(request: HttpRequest, clause_id: str) -> HttpResponse:
    """One clause: its words, the events, pages and figures that carry it out."""
    found = queries.clauses().get(clause_id)
    if found is None:
        raise NotFound(_("方案里没有这一条。"))
    served = [_served(code) for code in found.served_by]
    events = [(_PLACE.sub("…", str(kind.sentence)), kind.code) for kind in queries.events_serving(clause_id)]
    return render(
        request,
        "policy/clause.html",
        {
            "clause": found,
            "events": events,
            "served": served,
            "thresholds": [one for one in queries.thresholds().values() if one.basis == clause_id],
        },
    )
