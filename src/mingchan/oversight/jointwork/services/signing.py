"""Signing (签署监测意见): each office by an account of its own, with its password, under what it saw (3.4.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import canonical, crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import events, permissions
from mingchan.oversight.jointwork.choices import Conclusion, Office, PlanState
from mingchan.oversight.jointwork.drafts import OpinionDraft
from mingchan.oversight.jointwork.models import Looked, Opinion, Plan, Sample
from mingchan.oversight.jointwork.queries import plans
from mingchan.oversight.jointwork.queries.documents import document
from mingchan.oversight.jointwork.services import planning

CLAUSES = ("3.4.2", "4.1")


def sign(
    plan_id: int, office: str, draft: OpinionDraft, password: str, seen: str, *, actor: Actor, on: date
) -> Opinion:
    """Sign an office's opinion; with the fourth office the year is concluded. Not to be called in a transaction.

    The account enters its password again; a wrong one is recorded and counts towards the lock of the name. `seen` is
    the digest of what the page showed. An office may sign anew until all four have. Raises NotFound; NotAllowed for
    another office, or for an account that signed for another; Refusal while a drawn asset was looked at by nobody,
    without an opinion, or when what was seen has changed. Serves 3.4.2 and 4.1.
    """
    plan = plans.plan(plan_id, actor)
    _may_sign(plan, office, actor)
    directory.confirm(password, actor=actor, on=on)
    with transaction.atomic():
        return _sign(plan_id, office, draft, seen, actor=actor, on=on)


def _may_sign(plan: Plan, office: str, actor: Actor) -> Account:
    permissions.require(actor, permissions.SIGN)
    permissions.require_office(actor, office)
    account = Account.objects.filter(pk=actor.account_id or 0).select_related("office").first()
    if account is None:
        raise NotAllowed(_("签署须由本人的账号办理。"), clauses=CLAUSES)
    if Opinion.objects.filter(plan=plan, account=account).exclude(office=office).exists():
        raise NotAllowed(_("您已代表另一部门签署，一人不能代表两个部门。"), clauses=CLAUSES)
    return account


def _sign(plan_id: int, office: str, draft: OpinionDraft, seen: str, *, actor: Actor, on: date) -> Opinion:
    plan = planning.locked(plan_id, PlanState.DRAWN, permissions.SIGN, actor=actor)
    account = _may_sign(plan, office, actor)
    if draft.conclusion not in Conclusion.values:
        raise Refusal(_("请选择监测结论。"), clauses=CLAUSES, field="conclusion")
    if len(draft.text.strip()) < 4:
        raise Refusal(_("请写明监测意见。"), clauses=CLAUSES, field="text")
    if draft.conclusion != Conclusion.SOUND and not draft.asks.strip():
        raise Refusal(_("存在问题的，请写明整改要求。"), clauses=CLAUSES, field="asks")
    unseen = Sample.objects.filter(plan=plan).exclude(pk__in=Looked.objects.filter(sample__plan=plan).values("sample"))
    if count := unseen.count():
        raise Refusal(_("还有 %(count)s 项抽样资产没有核查，不能签署。") % {"count": count}, clauses=("3.4.2", "3.4.1"))
    shown = plans.content_digest(plan, office)
    if seen != shown:
        raise Refusal(_("核查内容刚有变化，请核对后再签署。"), clauses=CLAUSES)
    given = {"conclusion": draft.conclusion, "text": draft.text.strip(), "asks": draft.asks.strip(), "seen": shown}
    opinion = Opinion.objects.create(
        plan=plan,
        office=office,
        number=Opinion.objects.filter(plan=plan, office=office).count() + 1,
        conclusion=draft.conclusion,
        text=draft.text.strip(),
        asks=draft.asks.strip(),
        account=account,
        name=account.name,
        title=account.title,
        office_name=account.office.name,
        signed_on=on,
        signed_at=utc_now(),
        digest=crypto.sha256(canonical.encode(given)).hex(),
    )
    evidence.record(
        events.SIGNED,
        Ref("tracking_opinion", opinion.pk),
        actor=actor,
        on=on,
        after=document(opinion),
        facts={
            "number": plan.number,
            "office": opinion.office_name,
            "conclusion": str(Conclusion(opinion.conclusion).label),
        },
    )
    if len(plans.standing_opinions(plan)) == len(Office):
        before = document(plan)
        plan.state, plan.concluded_on = PlanState.CONCLUDED, on
        planning.save(plan, before, events.CONCLUDED, actor=actor, on=on, facts={})
    return opinion


@transaction.atomic
def note_printed(plan: Plan, *, actor: Actor, on: date) -> None:
    """Record that the report was printed. Serves 3.4.2."""
    facts = {"number": plan.number}
    evidence.record(events.REPORT_PRINTED, Ref("tracking", plan.pk), actor=actor, on=on, facts=facts)
