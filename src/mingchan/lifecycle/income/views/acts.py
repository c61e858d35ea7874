"""Acting: issue, cancel, receive, use, pay back, remit, remind, ask, read a statement."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.procedures.services import PaperDraft as CasePaper
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.income import forms, permissions, services
from mingchan.lifecycle.income.choices import DueKind
from mingchan.lifecycle.income.drafts import ReceiptDraft, RemittanceDraft
from mingchan.lifecycle.income.queries import claims, contracts, receipts, receivables
from mingchan.lifecycle.income.views import showing

SHOWN = 200


@page(permissions.BILL, methods=("GET", "POST"))
def issue(request: HttpRequest) -> HttpResponse:
    """See what would be issued up to a day, then issue it in one act (2.5a)."""
    actor, on = request.actor, request.on
    form = forms.IssueForm(request.POST if request.method == "POST" else request.GET or None, initial={"until": on})
    status, until = 200, on
    if form.is_valid():
        until = form.cleaned_data["until"]
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                billing = services.issue(until, count=form.cleaned_data["count"], actor=actor, on=on)
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(
                    request,
                    _("已开具应收 %(count)s 笔，%(fen)s 元")
                    % {"count": billing.count, "fen": format_yuan(billing.fen)},
                )
                return redirect(showing.receivables_url(billing=billing.pk))
    found = services.preview(actor, until)
    names = contracts.party_names({row.contract.operator for row in found[:SHOWN]})
    context = {
        "form": form,
        "until": until,
        "count": len(found),
        "fen": sum(row.due.fen for row in found),
        "rows": [
            {
                "due": row.due,
                "kind": DueKind(row.due.kind).label,
                "number": row.contract.number,
                "operator": names.get(row.contract.operator, ""),
                "contract_url": showing.contract_url(row.contract.id),
            }
            for row in found[:SHOWN]
        ],
    }
    return render(request, "income/issue.html", context, status=status)


@page(permissions.BILL, methods=("POST",))
def cancel(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Take back a receivable that was wrong."""
    receivables.receivable(request.actor, receivable_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.cancel(receivable_id, data["reason"], actor=request.actor, on=request.on)
        return _("已作废，凭证已红字冲销")

    back = reverse("income:receivable", args=[receivable_id])
    return showing.act(request, forms.ReasonForm(request.POST), back, carry_out)


@page(permissions.BILL, methods=("POST",))
def ask(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask for a receivable to be given up."""
    receivables.receivable(request.actor, receivable_id)

    def carry_out(data: dict[str, Any]) -> str:
        papers = [CasePaper("basis", data["paper"].name, data["paper"].content)] if data["paper"] else []
        made = services.ask(
            receivable_id,
            data["kind"],
            data["fen"],
            data["reason"],
            papers=papers,
            actor=request.actor,
            on=request.on,
        )
        return _("已提交审批事项 %(number)s") % {"number": made.case.reference}

    back = reverse("income:receivable", args=[receivable_id])
    return showing.act(request, forms.AskForm(request.POST, request.FILES), back, carry_out)


@page(permissions.RECEIVE, methods=("POST",))
def return_deposit(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Pay a deposit back."""
    receivables.receivable(request.actor, receivable_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.return_deposit(
            receivable_id, data["fen"], data["voucher_no"], data["reason"], actor=request.actor, on=request.on
        )
        return _("已登记退还保证金")

    back = reverse("income:receivable", args=[receivable_id])
    return showing.act(request, forms.RefundForm(request.POST), back, carry_out)


@page(permissions.RECEIVE, methods=("GET", "POST"))
def receive(request: HttpRequest) -> HttpResponse:
    """Record money that came in; what the payer owes is shown, so that it may be chosen what is settled."""
    actor, on = request.actor, request.on
    asked = request.POST.get("payer") or request.GET.get("payer", "")
    payer = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    initial = {"payer": payer, "received_on": on}
    form = forms.ReceiptForm(
        request.POST if request.method == "POST" else None,
        payers=claims.payers(actor),
        creditors=contracts.creditors(actor),
        initial=initial,
    )
    status = 200
    if request.method == "POST":
        status = 422
        chosen = form.chosen() if form.is_valid() else None
        if form.is_valid():
            data = form.cleaned_data
            draft = ReceiptDraft(
                data["payer"], data["fen"], data["received_on"], data["bank_account"], data["voucher_no"],
                creditor=data["creditor"], chosen=chosen, note=data["note"],
            )  # fmt: skip
            try:
                made = services.receive(draft, actor=actor, on=on)
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, _("已登记%(number)s") % {"number": made.label})
                return redirect("income:receipt", made.pk)
    owed = claims.owed(actor, payer, on) if payer is not None else []
    context = {
        "form": form,
        "owed": showing.rows(owed, on),
        "owed_fen": sum(row.open_fen for row in owed),
        "credit": receipts.credit_of(actor.county, payer) if payer is not None else 0,
        "payer": payer,
        "typed": {name: text for name, text in request.POST.items() if name.startswith("part_")},
        "accounts": receipts.accounts_used(actor.county),
    }
    return render(request, "income/receive.html", context, status=status)


@page(permissions.RECEIVE, methods=("POST",))
def use_credit(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Use what a payer paid ahead for what it owes now."""
    found = receipts.receipt(request.actor, receipt_id)

    def carry_out(_data: dict[str, Any]) -> str:
        used = services.use_credit(found.payer_id, actor=request.actor, on=request.on)
        return _("已用预收款抵缴 %(fen)s 元") % {"fen": format_yuan(used)}

    return showing.act(request, _Empty(request.POST), reverse("income:receipt", args=[receipt_id]), carry_out)


class _Empty(forms.forms.Form):
    """Nothing to fill in."""


@page(permissions.RECEIVE, methods=("POST",))
def refund(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Pay unused credit back."""
    receipts.receipt(request.actor, receipt_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.refund(receipt_id, data["fen"], data["voucher_no"], data["reason"], actor=request.actor, on=request.on)
        return _("已登记退款")

    back = reverse("income:receipt", args=[receipt_id])
    return showing.act(request, forms.RefundForm(request.POST), back, carry_out)


@page(permissions.RECEIVE, methods=("POST",))
def return_payment(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Take back a payment that the bank returned or that was recorded wrongly."""
    receipts.receipt(request.actor, receipt_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.return_payment(receipt_id, data["reason"], actor=request.actor, on=request.on)
        return _("已冲回，原来冲减的应收恢复为未收")

    back = reverse("income:receipt", args=[receipt_id])
    return showing.act(request, forms.ReasonForm(request.POST), back, carry_out)


@page(permissions.REMIT, methods=("POST",))
def remit(request: HttpRequest) -> HttpResponse:
    """Record that income went to the treasury."""

    def carry_out(data: dict[str, Any]) -> str:
        made = services.remit(RemittanceDraft(**data), actor=request.actor, on=request.on)
        return _("已登记%(number)s") % {"number": made.label}

    return showing.act(request, forms.RemitForm(request.POST), reverse("income:remittances"), carry_out)


@page(permissions.BILL, methods=("POST",))
def remind(request: HttpRequest) -> HttpResponse:
    """Issue a reminder for all that an operator owes past its day."""

    def carry_out(data: dict[str, Any]) -> str:
        made = services.remind(data["payer"], actor=request.actor, on=request.on)
        return _("已开具%(number)s，请打印并送达") % {"number": made.label}

    back = reverse("income:reminders")
    return showing.act(request, forms.ClaimForm(request.POST), back, carry_out)


@page(permissions.BILL, methods=("POST",))
def deliver(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """Note how a reminder was delivered."""
    receipts.reminder(request.actor, reminder_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.note_delivery(
            reminder_id,
            data["delivered_on"],
            data["delivery"],
            data["delivered_to"],
            actor=request.actor,
            on=request.on,
        )
        return _("已登记送达")

    return showing.act(request, forms.DeliveryForm(request.POST), reverse("income:reminders"), carry_out)


@page(permissions.RECEIVE, methods=("GET", "POST"))
def statement(request: HttpRequest) -> HttpResponse:
    """Read a bank statement, and claim its lines one by one (收款认领)."""
    actor, on = request.actor, request.on
    form = forms.StatementForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                new, known = services.take(
                    form.cleaned_data["bank_account"], form.cleaned_data["paper"], actor=actor, on=on
                )
            except Refusal as refusal:
                if refusal.status != Refusal.status:
                    raise
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, _("已读入 %(new)s 行，%(known)s 行以前读过") % {"new": new, "known": known})
                return redirect("income:statement")
    waiting = receipts.statement_lines(actor)
    context = {
        "form": form,
        "waiting": claims.proposed(actor, waiting),
        "payers": claims.payers(actor),
        "settled": receipts.statement_lines(actor, waiting=False),
        "accounts": receipts.accounts_used(actor.county),
        "set_aside_form": forms.ReasonForm(),
    }
    return render(request, "income/statement.html", context, status=status)


@page(permissions.RECEIVE, methods=("POST",))
def claim(request: HttpRequest, line_id: int) -> HttpResponse:
    """Confirm whose money a line of a statement is."""
    _known(request, line_id)

    def carry_out(data: dict[str, Any]) -> str:
        made = services.claim(line_id, data["payer"], actor=request.actor, on=request.on)
        return _("已登记%(number)s") % {"number": made.label}

    return showing.act(request, forms.ClaimForm(request.POST), reverse("income:statement"), carry_out)


@page(permissions.RECEIVE, methods=("POST",))
def set_aside(request: HttpRequest, line_id: int) -> HttpResponse:
    """Mark a line as no business of income."""
    _known(request, line_id)

    def carry_out(data: dict[str, Any]) -> str:
        services.set_aside(line_id, data["reason"], actor=request.actor, on=request.on)
        return _("已标为非本业务")

    return showing.act(request, forms.ReasonForm(request.POST), reverse("income:statement"), carry_out)


def _known(request: HttpRequest, line_id: int) -> None:
    """Raise NotFound for a line of another county."""
    if not claims.is_line(request.actor, line_id):
        raise NotFound(_("没有这行对账单。"))
