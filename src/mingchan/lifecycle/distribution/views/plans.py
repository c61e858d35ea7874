"""Plans (分配方案): the overview, the list, drafting, one plan with pool, uses, households, where its money went."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel import links
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.distribution import pack, permissions, rules, services
from mingchan.lifecycle.distribution.choices import COUNTED, Category, PlanStatus
from mingchan.lifecycle.distribution.forms import (
    MethodForm,
    PlanForm,
    ReasonForm,
    RedraftForm,
    SpendingForm,
    divisions_of,
)
from mingchan.lifecycle.distribution.models import Plan, Policy
from mingchan.lifecycle.distribution.queries import households, policies, pool
from mingchan.lifecycle.distribution.queries import plans as queries
from mingchan.lifecycle.distribution.queries import trace as tracing
from mingchan.lifecycle.distribution.queries.plans import PlanFilter
from mingchan.lifecycle.distribution.services.planning import percent
from mingchan.lifecycle.distribution.views import printing, showing


@page(permissions.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """Distribution by year: pooled, decided upon, filed, paid; what each use gets; what waits (2.5a)."""
    actor, on = request.actor, request.on
    years = queries.by_year(actor)
    uses = queries.by_use(actor)
    open_fen = sum(pool.open_by_holder(actor.county, date(on.year - 1, 1, 1), on).values())
    villages = households.by_village(actor) if actor.may(permissions.VIEW_HOUSEHOLDS) else []
    context = {
        "tabs": showing.tabs("overview", actor),
        "years": years,
        "year": years[0] if years else None,
        "use_labels": [pack.uses()[use].text for use, _fen in uses],
        "use_values": [fen for _use, fen in uses],
        "open_fen": open_fen,
        "households": sum(count for _code, count, _people in villages),
        "may_plan": actor.may(permissions.PLAN),
        "waiting": _waiting(request),
    }
    return render(request, "distribution/overview.html", context)


def _waiting(request: HttpRequest) -> list[tuple[str, str, int]]:
    """What the reader has to do about distribution: words, address, how many."""
    actor = request.actor
    address = reverse("distribution:plans")
    asked = (
        (permissions.PLAN, ("DRAFT",), _("拟定中，待提交民主决策"), "DRAFT"),
        (permissions.PAY, ("FILED",), _("已备案，待发放"), "FILED"),
    )
    found = []
    for right, statuses, words, status in asked:
        count = queries.waiting_for(actor, right, statuses).count() if actor.may(right) else 0
        if count:
            found.append((words, f"{address}?status={status}", count))
    return found


@page(permissions.VIEW)
def listed(request: HttpRequest) -> HttpResponse:
    """Plans of the reader's divisions, newest first."""
    actor = request.actor
    asked = PlanFilter.read(request.GET)
    rows, following = queries.page(asked, actor, request.GET.get("after", ""))
    years = [row.year for row in queries.by_year(actor)]
    context = {
        "tabs": showing.tabs("plans", actor),
        "rows": rows,
        "names": showing.names_of(row.division for row in rows),
        "labels": dict(PlanStatus.choices),
        "tones": showing.PLAN_TONES,
        "number_of": queries.number_of,
        "following": following or None,
        "statuses": PlanStatus.choices,
        "years": [(year, str(year)) for year in years],
        "may_plan": actor.may(permissions.PLAN),
    }
    return render(request, "distribution/plans.html", context)


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@page(permissions.PLAN, methods=("GET", "POST"))
def choose(request: HttpRequest) -> HttpResponse:
    """Draft a plan: the period, whose receipts, for which division, then the shares (2.5a, 2.5b)."""
    actor, on = request.actor, request.on
    given = request.GET
    start = _day(given.get("start", ""), date(on.year, 1, 1))
    last = min(_day(given.get("last", ""), on), on)
    there = pool.open_by_holder(actor.county, start, last)
    names = directory.party_names(there)
    holder = int(given["holder"]) if given.get("holder", "").isdecimal() and len(given["holder"]) < 19 else 0
    choices = divisions_of(actor, permissions.PLAN)
    division = given.get("division", "") if given.get("division", "") in dict(choices) else ""
    policy = policies.in_force(actor.county, division, on) if division else None
    form, status = None, 200
    if holder in there and policy is not None:
        initial = {"as_of": last, "title": _("%(name)s收益分配") % {"name": names[holder]}, **_usual(policy)}
        form = PlanForm(request.POST or None, county=actor.county, division=division, initial=initial)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                draft = form.draft(holder=holder, period_start=start, last_day=last)
                try:
                    made = services.draft_plan(draft, actor=actor, on=on)
                except Refusal as refusal:
                    showing.tell(form, refusal)
                    status = refusal.status
                else:
                    messages.success(request, _("方案已拟定，核对后提交民主决策"))
                    return redirect("distribution:plan", made.pk)
    asked = {"start": start, "last": last, "holder": holder, "division": division}
    context = {
        "start": start,
        "last": last,
        "holders": [(key, f"{names[key]}", fen) for key, fen in there.items()],
        "holder": holder if holder in there else 0,
        "pool_fen": there.get(holder, 0),
        "divisions": choices,
        "division": division,
        "policy": policy,
        "bounds": _bounds(policy) if policy is not None else [],
        "candidates": len(households.candidates(actor.county, division, policy.category_codes, last)) if policy else 0,
        "counts": policy is not None and policy.method in COUNTED,
        "form": form,
        "here": f"{reverse('distribution:new_plan')}?{urlencode(asked)}",
    }
    return render(request, "distribution/new_plan.html", context, status=status)


