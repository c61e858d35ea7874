"""Looking at operation: the list, terms over the years, one contract, an operator's own (2.4.2a, 2.4.2c, 1.2b)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.lifecycle.operation import permissions, queries, rules, wording
from mingchan.lifecycle.operation.choices import (
    AHEAD,
    BINDING,
    LIVE,
    DueKind,
    EditionStatus,
    Gate,
    Grade,
    Part,
    Status,
)
from mingchan.lifecycle.operation.forms import AnswerForm, ClaimedForm, ClaimForm
from mingchan.lifecycle.operation.models import Contract, Edition
from mingchan.lifecycle.operation.queries import ContractFilter, listing, showing
from mingchan.lifecycle.operation.services import income_words, lacks_of, waits_for_signing
from mingchan.lifecycle.operation.views import showing as words

BARS, TRACE = 200, 40


@page(permissions.VIEW)
def list_page(request: HttpRequest) -> HttpResponse:
    """Contracts, the newest first, with what needs an eye above them (2.4.2a)."""
    actor, on = request.actor, request.on
    wanted = ContractFilter.read(request.GET.dict())
    rows, following = listing.page(wanted, actor, on, after=request.GET.get("after", ""))
    count, value = listing.totals(wanted, actor, on)
    towns = listing.towns(actor)
    names = words.division_names({*(row.division_code for row in rows), *(town.ljust(12, "0") for town in towns)})
    context = {
        "tabs": words.tabs("list", actor),
        "rows": rows,
        "following": following,
        "count": count,
        "value": value,
        "wanted": wanted,
        "chosen": len(wanted.parameters()),
        "states": Status.choices,
        "state_names": dict(Status.choices),
        "tones": words.TONES,
        "grade_names": dict(Grade.choices),
        "grade_tones": words.GRADES,
        "modes": words.mode_choices(),
        "mode_label": queries.mode_label,
        "operators": listing.operators(actor),
        "towns": [(town, names.get(town.ljust(12, "0"), town)) for town in towns],
        "ahead": [(days, _("%(days)s 天内到期") % {"days": days}) for days in AHEAD],
        "watch_names": _watch_names(),
        "divisions": names,
        "days_left": {row.id: rules.days_left(row.last_day, on) for row in rows if row.status in LIVE},
        "warn_days": policy.figure("contract.ahead_days"),
        "stats": [(one, words.list_url(one.wanted)) for one in listing.watches(actor, on)],
        "stat_names": {"running": _("履行中"), "ending": _("90 天内到期"), "procedure": _("办理中"), **_watch_names()},
        "export_url": reverse("operation:export") + words.list_url(wanted).removeprefix(reverse("operation:list")),
        "may_draft": bool(actor.scopes(permissions.DRAFT)),
    }
    return render(request, "operation/list.html", context)


def _watch_names() -> dict[str, str]:
    return {
        "uninsured": _("高风险未投保"),
        "cover_ends": _("保险即将到期"),
        "reported": _("申报待审核"),
        "returning": _("资产未归还"),
    }


@page(permissions.VIEW)
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of contracts drawn over the years."""
    actor, on = request.actor, request.on
    wanted = ContractFilter.read(request.GET.dict())
    rows = listing.every(wanted, actor, on)[:BARS]
    axis, bars = words.term_bars(sorted(rows, key=lambda row: (row.starts_on is None, row.starts_on, row.id)), on)
    context = {
        "tabs": words.tabs("terms", actor),
        "axis": axis,
        "bars": bars,
        "wanted": wanted,
        "chosen": len(wanted.parameters()),
        "states": Status.choices,
        "modes": words.mode_choices(),
        "state_names": dict(Status.choices),
        "count": len(rows),
        "most": BARS,
    }
    return render(request, "operation/terms.html", context)


@page(permissions.VIEW)
def contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """One contract: four parts, four gates, what is owed, assets, risk, versions, papers, trace (2.4.2a to 2.4.2e)."""
    actor, on = request.actor, request.on
    found = showing.contract(contract_id, actor)
    versions = showing.editions(found)
    edition = showing.present_edition(found, versions)
    pending = showing.open_edition(versions)
    covered = showing.covered(found)
    context: dict[str, Any] = {
        "contract": found,
        "tone": words.TONES[Status(found.status)],
        "division": words.division_names([found.division_code]).get(found.division_code, ""),
        "edition": edition,
        "pending": pending,
        "versions": [(one, income_words(one)) for one in versions],
        "parts": parts(found, edition),
        "gates": _gates(pending if pending is not None and found.status == Status.PROCEDURE else edition, request),
        "pending_gates": _gates(pending, request)
        if pending is not None and pending.case_id is not None and found.status in BINDING
        else None,
        "charges": showing.charges(found),
        "owed": sum(row.fen for row in showing.charges(found) if row.dropped_on is None and row.due_on <= on),
        "kind_names": dict(DueKind.choices),
        "assets": list(covered[: showing.ASSETS_SHOWN]),
        "asset_count": covered.count(),
        "insurances": _insurances(found, request),
        "claims": showing.claims(found),
        "claim_tones": words.CLAIMS,
        "uninsured": found.status in LIVE
        and found.grade == Grade.HIGH
        and not any(row["valid"] for row in _insurances(found, request)),
        "reports": [(row, words.reference_url(row.paper)) for row in showing.reports(found)],
        "report_tones": words.REPORTS,
        "reporting": [row for row in queries.reporting(found, on) if row.is_open],
        "settlement": showing.settlement(found),
        "renewal": showing.renewal(found),
        "grade_tone": words.GRADES[found.grade],
        "days_left": rules.days_left(found.last_day, on) if found.status in LIVE else None,
        "warn_days": policy.figure("contract.ahead_days"),
        "may": _may(found, edition, pending, request),
        "trace": _trace(found, request),
        "answer_form": AnswerForm(),
        "claim_form": ClaimForm(),
        "claimed_form": ClaimedForm(),
    }
    return render(request, "operation/contract.html", context)


