"""A code in somebody's hand (扫码): for anybody the public page, for a keeper the dossier; claiming, changing."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel import links, papers, period
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.page import page, public
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset
from mingchan.register.labels import forms, permissions, queries, rules, services
from mingchan.register.labels.choices import Cause, State, Way
from mingchan.register.labels.drafts import Found, ScanDraft
from mingchan.register.labels.models import Label, Link
from mingchan.register.labels.views.words import TONES

OFFERED = 30


@public()
def open_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code of a label leads: a keeper who is logged in to the dossier, anybody else to the public page."""
    if request.actor.may(permissions.VIEW) and request.method == "GET":
        return _opened(request, code, Way.PHONE)
    return redirect(_public_address(code))


def _public_address(code: str) -> str:
    return links.resolve(str(Ref("label_public", rules.plain(code) or "-"))).url or reverse("web:login")


@page("asset.view")
def staff(request: HttpRequest, code: str) -> HttpResponse:
    """The same for who logs in on the way from the public page."""
    return _opened(request, code, Way.PHONE)


def _opened(request: HttpRequest, code: str, way: Way) -> HttpResponse:
    """The scan is kept; then the dossier, the page of an unclaimed or void label, or the public page."""
    [found] = services.note_scans([ScanDraft(code, period.utc_now(), way)], actor=request.actor, on=request.on)
    return redirect(_target(request, found))


def _target(request: HttpRequest, found: Found) -> str:
    if found.asset_id is not None:
        seen = Asset.objects.filter(assets.visible_to(request.actor), pk=found.asset_id).exists()
        return reverse("assets:card", args=[found.asset_id]) if seen else _public_address(found.code)
    if found.label_id is not None:
        return reverse("labels:detail", args=[found.code])
    return _public_address(found.code)


@page("asset.view", methods=("GET", "POST"))
def scan(request: HttpRequest) -> HttpResponse:
    """Read a code with a hand scanner or by typing it, and go where it leads; the scan is kept."""
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = ScanDraft(form.cleaned_data["code"], period.utc_now(), Way.DESK)
            [found] = services.note_scans([given], actor=request.actor, on=request.on)
            if found.asset_id is not None or found.label_id is not None:
                return redirect(_target(request, found))
            words = _("标签编号校验不符，请核对后重新输入") if found.is_mistyped else _("本县没有这个编号的标签或资产")
            form.add_error("code", words)
    return render(request, "labels/scan.html", {"form": form}, status=status)


def _page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    label, link = queries.one(code, request.actor)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    state = State.VOID if label.voided_on else State.LIVE if link is not None else State.FREE
    may_claim = request.actor.may(permissions.CLAIM)
    offered: list[assets.Row] = []
    if state == State.FREE and may_claim:
        wanted = assets.RegisterFilter(text=words)
        offered = [
            row
            for row in queries.missing(wanted, request.actor, limit=OFFERED)[0]
            if request.actor.may(permissions.CLAIM, row.division_code or request.actor.county)
        ]
    address = request.build_absolute_uri(reverse("labels:open", args=[label.code]))
    context = {
        "label": label,
        "link": link,
        "state": state,
        "tone": TONES[state.value],
        "shown": rules.shown,
        "history": queries.of_label(label.pk, request.actor),
        "scans": queries.scans(label=label.pk),
        "causes": dict(Cause.choices),
        "words": words,
        "offered": offered,
        "names": assets.names_of(offered),
        "may_claim": may_claim,
        "may_print": request.actor.may(permissions.PRINT),
        "void_form": (bound or {}).get("void") or forms.VoidForm(),
        "problem": problem,
        "address": address,
        "qr": papers.squares(address),
    }
    return render(request, "labels/detail.html", context, status=status)


@page("asset.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One label: how it stands, where it was, who scanned it; an unclaimed one can be claimed here."""
    return _page(request, code)


def _done(
    request: HttpRequest, do: Callable[[], object], again: Callable[[str, int], HttpResponse], words: str, to: str
) -> HttpResponse:
    try:
        do()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return again(str(refusal), refusal.status)
    messages.success(request, words)
    return redirect(to)


@page("label.claim", methods=("POST",))
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Put this label on the asset that was picked."""
    label: Label = queries.one(code, request.actor)[0]
    text = request.POST.get("asset", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return _page(request, code, problem=_("请选择要贴标签的资产"), status=422)
    return _done(
        request,
        lambda: services.claim(label.code, int(text), actor=request.actor, on=request.on),
        lambda words, status: _page(request, code, problem=words, status=status),
        _("已认领：标签贴于所选资产"),
        reverse("assets:card", args=[int(text)]) + "?tab=rights",
    )


@page("label.print", methods=("POST",))
def void(request: HttpRequest, code: str) -> HttpResponse:
    """Make an unclaimed label void."""
    form = forms.VoidForm(request.POST)
    if not form.is_valid():
        return _page(request, code, bound={"void": form}, status=422)
    return _done(
        request,
        lambda: services.void(code, form.cleaned_data["cause"], actor=request.actor, on=request.on),
        lambda words, status: _page(request, code, problem=words, status=status),
        _("标签已作废"),
        reverse("labels:detail", args=[code]),
    )


def _for_asset(
    request: HttpRequest, asset: Asset, form: django_forms.Form, link: Link | None, status: int = 200
) -> HttpResponse:
    context = {
        "asset": asset,
        "form": form,
        "link": link,
        "code": rules.shown(link.label.code) if link is not None else "",
    }
    return render(request, "labels/asset.html", context, status=status)


def _card(request: HttpRequest, asset_id: int) -> tuple[Asset, Link | None]:
    asset = assets.card(asset_id, request.actor)
    return asset, next((link for link in queries.of_asset(asset.pk) if link.valid_to is None), None)


def _acted(
    request: HttpRequest, asset: Asset, link: Link | None, form: django_forms.Form, do: Callable[[], object], words: str
) -> HttpResponse:
    if request.method != "POST":
        return _for_asset(request, asset, form, link)
    if not form.is_valid():
        return _for_asset(request, asset, form, link, 422)
    try:
        do()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _for_asset(request, asset, form, link, refusal.status)
    messages.success(request, words)
    return redirect(reverse("assets:card", args=[asset.pk]) + "?tab=rights")


@page("label.claim", methods=("GET", "POST"))
def claim_for(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Scan the label that was stuck on this asset."""
    asset, link = _card(request, asset_id)
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    return _acted(
        request, asset, link, form,
        lambda: services.claim(form.cleaned_data["code"], asset.pk, actor=request.actor, on=request.on),
        _("已认领标签"),
    )  # fmt: skip


@page("label.claim", methods=("GET", "POST"))
def change(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Change the label of this asset for another one, or take it off."""
    asset, link = _card(request, asset_id)
    form = forms.ChangeForm(request.POST if request.method == "POST" else None)

    def do() -> object:
        given = form.cleaned_data
        shared: dict[str, Any] = {"reason": given["reason"], "actor": request.actor, "on": request.on}
        if given["code"].strip():
            return services.relink(asset.pk, given["code"], given["cause"], **shared)
        return services.take_off(asset.pk, given["cause"], **shared)

    return _acted(request, asset, link, form, do, _("标签已更换"))
