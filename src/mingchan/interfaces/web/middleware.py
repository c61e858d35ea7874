"""The gate (门): who acts, whether he may open the page, and how a refusal is answered."""

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import events as directory_events
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as directory_services
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import crypto, errors, period
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import page

SEEN, SINCE, EPOCH = "seen", "since", "epoch"
STAMP_EVERY = 60
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS_OPEN = frozenset({"web:password", "web:logout", "ui:unit", "ui:language"})


def begin_session(request: HttpRequest, account: Account) -> None:
    """Note on a fresh session when it began and which state of the account it stands for."""
    now = int(time.time())
    request.session[SEEN] = request.session[SINCE] = now
    request.session[EPOCH] = account.session_epoch


class GateMiddleware:
    """Puts `request.actor` and `request.account` on every request and lets no page open that wasn't marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = self._account(request)
        request.account = account  # type: ignore[attr-defined]
        request.on = period.today()  # type: ignore[attr-defined]
        request.actor = (  # type: ignore[attr-defined]
            directory.actor_for(
                account,
                request.on,  # type: ignore[attr-defined]
                session=session_mark(request),
                source=address(request),
                request=secrets.token_hex(8),
            )
            if account
            else directory.nobody(settings.COUNTY)
        )
        response = self.get_response(request)
        if account is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _account(self, request: HttpRequest) -> Account | None:
        account = request.user
        if not isinstance(account, Account):
            return None
        session, now = request.session, int(time.time())
        if EPOCH not in session:
            begin_session(request, account)
        idle = policy.figure("session.idle_minutes") * 60
        longest = policy.figure("session.absolute_hours") * 3600
        if now - session[SEEN] > idle or now - session[SINCE] > longest or session[EPOCH] != account.session_epoch:
            logout(request)
            return None
        if now - session[SEEN] >= STAMP_EVERY:
            session[SEEN] = now
        return account

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before each page: a login where one is needed, and a new password where one is due."""
        access = page.access_of(view)
        if access is not None and access.kind == page.PUBLIC:
            return None
        if request.account is None:  # type: ignore[attr-defined]
            return _to_login(request)
        if access is None:
            return refused(request, errors.NotAllowed(_("这个页面没有开放。")))
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name not in ALWAYS_OPEN and password_due(request):
            return _redirect(request, reverse("web:password"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal becomes a page that says why and which clause demands it; other errors pass on."""
        if isinstance(exception, errors.Refusal):
            if isinstance(exception, errors.NotAllowed) and request.method not in SAFE:
                self._record(request)
            return refused(request, exception)
        if isinstance(exception, Http404):
            return refused(request, errors.NotFound(_("没有这个页面。")))
        return None

    def _record(self, request: HttpRequest) -> None:
        """Leave a record of an act that was refused for want of a right (等保 安全审计)."""
        match = request.resolver_match
        evidence.record_own_transaction(
            directory_events.ACCESS_REFUSED,
            Ref("page", match.view_name.replace(":", ".") if match else "unknown"),
            actor=request.actor,  # type: ignore[attr-defined]
            on=request.on,  # type: ignore[attr-defined]
            facts={"what": request.path},
        )


def password_due(request: HttpRequest) -> bool:
    """Whether the account of the request must change its password first."""
    return directory_services.password_is_due(request.account, on=request.on)  # type: ignore[attr-defined]


def address(request: HttpRequest) -> str:
    """The network address the request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]


def session_mark(request: HttpRequest) -> str:
    """A mark that tells one session from another in the log, from which the session can't be taken over."""
    key = request.session.session_key or ""
    return crypto.sha256(key.encode()).hex()[:12] if key else ""


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _redirect(request: HttpRequest, target: str) -> HttpResponse:
    if _is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _to_login(request: HttpRequest) -> HttpResponse:
    target = reverse("web:login")
    if request.method == "GET" and not _is_htmx(request) and request.path != "/":
        target += "?" + urlencode({"next": request.get_full_path()})
    return _redirect(request, target)


def refused(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    """The answer to a refusal: a whole page, or a fragment for htmx, with the clauses behind it."""
    known = policy.clauses()
    names = {403: _("没有权限"), 404: _("找不到"), 409: _("不能这样做")}
    response = render(
        request,
        "web/_refused.html" if _is_htmx(request) else "web/refused.html",
        {
            "title": names.get(refusal.status, _("不能这样做")),
            "refusal": refusal,
            "status": refusal.status,
            "clauses": [known[clause] for clause in refusal.clauses if clause in known],
            "stale": refusal if isinstance(refusal, errors.Stale) else None,
        },
        status=refusal.status,
    )
    if _is_htmx(request):
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response
