"""Lots (批量资产) and the sites they may be spread over (2.2)."""

from collections.abc import Sequence
from typing import NamedTuple

from mingchan.kernel.actor import Actor
from mingchan.kernel.money import MILLI
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import visible_to
from mingchan.register.assets.queries.searching import found_by
from mingchan.register.sites.models import Profile
from mingchan.register.sites.permissions import SPLIT
from mingchan.register.sites.queries import standards
from mingchan.register.sites.queries.filtering import in_divisions, visible

MOST_LOTS = 100
MOST_TARGETS = 999


class Lot(NamedTuple):
    """A card of more than one thing: quantity in thousandths, cost in fen."""

    id: int
    code: str
    name: str
    site: str
    division: str
    unit: str
    quantity_milli: int
    cost_fen: int


class Target(NamedTuple):
    """A site that may receive a part of a lot."""

    id: int
    name: str
    division_code: str
    division: str
    kind: str
    keeper_id: int | None


def lots(actor: Actor, text: str = "") -> list[Lot]:
    """The largest lots that the actor may take apart, found by words; at most a hundred."""
    cards = Asset.objects.filter(visible_to(actor, SPLIT), status=Status.ACTIVE, quantity_milli__gt=MILLI)
    if text:
        cards = found_by(text, cards)
    rows = list(
        cards.order_by("-cost_fen", "id").values_list(
            "pk", "code", "name", "site_id", "division_code", "unit", "quantity_milli", "cost_fen"
        )[:MOST_LOTS]
    )
    names = assets.names_by_key({row[3] for row in rows if row[3]}, set(), {row[4] for row in rows if row[4]})
    return [
        Lot(*row[:3], names.sites.get(row[3], "") if row[3] else "", names.divisions.get(row[4], row[4]), *row[5:])
        for row in rows
    ]


def targets(actor: Actor, divisions: Sequence[str], kind: str = "", right: str = SPLIT) -> list[Target]:
    """Open sites with a known division where the actor may put assets, in the divisions, of a kind; by place."""
    sites = visible(actor, right).filter(closed_on__isnull=True).exclude(division_code="")
    if divisions:
        sites = sites.filter(in_divisions(list(divisions)))
    rows = list(
        sites.order_by("division_code", "id").values_list("pk", "name", "division_code", "kind", "tier")[:MOST_TARGETS]
    )
    files = dict(Profile.objects.filter(pk__in=[row[0] for row in rows]).values_list("site", "keeper"))
    named = assets.names_by_key(set(), set(), {row[2] for row in rows}).divisions
    found = [
        Target(
            key, name, division, named.get(division, division), standards.effective(said, name, tier), files.get(key)
        )
        for key, name, division, said, tier in rows
    ]
    return [target for target in found if not kind or target.kind == kind]


def target_choices(actor: Actor, right: str) -> list[tuple[int, str]]:
    """Open sites where the actor may put assets, for a select box: name and place."""
    sites = visible(actor, right).filter(closed_on__isnull=True)
    rows = list(sites.order_by("division_code", "name").values_list("pk", "name", "division_code")[:3000])
    named = assets.names_by_key(set(), set(), {row[2] for row in rows if row[2]}).divisions
    return [(key, f"{name}（{named[division]}）" if division in named else name) for key, name, division in rows]
