"""Pages for auditors (审计): the desk as of a day, who could have done what, evidence packages."""

import tempfile
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import crypto, links
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.ui.page import page
from mingchan.oversight.jointwork import forms, services
from mingchan.oversight.jointwork.queries import auditing, authority, packing
from mingchan.register.assets.models import Asset

DEFAULT_RIGHT = "right.approve"


def _asked_day(request: HttpRequest) -> date:
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return request.on  # type: ignore[attr-defined, no-any-return]
    return min(found, request.on)  # type: ignore[attr-defined]


@page("package.make")
def desk(request: HttpRequest) -> HttpResponse:
    """Everything as of a day, read only, each figure with its list (3.4.2, 4.1)."""
    day = _asked_day(request)
    context = {"groups": auditing.desk(request.actor, day), "day": day, "is_today": day == request.on}
    return render(request, "jointwork/desk.html", context)


@page("package.make")
def authority_page(request: HttpRequest) -> HttpResponse:
    """Who could have done what over which division on a day, and who did what to a thing (3.4.2)."""
    day = _asked_day(request)
    given = {
        "right": request.GET.get("right") or DEFAULT_RIGHT,
        "division": request.GET.get("division", ""),
        "day": day,
    }
    form = forms.AuthorityForm(given, actor=request.actor)
    context: dict[str, Any] = {"form": form, "day": day, "held": None, "did": None, "about": None}
    if form.is_valid():
        right, division = form.cleaned_data["right"], form.cleaned_data["division"] or request.actor.county
        context["held"] = authority.holders(request.actor, right, division, day)
        context["right"] = policy.rights()[right].text
        context["roles"] = "、".join(policy.roles()[role].text for role in authority.roles_with(right))
    if about := request.GET.get("about", "").strip()[:80]:
        try:
            ref = packing.known(_reference(about, request.actor.county), request.actor)
        except NotFound:
            messages.error(request, _("没有这个对象。"))
        else:
            context["about"] = links.resolve(str(ref))
            context["did"] = authority.acts_on(request.actor, packing.objects_of([str(ref)]))
    context["places"] = directory.division_names({one.region.ljust(12, "0") for one in context["did"] or ()})
    return render(request, "jointwork/authority.html", context)


def _reference(text: str, county: str) -> str:
    """A reference as typed, or the card of an asset's number."""
    key = Asset.objects.filter(county=county, code=text).values_list("pk", flat=True).first()
    return f"asset:{key}" if key else text


@page("package.make", methods=("GET", "POST"))
def package(request: HttpRequest) -> HttpResponseBase:
    """Make an evidence package and download it (3.4.2)."""
    form = forms.PackageForm(
        request.POST or None, initial={"about": request.GET.get("about", "")[:80]}, actor=request.actor
    )
    if request.method == "POST" and form.is_valid():
        about = form.cleaned_data["about"].strip()
        about = _reference(about, request.actor.county) if about else ""
        target = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
        try:
            services.make_package(
                target, about=about, part=form.part(), words=_words(form, about), reason=form.cleaned_data["reason"],
                actor=request.actor, on=request.on,
            )  # fmt: skip
        except NotAllowed:
            target.close()
            raise
        except Refusal as refusal:
            target.close()
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            target.seek(0)
            name = f"evidence-{request.on.isoformat()}.zip"
            return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "key": crypto.seal_key().hex()}
    return render(request, "jointwork/package.html", context, status=status)


def _words(form: forms.PackageForm, about: str) -> dict[str, str]:
    """The scope for people."""
    given = form.cleaned_data
    if about:
        return {_("对象"): links.resolve(about).title}
    names = directory.division_names([given["division"]]) if given["division"] else {}
    words = {
        _("区划"): names.get(given["division"], ""),
        _("事项"): given["act"],
        _("自"): given["day_from"].isoformat() if given["day_from"] else "",
        _("至"): given["day_to"].isoformat() if given["day_to"] else "",
    }
    return {name: value for name, value in words.items() if value}
