"""Acts on the books from pages: close and reopen a month."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions, queries, services
from mingchan.foundation.ledger.forms import CloseForm, ReopenForm
from mingchan.kernel.errors import Refusal
from mingchan.kernel.ui.page import page


def _back(book_id: int) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("ledger:periods", args=[book_id]))


def _first_error(form: CloseForm | ReopenForm) -> Refusal:
    name, errors = next(iter(form.errors.items()))
    return Refusal(f"{form.fields[name].label}：{errors[0]}" if name in form.fields else errors[0], field=name)


@page(permissions.CLOSE, methods=("POST",))
def close(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Close the open months of a book up to the one chosen."""
    queries.book(request.actor, book_id, permissions.CLOSE)
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise _first_error(form)
    done = services.close_through(book_id, form.cleaned_data["month"], actor=request.actor, on=request.on)
    messages.success(request, _("已结账 %(count)s 个月。") % {"count": len(done)})
    return _back(book_id)


@page(permissions.CLOSE, methods=("POST",))
def reopen(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """Open a closed month again for 72 hours."""
    queries.book(request.actor, book_id, permissions.CLOSE)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        raise _first_error(form)
    data = form.cleaned_data
    services.reopen_period(book_id, data["month"], data["reason"], actor=request.actor, on=request.on)
    messages.success(
        request, _("%(month)s 已反结账，72 小时后自动终止。") % {"month": queries.month_text(data["month"])}
    )
    return _back(book_id)
