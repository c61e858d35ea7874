"""The workbench's own pages: login, logout, password, desk."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as directory_services
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import desks, middleware
from mingchan.interfaces.web import first_steps as beginning
from mingchan.interfaces.web.forms import LoginForm, PasswordForm
from mingchan.kernel import errors, period
from mingchan.kernel.ui.page import public, signed_in


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return ""


@public(methods=("GET", "POST"))
def login(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; one message for whatever was wrong."""
    if request.account is not None:
        return redirect(_safe_next(request) or "web:desk")
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = directory_services.log_in(
                form.cleaned_data["username"],
                form.cleaned_data["password"],
                middleware.address(request),
                at=period.utc_now(),
                on=request.on,
            )
        except errors.Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 403
        else:
            open_session(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
            middleware.begin_session(request, account)
            return redirect(_safe_next(request) or "web:desk")
    context = {
        "form": form,
        "next": _safe_next(request),
        "has_samples": directory.has_samples(settings.COUNTY),
        "is_new": directory.is_new(settings.COUNTY),
    }
    return render(request, "web/login.html", context, status=status)


@signed_in(methods=("POST",))
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    directory_services.log_out(request.account, on=request.on, source=middleware.address(request))
    close_session(request)
    return redirect("web:login")


@signed_in(methods=("GET", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; forced when it is due."""
    due = middleware.password_due(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = directory_services.set_password(
                request.account.pk,
                form.cleaned_data["old"],
                form.cleaned_data["password"],
                actor=request.actor,
                on=request.on,
            )
        except errors.Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            update_session_auth_hash(request, account)
            middleware.begin_session(request, account)
            messages.success(request, _("口令已修改，其他地方的登录已退出。"))
            return redirect("web:desk")
    context = {
        "form": form,
        "due": due,
        "rule": directory_services.password_rule(),
        "history": policy.figure("password.history"),
    }
    return render(request, "web/password.html", context)


@signed_in()
def desk(request: HttpRequest) -> HttpResponse:
    """The page one lands on: the duties of one's roles and the figures behind them (4.1)."""
    specs = policy.roles()
    held = [specs[role] for role in dict.fromkeys(grant.role for grant in request.actor.grants) if role in specs]
    made = desks.cards(request.actor, held, request.on)
    named = {code for spec in held for code in spec.desk}
    context = {
        "roles": held,
        "duties": desks.owed(held),
        "piles": desks.piles(made),
        "cards": [card for card in made if card.code in named and card.links],
        "scopes": desks.scopes(request.actor),
        "steps": beginning.unfinished(request.actor),
    }
    return render(request, "web/desk.html", context)


@signed_in()
def first_steps(request: HttpRequest) -> HttpResponse:
    """The first steps of an empty county, also after they are done."""
    return render(request, "web/first_steps.html", {"steps": beginning.steps(request.actor)})
