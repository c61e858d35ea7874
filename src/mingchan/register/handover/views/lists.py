"""Lists: all of them, one of them, drafting and changing, picking assets, calling off (移交清单)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.register.assets import queries as assets
from mingchan.register.assets.queries import RegisterFilter, choosing
from mingchan.register.assets.queries.cards import suggestions
from mingchan.register.handover import forms, permissions, queries, rules, services
from mingchan.register.handover.choices import HandoverKind, State
from mingchan.register.handover.models import Handover
from mingchan.register.handover.queries import COUNT_CAP, HandoverFilter
from mingchan.register.handover.services.drafting import MOST_ITEMS
from mingchan.register.handover.views import showing

CHOSEN = 1000
"""So many single cards may be handed in by their numbers; more by a filter."""


@page("handover.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Lists by state, newest first (3.3)."""
    wanted = HandoverFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, request.actor, after=request.GET.get("after", ""))
    count = queries.count(wanted, request.actor)
    party = Party.objects.filter(pk=wanted.party, county=request.actor.county).first() if wanted.party else None
    context = {
        "rows": rows,
        "following": following,
        "count": None if count > COUNT_CAP else count,
        "wanted": wanted,
        "party": party,
        "kinds": HandoverKind.choices,
        "kind_names": dict(HandoverKind.choices),
        "states": [("waiting", _("等我办理")), ("open", _("未办结")), *State.choices],
        "state_names": dict(State.choices),
        "tones": showing.TONES,
        "may_draft": request.actor.may(permissions.DRAFT),
    }
    return render(request, "handover/list.html", context)


@page("handover.view")
def detail(request: HttpRequest, handover_id: int) -> HttpResponse:
    """One list: how far it is, what is next and by whom, its items, papers, signatures and trace."""
    handover = queries.handover(handover_id, request.actor)
    progress = queries.progress(handover)
    which = showing.which(request)
    items, following = queries.items(handover, which, after=showing.after(request))
    signatures = queries.signatures(handover)
    may = {
        act: rules.may(act, handover.state) and permissions.may(request.actor, right, handover)
        for act, right in (
            ("edit", permissions.DRAFT), ("add", permissions.DRAFT), ("remove", permissions.DRAFT),
            ("refresh", permissions.DRAFT), ("open", permissions.DRAFT), ("tick", permissions.CHECK),
            ("sign", permissions.SIGN), ("cancel", permissions.DRAFT),
        )
    }  # fmt: skip
    seen = request.GET.get("digest", "")[:64]
    context: dict[str, Any] = {
        "handover": handover,
        "progress": progress,
        "sums": queries.sums(handover),
        "steps": showing.step_names(signatures),
        "step": showing.step_now(handover, progress),
        "next": showing.next_step(handover, progress, request),
        "tone": showing.TONES[handover.state],
        "rights": showing.rights_text(handover),
        "tabs": showing.tabs(handover, progress, which, request.path),
        "items": items,
        "following": following,
        "signatures": signatures,
        "void": None if any(one.voided_on is None for one in signatures) else next(iter(signatures[::-1]), None),
        "papers": [(paper, request.actor.may("paper.view", paper.division_code)) for paper in queries.papers(handover)],
        "vouchers": _vouchers(handover, request),
        "may": may,
        "found_text": showing.found_text,
        "found_tones": showing.FOUND_TONES,
        "condition_text": showing.condition_text,
        "trace": _trace(handover, request),
        "retract": _may_retract(handover, signatures, request),
        "seen": seen,
        "seen_agrees": bool(seen) and (handover.digest or queries.content_digest(handover)).startswith(seen),
    }
    return render(request, "handover/detail.html", context)


def _vouchers(handover: Handover, request: HttpRequest) -> list[Any]:
    if handover.state != State.EXECUTED or not request.actor.may("ledger.view"):
        return []
    books = ledger.visible_to(request.actor)
    return list(ledger.of_source(Ref("handover", handover.pk)).filter(book__in=books).select_related("book"))


