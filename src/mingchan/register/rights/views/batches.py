"""Batches (确权批次): the list, a new one from a filter, one of them with what it would change."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Problem, RightKind
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.queries.cards import suggestions
from mingchan.register.rights import permissions, services
from mingchan.register.rights.choices import OPEN, PENDING, Act, State
from mingchan.register.rights.forms import BatchForm, draft_of, holder_forms
from mingchan.register.rights.models import Confirmation
from mingchan.register.rights.queries import batches as queries
from mingchan.register.rights.queries import certificates, preview
from mingchan.register.rights.views.framing import TONES, key_in, paper_of, tabs

MOST_CHOSEN = 1000
STEPS = (State.DRAFT, State.PROPOSED, State.CHECKED, State.APPROVED)


@page("asset.view")
def batches(request: HttpRequest) -> HttpResponse:
    """Batches with their states, newest first."""
    state = request.GET.get("state", "")
    rows, following = queries.batches(request.actor, state=state, after=key_in(request))
    counts = queries.by_state(request.actor)
    context = {
        "tabs": tabs("batches"),
        "rows": [(row, State(row.state).label, TONES[State(row.state)]) for row in rows],
        "following": following,
        "state": state,
        "states": [
            (queries.WAITING, _("等我办理"), queries.waiting_for(request.actor).count()),
            *((value, label, counts[value]) for value, label in State.choices),
        ],
        "may_propose": request.actor.may(permissions.PROPOSE),
    }
    return render(request, "rights/batches.html", context)


class _Asked:
    """Which cards an address or a form asks for: chosen ones, or all that the filter finds."""

    def __init__(self, params: QueryDict) -> None:
        joined = {**params.dict(), "division": ",".join(filter(None, params.getlist("division")))}
        self.filter, self.bad = assets.from_params({name: str(value) for name, value in joined.items()})
        keys = bulk.chosen(params)
        self.chosen = [] if params.get("all") else list(dict.fromkeys(keys))[:MOST_CHOSEN]
        self.is_all = bool(params.get("all"))

    @property
    def is_nothing(self) -> bool:
        """Whether nothing says which cards are meant."""
        return not self.chosen and not self.is_all and self.filter.is_empty()

    def hidden(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        if self.chosen:
            return [("selected", str(key)) for key in self.chosen]
        return [*self.filter.pairs(), ("all", "1")]

    def words(self) -> str:
        """Which cards, in words."""
        if self.chosen:
            return _("所选 %(count)s 项资产") % {"count": len(self.chosen)}
        return self.filter.query()


def _all_valid(*forms: Form) -> bool:
    """Whether every form is valid; all are asked, so that each shows its own errors."""
    return all([one.is_valid() for one in forms])  # noqa: C419 - the last one too


@page("right.propose", methods=("GET", "POST"))
def propose(request: HttpRequest) -> HttpResponse:
    """Begin a batch over the cards that the list's filter finds, or over chosen ones."""
    actor = request.actor
    asked = _Asked(request.POST if request.method == "POST" else request.GET)
    data = request.POST if request.method == "POST" else None
    form = BatchForm(
        data, request.FILES or None, initial={"title": _("%(day)s 确权") % {"day": request.on.isoformat()}}
    )
    fixed, extra = holder_forms(actor, data)
    status = 200
    if data is not None:
        status = 422
        if _all_valid(form, *fixed, *extra):
            try:
                confirmation = _begin(request, form, [*fixed, *extra], asked)
            except NotFound:
                raise
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已草拟，请核对将要发生的变化后提出"))
                return redirect("rights:batch", confirmation.pk)
    context = {
        "form": form,
        "fixed": fixed,
        "extra": extra,
        "names": suggestions(actor),
        "asked": asked,
        "sums": _sums(request, asked),
        "list_url": f"{reverse('assets:list')}?{asked.filter.query()}",
        "starts": _starts(),
    }
    return render(request, "rights/propose.html", context, status=status)


def _begin(request: HttpRequest, form: BatchForm, lines: Any, asked: _Asked) -> Confirmation:
    with transaction.atomic():
        confirmation = services.draft(
            draft_of(form, lines), asked.filter, asked.chosen, words=asked.words(), actor=request.actor, on=request.on
        )
        return _with_paper(request, form, confirmation)


def _with_paper(request: HttpRequest, form: BatchForm, confirmation: Confirmation) -> Confirmation:
    file = form.cleaned_data["file"]
    if file is None:
        return confirmation
    return services.attach_paper(
        confirmation.pk, file.file, file.name, confirmation.version, actor=request.actor, on=request.on
    )


def _sums(request: HttpRequest, asked: _Asked) -> dict[str, int] | None:
    """How many cards a batch would take and their cost; None when nothing was asked for."""
    if asked.is_nothing:
        return None
    try:
        cards = queries.cards_for(request.actor, asked.filter, asked.chosen)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return {"count": 0, "cost_fen": 0}
    return queries.sums(cards)


