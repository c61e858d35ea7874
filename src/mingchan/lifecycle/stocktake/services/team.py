"""Who counts, checks and observes (盘点分工): keepers don't count, counters don't check, observers come from audit."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import protection
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.stocktake import events, permissions, rules
from mingchan.lifecycle.stocktake.choices import PlanState, Role
from mingchan.lifecycle.stocktake.models import Assignment, Event, Line, Member, Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import ASSIGNMENT, MEMBER
from mingchan.lifecycle.stocktake.services import keeping

CLAUSES = ("2.6.1b", "3.4.1")
STAFFED = (PlanState.DRAFT, PlanState.APPROVED, PlanState.COUNTING, PlanState.CHECKING)
"""States in which the team may change."""


@transaction.atomic
def add_member(plan_id: int, account_id: int, role: str, *, actor: Actor, on: date) -> Member:
    """Give an account a part in a stocktake; one that left comes back in the part it had.

    Raises Refusal for an account that has another part, is closed, or whose own roles don't give it the right (the
    observer comes from audit); NotAllowed without `stocktake.plan`; NotFound. Serves 2.6.1b, 3.4.1.
    """
    plan = keeping.held(plan_id, permissions.PLAN, STAFFED, actor=actor)
    account = Account.objects.select_related("office").filter(pk=account_id, county=actor.county).first()
    if account is None or role not in Role.values:
        raise NotFound(_("没有这个账号"))
    label = Role(role).label
    if not account.is_active or not directory.actor_for(account, on).may(permissions.ASKED_OF[Role(role)]):
        raise Refusal(
            _("%(name)s 的岗位没有%(role)s的权限") % {"name": account.name, "role": label},
            clauses=CLAUSES,
            field="account",
        )
    known = Member.objects.filter(plan=plan, account=account).first()
    facts = {"number": plan.number, "name": account.name, "role": label}
    if known is not None:
        if known.role != role:
            raise Refusal(
                _("%(name)s 已是%(role)s，一人只能担任一项；盘点人不能复核自己的清点")
                % {"name": account.name, "role": Role(known.role).label},
                clauses=CLAUSES,
                field="account",
            )
        if known.left_on is not None:
            before = protection.document(MEMBER, known)
            known.left_on = None
            known.save(force_update=True)
            keeping.trace(
                MEMBER, [(known, before)], events.TEAM_SET, division=plan.division_code, facts=facts, actor=actor, on=on
            )  # fmt: skip
        return known
    member = Member(
        plan=plan,
        role=role,
        account=account,
        name=account.name,
        office_name=account.office.name,
        added_on=on,
    )
    keeping.add_all(
        MEMBER, [member], events.TEAM_SET, division=plan.division_code, facts=facts, actor=actor, on=on
    )  # fmt: skip
    return member


@transaction.atomic
def remove_member(plan_id: int, member_id: int, *, actor: Actor, on: date) -> Member:
    """Take somebody off the team; what they recorded stays. Raises NotFound, Refusal, NotAllowed."""
    plan = keeping.held(plan_id, permissions.PLAN, STAFFED, actor=actor)
    member = Member.objects.filter(pk=member_id, plan=plan, left_on__isnull=True).first()
    if member is None:
        raise NotFound(_("没有这个盘点人员"))
    before = protection.document(MEMBER, member)
    member.left_on = on
    member.save(force_update=True)
    facts = {"number": plan.number, "name": member.name, "role": Role(member.role).label}
    keeping.trace(
        MEMBER, [(member, before)], events.TEAM_SET, division=plan.division_code, facts=facts, actor=actor, on=on
    )  # fmt: skip
    return member


@transaction.atomic
def assign(plan_id: int, task_ids: Sequence[int], member_id: int, *, actor: Actor, on: date) -> int:
    """Have a counter count at places; answers at how many more. Several may count one place, each for themselves.

    Raises Refusal for a member who isn't a counter, or who keeps one of the things there (2.6.1b): whoever keeps things
    doesn't count them; NotAllowed without `stocktake.plan`; NotFound.
    """
    states = (PlanState.APPROVED, PlanState.COUNTING, PlanState.CHECKING)
    plan = keeping.held(plan_id, permissions.PLAN, states, actor=actor)
    member = Member.objects.select_related("account").filter(pk=member_id, plan=plan, left_on__isnull=True).first()
    tasks = list(Task.objects.filter(plan=plan, pk__in=list(task_ids)).order_by("pk"))
    if member is None or not tasks or len(tasks) < len(set(task_ids)):
        raise NotFound(_("没有这个盘点人或盘点任务"))
    if member.role != Role.COUNTER:
        raise Refusal(_("%(name)s 不是盘点人") % {"name": member.name}, clauses=CLAUSES, field="member")
    mate = mate_of(member)
    kept = Line.objects.filter(task__in=tasks, keeper__isnull=False).order_by()
    for task_id, keeper, name in kept.values_list("task_id", "keeper_id", "keeper__name").distinct():
        if rules.keeps(mate, [(keeper, name)]):
            place = next(task.place for task in tasks if task.pk == task_id)
            raise Refusal(
                _("%(name)s 是“%(place)s”资产的管护责任人，不能清点自己管护的资产")
                % {"name": member.name, "place": place},
                clauses=CLAUSES,
                field="member",
            )
    known = set(Assignment.objects.filter(member=member, task__in=tasks).values_list("task_id", flat=True))
    rows = [Assignment(task=task, member=member, assigned_on=on) for task in tasks if task.pk not in known]
    facts = {"number": plan.number, "name": member.name}
    keeping.add_all(
        ASSIGNMENT, rows, events.ASSIGNED, division=plan.division_code, facts=facts, actor=actor, on=on
    )  # fmt: skip
    ended = list(Assignment.objects.filter(member=member, task__in=tasks, ended_on__isnull=False))
    _turn(ended, None, plan, member, actor=actor, on=on)
    return len(rows) + len(ended)


@transaction.atomic
def unassign(plan_id: int, task_id: int, member_id: int, *, actor: Actor, on: date) -> None:
    """End somebody's counting at a place before they recorded anything there. Raises Refusal after that."""
    plan = keeping.held(plan_id, permissions.PLAN, STAFFED, actor=actor)
    found = (
        Assignment.objects.select_related("member")
        .filter(task=task_id, task__plan=plan, member=member_id, ended_on__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这项指派"))
    if Event.objects.filter(task=task_id, account=found.member.account_id).exists():
        raise Refusal(_("%(name)s 已有清点记录，不能解除") % {"name": found.member.name}, clauses=CLAUSES)
    _turn([found], on, plan, found.member, actor=actor, on=on)


def _turn(
    rows: Sequence[Assignment], ended_on: date | None, plan: Plan, member: Member, *, actor: Actor, on: date
) -> None:
    changed = []
    for row in rows:
        before = protection.document(ASSIGNMENT, row)
        row.ended_on = ended_on
        row.save(force_update=True)
        changed.append((row, before))
    facts = {"number": plan.number, "name": member.name}
    keeping.trace(
        ASSIGNMENT, changed, events.ASSIGNED, division=plan.division_code, facts=facts, actor=actor, on=on
    )  # fmt: skip


def mate_of(member: Member) -> rules.Mate:
    """A member as the rules see it: its person, its office, its name."""
    account = member.account
    persons = frozenset(key for key in (account.person_id, account.office_id) if key is not None)
    return rules.Mate(member.role, member.account_id, persons, frozenset((account.name,)))
