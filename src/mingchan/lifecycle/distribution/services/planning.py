"""Plans (分配方案): drafted from receipts by a policy in force, to the fen (2.5a, 2.5b).

Every door comes here, so a plan outside the policy in force is refused by all of them; the database says it once more.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.distribution import events, pack, permissions, rules
from mingchan.lifecycle.distribution.choices import COUNTED, RELIEF, Category
from mingchan.lifecycle.distribution.drafts import PlanDraft
from mingchan.lifecycle.distribution.models import Plan, PlanLine, Policy, PoolRow, Share
from mingchan.lifecycle.distribution.queries import documents, households, policies, pool

_CLAUSES = ("2.5a", "2.5b")
_POOL = protection.document_names(PoolRow)
_LINE = protection.document_names(PlanLine)
_SHARE = protection.document_names(Share)


@transaction.atomic
def draft_plan(draft: PlanDraft, *, actor: Actor, on: date) -> Plan:
    """Draft a plan: the receipts of a holder in a period that no plan holds, by the policy in force. Serves 2.5a, 2.5b.

    Raises NotAllowed without `distribution.plan` over the division; Refusal without receipts, without a policy in
    force, for shares outside the policy, households that may not benefit, or a share set by hand without a reason.
    """
    permissions.require(actor, permissions.PLAN, draft.division_code, _CLAUSES)
    _check(draft, actor, on)
    sources = pool.open_sources(actor.county, draft.period_start, draft.last_day, draft.holder)
    pool_fen = sum(source.fen for source in sources)
    if pool_fen <= 0:
        raise Refusal(_("这个期间没有尚未分配的收益"), clauses=("2.5a",), field="holder")
    policy = policies.in_force(actor.county, draft.division_code, on)
    if policy is None:
        raise Refusal(_("还没有已备案并施行的分配办法，请先拟定办法并报财政备案"), clauses=("2.5b",))
    key = database.reserve_ids(Plan, 1)
    last = Plan.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    plan = Plan(
        pk=key,
        county=actor.county,
        year=on.year,
        number=last + 1,
        division_code=draft.division_code,
        holder_id=draft.holder,
        title=draft.title.strip()[:120],
        policy=policy,
        period_start=draft.period_start,
        last_day=draft.last_day,
        as_of=draft.as_of,
        pool_fen=pool_fen,
        note=draft.note.strip()[:300],
        made_on=on,
        made_by=actor.name,
        is_sample=draft.is_sample,
    )
    lines, shares = _divided(draft, plan, policy)
    plan.save(force_insert=True)
    rows: list[tuple[str, str, dict[str, Any]]] = [
        (str(plan.ref), plan.division_code, protection.document(documents.PLAN, plan)),
        *_keep_pool(plan, sources),
        *_keep_division(plan, lines, shares, draft.shares),
    ]
    facts = {"title": plan.title, "pool": format_yuan(pool_fen)}
    evidence.record_many(events.PLAN_DRAFTED, rows, actor=actor, on=on, facts=facts)
    return plan


def divide_anew(plan: Plan, draft: PlanDraft, *, actor: Actor, on: date) -> None:
    """Write the division of a plan's next round beside the former one; the caller moves the plan to it."""
    if any(not fixed.reason.strip() or fixed.fen < 0 for fixed in draft.fixed.values()):
        raise Refusal(_("单独确定的份额须写明理由，金额不能为负"), clauses=_CLAUSES, field="fixed")
    lines, shares = _divided(draft, plan, plan.policy)
    former, plan.round = plan.round, plan.round + 1
    rows = _keep_division(plan, lines, shares, draft.shares)
    plan.round = former
    facts = {"title": plan.title, "round": former + 1}
    evidence.record_many(events.PLAN_REDRAFTED, rows, actor=actor, on=on, facts=facts)


def _check(draft: PlanDraft, actor: Actor, on: date) -> None:
    if not draft.title.strip():
        raise Refusal(_("请填写方案名称"), clauses=_CLAUSES, field="title")
    if directory.division(draft.division_code) is None:
        raise Refusal(_("没有这个区划"), clauses=_CLAUSES, field="division_code")
    if not draft.period_start <= draft.last_day <= on:
        raise Refusal(_("收益期间应起止有序，并已结束"), clauses=_CLAUSES, field="last_day")
    if draft.as_of > on:
        raise Refusal(_("名册基准日不能晚于今天"), clauses=_CLAUSES, field="as_of")
    if not Party.objects.filter(pk=draft.holder, county=actor.county).exists():
        raise Refusal(_("没有这个收益权人"), clauses=("2.5a",), field="holder")
    if any(not fixed.reason.strip() or fixed.fen < 0 for fixed in draft.fixed.values()):
        raise Refusal(_("单独确定的份额须写明理由，金额不能为负"), clauses=_CLAUSES, field="fixed")