def _bounds(policy: Policy) -> list[tuple[str, str]]:
    return [
        (pack.uses()[use].text, f"{percent(least)}–{percent(most)}")
        for use, (least, most) in policies.bounds(policy).items()
    ]


def _usual(policy: Policy) -> dict[str, str]:
    """Shares that keep to the policy: each use its least, the rest to households, then to the others in order."""
    bounds = policies.bounds(policy)
    shares = {use: least for use, (least, _most) in bounds.items()}
    left = rules.WHOLE - sum(shares.values())
    for use in sorted(bounds, key=lambda one: one != pack.household_use()):
        more = min(left, bounds[use][1] - shares[use])
        shares[use], left = shares[use] + more, left - more
    return {f"share_{use}": percent(share).rstrip("%") for use, share in shares.items()}


@page(permissions.VIEW)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: pool, uses, households, decision, filing, payouts."""
    return plan_page(request, plan_id)


def plan_page(request: HttpRequest, plan_id: int, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    actor = request.actor
    found = queries.plan(actor, plan_id)
    lines = queries.lines_of(found)
    shares, following = queries.shares_of(found, actor, request.GET.get("after", ""))
    count, share_fen, fixed = queries.share_totals(found)
    is_open = found.status in (PlanStatus.DRAFT, PlanStatus.PROPOSED)
    may_plan = actor.may(permissions.PLAN, found.division_code)
    is_filed = found.status in (PlanStatus.FILED, PlanStatus.DONE)
    waiting, waiting_fen = queries.unpaid(found) if is_filed else (0, 0)
    context = {
        "plan": found,
        "number": queries.number_of(found),
        "tone": showing.PLAN_TONES[found.status],
        "division": showing.names_of([found.division_code]).get(found.division_code, found.division_code),
        "pool": [(row, links.resolve(row.receipt), links.resolve(row.contract)) for row in queries.pool_of(found)],
        "lines": [(row, percent(row.line.share)) for row in lines],
        "shares": shares,
        "following": following or None,
        "names": showing.names_of(row.division for row in shares),
        "labels": dict(Category.choices),
        "states": queries.latest_payments([row.id for row in shares]),
        "state_tones": showing.PAYMENT_TONES,
        "share_count": count,
        "share_fen": share_fen,
        "fixed": fixed,
        "may_households": actor.may(permissions.VIEW_HOUSEHOLDS),
        "may_redraft": is_open and may_plan,
        "may_propose": found.status == PlanStatus.DRAFT and may_plan,
        "may_withdraw": is_open and may_plan,
        "may_pay": is_filed and waiting and actor.may(permissions.PAY, found.division_code),
        "waiting": waiting,
        "waiting_fen": waiting_fen,
        "payouts": queries.payouts_of(found),
        "spendings": queries.spendings_of(found),
        "use_labels": {code: use.text for code, use in pack.uses().items()},
        "withdraw_form": bound.get("withdraw_form") or ReasonForm(prefix="withdraw"),
        "method_form": bound.get("method_form") or MethodForm(),
        "opened": next(iter(bound), ""),
        **spending_context(request, found, lines, bound.get("spending_form")),
    }
    return render(request, "distribution/plan.html", context, status=status)


def spending_context(request: HttpRequest, found: Plan, lines: list[queries.LineRow], form: Any) -> dict[str, Any]:
    """The form of spending, for whoever may and while a use has money left."""
    uses = [(row.line.use, row.label) for row in lines if not row.is_households and row.carried_fen < row.line.fen]
    may = found.status == PlanStatus.FILED and uses and request.actor.may(permissions.SPEND, found.division_code)
    return {
        "may_spend": may,
        "spending_form": (form or SpendingForm(uses=uses, initial={"spent_on": request.on})) if may else None,
    }


@page(permissions.PLAN, methods=("GET", "POST"))
def redraft(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Divide a plan's receipts anew, as another round."""
    actor, on = request.actor, request.on
    found = queries.plan(actor, plan_id)
    lines = queries.lines_of(found)
    initial = {
        "title": found.title,
        "as_of": found.as_of,
        "note": found.note,
        **{f"share_{row.line.use}": percent(row.line.share).rstrip("%") for row in lines},
        **_by_hand(found),
    }
    form = RedraftForm(request.POST or None, county=actor.county, division=found.division_code, initial=initial)
    form.fields["title"].disabled = form.fields["as_of"].disabled = form.fields["note"].disabled = True
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            draft = form.draft(holder=found.holder_id, period_start=found.period_start, last_day=found.last_day)
            try:
                services.redraft_plan(plan_id, draft, reason=form.cleaned_data["reason"], actor=actor, on=on)
            except Refusal as refusal:
                showing.tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已重新拟定，此前的意见作废"))
                return redirect("distribution:plan", plan_id)
    context = {
        "plan": found,
        "form": form,
        "policy": found.policy,
        "bounds": _bounds(found.policy),
        "counts": found.policy.method in COUNTED,
    }
    return render(request, "distribution/redraft.html", context, status=status)


