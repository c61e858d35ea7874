"""The public check of certificates (公开查验): anybody with the paper in hand sees whether it is genuine and in force.

The address holds the number and a random code, so that knowing one certificate tells nothing of another. Nothing about
a wrong number is said but that it is wrong, and people's names are masked (2.3, 4.3).
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.kernel.ui.page import public
from mingchan.register.rights import rules
from mingchan.register.rights.forms import CheckForm
from mingchan.register.rights.queries import certificates as queries
from mingchan.register.rights.views.framing import FORCES

_NUMBERS = re.compile(r"\d+")


@public(methods=("GET", "POST"))
def ask(request: HttpRequest) -> HttpResponse:
    """Type a certificate's number and code."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        numbers = [int(text) for text in _NUMBERS.findall(form.cleaned_data["number"]) if len(text) < 9]
        token = re.sub(r"[^a-z2-7]", "", form.cleaned_data["token"].lower())
        if len(numbers) == 2 and token:
            return redirect("rights:answer", numbers[0], numbers[1], token)
        form.add_error("number", _("编号应有年度和证号，如 2020-1"))
    return render(request, "rights/ask.html", {"form": form}, status=422 if form.errors else 200)


@public()
def answer(request: HttpRequest, year: int, number: int, token: str) -> HttpResponse:
    """What the register says of the certificate; a wrong number or code is answered 404, in plain words."""
    found = queries.genuine(token, year, number, settings.COUNTY) if number < 10**9 and year < 10**4 else None
    if found is None:
        return render(request, "rights/unknown.html", {}, status=404)
    standing = queries.standing(found, request.on)
    is_person = found.party.kind == PartyKind.PERSON
    context = {
        "certificate": found,
        "number": queries.number_of(found),
        "holder": rules.masked(found.holder) if is_person else found.holder,
        "standing": standing,
        "tone": FORCES[standing.force],
        "labels": queries.kind_labels(),
    }
    response = render(request, "rights/answer.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
