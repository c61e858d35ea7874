"""Who may see, bring in and settle surveys (调查权限): the third party sees and brings in, the bureau settles."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

VIEW = "survey.view"
IMPORT = "survey.import"
SETTLE = "survey.settle"


def require_import(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may bring a survey in over every one of the divisions."""
    if not all(actor.may(IMPORT, division or actor.county) for division in divisions):
        raise NotAllowed(_("您没有在这个区划导入调查表的权限"), clauses=("3.2",))


def require_settle(actor: Actor, divisions: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor may settle differences over every one of the divisions."""
    if not all(actor.may(SETTLE, division or actor.county) for division in divisions):
        raise NotAllowed(_("您没有在这个区划处理调查差异的权限"), clauses=("3.2",))


def may_settle(actor: Actor, division: str) -> bool:
    """Whether buttons of settling are shown for something in a division."""
    return actor.may(SETTLE, division or actor.county)
