"""Bringing a proposal out (提交联审), changing it while it is reviewed (修改), taking it back (撤回) (3.4.3a)."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events, permissions, rules
from mingchan.lifecycle.disposal.choices import RUNNING, SHOWN, State
from mingchan.lifecycle.disposal.drafts import PaperDraft, ProposalDraft
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item, Paper, PriceAsk
from mingchan.lifecycle.disposal.queries import alike, performing, publishing, standing, ways
from mingchan.lifecycle.disposal.services import drafting, locking
from mingchan.lifecycle.disposal.services.wording import FAULTS, FIELDS
from mingchan.register.assets import services as assets

CODE = "disposal"
"""The drawing that disposals follow."""


@transaction.atomic
def submit(disposal_id: int, version: int | None = None, *, actor: Actor, on: date) -> Disposal:
    """Bring a proposal before the joint review: its assets are frozen, its case begins. Serves 3.4.3a, 3.4.3c.

    The cards are taken as they are now and checked once more. Raises Refusal naming every paper that is missing, a
    missing appraisal or finding, a well-performing asset without a stated exception, or an asset that something holds;
    Stale, NotFound, NotAllowed.
    """
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    locking.current(disposal, version)
    facts, changes = _prepared(disposal, actor=actor, on=on)
    ids = standing.asset_ids(disposal)
    if ids:
        assets.freeze(ids, Ref("disposal", disposal.pk), right=permissions.PROPOSE, actor=actor, on=on)
    case = procedures.start(
        CODE,
        title=f"{publishing.title(disposal)}（{disposal.number}）",
        text=_text(disposal),
        subject=Ref("disposal", disposal.pk),
        facts=facts,
        interested=[disposal.recipient_id] if disposal.recipient_id is not None else [],
        subject_digest=changes["digest"],
        division=disposal.division_code,
        right=permissions.PROPOSE,
        is_sample=disposal.is_sample,
        actor=actor,
        on=on,
    )
    changes |= {"state": State.REVIEW.value, "case_id": case.pk, "submitted_on": on}
    locking.save(disposal, changes, events.SUBMITTED, actor=actor, on=on)
    return disposal


@transaction.atomic
def amend(
    disposal_id: int,
    *,
    reason: str,
    head: ProposalDraft | None = None,
    add: Sequence[int] = (),
    remove: Sequence[int] = (),
    papers: Sequence[tuple[str, PaperDraft]] = (),
    version: int | None = None,
    actor: Actor,
    on: date,
) -> Disposal:
    """Change a proposal that went out: opinions given so far become void and the review begins anew (3.4.3a).

    `add` are ids of assets, `remove` ids of items. Only the drafter may. Raises Refusal without a reason or a change,
    or as `submit` does; Stale, NotFound, NotAllowed.
    """
    disposal = locking.locked(disposal_id, RUNNING, permissions.PROPOSE, actor=actor)
    locking.current(disposal, version)
    _own(disposal, reason, actor)
    _back_to_review(disposal, reason, actor=actor, on=on)
    if head is not None:
        locking.save(disposal, drafting.head_of(head, actor=actor), events.CHANGED, actor=actor, on=on, reason=reason)
    source = Ref("disposal", disposal.pk)
    if remove:
        gone = list(Item.objects.filter(disposal=disposal, pk__in=remove).values_list("asset_id", flat=True))
        drafting.shorten(disposal, remove, actor=actor, on=on)
        assets.thaw(gone, source, actor=actor, on=on)
    if add:
        drafting.extend(disposal, add, actor=actor, on=on)
    for code, paper in papers:
        drafting.keep_paper(disposal, code, paper, actor=actor, on=on)
    send_again(disposal, reason, actor=actor, on=on)
    return disposal


def send_again(disposal: Disposal, reason: str, *, actor: Actor, on: date) -> None:
    """Begin the review of a changed proposal anew. The caller holds the disposal and has changed it."""
    _own(disposal, reason, actor)
    _back_to_review(disposal, reason, actor=actor, on=on)
    facts, changes = _prepared(disposal, actor=actor, on=on)
    ids = standing.asset_ids(disposal)
    if ids:
        assets.freeze(ids, Ref("disposal", disposal.pk), right=permissions.PROPOSE, actor=actor, on=on)
    case = Case.objects.get(pk=disposal.case_id or 0)
    if changes["digest"] == case.subject_digest:
        raise Refusal(_("没有改动"))
    locking.save(disposal, changes, events.AMENDED, actor=actor, on=on, reason=reason)
    procedures.amend(
        case.pk,
        reason=reason,
        version=case.version,
        text=_text(disposal),
        facts=facts,
        interested=[disposal.recipient_id] if disposal.recipient_id is not None else [],
        subject_digest=changes["digest"],
        actor=actor,
        on=on,
    )


@transaction.atomic
def withdraw(disposal_id: int, reason: str, *, actor: Actor, on: date) -> Disposal:
    """Take a proposal back that isn't carried out: its assets are free again. Only its drafter may. Serves 3.4.3a."""
    disposal = locking.locked(disposal_id, RUNNING, permissions.PROPOSE, actor=actor)
    case = Case.objects.get(pk=disposal.case_id or 0)
    procedures.withdraw(case.pk, reason=reason, version=case.version, actor=actor, on=on)
    disposal.refresh_from_db()
    return disposal


