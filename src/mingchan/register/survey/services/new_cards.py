"""Things that only the survey knows become cards (登记为新资产); what a row says becomes changes of a card (3.2)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import orjson
from django.utils.translation import gettext as _

from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.drafts import PartyDraft
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.money import MILLI
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.drafts import CardDraft, OriginDraft, SiteDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries.cards import party_named
from mingchan.register.survey import rules
from mingchan.register.survey.choices import Kind
from mingchan.register.survey.drafts import NewCardTerms
from mingchan.register.survey.models import Survey, SurveyRow

COUNTY_DIGITS = 6


def register(
    survey: Survey, rows: Sequence[SurveyRow], terms: NewCardTerms, *, actor: Actor, on: date
) -> dict[int, int]:
    """Register rows as cards in one act; returns the card of each row by id.

    Raises NotAllowed without `asset.register`, Refusal naming the first row that can't become a card and why.
    """
    if not actor.may("asset.register"):
        raise NotAllowed(_("登记新资产须由有登记权限的经办人办理"), clauses=("2.2",))
    if terms.funding not in policy.funding_sources():
        raise Refusal(_("请选择资金来源"), clauses=("2.1.1",), field="funding")
    for row in rows:
        _may_become_a_card(row, terms)
    _serials_are_free(rows, survey.county)
    sites = _sites(rows, terms, actor=actor, on=on)
    source = Ref("survey", survey.pk)
    keepers = directory.ensure_parties(
        {PartyDraft("PERSON", row.keeper, row.division_code, "") for row in rows if row.keeper},
        actor=actor, on=on, source=str(source),
    )  # fmt: skip
    drafts = [
        CardDraft(
            name=row.name,
            system=row.system or terms.system,
            tier=row.tier or terms.tier,
            division_code=row.division_code,
            quantity_milli=row.quantity_milli or MILLI,
            cost_fen=row.cost_fen or 0,
            unit=row.unit,
            unit_price_fen=rules.price_of(row.cost_fen or 0, row.quantity_milli or MILLI),
            class_code=_class_of(row),
            site=sites.get(row.pk),
            place=row.place,
            model=row.model,
            brand=row.brand,
            serial_no=row.serial_no,
            funding=terms.funding,
            condition=row.condition,
            owner=terms.owner,
            user=party_named(row.user, survey.county, row.division_code)[0] if row.user else None,
            keeper=keepers[PartyDraft("PERSON", row.keeper, row.division_code, "")] if row.keeper else None,
            year=on.year,
            note=(_("调查发现：%(note)s") % {"note": row.note or survey.title})[:500],
            origin=OriginDraft(row.sheet, row.row or None, orjson.loads(row.originals) if row.originals else None),
        )
        for row in rows
    ]
    done = assets.register(
        [drafts], source=source, summary=survey.title, actor=actor, on=on, is_sample=survey.is_sample
    )
    return {row.pk: done.first_id + index for index, row in enumerate(rows)}


def _class_of(row: SurveyRow) -> str:
    if row.class_code:
        return row.class_code
    proposed = policy.propose_class(row.name)
    return proposed.code if proposed else ""


def _may_become_a_card(row: SurveyRow, terms: NewCardTerms) -> None:
    countable = frozenset(policy.countable_units())
    why = ""
    if row.is_missing:
        why = _("调查写明未见实物，不能登记为新资产")
    elif not row.quantity_milli:
        why = _("没有数量")
    elif row.unit in countable and row.quantity_milli % MILLI:
        why = _("按件计量的数量应为整数")
    elif row.cost_fen is None:
        why = _("没有价值")
    elif not (row.system or terms.system) or not (row.tier or terms.tier):
        why = _("没有建设体系或层级")
    elif row.serial_no and row.quantity_milli != MILLI:
        why = _("有序列号的资产数量应为 1")
    if why:
        raise Refusal(
            _("“%(name)s”（%(sheet)s 第 %(row)s 行）：%(why)s")
            % {"name": row.name, "sheet": row.sheet, "row": row.row, "why": why},
            clauses=("2.2",),
        )


def _serials_are_free(rows: Sequence[SurveyRow], county: str) -> None:
    asked = [row.serial_no for row in rows if row.serial_no]
    twice = sorted({serial for serial in asked if asked.count(serial) > 1})
    standing = Asset.objects.filter(county=county, status=Status.ACTIVE, serial_no__in=one_of(asked))
    taken = twice or list(standing.exclude(serial_no="").values_list("serial_no", flat=True)[:1])
    if taken:
        raise Refusal(
            _("序列号“%(serial)s”重复或已在台账中") % {"serial": taken[0]}, clauses=("2.2",), field="serial_no"
        )


def _sites(rows: Iterable[SurveyRow], terms: NewCardTerms, *, actor: Actor, on: date) -> dict[int, int]:
    wanted = {
        row.pk: SiteDraft(row.site, row.division_code, row.system or terms.system, row.tier or terms.tier)
        for row in rows
        if row.site
    }
    ids = assets.ensure_sites(sorted(set(wanted.values())), actor=actor, on=on)
    return {row: ids[draft] for row, draft in wanted.items()}


def changes_of(row: SurveyRow, card: Asset, kinds: Iterable[str], *, actor: Actor, on: date) -> dict[str, Any]:
    """What the differences of these kinds change on a card, by field, as the row says it."""
    found: dict[str, Any] = {}
    for kind in kinds:
        if kind == Kind.NAME:
            found["name"] = row.name
        elif kind == Kind.MODEL:
            found["model"] = row.model
        elif kind == Kind.SERIAL:
            found["serial_no"] = row.serial_no
        elif kind == Kind.CLASS:
            found["class_code"] = row.class_code
        elif kind == Kind.QUANTITY:
            found["quantity_milli"] = row.quantity_milli
        elif kind == Kind.VALUE:
            found["cost_fen"] = row.cost_fen
        elif kind == Kind.TYPE:
            found |= {"system": row.system or card.system, "tier": row.tier or card.tier}
        elif kind == Kind.CONDITION:
            found["condition"] = row.condition
        elif kind == Kind.KEEPER:
            found["keeper"] = _party("PERSON", row.keeper, row, actor=actor, on=on)
        elif kind == Kind.USER:
            found["user"] = party_named(row.user, card.county, row.division_code)[0] or _party(
                "OTHER", row.user, row, actor=actor, on=on
            )
        elif kind == Kind.PLACE:
            found |= _moved(row, card)
    if found.keys() & {"quantity_milli", "cost_fen"}:
        cost, quantity = found.get("cost_fen", card.cost_fen), found.get("quantity_milli", card.quantity_milli)
        found["unit_price_fen"] = rules.price_of(cost, quantity)
    return found


def _party(kind: str, name: str, row: SurveyRow, *, actor: Actor, on: date) -> int:
    draft = PartyDraft(kind, name, row.division_code, "")
    return directory.ensure_parties([draft], actor=actor, on=on, source=f"survey:{row.survey_id}")[draft]


def _moved(row: SurveyRow, card: Asset) -> dict[str, Any]:
    """Where the row says that the thing stands: a site of the register when there is one, else in words."""
    found: dict[str, Any] = {}
    division = card.division_code
    if not rules.within(division, row.division_code) and row.division_code[COUNTY_DIGITS:].strip("0"):
        division = found["division_code"] = row.division_code
        found |= {"site": None, "place": ""}
    if row.site and rules.key(row.site) != rules.key(card.place):
        same_town = Site.objects.filter(county=card.county, name=row.site)
        site = same_town.filter(division_code=division).values_list("pk", flat=True).first()
        found |= {"site": site, "place": "" if site is not None else row.site}
    if row.place:
        found["place"] = row.place
    return found
