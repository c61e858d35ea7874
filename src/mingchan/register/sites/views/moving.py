"""Moving assets between sites and spreading lots over many (调整存放地点、分配到村)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.money import MILLI, format_quantity
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import choosing
from mingchan.register.sites import permissions, queries, services
from mingchan.register.sites.drafts import Portion
from mingchan.register.sites.forms import MoveForm, QuantityField, SpreadForm
from mingchan.register.sites.views import words

MOST = 1000
OFFERED = 50


@page("asset.move", methods=("GET", "POST"))
def move(request: HttpRequest) -> HttpResponse:
    """Put chosen cards to another site: chosen, seen from → to, confirmed."""
    actor = request.actor
    params = request.POST if request.method == "POST" else request.GET
    ids = bulk.chosen(params)
    if len(ids) > MOST:
        raise Refusal(_("一次最多调整 %(count)s 张卡片，请分批办理") % {"count": MOST}, clauses=("2.2",))
    rows = assets.rows_of(ids, actor)
    if not rows:
        return _offer(request)
    asked = "on" in params
    data = params if asked else None
    form = MoveForm(data, actor=actor, today=request.on, initial={"on": request.on, "site": params.get("site", "")})
    status, target = 200, None
    if asked:
        status = 200 if form.is_valid() and request.method == "GET" else 422
        target = _target(form, actor) if form.is_valid() else None
    if request.method == "POST" and form.is_valid():
        try:
            count = services.relocate(
                [row.id for row in rows], form.target(), form.cleaned_data["reason"], actor=actor,
                on=form.cleaned_data["on"],
            )  # fmt: skip
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("已调整 %(count)s 张卡片的存放地点") % {"count": count})
            site = form.cleaned_data["site"]
            return redirect(words.site_url(site, "assets") if site else reverse("assets:list"))
    names = assets.names_of(rows)
    context = {
        "form": form,
        "rows": rows,
        "names": names,
        "target": target,
        "day": form.cleaned_data.get("on") if target else None,
        "hindered": [row for row in rows if _hinders(row, form, actor)] if target else [],
        "assets_url": reverse("assets:list"),
    }
    return render(request, "sites/move.html", context, status=status)


def _target(form: MoveForm, actor: Actor) -> dict[str, str] | None:
    """Where the cards would be, in words; None while nothing is named."""
    place = form.target()
    if place.site is None and not place.division_code and not place.place:
        form.add_error("site", _("请选择站点，或填写存放地点"))
        return None
    division, name = place.division_code, ""
    if place.site is not None:
        site = queries.site(place.site, actor)
        division, name = division or site.division_code, site.name
    found = assets.names_by_key(set(), set(), {division} - {""}).divisions
    return {"site": name, "division": found.get(division, ""), "place": place.place}


def _hinders(row: assets.Row, form: MoveForm, actor: Actor) -> bool:
    """Whether a card can't go: outside the actor's divisions, no longer counting."""
    return row.status != "ACTIVE" or not actor.may(permissions.MOVE, row.division_code or actor.county)


def _offer(request: HttpRequest) -> HttpResponse:
    """Cards to choose from, found by words, for a site that is to receive them."""
    actor = request.actor
    text = request.GET.get("q", "").strip()[:60]
    site_id = request.GET.get("site", "")
    target = None
    if site_id.isascii() and site_id.isdecimal() and len(site_id) < 16:
        target = queries.site(int(site_id), actor)
    rows: list[assets.Row] = []
    if text:
        found = assets.rows(assets.RegisterFilter(text=text), actor, limit=OFFERED)
        rows = [row for row in found.rows if target is None or row.site_id != target.pk]
        rows = [row for row in rows if actor.may(permissions.MOVE, row.division_code or actor.county)]
    context = {"rows": rows, "names": assets.names_of(rows), "text": text, "target": target}
    return render(request, "sites/pick.html", context)


@page("asset.split")
def lots(request: HttpRequest) -> HttpResponse:
    """Lots that can be spread over sites, found by words."""
    text = request.GET.get("q", "").strip()[:60]
    context = {
        "rows": queries.lots(request.actor, text),
        "text": text,
        "towns": request.GET.getlist("town"),
        "query": urlencode([("town", code) for code in request.GET.getlist("town")]),
    }
    return render(request, "sites/lots.html", context)


@page("asset.split", methods=("GET", "POST"))
def spread(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Spread a lot over the sites of chosen towns: a quantity for each, summing to the lot."""
    actor = request.actor
    asset = assets.card(asset_id, actor, permissions.SPLIT)
    params = request.POST if request.method == "POST" else request.GET
    towns = [code for code in params.getlist("town") if code.isascii() and code.isdecimal() and len(code) == 12]
    kind = params.get("kind", "")
    kind = kind if kind in queries.standards.kinds() else ""
    targets = queries.targets(actor, towns, kind) if towns else []
    form = SpreadForm(request.POST or None, initial={"version": asset.version, "with_keepers": True})
    typed, texts, broken = _typed(params, asset, targets)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not broken:
            portions = [Portion(key, milli) for key, milli in typed.items() if milli]
            try:
                done = services.spread(
                    asset_id, portions, form.cleaned_data["version"], form.cleaned_data["reason"],
                    with_keepers=form.cleaned_data["with_keepers"], actor=actor, on=request.on,
                )  # fmt: skip
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("已分配为 %(count)s 张卡片") % {"count": len(done)})
                return redirect("assets:card", asset_id)
        elif broken:
            form.add_error(None, _("有数量看不懂：请填写数字，最多 3 位小数"))
    given = sum(typed.values())
    context = {
        "asset": asset,
        "form": form,
        "towns": towns,
        "kind": kind,
        "kinds": queries.standards.choices(),
        "town_choices": _towns(actor),
        "targets": [(target, texts[target.id], target.id in broken) for target in targets],
        "stay": texts[None],
        "stay_broken": None in broken,
        "given": given,
        "rest": asset.quantity_milli - given,
        "place": assets.names_by_key(
            {asset.site_id} - {None}, set(), {asset.division_code} - {""}
        ),
    }  # fmt: skip
    return render(request, "sites/spread.html", context, status=status)


