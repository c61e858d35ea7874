"""The pool of idle assets, brought up to a day (闲置资产池): what enters, what leaves, what is found anew (2.6.2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import Refusal
from mingchan.kernel.events import EventKind
from mingchan.lifecycle.revival import events, permissions, rules
from mingchan.lifecycle.revival.drafts import Hit
from mingchan.lifecycle.revival.models import Reason, Spell
from mingchan.lifecycle.revival.queries import facts
from mingchan.lifecycle.revival.queries.documents import SPELL
from mingchan.lifecycle.revival.services import acting
from mingchan.register.assets.models import Asset

SPELL_NAMES = protection.document_names(Spell)
REASON_NAMES = protection.document_names(Reason)
OF_REASON = protection.child_names(SPELL.children[0])


def by_the_clock(county: str, *, on: date) -> tuple[int, int, int]:
    """What is done every night: the pool is brought up to the day, measures whose steps are done are settled.

    Returns how many entered, how many left, how many measures were settled.
    """
    actor = permissions.by_the_clock(county)
    entered, left = sweep(actor=actor, on=on)
    return entered, left, acting.follow(actor=actor, on=on)


@transaction.atomic
def sweep(*, actor: Actor, on: date) -> tuple[int, int]:
    """Bring the county's pool up to a day; returns how many assets entered and how many left.

    What held before and holds still is left alone, however often this runs; a day that was passed is never gone back
    to (Refusal). A handful of statements for any number of assets. Serves 2.6.2.
    """
    permissions.require_over(actor, permissions.PROPOSE, actor.county)
    standing, spells, newest = _standing(actor.county)
    if newest is not None and newest > on:
        raise Refusal(_("闲置资产池已更新到更晚的日期"), clauses=("2.6.2",))
    changed = rules.sweep(standing, facts.hits(actor.county, on))
    ended = set(changed.end)
    touched = {
        asset: spells[asset]
        for asset, present in standing.items()
        if asset in changed.begin or any(one.id in ended for one in present)
    }
    before = _documents(touched.values())
    Reason.objects.filter(pk__in=one_of(changed.end, "bigint")).update(valid_to=on)
    gone = [spells[asset] for asset in changed.left]
    Spell.objects.filter(pk__in=one_of(gone, "bigint")).update(left_on=on)
    fresh = _enter(actor.county, changed.entered, changed.begin, on)
    _begin({**spells, **fresh}, changed.begin, on)
    _record(events.ENTERED, fresh.values(), {}, actor, on)
    _record(events.REASONED, set(touched.values()) - set(gone), before, actor, on)
    _record(events.LEFT, gone, before, actor, on)
    return len(fresh), len(gone)


def _standing(county: str) -> tuple[dict[int, list[rules.Present]], dict[int, int], date | None]:
    """Open reasons by asset, open spells by asset, and the newest day that the pool knows."""
    names = (
        "spell__asset_id", "spell_id", "pk", "trigger", "gauge", "figure", "against", "basis", "since", "valid_from",
    )  # fmt: skip
    rows = Reason.objects.filter(valid_to__isnull=True, spell__county=county, spell__left_on__isnull=True).order_by(
        "spell_id", "pk"
    )
    standing: dict[int, list[rules.Present]] = {}
    spells: dict[int, int] = {}
    newest: date | None = None
    for asset, spell, key, *values, valid_from in rows.values_list(*names).iterator(chunk_size=5000):
        standing.setdefault(asset, []).append(rules.Present(key, Hit(*values)))
        spells[asset] = spell
        newest = valid_from if newest is None else max(newest, valid_from)
    return standing, spells, newest


def _enter(county: str, assets: Iterable[int], begin: Mapping[int, Sequence[Hit]], on: date) -> dict[int, int]:
    """Spells of the assets that enter, by asset."""
    keys = sorted(assets)
    if not keys:
        return {}
    costs = dict(Asset.objects.filter(pk__in=one_of(keys, "bigint")).values_list("pk", "cost_fen"))
    first = reserve_ids(Spell, len(keys))
    made = {asset: first + place for place, asset in enumerate(keys)}
    values = {
        asset: {
            "id": spell, "county": county, "asset_id": asset, "since": min(facts.first_since(begin[asset]), on),
            "entered_on": on, "left_on": None, "cost_fen": costs[asset],
        }
        for asset, spell in made.items()
    }  # fmt: skip
    insert_rows(Spell, SPELL_NAMES, ([values[asset][name] for name in SPELL_NAMES] for asset in keys))
    return made


def _begin(spells: Mapping[int, int], begin: Mapping[int, Sequence[Hit]], on: date) -> None:
    pairs = [(spells[asset], hit) for asset in sorted(begin) for hit in begin[asset]]
    if not pairs:
        return
    first = reserve_ids(Reason, len(pairs))
    rows = (
        {
            "id": first + place, "spell_id": spell, **hit._asdict(), "valid_from": on, "valid_to": None,
        }
        for place, (spell, hit) in enumerate(pairs)
    )  # fmt: skip
    insert_rows(Reason, REASON_NAMES, ([row[name] for name in REASON_NAMES] for row in rows))


def _documents(spells: Iterable[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    """Division and document of each spell, in two statements."""
    keys = list(spells)
    if not keys:
        return {}
    reasons = Reason.objects.filter(spell__in=one_of(keys, "bigint")).order_by("spell_id", "pk")
    rows = reasons.values_list("spell_id", *OF_REASON).iterator(chunk_size=5000)
    children = {
        spell: [protection.from_values(OF_REASON, row[1:]) for row in group]
        for spell, group in groupby(rows, key=lambda row: row[0])
    }
    found = Spell.objects.filter(pk__in=one_of(keys, "bigint")).order_by("pk")
    return {
        row[1]: (
            row[0],
            {**protection.from_values(SPELL_NAMES, row[2:]), "reasons": children.get(row[1], [])},
        )
        for row in found.values_list("asset__division_code", "pk", *SPELL_NAMES).iterator(chunk_size=5000)
    }


def _record(
    kind: EventKind, spells: Iterable[int], before: Mapping[int, tuple[str, dict[str, Any]]], actor: Actor, on: date
) -> None:
    documents = _documents(sorted(spells))
    if not documents:
        return
    rows = ((f"idle_spell:{key}", division, now) for key, (division, now) in documents.items())
    if before:
        rows = ((*row, before[int(row[0].partition(":")[2])][1]) for row in rows)  # type: ignore[misc]
    evidence.record_many(kind, rows, actor=actor, on=on)
