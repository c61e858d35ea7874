"""Survey sheets on their way (调查表): what a person says about them, and their rows handed to the survey (3.2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.exchange import events, permissions
from mingchan.interfaces.exchange.choices import BatchState, Purpose, SheetKind
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import locking
from mingchan.interfaces.exchange.services.drafting import SURVEY_AT, Places
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import today
from mingchan.kernel.refs import Ref
from mingchan.register.survey.drafts import RowDraft, SurveyDraft

COMMISSIONER = "财政局"
"""Clause 3.2: the county's finance bureau commissions the third party."""


@dataclass(frozen=True, slots=True)
class SurveyTerms:
    """What the paper says beside the sheet: who made the survey, for whom, when, and what it was to cover."""

    title: str
    surveyor: int
    commissioner: int | None = None
    surveyed_from: date | None = None
    surveyed_to: date | None = None
    scope: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept with the batch until it is taken."""
        return {
            "title": self.title,
            "surveyor": self.surveyor,
            "commissioner": self.commissioner,
            "surveyed_from": self.surveyed_from.isoformat() if self.surveyed_from else None,
            "surveyed_to": self.surveyed_to.isoformat() if self.surveyed_to else None,
            "scope": list(self.scope),
            "systems": list(self.systems),
        }


def proposed(batch: Batch, actor: Actor) -> SurveyTerms:
    """What the sheet itself suggests: its title and days, the townships and systems of its rows, the actor's office."""
    found: Mapping[str, list[str]] = batch.summary.get("survey", {})
    sheets = [sheet for sheet in batch.summary.get("sheets", ()) if sheet["kind"] == SheetKind.SURVEY]
    title = next((sheet["title"] for sheet in sheets if sheet["title"]), batch.file_name.rsplit(".", 1)[0])
    days = [date.fromisoformat(day) for day in found.get("days", ())]
    office = Account.objects.filter(pk=actor.account_id or 0).values_list("office_id", flat=True).first()
    finance = Party.objects.filter(county=batch.county, kind="OFFICE", name__contains=COMMISSIONER).order_by("pk")
    divisions = found.get("divisions", [])
    county = batch.county.ljust(12, "0")
    return SurveyTerms(
        title=title[:120],
        surveyor=office or 0,
        commissioner=finance.values_list("pk", flat=True).first(),
        surveyed_from=min(days, default=None),
        surveyed_to=max(days, default=None),
        scope=() if county in divisions else tuple(divisions),
        systems=tuple(found.get("systems", ())),
    )


@transaction.atomic
def set_purpose(batch_id: int, purpose: str, *, actor: Actor, on: date) -> Batch:
    """Say whether a list of assets is to be registered or is a survey. The batch must be read again afterwards.

    Raises NotAllowed without the right for both: the one it is taken from and the one it is given to.
    """
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, batch.purpose)
    permissions.require_import(actor, purpose)
    locking.require_state(batch, BatchState.READY, BatchState.REFUSED)
    if purpose not in Purpose.values:
        raise Refusal(_("没有这种用途。"), clauses=("3.2",), field="purpose")
    batch.purpose = purpose
    batch.mapping = {}
    batch.save(update_fields=["purpose", "mapping"])
    evidence.record(
        events.PURPOSE,
        Ref("batch", batch.pk),
        actor=actor,
        on=on,
        division=batch.county,
        facts={"file": batch.file_name, "purpose": str(Purpose(purpose).label)},
    )
    return batch


@transaction.atomic
def confirm_survey(batch_id: int, terms: SurveyTerms, *, actor: Actor, on: date) -> Batch:
    """Confirm a previewed survey sheet to be taken on a business date. Refuses while an error stands."""
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, Purpose.SURVEY)
    locking.require_state(batch, BatchState.READY)
    if batch.purpose != Purpose.SURVEY:
        raise Refusal(_("这不是调查表。"), clauses=("3.2",))
    if on > today():
        raise Refusal(_("收到日期不能晚于今天。"), clauses=("3.2",), field="on")
    if batch.error_count:
        raise Refusal(_("还有 %(count)s 处错误，改正后才能收下。") % {"count": batch.error_count}, clauses=("3.2",))
    if not batch.row_count:
        raise Refusal(_("没有可用的行。"), clauses=("3.2",))
    if not Party.objects.filter(pk=terms.surveyor, county=actor.county).exists():
        raise Refusal(_("请选择调查机构。"), clauses=("3.2",), field="surveyor")
    batch.state = BatchState.QUEUED
    batch.applied_on = on
    batch.result = {"terms": terms.plain()}
    batch.save(update_fields=["state", "applied_on", "result"])
    return batch


def survey_draft(batch: Batch) -> SurveyDraft:
    """The survey of a confirmed batch; its paper is the kept file."""
    terms = batch.result["terms"]
    days = {name: date.fromisoformat(terms[name]) if terms[name] else None for name in ("surveyed_from", "surveyed_to")}
    return SurveyDraft(
        title=terms["title"],
        surveyor=terms["surveyor"],
        commissioner=terms["commissioner"],
        scope=tuple(terms["scope"]),
        systems=tuple(terms["systems"]),
        document=f"attachment:{batch.file_id}" if batch.file_id else "",
        **days,
    )


def row_drafts(places: Places, sheet: str, rows: Sequence[Sequence[Any]]) -> Iterator[RowDraft]:
    """Drafts of survey rows for a frame of understood ones."""
    names = tuple(SURVEY_AT)
    for values in rows:
        row = dict(zip(names, values, strict=True))
        yield RowDraft(
            name=row["name"],
            division_code=places.code(row["town"] or "", row["village"] or "") or places.county_code,
            sheet=sheet,
            row=row["row"],
            code=row["asset_code"] or "",
            class_code=row["class_code"] or "",
            model=row["model"] or "",
            brand=row["brand"] or "",
            serial_no=row["serial_no"] or "",
            unit=row["unit"] or "",
            quantity_milli=row["quantity_milli"],
            cost_fen=row["cost_fen"],
            system=row["system"] or "",
            tier=row["tier"] or "",
            type_stated=row["type_stated"],
            site=row["site"] or "",
            place=row["place"] or "",
            keeper=row["keeper"] or "",
            user=row["user"] or "",
            condition=row["condition"] or "",
            result=row["result"] or "",
            surveyed_on=date.fromisoformat(row["surveyed_on"]) if row["surveyed_on"] else None,
            surveyed_by=row["surveyed_by"] or "",
            note=row["note"] or "",
            originals=row["originals"] or None,
        )
