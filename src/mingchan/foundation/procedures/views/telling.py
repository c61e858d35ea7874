"""Pages of what is told (消息、抄送、督办), and the acts on it: read, copy, urge."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import forms, permissions, queries, services
from mingchan.foundation.procedures.choices import CaseStatus, MessageKind
from mingchan.foundation.procedures.views.lists import TONES, tabs
from mingchan.foundation.procedures.views.showing import case_context
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page

KIND_TONES = {
    MessageKind.SOON: "warn",
    MessageKind.OVERDUE: "bad",
    MessageKind.ESCALATED: "bad",
    MessageKind.URGED: "warn",
    MessageKind.RETURNED: "warn",
    MessageKind.COPIED: "info",
    MessageKind.ENDED: "good",
}


@page(permissions.VIEW)
def copies(request: HttpRequest) -> HttpResponse:
    """What was copied to the reader, newest first, with a button to confirm having read it (2.4.2c)."""
    unread = request.GET.get("show") == "unread"
    rows, following = queries.copies(request.actor, unread=unread, before=request.GET.get("after", ""))
    context = {
        "tabs": tabs(request, "copies"),
        "rows": rows,
        "following": following,
        "unread": unread,
        "shows": [("unread", _("未阅"))],
        "statuses": dict(CaseStatus.choices),
        "tones": TONES,
    }
    return render(request, "procedures/copies.html", context)


@page(permissions.VIEW, methods=("POST",))
def read_copy(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Confirm having read a copy."""
    found = services.read(copy_id, actor=request.actor, on=request.on)
    messages.success(request, _("已记录阅知。"))
    back = "procedures:case" if request.POST.get("back") == "case" else "procedures:copies"
    return redirect(back, found.case_id) if back == "procedures:case" else redirect(back)


@page(permissions.VIEW, methods=("POST",))
def copy(request: HttpRequest, case_id: int) -> HttpResponse:
    """Copy a matter to roles and colleagues."""
    found = queries.case(case_id, request.actor, request.on)
    form = forms.CopyForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            given = services.copy(
                case_id,
                roles=form.cleaned_data["roles"],
                accounts=[int(key) for key in form.cleaned_data["accounts"]],
                note=form.cleaned_data["note"],
                actor=request.actor,
                on=request.on,
            )
        except Refusal as refusal:
            forms.tell(form, refusal)
        else:
            messages.success(request, _("已抄送 %(count)s 人。") % {"count": len(given)})
            return redirect("procedures:case", case_id)
    return render(request, "procedures/case.html", case_context(request, found, copy=form), status=400)


@page(permissions.VIEW, methods=("POST",))
def urge(request: HttpRequest, task_id: int) -> HttpResponse:
    """Ask for a step to be done."""
    task = queries.task(task_id, request.actor, request.on)
    services.urge(task_id, request.POST.get("text", ""), actor=request.actor, on=request.on)
    messages.success(request, _("已催办：%(step)s。") % {"step": task.name})
    return redirect("procedures:case", task.case_id)


@page(permissions.VIEW)
def told(request: HttpRequest) -> HttpResponse:
    """What was told to the reader, newest first."""
    rows, following = queries.messages(request.actor, before=request.GET.get("after", ""))
    context = {
        "rows": rows,
        "following": following,
        "kinds": dict(MessageKind.choices),
        "tones": {kind.value: tone for kind, tone in KIND_TONES.items()},
        "unseen": any(row["seen_on"] is None for row in rows),
    }
    return render(request, "procedures/messages.html", context)


@page(permissions.VIEW, methods=("POST",))
def see(request: HttpRequest, message_id: int) -> HttpResponse:
    """Open what a message is about; it counts as seen from then on."""
    case_id = services.see(message_id, actor=request.actor, on=request.on)
    return redirect("procedures:case", case_id) if case_id is not None else redirect("procedures:messages")


@page(permissions.VIEW, methods=("POST",))
def see_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as seen."""
    services.see_all(actor=request.actor, on=request.on)
    return redirect("procedures:messages")


@page(permissions.VIEW)
def escalated(request: HttpRequest) -> HttpResponse:
    """Overdue steps that were taken to the reader's office and still wait (4.2)."""
    rows, following = queries.escalated(request.actor, before=request.GET.get("after", ""))
    context = {"tabs": tabs(request, "todo"), "rows": rows, "following": following, "today": request.on}
    return render(request, "procedures/escalated.html", context)
