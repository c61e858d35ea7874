"""Who may import (谁可以导入): asked by services and by the pages that show or hide a button."""

from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

IMPORT = "exchange.import"
VIEW = "exchange.view"
WITHDRAW = "exchange.withdraw"

OPEN_STATES = (BatchState.RECEIVED, BatchState.READING, BatchState.READY, BatchState.REFUSED)


def may_import(actor: Actor) -> bool:
    """Importing writes assets of the whole county, so the right must cover the county."""
    return actor.may(IMPORT, actor.county)


def require_import(actor: Actor) -> None:
    """Raises NotAllowed unless the actor may import for the county."""
    if not may_import(actor):
        raise NotAllowed(_("您没有导入工作簿的权限。请由县工信局经办人导入。"), clauses=("2.2",))


def may_withdraw(actor: Actor, batch: Batch) -> bool:
    """An applied batch may be withdrawn by whoever holds the right for its county."""
    return batch.state == BatchState.APPLIED and actor.may(WITHDRAW, batch.county)
