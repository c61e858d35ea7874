"""Households (受益户): the list, one of them with what it received, workbooks on their way in, whole numbers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.distribution import permissions, services
from mingchan.lifecycle.distribution.choices import Category
from mingchan.lifecycle.distribution.forms import LeaveForm
from mingchan.lifecycle.distribution.queries import households as queries
from mingchan.lifecycle.distribution.queries import plans
from mingchan.lifecycle.distribution.queries.households import HouseholdFilter
from mingchan.lifecycle.distribution.services import rosters as reading
from mingchan.lifecycle.distribution.views import showing

SHOWN_ISSUES, SHOWN_DRAFTS = 200, 50


@page(permissions.VIEW_HOUSEHOLDS)
def listed(request: HttpRequest) -> HttpResponse:
    """Households of the reader's villages, masked (2.5a)."""
    actor = request.actor
    asked = HouseholdFilter.read(request.GET)
    rows, following = queries.page(asked, actor, request.GET.get("after", ""))
    count, people = queries.totals(asked, actor)
    villages = queries.by_village(actor)
    names = showing.names_of([row.division for row in rows] + [code for code, *_rest in villages])
    context = {
        "tabs": showing.tabs("households", actor),
        "rows": rows,
        "names": names,
        "labels": dict(Category.choices),
        "following": following or None,
        "count": count,
        "people": people,
        "villages": [(code, f"{names.get(code, code)}（{number}）") for code, number, _people in villages],
        "categories": Category.choices,
        "chips": _chips(asked, names),
        "may_import": actor.may(permissions.IMPORT),
    }
    return render(request, "distribution/households.html", context)


def _chips(asked: HouseholdFilter, names: dict[str, str]) -> list[tuple[str, str, str]]:
    given = {
        "q": asked.words,
        "division": asked.division,
        "category": asked.category,
        "left": "1" if asked.left else "",
    }
    words = {
        "q": (_("姓名或户号"), asked.words),
        "division": (_("村"), names.get(asked.division, asked.division)),
        "category": (_("户类型"), str(dict(Category.choices).get(asked.category, ""))),
        "left": (_("在册"), _("已退出")),
    }
    base = reverse("distribution:households")
    return [
        (*words[name], f"{base}?{urlencode({key: other for key, other in given.items() if other and key != name})}")
        for name, value in given.items()
        if value
    ]


@page(permissions.VIEW_HOUSEHOLDS)
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: its people, what it was, what it received (1.2b)."""
    return household_page(request, household_id)


def household_page(request: HttpRequest, household_id: int, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused or a number that was asked for in its place."""
    actor, on = request.actor, request.on
    found = queries.household(actor, household_id)
    received = queries.received_by(found)
    context = {
        "household": found,
        "division": showing.names_of([found.division_code]).get(found.division_code, found.division_code),
        "members": queries.members(found),
        "standings": queries.standings(found),
        "received": received,
        "paid_fen": sum(one.fen for row in received for one in row["payments"] if one.status == "PAID"),
        "shared_fen": sum(row["share"].fen for row in received if row["plan"].status in ("FILED", "DONE")),
        "number_of": plans.number_of,
        "plan_tones": showing.PLAN_TONES,
        "payment_tones": showing.PAYMENT_TONES,
        "may_plans": actor.may(permissions.VIEW),
        "may_leave": found.left_on is None and actor.may(permissions.IMPORT, found.division_code),
        "may_reveal": actor.may(permissions.REVEAL, found.division_code),
        "leave_form": bound.get("leave_form") or LeaveForm(initial={"left_on": on}),
        "revealed": bound.get("revealed"),
        "reveal_fault": bound.get("reveal_fault", ""),
    }
    return render(request, "distribution/household.html", context, status=status)


@page(permissions.VIEW_HOUSEHOLDS, methods=("POST",))
def reveal(request: HttpRequest, household_id: int) -> HttpResponse:
    """A whole number, shown once; the look is recorded."""
    field, _dot, member = request.POST.get("field", "").partition(".")
    reason = request.POST.get("reason", "")
    queries.household(request.actor, household_id)
    try:
        value = services.reveal(
            household_id,
            field,
            reason,
            member=int(member) if member.isdecimal() and len(member) < 19 else None,
            actor=request.actor,
            on=request.on,
        )
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return household_page(request, household_id, status=refusal.status, reveal_fault=str(refusal))
    return household_page(request, household_id, revealed=value)


@page(permissions.IMPORT, methods=("POST",))
def leave(request: HttpRequest, household_id: int) -> HttpResponse:
    """A household leaves the register."""
    queries.household(request.actor, household_id)
    form = LeaveForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.leave(household_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已登记退出"))
            return redirect("distribution:household", household_id)
    return household_page(request, household_id, status=status, leave_form=form)


@page(permissions.IMPORT)
def rosters(request: HttpRequest) -> HttpResponse:
    """Workbooks of households, newest first."""
    context = {
        "tabs": showing.tabs("rosters", request.actor),
        "rosters": queries.rosters(request.actor),
        "tones": showing.ROSTER_TONES,
    }
    return render(request, "distribution/rosters.html", context)


@page(permissions.IMPORT)
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """What a workbook would bring in, with every problem (预览)."""
    actor = request.actor
    found = queries.roster(actor, roster_id)
    drafts, issues = reading.content_of(found)
    compared = queries.compare(
        drafts, [reading.mark_of(one.identity) for row in drafts for one in row.members], actor.county
    )
    permissions.require_all(actor, permissions.IMPORT, [draft.division_code for draft in drafts])
    leaving = (
        queries.visible_to(actor).filter(pk__in=compared.missing[:SHOWN_DRAFTS]).order_by("division_code", "number")
    )
    groups = (
        (_("新增"), "good", [drafts[index] for index in compared.added]),
        (_("变更"), "warn", [drafts[index] for index in compared.changed]),
    )
    context = {
        "roster": found,
        "tone": showing.ROSTER_TONES[found.status],
        "issues": issues[:SHOWN_ISSUES],
        "groups": [(label, tone, len(rows), rows[:SHOWN_DRAFTS]) for label, tone, rows in groups if rows],
        "same": len(compared.same),
        "missing": len(compared.missing),
        "leaving": list(leaving),
        "labels": dict(Category.choices),
        "names": showing.names_of([draft.division_code for draft in drafts] + [one.division_code for one in leaving]),
        "is_open": found.status == "PREVIEW",
    }
    return render(request, "distribution/roster.html", context)


@page(permissions.IMPORT, methods=("POST",))
def apply(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Bring a previewed workbook into the register."""
    queries.roster(request.actor, roster_id)
    with_leavers = request.POST.get("leavers") == "1"
    done = services.apply_roster(roster_id, with_leavers=with_leavers, actor=request.actor, on=request.on)
    messages.success(
        request,
        _("已入册：新增 %(added)s 户，变更 %(changed)s 户，退出 %(left)s 户")
        % {"added": done.added, "changed": done.changed, "left": done.left},
    )
    return redirect("distribution:households")


@page(permissions.IMPORT, methods=("POST",))
def discard(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Give a previewed workbook up."""
    queries.roster(request.actor, roster_id)
    services.discard_roster(roster_id, actor=request.actor, on=request.on)
    messages.success(request, _("已放弃这份名册，其中内容已清除"))
    return redirect("distribution:rosters")
