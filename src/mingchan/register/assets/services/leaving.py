"""Leaving the register (销账): cards whose disposal has ended count no more; they stay to be seen as they were (2.6.3).

No other service makes a card DISPOSED, and the database lets none become it but by a finished disposal.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services import rights
from mingchan.register.assets.services.freezing import CHUNK, CLAUSES, locked_for
from mingchan.register.assets.services.rows import keep_former, wholes


@transaction.atomic
def leave(
    asset_ids: Sequence[int],
    by: Ref,
    *,
    kind: EventKind,
    right: str,
    reason: str,
    basis: str,
    actor: Actor,
    on: date,
) -> int:
    """Take cards out of the register from `on`: status DISPOSED, every right and custody over them ended.

    The cards must be held by the procedure `by`. The register as of an earlier day still shows them. The books are
    told by the caller. Raises Refusal for a card that the procedure doesn't hold or whose state or rights began after
    `on`, NotFound, NotAllowed, and IntegrityError when no finished disposal stands behind it. Serves 2.6.3, 3.4.3a.
    """
    cards = locked_for(asset_ids, right, actor)
    for card in cards:
        if card[4] != Status.ACTIVE or card[5] != str(by):
            raise Refusal(
                _("%(code)s %(name)s 不在本次处置的冻结清单内") % {"code": card[1], "name": card[2]}, clauses=CLAUSES
            )
        if card[6] > on:
            raise Refusal(
                _("%(code)s %(name)s 的现状晚于处置日期，请改用较晚的日期") % {"code": card[1], "name": card[2]},
                clauses=("2.4.1",),
                field="on",
            )
    ids = [card[0] for card in cards]
    if not ids:
        raise Refusal(_("没有要变动的资产或内容"), clauses=CLAUSES)
    name = cards[0][2] if len(cards) == 1 else f"{cards[0][2]}…({len(cards)})"
    evidence.record_many(
        kind,
        _left(ids, on),
        actor=actor,
        on=on,
        reason=reason,
        facts={"name": name, "count": len(ids), "basis": basis},
    )
    return len(ids)


def _left(ids: Sequence[int], on: date) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        before = wholes(chunk)
        keep_former(chunk, on)
        Asset.objects.filter(pk__in=one_of(chunk, "bigint")).update(
            status=Status.DISPOSED, frozen_by=None, version=F("version") + 1, state_since=on
        )
        rights.close_all(chunk, on)
        for key, after in wholes(chunk).items():
            yield f"asset:{key}", after["division_code"], after, before[key]
