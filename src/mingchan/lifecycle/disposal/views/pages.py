"""Reading disposals: all of them, one of them with its whole road (处置列表、处置方案)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.disposal import forms, permissions, queries
from mingchan.lifecycle.disposal.choices import DONE, RUNNING, DisposalKind, Money, State
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.queries import COUNT_CAP, DisposalFilter
from mingchan.lifecycle.disposal.views import showing


@page(permissions.VIEW)
def list_page(request: HttpRequest) -> HttpResponse:
    """Disposals by state, newest first, with their sums (2.6.3)."""
    wanted = DisposalFilter.read(request.GET.dict())
    rows, following = queries.rows(wanted, request.actor, request.on, after=request.GET.get("after", ""))
    sums = queries.sums(wanted, request.actor, request.on)
    by_state = queries.by_state(request.actor)
    late = queries.sums(DisposalFilter(state="overdue"), request.actor, request.on)
    context = {
        "rows": rows,
        "following": following,
        "sums": sums,
        "count": None if sums.disposals > COUNT_CAP else sums.disposals,
        "wanted": wanted,
        "kinds": DisposalKind.choices,
        "kind_names": {code: spec.text for code, spec in queries.kinds().items()},
        "states": [
            ("running", _("办理中")),
            ("owing", _("收入待上缴")),
            ("overdue", _("收入逾期未上缴")),
            ("expiring", _("评估即将到期")),
            ("expired", _("评估已过期")),
            *State.choices,
        ],
        "state_names": dict(State.choices),
        "tones": showing.TONES,
        "running": sum(by_state.get(state, 0) for state in RUNNING),
        "waiting": by_state.get(State.MAY_PROCEED, 0),
        "done": sum(by_state.get(state, 0) for state in DONE),
        "late": late.disposals,
        "may_propose": request.actor.may(permissions.PROPOSE),
    }
    return render(request, "disposal/list.html", context)


@page(permissions.VIEW)
def detail(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """One disposal: its road, warnings, assets, papers, appraisal, result, money, vouchers and trace."""
    found = queries.disposal(disposal_id, request.actor)
    return render(request, "disposal/detail.html", context_of(found, request))


def context_of(found: Disposal, request: HttpRequest, **bound: Any) -> dict[str, Any]:
    """Everything the page of a disposal shows; `bound` are forms that came back with errors."""
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    items, following = queries.items(found, after)
    purse = queries.purse(found)
    may = {
        name: permissions.may(request.actor, right, found)
        for name, right in (
            ("propose", permissions.PROPOSE), ("appraise", permissions.APPRAISE), ("execute", permissions.EXECUTE),
            ("settle", permissions.SETTLE),
        )
    }  # fmt: skip
    is_draft, is_running = found.state == State.DRAFT, found.state in RUNNING
    open_account = found.state in DONE and found.account_closed_on is None
    settles = may["settle"] and found.state in DONE
    spec = queries.kind(found.kind)
    return {
        "disposal": found,
        "spec": spec,
        "title": queries.title(found),
        "steps": showing.step_names(),
        "step": showing.step_now(found),
        "next": showing.next_step(found, request),
        "tone": showing.TONES[found.state],
        "warnings": showing.warnings(found),
        "items": items,
        "following": following,
        "versions": queries.versions(items),
        "needed": queries.papers(found),
        "missing": queries.missing_papers(found),
        "appraisals": queries.appraisals(found),
        "asks": queries.price_asks(found),
        "floor": queries.floor(found),
        "result": queries.result(found),
        "entries": [(entry, showing.voucher_link(entry.voucher)) for entry in queries.entries(found)],
        "purse": purse,
        "is_overdue": queries.is_overdue(purse, request.on),
        "vouchers": showing.vouchers(found, request),
        "case": queries.case_of(found, request.actor, request.on),
        "may": {
            "edit": is_draft and may["propose"],
            "amend": is_running and may["propose"],
            "appraise": may["appraise"] and (is_draft or is_running) and spec.needs_appraisal,
            "execute": may["execute"] and found.state == State.MAY_PROCEED,
            "ask": may["execute"] and found.state == State.MAY_PROCEED and spec.outside,
            "receive": settles and open_account and spec.brings_money,
            "pay": settles and open_account,
            "close": settles and open_account,
            "remit": settles and found.account_closed_on is not None and found.due_fen > purse.remitted,
        },
        "paper_form": bound.get("paper") or forms.PaperForm(kind=found.kind),
        "price_form": bound.get("price") or forms.PriceForm(),
        "receive_form": bound.get("receive") or forms.MoneyForm(on=request.on),
        "pay_form": bound.get("pay") or forms.MoneyForm(on=request.on),
        "remit_form": bound.get("remit") or forms.MoneyForm(on=request.on),
        "money_names": dict(Money.choices),
        "trace": _trace(found, request),
    }


def _trace(found: Disposal, request: HttpRequest) -> list[Moment]:
    if not request.actor.may("log.view", found.division_code):
        return []
    return [
        Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
        for entry in reversed(evidence.history(Ref("disposal", found.pk)))
    ]
