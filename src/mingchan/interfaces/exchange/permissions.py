"""Who may import (谁可以导入): asked by services and by the pages that show or hide a button."""

from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.choices import BatchState, Purpose
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

IMPORT = "exchange.import"
VIEW = "exchange.view"
WITHDRAW = "exchange.withdraw"
VIEW_SURVEY = "survey.view"
IMPORT_SURVEY = "survey.import"

OPEN_STATES = (BatchState.RECEIVED, BatchState.READING, BatchState.READY, BatchState.REFUSED)


def may_import(actor: Actor, purpose: str = "") -> bool:
    """Importing writes assets of the whole county, so the right must cover the county; a survey changes no asset."""
    return actor.may(IMPORT_SURVEY if purpose == Purpose.SURVEY else IMPORT, actor.county)


def require_import(actor: Actor, purpose: str = "") -> None:
    """Raises NotAllowed unless the actor may import workbooks of the purpose for the county."""
    if not may_import(actor, purpose):
        if purpose == Purpose.SURVEY:
            raise NotAllowed(_("您没有导入调查表的权限。"), clauses=("3.2",))
        raise NotAllowed(_("您没有导入工作簿的权限。请由县工信局经办人导入。"), clauses=("2.2",))


def may_withdraw(actor: Actor, batch: Batch) -> bool:
    """An applied batch may be withdrawn by whoever holds the right for its county."""
    if batch.purpose == Purpose.SURVEY:
        return False
    return batch.state == BatchState.APPLIED and actor.may(WITHDRAW, batch.county)
