"""What the pages of rights share: their tabs, names and tones."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mingchan.register.rights.choices import Force, State

TONES = {
    State.DRAFT: "neutral",
    State.PROPOSED: "warn",
    State.CHECKED: "info",
    State.APPROVED: "good",
    State.RETURNED: "bad",
    State.WITHDRAWN: "neutral",
}
FORCES = {Force.IN_FORCE: "good", Force.PARTLY: "warn", Force.SUPERSEDED: "bad"}


def tabs(chosen: str) -> list[dict[str, Any]]:
    """The pages of rights beside each other."""
    names = {
        "coverage": _("权属状况"),
        "batches": _("确权批次"),
        "certificates": _("确权证书"),
        "holders": _("归属台账"),
    }
    return [
        {"label": label, "url": reverse(f"rights:{name}"), "active": name == chosen} for name, label in names.items()
    ]


def address(name: str, *args: object) -> str:
    """The address of another context's page, empty when it has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def key_in(request: HttpRequest, name: str = "after") -> int | None:
    """A key from the address, None when there is none or it can't be read."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def day_in(request: HttpRequest) -> tuple[date | None, bool]:
    """The past day that a page is asked for, and whether it couldn't be read or lies ahead; today is none."""
    text = request.GET.get("on", "")
    if not text:
        return None, False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, True
    if day > request.on:  # type: ignore[attr-defined]
        return None, True
    return (None if day == request.on else day), False  # type: ignore[attr-defined]


def paper_of(document: str) -> str:
    """Where a paper given as `attachment:12` can be opened."""
    kind, _colon, number = document.partition(":")
    return address("evidence:download", int(number)) if kind == "attachment" and number.isdecimal() else ""
