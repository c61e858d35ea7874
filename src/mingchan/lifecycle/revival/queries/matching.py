"""Idle things for sites that lack such things (调剂匹配, 2.6.2): suggestions by need and nearness.

Offered is what has lain idle for long, is whole, and is under no contract, unfinished handover, disposal or measure.
What measures under way will bring a site counts as there already. `rules.match` says in which order.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import holds
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.lifecycle.operation.choices import LIVE
from mingchan.lifecycle.operation.models import Covered
from mingchan.lifecycle.revival import permissions, rules
from mingchan.lifecycle.revival.choices import OPEN, Kind, Trigger
from mingchan.lifecycle.revival.drafts import Need, Offer, Spare, Spot
from mingchan.lifecycle.revival.models import Part, Reason, Spell
from mingchan.register.assets.models import Asset
from mingchan.register.sites import queries as sites
from mingchan.register.sites.models import Profile

HOLD = "revival"


class Card(NamedTuple):
    """An idle card as the page shows it."""

    id: int
    code: str
    name: str
    class_code: str
    quantity_milli: int
    unit: str
    cost_fen: int
    condition: str
    site_id: int | None
    site: str | None
    division_code: str


class Suggestion(NamedTuple):
    """A card and the site that it is suggested for."""

    card: Card
    site: int
    site_name: str
    site_division: str
    item: str
    lacking_milli: int
    ring: int
    metres: int | None


class Matched(NamedTuple):
    """The suggestions, with how many idle cards and lacks there were, and lots larger than any lack."""

    rows: list[Suggestion]
    spare: int
    lacks: int
    lots: int


_NAMES = (
    "pk", "code", "name", "class_code", "quantity_milli", "unit", "cost_fen", "condition", "site_id", "site__name",
    "division_code",
)  # fmt: skip


def _cards(actor: Actor) -> list[Card]:
    idle = Reason.objects.filter(
        spell__asset=OuterRef("pk"), spell__left_on__isnull=True, valid_to__isnull=True, trigger=Trigger.IDLE
    )
    whole = [word for word, one in policy.conditions().items() if one.counts_as in ("in_use", "idle")]
    open_spells = Spell.objects.filter(county=actor.county, left_on__isnull=True).values("asset")
    rows = (
        Asset.objects.filter(
            permissions.reach(actor),
            Exists(idle),
            pk__in=open_spells,
            county=actor.county,
            status="ACTIVE",
            condition__in=whole,
            frozen_by__isnull=True,
        )
        .exclude(Exists(Covered.objects.filter(asset=OuterRef("pk"), is_let=True, contract__status__in=LIVE)))
        .exclude(Exists(Part.objects.filter(asset=OuterRef("pk"), is_open=True)))
        .order_by("pk")
    )
    found = [Card(*row) for row in rows.values_list(*_NAMES)]
    held = holds.on_things(HOLD, [card.id for card in found]) if found else {}
    return [card for card in found if card.id not in held]


def _expected(county: str) -> Mapping[tuple[int, int], int]:
    """Cards that transfers under way will bring: (site, card) by quantity, so that nothing is promised twice."""
    rows = Part.objects.filter(
        is_open=True, measure__county=county, measure__kind=Kind.TRANSFER, measure__state__in=OPEN
    )
    return {
        (site, asset): quantity
        for site, asset, quantity in rows.values_list("measure__site_id", "asset_id", "asset__quantity_milli")
    }


def matched(actor: Actor) -> Matched:
    """What to bring where: a dozen statements, whatever the register's size."""
    cards = _cards(actor)
    lacks = {(row.site, row.item.code): row for row in sites.lacks(actor)}
    promised = _promised(actor.county, lacks)
    items = sites.items_of((card.name, card.class_code) for card in cards)
    spares = [
        Spare(card.id, items[card.name, card.class_code], card.quantity_milli, card.site_id, card.division_code)
        for card in cards
    ]
    needs = [
        Need(row.site, row.kind, row.item.code, row.quantity_milli - promised.get(key, 0), row.division_code)
        for key, row in lacks.items()
        if row.quantity_milli > promised.get(key, 0)
    ]
    offers = rules.match(spares, needs, rules.neighbours(policy.tile_places()), spots(actor.county))
    by_id = {card.id: card for card in cards}
    rows = [_suggestion(offer, by_id[offer.asset], lacks[offer.site, offer.item]) for offer in offers]
    most: dict[tuple[str, str], int] = {}
    for need in needs:
        most[need.kind, need.item] = max(most.get((need.kind, need.item), 0), need.quantity_milli)
    lots = sum(
        any(key in most for key in spare.items)
        and all(spare.quantity_milli > most[key] for key in spare.items if key in most)
        for spare in spares
    )
    return Matched(rows, len(spares), len(needs), lots)


def _promised(county: str, lacks: Mapping[tuple[int, str], sites.Lack]) -> dict[tuple[int, str], int]:
    expected = _expected(county)
    if not expected:
        return {}
    cards = Asset.objects.filter(pk__in=one_of([asset for _site, asset in expected], "bigint"))
    named = {key: (name, class_code) for key, name, class_code in cards.values_list("pk", "name", "class_code")}
    items = sites.items_of(named.values())
    kinds = {row.site: row.kind for row in lacks.values()}
    found: dict[tuple[int, str], int] = {}
    for (site, asset), quantity in expected.items():
        for kind, item in items[named[asset]]:
            if kinds.get(site) == kind:
                found[site, item] = found.get((site, item), 0) + quantity
    return found


def _suggestion(offer: Offer, card: Card, lack: sites.Lack) -> Suggestion:
    return Suggestion(
        card, lack.site, lack.name, lack.division_code, sites.standards.text(lack.item), lack.quantity_milli,
        offer.ring, offer.metres,
    )  # fmt: skip


def spots(county: str) -> dict[int, Spot]:
    """Coordinates of the sites that have any."""
    rows = Profile.objects.filter(county=county, latitude_micro__isnull=False)
    return {
        site: Spot(latitude, longitude)
        for site, latitude, longitude in rows.values_list("site_id", "latitude_micro", "longitude_micro")
        if latitude is not None and longitude is not None
    }
