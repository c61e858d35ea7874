"""Withdrawing an applied batch: reversing entries, cards marked withdrawn, nothing erased (2.2, 3.4.1)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.exchange import events, permissions
from mingchan.interfaces.exchange.choices import BatchState, Purpose
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import changing, locking, protected
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.services import Depends
from mingchan.register.funding import services as funding

SHOWN = 5


def _dependent(refusal: Depends) -> str:
    """Which cards stand in the way, and why: the first few, how many in all, and what can be done instead."""
    named = "；".join(f"{code} {name}（{why}）" for _id, code, name, why in refusal.cards[:SHOWN])
    if refusal.count > SHOWN:
        named = _("%(cards)s等共 %(count)s 张") % {"cards": named, "count": refusal.count}
    return _("%(refusal)s：%(cards)s。其余卡片可在各自的卡片页上逐张撤回。") % {"refusal": refusal, "cards": named}


@transaction.atomic
def withdraw(batch_id: int, reason: str, *, actor: Actor, on: date) -> Batch:
    """Take a whole batch back while nothing later depends on it.

    Raises Refusal saying what depends on it otherwise, or without a reason; NotAllowed without the right.
    """
    batch = locking.lock(batch_id, actor)
    if not actor.may(permissions.WITHDRAW, batch.county):
        raise NotAllowed(_("您没有撤回导入的权限。"), clauses=("2.2",))
    locking.require_state(batch, BatchState.APPLIED)
    if batch.purpose == Purpose.SURVEY:
        raise Refusal(_("调查表没有改动台账，不需要撤回。"), clauses=("3.2",))
    before = protected.document(batch)
    if len(reason.strip()) < 4:
        raise Refusal(_("请写明撤回理由。"), clauses=("2.2",), field="reason")
    source = Ref("batch", batch.pk)
    if batch.result.get("gone"):
        raise Refusal(
            _("这一批撤回过 %(count)s 张卡片，不能整批撤回；请重新登记。") % {"count": batch.result["gone"]},
            clauses=("2.2",),
        )
    if batch.result.get("corrected"):
        changing.undo_changes(batch, reason, actor=actor, on=on)
    if batch.result.get("count"):
        try:
            assets.withdraw(source, reason, actor=actor, on=on)
        except Depends as refusal:
            raise Refusal(_dependent(refusal), clauses=refusal.clauses) from refusal
    if batch.result.get("payments") or batch.result.get("appropriations"):
        funding.withdraw(source, reason, actor=actor, on=on)
    batch.state = BatchState.WITHDRAWN
    batch.version += 1
    batch.save(update_fields=["state", "version"])
    evidence.record(
        events.WITHDRAWN,
        source,
        actor=actor,
        on=on,
        before=before,
        after=protected.document(batch),
        division=batch.county,
        reason=reason.strip(),
        facts={"file": batch.file_name},
    )
    return batch
