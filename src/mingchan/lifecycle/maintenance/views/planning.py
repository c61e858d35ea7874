"""How often sites are inspected (巡查安排)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.maintenance import permissions, queries, services
from mingchan.lifecycle.maintenance.forms import PlanForm, ReasonForm


def _shown(request: HttpRequest, form: PlanForm | None = None, problem: str = "", status: int = 200) -> HttpResponse:
    rows, following = queries.rounds.rhythms(request.actor, after=request.GET.get("after", ""))
    may_plan = request.actor.may(permissions.PLAN)
    sites = queries.rounds.sites_to_plan(request.actor) if may_plan else []
    context = {
        "rows": rows,
        "following": following,
        "places": directory.division_names({row.division_code for row in rows}),
        "form": form or (PlanForm(sites=sites, on=request.on) if may_plan else None),
        "left": len(sites),
        "problem": problem,
    }
    return render(request, "maintenance/plans.html", context, status=status)


@page("maintenance.plan", methods=("GET", "POST"))
def plans(request: HttpRequest) -> HttpResponse:
    """Rhythms in force, and sites that have none yet."""
    if request.method != "POST":
        return _shown(request)
    form = PlanForm(request.POST, sites=queries.rounds.sites_to_plan(request.actor), on=request.on)
    if not form.is_valid():
        return _shown(request, form, status=422)
    given = form.cleaned_data
    try:
        made = services.plan(
            [int(key) for key in given["sites"]],
            given["every_days"],
            given["first_due"],
            actor=request.actor,
            on=request.on,
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _shown(request, form, status=refusal.status)
    messages.success(request, _("已安排 %(count)s 个站点的巡查") % {"count": len(made)})
    return redirect("maintenance:plans")


@page("maintenance.plan", methods=("POST",))
def stop(request: HttpRequest, rhythm_id: int) -> HttpResponse:
    """End a rhythm."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.stop(rhythm_id, reason=reason, actor=request.actor, on=request.on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, problem=str(refusal), status=refusal.status)
    messages.success(request, _("已停止巡查"))
    return redirect("maintenance:plans")
