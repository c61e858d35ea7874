"""Sites (站点): found by name and division, or added."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import NotAllowed
from mingchan.register.assets import events
from mingchan.register.assets.drafts import SiteDraft
from mingchan.register.assets.models import Site

NAMES = ("id", "county", "name", "division_code", "system", "tier", "kind", "is_sample")


@transaction.atomic
def ensure_sites(
    drafts: Iterable[SiteDraft], *, actor: Actor, on: date, is_sample: bool = False
) -> dict[SiteDraft, int]:
    """Ids of the sites of the drafts: the same name in the same division is the same site (2.1.2).

    Raises NotAllowed when a new site lies outside the divisions the actor registers for.
    """
    asked = list(dict.fromkeys(drafts))
    wanted = {draft.name for draft in asked}
    known: dict[tuple[str, str], int] = {}
    for key, name, division in Site.objects.filter(county=actor.county).values_list("id", "name", "division_code"):
        if name in wanted:
            known[name, division] = key
    fresh = list(
        {
            (draft.name, draft.division_code): draft
            for draft in asked
            if (draft.name, draft.division_code) not in known
        }.values()
    )
    for draft in fresh:
        if not actor.may("asset.register", draft.division_code or actor.county):
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
