"""Pages of reports for the offices (群众反映): the list, one report with what is next, writing one down, the acts."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import acting, sections
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.maintenance import queries as maintenance
from mingchan.oversight.complaints import forms, permissions, queries, rules, services
from mingchan.oversight.complaints.choices import Kind, Source, State
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.complaints.queries import COUNT_CAP, ComplaintFilter
from mingchan.register.assets.models import Asset

TONES = {
    State.RECEIVED: "warn",
    State.ACCEPTED: "info",
    State.INVESTIGATED: "info",
    State.ANSWERED: "good",
    State.DECLINED: "neutral",
}


@page("complaint.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Reports handled in the reader's divisions, newest first; late ones are told (4.3)."""
    wanted = ComplaintFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    count = queries.count(wanted, request.actor, request.on)
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "counts": queries.counts(request.actor, request.on),
        "states": [("open", _("未办结")), ("overdue", _("已超期")), *State.choices],
        "state_names": dict(State.choices),
        "kinds": Kind.choices,
        "kind_names": dict(Kind.choices),
        "source_names": dict(Source.choices),
        "tones": TONES,
        "places": directory.division_names({row.division_code for row in rows if row.division_code}),
        "over": {row.id: rules.days_over(row.state, row.due_on, request.on) for row in rows},
        "may_record": request.actor.may(permissions.HANDLE),
    }
    return render(request, "complaints/list.html", context)


def _forms(complaint: Complaint, request: HttpRequest) -> dict[str, Any]:
    """Empty forms of the acts that may follow, by act."""
    if not permissions.may_handle(request.actor, complaint):
        return {}
    seen = {"seen": complaint.version}
    offices = [
        office
        for office in queries.offices(complaint.county, request.on)
        if (office.scope, office.party_id) != (complaint.handled_in, complaint.office_id)
    ]
    every: dict[str, Callable[[], django_forms.Form]] = {
        "ACCEPT": lambda: forms.SeenForm(initial=seen),
        "PASS_ON": lambda: forms.PassOnForm(initial=seen, offices=offices),
        "INVESTIGATE": lambda: forms.FindingForm(initial=seen),
        "ANSWER": lambda: forms.AnswerForm(initial=seen),
        "DECLINE": lambda: forms.DeclineForm(initial=seen),
    }
    may = rules.acts(complaint.state, complaint.kind)
    return {act: make() for act, make in every.items() if act in may and not (act == "PASS_ON" and not offices)}


def _shown(
    request: HttpRequest,
    complaint: Complaint,
    *,
    revealed: tuple[str, str] | None = None,
    bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asset = None
    if complaint.asset_code and request.actor.may("asset.view"):
        asset = Asset.objects.filter(county=complaint.county, code=complaint.asset_code).only("id", "name").first()
    name = directory.division(complaint.division_code) if complaint.division_code else None
    trace: list[Moment] = []
    if request.actor.may("log.view", complaint.handled_in):
        trace = [
            Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
            for entry in reversed(evidence.history(Ref("complaint", complaint.pk)))
        ]
    context = {
        "complaint": complaint,
        "asset": asset,
        "division": name.name if name else "",
        "steps": queries.steps(complaint.pk),
        "files": [(file, request.actor.may("paper.view", file.division_code)) for file in queries.files(complaint.pk)],
        "forms": {**_forms(complaint, request), **(bound or {})},
        "tone": TONES[State(complaint.state)],
        "over": rules.days_over(complaint.state, complaint.due_on, request.on),
        "may_handle": permissions.may_handle(request.actor, complaint),
        "may_repair": asset is not None
        and request.actor.may("maintenance.inspect", complaint.division_code or complaint.county),
        "repairs": maintenance.of_origin(str(Ref("complaint", complaint.pk)), request.actor),
        "reveal_form": forms.RevealForm(),
        "revealed": revealed,
        "trace": trace,
        "sections": sections.build("complaint", "", complaint, request),
    }
    return render(request, "complaints/detail.html", context, status=status)


@page("complaint.view")
def detail(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """One report: what is said, where, until when, what was done, what is next."""
    return _shown(request, queries.complaint(complaint_id, request.actor))


@page("complaint.handle", methods=("GET", "POST"))
def record(request: HttpRequest) -> HttpResponse:
    """Write down a report that came by telephone, in person or by letter; the receipt is read out to the caller."""
    form = forms.RecordForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = services.receive(form.draft(), actor=request.actor, on=request.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            context = {"receipt": receipt, "code": rules.shown_code(receipt.code)}
            return render(request, "complaints/recorded.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "complaints/record.html", {"form": form}, status=status)


def _act(
    request: HttpRequest,
    complaint_id: int,
    act: str,
    form: django_forms.Form,
    do: Callable[[dict[str, Any]], Complaint],
) -> HttpResponse:
    """One act from its form: done and told, or shown again with what is wrong."""
    complaint = queries.complaint(complaint_id, request.actor)
    target = reverse("complaints:detail", args=[complaint_id])
    return acting.tried(
        request, form, do, lambda status: _shown(request, complaint, bound={act: form}, status=status), target,
        _("已办理。"),
    )  # fmt: skip


@page("complaint.handle", methods=("POST",))
def accept(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Accept it."""
    return _act(
        request, complaint_id, "ACCEPT", forms.SeenForm(request.POST),
        lambda given: services.accept(complaint_id, seen=given["seen"], actor=request.actor, on=request.on),
    )  # fmt: skip


@page("complaint.handle", methods=("POST",))
def pass_on(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Give it to another office. Whoever passes it on may no longer see it."""
    complaint = queries.complaint(complaint_id, request.actor)
    form = forms.PassOnForm(request.POST, offices=queries.offices(complaint.county, request.on))
    answer = _act(
        request, complaint_id, "PASS_ON", form,
        lambda given: services.pass_on(
            complaint_id, given["office"], given["reason"], seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip
    return redirect("complaints:list") if answer.status_code == 302 else answer


@page("complaint.handle", methods=("POST",))
def investigate(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Note what was found."""
    return _act(
        request, complaint_id, "INVESTIGATE", forms.FindingForm(request.POST, request.FILES),
        lambda given: services.investigate(
            complaint_id, given["finding"], files=[given["photo"]] if given["photo"] else [],
            seen=given["seen"], actor=request.actor, on=request.on,
        ),
    )  # fmt: skip


@page("complaint.handle", methods=("POST",))
def answer(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Answer it."""
    return _act(
        request, complaint_id, "ANSWER", forms.AnswerForm(request.POST),
        lambda given: services.answer(
            complaint_id, given["answer"], is_public=given["is_public"], followed_by=given["followed_by"],
            seen=given["seen"], actor=request.actor, on=request.on,
        ),
    )  # fmt: skip


@page("complaint.handle", methods=("POST",))
def decline(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Decline it, with the reason."""
    return _act(
        request, complaint_id, "DECLINE", forms.DeclineForm(request.POST),
        lambda given: services.decline(
            complaint_id, given["reason"], seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip


@page("complaint.handle", methods=("POST",))
def reveal(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """Who reported, shown once; that it was looked at is recorded."""
    complaint = queries.complaint(complaint_id, request.actor)
    reason = request.POST.get("reason", "")[:200]
    found = services.reveal(complaint_id, reason, actor=request.actor, on=request.on)
    return _shown(request, complaint, revealed=found)
