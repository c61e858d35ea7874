"""Pages of accountability (追责): the list, one case with what is next, its acts."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel import links
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.oversight.jointwork import forms, permissions, rules, services
from mingchan.oversight.jointwork.choices import Act, CaseState, Violation
from mingchan.oversight.jointwork.models import Case
from mingchan.oversight.jointwork.queries import cases
from mingchan.oversight.jointwork.queries.cases import COUNT_CAP, CaseFilter
from mingchan.oversight.jointwork.views.plans import answered

TONES = {CaseState.OPEN: "warn", CaseState.FOUND: "info", CaseState.CLOSED: "good", CaseState.DROPPED: "neutral"}


@page("accountability.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Accountability cases, newest first, with what they come to (3.4.2)."""
    wanted = CaseFilter.read(request.GET.dict())
    rows, following = cases.rows(wanted, request.actor, after=request.GET.get("after", ""))
    count = cases.count(wanted, request.actor)
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "sums": cases.sums(request.actor),
        "states": [("ongoing", _("未办结")), ("owed", _("尚欠赔偿")), *CaseState.choices],
        "state_names": dict(CaseState.choices),
        "violations": Violation.choices,
        "violation_names": dict(Violation.choices),
        "tones": TONES,
        "may_open": request.actor.may(permissions.HANDLE, request.actor.county),
    }
    return render(request, "jointwork/cases.html", context)