def _trace(handover: Handover, request: HttpRequest) -> list[Moment]:
    if not request.actor.may("log.view", handover.division_code):
        return []
    return [
        Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
        for entry in reversed(evidence.history(Ref("handover", handover.pk)))
    ]


def _may_retract(handover: Handover, signatures: list[Any], request: HttpRequest) -> bool:
    account = request.account
    return handover.state == State.SIGNING and any(
        one.voided_on is None and account is not None and one.office_id == account.office_id for one in signatures
    )


def _found(wanted: RegisterFilter, request: HttpRequest) -> list[int]:
    """Every card of a filter that stands on no unfinished list. Raises Refusal beyond what one list holds."""
    if assets.count(wanted, request.actor, cap=MOST_ITEMS) > MOST_ITEMS:
        raise Refusal(_("一份清单最多 %(count)s 项，请先缩小筛选范围") % {"count": MOST_ITEMS}, clauses=("3.3",))
    return queries.unlisted([row.id for chunk in assets.every_row(wanted, request.actor) for row in chunk])


@page("handover.draft", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Draft a list; cards chosen in the register come with the address, more are added afterwards."""
    chosen, wanted = assets.asked(request.POST if request.method == "POST" else request.GET, CHOSEN)
    count = assets.count(wanted, request.actor) if wanted is not None else len(chosen)
    form = forms.HandoverForm(request.POST or None, actor=request.actor, initial=_proposed(request, chosen))
    paper = forms.PaperForm(None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ids = _found(wanted, request) if wanted is not None else chosen
                made = services.draft(ids, form.draft(), actor=request.actor, on=request.on)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                _keep_paper(made.pk, paper, request)
                messages.success(request, _("已拟定移交清单 %(number)s") % {"number": made.number})
                return redirect("handover:detail" if ids else "handover:pick", made.pk)
    context = {
        "form": form,
        "count": count,
        "chosen": chosen,
        "filter_pairs": wanted.pairs() if wanted is not None else [],
        "names": suggestions(request.actor),
    }
    return render(request, "handover/form.html", context, status=status)


def _proposed(request: HttpRequest, chosen: list[int]) -> dict[str, Any]:
    """What the form begins with: the kind and sides of the address, else the one owner of the chosen cards."""
    given = request.GET
    found: dict[str, Any] = {"kind": given.get("kind", HandoverKind.OWNERSHIP)}
    for name, key in (("from_party", "from"), ("to_party", "to"), ("keeper", "new_keeper")):
        ids = bulk.keys([given.get(key, "")])
        party = Party.objects.filter(pk=ids[0], county=request.actor.county).first() if ids else None
        if party is not None:
            found[name] = forms.written(party)
    if "from_party" not in found and chosen:
        rows = assets.rows_of(chosen, request.actor)
        holders = {row.keeper_id if found["kind"] == HandoverKind.CUSTODY else row.owner_id for row in rows}
        if len(holders) == 1:
            found["from_party"] = forms.written(Party.objects.filter(pk=holders.pop()).first())
    return found


def _keep_paper(handover_id: int, form: forms.PaperForm, request: HttpRequest) -> None:
    """Attach the paper that came with a form, if one came; what is wrong with it is said and the list stays."""
    if not form.is_valid():
        return
    file = form.cleaned_data["file"]
    try:
        services.attach_paper(handover_id, file.file, file.name, actor=request.actor, on=request.on)
    except Refusal as refusal:
        messages.error(request, str(refusal))


@page("handover.draft", methods=("GET", "POST"))
def edit(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Change the head of a list; a standing signature becomes void, which the page says before."""
    handover = queries.handover(handover_id, request.actor, permissions.DRAFT)
    form = forms.HandoverForm(
        request.POST or None, actor=request.actor, initial=forms.HandoverForm.initial_of(handover)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.edit(
                    handover_id,
                    form.draft(),
                    form.cleaned_data["version"] or 0,
                    actor=request.actor,
                    on=request.on,
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已保存"))
                return redirect("handover:detail", handover_id)
    context = {"form": form, "handover": handover, "names": suggestions(request.actor)}
    return render(request, "handover/form.html", context, status=status)


@page("handover.draft", methods=("GET", "POST"))
def pick(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Find cards that the giving side can hand over, and put some or all that were found on the list."""
    handover = queries.handover(handover_id, request.actor, permissions.DRAFT)
    if request.method == "POST":
        return _picked(handover, request)
    plain = {**request.GET.dict(), "division": ",".join(filter(None, request.GET.getlist("division")))}
    wanted, _bad = assets.from_params(plain)
    wanted = wanted.but(as_of=None, status="", **_holder(handover))
    count = assets.count(wanted, request.actor)
    place = assets.Place.parse(request.GET.get("after", ""))
    found = assets.rows(wanted, request.actor, after=place, limit=50, of=count)
    context = {
        "handover": handover,
        "rows": found.rows,
        "names": assets.names_of(found.rows),
        "following": found.next,
        "count": count,
        "many": count > COUNT_CAP,
        "listed": queries.listed_among(handover, [row.id for row in found.rows]),
        "filter_pairs": wanted.pairs(),
        "divisions": choosing.tree(request.actor),
        "condition_choices": showing.condition_choices(),
        "condition_text": showing.condition_text,
    }
    return render(request, "handover/pick.html", context)


def _holder(handover: Handover) -> dict[str, Any]:
    """What narrows the register to cards that the giving side can hand over."""
    if handover.kind == HandoverKind.CUSTODY:
        return {"keeper": handover.from_party_id}
    return {"owner": handover.from_party_id} if handover.kind == HandoverKind.OWNERSHIP else {}


def _picked(handover: Handover, request: HttpRequest) -> HttpResponse:
    chosen, wanted = assets.asked(request.POST if request.method == "POST" else request.GET, CHOSEN)
    try:
        ids = _found(wanted.but(**_holder(handover)), request) if wanted is not None else chosen
        count = services.add_assets(handover.pk, ids, actor=request.actor, on=request.on)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('handover:pick', args=[handover.pk])}?{urlencode(wanted.pairs() if wanted else [])}")
    if not count:
        messages.warning(request, _("没有加入新的资产"))
        return redirect("handover:pick", handover.pk)
    messages.success(request, _("已加入 %(count)s 项") % {"count": count})
    return redirect("handover:detail", handover.pk)


def _act(request: HttpRequest, handover_id: int, act: Any, done: str) -> HttpResponse:
    """Do one thing to a list and go back to it; a refusal is said there."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("handover:detail", handover_id)


@page("handover.draft", methods=("POST",))
def open_checking(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Send a list to be checked on the spot."""
    return _act(
        request,
        handover_id,
        lambda: services.open_checking(handover_id, actor=request.actor, on=request.on),
        _("已送现场清点"),
    )


@page("handover.draft", methods=("POST",))
def remove(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Take chosen items off a draft."""
    ids = bulk.chosen(request.POST, CHOSEN)
    return _act(
        request,
        handover_id,
        lambda: services.remove(handover_id, ids, actor=request.actor, on=request.on),
        _("已从清单去掉"),
    )


@page("handover.draft", methods=("POST",))
def refresh(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Take changed cards as they are now."""
    return _act(
        request,
        handover_id,
        lambda: services.refresh(handover_id, actor=request.actor, on=request.on),
        _("已按最新卡片更新，请重新清点有改动的资产"),
    )


@page("handover.draft", methods=("POST",))
def cancel(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Call a list off, with a reason."""
    reason = request.POST.get("reason", "")
    return _act(
        request,
        handover_id,
        lambda: services.cancel(handover_id, reason, actor=request.actor, on=request.on),
        _("已撤销清单，资产没有变动"),
    )


@page("handover.draft", methods=("POST",))
def attach(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Keep a paper the list rests on."""
    queries.handover(handover_id, request.actor, permissions.DRAFT)
    form = forms.PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, forms.first_error(form))
        return redirect("handover:detail", handover_id)
    file = form.cleaned_data["file"]
    return _act(
        request,
        handover_id,
        lambda: services.attach_paper(handover_id, file.file, file.name, actor=request.actor, on=request.on),
        _("已附上文件"),
    )