def _starts() -> list[tuple[str, str]]:
    """Where to begin without a filter: the gaps, or everything."""
    found = [
        (str(Problem(problem).label), RegisterFilter(problem=problem))
        for problem in ("NO_OWNER", "NO_USER", "NO_OPERATOR", "NO_INCOME", "NO_SUPERVISION", "NO_KEEPER")
    ]
    base = reverse("rights:propose")
    return [(label, f"{base}?{asked.query()}&all=1") for label, asked in found] + [(_("全部在册资产"), f"{base}?all=1")]


@page("right.propose", methods=("GET", "POST"))
def change(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Change name, basis, paper and holders of a draft or a returned batch."""
    actor = request.actor
    confirmation = queries.batch(batch_id, actor)
    if confirmation.state not in OPEN:
        raise Refusal(_("批次已提出，不能再修改；需要改动时请先撤回或由审核人退回"), clauses=("2.3",))
    data = request.POST if request.method == "POST" else None
    form = BatchForm(data, request.FILES or None, initial={"title": confirmation.title, "basis": confirmation.basis})
    fixed, extra = holder_forms(actor, data, queries.proposed(batch_id))
    status = 200
    if data is not None:
        status = 422
        if _all_valid(form, *fixed, *extra):
            version = data.get("version", "")
            try:
                with transaction.atomic():
                    changed = services.change(
                        batch_id,
                        draft_of(form, [*fixed, *extra]),
                        int(version) if version.isdecimal() and len(version) < 10 else 0,
                        actor=actor,
                        on=request.on,
                    )
                    _with_paper(request, form, changed)
            except Refusal as refusal:
                if refusal.status in (403, 404):
                    raise
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已保存"))
                return redirect("rights:batch", batch_id)
    context = {
        "form": form,
        "fixed": fixed,
        "extra": extra,
        "names": suggestions(actor),
        "batch": confirmation,
        "paper": paper_of(confirmation.document),
    }
    return render(request, "rights/change.html", context, status=status)


@page("asset.view")
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its steps, what it would change, what stands against it, its assets, its certificates."""
    confirmation = queries.batch(batch_id, request.actor)
    rows, following = queries.members(batch_id, after=key_in(request))
    waits = confirmation.state in (*OPEN, *PENDING)
    context: dict[str, Any] = {
        "batch": confirmation,
        "state": State(confirmation.state),
        "tone": TONES[State(confirmation.state)],
        "names": [str(_("草拟")), str(_("提出")), str(_("审核")), str(_("批准"))],
        "current": _current(confirmation),
        "steps": [(step, Act(step.act).label) for step in queries.steps(batch_id)],
        "holders": [(RightKind(kind).label, same) for kind, same in queries.contents(confirmation)],
        "kinds": preview.by_kind(confirmation) if waits else [],
        "books": preview.books(confirmation) if waits else [],
        "changed": preview.changed(confirmation) if confirmation.state in (*PENDING, State.RETURNED) else (0, []),
        "elsewhere": preview.elsewhere(confirmation) if confirmation.state in OPEN else (0, []),
        "labels": {value: str(label) for value, label in RightKind.choices},
        "members": rows,
        "following": following,
        "paper": paper_of(confirmation.document),
        "certificates": [(one, certificates.number_of(one)) for one in certificates.of_batch(batch_id)],
        "may": _may(request, confirmation),
        "asked_url": _asked_url(confirmation),
    }
    return render(request, "rights/batch.html", context)


def _current(confirmation: Confirmation) -> int:
    """Which step the batch is at; beyond the last when it is done."""
    at = {State.DRAFT: 1, State.RETURNED: 1, State.PROPOSED: 2, State.CHECKED: 3, State.APPROVED: 4}
    return at.get(State(confirmation.state), 0)


def _may(request: HttpRequest, confirmation: Confirmation) -> dict[str, bool]:
    """Which steps the reader may take: its own batch, or another's that waits for it."""
    actor, state, division = request.actor, confirmation.state, confirmation.division_code
    own = confirmation.maker_id == actor.account_id and actor.may(permissions.PROPOSE, division)
    another = confirmation.maker_id != actor.account_id
    checks = state == State.PROPOSED and another and actor.may(permissions.CHECK, division)
    approves = (
        state == State.CHECKED
        and another
        and confirmation.checker_id != actor.account_id
        and actor.may(permissions.APPROVE, division)
    )
    return {
        "change": own and state in OPEN,
        "submit": own and state in OPEN,
        "withdraw": own and state in (*OPEN, *PENDING),
        "check": checks,
        "approve": approves,
        "give_back": checks or approves,
    }


def _asked_url(confirmation: Confirmation) -> str:
    return f"{reverse('assets:list')}?{confirmation.asked}" if "=" in confirmation.asked else ""
