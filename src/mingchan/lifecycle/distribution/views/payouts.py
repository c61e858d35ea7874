"""Paying out (发放): a list with its payments, the bank's file, what came back, what uses spent (2.5a)."""

import csv
import io
import tempfile
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.distribution import permissions, services
from mingchan.lifecycle.distribution.choices import PaymentMethod, PaymentStatus
from mingchan.lifecycle.distribution.forms import MethodForm, PaidForm, ReturnedForm, SpendingForm
from mingchan.lifecycle.distribution.models import Payment
from mingchan.lifecycle.distribution.queries import plans as queries
from mingchan.lifecycle.distribution.services.revealing import BankRow
from mingchan.lifecycle.distribution.views import printing, showing
from mingchan.lifecycle.distribution.views.plans import plan_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


@page(permissions.PAY, methods=("POST",))
def make_list(request: HttpRequest, plan_id: int) -> HttpResponse:
    """List every household of a plan that waits for its share."""
    queries.plan(request.actor, plan_id)
    form = MethodForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            made = services.make_list(plan_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("发放表已编制，共 %(count)s 户") % {"count": made.count})
            return redirect("distribution:payout", made.pk)
    return plan_page(request, plan_id, status=status, method_form=form)


@page(permissions.SPEND, methods=("POST",))
def spend(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Record money of a use that was spent."""
    found = queries.plan(request.actor, plan_id)
    uses = [(row.line.use, row.label) for row in queries.lines_of(found) if not row.is_households]
    form = SpendingForm(request.POST, request.FILES, uses=uses)
    status = 422
    if form.is_valid():
        try:
            services.spend(plan_id, form.draft(), actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("用途支出已登记"))
            return redirect("distribution:plan", plan_id)
    return plan_page(request, plan_id, status=status, spending_form=form)


@page(permissions.VIEW)
def payout(request: HttpRequest, payout_id: int) -> HttpResponse:
    """One list: its payments, masked, and what can be done with them."""
    return payout_page(request, payout_id)


def payout_page(request: HttpRequest, payout_id: int, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    actor, on = request.actor, request.on
    found = queries.payout(actor, payout_id)
    rows, following = queries.payments_of(found, actor, request.GET.get("after", ""))
    sums = next(row for row in queries.payouts_of(found.plan) if row["payout"].pk == found.pk)
    may_pay = actor.may(permissions.PAY, found.plan.division_code)
    context = {
        "payout": found,
        "plan": found.plan,
        "number": queries.number_of(found.plan),
        "rows": rows,
        "following": following or None,
        "names": showing.names_of(row.division for row in rows),
        "labels": dict(PaymentStatus.choices),
        "tones": showing.PAYMENT_TONES,
        "sums": sums,
        "is_bank": found.method == PaymentMethod.BANK,
        "may_pay": may_pay,
        "may_bank_file": found.method == PaymentMethod.BANK
        and sums["issued"][0]
        and actor.may(permissions.BANK_FILE, found.plan.division_code),
        "paid_form": bound.get("paid_form") or PaidForm(initial={"paid_on": on}),
        "returned_form": bound.get("returned_form") or ReturnedForm(initial={"returned_on": on}),
        "returning": bound.get("returning"),
        "bank_fault": bound.get("bank_fault", ""),
    }
    return render(request, "distribution/payout.html", context, status=status)


@page(permissions.PAY, methods=("POST",))
def paid(request: HttpRequest, payout_id: int) -> HttpResponse:
    """Payments of a list reached the households: those picked, or all that wait."""
    queries.payout(request.actor, payout_id)
    form = PaidForm(request.POST)
    picked = bulk.chosen(request.POST)
    status = 422
    if form.is_valid():
        try:
            count = services.mark_paid(
                payout_id, picked or None, **form.cleaned_data, actor=request.actor, on=request.on
            )
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已登记发放 %(count)s 户") % {"count": count})
            return redirect("distribution:payout", payout_id)
    return payout_page(request, payout_id, status=status, paid_form=form)


@page(permissions.PAY, methods=("POST",))
def returned(request: HttpRequest, payment_id: int) -> HttpResponse:
    """A payment came back."""
    payout_id = Payment.objects.filter(pk=payment_id).values_list("payout_id", flat=True).first()
    if payout_id is None:
        raise NotFound(_("没有这笔发放"))
    queries.payout(request.actor, payout_id)
    form = ReturnedForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.mark_returned(payment_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except Refusal as refusal:
            showing.tell(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已登记退回，这一户可以重新列入发放表"))
            return redirect("distribution:payout", payout_id)
    return payout_page(request, payout_id, status=status, returned_form=form, returning=payment_id)


@page(permissions.BANK_FILE, methods=("POST",))
def bank_file(request: HttpRequest, payout_id: int) -> HttpResponse | FileResponse:
    """The file by which the bank pays a list, with whole accounts; the export is recorded."""
    queries.payout(request.actor, payout_id)
    reason = request.POST.get("reason", "")
    try:
        rows = services.bank_rows(payout_id, reason, actor=request.actor, on=request.on)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return payout_page(request, payout_id, status=refusal.status, bank_fault=str(refusal))
    name = f"{_('代发文件')}-{payout_id}-{request.on:%Y%m%d}"
    if request.POST.get("format") == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(_headings())
        for row in rows:
            writer.writerow(
                [row.number, f"\t{row.account}", row.name, row.bank, format_yuan(row.fen).replace(",", ""), row.note]
            )
        out: IO[bytes] = io.BytesIO(text.getvalue().encode("gb18030"))
        return FileResponse(out, as_attachment=True, filename=f"{name}.csv", content_type="text/csv; charset=gb18030")
    return FileResponse(_bank_workbook(rows), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _headings() -> list[str]:
    return [_("序号"), _("收款账号"), _("收款户名"), _("开户行"), _("金额"), _("用途")]


def _bank_workbook(rows: list[BankRow]) -> IO[bytes]:
    """The file in the columns that banks take; accounts are text, so that no digit is lost."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "in_memory": True})
    sheet = book.add_worksheet(_("代发文件"))
    amount = book.add_format({"num_format": "#,##0.00"})
    for column, (heading, width) in enumerate(zip(_headings(), (8, 26, 14, 26, 14, 40), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading)
    for place, row in enumerate(rows, start=1):
        sheet.write_number(place, 0, row.number)
        for column, text in ((1, row.account), (2, row.name), (3, row.bank), (5, row.note)):
            sheet.write_string(place, column, text)
        sheet.write_number(place, 4, Decimal(row.fen).scaleb(-2), amount)
    book.close()
    out.seek(0)
    return out


@page(permissions.VIEW)
def paper(request: HttpRequest, payout_id: int) -> FileResponse:
    """The list as a paper to be signed (发放表), accounts and names of persons masked where the bank pays."""
    found = queries.payout(request.actor, payout_id)
    return printing.payout_paper(found, actor=request.actor, on=request.on)
