"""Who may see and do what in joint supervision (联合监管权限)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.oversight.jointwork.choices import Office
from mingchan.oversight.jointwork.models import Case, Plan

VIEW, PLAN, SIGN = "jointwork.view", "jointwork.plan", "jointwork.sign"
SEE_CASES, HANDLE, PAY = "accountability.view", "accountability.handle", "accountability.pay"
REVEAL = "personal.reveal"
PACKAGE = "package.make"
LOG = "log.view"
CLAUSES = ("3.4.2", "4.1")


def require(actor: Actor, right: str) -> None:
    """Raise NotAllowed unless the actor holds the right over the county."""
    if not actor.may(right, actor.county):
        raise NotAllowed(_("您没有这项权限。"), clauses=CLAUSES)


def offices_of(actor: Actor) -> tuple[str, ...]:
    """Offices of joint supervision for which the actor may speak: those whose role it holds over the county."""
    held = {grant.role for grant in actor.grants if SIGN in grant.rights and actor.county.startswith(grant.scope)}
    return tuple(office for office in Office.values if office in held)


def require_office(actor: Actor, office: str) -> None:
    """Raise NotAllowed unless the actor speaks for the office."""
    if office not in offices_of(actor):
        raise NotAllowed(_("只有本部门的账号可以签署本部门的意见。"), clauses=CLAUSES)


def plan(actor: Actor, found: Plan | None) -> Plan:
    """The plan. Raises NotFound when there is none the actor may see."""
    if found is None or found.county != actor.county or not actor.may(VIEW, actor.county):
        raise NotFound(_("没有这个监测方案。"))
    return found


def case(actor: Actor, found: Case | None) -> Case:
    """The case. Raises NotFound when there is none the actor may see."""
    if found is None or found.county != actor.county or not actor.may(SEE_CASES, actor.county):
        raise NotFound(_("没有这个追责案件。"))
    return found


def may(actor: Actor, right: str, _subject: Any = None) -> bool:
    """Whether the actor holds the right over the county."""
    return actor.may(right, actor.county)
