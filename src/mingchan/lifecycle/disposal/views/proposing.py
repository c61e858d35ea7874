"""Proposing: drafting, changing, picking assets, papers, submitting, giving up (拟定处置方案)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.money import MILLI
from mingchan.kernel.ui import acting, bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.disposal import forms, permissions, queries, services
from mingchan.lifecycle.disposal.choices import MOST_ITEMS, RUNNING, State
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.views.pages import context_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.queries import RegisterFilter, choosing
from mingchan.register.assets.queries.cards import suggestions

CHOSEN = 1000
"""So many single cards may be handed in by their numbers; more by a filter."""


def _found(wanted: RegisterFilter, request: HttpRequest) -> list[int]:
    """Every card of a filter. Raises Refusal beyond what one proposal holds."""
    if assets.count(wanted, request.actor, cap=MOST_ITEMS) > MOST_ITEMS:
        words = _("一个方案最多 %(count)s 项，请先缩小筛选范围") % {"count": MOST_ITEMS}
        raise Refusal(words, clauses=("3.4.3a",))
    return [row.id for chunk in assets.every_row(wanted, request.actor) for row in chunk]


@page(permissions.PROPOSE, methods=("GET", "POST"))
def propose(request: HttpRequest) -> HttpResponse:
    """Draft a proposal over cards chosen in the register, or over all that a filter finds (3.4.3a)."""
    chosen, wanted = assets.asked(request.POST if request.method == "POST" else request.GET, CHOSEN)
    sent = request.method == "POST" and "reason" in request.POST
    form = forms.ProposalForm(
        request.POST if sent else None, actor=request.actor, initial={"kind": request.GET.get("kind", "SCRAP")}
    )
    status = 200
    if sent:
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
                messages.success(request, _("已拟定处置方案 %(number)s") % {"number": made.number})
                return redirect("disposal:detail", made.pk)
    rows = assets.rows_of(chosen, request.actor)
    context = {
        "form": form,
        "chosen": chosen,
        "rows": rows[:20],
        "count": assets.count(wanted, request.actor) if wanted is not None else len(chosen),
        "filter_pairs": wanted.pairs() if wanted is not None else [],
        "is_all": wanted is not None,
        "names": suggestions(request.actor),
        "specs": list(queries.kinds().values()),
    }
    return render(request, "disposal/form.html", context, status=status)


@page(permissions.PROPOSE, methods=("GET", "POST"))
def edit(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Change the head of a draft, or of a proposal that went out, which begins its review anew."""
    found = queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    form = forms.ProposalForm(request.POST or None, actor=request.actor, initial=forms.ProposalForm.initial_of(found))
    why = forms.ReasonForm(request.POST or None) if found.state in RUNNING else None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (why is None or why.is_valid()):
            try:
                _save(found, form, why, request)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已保存") if why is None else _("已修改，重新送审"))
                return redirect("disposal:detail", disposal_id)
    context = {
        "form": form,
        "why": why,
        "disposal": found,
        "names": suggestions(request.actor),
        "specs": list(queries.kinds().values()),
    }
    return render(request, "disposal/form.html", context, status=status)


def _save(found: Disposal, form: forms.ProposalForm, why: forms.ReasonForm | None, request: HttpRequest) -> None:
    version = form.cleaned_data["version"] or found.version
    if why is None:
        services.edit(found.pk, form.draft(), version, actor=request.actor, on=request.on)
    else:
        services.amend(
            found.pk,
            reason=why.cleaned_data["why"],
            head=form.draft(),
            version=version,
            actor=request.actor,
            on=request.on,
        )