def _typed(
    params: QueryDict, asset: Asset, targets: list[queries.Target]
) -> tuple[dict[int | None, int], dict[int | None, str], set[int | None]]:
    """By site (None: what stays): quantities in thousandths, the texts typed, and the places whose text is no quantity.

    With `fill`, `each` for every site as far as the lot goes; the rest stays.
    """
    if "fill" in params:
        filled = _filled(params.get("each", ""), asset, targets)
        return filled, {key: _text(milli) for key, milli in filled.items()}, set()
    field = QuantityField(required=False)
    texts: dict[int | None, str] = {target.id: params.get(f"q-{target.id}", "") for target in targets}
    texts[None] = params.get("q-stay", "")
    typed: dict[int | None, int] = {}
    broken: set[int | None] = set()
    for key, text in texts.items():
        try:
            typed[key] = field.clean(text) or 0
        except ValidationError:
            broken.add(key)
    return typed, texts, broken


def _filled(each: str, asset: Asset, targets: list[queries.Target]) -> dict[int | None, int]:
    """The same quantity for each site while the lot lasts, and what is left."""
    step = int(each) * MILLI if each.isascii() and each.isdecimal() and len(each) < 9 else 0
    filled: dict[int | None, int] = {}
    left = asset.quantity_milli
    for target in targets:
        filled[target.id] = step if step <= left else 0
        left -= filled[target.id]
    filled[None] = left
    return filled


def _text(milli: int) -> str:
    return format_quantity(milli).replace(",", "") if milli else ""


def _towns(actor: Actor) -> list[tuple[str, str]]:
    """Towns in which the actor may take lots apart."""
    return [
        (code, name.strip("　")) for code, name in choosing.divisions(actor, permissions.SPLIT)
        if code.endswith("000") and not code.endswith("000000")
    ]  # fmt: skip