def check_shares(shares: Mapping[str, int], policy: Policy, period_start: date) -> None:
    """Raises Refusal when shares of a plan break the policy, or poor households don't come first (2.5b)."""
    labels = {code: use.text for code, use in pack.uses().items()}
    if unknown := [use for use in shares if use not in labels]:
        raise Refusal(_("“%(use)s”不在收益用途清单中") % {"use": unknown[0]}, clauses=("2.5a",))
    fault = rules.shares_fault(shares, policies.bounds(policy), labels)
    share = shares.get(pack.household_use(), 0)
    relief = rules.relief_fault(
        period_start,
        (share, share),
        policy.category_codes,
        until=pack.relief_until(),
        least=pack.household_least(),
        relief=RELIEF,
    )
    if fault is not None:
        words = {
            "not_in_policy": _("分配办法“%(title)s”没有列入%(use)s"),
            "below": _("%(use)s低于分配办法“%(title)s”规定的 %(share)s"),
            "above": _("%(use)s高于分配办法“%(title)s”规定的 %(share)s"),
            "no_whole": _("各用途份额合计为 %(share)s，应为百分之百（办法“%(title)s”）"),
        }[fault.code]
        raise Refusal(
            words % {"title": policy.title, "use": fault.about, "share": rules.percent(fault.figure)}, clauses=("2.5b",)
        )
    if relief is not None:
        if relief.code == "not_poor":
            label = Category(relief.about).label
            raise Refusal(
                _("脱贫攻坚期内的收益以贫困户为主，办法“%(title)s”列有%(category)s，不能用于这个期间")
                % {"title": policy.title, "category": label},
                clauses=("2.5b",),
            )
        raise Refusal(
            _("脱贫攻坚期内的收益以贫困户为主，受益户分配不得低于 %(share)s") % {"share": rules.percent(relief.figure)},
            clauses=("2.5b",),
        )


def _divided(draft: PlanDraft, plan: Plan, policy: Policy) -> tuple[dict[str, int], list[rules.ShareOf]]:
    """The pool by uses and by households, to the fen."""
    shares = {use: share for use, share in draft.shares.items() if share}
    check_shares(shares, policy, plan.period_start)
    lines = rules.split_uses(plan.pool_fen, shares, list(pack.uses()))
    total = lines.get(pack.household_use(), 0)
    if not total:
        if draft.fixed:
            raise Refusal(_("方案没有受益户分配，不能单独确定某户份额"), clauses=_CLAUSES)
        return lines, []
    listed = households.candidates(plan.county, plan.division_code, policy.category_codes, plan.as_of)
    if not listed:
        raise Refusal(_("基准日的名册里没有可以受益的户，请先导入受益户名册"), clauses=_CLAUSES)
    if set(draft.counted) - {one.id for one in listed} and policy.method in COUNTED:
        raise Refusal(_("填报了名册以外的户"), clauses=_CLAUSES)
    try:
        found = rules.split_households(
            total,
            listed,
            policy.method,
            weights=policies.weights(policy),
            counted=draft.counted,
            fixed={key: (one.fen, one.reason.strip()[:200]) for key, one in draft.fixed.items()},
        )
    except ValueError as error:
        words = {
            "unknown": _("单独确定份额的户不在可以受益的名册里"),
            "too_much": _("单独确定的份额合计超过受益户分配总额"),
            "nobody": _("按“%(method)s”没有一户能分到，请填写各户数量或核对系数")
            % {"method": policy.get_method_display()},
        }
        raise Refusal(words[str(error)], clauses=_CLAUSES) from error
    return lines, found


def _keep_pool(plan: Plan, sources: Sequence[pool.Source]) -> list[tuple[str, str, dict[str, Any]]]:
    """Write the plan's receipts. Raises Refusal when another plan took one in the meantime."""
    first = database.reserve_ids(PoolRow, len(sources))
    rows = [
        {
            "id": first + place,
            "county": plan.county,
            "plan_id": plan.pk,
            "entry": source.entry,
            "receipt": source.receipt,
            "contract": source.contract,
            "holder_id": source.holder,
            "division_code": source.division,
            "received_on": source.received_on.isoformat(),
            "fen": source.fen,
            "released_on": None,
        }
        for place, source in enumerate(sources)
    ]
    try:
        with transaction.atomic():
            database.insert_rows(PoolRow, _POOL, ([row[name] for name in _POOL] for row in rows))
    except IntegrityError as error:
        raise Refusal(_("其中有收款已列入另一个方案，同一笔收款不能分配两次"), clauses=("2.5a",)) from error
    return [(f"distribution_pool:{row['id']}", plan.division_code, _without_nulls(row)) for row in rows]


def _keep_division(
    plan: Plan, lines: Mapping[str, int], shares: Sequence[rules.ShareOf], asked: Mapping[str, int]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Write uses and households of the plan's round in a few statements; their documents for the log."""
    first = database.reserve_ids(PlanLine, len(lines))
    line_rows = [
        {"id": first + place, "plan_id": plan.pk, "round": plan.round, "use": use, "share": asked[use], "fen": fen}
        for place, (use, fen) in enumerate(lines.items())
    ]
    database.insert_rows(PlanLine, _LINE, ([row[name] for name in _LINE] for row in line_rows))
    first = database.reserve_ids(Share, len(shares)) if shares else 0
    share_rows = [
        {
            "id": first + place,
            "county": plan.county,
            "plan_id": plan.pk,
            "round": plan.round,
            "household_id": share.household,
            "category": share.category,
            "weight": share.weight,
            "fen": share.fen,
            "reason": share.reason,
        }
        for place, share in enumerate(shares)
    ]
    database.insert_rows(Share, _SHARE, ([row[name] for name in _SHARE] for row in share_rows))
    return [
        *((f"distribution_line:{row['id']}", plan.division_code, row) for row in line_rows),
        *((f"distribution_share:{row['id']}", plan.division_code, row) for row in share_rows),
    ]


def _without_nulls(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
