"""Who may plan, approve, count, check, observe, settle and explain (盘点权限). Every door asks these."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.stocktake.choices import Role
from mingchan.lifecycle.stocktake.models import Assignment, Member, Plan, Task

VIEW = "stocktake.view"
PLAN = "stocktake.plan"
APPROVE = "stocktake.approve"
COUNT = "stocktake.count"
CHECK = "stocktake.check"
OBSERVE = "stocktake.observe"
SETTLE = "stocktake.settle"
EXPLAIN = "stocktake.explain"
CLAUSES = ("3.4.1", "3.4.3b")
ASKED_OF = {Role.COUNTER: COUNT, Role.CHECKER: CHECK, Role.OBSERVER: OBSERVE}
"""The right that each part in a team asks for."""


def visible_to(actor: Actor) -> Q:
    """Plans that the actor may see: those of its divisions, those that cover one of them, those it takes part in."""
    found = Q(pk__in=())
    for scope in actor.scopes(VIEW):
        found |= Q(division_code__startswith=scope)
        if len(scope) > len(actor.county):
            found |= Q(pk__in=Task.objects.filter(division_code__startswith=scope).order_by().values("plan"))
    if actor.account_id is not None:
        found |= Q(pk__in=Member.objects.filter(account=actor.account_id, left_on__isnull=True).values("plan"))
    return Q(county=actor.county) & found


def tasks_visible_to(actor: Actor) -> Q:
    """Tasks that the actor may see: of its divisions, and of plans in which it checks or observes, or its own."""
    found = Q(pk__in=())
    for scope in actor.scopes(VIEW):
        if actor.county.startswith(scope):
            return Q(county=actor.county)
        found |= Q(division_code__startswith=scope)
    if actor.account_id is not None:
        mine = Member.objects.filter(account=actor.account_id, left_on__isnull=True)
        found |= Q(plan__in=mine.exclude(role=Role.COUNTER).values("plan"))
        found |= Q(pk__in=Assignment.objects.filter(member__in=mine, ended_on__isnull=True).values("task"))
    return Q(county=actor.county) & found


def require(actor: Actor, right: str, plan: Plan | None) -> Plan:
    """The plan. Raises NotFound out of the actor's sight, NotAllowed without the right there."""
    if plan is None or not Plan.objects.filter(visible_to(actor), pk=plan.pk).exists():
        raise NotFound(_("没有这个盘点方案"))
    if not actor.may(right, plan.division_code):
        refuse()
    return plan


def refuse() -> None:
    """Raise NotAllowed."""
    raise NotAllowed(_("您没有办理这项盘点工作的权限"), clauses=CLAUSES)


def role_in(actor: Actor, plan_id: int) -> str:
    """The part the actor has in a plan; empty for none."""
    if actor.account_id is None:
        return ""
    found = Member.objects.filter(plan=plan_id, account=actor.account_id, left_on__isnull=True)
    return found.values_list("role", flat=True).first() or ""


def counts(actor: Actor, task: Task) -> bool:
    """Whether the actor counts at this place."""
    return (
        actor.account_id is not None
        and actor.may(COUNT)
        and Assignment.objects.filter(
            task=task, member__account=actor.account_id, member__left_on__isnull=True, ended_on__isnull=True
        ).exists()
    )


def checks(actor: Actor, plan: Plan) -> bool:
    """Whether the actor checks this stocktake."""
    return actor.may(CHECK) and role_in(actor, plan.pk) == Role.CHECKER


def require_over(actor: Actor, right: str, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor holds the right over every one of the divisions."""
    if not all(actor.may(right, division or actor.county) for division in divisions):
        refuse()