@page("accountability.handle", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Open a case, for example from a finding or a report: `source` and `asset` fill the form."""
    given = {"source_ref": request.GET.get("source", "")[:80], "assets": request.GET.get("asset", "")[:40]}
    form = forms.CaseForm(request.POST or None, initial=given)
    made: list[int] = []
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        if answered(form, lambda: made.append(services.open_case(draft, actor=request.actor, on=request.on).pk)):
            messages.success(request, _("已立案。"))
            return redirect("jointwork:case", made[0])
    status = 422 if request.method == "POST" else 200
    return render(request, "jointwork/case_form.html", {"form": form}, status=status)


def _forms(request: HttpRequest, case: Case, may: frozenset[str]) -> dict[str, Any]:
    """Empty forms of the acts that may follow, by act."""
    seen = {"seen": case.version}
    people = [(one.pk, f"{one.name_mask} {one.post}") for one in cases.people(case)]
    owed = [
        (row.order.pk, f"{row.order.document_no} {row.order.person.name_mask}（{format_yuan(row.owed_fen)}）")
        for row in cases.orders(case)
        if row.owed_fen
    ]
    creditors = cases.creditors(case.county)
    every: dict[str, Callable[[], django_forms.Form]] = {
        "ADD_PERSON": lambda: forms.PersonForm(initial=seen),
        "FIND": lambda: forms.LossForm(initial=seen),
        "ORDER": lambda: forms.OrderForm(initial=seen, people=people, creditors=creditors),
        "PAY": lambda: forms.PayForm(initial=seen, orders=owed),
        "TRANSFER": lambda: forms.TransferForm(initial=seen),
        "CLOSE": lambda: forms.EndForm(initial=seen),
        "DROP": lambda: forms.DropForm(initial=seen),
    }
    rights = dict.fromkeys(every, permissions.HANDLE) | {"PAY": permissions.PAY}
    return {act: make() for act, make in every.items() if act in may and request.actor.may(rights[act], case.county)}


def _shown(
    request: HttpRequest, case: Case, *, bound: dict[str, Any] | None = None, revealed: Any = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    balance, people = cases.balance(case), cases.people(case)
    may = rules.acts(case.state, balance, len(people))
    trace: list[Moment] = []
    if actor.may("log.view", case.division_code):
        entries = reversed(evidence.history(Ref("accountability", case.pk)))
        trace = [Moment(day(entry.on), entry.sentence, entry.reason, entry.actor) for entry in entries]
    context = {
        "case": case,
        "balance": balance,
        "people": people,
        "assets": cases.assets(case),
        "orders": cases.orders(case),
        "transfers": cases.transfers(case),
        "steps": cases.steps(case),
        "files": evidence.attachments_of(Ref("accountability", case.pk)),
        "may_files": actor.may("paper.view", case.division_code),
        "may_assets": actor.may("asset.view"),
        "may_books": actor.may("ledger.view"),
        "may_reveal": actor.may(permissions.REVEAL, case.county),
        "may_package": actor.may(permissions.PACKAGE, actor.county),
        "voucher": lambda text: links.resolve(text),
        "source": links.resolve(case.source_ref) if case.source_ref else None,
        "forms": {**_forms(request, case, may), **(bound or {})},
        "tone": TONES[CaseState(case.state)],
        "revealed": revealed,
        "trace": trace,
        "today": request.on,
    }
    return render(request, "jointwork/case.html", context, status=status)


@page("accountability.view")
def detail(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: what happened, who is responsible, what was lost, ordered and paid, what is next."""
    return _shown(request, cases.case(case_id, request.actor))


def _act(
    request: HttpRequest,
    case_id: int,
    act: Act,
    form: django_forms.Form,
    do: Callable[[dict[str, Any]], Any],
) -> HttpResponse:
    case = cases.case(case_id, request.actor)
    if not form.is_valid():
        return _shown(request, case, bound={act.value: form}, status=422)
    if not answered(form, lambda: do(form.cleaned_data)):
        return _shown(request, case, bound={act.value: form}, status=409)
    messages.success(request, _("已办理。"))
    return redirect("jointwork:case", case_id)


@page("accountability.handle", methods=("POST",))
def person(request: HttpRequest, case_id: int) -> HttpResponse:
    """Name somebody responsible."""
    form = forms.PersonForm(request.POST)
    return _act(
        request, case_id, Act.ADD_PERSON, form,
        lambda given: services.add_person(
            case_id, form.draft(), seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip


@page("accountability.handle", methods=("POST",))
def loss(request: HttpRequest, case_id: int) -> HttpResponse:
    """Establish the loss."""
    return _act(
        request, case_id, Act.FIND, forms.LossForm(request.POST),
        lambda given: services.find_loss(
            case_id, given["loss"], given["text"], seen=given["seen"], actor=request.actor, on=request.on
        ),
    )  # fmt: skip


@page("accountability.handle", methods=("POST",))
def order(request: HttpRequest, case_id: int) -> HttpResponse:
    """Order somebody to pay."""
    case = cases.case(case_id, request.actor)
    people = [(one.pk, f"{one.name_mask} {one.post}") for one in cases.people(case)]
    form = forms.OrderForm(request.POST, request.FILES, people=people, creditors=cases.creditors(case.county))
    return _act(
        request, case_id, Act.ORDER, form,
        lambda given: services.order(case_id, form.draft(), seen=given["seen"], actor=request.actor, on=request.on),
    )  # fmt: skip


@page("accountability.pay", methods=("POST",))
def pay(request: HttpRequest, case_id: int) -> HttpResponse:
    """Note compensation that came in."""
    case = cases.case(case_id, request.actor)
    form = forms.PayForm(request.POST, orders=[(row.order.pk, row.order.document_no) for row in cases.orders(case)])
    return _act(
        request, case_id, Act.PAY, form,
        lambda given: services.pay(
            case_id, given["order"], given["fen"], given["paid_on"], given["receipt_no"],
            seen=given["seen"], actor=request.actor, on=request.on,
        ),
    )  # fmt: skip


@page("accountability.handle", methods=("POST",))
def transfer(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand it to discipline or justice."""
    form = forms.TransferForm(request.POST, request.FILES)
    return _act(
        request, case_id, Act.TRANSFER, form,
        lambda given: services.transfer(case_id, form.draft(), seen=given["seen"], actor=request.actor, on=request.on),
    )  # fmt: skip


@page("accountability.handle", methods=("POST",))
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """End it."""
    return _act(
        request, case_id, Act.CLOSE, forms.EndForm(request.POST),
        lambda given: services.close(case_id, given["text"], seen=given["seen"], actor=request.actor, on=request.on),
    )  # fmt: skip


@page("accountability.handle", methods=("POST",))
def drop(request: HttpRequest, case_id: int) -> HttpResponse:
    """Decide that nobody is held to account."""
    return _act(
        request, case_id, Act.DROP, forms.DropForm(request.POST),
        lambda given: services.drop(case_id, given["text"], seen=given["seen"], actor=request.actor, on=request.on),
    )  # fmt: skip


@page("accountability.view", methods=("POST",))
def reveal(request: HttpRequest, case_id: int, person_id: int) -> HttpResponse:
    """Somebody responsible in full, shown once; that it was looked at is recorded."""
    case = cases.case(case_id, request.actor)
    reason = request.POST.get("reason", "")[:200]
    found = services.reveal(case_id, person_id, reason, actor=request.actor, on=request.on)
    return _shown(request, case, revealed=found)
