"""Counting at the desk (盘点表): my places, the sheet of one, filled in by hand from paper or while counting."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel import period
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.ui.page import page, signed_in
from mingchan.lifecycle.stocktake import errands, forms, permissions, queries, services
from mingchan.lifecycle.stocktake.choices import TAKING
from mingchan.lifecycle.stocktake.models import Task
from mingchan.lifecycle.stocktake.rules import Truth


@page(permissions.COUNT)
def mine(request: HttpRequest) -> HttpResponse:
    """The reader's own places to count, the next due first."""
    rows = errands.Provider().errands(actor=request.actor, on=request.on)
    return render(request, "stocktake/mine.html", {"rows": rows, "today": request.on})


def _told(truth: Truth, code: str, actor_id: int | None) -> list[Any]:
    """What has been said of an asset so far, the reader's own first."""
    views = truth.of(code).views
    return sorted(views, key=lambda view: view.account != actor_id)


def _shown(
    request: HttpRequest,
    task: Task,
    bound: dict[str, django_forms.Form] | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    lines, following = queries.lines(task.plan, actor, task_id=task.pk, after=request.GET.get("after", "")[:40])
    truth = queries.truth_of_task(task.pk)
    counts = task.plan.state in TAKING and permissions.counts(actor, task)
    sees_all = not counts or permissions.role_in(actor, task.plan_id) != "COUNTER"
    told = {row.code: _told(truth, row.code, actor.account_id) for row in lines}
    if not sees_all:
        told = {code: [view for view in views if view.account == actor.account_id] for code, views in told.items()}
    context: dict[str, Any] = {
        "task": task,
        "plan": task.plan,
        "lines": lines,
        "following": following or None,
        "told": told,
        "results": forms.RESULTS,
        "blind": task.plan.is_blind and counts,
        "counts": counts,
        "done": actor.account_id in truth.finished,
        "surplus": truth.surplus,
        "signatures": queries.signatures(task.plan_id, task.pk),
        "photos": evidence.attachments_of(task.ref) if actor.may("paper.view", task.division_code) else [],
        "forms": {"surplus": forms.SurplusForm(), "finish": forms.FinishForm()} | (bound or {}),
        "given": request.POST if fault else {},
        "fault": fault,
        "state": dict(task.plan._meta.get_field("state").choices or ())[task.plan.state],
    }
    return render(request, "stocktake/sheet.html", context, status=status)


@signed_in(methods=("GET", "POST"))
def sheet(request: HttpRequest, task_id: int) -> HttpResponse:
    """The count sheet of a place; whoever counts there fills it in."""
    task = queries.task(task_id, request.actor)
    if request.method != "POST":
        return _shown(request, task)
    if not permissions.counts(request.actor, task):
        permissions.refuse()
    lines, _following = queries.lines(
        task.plan, request.actor, task_id=task.pk, after=request.POST.get("after", "")[:40]
    )
    try:
        acts = forms.read_sheet(request.POST, [(row.id, row.code) for row in lines])
        if not acts:
            raise ValidationError(_("没有填写任何一行"))
        _enter(request, task, acts)
    except ValidationError as error:
        return _shown(request, task, fault="；".join(error.messages), status=422)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _shown(request, task, fault=str(refusal), status=refusal.status)
    messages.success(request, _("已录入 %(count)s 条盘点记录") % {"count": len(acts)})
    after = request.POST.get("next", "")[:40]
    address = reverse("stocktake:sheet", args=[task.pk])
    return redirect(f"{address}?after={after}" if after else address)


def _enter(request: HttpRequest, task: Task, acts: list[tuple[str, str, dict[str, Any]]]) -> None:
    services.enter(task.pk, acts, received_at=period.utc_now(), actor=request.actor, on=request.on)


@signed_in(methods=("POST",))
def surplus(request: HttpRequest, task_id: int) -> HttpResponse:
    """A thing without a card was found here."""
    task = queries.task(task_id, request.actor)
    if not permissions.counts(request.actor, task):
        permissions.refuse()
    form = forms.SurplusForm(request.POST)
    if not form.is_valid():
        return _shown(request, task, {"surplus": form}, status=422)
    try:
        _enter(request, task, [form.act()])
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, task, {"surplus": form}, status=refusal.status)
    messages.success(request, _("账外物已登记"))
    return redirect("stocktake:sheet", task.pk)


@signed_in(methods=("POST",))
def finish(request: HttpRequest, task_id: int) -> HttpResponse:
    """The place is counted and signed for."""
    task = queries.task(task_id, request.actor)
    if not permissions.counts(request.actor, task):
        permissions.refuse()
    form = forms.FinishForm(request.POST)
    if not form.is_valid():
        return _shown(request, task, {"finish": form}, status=422)
    try:
        _enter(request, task, form.acts())
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, task, {"finish": form}, status=refusal.status)
    messages.success(request, _("已登记清点完毕"))
    return redirect("stocktake:mine")