def _by_hand(found: Plan) -> dict[str, str]:
    """What was typed for single households, as it is typed."""
    rows = queries.every_share(found)
    whole = len(rules.scope_of(found.division_code)) == 12

    def name(row: queries.ShareRow) -> str:
        return row.number if whole else f"{row.division}/{row.number}"

    fixed = [f"{name(row)} {row.fen // 100}.{row.fen % 100:02d} {row.reason}" for row in rows if row.reason]
    counted = [f"{name(row)} {row.weight}" for row in rows if row.weight] if found.policy.method in COUNTED else []
    return {"fixed": "\n".join(fixed), "counted": "\n".join(counted)}


@page(permissions.PLAN, methods=("POST",))
def propose(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Bring a plan before the people."""
    queries.plan(request.actor, plan_id)
    services.propose_plan(plan_id, actor=request.actor, on=request.on)
    messages.success(request, _("方案已提交民主决策"))
    return redirect("distribution:plan", plan_id)


@page(permissions.PLAN, methods=("POST",))
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take a plan back before it is filed."""
    queries.plan(request.actor, plan_id)
    form = ReasonForm(request.POST, prefix="withdraw")
    status = 422
    if form.is_valid():
        try:
            services.withdraw_plan(plan_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("方案已撤回，收款可以另行分配"))
            return redirect("distribution:plan", plan_id)
    return plan_page(request, plan_id, status=status, withdraw_form=form)


@page(permissions.VIEW)
def trace(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Where the plan's money came from and went, as a picture and as tables (1.2b)."""
    found = queries.plan(request.actor, plan_id)
    streams = tracing.streams(found)
    villages = tracing.villages(found)
    names = showing.names_of(row.division for row in villages)
    here = reverse("distribution:plan", args=[found.pk])
    nodes: dict[str, dict[str, Any]] = {}
    for key in [key for stream in streams for key in (stream.source, stream.target)]:
        word, _colon, about = key.partition(":")
        link = links.resolve(key)
        label, url = link.title, link.url
        if word == "use":
            label, url = pack.uses()[about].text, here
        elif word == "village":
            label = names.get(about, about)
            url = f"{reverse('distribution:households')}?{urlencode({'division': about})}"
        elif key == str(found.ref):
            label, url = queries.number_of(found), here
        nodes.setdefault(key, {"name": key, "label": label, "url": url})
    context = {
        "plan": found,
        "number": queries.number_of(found),
        "nodes": list(nodes.values()),
        "links": [
            {"source": one.source, "target": one.target, "value": one.fen, "url": nodes[one.target]["url"]}
            for one in streams
        ],
        "streams": [(nodes[one.source], nodes[one.target], one.fen) for one in streams],
        "villages": [(row, names.get(row.division, row.division)) for row in villages],
        "lines": [(row, percent(row.line.share)) for row in queries.lines_of(found)],
        "assets": printing.assets_of(found),
    }
    return render(request, "distribution/trace.html", context)


@page(permissions.VIEW)
def paper(request: HttpRequest, plan_id: int) -> FileResponse:
    """The plan as an official paper (分配方案表), names masked."""
    found = queries.plan(request.actor, plan_id)
    return printing.plan_paper(found, actor=request.actor, on=request.on)
