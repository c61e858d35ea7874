"""Looking: the year at a glance, receivables, receipts, arrears, reminders, remittances."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.ledger import queries as ledger
from mingchan.kernel.money import format_yuan
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Series
from mingchan.lifecycle.income import forms, permissions
from mingchan.lifecycle.income.choices import Age, DueKind, EntryKind, RefundKind, Standing
from mingchan.lifecycle.income.queries import contracts, receipts, receivables, years
from mingchan.lifecycle.income.queries.receipts import ReceiptFilter
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter
from mingchan.lifecycle.income.services.receiving import deposit_held
from mingchan.lifecycle.income.views import showing

AGE_TONES = {Age.NOT_DUE: "neutral", Age.D30: "warn"}
YEARS_SHOWN = 8


@page(permissions.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The year at a glance: due, received, in arrears, still to be remitted; years side by side (2.5a)."""
    actor, on = request.actor, request.on
    asked = request.GET.get("year", "")
    first = max(years.first_year(actor.county, on), on.year - YEARS_SHOWN + 1)
    year = int(asked) if asked.isdecimal() and first <= int(asked[:6]) <= on.year else on.year
    found = years.figures(actor, first, on.year)
    this = next(row for row in found if row.year == year)
    ages = receivables.ages(actor, on)
    county = permissions.sees_county(actor)
    to_remit = receipts.to_remit(actor.county, on) if county else []
    states = years.settlements(actor.county, on) if county else []
    credit = receipts.totals(ReceiptFilter(credit=True), actor)
    context = {
        "tabs": showing.tabs("overview", actor),
        "year": year,
        "years": [(row.year, str(row.year)) for row in reversed(found)],
        "this": this,
        "ages": [
            {
                "label": age.label,
                "count": count,
                "fen": fen,
                "url": showing.receivables_url(age=age.value),
                "tone": AGE_TONES.get(age, "bad"),
            }
            for age, count, fen in ages
        ],
        "overdue": (
            sum(count for age, count, _fen in ages if age != Age.NOT_DUE),
            sum(fen for age, _count, fen in ages if age != Age.NOT_DUE),
        ),
        "credit": credit,
        "to_remit": sum(row.open_fen for row in to_remit),
        "late": sum(row.overdue_fen for row in to_remit),
        "overdue_years": [row for row in states if row.is_overdue],
        "county": county,
        "urls": {
            "due": showing.receivables_url(year=year),
            "received": showing.receipts_url(year=year),
            "overdue": reverse("income:arrears"),
            "credit": showing.receipts_url(credit=1),
        },
        "chart": {
            "labels": [str(row.year) for row in found],
            "series": [
                Series(_("应收"), [row.due_fen for row in found]),
                Series(_("实收"), [row.received_fen for row in found]),
            ],
            "urls": [reverse("income:overview") + f"?year={row.year}" for row in found],
        },
        "may_bill": actor.may(permissions.BILL),
        "may_receive": actor.may(permissions.RECEIVE),
    }
    return render(request, "income/overview.html", context)


@page(permissions.VIEW)
def receivable_list(request: HttpRequest) -> HttpResponse:
    """Receivables by contract, operator, kind, state, age, year."""
    actor, on = request.actor, request.on
    wanted = ReceivableFilter.read(request.GET)
    sort = request.GET.get("sort", "-due")
    found = receivables.page(wanted, actor, on, sort=sort, after=request.GET.get("after", ""))
    context = {
        "tabs": showing.tabs("receivables", actor),
        "rows": showing.rows(found.rows, on),
        "following": found.following,
        "totals": receivables.totals(wanted, actor, on),
        "sorted": sort,
        "chips": _chips(wanted),
        "states": Standing.choices,
        "kinds": DueKind.choices,
        "ages": Age.choices,
        "export_url": f"{reverse('income:export_receivables')}?{urlencode(wanted.parameters())}",
        "may_bill": actor.may(permissions.BILL),
    }
    return render(request, "income/receivables.html", context)


