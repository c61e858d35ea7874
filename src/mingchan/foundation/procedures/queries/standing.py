"""What an account may do with a task (办理资格): its own roles and those delegated to it, and the rules over them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import orjson

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import diagram, permissions, rules
from mingchan.foundation.procedures.models import Case, Delegation, Opinion, Task
from mingchan.foundation.procedures.permissions import Hat
from mingchan.kernel.actor import Actor


class Verdict(NamedTuple):
    """Whether an account may decide a task: the hat it does it in, or the fault that keeps it from it."""

    hat: Hat | None
    fault: rules.Fault | None


class Identity(NamedTuple):
    """Who an account is: its number, its office, and its person where that is known."""

    account: int
    office: int
    person: int | None

    @property
    def parties(self) -> frozenset[int]:
        """The parties in whose name the account could have an interest."""
        return frozenset({self.office} | ({self.person} if self.person is not None else set()))


def identity(account_id: int | None) -> Identity:
    """Who an account is; nobody at all without one."""
    found = Account.objects.filter(pk=account_id or 0).values_list("pk", "office_id", "person_id").first()
    return Identity(*found) if found is not None else Identity(0, 0, None)


def accounts_of(who: Identity) -> frozenset[int]:
    """Other accounts of the same person."""
    if who.person is None:
        return frozenset()
    found = Account.objects.filter(person_id=who.person).exclude(pk=who.account)
    return frozenset(found.values_list("pk", flat=True))


def hats(actor: Actor, on: date) -> list[Hat]:
    """Every role the actor may act in on a day. What was delegated isn't delegated on."""
    found = permissions.own_hats(actor)
    if actor.account_id is None:
        return found
    given = Delegation.objects.filter(
        county=actor.county, taker_id=actor.account_id, valid_from__lte=on, valid_to__gt=on
    )
    for delegation in given.select_related("giver"):
        if delegation.giver.is_active:
            theirs = directory.actor_for(delegation.giver, on)
            found += [Hat(hat.role, hat.scope, delegation.giver_id) for hat in permissions.own_hats(theirs)]
    return found


def may_decide(
    task: Task,
    case: Case,
    actor: Actor,
    on: date,
    *,
    worn: Sequence[Hat] | None = None,
    decided: Collection[int] | None = None,
) -> Verdict:
    """Whether the actor may decide the task, in which hat, or why not. The first hat without fault counts."""
    if actor.account_id is None:
        return Verdict(None, rules.Fault.NO_ROLE)
    me = identity(actor.account_id)
    if task.role == diagram.DRAFTER:
        standing = rules.Standing(me.account, me.office, None, has_role=True, is_interested=False)
        fault = rules.may_decide(standing, drafter=case.drafter_id, for_drafter=True, decided=())
        return Verdict(None if fault else Hat(diagram.DRAFTER, case.division_code), fault)
    before = decided_elsewhere(task, case) if decided is None else decided
    interested = set(orjson.loads(case.interested))
    selves = accounts_of(me)
    first: rules.Fault | None = None
    for hat in hats(actor, on) if worn is None else worn:
        if not permissions.fits(hat, task.role, task.division_code):
            continue
        parties, others = me.parties, frozenset[int]()
        if hat.delegator is not None:
            giver = identity(hat.delegator)
            parties, others = parties | giver.parties, accounts_of(giver)
        standing = rules.Standing(
            me.account,
            me.office,
            hat.delegator,
            has_role=True,
            is_interested=bool(parties & interested),
            selves=selves,
            delegator_selves=others,
        )
        fault = rules.may_decide(standing, drafter=case.drafter_id, for_drafter=False, decided=before)
        if fault is None:
            return Verdict(hat, None)
        first = first or fault
    return Verdict(None, first or rules.Fault.NO_ROLE)


def decided_elsewhere(task: Task, case: Case) -> frozenset[int]:
    """Accounts and delegators whose opinion stands at another step of the case's present round.

    A seat that is asked again after a return may answer again; two seats of one person may not.
    """
    rows = Opinion.objects.filter(case=case, round=case.round).exclude(task__role=diagram.DRAFTER)
    pairs = rows.exclude(task__node=task.node).values_list("account_id", "delegator_id")
    return frozenset(key for pair in pairs for key in pair if key is not None)
