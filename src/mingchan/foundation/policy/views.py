"""Pages of the policy: the plan with its clauses, and each clause with what serves it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


@page("policy.view")
def clause(request: HttpRequest, clause_id: str) -> HttpResponse:
    """One clause: its words, the events, pages and figures that carry it out."""
    found = queries.clauses().get(clause_id)
    if found is None:
        raise NotFound(_("方案里没有这一条。"))
    kinds = {"page": _("页面"), "command": _("命令"), "check": _("检查"), "report": _("报表")}
    served = [(kinds.get(code.partition(":")[0], ""), code.partition(":")[2]) for code in found.served_by]
    return render(
        request,
        "policy/clause.html",
        {
            "clause": found,
            "events": queries.events_serving(clause_id),
            "served": served,
            "thresholds": [one for one in queries.thresholds().values() if one.basis == clause_id],
        },
    )