def parts(found: Contract, edition: Edition) -> list[dict[str, Any]]:
    """The four parts with what stands in them and what they lack."""
    missing: dict[str, list[str]] = {}
    for lack in lacks_of(found, edition):
        missing.setdefault(lack.part, []).append(wording.why(lack.why))
    term = f"{edition.starts_on or '—'} – {edition.last_day or '—'}"
    shown = {
        Part.MODE: queries.mode_label(edition.mode) if edition.mode else "",
        Part.TERM: term if edition.starts_on or edition.last_day else "",
        Part.INCOME: income_words(edition),
        Part.RISK: edition.measures,
    }
    return [{"part": part, "label": part.label, "text": shown[part], "missing": missing.get(part, [])} for part in Part]


def _gates(edition: Edition | None, request: HttpRequest) -> Sequence[dict[str, Any]]:
    if edition is None:
        return []
    return [
        {
            "label": Gate(state.gate).label,
            "state": state,
            "papers": [(paper, words.paper_url(paper, request)) for paper in state.papers],
        }
        for state in showing.gates(edition)
    ]


def _trace(found: Contract, request: HttpRequest) -> list[Moment]:
    """What the log says of the contract, the latest first."""
    if not request.actor.may("log.view", found.division_code):  # type: ignore[attr-defined]
        return []
    return [
        Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
        for entry in reversed(evidence.history(Ref("contract", found.pk), limit=TRACE))
    ]


def _insurances(found: Contract, request: HttpRequest) -> list[dict[str, Any]]:
    on, ahead = request.on, policy.figure("insurance.ahead_days")  # type: ignore[attr-defined]
    shown = []
    for row in showing.insurances(found):
        valid = row.starts_on <= on <= row.last_day and row.ended_on is None
        left = (row.last_day - on).days
        shown.append(
            {
                "row": row,
                "valid": valid,
                "ending": valid and left <= ahead,
                "left": left,
                "paper": words.reference_url(row.paper),
            }
        )
    return shown


def _may(found: Contract, edition: Edition, pending: Edition | None, request: HttpRequest) -> dict[str, bool]:
    """What the reader may do with the contract as it stands."""
    actor = request.actor  # type: ignore[attr-defined]
    drafts = actor.may(permissions.DRAFT, found.division_code)
    signs = actor.may(permissions.SIGN, found.division_code)
    insures = actor.may(permissions.INSURE, found.division_code)
    reports = permissions.may(actor, permissions.REPORT, found)
    drafting = pending is not None and pending.status == EditionStatus.DRAFT
    deciding = pending is not None and pending.status == EditionStatus.PROCEDURE
    is_drafter = deciding and pending.case is not None and pending.case.drafter_id == actor.account_id
    live = found.status in LIVE
    return {
        "edit": drafts and drafting,
        "choose": drafts and found.status == Status.DRAFT,
        "submit": drafts and drafting,
        "drop": drafts and drafting,
        "revise": drafts and is_drafter and pending.signed_on is None,
        "sign": signs and deciding and pending.case_id is not None and waits_for_signing(pending.case_id),
        "begin": signs
        and found.status == Status.SIGNED
        and found.starts_on is not None
        and found.starts_on <= request.on,  # type: ignore[attr-defined]
        "amend": drafts and live and pending is None,
        "renew": drafts and found.status in (Status.RUNNING, Status.EXPIRED),
        "end": signs and live and not deciding,
        "returns": signs and found.status in (Status.EXPIRED, Status.ENDED),
        "insure": insures and found.status != Status.DROPPED,
        "report": reports and found.status in BINDING,
        "answer": drafts,
    }


@page(permissions.VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """An operator's own contracts, what is owed and what is to be reported, on a phone (1.2b)."""
    actor, on = request.actor, request.on
    shown = []
    for found in showing.own(actor):
        rows = [row for row in showing.charges(found) if row.dropped_on is None]
        shown.append(
            {
                "contract": found,
                "tone": words.TONES[Status(found.status)],
                "mode": queries.mode_label(found.mode),
                "days_left": rules.days_left(found.last_day, on) if found.status in LIVE else None,
                "next": next((row for row in rows if row.due_on >= on), None),
                "dues": [row for row in rows if row.due_on >= on][:4],
                "assets": showing.covered(found).count(),
                "to_report": [row for row in queries.reporting(found, on) if row.is_open],
                "reports": showing.reports(found)[:3],
            }
        )
    context = {
        "tabs": words.tabs("mine", actor),
        "shown": shown,
        "report_tones": words.REPORTS,
        "kind_names": dict(DueKind.choices),
        "warn_days": policy.figure("contract.ahead_days"),
    }
    return render(request, "operation/mine.html", context)
