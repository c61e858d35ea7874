"""Accepting proposals (采纳建议): many at once, exactly as they were shown."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.tracing import queries, rules
from mingchan.register.tracing.drafts import Linked
from mingchan.register.tracing.services.linking import CLAUSES, link_many


@transaction.atomic
def accept(
    chosen: Mapping[int, str],
    *,
    line: int | None = None,
    source: Ref,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Linked:
    """Link payments as proposed. `chosen`: the mark (`rules.digest`) of the proposal that was shown, by payment.

    The proposals are made again from what is there now; raises Stale when one of them would be another by now, Refusal
    when nothing is chosen, NotAllowed. Serves 2.1.1, 3.1.
    """
    if not chosen:
        raise Refusal(_("请至少选择一条建议"), clauses=CLAUSES)
    now = {proposal.use_id: proposal for proposal in queries.proposals(actor, line)}
    for use_id, mark in chosen.items():
        if use_id not in now or rules.digest(now[use_id]) != mark:
            raise Stale(_("这期间关联有变化，建议已重新计算，请核对后再采纳"), theirs={}, yours={})
    given = {use_id: (now[use_id].parts, now[use_id].way) for use_id in chosen}
    return link_many(given, source=source, actor=actor, on=on, is_sample=is_sample)
