"""What sites lack, item by item, and which items cards count for (缺配明细): what idle things may fill (2.6.2).

The list of sites tells only the labels of what is missing; whoever matches things to sites needs the quantities.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mingchan.kernel.actor import Actor
from mingchan.register.sites import rules
from mingchan.register.sites.choices import Standing, State
from mingchan.register.sites.drafts import ItemSpec
from mingchan.register.sites.models import Profile
from mingchan.register.sites.queries import standards
from mingchan.register.sites.queries.filtering import visible
from mingchan.register.sites.queries.holdings import changes_of, grouped


class Lack(NamedTuple):
    """What one site lacks of one item: the site's kind, its division, the quantity in thousandths."""

    site: int
    name: str
    kind: str
    division_code: str
    item: ItemSpec
    quantity_milli: int


def lacks(actor: Actor) -> list[Lack]:
    """What every visible site lacks; closed and suspended ones, and those without a division, want nothing.

    A handful of statements, whatever the register's size.
    """
    groups: dict[int, list[rules.Group]] = {}
    for site, name, class_code, cards, quantity, _cost, _unkept in grouped(actor).iterator(chunk_size=5000):
        groups.setdefault(site, []).append(rules.Group(name, class_code, cards, int(quantity)))
    changes = changes_of()
    shut = set(
        Profile.objects.filter(county=actor.county, state__in=(State.CLOSED, State.SUSPENDED)).values_list(
            "site", flat=True
        )
    )
    rows = visible(actor).filter(closed_on__isnull=True).exclude(division_code="").order_by("pk")
    known: dict[str, dict[tuple[str, str], str]] = {}
    found = []
    for key, name, tier, kind, division in rows.values_list("pk", "name", "tier", "kind", "division_code"):
        if key in shut:
            continue
        meant = standards.effective(kind, name, tier)
        own = changes.get(key, ())
        should = rules.wanted(standards.items(meant), own)
        memory = None if own else known.setdefault(meant, {})
        compared, _other = rules.compare(should, groups.get(key, ()), memory)
        found += [
            Lack(key, name, meant, division, row.item, row.lacking_milli)
            for row in compared
            if row.standing == Standing.MISSING
        ]
    return found


def items_of(cards: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """For which items of which kinds cards count, by name and class: (kind, item) pairs of each."""
    kinds = {code: spec.items for code, spec in standards.kinds().items()}
    found = {}
    for name, class_code in set(cards):
        counted = ((kind, rules.item_of(name, class_code, items)) for kind, items in kinds.items())
        found[name, class_code] = frozenset((kind, item) for kind, item in counted if item)
    return found
