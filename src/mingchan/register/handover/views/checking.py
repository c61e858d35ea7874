"""Checking on the spot, by phone (现场清点): each item its own small request (3.3, 3.4.1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.register.handover import forms, permissions, queries, rules, services
from mingchan.register.handover.choices import Shown
from mingchan.register.handover.drafts import Photo
from mingchan.register.handover.models import Handover
from mingchan.register.handover.views import showing

ON_A_PHONE = 20
LARGEST_PHOTO = 50 * 1024 * 1024


@page("handover.check")
def check(request: HttpRequest, handover_id: int) -> HttpResponse:
    """The items of a list with big buttons, those not yet ticked at a touch."""
    handover = queries.handover(handover_id, request.actor, permissions.CHECK)
    which = showing.which(request)
    items, following = queries.items(handover, which, after=showing.after(request), limit=ON_A_PHONE)
    progress = queries.progress(handover)
    context = {
        **_shared(handover, request),
        "progress": progress,
        "next": showing.next_step(handover, progress, request),
        "which": which,
        "tabs": showing.tabs(handover, progress, which, request.path),
        "items": items,
        "following": following,
    }
    return render(request, "handover/check.html", context)


def _shared(handover: Handover, request: HttpRequest) -> dict[str, Any]:
    """What an item's fragment needs beside the item."""
    return {
        "handover": handover,
        "may_tick": rules.may("tick", handover.state) and permissions.may(request.actor, permissions.CHECK, handover),
        "conditions": showing.condition_choices(),
        "condition_text": showing.condition_text,
        "found_text": showing.found_text,
        "found_tones": showing.FOUND_TONES,
    }


def _answer(handover_id: int, line_id: int, request: HttpRequest, error: str = "") -> HttpResponse:
    """The item as it stands now, with the progress beside it for htmx; otherwise back to the page."""
    if not request.htmx:
        if error:
            messages.error(request, error)
        show = request.POST.get("show", "")
        query = f"?show={show}" if show in Shown.values else ""
        return redirect(f"{reverse('handover:check', args=[handover_id])}{query}#item-{line_id}")
    handover = queries.handover(handover_id, request.actor, permissions.CHECK)
    item = queries.item(handover, line_id)
    if item is None:
        raise NotFound(_("清单上没有这一项"))
    progress = queries.progress(handover)
    context = {
        **_shared(handover, request),
        "item": item,
        "error": error,
        "progress": progress,
        "next": showing.next_step(handover, progress, request),
        "out_of_band": True,
    }
    return render(request, "handover/_ticked.html", context)


@page("handover.check", methods=("POST",))
def tick(request: HttpRequest, handover_id: int, line_id: int) -> HttpResponse:
    """Record what was found of one item."""
    queries.handover(handover_id, request.actor, permissions.CHECK)
    queries.line(handover_id, line_id)
    form = forms.TickForm(request.POST, request.FILES)
    error = ""
    if form.is_valid():
        file = form.cleaned_data["photo"]
        try:
            photo = None
            if file is not None:
                if file.size > LARGEST_PHOTO:
                    raise Refusal(_("照片太大"), clauses=("3.3",))
                photo = Photo(file.read(), file.name)
            services.tick(handover_id, line_id, form.draft(), photo=photo, actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            error = str(refusal)
    else:
        error = forms.first_error(form)
    return _answer(handover_id, line_id, request, error)


@page("handover.check", methods=("POST",))
def resolve(request: HttpRequest, handover_id: int, line_id: int) -> HttpResponse:
    """Decide about a difference."""
    queries.handover(handover_id, request.actor, permissions.CHECK)
    queries.line(handover_id, line_id)
    form = forms.ResolveForm(request.POST)
    error = ""
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.resolve(handover_id, line_id, data["resolution"], data["note"], actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            error = str(refusal)
    else:
        error = forms.first_error(form)
    return _answer(handover_id, line_id, request, error)
