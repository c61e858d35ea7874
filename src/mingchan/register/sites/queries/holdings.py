"""What sites hold (站点资产汇总): cards, quantity, cost, and what is missing, of every site that the reader sees.

A page of the list sums the cards of its own sites. The totals above it, and the question which sites lack something,
need every card's name: for them the cards are summed by site, name and class in one statement after a change of the
register, and the sums stay in memory, for each reach of readers. The log says when the register changed: the newest
record of each kind of act that may change it.
"""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q, Sum

from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import events
from mingchan.kernel.actor import Actor
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries.filtering import visible_to
from mingchan.register.sites import rules
from mingchan.register.sites.choices import Standing, State
from mingchan.register.sites.models import Profile, Requirement
from mingchan.register.sites.permissions import VIEW
from mingchan.register.sites.queries import standards
from mingchan.register.sites.queries.filtering import visible

ELSEWHERE = frozenset({"directory", "evidence", "exchange", "funding", "ledger", "policy", "test", "web"})
"""Contexts whose acts change no card and no site."""
KEPT_REACHES = 16


class Holding(NamedTuple):
    """What a site holds: cards, quantity in thousandths, cost in fen, cards without keeper, labels of missing items."""

    cards: int = 0
    quantity_milli: int = 0
    cost_fen: int = 0
    unkept: int = 0
    lacking: tuple[str, ...] = ()


NOTHING = Holding()
_kept: dict[Any, tuple[Any, dict[int, Holding]]] = {}
_lock = Lock()


def holdings(actor: Actor) -> Mapping[int, Holding]:
    """What every visible site holds, by its id; of cards the actor may see. Summed anew after a change, then kept."""
    wanted, reach = version(), _reach(actor)
    found = _kept.get(reach)
    if found is not None and found[0] == wanted:
        return found[1]
    with _lock:
        found = (wanted, _summed(actor))
        _kept.pop(reach, None)
        while len(_kept) >= KEPT_REACHES:
            _kept.pop(next(iter(_kept)))
        _kept[reach] = found
    return found[1]


def of_sites(actor: Actor, keys: Sequence[int]) -> Mapping[int, Holding]:
    """What some sites hold, by their id: one statement over their cards, whatever the register's size."""
    return _summed(actor, keys) if keys else {}


def are_at_hand(actor: Actor) -> bool:
    """Whether the sums of all sites can be told at once: they are kept, or the cards are few enough to add up."""
    found = _kept.get(_reach(actor))
    if found is not None and found[0] == version():
        return True
    return assets.count(assets.RegisterFilter(), actor) <= assets.COUNT_CAP


def _reach(actor: Actor) -> tuple[Any, ...]:
    """Readers with the same reach and language see the same sums."""
    return (actor.county, actor.scopes(VIEW), actor.parties(VIEW), policy.english())


def version() -> tuple[Any, ...]:
    """What the sums rest on: the number and leaf of the newest record of each kind of act, in one statement."""
    acts = [kind.code for kind in events.all_kinds() if kind.code.split(".")[0] not in ELSEWHERE]
    table = Record._meta.db_table
    newest = ", ".join([f"(SELECT MAX(seq) FROM {table} WHERE act = %s)"] * len(acts))  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}", acts)
        seqs = cursor.fetchone()
        top = max((seq for seq in seqs if seq is not None), default=None)
        leaf = b""
        if top is not None:
            cursor.execute(f"SELECT leaf_sha256 FROM {table} WHERE seq = %s", [top])  # noqa: S608
            leaf = bytes(cursor.fetchone()[0])
    return (*seqs, leaf)


def grouped(actor: Actor, sites: Sequence[int] | None = None) -> Any:
    """The one statement behind the sums: visible cards that count, by site, name and class; of all sites without."""
    cards = Asset.objects.filter(visible_to(actor), status=Status.ACTIVE)
    cards = cards.filter(site__isnull=False) if sites is None else cards.filter(site__in=list(sites))
    return (
        cards.order_by()
        .values_list("site_id", "name", "class_code")
        .annotate(
            n=Count("pk"), q=Sum("quantity_milli"), c=Sum("cost_fen"), u=Count("pk", filter=Q(keeper__isnull=True))
        )
    )


def changes_of(sites: Sequence[int] | None = None) -> dict[int, list[rules.Change]]:
    """Open changes of what sites should have, by site; of all sites without."""
    rows = Requirement.objects.filter(valid_to__isnull=True).order_by("id")
    if sites is not None:
        rows = rows.filter(profile__in=list(sites))
    found: dict[int, list[rules.Change]] = {}
    for site, item, quantity, words, unit in rows.values_list("profile_id", "item", "quantity_milli", "words", "unit"):
        found.setdefault(site, []).append(rules.Change(item, quantity, tuple(words.split()), unit))
    return found


def _summed(actor: Actor, keys: Sequence[int] | None = None) -> dict[int, Holding]:
    groups: dict[int, list[rules.Group]] = {}
    sums: dict[int, list[int]] = {}
    for site, name, class_code, cards, quantity, cost, unkept in grouped(actor, keys).iterator(chunk_size=5000):
        groups.setdefault(site, []).append(rules.Group(name, class_code, cards, int(quantity)))
        total = sums.setdefault(site, [0, 0, 0, 0])
        for at, value in enumerate((cards, quantity, cost, unkept)):
            total[at] += int(value)
    changes = changes_of(keys)
    closed = set(Profile.objects.filter(county=actor.county, state=State.CLOSED).values_list("site", flat=True))
    sites = visible(actor) if keys is None else Site.objects.filter(pk__in=list(keys))
    found: dict[int, Holding] = {}
    known: dict[str, dict[tuple[str, str], str]] = {}
    for key, name, tier, kind in sites.values_list("pk", "name", "tier", "kind"):
        lacking: tuple[str, ...] = ()
        if key not in closed:
            meant = standards.effective(kind, name, tier)
            own = changes.get(key, ())
            memory = None if own else known.setdefault(meant, {})
            should = rules.wanted(standards.items(meant), own)
            compared, _other = rules.compare(should, groups.get(key, ()), memory)
            lacking = tuple(standards.text(row.item) for row in compared if row.standing == Standing.MISSING)
        cards, quantity, cost, unkept = sums.get(key, (0, 0, 0, 0))
        found[key] = Holding(cards, quantity, cost, unkept, lacking)
    return found
