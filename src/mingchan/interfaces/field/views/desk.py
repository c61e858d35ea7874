"""Pages of the office (办公端): what may be taken along, result files, phones and what came in."""

import io
from typing import Any

import orjson
import segno
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.interfaces.field import forms, permissions, queries, services
from mingchan.interfaces.field.choices import Way
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page, signed_in


def _qr(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


def _desk(request: HttpRequest, form: forms.ResultForm, *, status: int = 200, **more: Any) -> HttpResponse:
    address = request.build_absolute_uri(reverse("field:program"))
    context = {
        "errands": queries.errands(actor=request.actor, on=request.on),
        "on": request.on,
        "form": form,
        "outcome": None,
        "address": address,
        "qr": _qr(address),
        "is_secure": request.is_secure(),
        "may_view": request.actor.may(permissions.VIEW),
        **more,
    }
    return render(request, "field/errands.html", context, status=status)


@signed_in()
def errands(request: HttpRequest) -> HttpResponse:
    """What the reader may take along, how a phone gets it, and where a result file is handed in."""
    return _desk(request, forms.ResultForm())


@signed_in()
def enter(_request: HttpRequest) -> HttpResponse:
    """The way into the phone's program by a login, and by a new password where one is due."""
    return redirect("field:program")


@signed_in(methods=("POST",))
def capsule_file(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """The capsule of an errand as a file, to be opened on a phone."""
    issued = services.issue(kind, key, actor=request.actor, on=request.on)
    content = io.BytesIO(orjson.dumps(issued.as_dict()))
    return FileResponse(content, as_attachment=True, filename=f"mingchan-{kind}-{key}.json")


@signed_in(methods=("POST",))
def results(request: HttpRequest) -> HttpResponse:
    """Take a result file in and tell what became of each part."""
    form = forms.ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form, status=422)
    try:
        outcome = services.take_file(form.cleaned_data["file"].file, actor=request.actor, on=request.on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return _desk(request, form, status=422)
    if not outcome.refused and not outcome.photos_refused:
        messages.success(request, _("结果文件已收下。"))
    return _desk(request, forms.ResultForm(), outcome=outcome)


def _shared(request: HttpRequest) -> dict[str, Any]:
    return {"counts": queries.counts(request.actor), "cap": queries.COUNT_CAP, "ways": dict(Way.choices)}


@page("field.view")
def devices(request: HttpRequest) -> HttpResponse:
    """Phones and the capsules that are out on them: last contact, and what was unsent then."""
    rows, following = queries.outings(request.actor, after=request.GET.get("after", ""))
    context = {"rows": rows, "following": following, "phones": queries.phones(request.actor), **_shared(request)}
    return render(request, "field/devices.html", context)


@page("field.view")
def arrivals(request: HttpRequest) -> HttpResponse:
    """Results that came in, with what was refused and why."""
    rows, following = queries.arrivals(request.actor, after=request.GET.get("after", ""))
    names = queries.titles(((row.kind, row.key) for row in rows), request.actor.county)
    context = {"rows": rows, "following": following, "names": names, **_shared(request)}
    return render(request, "field/arrivals.html", context)
