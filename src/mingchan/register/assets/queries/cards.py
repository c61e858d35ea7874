"""One card (单张卡片): what it is, whose it is, where it was read from, as far as the actor may see it."""

from datetime import date
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.register.assets.models import Asset, FundingShare, Origin, Right, Site
from mingchan.register.assets.queries.filtering import visible_to


def card(asset_id: int, actor: Actor, right: str = "asset.view") -> Asset:
    """A card the actor may see by the right. Raises NotFound otherwise, as if there were none."""
    found = (
        Asset.objects.filter(visible_to(actor, right), pk=asset_id)
        .select_related("site", "owner", "user", "operator", "income_holder", "keeper")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这张资产卡片"))
    return found


def cards(ids: list[int], actor: Actor, right: str = "asset.view") -> list[Asset]:
    """Chosen cards the actor may see by the right, by number, at most two hundred."""
    found = Asset.objects.filter(visible_to(actor, right), pk__in=ids[:200]).order_by("code")
    return list(found.select_related("site", "owner", "user", "operator", "income_holder", "keeper"))


def card_as_of(asset: Asset, day: date) -> dict[str, Any] | None:
    """The card's document at the end of a past day, None before it was registered (2.4.1)."""
    return evidence.as_of(Ref("asset", asset.pk), day)


def rights_of(asset_id: int) -> list[Right]:
    """All rights over a card, those of one kind together, oldest first."""
    return list(Right.objects.filter(asset_id=asset_id).select_related("party").order_by("kind", "valid_from", "id"))


def shares_of(asset: Asset) -> list[tuple[str, int, str]]:
    """What the cost is made of, as (source, fen, document); it sums to the cost (2.1.1)."""
    found = list(
        FundingShare.objects.filter(asset_id=asset.pk).order_by("id").values_list("source", "amount_fen", "document")
    )
    return found or ([(asset.funding, asset.cost_fen, "")] if asset.funding else [])


def rights_by_card(ids: list[int]) -> dict[int, list[Right]]:
    """The rights over several cards by card, each as `rights_of` gives them, in one statement."""
    found: dict[int, list[Right]] = {}
    for right in (
        Right.objects.filter(asset_id__in=ids).select_related("party").order_by("asset_id", "kind", "valid_from", "id")
    ):
        found.setdefault(right.asset_id, []).append(right)
    return found


def shares_by_card(cards: list[Asset]) -> dict[int, list[tuple[str, int, str]]]:
    """What the cost of several cards is made of, by card, each as `shares_of` gives it, in one statement."""
    found: dict[int, list[tuple[str, int, str]]] = {}
    shares = FundingShare.objects.filter(asset_id__in=[card.pk for card in cards]).order_by("asset_id", "id")
    for asset_id, source, fen, document in shares.values_list("asset_id", "source", "amount_fen", "document"):
        found.setdefault(asset_id, []).append((source, fen, document))
    return {card.pk: [(card.funding, card.cost_fen, "")] for card in cards if card.funding} | found


def origin_of(asset: Asset) -> tuple[Origin, dict[str, str], dict[str, str]] | None:
    """Where a card, or the lot it was split from, was read from: the place, and by field the text and column."""
    lot: int = asset.pk
    for _step in range(20):
        found = Origin.objects.select_related("sheet").filter(asset_id=lot).first()
        if found is not None:
            return found, orjson.loads(found.originals), orjson.loads(found.sheet.columns)
        parent = Asset.objects.filter(pk=lot).values_list("parent_id", flat=True).first()
        if parent is None:
            return None
        lot = parent
    return None


def parts_of(asset: Asset) -> QuerySet[Asset]:
    """The cards a lot was split into."""
    return Asset.objects.filter(parent_id=asset.pk).order_by("code")


def party_named(name: str, county: str, division: str) -> tuple[int | None, int]:
    """The party of a name: its id and how many bear it. Of several the only one in the division counts, else none."""
    found = list(Party.objects.filter(county=county, name=name).values_list("pk", "division_code")[:50])
    if len(found) > 1:
        near = [pair for pair in found if pair[1] == division]
        found = near if len(near) == 1 else found
    return (found[0][0] if len(found) == 1 else None), len(found)


def suggestions(actor: Actor, text: str = "", most: int = 500) -> list[str]:
    """Names of parties to choose from, organisations first."""
    found = Party.objects.filter(county=actor.county)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(initials__istartswith=text))
    names = found.order_by("kind", "name").values_list("name", flat=True)[:most]
    return list(dict.fromkeys(names))


def site_names(ids: set[int]) -> dict[int, str]:
    """Names of sites by id."""
    return dict(Site.objects.filter(pk__in=ids).values_list("pk", "name"))
