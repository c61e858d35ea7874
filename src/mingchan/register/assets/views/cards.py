"""The dossier of a card (资产档案): its fields, rights, origin, vouchers, trace, papers; today or on a past day."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence import services as evidence_services
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.ledger import queries as ledger
from mingchan.kernel import links
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.filters import NOTHING, day
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Moment
from mingchan.kernel.ui.unit import label as unit_label
from mingchan.register.assets import queries
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.forms import WAYS, PaperForm
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.cards import card_as_of, origin_of, parts_of, rights_of, shares_of
from mingchan.register.assets.views import showing

TABS = ("card", "rights", "origin", "books", "trace", "papers")
GROUPS = (
    (_t("基本情况"),
     ("name", "code", "class_code", "six_class", "asset_type", "system", "tier", "condition", "status")),
    (_t("地点"), ("division_code", "site", "place")),
    (_t("数量、价值与资金"),
     ("quantity_milli", "unit", "unit_price_fen", "cost_fen", "funding", "year", "project", "acquire_way")),
    (_t("权属、使用与管护"), ("owner", "user", "operator", "income_holder", "keeper")),
    (_t("日期与年限"), ("acquired_on", "in_service_on", "registered_on", "life_months", "residual_percent")),
    (_t("规格与来路"), ("model", "brand", "serial_no", "manufacturer", "supplier")),
    (_t("备注"), ("note",)),
)  # fmt: skip
MEASURES = {"life_months": _t("%(count)s 个月"), "residual_percent": _t("%(count)s%%")}
COLUMNS = {
    "asset_code": _t("资产编号"), "class_any": _t("资产分类"), "town": _t("所在乡镇"), "village": _t("行政村"),
    "town_village": _t("乡镇和村"), "phone": _t("联系电话"), "life_years": _t("使用年限（年）"),
    "funding_central": _t("中央资金"), "funding_province": _t("省级资金"), "funding_city": _t("市级资金"),
    "funding_county": _t("县级资金"), "funding_other": _t("其他资金"),
}  # fmt: skip
"""Columns of county forms that are no field of the card; the others bear the name of their field."""
PAPERS = tuple(kind for kind in AttachmentKind.choices if kind[0] != AttachmentKind.WORKBOOK)


def address(name: str, *args: object) -> str:
    """The address of another context's page, empty when it has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@page("asset.view")
def card(request: HttpRequest, asset_id: int) -> HttpResponse:
    """One card, by tabs; `on` shows it as of a past day."""
    asset = queries.card(asset_id, request.actor)
    tab = request.GET.get("tab", "card")
    tab = tab if tab in _tabs_of(request) else "card"
    past, shown, bad_day = _as_of(asset, request)
    actor, division = request.actor, asset.division_code or asset.county
    active = asset.status == Status.ACTIVE and not asset.frozen_by
    context: dict[str, Any] = {
        "asset": asset,
        "tab": tab,
        "tabs": _tabs(asset, tab, past, request),
        "past": past,
        "bad_day": bad_day,
        "exists": shown is not None,
        "facts": _facts(shown) if shown is not None else [],
        "status_tone": {"ACTIVE": "good", "SPLIT": "info", "WITHDRAWN": "bad", "DISPOSED": "neutral"}[asset.status],
        "source": links.resolve(asset.source),
        "frozen": links.resolve(asset.frozen_by) if asset.frozen_by else None,
        "may": {
            "correct": active and actor.may("asset.correct", division),
            "split": active and actor.may("asset.split", division),
            "attach": actor.may("paper.attach", division),
        },
    }
    if tab in _PARTS:
        context.update(_PARTS[tab](asset, request))
    context["sections"] = sections.build("asset", tab, asset, request)
    return render(request, "assets/card.html", context)


def _as_of(asset: Asset, request: HttpRequest) -> tuple[date | None, dict[str, Any] | None, bool]:
    """The day asked for, the card's values on it, and whether the day couldn't be read or lies ahead."""
    today = {field.attname: getattr(asset, field.attname) for field in Asset._meta.concrete_fields}
    text = request.GET.get("on", "")
    if not text:
        return None, today, False
    try:
        past = date.fromisoformat(text)
    except ValueError:
        return None, today, True
    if past > request.on:
        return None, today, True
    document = card_as_of(asset, past)
    if document is None:
        return past, None, False
    values = {}
    for field in Asset._meta.concrete_fields:
        value = document.get(field.attname)
        is_day = field.get_internal_type() == "DateField"
        values[field.attname] = date.fromisoformat(value) if is_day and isinstance(value, str) else value
    return past, values, False


