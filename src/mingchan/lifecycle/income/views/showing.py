"""How income is written on pages: tabs, tones, rows with their links."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import acting
from mingchan.lifecycle.income import permissions
from mingchan.lifecycle.income.choices import DueKind, Standing
from mingchan.lifecycle.income.queries import receivables
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter

TONES = {
    Standing.PAID: "good",
    Standing.PARTLY: "info",
    Standing.OPEN: "neutral",
    Standing.OVERDUE: "bad",
    Standing.CANCELLED: "neutral",
}
COUNTY_TABS = ("remittances", "yields", "settlements", "reconciliation")
"""Pages for whoever sees the county."""


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The pages of income that the reader may open."""
    pages = [
        ("overview", _("概况")),
        ("receivables", _("应收")),
        ("receipts", _("收款")),
        ("arrears", _("欠收")),
        ("reminders", _("催缴")),
        ("remittances", _("上缴")),
        ("yields", _("效益")),
        ("settlements", _("年度清算")),
        ("reconciliation", _("对账")),
    ]
    county = permissions.sees_county(actor)
    return [
        {"label": label, "url": reverse(f"income:{name}"), "active": name == active}
        for name, label in pages
        if county or name not in COUNTY_TABS
    ]


def receivables_url(**narrowed: Any) -> str:
    """The list of receivables, narrowed."""
    query = urlencode(ReceivableFilter(**narrowed).parameters())
    return reverse("income:receivables") + (f"?{query}" if query else "")


def receipts_url(**parameters: Any) -> str:
    """The list of receipts, narrowed."""
    return reverse("income:receipts") + (f"?{urlencode(parameters)}" if parameters else "")


def contract_url(contract: int) -> str:
    """The page of a contract, empty where this installation has none."""
    try:
        return reverse("operation:contract", args=[contract])
    except NoReverseMatch:
        return ""


def rows(found: Iterable[receivables.Row], on: date) -> list[dict[str, Any]]:
    """Receivables with state, tone and links."""
    shown = []
    for row in found:
        state = receivables.standing(row, on)
        shown.append(
            {
                "row": row,
                "url": reverse("income:receivable", args=[row.id]),
                "kind": DueKind(row.kind).label,
                "state": state.label,
                "tone": TONES[state],
                "contract_url": contract_url(row.contract),
                "operator_url": receivables_url(operator=row.operator),
            }
        )
    return shown


def act(
    request: HttpRequest, form: django_forms.Form, back: str, carry_out: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Carry out a small form and go back, with what was done or why not."""
    return acting.done(request, lambda: carry_out(form.cleaned_data), back, form)
