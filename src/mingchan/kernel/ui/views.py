"""The two switches every page carries: language and unit of amounts. Both only set a cookie of the reader."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from mingchan.kernel.ui import unit
from mingchan.kernel.ui.page import public

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the reader came from, never to another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return response


@public(methods=("POST",))
def set_unit(request: HttpRequest) -> HttpResponse:
    """Show amounts in the unit posted."""
    return _remember(_back(request), unit.COOKIE, unit.parse(request.POST.get("unit")))


@public(methods=("POST",))
def set_language(request: HttpRequest) -> HttpResponse:
    """Show pages in the language posted; an unknown one changes nothing."""
    code = request.POST.get("language", "")
    response = _back(request)
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response
