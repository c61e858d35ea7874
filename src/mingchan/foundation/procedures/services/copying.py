"""Copying a case to others (抄送): by the drawing when a step is done, or by hand; each confirms it (阅知)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.queries import Holder
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import events, permissions
from mingchan.foundation.procedures.choices import MessageKind, TaskStatus
from mingchan.foundation.procedures.models import Case, Copy, Opinion, Task
from mingchan.foundation.procedures.queries import documents, standing
from mingchan.foundation.procedures.services import running, telling
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

MOST = 100
"""A case is copied to so many people at once at most; who means everybody publishes."""


def by_drawing(case: Case, node: str, roles: Sequence[str], *, actor: Actor, on: date) -> None:
    """Copy the case to the holders of the roles that its drawing names at a step."""
    if roles:
        found = [holder for role in roles for holder in directory.holders(case.county, role, case.division_code, on)]
        _give(case, node, found, "", actor=actor, on=on)


@transaction.atomic
def copy(
    case_id: int,
    *,
    roles: Iterable[str] = (),
    accounts: Iterable[int] = (),
    note: str = "",
    actor: Actor,
    on: date,
) -> list[Copy]:
    """Copy a case to holders of roles over its division and to single accounts; gives the new copies.

    Its drafter may, and whoever has decided or may decide a step. Raises NotFound out of sight, NotAllowed for others,
    Refusal without a recipient, for one that may see no matters, or when everybody has it already. Serves 2.4.2c, 4.1.
    """
    case = running.locked(case_id, actor)
    _takes_part(case, actor, on)
    found: list[Holder] = []
    for role in dict.fromkeys(roles):
        spec = policy.roles().get(role)
        if spec is None or permissions.VIEW not in spec.rights:
            raise Refusal(_("这个角色不能查看审批事项"), clauses=("4.1",), field="roles")
        found += directory.holders(case.county, role, case.division_code, on)
    for account in dict.fromkeys(accounts):
        who = directory.account(actor, account)
        if not who.is_active or not directory.actor_for(who, on).may(permissions.VIEW):
            raise Refusal(_("对方没有查看审批事项的权限"), clauses=("4.1",), field="accounts")
        found.append(Holder(who.pk, who.name, who.office.name))
    if not found:
        raise Refusal(_("请选择抄送的角色或人员"), clauses=("2.4.2c",), field="roles")
    given = _give(case, "", found, note, actor=actor, on=on)
    if not given:
        raise Refusal(_("这些人员都已抄送过"), clauses=("2.4.2c",), field="roles")
    return given


def _takes_part(case: Case, actor: Actor, on: date) -> None:
    if case.drafter_id == actor.account_id:
        return
    if actor.account_id and Opinion.objects.filter(case=case, account_id=actor.account_id).exists():
        return
    waiting = Task.objects.filter(case=case, status=TaskStatus.WAITING, waits="")
    if not any(standing.may_decide(task, case, actor, on).fault is None for task in waiting):
        raise NotAllowed(_("只有经办人和办理过或正在办理的人可以抄送"), clauses=("2.4.2c",))


def _give(case: Case, node: str, found: Sequence[Holder], note: str, *, actor: Actor, on: date) -> list[Copy]:
    """Copies for those who have none of this step and round yet; the one who acts gets none."""
    known = set(Copy.objects.filter(case=case, node=node, round=case.round).values_list("account_id", flat=True))
    given: list[Copy] = []
    for holder in dict.fromkeys(found):
        if holder.account in known or holder.account == actor.account_id:
            continue
        if len(given) == MOST:
            raise Refusal(_("一次最多抄送 %(count)s 人") % {"count": MOST}, clauses=("2.4.2c",), field="roles")
        known.add(holder.account)
        row = Copy(
            county=case.county,
            case=case,
            node=node,
            round=case.round,
            account_id=holder.account,
            account_name=holder.name,
            office_name=holder.office,
            note=note.strip()[:200],
            given_by=actor.name,
            given_on=on,
        )
        row.save(force_insert=True)
        running.record(
            events.COPIED,
            documents.COPY,
            row,
            before=None,
            division=case.division_code,
            actor=actor,
            on=on,
            facts={"title": case.title, "office": holder.office, "name": holder.name},
        )
        given.append(row)
    telling.tell([row.account_id for row in given], MessageKind.COPIED, case, note, on=on)
    return given


@transaction.atomic
def read(copy_id: int, *, actor: Actor, on: date) -> Copy:
    """Say that one has read a case that was copied to one (阅知). Raises NotFound for another's, Refusal when said."""
    found = Copy.objects.select_for_update().select_related("case").filter(pk=copy_id).first()
    if found is None or actor.account_id is None or found.account_id != actor.account_id:
        raise NotFound(_("没有这项抄送"))
    if found.read_on is not None:
        raise Refusal(_("已经阅知"), clauses=("2.4.2c",))
    before = running.whole(documents.COPY, found)
    found.read_on = max(on, found.given_on)
    found.save(force_update=True)
    running.record(
        events.COPY_READ,
        documents.COPY,
        found,
        before=before,
        division=found.case.division_code,
        actor=actor,
        on=on,
        facts={"title": found.case.title, "name": found.account_name},
    )
    return found
