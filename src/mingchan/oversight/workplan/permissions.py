"""Who may see, arrange and confirm the stages (工作步骤权限)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "workplan.view"
MANAGE = "workplan.manage"


def may_manage(actor: Actor) -> bool:
    """Whether the actor arranges the county's stages."""
    return actor.may(MANAGE, actor.county)


def require_manage(actor: Actor) -> None:
    """Raise NotAllowed unless the actor arranges the county's stages."""
    if not may_manage(actor):
        raise NotAllowed(_("您没有安排工作步骤的权限。"), clauses=("3.1–3.4", "4.1"))


def may_confirm(actor: Actor, own_office: int | None, office_id: int) -> bool:
    """Whether the actor may confirm an output: who arranges the stages, or a person of the office that answers."""
    return may_manage(actor) or (own_office == office_id and actor.may(VIEW, actor.county))


def require_confirm(actor: Actor, own_office: int | None, office_id: int) -> None:
    """Raise NotAllowed unless the actor may confirm an output that the office answers for."""
    if not may_confirm(actor, own_office, office_id):
        raise NotAllowed(_("只有责任单位或安排工作步骤的人员可以确认成果。"), clauses=("3.1–3.4", "4.1"))
