"""What every act on a page shares (办理): a form, one service call, the refusal beside the field it is about.

A refusal that is an answer of its own (no right, not found, somebody saved first) is left to the page that shows it.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale


def first_error(form: forms.Form) -> str:
    """What is wrong with a form that has no page of its own."""
    return next(
        (
            f"{form.fields[name].label or ''} {errors[0]}".strip() if name in form.fields else str(errors[0])
            for name, errors in form.errors.items()
        ),
        "",
    )


def posted(
    request: HttpRequest,
    form: forms.Form,
    carry_out: Callable[[dict[str, Any]], tuple[str, str]],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form; when it is sent, carry out and go where `carry_out` says, with its message.

    `carry_out` gives (message, address). A refusal stays on the page, at its field where the form has it.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                message, target = carry_out(form.cleaned_data)
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, message)
                return redirect(target)
    return render(request, template, {"form": form, **context}, status=status)


def done(
    request: HttpRequest, carry_out: Callable[[], str], target: str, form: forms.Form | None = None
) -> HttpResponse:
    """Carry out an act of a button or dialog and go back, saying what was done or why not."""
    if form is not None and not form.is_valid():
        messages.error(request, first_error(form))
        return redirect(target)
    try:
        messages.success(request, carry_out())
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(target)


def tried(
    request: HttpRequest,
    form: forms.Form,
    carry_out: Callable[[dict[str, Any]], object],
    shown: Callable[[int], HttpResponse],
    target: str,
    message: str,
) -> HttpResponse:
    """Carry out one of several forms of a page and go on; else `shown` gives the page again, with a status."""
    if not form.is_valid():
        return shown(422)
    try:
        carry_out(form.cleaned_data)
    except (NotAllowed, NotFound, Stale):
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return shown(refusal.status)
    messages.success(request, message)
    return redirect(target)
