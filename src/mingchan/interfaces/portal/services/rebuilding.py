"""The public figures, taken anew (公开数据更新): one grouped statement for each part, labels a chunk at a time (4.3).

Nightly, after changes of the register, and by `mingchan portal`. Nothing is shown half: places change in one
transaction, labels chunk by chunk, each row being whole. Writers of the register wait for no more than one chunk.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Max, Sum

from mingchan.foundation.directory.models import Division, DivisionName, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import events, rules
from mingchan.interfaces.portal.choices import Use
from mingchan.interfaces.portal.models import LabelSnapshot, PlaceName, PlaceSnapshot, Snapshot
from mingchan.interfaces.portal.queries import published
from mingchan.interfaces.portal.services import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.models import Asset, Right, Site
from mingchan.register.assets.queries import summing
from mingchan.register.labels import queries as printed
from mingchan.register.labels.models import Label

CHUNK = 50_000
MOST_THINGS, MOST_NAMES = 40, 12
TOWN_DIGITS = 9
_SITE = tuple[str, int | None]


class Rebuilt(NamedTuple):
    """What was taken: cards and their cost in fen, divisions, names, labels that changed."""

    cards: int
    cost_fen: int
    places: int
    names: int
    labels: int


def _mark(county: str, on: date) -> str:
    """A mark of the register's state, so that nothing is taken anew without need."""
    marks = (summing.version(county, on), money.mark(county), printed.mark(county))
    return hashlib.sha256(repr(marks).encode()).hexdigest()


def refresh(*, actor: Actor, on: date) -> Rebuilt | None:
    """Rebuild when the register changed since the last time; None when it didn't."""
    found = Snapshot.objects.filter(county=actor.county).values_list("mark", flat=True).first()
    return rebuild(actor=actor, on=on) if found != _mark(actor.county, on) else None


def rebuild(*, actor: Actor, on: date) -> Rebuilt:
    """Take every public figure of the county anew, and record that it was done (4.3)."""
    county, mark = actor.county, _mark(actor.county, on)
    labels = _labels(county) + _codes(county)
    places = _places(county, on)
    names = _names(county, {place.code for place in places})
    whole = next((place for place in places if place.level == "COUNTY"), None)
    cards, cost = (whole.cards, whole.cost_fen) if whole is not None else (0, 0)
    with transaction.atomic():
        PlaceSnapshot.objects.filter(county=county).delete()
        PlaceSnapshot.objects.bulk_create(places, batch_size=500)
        PlaceName.objects.filter(county=county).delete()
        PlaceName.objects.bulk_create(names, batch_size=2000)
        taken = {"taken_on": on, "taken_at": utc_now(), "mark": mark, "cards": cards, "cost_fen": cost}
        Snapshot.objects.update_or_create(county=county, defaults=taken)
        evidence.record(
            events.REBUILT,
            Ref("portal", county),
            actor=actor,
            on=on,
            facts={"cards": cards, "places": len(places), "cost_fen": cost},
        )
    return Rebuilt(cards, cost, len(places), len(names), labels)


# ---- Places -----------------------------------------------------------------------------------------------------


class _Tally:
    """Sums of one division while the register's groups are walked."""

    def __init__(self) -> None:
        self.cards = self.cost_fen = 0
        self.systems: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.states: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, system: str, use: str, cards: int, cost: int) -> None:
        self.cards += cards
        self.cost_fen += cost
        for parts, key in ((self.systems, system), (self.states, use)):
            parts[key][0] += cards
            parts[key][1] += cost


def _today(county: str) -> dict[str, str]:
    """Divisions that are no more, each with the one it went into; empty where that isn't known."""
    gone = Division.objects.filter(code__startswith=county, is_current=False)
    return dict(gone.values_list("code", "successor_code"))


def _above(county: str, code: str, today: Mapping[str, str]) -> tuple[str, ...]:
    """The divisions a card counts in today: the county, its town, its village."""
    whole, division = county.ljust(12, "0"), today.get(code, code)
    if not division.startswith(county) or division == whole:
        return (whole,)
    town = division[:TOWN_DIGITS].ljust(12, "0")
    return (whole, town) if division == town else (whole, town, division)


