"""Policies (分配办法): the list by division, one of them, making one and filing it (2.5b)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.distribution import pack, permissions, services
from mingchan.lifecycle.distribution.choices import Category, Method, PolicyStatus
from mingchan.lifecycle.distribution.forms import NumberedForm, PolicyForm, ReasonForm
from mingchan.lifecycle.distribution.queries import policies as queries
from mingchan.lifecycle.distribution.rules import percent
from mingchan.lifecycle.distribution.views import showing


@page(permissions.VIEW)
def listed(request: HttpRequest) -> HttpResponse:
    """Every edition, by division, with the one in force marked."""
    actor, on = request.actor, request.on
    rows = queries.listed(actor)
    if request.GET.get("status") == PolicyStatus.DRAFT.value:
        rows = [row for row in rows if row.status == PolicyStatus.DRAFT]
    if request.GET.get("late") == "1":
        rows = [row for row in rows if queries.is_late(row, on)]
    names = showing.names_of([row.division_code for row in rows])
    in_force = {
        found.pk
        for code in names
        if (found := queries.in_force(actor.county, code, on)) is not None and found.division_code == code
    }
    context = {
        "tabs": showing.tabs("policies", actor),
        "rows": rows,
        "names": names,
        "in_force": in_force,
        "until": {row.pk: queries.file_until(row) for row in rows},
        "late": {row.pk for row in rows if queries.is_late(row, on)},
        "tones": showing.POLICY_TONES,
        "may_make": actor.may(permissions.RULE),
    }
    return render(request, "distribution/policies.html", context)


@page(permissions.VIEW)
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One policy: uses, households, filing."""
    return policy_page(request, policy_id)


def policy_page(request: HttpRequest, policy_id: int, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    actor, on = request.actor, request.on
    found = queries.policy(actor, policy_id)
    bounds, weights = queries.bounds(found), queries.weights(found)
    labels = dict(Category.choices)
    present = queries.in_force(actor.county, found.division_code, on)
    is_draft = found.status == PolicyStatus.DRAFT
    context = {
        "policy": found,
        "division": showing.names_of([found.division_code]).get(found.division_code, found.division_code),
        "tone": showing.POLICY_TONES[found.status],
        "bounds": [(pack.uses()[use], percent(least), percent(most)) for use, (least, most) in bounds.items()],
        "categories": [(labels[code], weights.get(code)) for code in found.category_codes],
        "by_need": found.method == Method.NEED,
        "is_in_force": present is not None and present.pk == found.pk,
        "may_file": is_draft and actor.may(permissions.FILE, found.division_code),
        "may_drop": is_draft and actor.may(permissions.RULE, found.division_code),
        "file_form": bound.get("file_form") or NumberedForm(initial={"filed_on": on}),
        "drop_form": bound.get("drop_form") or ReasonForm(),
        "opened": next(iter(bound), ""),
    }
    return render(request, "distribution/policy.html", context, status=status)


@page(permissions.RULE, methods=("GET", "POST"))
def make(request: HttpRequest) -> HttpResponse:
    """Draft a policy as the next edition of a division."""
    actor, on = request.actor, request.on
    form = PolicyForm(request.POST or None, actor=actor, right=permissions.RULE, initial={"starts_on": on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.make_policy(form.draft(), actor=actor, on=on)
            except Refusal as refusal:
                showing.tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("分配办法已拟定，请报县财政局备案后施行"))
                return redirect("distribution:policy", made.pk)
    context = {"form": form, "until": pack.relief_until(), "least": percent(pack.household_least())}
    return render(request, "distribution/make_policy.html", context, status=status)


@page(permissions.FILE, methods=("POST",))
def file(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Record the filing with the finance bureau."""
    queries.policy(request.actor, policy_id)
    form = NumberedForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.file_policy(policy_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已登记备案"))
            return redirect("distribution:policy", policy_id)
    return policy_page(request, policy_id, status=status, file_form=form)


@page(permissions.RULE, methods=("POST",))
def drop(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Give up a policy that was never filed."""
    queries.policy(request.actor, policy_id)
    form = ReasonForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.drop_policy(policy_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已作废"))
            return redirect("distribution:policies")
    return policy_page(request, policy_id, status=status, drop_form=form)