def _chips(wanted: ReceivableFilter) -> list[tuple[str, str, str]]:
    """What the list is narrowed to beyond what its form shows."""
    found = []
    given = wanted.parameters()

    def without(name: str) -> str:
        return showing.receivables_url(**{key: value for key, value in given.items() if key != name})

    if wanted.operator is not None:
        names = contracts.party_names([wanted.operator])
        found.append((_("经营者"), names.get(wanted.operator, ""), without("operator")))
    if wanted.contract is not None:
        numbers = contracts.contract_numbers([wanted.contract])
        found.append((_("合同"), numbers.get(wanted.contract, ""), without("contract")))
    if wanted.division:
        code = wanted.division.ljust(12, "0")
        found.append((_("区划"), directory.division_names([code]).get(code, wanted.division), without("division")))
    for name, label, words in (
        ("state", _("状态"), dict(Standing.choices)),
        ("age", _("账龄"), dict(Age.choices)),
        ("kind", _("种类"), dict(DueKind.choices)),
    ):
        if value := getattr(wanted, name):
            found.append((label, str(words[value]), without(name)))
    if wanted.year is not None:
        found.append((_("应缴年度"), str(wanted.year), without("year")))
    return found


@page(permissions.VIEW)
def receivable(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """One receivable: what it is for, what came in, reminders, requests, vouchers."""
    actor, on = request.actor, request.on
    found = receivables.receivable(actor, receivable_id)
    state = receivables.standing(found, on)
    rows = receivables.entries(found.pk)
    bills = actor.may(permissions.BILL, found.division_code)
    is_deposit = found.kind == DueKind.DEPOSIT
    held = deposit_held(found.pk) if is_deposit else 0
    remissions = receivables.remissions_of(found.pk)
    context = {
        "found": found,
        "state": state.label,
        "tone": showing.TONES[state],
        "days_over": (on - found.due_on).days if state == Standing.OVERDUE else 0,
        "entries": [
            {
                "row": row,
                "kind": EntryKind(row.kind).label,
                "url": reverse("income:receipt", args=[row.receipt_id])
                if row.receipt_id
                else reverse("procedures:case", args=[row.remission.case_id])
                if row.remission is not None and actor.may("case.view")
                else "",
                "label": row.receipt.label
                if row.receipt
                else row.remission.case.reference
                if row.remission
                else row.cancellation.reason
                if row.cancellation
                else "",
            }
            for row in rows
        ],
        "reminders": receivables.reminders_of(found.pk),
        "remissions": remissions,
        "sees_cases": actor.may("case.view"),
        "contract_url": showing.contract_url(found.contract_id),
        "operator_url": showing.receivables_url(operator=found.operator_id),
        "vouchers": _vouchers(request, f"receivable:{found.pk}"),
        "may_cancel": bills and found.cancelled_on is None and not found.settled_fen,
        "may_ask": bills
        and actor.may("case.start")
        and found.cancelled_on is None
        and found.open_fen
        and not is_deposit
        and not any(row.case.status == "RUNNING" for row in remissions),
        "may_receive": actor.may(permissions.RECEIVE, actor.county) and found.open_fen and found.cancelled_on is None,
        "may_return": actor.may(permissions.RECEIVE, actor.county) and held > 0,
        "held": held,
        "is_deposit": is_deposit,
        "ask_form": forms.AskForm(initial={"fen": found.open_fen}),
        "cancel_form": forms.ReasonForm(),
        "return_form": forms.RefundForm(initial={"fen": held}),
    }
    return render(request, "income/receivable.html", context)


def _vouchers(request: HttpRequest, subject: str) -> list[dict[str, Any]]:
    """Vouchers with lines about a thing, for readers of the books."""
    if not request.actor.may("ledger.view"):
        return []
    seen = {line.voucher_id: line.voucher for line in ledger.lines_of_subject(subject).select_related("voucher")}
    return [{"voucher": voucher, "url": reverse("ledger:voucher", args=[key])} for key, voucher in sorted(seen.items())]


@page(permissions.VIEW)
def receipt_list(request: HttpRequest) -> HttpResponse:
    """Receipts, newest first."""
    actor = request.actor
    wanted = ReceiptFilter.read(request.GET)
    rows, following = receipts.page(wanted, actor, after=request.GET.get("after", ""))
    count, fen, credit = receipts.totals(wanted, actor)
    chips = []
    if wanted.payer is not None:
        names = contracts.party_names([wanted.payer])
        chips.append((_("缴款人"), names.get(wanted.payer, ""), showing.receipts_url()))
    if wanted.credit:
        chips.append((_("范围"), _("有预收余额的"), showing.receipts_url()))
    context = {
        "tabs": showing.tabs("receipts", actor),
        "rows": rows,
        "following": following,
        "count": count,
        "fen": fen,
        "credit": credit,
        "chips": chips,
        "export_url": f"{reverse('income:export_receipts')}?{urlencode(wanted.parameters())}",
        "may_receive": actor.may(permissions.RECEIVE, actor.county),
    }
    return render(request, "income/receipts.html", context)


@page(permissions.VIEW)
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One receipt: what it settled, what is left, what went back."""
    actor = request.actor
    found = receipts.receipt(actor, receipt_id)
    refunds = receipts.refunds(found.pk)
    may = actor.may(permissions.RECEIVE, actor.county) and found.returned_on is None
    context = {
        "found": found,
        "entries": [
            {
                "row": row,
                "kind": EntryKind(row.kind).label,
                "due": DueKind(row.receivable.kind).label,
                "url": reverse("income:receivable", args=[row.receivable_id]),
            }
            for row in receipts.entries(found.pk)
        ],
        "refunds": [{"row": row, "kind": RefundKind(row.kind).label} for row in refunds],
        "vouchers": _vouchers(request, f"receipt:{found.pk}"),
        "payer_url": showing.receipts_url(payer=found.payer_id),
        "may_refund": may and found.credit_fen > 0,
        "may_use": may and found.credit_fen > 0 and bool(receivables.open_rows(actor.county, found.payer_id)),
        "may_return": may and not refunds,
        "refund_form": forms.RefundForm(initial={"fen": found.credit_fen}),
        "return_form": forms.ReasonForm(),
    }
    return render(request, "income/receipt.html", context)


@page(permissions.VIEW)
def arrears(request: HttpRequest) -> HttpResponse:
    """What is past its day: by operator, contract and town, with ages and the way to a reminder (R15)."""
    actor, on = request.actor, request.on
    group = request.GET.get("by", "operator")
    group = group if group in ("operator", "contract", "town") else "operator"
    rows = receivables.arrears_by(group, actor, on)
    towns = directory.division_names(str(row.key).ljust(12, "0") for row in rows) if group == "town" else {}
    bills = actor.may(permissions.BILL)
    context = {
        "tabs": showing.tabs("arrears", actor),
        "groups": [
            {"label": label, "url": f"{reverse('income:arrears')}?by={name}", "active": name == group}
            for name, label in (("operator", _("按经营者")), ("contract", _("按合同")), ("town", _("按乡镇")))
        ],
        "group": group,
        "rows": [
            {
                "row": row,
                "name": towns.get(str(row.key).ljust(12, "0"), row.name) if group == "town" else row.name,
                "days": (on - row.oldest).days,
                "url": showing.receivables_url(state="OVERDUE", **{"division" if group == "town" else group: row.key}),
            }
            for row in rows
        ],
        "ages": [
            {"label": age.label, "count": n, "fen": fen, "url": showing.receivables_url(age=age.value)}
            for age, n, fen in receivables.ages(actor, on)
            if age != Age.NOT_DUE
        ],
        "may_remind": bills and group == "operator",
    }
    return render(request, "income/arrears.html", context)


@page(permissions.VIEW)
def reminder_list(request: HttpRequest) -> HttpResponse:
    """Reminders with their delivery."""
    actor = request.actor
    context = {
        "tabs": showing.tabs("reminders", actor),
        "rows": receipts.reminders(actor),
        "may_bill": actor.may(permissions.BILL),
        "form": forms.DeliveryForm(initial={"delivered_on": request.on}),
    }
    return render(request, "income/reminders.html", context)


@page(permissions.VIEW)
def remittance_list(request: HttpRequest) -> HttpResponse:
    """What is to be remitted, and what was (2.6.3)."""
    actor, on = request.actor, request.on
    to_remit = receipts.to_remit(actor.county, on) if permissions.sees_county(actor) else []
    may = actor.may(permissions.REMIT, actor.county)
    context = {
        "tabs": showing.tabs("remittances", actor),
        "to_remit": [
            {
                "row": row,
                "form": forms.RemitForm(
                    initial={"payer": row.payer, "fen": row.open_fen, "remitted_on": on},
                    auto_id=f"remit-{row.payer}-%s",
                ),
                "may": may and row.open_fen > 0,
            }
            for row in to_remit
        ],
        "rows": receipts.remittances(actor),
        "sees_books": actor.may("ledger.view"),
        "format": format_yuan,
    }
    return render(request, "income/remittances.html", context)
