"""What every act on a page shares: a form, one service call, the refusal beside the field it is about."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale


def done(request: HttpRequest, carry_out: Callable[[], str], target: str, form: forms.Form) -> HttpResponse:
    """Carry out an act of a button or dialog and go back, saying what was done or why not."""
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(target)
    try:
        messages.success(request, carry_out())
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(target)