def _facts(values: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of the card as text, by groups."""
    code = values["division_code"]
    divisions = queries.names_by_key(set(), set(), {code} if code else set()).divisions
    return [(str(title), [_fact(name, values, divisions) for name in names]) for title, names in GROUPS]


def _fact(name: str, values: dict[str, Any], divisions: dict[str, str]) -> tuple[str, str]:
    field: Field[Any, Any] = Asset._meta.get_field(name)  # type: ignore[assignment]
    value = values.get(field.attname)
    if name == "acquired_on":
        text = day(value, values["acquired_precision"])
    elif name == "division_code":
        text = divisions.get(value or "", value or NOTHING)
    elif name == "class_code":
        text = showing.class_text(value or "")
    elif name == "acquire_way":
        text = str(WAYS.get(value, value)) or NOTHING
    else:
        text = showing.value_of(field, value)
    if text != NOTHING and name.endswith("_fen"):
        text = f"{text} {unit_label()}"
    elif text != NOTHING and name in MEASURES:
        text = MEASURES[name] % {"count": text}
    return _plain(field), text


def _plain(field: Any) -> str:
    """A field's name without the unit it is stored in."""
    return str(field.verbose_name).split("（")[0].split(" (")[0]


def _tabs_of(request: HttpRequest) -> list[str]:
    """The tabs the actor may open: vouchers, trace and papers have rights of their own; upper contexts add some."""
    needs = {"books": "ledger.view", "trace": "log.view", "papers": "paper.view"}
    added = dict.fromkeys(section.tab for section in sections.of("asset", request.actor) if section.tab not in TABS)
    own = [tab for tab in TABS if tab not in needs or request.actor.may(needs[tab])]
    return [*own[:2], *added, *own[2:]]


def _tabs(asset: Asset, chosen: str, past: date | None, request: HttpRequest) -> list[dict[str, Any]]:
    names = {
        "card": _("资产卡片"),
        "rights": _("权属与使用"),
        "origin": _("来源"),
        "books": _("凭证"),
        "trace": _("留痕"),
        "papers": _("照片与文件"),
    }
    for section in reversed(sections.of("asset", request.actor)):
        if section.tab not in TABS:
            names[section.tab] = str(section.label)
    base = reverse("assets:card", args=[asset.pk])
    on = {"on": past.isoformat()} if past is not None else {}
    return [
        {"label": names[tab], "url": f"{base}?{urlencode({'tab': tab, **on})}", "active": tab == chosen}
        for tab in _tabs_of(request)
    ]


def _card_part(asset: Asset, request: HttpRequest) -> dict[str, Any]:
    return {
        "shares": [(showing.funding_name(code), fen, paper) for code, fen, paper in shares_of(asset)],
        "life": _life(asset),
        "parts": list(parts_of(asset)[:200]) if asset.status == Status.SPLIT else [],
    }


def _life(asset: Asset) -> list[Moment]:
    """The life line: acquisition, service, registration, hand-overs and what became of the card."""
    dated: list[tuple[date, int, Moment]] = []

    def add(
        on: date | None, order: int, title: str, text: str = "", tone: str = "neutral", precision: str = "D"
    ) -> None:
        if on is not None:
            dated.append((on, order, Moment(day(on, precision), title, text, tone=tone)))

    add(asset.acquired_on, 0, _("取得"), asset.acquire_way, "good", asset.acquired_precision)
    add(asset.in_service_on, 1, _("投入使用"), "", "good")
    add(asset.registered_on, 2, _("登记入册"), asset.code, "info")
    for right in rights_of(asset.pk):
        if right.valid_from > asset.registered_on:
            add(right.valid_from, 3, _("%(right)s归属变更") % {"right": RightKind(right.kind).label}, right.party.name)
    if asset.status != Status.ACTIVE:
        tone = "bad" if asset.status == Status.WITHDRAWN else "info"
        add(asset.state_since, 9, str(Status(asset.status).label), "", tone)
    return [moment for _on, _order, moment in sorted(dated, key=lambda entry: entry[:2])]


def _origin_part(asset: Asset, request: HttpRequest) -> dict[str, Any]:
    found = origin_of(asset)
    if found is None:
        return {"origin": None}
    origin, originals, columns = found
    return {"origin": origin, "batch": links.resolve(origin.sheet.batch), "cells": _cells(columns, originals)}


def _cells(columns: dict[str, str], originals: dict[str, str]) -> list[tuple[str, str, str | None]]:
    """Every column that was read: its name, its letter, and its text where that differs from the card."""
    names = {field.name: _plain(field) for field in Asset._meta.concrete_fields}
    known = {name.removesuffix("_fen").removesuffix("_milli"): text for name, text in names.items()} | names | COLUMNS
    return [
        (str(known.get(key, key)), letter, originals.get(letter, originals.get(key)))
        for key, letter in columns.items()
        if not key.startswith("_")
    ]


def _books_part(asset: Asset, request: HttpRequest) -> dict[str, Any]:
    books = ledger.visible_to(request.actor)
    lines = ledger.lines_of_subject(Ref("asset", asset.pk)).filter(book__in=books)[:200]
    return {"lines": [(line, address("ledger:voucher", line.voucher_id)) for line in lines]}


def _trace_part(asset: Asset, request: HttpRequest) -> dict[str, Any]:
    entries = evidence.history(Ref("asset", asset.pk))
    return {
        "entries": [
            Moment(day(entry.on), entry.sentence, entry.reason, entry.actor, address("evidence:record", entry.seq))
            for entry in reversed(entries)
        ]
    }


def _papers_part(asset: Asset, request: HttpRequest) -> dict[str, Any]:
    found = evidence.attachments_of(Ref("asset", asset.pk))
    return {
        "papers": [(paper, address("evidence:download", paper.pk)) for paper in found],
        "paper_form": PaperForm(kinds=PAPERS),
    }


_PARTS = {
    "card": _card_part,
    "origin": _origin_part,
    "books": _books_part,
    "trace": _trace_part,
    "papers": _papers_part,
}


@page("paper.attach", methods=("POST",))
def attach(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Keep a photograph or paper with a card."""
    asset = queries.card(asset_id, request.actor, "paper.attach")
    form = PaperForm(request.POST, request.FILES, kinds=PAPERS)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            evidence_services.attach(
                file.file,
                name=file.name,
                owner=Ref("asset", asset.pk),
                division=asset.division_code,
                kind=form.cleaned_data["kind"],
                actor=request.actor,
                on=request.on,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已附上文件"))
    else:
        messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(f"{reverse('assets:card', args=[asset_id])}?tab=papers")
