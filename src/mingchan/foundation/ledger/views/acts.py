"""Acts on the books from pages: close a month, carry a year, ask for a closed month to be opened."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions, queries, services
from mingchan.foundation.ledger.forms import CloseForm, ReopenForm, YearForm
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page


def _back(book_id: int) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("ledger:periods", args=[book_id]))


def _first_error(form: CloseForm | ReopenForm | YearForm) -> Refusal:
    name, errors = next(iter(form.errors.items()))
    return Refusal(f"{form.fields[name].label}：{errors[0]}" if name in form.fields else errors[0], field=name)


@page(permissions.CLOSE, methods=("POST",))
def close(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Close the open months of a book up to the one chosen."""
    queries.book(request.actor, book_id, permissions.CLOSE)
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise _first_error(form)
    data = form.cleaned_data
    done = services.close_through(book_id, data["month"], data["note"], actor=request.actor, on=request.on)
    messages.success(request, _("已结账 %(count)s 个月。") % {"count": len(done)})
    return _back(book_id)


@page(permissions.CLOSE, methods=("POST",))
def carry(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Carry a year's income and expense to the accumulated surplus."""
    queries.book(request.actor, book_id, permissions.CLOSE)
    form = YearForm(request.POST)
    if not form.is_valid():
        raise _first_error(form)
    year = form.cleaned_data["year"]
    done = services.close_year(book_id, year, actor=request.actor, on=request.on)
    messages.success(request, _("已结转%(year)s年收支，生成凭证 %(count)s 张。") % {"year": year, "count": len(done)})
    return HttpResponseRedirect(reverse("ledger:closing", args=[book_id]))


@page(permissions.CLOSE, methods=("POST",))
def reopen(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Ask for a closed month to be opened; the case decides."""
    queries.book(request.actor, book_id, permissions.CLOSE)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        raise _first_error(form)
    data = form.cleaned_data
    address = services.ask_to_reopen(book_id, data["month"], data["reason"], actor=request.actor, on=request.on)
    messages.success(
        request,
        _("已提交 %(month)s 反结账申请，批准后可记账 72 小时。") % {"month": queries.month_text(data["month"])},
    )
    return HttpResponseRedirect(address)