def _places(county: str, on: date) -> list[PlaceSnapshot]:
    shown, uses = published().place, {word: one.counts_as for word, one in policy.conditions().items()}
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    today = _today(county)
    sites: dict[_SITE, dict[str, Any]] = {}
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).order_by()
    keys = ("division_code", "site_id", "system", "condition")
    for division, site, system, condition, count, cost in cards.values_list(*keys).annotate(
        n=Count("pk"), c=Sum("cost_fen")
    ):
        use = uses.get(condition, Use.UNKNOWN.value)
        for code in _above(county, division, today):
            tallies[code].add(system, use, count, int(cost or 0))
        own = sites.setdefault((division, site), {"cards": 0, "cost_fen": 0, "systems": set(), "waste": 0})
        own["cards"] += count
        own["cost_fen"] += int(cost or 0)
        own["systems"].add(system)
        own["waste"] += count if use in (Use.IDLE, Use.DAMAGED, Use.MISSING) else 0
    known = {site.pk: site for site in Site.objects.filter(county=county, closed_on__isnull=True)}
    for site in known.values():
        if site.division_code:
            sites.setdefault(
                (site.division_code, site.pk), {"cards": 0, "cost_fen": 0, "systems": {site.system}, "waste": 0}
            )
    things = _things(county) if "things" in shown else {}
    people = _people(county, shown)
    by_division: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (division, site_id), own in sites.items():
        site = known.get(site_id) if site_id is not None else None
        listed = things.get((division, site_id), [])
        by_division[_above(county, division, today)[-1]].append(
            {
                "name": site.name if site is not None else "",
                "kind": site.kind if site is not None else "",
                "systems": sorted(own["systems"]),
                "cards": own["cards"],
                "cost_fen": own["cost_fen"],
                "waste": own["waste"],
                "things": listed[:MOST_THINGS],
                "more": max(0, len(listed) - MOST_THINGS),
                **{role: found.get((division, site_id), []) for role, found in people.items()},
            }
        )
    earned = money.money(county, on, published().money, lambda code: _above(county, code, today), _party_names)
    rows = Division.objects.filter(code__startswith=county, is_current=True).order_by("code")
    return [_place(county, row, tallies[row.code], by_division.get(row.code, []), earned, shown) for row in rows]


def _place(
    county: str,
    row: Division,
    tally: _Tally,
    sites: list[dict[str, Any]],
    earned: money.Money,
    shown: frozenset[str],
) -> PlaceSnapshot:
    figures: dict[str, Any] = {}
    for name, listed in earned._asdict().items():
        if row.code in listed:
            figures[name] = listed[row.code]
    if "systems" in shown:
        figures["systems"] = {key: list(value) for key, value in sorted(tally.systems.items())}
    if "states" in shown:
        figures["states"] = {key: list(value) for key, value in sorted(tally.states.items())}
    if "sites" in shown:
        figures["sites"] = sorted(sites, key=lambda site: (not site["name"], -site["cards"], site["name"]))
    return PlaceSnapshot(
        county=county,
        code=row.code,
        level=row.level,
        name=row.name,
        parent_code=row.parent_code,
        cards=tally.cards,
        cost_fen=tally.cost_fen,
        figures=figures,
    )


def _things(county: str) -> dict[_SITE, list[list[Any]]]:
    """What stands at each site: name, quantity in thousandths, unit; the most first."""
    found: dict[_SITE, list[list[Any]]] = defaultdict(list)
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).order_by()
    keys = ("division_code", "site_id", "name", "unit")
    for division, site, name, unit, quantity in cards.values_list(*keys).annotate(q=Sum("quantity_milli")):
        found[division, site].append([name, int(quantity or 0), unit])
    for listed in found.values():
        listed.sort(key=lambda thing: (-thing[1], thing[0]))
    return found


def _people(county: str, shown: frozenset[str]) -> dict[str, dict[_SITE, list[str]]]:
    """Who keeps, runs and owns what is at each site: organisations by name, persons masked or not at all."""
    pairs: dict[str, Iterable[tuple[str, int | None, int]]] = {}
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).order_by()
    for role, column in (("operators", "operator_id"), ("owners", "owner_id")):
        if role in shown:
            named = cards.filter(**{f"{column}__isnull": False})
            pairs[role] = list(named.values_list("division_code", "site_id", column).distinct())
    if "keepers" in shown:
        rights = Right.objects.filter(
            kind=RightKind.CUSTODY, valid_to__isnull=True, asset__county=county, asset__status=Status.ACTIVE
        ).order_by()
        columns = ("asset__division_code", "asset__site_id", "organisation_id", "party_id")
        kept = list(rights.values_list(*columns).distinct())
        pairs["keepers"] = [(row[0], row[1], key) for row in kept for key in row[2:] if key is not None]
    wanted = {party for found in pairs.values() for _division, _site, party in found}
    names = _party_names(wanted)
    people: dict[str, dict[_SITE, list[str]]] = {}
    for role, found in pairs.items():
        by_site: dict[_SITE, dict[str, None]] = defaultdict(dict)
        for division, site, party in found:
            if names.get(party):
                by_site[division, site][names[party]] = None
        people[role] = {key: list(listed)[:MOST_NAMES] for key, listed in by_site.items()}
    return people


def _party_names(ids: Iterable[int]) -> Mapping[int, str]:
    persons = published().persons
    found = {}
    for key, kind, name in Party.objects.filter(pk__in=list(ids)).values_list("pk", "kind", "name"):
        if kind != "PERSON":
            found[key] = name
        elif persons == "masked":
            found[key] = rules.masked(name)
    return found


