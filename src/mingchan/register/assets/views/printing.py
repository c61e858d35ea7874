"""Cards on paper (打印卡片): the form of the policy pack as PDF, one card on a page, each printing on record."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.register.assets import events, queries
from mingchan.register.assets.choices import AssetType, RightKind, SixClass, Status, System, Tier
from mingchan.register.assets.forms import WAYS
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries.cards import rights_by_card, shares_by_card
from mingchan.register.assets.views import showing

MOST = 200


@page("asset.view")
def print_cards(request: HttpRequest) -> FileResponse:
    """The chosen cards as PDF. What the actor may not see is left out; nothing to print is said."""
    ids = bulk.chosen(request.GET)
    if not ids:
        raise Refusal(_("没有选择卡片。请先在资产清单中选择要打印的卡片"))
    if len(ids) > MOST:
        raise Refusal(_("一次最多打印 %(most)s 张卡片，请分几次打印") % {"most": MOST})
    cards = queries.cards(ids, request.actor)
    if not cards:
        raise NotFound(_("没有这张资产卡片"))
    with translation.override("zh-hans"):
        data = papers_of(
            cards, request.on, lambda card: request.build_absolute_uri(reverse("assets:card", args=[card]))
        )
    made = papers.render(policy.form("asset_card"), data, on=request.on)
    evidence.record(
        events.PRINTED,
        Ref("asset", cards[0].pk) if len(cards) == 1 else Ref("county", request.actor.county),
        actor=request.actor,
        on=request.on,
        division=cards[0].division_code if len(cards) == 1 else "",
        facts={"count": len(cards), "codes": _span(cards)},
    )
    which = cards[0].code if len(cards) == 1 else f"{len(cards)}"
    name = f"{policy.county_name()}{_('资产卡片')}-{which}-{request.on:%Y%m%d}.pdf"
    return FileResponse(io.BytesIO(made), filename=name, content_type="application/pdf")


def _span(cards: list[Asset]) -> str:
    """The numbers of the cards as a record names them: all of a few, else the first and the last."""
    codes = [card.code for card in cards]
    return "、".join(codes) if len(codes) <= 10 else _("%(first)s 至 %(last)s") % {"first": codes[0], "last": codes[-1]}


def papers_of(cards: list[Asset], on: date, address: Callable[[int], str]) -> dict[str, Any]:
    """What the form 资产卡片 asks for, in a handful of statements. `address` gives a dossier's absolute address."""
    keys = [card.pk for card in cards]
    divisions = queries.names_by_key(set(), set(), {card.division_code for card in cards} - {""}).divisions
    rights, shares = rights_by_card(keys), shares_by_card(cards)
    return {
        "county": policy.county_name(),
        "printed_on": on,
        "cards": [
            _card(card, divisions.get(card.division_code, ""), address(card.pk))
            | {"rights": [_right(right) for right in sorted(rights.get(card.pk, ()), key=_order)]}
            | {
                "funding": [
                    {"source": showing.funding_name(source), "amount_fen": fen, "document": document}
                    for source, fen, document in shares.get(card.pk, ())
                ]
            }
            for card in cards
        ],
    }


def _card(card: Asset, division: str, address: str) -> dict[str, Any]:
    parties = {
        name: party.name if (party := getattr(card, name)) is not None else ""
        for name in ("owner", "user", "operator", "income_holder", "keeper")
    }
    texts = {
        name: getattr(card, name)
        for name in ("code", "name", "unit", "project", "place", "model", "brand", "serial_no", "manufacturer",
                     "supplier", "note", "condition")
    }  # fmt: skip
    known = policy.asset_codes().get(card.class_code)
    return {
        **texts,
        **parties,
        "status": Status(card.status).label,
        "class": f"{card.class_code} {known.name}" if known is not None else card.class_code,
        "six_class": SixClass(card.six_class).label,
        "asset_type": AssetType(card.asset_type).label,
        "system": System(card.system).label,
        "tier": Tier(card.tier).label,
        "division": division,
        "site": card.site.name if card.site is not None else "",
        "quantity_milli": card.quantity_milli,
        "unit_price_fen": card.unit_price_fen,
        "cost_fen": card.cost_fen,
        "year": str(card.year) if card.year else "",
        "acquire_way": str(WAYS.get(card.acquire_way, card.acquire_way)),
        "acquired": format_day(card.acquired_on, card.acquired_precision),
        "in_service": format_day(card.in_service_on),
        "registered": format_day(card.registered_on),
        "life": f"{card.life_months}个月" if card.life_months is not None else "",
        "residual": f"{card.residual_percent}%" if card.residual_percent is not None else "",
        "qr": papers.qr(address),
        "check_url": address,
        "mark": "示例" if card.is_sample else "",
    }


def _order(right: Right) -> int:
    """Ownership first, custody last; the sort keeps the dates of one kind in order."""
    return RightKind.values.index(right.kind)


def _right(right: Right) -> dict[str, Any]:
    whole = right.share_numerator == right.share_denominator
    return {
        "kind": RightKind(right.kind).label,
        "party": right.party.name,
        "share": "全部" if whole else f"{right.share_numerator}/{right.share_denominator}",
        "since_on": right.valid_from,
        "until_on": right.valid_to,
        "basis": right.basis,
    }
