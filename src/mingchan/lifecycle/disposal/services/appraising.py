"""Appraisals (评估): who valued what, by which report, until when; a revised one keeps the old to be seen (2.6.3)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import LARGEST_FEN, format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events, permissions, rules
from mingchan.lifecycle.disposal.choices import RUNNING, State
from mingchan.lifecycle.disposal.drafts import AppraisalDraft, PaperDraft
from mingchan.lifecycle.disposal.models import Appraisal
from mingchan.lifecycle.disposal.queries.documents import document
from mingchan.lifecycle.disposal.services import drafting, locking, submitting


@transaction.atomic
def record_appraisal(
    disposal_id: int, draft: AppraisalDraft, report: PaperDraft | None, *, actor: Actor, on: date
) -> Appraisal:
    """Record an appraisal with its report; the one before is used no more and stays to be seen.

    It holds until `valid_to`, by default a year from its base date. Of a proposal that went out it is a material
    change: the opinions given so far become void and the review begins anew, so only its drafter may record it then.
    Raises Refusal for a missing field, a base date ahead or a term that is over; NotFound, NotAllowed. Serves 2.6.3.
    """
    disposal = locking.locked(disposal_id, (State.DRAFT, *RUNNING), permissions.APPRAISE, actor=actor)
    months = policy.figure("disposal.appraisal_months")
    valid_to = draft.valid_to or rules.months_later(draft.base_on, months)
    for field, text, words in (
        ("firm", draft.firm, _("请填写评估机构")),
        ("report_no", draft.report_no, _("请填写评估报告文号")),
    ):
        if not text.strip():
            raise Refusal(words, clauses=("2.6.3",), field=field)
    if not 0 < draft.value_fen <= LARGEST_FEN:
        raise Refusal(_("评估价值应大于零"), clauses=("2.6.3",), field="value")
    if draft.base_on > on:
        raise Refusal(_("评估基准日不能晚于今天"), clauses=("2.6.3",), field="base_on")
    if valid_to < draft.base_on or valid_to > rules.months_later(draft.base_on, months):
        raise Refusal(_("评估结论的有效期自基准日起不超过 %(months)s 个月") % {"months": months}, field="valid_to")
    if valid_to < on:
        raise Refusal(_("评估结论已过有效期，请重新评估"), clauses=("2.6.3",), field="base_on")
    before = Appraisal.objects.filter(disposal=disposal, replaced_on__isnull=True).first()
    if before is not None:
        old = document(before)
        before.replaced_on = on
        before.save(update_fields=["replaced_on"])
        evidence.record(
            events.APPRAISAL_REPLACED,
            Ref("disposal_appraisal", before.pk),
            actor=actor,
            on=on,
            before=old,
            after=document(before),
            division=disposal.division_code,
            facts={"number": disposal.number, "report": before.report_no},
        )
    paper = drafting.keep_paper(disposal, "appraisal", report, actor=actor, on=on) if report is not None else None
    row = Appraisal(
        disposal=disposal,
        firm=draft.firm.strip()[:120],
        report_no=draft.report_no.strip()[:80],
        method=draft.method.strip()[:60],
        base_on=draft.base_on,
        value_fen=draft.value_fen,
        valid_to=valid_to,
        report=paper.attachment if paper is not None else None,
        recorded_on=on,
        recorded_by=actor.name,
    )
    locking.add(
        disposal,
        row,
        events.APPRAISED,
        actor=actor,
        on=on,
        facts={"firm": row.firm, "report": row.report_no, "value": format_yuan(row.value_fen)},
    )
    if disposal.state != State.DRAFT:
        reason = _("评估结果更新：%(report)s") % {"report": row.report_no}
        submitting.send_again(disposal, reason, actor=actor, on=on)
    return row
