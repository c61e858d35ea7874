"""Who may see, draft, sign and report (经营权限). An operator's account reaches its own contracts only (1.2b)."""

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.operation.models import Contract

VIEW, DRAFT, SIGN = "contract.view", "contract.draft", "contract.sign"
INSURE, REPORT = "insurance.manage", "turnover.report"
BY_CASE = "contract.by_case"
"""The right that a finished case or a contract's term gives for its own consequences; no role holds it."""


def with_case(actor: Actor) -> Actor:
    """The actor with what a finished case or a contract's term demands: whoever took the last step carries it out."""
    grant = Grant("case", actor.county, frozenset({BY_CASE, "asset.view"}))
    return replace(actor, grants=(*actor.grants, grant))


def with_attaching(actor: Actor, division: str) -> Actor:
    """The actor with the right to keep one paper of its own report."""
    return replace(actor, grants=(*actor.grants, Grant("report", division, frozenset({"paper.attach"}))))


def by_the_clock(county: str) -> Actor:
    """Who begins and ends contracts on their days."""
    return with_case(Actor(None, "系统", county, source="scheduler"))


def reach(actor: Actor, right: str = VIEW) -> Q:
    """Contracts within the actor's reach, as a condition."""
    found = Q(pk__in=())
    for scope in actor.scopes(right):
        found |= Q(division_code__startswith=scope)
    parties = actor.parties(right)
    return found | Q(operator__in=parties) if parties else found


def may(actor: Actor, right: str, contract: Contract) -> bool:
    """Whether the actor holds the right over this contract: by its division, or as the contract's operator."""
    return actor.may(right, contract.division_code) or contract.operator_id in actor.parties(right)


def require(actor: Actor, right: str, contract: Contract | None) -> Contract:
    """The contract. Raises NotFound when there is none in sight, NotAllowed without the right over it."""
    if contract is None or not (may(actor, VIEW, contract) or may(actor, right, contract)):
        raise NotFound(_("没有这份合同"))
    if not may(actor, right, contract):
        raise NotAllowed(_("没有对这份合同进行此项操作的权限"), clauses=("2.4.2a",))
    return contract


def require_over(actor: Actor, right: str, division: str) -> None:
    """Raise NotAllowed without the right over a division."""
    if not actor.may(right, division or actor.county):
        raise NotAllowed(_("没有在这个区划办理经营事项的权限"), clauses=("2.4.2a",))
