"""Taking a batch in hand: only within the actor's county, one writer at a time, in a state that allows the act."""

from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal


def lock(batch_id: int, actor: Actor) -> Batch:
    """The batch with its row locked. Raises NotFound for another county's batch as for none."""
    batch = Batch.objects.select_for_update().filter(pk=batch_id, county=actor.county).first()
    if batch is None:
        raise NotFound(_("没有这个导入批次。"))
    return batch


def require_state(batch: Batch, *allowed: BatchState) -> None:
    """Raises Refusal when the batch stands elsewhere."""
    if batch.state not in allowed:
        raise Refusal(
            _("批次现在是“%(state)s”状态，不能这样操作。请刷新页面。") % {"state": batch.get_state_display()},
            clauses=("2.2",),
        )
