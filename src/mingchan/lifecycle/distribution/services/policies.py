"""Policies (分配办法): made by bureau or village, filed with the finance bureau, in force from a day (2.5b)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution import events, pack, permissions, rules
from mingchan.lifecycle.distribution.choices import RELIEF, Category, Method, PolicyStatus
from mingchan.lifecycle.distribution.drafts import PolicyDraft
from mingchan.lifecycle.distribution.models import Policy, PolicyShare, PolicyWeight
from mingchan.lifecycle.distribution.queries import documents

_CLAUSES = ("2.5b",)


@transaction.atomic
def make_policy(draft: PolicyDraft, *, actor: Actor, on: date) -> Policy:
    """Draft a policy for a division, as its next edition. It counts for nothing until it is filed. Serves 2.5b.

    Raises NotAllowed without `distribution.rule` over the division; Refusal for uses outside the list, shares that
    make no whole, no category, or, in the time of poverty relief, households not first.
    """
    permissions.require(actor, permissions.RULE, draft.division_code, _CLAUSES)
    _check(draft)
    last = Policy.objects.filter(county=actor.county, division_code=draft.division_code).aggregate(last=Max("edition"))
    policy = Policy(
        county=actor.county,
        division_code=draft.division_code,
        edition=(last["last"] or 0) + 1,
        title=draft.title.strip()[:120],
        starts_on=draft.starts_on,
        method=draft.method,
        categories=",".join(one for one in Category.values if one in draft.categories),
        basis=draft.basis.strip()[:200],
        made_on=on,
        made_by=actor.name,
        is_sample=draft.is_sample,
    )
    policy.save(force_insert=True)
    PolicyShare.objects.bulk_create(
        PolicyShare(policy=policy, use=use, least=least, most=most)
        for use, (least, most) in sorted(draft.bounds.items(), key=lambda item: list(pack.uses()).index(item[0]))
        if most
    )
    if draft.method == Method.NEED:
        PolicyWeight.objects.bulk_create(
            PolicyWeight(policy=policy, category=category, weight=weight)
            for category, weight in sorted(draft.weights.items())
            if category in draft.categories and weight
        )
    _record(events.POLICY_MADE, policy, None, {"title": policy.title, "version": policy.edition}, actor, on)
    return policy


def _check(draft: PolicyDraft) -> None:
    if not draft.title.strip():
        raise Refusal(_("请填写办法名称"), clauses=_CLAUSES, field="title")
    if directory.division(draft.division_code) is None:
        raise Refusal(_("没有这个区划"), clauses=_CLAUSES, field="division_code")
    if draft.method not in Method.values:
        raise Refusal(_("请选择分配方式"), clauses=_CLAUSES, field="method")
    if not draft.categories or not set(draft.categories) <= set(Category.values):
        raise Refusal(_("请选择哪些户可以受益"), clauses=_CLAUSES, field="categories")
    fault = rules.bounds_fault(draft.bounds, pack.uses())
    household = draft.bounds.get(pack.household_use(), (0, 0))
    fault = fault or rules.relief_fault(
        draft.starts_on,
        household,
        draft.categories,
        until=pack.relief_until(),
        least=pack.household_least(),
        relief=RELIEF,
    )
    if fault is not None:
        raise Refusal(bound_words(fault), clauses=_CLAUSES)
    if draft.method == Method.NEED and not any(draft.weights.get(one, 0) > 0 for one in draft.categories):
        raise Refusal(_("按困难程度分配，须给受益户类型定系数"), clauses=_CLAUSES)


def bound_words(fault: rules.Fault) -> str:
    """A fault of a policy's bounds in the user's words."""
    about = str(Category(fault.about).label) if fault.about in Category.values else fault.about
    share = rules.percent(fault.figure)
    return {
        "unknown_use": _("“%(about)s”不在收益用途清单中"),
        "out_of_order": _("用途的最低份额不能高于最高份额，都应在零和百分之百之间（%(about)s）"),
        "too_much": _("各用途的最低份额合计为 %(share)s，超过全部"),
        "too_little": _("各用途的最高份额合计为 %(share)s，不足全部"),
        "households_first": _("脱贫攻坚期内以贫困户为主，受益户分配不得低于 %(share)s"),
        "not_poor": _("脱贫攻坚期内受益户限于贫困户、脱贫户和监测对象，不能列入%(about)s"),
    }[fault.code] % {"about": about, "share": share}


@transaction.atomic
def file_policy(policy_id: int, number: str, filed_on: date, *, actor: Actor, on: date) -> Policy:
    """Record that the finance bureau has taken a policy on file (备案): from its day on it is in force. Serves 2.5b.

    Raises NotFound, NotAllowed without `distribution.file`, Refusal for one already decided, without a number, filed
    in the future or before it was made, or when another of the division is in force from the same day.
    """
    policy = _locked(policy_id, actor)
    permissions.require(actor, permissions.FILE, policy.division_code, _CLAUSES)
    if not number.strip():
        raise Refusal(_("请填写备案号"), clauses=_CLAUSES, field="number")
    if not policy.made_on <= filed_on <= on:
        raise Refusal(_("备案日期应在拟定之后、今天之前"), clauses=_CLAUSES, field="filed_on")
    before = protection.document(documents.POLICY, policy)
    policy.status, policy.filing_number = PolicyStatus.FILED, number.strip()[:60]
    policy.filed_on, policy.filed_by = filed_on, actor.name
    try:
        with transaction.atomic():
            policy.save(force_update=True)
    except IntegrityError as error:
        raise Refusal(_("这个区划已有同日施行的分配办法"), clauses=_CLAUSES) from error
    _record(events.POLICY_FILED, policy, before, {"title": policy.title, "number": policy.filing_number}, actor, on)
    return policy


@transaction.atomic
def drop_policy(policy_id: int, *, reason: str, actor: Actor, on: date) -> Policy:
    """Give up a policy that was never filed. Raises NotFound, NotAllowed, Refusal."""
    policy = _locked(policy_id, actor)
    permissions.require(actor, permissions.RULE, policy.division_code, _CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=_CLAUSES, field="reason")
    before = protection.document(documents.POLICY, policy)
    policy.status = PolicyStatus.DROPPED
    policy.save(force_update=True)
    _record(events.POLICY_DROPPED, policy, before, {"title": policy.title}, actor, on, reason.strip())
    return policy


def _locked(policy_id: int, actor: Actor) -> Policy:
    policy = Policy.objects.select_for_update().filter(pk=policy_id, county=actor.county).first()
    if policy is None:
        raise NotFound(_("没有这个分配办法"))
    if policy.status != PolicyStatus.DRAFT:
        raise Refusal(_("这个分配办法已经备案或作废，不能再改；需要变动的，拟定新的一版"), clauses=_CLAUSES)
    return policy


def _record(
    kind: EventKind,
    policy: Policy,
    before: dict[str, object] | None,
    facts: dict[str, object],
    actor: Actor,
    on: date,
    reason: str = "",
) -> None:
    evidence.record(
        kind,
        Ref("distribution_policy", policy.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(documents.POLICY, policy),
        division=policy.division_code,
        reason=reason,
        facts=facts,
    )
