"""What people may read (方案、电话、查验): the plan in plain words, telephone numbers, certificates; the language."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import forms, queries
from mingchan.interfaces.portal.views import showing
from mingchan.kernel.ui.page import public

_NUMBERS = re.compile(r"\d+")
YEAR = 365 * 24 * 3600


@public()
def plan(request: HttpRequest) -> HttpResponse:
    """The plan's sentences, each with what it means for a villager (4.3)."""
    clauses = [(clause, queries.in_plain_words(clause.id)) for clause in policy.clauses().values()]
    return showing.respond(request, "portal/plan.html", {"clauses": clauses}, tab="plan")


@public()
def phones(request: HttpRequest) -> HttpResponse:
    """Whom to call."""
    shown = queries.published()
    context = {"lines": shown.lines, "offices": shown.offices}
    return showing.respond(request, "portal/phones.html", context, tab="phones")


@public()
def certificate(request: HttpRequest) -> HttpResponse:
    """Number and code of a certificate, which lead to the register's own public check (2.3)."""
    form = forms.CertificateForm(request.GET or None)
    if request.GET and form.is_valid():
        numbers = [text for text in _NUMBERS.findall(form.cleaned_data["number"]) if len(text) < 9]
        token = re.sub(r"[^a-z2-7]", "", form.cleaned_data["token"].lower())
        if len(numbers) == 2 and len(numbers[0]) == 4 and token:
            return redirect("rights:answer", int(numbers[0]), int(numbers[1]), token)
        form.add_error("number", _("编号应有年度和证号，如 2020-1"))
    return showing.respond(request, "portal/certificate.html", {"form": form}, kept=False)


@public()
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the reader's language and go back to the page."""
    target = request.GET.get("next", "")
    if not target.startswith("/portal/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("portal:home")
    response = HttpResponseRedirect(target)
    response.headers["Cache-Control"] = "no-store"
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax")
    return response


@public()
def lost(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that leads nowhere."""
    return showing.lost(request, _("没有这个页面"), _("网址可能抄错了，或者页面已经撤下。"))
