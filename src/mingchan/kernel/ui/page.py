"""Marks on views (页面权限): which right a page asks for and which methods it answers.

The marks are read by the gate (`interfaces.web.middleware`) and by the tests that walk every address. A view without
a mark is never served, so a page can't be forgotten open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

View = Callable[..., HttpResponseBase]

PUBLIC = "public"
SIGNED_IN = "signed_in"
RIGHT = "right"


@dataclass(frozen=True)
class Access:
    """What a view asks for: `kind` is public, signed_in or right; `right` is empty but for the last."""

    kind: str
    right: str
    methods: tuple[str, ...]


class GatedRequest(Protocol):
    """A request that passed the gate: it carries who acts."""

    actor: Actor


def _marked(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in access.methods:
                return HttpResponseNotAllowed(access.methods)
            if access.kind == RIGHT and not request.actor.may(access.right):  # type: ignore[attr-defined]
                raise NotAllowed(_("您没有这项权限。"))
            return view(request, *args, **kwargs)

        gated.access = access  # type: ignore[attr-defined]
        gated.right = access.right  # type: ignore[attr-defined]
        gated.methods = access.methods  # type: ignore[attr-defined]
        return gated

    return decorate


def _with_head(methods: Sequence[str]) -> tuple[str, ...]:
    """HEAD is answered wherever GET is."""
    return (*methods, "HEAD") if "GET" in methods and "HEAD" not in methods else tuple(methods)


def page(right: str, *, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """A page for accounts that hold the right somewhere; scope is checked by the query or service behind it.

    Other methods are answered 405; without the right NotAllowed (403) is raised.
    """
    return _marked(Access(RIGHT, right, _with_head(methods)))


def signed_in(*, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """A page every account may open (its own desk, its own password)."""
    return _marked(Access(SIGNED_IN, "", _with_head(methods)))


def public(*, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """A page that needs no login."""
    return _marked(Access(PUBLIC, "", _with_head(methods)))


def access_of(view: Any) -> Access | None:
    """What a resolved view asks for, or None when it carries no mark."""
    return getattr(view, "access", None)
