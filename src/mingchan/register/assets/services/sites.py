"""Sites (站点): found by name and division, or added; corrected, closed, and one found to be another."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.register.assets import events
from mingchan.register.assets.drafts import SiteDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.services import search

NAMES = ("id", "county", "name", "division_code", "system", "tier", "kind", "is_sample")
CORRECTABLE = ("name", "division_code", "system", "tier", "kind", "closed_on", "merged_into_id")
DOCUMENT = protection.document_names(Site)
AT_ONCE = 500
"""So many sites are written at a time, and the words of ten times as many cards."""


@transaction.atomic
def ensure_sites(
    drafts: Iterable[SiteDraft], *, actor: Actor, on: date, is_sample: bool = False, right: str = "asset.register"
) -> dict[SiteDraft, int]:
    """Ids of the sites of the drafts: the same name in the same division is the same site (2.1.2).

    A name whose site was found to be another one means that other one. Raises NotAllowed when a new site lies outside
    the divisions over which the actor holds the right.
    """
    asked = list(dict.fromkeys(drafts))
    wanted = {draft.name for draft in asked}
    known: dict[tuple[str, str], int] = {}
    merged: dict[int, int] = {}
    rows_known = Site.objects.filter(county=actor.county).values_list("id", "name", "division_code", "merged_into_id")
    for key, name, division, other in rows_known:
        if other is not None:
            merged[key] = other
        if name in wanted:
            known[name, division] = key
    known = {names: _meant(key, merged) for names, key in known.items()}
    fresh = list(
        {
            (draft.name, draft.division_code): draft
            for draft in asked
            if (draft.name, draft.division_code) not in known
        }.values()
    )
    for draft in fresh:
        if not actor.may(right, draft.division_code or actor.county):
            raise NotAllowed(_("不能在所辖区划之外新增站点"), clauses=("2.1.2",))
    if fresh:
        first = reserve_ids(Site, len(fresh))
        rows = [
            (first + i, actor.county, d.name, d.division_code, d.system, d.tier, d.kind, is_sample)
            for i, d in enumerate(fresh)
        ]
        insert_rows(Site, NAMES, rows)
        known.update({(row[2], row[3]): row[0] for row in rows})
        evidence.record_many(
            events.SITE_ADDED,
            ((f"site:{row[0]}", row[3], dict(zip(NAMES, row, strict=True))) for row in rows),
            actor=actor,
            on=on,
            facts={"name": fresh[0].name if len(fresh) == 1 else f"{fresh[0].name}…({len(fresh)})"},
        )
    return {draft: known[draft.name, draft.division_code] for draft in asked}


def _meant(key: int, merged: Mapping[int, int]) -> int:
    """The site that a site was merged into, and that one into, to the last."""
    for _step in range(len(merged)):
        if key not in merged:
            break
        key = merged[key]
    return key


@transaction.atomic
def correct_sites(changes: Mapping[int, Mapping[str, Any]], *, right: str, reason: str, actor: Actor, on: date) -> int:
    """Change what the register knows of sites (name, division, system, tier, kind; closed, merged): how many changed.

    Every card of a renamed site is found by the new name. Raises NotFound for a site of another county, NotAllowed
    without the right over a site's division before and after, Refusal when two sites would be one. Serves 2.1.2, 2.2.
    """
    sites = {site.pk: site for site in Site.objects.select_for_update().filter(pk__in=changes, county=actor.county)}
    if len(sites) != len(changes):
        raise NotFound(_("没有这个站点"))
    changed: dict[int, list[str]] = {}
    before: dict[int, dict[str, Any]] = {}
    for key, site in sites.items():
        if unknown := set(changes[key]) - set(CORRECTABLE):
            raise ValueError(f"not of a site: {sorted(unknown)}")
        names = [name for name, value in changes[key].items() if getattr(site, name) != value]
        for division in (site.division_code, changes[key].get("division_code", site.division_code)):
            if not actor.may(right, division or actor.county):
                raise NotAllowed(_("不能更正所辖区划之外的站点"), clauses=("2.1.2",))
        if names:
            changed[key], before[key] = names, _document(site)
            for name in names:
                setattr(site, name, changes[key][name])
    renamed = [key for key, names in changed.items() if "name" in names]
    old_tokens = [tokens for ids in _cards_of(renamed) for tokens in search.of_cards(actor.county, ids)]
    try:
        with transaction.atomic():
            Site.objects.bulk_update([sites[key] for key in changed], CORRECTABLE, batch_size=AT_ONCE)
    except IntegrityError as error:
        raise Refusal(_("同一区划内已有同名站点"), clauses=("2.1.2",), field="name") from error
    if renamed:
        search.remove(old_tokens)
        for ids in _cards_of(renamed):
            search.write(search.of_cards(actor.county, ids))
    labels = {field.attname: str(field.verbose_name) for field in Site._meta.concrete_fields}
    words = list(dict.fromkeys(labels[name] for names in changed.values() for name in names))
    evidence.record_many(
        events.SITE_CORRECTED,
        [(f"site:{key}", sites[key].division_code, _document(sites[key]), before[key]) for key in changed],
        actor=actor,
        on=on,
        reason=reason,
        facts={"fields": "、".join(words)},
    )
    return len(changed)


def _document(site: Site) -> dict[str, Any]:
    return protection.from_values(DOCUMENT, [getattr(site, name) for name in DOCUMENT])


def _cards_of(sites: Iterable[int]) -> Iterable[list[int]]:
    """The cards at sites, some thousands at a time."""
    for site in sites:
        last = 0
        cards = Asset.objects.filter(site_id=site).order_by("pk")
        while ids := list(cards.filter(pk__gt=last).values_list("pk", flat=True)[: AT_ONCE * 10]):
            yield ids
            last = ids[-1]