def _own(disposal: Disposal, reason: str, actor: Actor) -> None:
    drafter = Case.objects.values_list("drafter_id", flat=True).get(pk=disposal.case_id or 0)
    if actor.account_id is None or drafter != actor.account_id:
        raise NotAllowed(_("只有经办人本人可以修改或撤回处置方案"), clauses=("3.4.3a",))
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=("3.4.3a",), field="reason")


def _back_to_review(disposal: Disposal, reason: str, *, actor: Actor, on: date) -> None:
    if disposal.state != State.REVIEW:
        changes = {"state": State.REVIEW.value}
        words = {"state": str(State.REVIEW.label)}
        locking.save(disposal, changes, events.MOVED, actor=actor, on=on, reason=reason, facts=words)


def _prepared(disposal: Disposal, *, actor: Actor, on: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the case is told and what the disposal keeps of it. Raises Refusal for everything that is missing."""
    ids = drafting.refreshed(disposal, actor=actor, on=on)
    spec = ways.kind(disposal.kind)
    well = performing.performing_well(ids, on)
    value = disposal.cost_fen if disposal.kind != "MONETARY" else disposal.amount_fen
    found = alike.look(disposal, value, on)
    appraisal = standing.appraisal(disposal)
    missing = standing.missing_papers(disposal)
    proposal = rules.Proposal(
        kind=disposal.kind,
        count=len(ids),
        amount_fen=disposal.amount_fen,
        reason=disposal.reason,
        proceeds_use=disposal.proceeds_use,
        brings_money=spec.brings_money,
        needs_appraisal=spec.needs_appraisal,
        needs_finding=spec.needs_finding,
        has_finding=bool(disposal.finding and disposal.finding_by and disposal.finding_on),
        has_recipient=disposal.recipient_id is not None or bool(disposal.recipient_name),
        has_loss=bool(disposal.loss),
        appraisal_valid_to=appraisal.valid_to if appraisal is not None else None,
        performs_well=bool(well),
        exception=disposal.exception,
    )
    for fault in rules.faults_of(proposal, [paper.code for paper in missing], on):
        words = {"papers": "、".join(paper.text for paper in missing), "assets": _well(disposal, well)}
        raise Refusal(FAULTS[fault] % words, clauses=("3.4.3a", "2.6.3"), field=FIELDS.get(fault, ""))
    changes: dict[str, Any] = {
        "sum_fen": found.sum_fen,
        "split_suspected": found.suspected,
        "performs_well": bool(well),
        "performance": "；".join(dict.fromkeys(well.values()))[:300],
        "count": disposal.count,
        "cost_fen": disposal.cost_fen,
        "net_fen": disposal.net_fen,
    }
    facts = {
        "kind": disposal.kind,
        "value_fen": value,
        "sum_fen": found.sum_fen,
        "net_fen": disposal.net_fen,
        "count": len(ids),
        "needs_appraisal": spec.needs_appraisal,
        "well_performing": bool(well),
        "split_suspected": found.suspected,
    }
    changes["digest"] = digest_of(disposal)
    return facts, changes


def _well(disposal: Disposal, well: dict[int, str]) -> str:
    rows = Item.objects.filter(disposal=disposal, asset__in=list(well)[:SHOWN]).values_list("name", "asset_id")
    return "、".join(f"{name}（{well[asset]}）" for name, asset in rows)


def digest_of(disposal: Disposal) -> str:
    """The digest of exactly what is proposed: the head, every asset, papers, appraisal and prices asked for."""
    items = Item.objects.filter(disposal=disposal).order_by("asset_id")
    parts = {
        "head": {name: str(getattr(disposal, name) or "") for name in _JUDGED},
        "items": [list(row) for row in items.values_list("asset_id", "code", "quantity_milli", "cost_fen")],
        "papers": list(
            Paper.objects.filter(disposal=disposal).order_by("pk").values_list("code", "attachment__sha256")
        ),
        "appraisals": [
            [row.firm, row.report_no, row.value_fen, row.base_on.isoformat(), row.valid_to.isoformat()]
            for row in Appraisal.objects.filter(disposal=disposal, replaced_on__isnull=True)
        ],
        "prices": [
            list(row)
            for row in PriceAsk.objects.filter(disposal=disposal).order_by("pk").values_list("pk", "price_fen")
        ],
    }
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


_JUDGED = (
    "kind", "owner_id", "reason", "proceeds_use", "exception", "recipient_id", "recipient_name", "finding_by",
    "finding_on", "finding", "loss", "amount_fen", "debtor",
)  # fmt: skip


def _text(disposal: Disposal) -> str:
    """What the case says of the proposal; its page shows the rest."""
    parts = [disposal.reason]
    if disposal.exception:
        parts.append(_("效益良好仍须处置的理由：%(reason)s") % {"reason": disposal.exception})
    if disposal.proceeds_use:
        parts.append(_("处置收入用途：%(use)s") % {"use": disposal.proceeds_use})
    return "\n".join(parts)
