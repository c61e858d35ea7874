"""The unit in which the reader wants amounts shown (金额单位): 元 or 万元, kept in a cookie.

Like the active language, the unit of the present request is held in a context variable, so that every
filter, also inside imported macros, shows amounts in the same unit.
"""

from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

COOKIE = "money_unit"


class Unit(StrEnum):
    """What one whole shown means."""

    YUAN = "yuan"
    WAN = "wan"


_active: ContextVar[Unit] = ContextVar("money_unit", default=Unit.YUAN)


def active() -> Unit:
    """The unit of the present request, yuan outside one."""
    return _active.get()


def activate(unit: Unit) -> None:
    """Show amounts in `unit` until told otherwise."""
    _active.set(unit)


def parse(text: str | None) -> Unit:
    """The unit a cookie or form names; yuan when it names none."""
    return Unit.WAN if text == Unit.WAN else Unit.YUAN


def label(unit: str | None = None) -> str:
    """The unit's name in the active language."""
    return _("万元") if (unit or active()) == Unit.WAN else _("元")


class UnitMiddleware:
    """Activate the reader's unit for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        activate(parse(request.COOKIES.get(COOKIE)))
        return self.get_response(request)