@page(permissions.PROPOSE, methods=("GET", "POST"))
def pick(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Find cards and put some or all that were found on a draft."""
    found = queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    if request.method == "POST":
        return _picked(found, request)
    plain = {**request.GET.dict(), "division": ",".join(filter(None, request.GET.getlist("division")))}
    wanted, _bad = assets.from_params(plain)
    wanted = wanted.but(as_of=None, status="", **({"owner": found.owner_id} if found.count else {}))
    count = assets.count(wanted, request.actor)
    rows = assets.rows(
        wanted, request.actor, after=assets.Place.parse(request.GET.get("after", "")), limit=50, of=count
    )
    context = {
        "disposal": found,
        "rows": rows.rows,
        "names": assets.names_of(rows.rows),
        "following": rows.next,
        "count": count,
        "many": count > assets.COUNT_CAP,
        "listed": set(queries.asset_ids(found)),
        "filter_pairs": wanted.pairs(),
        "divisions": choosing.tree(request.actor),
    }
    return render(request, "disposal/pick.html", context)


def _picked(found: Disposal, request: HttpRequest) -> HttpResponse:
    chosen, wanted = assets.asked(request.POST if request.method == "POST" else request.GET, CHOSEN)
    try:
        ids = _found(wanted, request) if wanted is not None else chosen
        count = services.add_assets(found.pk, ids, actor=request.actor, on=request.on)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
        pairs = wanted.pairs() if wanted is not None else []
        return redirect(f"{reverse('disposal:pick', args=[found.pk])}?{urlencode(pairs)}")
    if not count:
        messages.warning(request, _("没有加入新的资产"))
        return redirect("disposal:pick", found.pk)
    messages.success(request, _("已加入 %(count)s 项") % {"count": count})
    return redirect("disposal:detail", found.pk)


def act(request: HttpRequest, disposal_id: int, do: Callable[[], Any], done: str) -> HttpResponse:
    """Do one thing to a disposal and go back to it; a refusal is said there."""

    def carry_out() -> str:
        do()
        return done

    return acting.done(request, carry_out, reverse("disposal:detail", args=[disposal_id]))


@page(permissions.PROPOSE, methods=("POST",))
def part(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Put a part of a lot on the draft; the lot is split first."""
    queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    form = forms.PartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写处置数量"))
        return redirect("disposal:detail", disposal_id)
    data = form.cleaned_data
    return act(
        request,
        disposal_id,
        lambda: services.take_part(
            disposal_id, data["asset"], data["quantity"] * MILLI, data["version"], actor=request.actor, on=request.on
        ),
        _("已拆分，所填数量列入方案"),
    )


@page(permissions.PROPOSE, methods=("POST",))
def remove(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Take chosen assets off: a draft at once, a proposal that went out with a reason, which begins its review anew."""
    ids = bulk.chosen(request.POST, CHOSEN)
    found = queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    if found.state == State.DRAFT:
        return act(
            request,
            disposal_id,
            lambda: services.remove_assets(disposal_id, ids, actor=request.actor, on=request.on),
            _("已从方案去掉"),
        )
    reason = request.POST.get("why", "")
    return act(
        request,
        disposal_id,
        lambda: services.amend(disposal_id, reason=reason, remove=ids, actor=request.actor, on=request.on),
        _("已修改，重新送审"),
    )


@page(permissions.PROPOSE, methods=("POST",))
def attach(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Put a paper into the file; of a proposal that went out with a reason, which begins its review anew."""
    found = queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    form = forms.PaperForm(request.POST, request.FILES, kind=found.kind)
    if not form.is_valid():
        return render(request, "disposal/detail.html", context_of(found, request, paper=form), status=422)
    data = form.cleaned_data
    if found.state == State.DRAFT:
        return act(
            request,
            disposal_id,
            lambda: services.attach_paper(disposal_id, data["code"], data["file"], actor=request.actor, on=request.on),
            _("材料已上传"),
        )
    reason = request.POST.get("why", "")
    return act(
        request,
        disposal_id,
        lambda: services.amend(
            disposal_id, reason=reason, papers=[(data["code"], data["file"])], actor=request.actor, on=request.on
        ),
        _("已修改，重新送审"),
    )


@page(permissions.PROPOSE, methods=("POST",))
def submit(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Bring the proposal before the joint review."""
    return act(
        request,
        disposal_id,
        lambda: services.submit(disposal_id, actor=request.actor, on=request.on),
        _("已提交联审，资产已冻结"),
    )


@page(permissions.PROPOSE, methods=("POST",))
def cancel(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Give a draft up, or take a proposal back that isn't carried out."""
    found = queries.disposal(disposal_id, request.actor, permissions.PROPOSE)
    reason = request.POST.get("reason", "")
    do = services.cancel if found.state == State.DRAFT else services.withdraw
    return act(
        request, disposal_id, lambda: do(disposal_id, reason, actor=request.actor, on=request.on), _("方案已撤回")
    )