def _names(county: str, present: set[str]) -> list[PlaceName]:
    """Every name a place bears or bore, and those of divisions that were merged into it."""
    rows = list(Division.objects.filter(code__startswith=county))
    now = {row.code: row.code if row.is_current else row.successor_code for row in rows}
    found = {
        (name, row.code): False for row in rows if row.is_current for name in (row.name, rules.place_name(row.name))
    }
    past = [(row.name, row.code) for row in rows if not row.is_current]
    past += DivisionName.objects.filter(code__startswith=county).values_list("name", "code")
    for name, code in past:
        target = now.get(code, "")
        if target in present:
            found.setdefault((rules.place_name(name), target), True)
    return [PlaceName(county=county, name=name, code=code, is_former=former) for (name, code), former in found.items()]


# ---- Labels -----------------------------------------------------------------------------------------------------

_COLUMNS = ("id", "county", "code", "name", "system", "division_code", "site", "condition", "status", "office", "owner")


def _label_sql(shown: frozenset[str]) -> str:
    """The one statement that brings a chunk of cards into the labels: only rows that differ are written."""

    def if_shown(field: str, expression: str) -> str:
        return expression if field in shown else "''"

    office = "CASE WHEN b.kind <> 'PERSON' THEN b.name WHEN k.kind <> 'PERSON' THEN k.name ELSE '' END"
    owner = "CASE WHEN w.kind <> 'PERSON' THEN w.name ELSE '' END"
    values = (
        "a.id", "a.county", "a.code", if_shown("name", "a.name"), if_shown("system", "a.system"),
        if_shown("place", "a.division_code"), if_shown("site", "COALESCE(s.name, '')"),
        if_shown("state", "a.condition"), "a.status", if_shown("office", office), if_shown("owner", owner),
    )  # fmt: skip
    columns = ", ".join(_COLUMNS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    return f"""
        INSERT INTO portal_labelsnapshot ({columns})
        SELECT {", ".join(values)} FROM assets_asset a
        LEFT JOIN assets_site s ON s.id = a.site_id
        LEFT JOIN assets_right r ON r.asset_id = a.id AND r.kind = '{RightKind.CUSTODY.value}' AND r.valid_to IS NULL
        LEFT JOIN directory_party b ON b.id = r.organisation_id
        LEFT JOIN directory_party k ON k.id = r.party_id
        LEFT JOIN directory_party w ON w.id = a.owner_id
        WHERE a.county = %s AND a.status <> '{Status.WITHDRAWN.value}' AND a.id BETWEEN %s AND %s
        EXCEPT SELECT {columns} FROM portal_labelsnapshot WHERE id BETWEEN %s AND %s
        ON CONFLICT (id) DO UPDATE SET {changes}
    """  # noqa: S608 - names of this module's own


_GONE = f"""
    DELETE FROM portal_labelsnapshot WHERE county = %s AND id BETWEEN %s AND %s AND NOT EXISTS (
        SELECT 1 FROM assets_asset a WHERE a.id = portal_labelsnapshot.id AND a.county = portal_labelsnapshot.county
        AND a.status <> '{Status.WITHDRAWN.value}')
"""  # noqa: S608 - a word of the register's own


def _labels(county: str) -> int:
    """Bring every label up to date; how many changed."""
    last = max(
        Asset.objects.aggregate(last=Max("pk"))["last"] or 0,
        LabelSnapshot.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    statement, changed = _label_sql(published().label), 0
    for first in range(1, last + 1, CHUNK):
        between = [first, first + CHUNK - 1]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_GONE, [county, *between])
            changed += max(0, cursor.rowcount)
            cursor.execute(statement, [county, *between, *between])
            changed += max(0, cursor.rowcount)
    return changed


_CODES = """
    INSERT INTO portal_labelcode (id, county, code, card, is_void)
    SELECT l.id, l.county, l.code, k.asset_id, l.voided_on IS NOT NULL FROM labels_label l
    LEFT JOIN labels_link k ON k.label_id = l.id AND k.valid_to IS NULL
    WHERE l.county = %s AND l.id BETWEEN %s AND %s
    EXCEPT SELECT id, county, code, card, is_void FROM portal_labelcode WHERE id BETWEEN %s AND %s
    ON CONFLICT (id) DO UPDATE SET
        county = excluded.county, code = excluded.code, card = excluded.card, is_void = excluded.is_void
"""


def _codes(county: str) -> int:
    """Bring the codes of printed labels up to date; how many changed. No label ever goes, so none is taken away."""
    last, changed = Label.objects.aggregate(last=Max("pk"))["last"] or 0, 0
    for first in range(1, last + 1, CHUNK):
        between = [first, first + CHUNK - 1]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CODES, [county, *between, *between])
            changed += max(0, cursor.rowcount)
    return changed
