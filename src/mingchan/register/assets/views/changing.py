"""Registering by hand, correcting, splitting and bulk correction (登记、更正、拆分、批量更正)."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.money import MILLI
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.bulk import chosen
from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries, services
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.forms import BulkForm, CardForm, CorrectionForm, PartForm, SplitForm
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import choosing
from mingchan.register.assets.queries.cards import suggestions
from mingchan.register.assets.rules import MOST_PARTS
from mingchan.register.assets.views import showing

PARTS = 8
GROUPS = (
    ("identity", ("name", "code", "class_code", "asset_type", "system", "tier")),
    ("place", ("division_code", "site", "place")),
    ("thing", ("model", "brand", "serial_no", "manufacturer", "supplier")),
    ("value", ("unit", "quantity_milli", "unit_price_fen", "cost_fen", "funding", "year", "project", "acquire_way")),
    ("dates", ("acquired", "in_service_on", "life_months", "residual_percent")),
    ("holders", ("owner", "user", "operator", "income_holder", "keeper", "condition")),
    ("note", ("note",)),
)


def _titles() -> dict[str, str]:
    return {
        "identity": _("资产"),
        "place": _("地点"),
        "thing": _("规格与来路"),
        "value": _("数量、价值与资金"),
        "dates": _("日期与年限"),
        "holders": _("权属、使用与管护"),
        "note": _("备注"),
    }


def _grouped(form: CardForm) -> list[tuple[str, list[Any]]]:
    titles = _titles()
    return [(titles[key], [form[name] for name in names]) for key, names in GROUPS]


@page("asset.register", methods=("GET", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Register one card by hand."""
    actor = request.actor
    form = CardForm(request.POST or None, actor=actor, right="asset.register")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            account = getattr(request, "account", None)
            source = Ref("account", account.pk if account is not None else 0)
            try:
                card = services.register_one(form.draft(), source=source, actor=actor, on=request.on)
            except Refusal as refusal:
                _tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已登记"))
                return redirect("assets:card", card)
    context = {"form": form, "groups": _grouped(form), "names": suggestions(actor)}
    return render(request, "assets/create.html", context, status=status)


@page("asset.correct", methods=("GET", "POST"))
def correct(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Correct a card. A stale save shows both versions and asks again."""
    actor = request.actor
    asset = queries.card(asset_id, actor, "asset.correct")
    initial = {**CorrectionForm.initial_of(asset), "version": asset.version}
    form = CorrectionForm(request.POST or None, actor=actor, right="asset.correct", present=asset, initial=initial)
    stale: list[tuple[str, str, str]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.correct(
                    asset_id,
                    form.changes(),
                    form.cleaned_data["version"],
                    form.cleaned_data["reason"],
                    actor=actor,
                    on=request.on,
                )
            except Stale as found:
                stale = _both(asset, found)
                form.add_error(None, str(found))
                form.data = form.data.copy()
                form.data["version"] = str(asset.version)
                status = found.status
            except Refusal as refusal:
                _tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("已更正"))
                return redirect("assets:card", asset_id)
    context = {"form": form, "groups": _grouped(form), "asset": asset, "names": suggestions(actor), "stale": stale}
    return render(request, "assets/correct.html", context, status=status)


def _both(asset: Asset, stale: Stale) -> list[tuple[str, str, str]]:
    """What differs between the saved version and the one typed: field, theirs, yours."""
    found = []
    for field in Asset._meta.concrete_fields:
        name = field.attname
        if name in stale.theirs and stale.theirs[name] != stale.yours.get(name):
            theirs, yours = (showing.value_of(field, side.get(name)) for side in (stale.theirs, stale.yours))
            found.append((str(field.verbose_name), theirs, yours))
    return found


def _tell(form: Any, refusal: Refusal) -> None:
    """Put a refusal at its field, or above the form."""
    field = {"acquired_on": "acquired", "funding_shares": "funding"}.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))


@page("asset.split", methods=("GET", "POST"))
def split(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Split a lot into parts as typed, or with `single` into its pieces (拆成单件)."""
    actor = request.actor
    asset = queries.card(asset_id, actor, "asset.split")
    choices = {
        "division_code": [("", _("不变")), *choosing.divisions(actor, "asset.split")],
        "site": [("", _("不变")), *choosing.sites(actor)],
    }
    data = request.POST or None
    form = SplitForm(data, initial={"version": asset.version})
    parts = [PartForm(data, prefix=f"p{number}", actor=actor, choices=choices) for number in range(PARTS)]
    status = 200
    if request.method == "POST":
        status = 422
        single = "single" in request.POST
        if form.is_valid() and (single or all(part.is_valid() for part in parts)):
            drafts = pieces(asset) if single else [draft for part in parts for draft in part.parts()]
            try:
                services.split(
                    asset_id,
                    drafts,
                    form.cleaned_data["version"],
                    form.cleaned_data["reason"],
                    actor=actor,
                    on=request.on,
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已拆分为 %(count)s 张卡片") % {"count": len(drafts)})
                return redirect("assets:card", asset_id)
    context = {
        "form": form,
        "parts": parts,
        "asset": asset,
        "names": suggestions(actor),
        "pieces": len(pieces(asset)),
    }
    return render(request, "assets/split.html", context, status=status)


def pieces(asset: Asset) -> list[PartDraft]:
    """The single pieces of a lot of whole ones, none when it can't be taken to pieces."""
    count, rest = divmod(asset.quantity_milli, MILLI)
    return [PartDraft(MILLI)] * count if 2 <= count <= MOST_PARTS and not rest else []


@page("asset.correct", methods=("GET", "POST"))
def bulk(request: HttpRequest) -> HttpResponse:
    """Change one field on all chosen cards, all or none."""
    actor = request.actor
    params = request.POST if request.method == "POST" else request.GET
    ids = chosen(params)
    cards = queries.cards(ids, actor, "asset.correct")
    form = BulkForm(request.POST or None, actor=actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    changed = sum(_change(card, form, request) for card in cards)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已更正 %(count)s 张卡片") % {"count": changed})
                return redirect("assets:list")
    context = {"form": form, "cards": cards, "names": suggestions(actor)}
    return render(request, "assets/bulk.html", context, status=status)


def _change(card: Asset, form: BulkForm, request: HttpRequest) -> int:
    """Correct one chosen card; a card that is so already stays as it is. Gives how many were changed."""
    changes = {
        name: value
        for name, value in form.changes().items()
        if (card.keeper_id if name == "keeper" else getattr(card, name)) != value
    }
    if not changes:
        return 0
    version = request.POST.get(f"version-{card.pk}", "")
    services.correct(
        card.pk,
        changes,
        int(version) if version.isdecimal() and len(version) < 10 else 0,
        form.cleaned_data["reason"],
        actor=request.actor,
        on=request.on,
    )
    return 1
