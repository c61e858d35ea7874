"""Freezing cards (冻结): a procedure about cards holds them still until it has ended, at every door (2.6.3, 3.4.3a).

A frozen card keeps its place, holders, state and cost: `move`, `correct`, `split` and the withdrawals refuse it with
the name of the procedure, and triggers of the database refuse whatever comes by another way.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import links
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services.rows import wholes

CHUNK = 500
SHOWN = 3
CLAUSES = ("2.6.3", "3.4.3a")


def words(frozen_by: str) -> str:
    """What holds a card still, in a few words."""
    return _("正在办理“%(title)s”") % {"title": links.resolve(frozen_by).title}


def refuse_frozen(cards: Iterable[tuple[str, str, str | None]]) -> None:
    """Raise Refusal naming the procedure when one of the cards (code, name, frozen_by) is frozen."""
    held = [(code, name, by) for code, name, by in cards if by]
    if not held:
        return
    named = "、".join(f"{code} {name}" for code, name, _by in held[:SHOWN])
    if len(held) > SHOWN:
        named = _("%(named)s 等 %(count)s 项") % {"named": named, "count": len(held)}
    raise Refusal(
        _("%(cards)s %(why)s，已冻结，办结前不能变动；如需变动，请先撤回该事项")
        % {"cards": named, "why": words(held[0][2])},
        clauses=CLAUSES,
    )


def locked_for(asset_ids: Sequence[int], right: str, actor: Actor) -> list[tuple[Any, ...]]:
    """The cards (id, code, name, division, status, frozen_by, state_since), locked in the order of their ids.

    Raises NotFound for a card out of reach, NotAllowed without the right over its division.
    """
    ids = sorted(set(asset_ids))
    cards = list(
        Asset.objects.select_for_update()
        .filter(pk__in=one_of(ids, "bigint"), county=actor.county)
        .order_by("pk")
        .values_list("id", "code", "name", "division_code", "status", "frozen_by", "state_since")
    )
    if len(cards) < len(ids):
        raise NotFound(_("没有这张资产卡片"))
    for division in {card[3] or actor.county for card in cards}:
        if not actor.may(right, division):
            raise NotAllowed(_("没有对所选全部资产进行此项操作的权限"), clauses=CLAUSES)
    return cards


@transaction.atomic
def freeze(asset_ids: Sequence[int], by: Ref, *, right: str, actor: Actor, on: date) -> int:
    """Hold cards still for a procedure; answers how many. Cards it holds already stay as they are.

    Raises Refusal for a card that counts no more or that another procedure holds, NotFound, NotAllowed. Serves 3.4.3a.
    """
    cards = locked_for(asset_ids, right, actor)
    gone = next((card for card in cards if card[4] != Status.ACTIVE), None)
    if gone is not None:
        raise Refusal(_("%(code)s %(name)s 已不在册") % {"code": gone[1], "name": gone[2]}, clauses=CLAUSES)
    refuse_frozen([(card[1], card[2], card[5]) for card in cards if card[5] != str(by)])
    free = [card[0] for card in cards if card[5] is None]
    return _set(free, str(by), events.FROZEN, by, actor=actor, on=on)


@transaction.atomic
def thaw(asset_ids: Sequence[int], by: Ref, *, actor: Actor, on: date) -> int:
    """Let go of the cards that a procedure holds; answers how many. Called by the context whose procedure it is."""
    held = Asset.objects.select_for_update().filter(
        pk__in=one_of(sorted(set(asset_ids)), "bigint"), county=actor.county, frozen_by=str(by)
    )
    return _set(list(held.order_by("pk").values_list("pk", flat=True)), None, events.THAWED, by, actor=actor, on=on)


def _set(ids: Sequence[int], value: str | None, kind: EventKind, by: Ref, *, actor: Actor, on: date) -> int:
    if ids:
        evidence.record_many(
            kind,
            _changed(ids, value),
            actor=actor,
            on=on,
            facts={"name": _title(ids), "count": len(ids), "by": str(by)},
        )
    return len(ids)


def _title(ids: Sequence[int]) -> str:
    name = str(Asset.objects.values_list("name", flat=True).get(pk=ids[0]))
    return name if len(ids) == 1 else f"{name}…({len(ids)})"


def _changed(ids: Sequence[int], value: str | None) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        before = wholes(chunk)
        Asset.objects.filter(pk__in=one_of(chunk, "bigint")).update(frozen_by=value)
        for key, after in wholes(chunk).items():
            yield f"asset:{key}", after["division_code"], after, before[key]
