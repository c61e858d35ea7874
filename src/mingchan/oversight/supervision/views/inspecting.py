"""Samples for inspection (抽查): drawn by lot, looked at one by one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page
from mingchan.oversight.supervision import forms, permissions, queries, services
from mingchan.oversight.supervision.choices import LineResult
from mingchan.oversight.supervision.views.lists import tabs

TONES = {LineResult.WAITING: "neutral", LineResult.FINE: "good", LineResult.WRONG: "bad"}


@page("finding.view")
def samples(request: HttpRequest) -> HttpResponse:
    """Samples that were drawn."""
    found = queries.samples(request.actor)
    context = {
        "tabs": tabs("supervision:samples", request.actor),
        "samples": found,
        "places": directory.division_names({one.division_code for one in found if len(one.division_code) == 12}),
        "may_draw": request.actor.may(permissions.INSPECT),
    }
    return render(request, "supervision/samples.html", context)


def _divisions(request: HttpRequest) -> list[tuple[str, str]]:
    actor = request.actor  # type: ignore[attr-defined]
    found = [(scope, _("全部")) for scope in actor.scopes(permissions.INSPECT)]
    rows = [row for scope in actor.scopes(permissions.INSPECT) for row in directory.divisions_under(scope)]
    return found + [
        (row.code[:9] if row.level == "TOWN" else row.code, row.name) for row in rows if row.level != "COUNTY"
    ]


@page("finding.inspect", methods=("GET", "POST"))
def draw(request: HttpRequest) -> HttpResponse:
    """Draw assets by lot."""
    form = forms.DrawForm(request.POST or None, divisions=_divisions(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.draw(
                given["title"],
                given["division"],
                given["count"],
                seed=given["seed"],
                actor=request.actor,
                on=request.on,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已抽取 %(count)s 件资产。") % {"count": made.count})
            return redirect("supervision:sample", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "supervision/draw.html", {"form": form}, status=status)


@page("finding.view")
def sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """The assets drawn, with the seed by which anybody draws them again."""
    found = queries.sample(sample_id, request.actor)
    context = {
        "sample": found,
        "lines": queries.lines(found.pk),
        "tones": TONES,
        "may_inspect": request.actor.may(permissions.INSPECT, found.division_code),
        "form": forms.InspectForm(initial={"result": "FINE"}),
    }
    return render(request, "supervision/sample.html", context)


@page("finding.inspect", methods=("POST",))
def inspect(request: HttpRequest, sample_id: int, line_id: int) -> HttpResponse:
    """Note what was found at one of them."""
    found = queries.sample(sample_id, request.actor)
    form = forms.InspectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择抽查结果。"))
        return redirect("supervision:sample", found.pk)
    try:
        services.inspect(
            line_id,
            is_wrong=form.cleaned_data["result"] == "WRONG",
            note=form.cleaned_data["note"],
            severity=form.cleaned_data["severity"],
            actor=request.actor,
            on=request.on,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已登记。"))
    return redirect("supervision:sample", found.pk)
