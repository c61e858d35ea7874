"""The yearly settlement (收益清算, 3.4.3b): prepared from data, confirmed by the bureau, countersigned by finance."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.lifecycle.income import events, permissions
from mingchan.lifecycle.income.choices import SettlementState
from mingchan.lifecycle.income.models import Settlement, SettlementLine
from mingchan.lifecycle.income.queries import reconciling, years
from mingchan.lifecycle.income.queries.documents import SETTLEMENT

CLAUSES = ("3.4.3b",)
COLUMNS = ("settlement_id", "contract_id", "holder_id", *years.AMOUNTS)


@transaction.atomic
def prepare(year: int, note: str = "", *, actor: Actor, on: date, is_sample: bool = False) -> Settlement:
    """Prepare a year's settlement from the rows as they are, or prepare it anew while nobody has confirmed it.

    Differences between register and books must be explained in `note`. Raises Refusal before the year has ended, when
    it is confirmed or closed, or with unexplained differences; NotAllowed without `income.clear`.
    """
    permissions.require(actor, permissions.CLEAR)
    if not 2000 <= year < on.year:
        raise Refusal(_("%(year)s 年还没有结束，不能清算") % {"year": year}, clauses=CLAUSES, field="year")
    found = Settlement.objects.select_for_update().filter(county=actor.county, year=year).first()
    if found is not None and found.state != SettlementState.PREPARED:
        raise Refusal(_("%(year)s 年的清算已确认，须先退回") % {"year": year}, clauses=CLAUSES)
    if reconciling.differences(actor.county, years.span(year)[1]) and not note.strip():
        raise Refusal(_("收益账与会计账有差异，请先核对，或在说明中写明原因"), clauses=CLAUSES, field="note")
    rows = years.lines(actor.county, year, on)
    if not rows:
        raise Refusal(_("%(year)s 年没有应收和收款") % {"year": year}, clauses=CLAUSES, field="year")
    before = protection.document(SETTLEMENT, found) if found is not None else None
    made = found or Settlement(county=actor.county, year=year, due_on=years.deadline(year), is_sample=is_sample)
    for name in years.AMOUNTS[:-1]:
        setattr(made, name, sum(getattr(row, name) for row in rows))
    made.digest, made.note = years.digest(year, rows), note.strip()
    made.prepared_on, made.prepared_by = on, actor.name
    made.version = made.version + 1 if found is not None else 1
    made.save()
    SettlementLine.objects.filter(settlement=made).delete()
    database.insert_rows(SettlementLine, COLUMNS, [(made.pk, *row) for row in rows])
    _record(events.PREPARED, made, before, actor, on, {"year": year, "count": len(rows)})
    return made


def _record(
    kind: EventKind,
    made: Settlement,
    before: dict[str, object] | None,
    actor: Actor,
    on: date,
    facts: dict[str, object],
    reason: str = "",
) -> None:
    evidence.record(
        kind,
        made.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(SETTLEMENT, made),
        division=actor.county.ljust(12, "0"),
        reason=reason,
        facts=facts,
    )


def _locked(year: int, actor: Actor) -> Settlement:
    found = Settlement.objects.select_for_update(of=("self",)).filter(county=actor.county, year=year).first()
    if found is None:
        raise NotFound(_("没有这一年的收益清算。"))
    return found


def _signer(actor: Actor) -> Account:
    account = Account.objects.filter(pk=actor.account_id).first() if actor.account_id is not None else None
    if account is None:
        raise NotAllowed(_("须由本人账号确认"), clauses=CLAUSES)
    return account


@transaction.atomic
def confirm(year: int, digest: str, *, actor: Actor, on: date) -> Settlement:
    """Confirm a prepared settlement for the bureau, under its digest. From here its lines stand.

    Raises Refusal when it isn't prepared, or was prepared anew since it was read; NotAllowed without `income.clear`.
    """
    permissions.require(actor, permissions.CLEAR)
    signer = _signer(actor)
    found = _locked(year, actor)
    if found.state != SettlementState.PREPARED:
        raise Refusal(_("%(year)s 年的清算已确认") % {"year": year}, clauses=CLAUSES)
    _same(found, digest, on)
    before = protection.document(SETTLEMENT, found)
    found.state, found.confirmed_on, found.version = SettlementState.CONFIRMED, on, found.version + 1
    found.confirmer, found.confirmed_by = signer, actor.name
    found.save()
    _record(events.CONFIRMED, found, before, actor, on, {"year": year})
    return found


def _same(found: Settlement, digest: str, on: date) -> None:
    """Refuse when what was read isn't what stands, or the rows behind it have changed since."""
    if digest != found.digest:
        raise Refusal(_("清算表刚重新编制过，请核对后再办理"), clauses=CLAUSES)
    if years.digest(found.year, years.lines(found.county, found.year, found.prepared_on)) != found.digest:
        raise Refusal(_("编制以后数据有变动，请退回重新编制"), clauses=CLAUSES)


@transaction.atomic
def countersign(year: int, digest: str, *, actor: Actor, on: date) -> Settlement:
    """Countersign for finance and close the year for ever (会签). Another body than the one that confirmed.

    Raises Refusal unless it is confirmed under this digest, and for an account of the confirming body; NotAllowed
    without `income.countersign`.
    """
    permissions.require(actor, permissions.COUNTERSIGN)
    signer = _signer(actor)
    found = _locked(year, actor)
    if found.state != SettlementState.CONFIRMED:
        raise Refusal(_("%(year)s 年的清算还没有由县工信局确认，或已经清算") % {"year": year}, clauses=CLAUSES)
    _same(found, digest, on)
    if Account.objects.filter(office=signer.office_id, pk__in=[found.confirmer_id]).exists():
        raise Refusal(_("会签须由另一单位办理"), clauses=("3.4.3b", "4.1"))
    before = protection.document(SETTLEMENT, found)
    found.state, found.closed_on, found.version = SettlementState.CLOSED, on, found.version + 1
    found.countersigner, found.closed_by = signer, actor.name
    found.save()
    _record(events.CLOSED, found, before, actor, on, {"year": year})
    return found


@transaction.atomic
def send_back(year: int, reason: str, *, actor: Actor, on: date) -> Settlement:
    """Send a confirmed settlement back to be prepared anew (退回), with the reason. A closed one stays.

    Raises Refusal when it isn't confirmed or no reason is given; NotAllowed without one of the two rights.
    """
    if not (actor.may(permissions.CLEAR, actor.county) or actor.may(permissions.COUNTERSIGN, actor.county)):
        permissions.require(actor, permissions.CLEAR)
    found = _locked(year, actor)
    if found.state != SettlementState.CONFIRMED:
        raise Refusal(_("只有已确认、未会签的清算可以退回"), clauses=CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写退回原因"), clauses=CLAUSES, field="reason")
    before = protection.document(SETTLEMENT, found)
    found.state, found.confirmed_on, found.version = SettlementState.PREPARED, None, found.version + 1
    found.confirmer, found.confirmed_by = None, ""
    found.save()
    facts: dict[str, object] = {"year": year, "reason": reason.strip()}
    _record(events.REOPENED, found, before, actor, on, facts, reason.strip())
    return found
