"""Lists of tasks and matters (待办、已办、我的事项、全部事项)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import permissions, queries
from mingchan.foundation.procedures.choices import Answer, CaseStatus, Kind
from mingchan.kernel.ui.page import page

TONES = {"RUNNING": "info", "APPROVED": "good", "REJECTED": "bad", "WITHDRAWN": "neutral"}
ANSWER_TONES = {"AGREE": "good", "REMARK": "good", "DONE": "good", "REJECT": "bad", "RETURN": "warn"}


def tabs(request: HttpRequest, active: str) -> list[dict[str, Any]]:
    """The tabs over every list, with the figures of the reader's desk."""
    waiting, running = queries.todo_count(request.actor, request.on), queries.running_count(request.actor)
    unread = queries.unread_copies(request.actor)
    entries = [
        ("todo", _("待办"), waiting),
        ("done", _("已办"), None),
        ("copies", _("抄送我的"), unread),
        ("mine", _("我提交的"), running),
        ("all", _("全部事项"), None),
        ("procedures", _("审批流程"), None),
        ("tables", _("决策表"), None),
        ("delegations", _("委托代办"), None),
    ]
    return [
        {"label": label, "url": reverse(f"procedures:{name}"), "active": name == active, "count": count}
        for name, label, count in entries
    ]


@page(permissions.VIEW)
def todo(request: HttpRequest) -> HttpResponse:
    """What the reader has to do, what is due first above (2.4.2c)."""
    asked = request.GET.get("term", "")
    term = queries.Term(asked) if asked in tuple(queries.Term) else queries.Term.ALL
    rows, following = queries.todo(request.actor, request.on, request.GET.get("after", ""), term)
    context = {
        "tabs": tabs(request, "todo"),
        "rows": rows,
        "following": following,
        "term": term.value,
        "terms": [(queries.Term.SOON.value, _("快到期限")), (queries.Term.OVERDUE.value, _("已逾期"))],
        "kinds": dict(Kind.choices),
        "today": request.on,
        "may_begin": request.actor.may(permissions.START),
    }
    return render(request, "procedures/todo.html", context)


@page(permissions.VIEW)
def done(request: HttpRequest) -> HttpResponse:
    """What the reader has decided, newest first."""
    rows, following = queries.done_by(request.actor, request.GET.get("after", ""))
    context = {
        "tabs": tabs(request, "done"),
        "rows": rows,
        "following": following,
        "answers": dict(Answer.choices),
        "tones": ANSWER_TONES,
        "statuses": dict(CaseStatus.choices),
    }
    return render(request, "procedures/done.html", context)


def _cases(request: HttpRequest, active: str, title: str, found: tuple[list[Any], str], **more: Any) -> HttpResponse:
    rows, following = found
    names = {procedure.code: procedure.name for procedure in queries.procedures(request.actor.county, request.on)}
    context = {
        "tabs": tabs(request, active),
        "heading": title,
        "rows": rows,
        "following": following,
        "names": names,
        "statuses": dict(CaseStatus.choices),
        "tones": TONES,
        "may_begin": request.actor.may(permissions.START),
        **more,
    }
    return render(request, "procedures/cases.html", context)


@page(permissions.VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """Matters the reader brought in."""
    return _cases(request, "mine", _("我提交的事项"), queries.mine(request.actor, request.GET.get("after", "")))


@page(permissions.VIEW)
def everything(request: HttpRequest) -> HttpResponse:
    """Every matter in the reader's sight, by state and procedure."""
    found = queries.all_cases(
        request.actor,
        request.on,
        status=request.GET.get("status", ""),
        code=request.GET.get("code", ""),
        before=request.GET.get("after", ""),
    )
    return _cases(request, "all", _("全部事项"), found, is_all=True)
