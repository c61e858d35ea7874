"""Splitting a lot (拆分): one card of quantity n becomes several, with the cost kept to the fen (2.2)."""

from collections.abc import Sequence
from datetime import date
from itertools import repeat
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import holds, money
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings, rules
from mingchan.register.assets.choices import Status
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.assets.services import rights, search, serials
from mingchan.register.assets.services.correction import current, locked, post_one
from mingchan.register.assets.services.rows import SHARE, keep_former, whole, wholes

_FIELDS = tuple(field.name for field in Asset._meta.concrete_fields)
_COLUMNS = tuple(field.attname for field in Asset._meta.concrete_fields)


@transaction.atomic
def split(asset_id: int, parts: Sequence[PartDraft], version: int, reason: str, *, actor: Actor, on: date) -> list[int]:
    """Replace a lot by cards of its parts from `on`; returns their ids.

    Cost, and each funding share, is divided by quantity and sums to the lot's to the fen. Accounts stay as they are;
    one voucher moves the cost from the lot to its parts. The lot stays as SPLIT. Raises Refusal, Stale, NotFound,
    NotAllowed. Serves 2.2.
    """
    card = locked(asset_id, "asset.split", actor=actor)
    current(card, version, on, {"quantity_milli": card.quantity_milli})
    for part in parts:
        target = card.division_code if part.division_code is None else part.division_code
        if not actor.may("asset.split", target or card.county):
            raise NotAllowed(_("不能把资产移到所辖区划之外"), clauses=("2.2",))
    faults = rules.may_be_split(card.quantity_milli, card.unit in policy.countable_units(), parts)
    if faults:
        raise Refusal(faults[0].fault.label, clauses=("2.2",), field=faults[0].field)
    serials.are_free([part.serial_no for part in parts], card.county, but=asset_id)
    width = max(2, len(str(len(parts))))
    if len(card.code) + 1 + width > rules.LIMITS["code"]:
        raise Refusal(_("资产编号太长，拆分后的编号放不下，请先更正编号"), clauses=("2.2",), field="code")

    weights = [part.quantity_milli for part in parts]
    shares = list(FundingShare.objects.filter(asset_id=asset_id).order_by("id"))
    by_share = [money.split(share.amount_fen, weights) for share in shares]
    costs = [sum(column) for column in zip(*by_share, strict=True)] if shares else money.split(card.cost_fen, weights)
    before = whole(asset_id)
    keep_former([asset_id], on)
    Asset.objects.filter(pk=asset_id).update(status=Status.SPLIT, version=card.version + 1, state_since=on)

    first = reserve_ids(Asset, len(parts))
    ids = list(range(first, first + len(parts)))
    codes = [f"{card.code}-{number:0{width}d}" for number in range(1, len(parts) + 1)]
    try:
        with transaction.atomic():
            insert_rows(Asset, _FIELDS, map(_part, repeat(card), ids, codes, parts, costs, repeat(on)))
    except IntegrityError as error:
        serials.refuse_taken(error, (part.serial_no for part in parts), card.county)
        raise
    rights.pass_on(asset_id, {key: _holders(card, part) for key, part in zip(ids, parts, strict=True)}, on)
    rights.close_all([asset_id], on)
    insert_rows(
        FundingShare,
        ("asset", *SHARE),
        [
            (key, share.source, amounts[i], share.document)
            for share, amounts in zip(shares, by_share, strict=True)
            for i, key in enumerate(ids)
        ],
    )
    search.write(search.of_cards(card.county, ids))
    if card.owner_id is not None:
        lines = postings.transfer(asset_id, list(zip(ids, costs, strict=True)), card.six_class)
        if lines:
            summary = _("拆分资产卡片：%(name)s") % {"name": card.name}
            post_one(card.owner_id, lines, card, "split", summary=summary, actor=actor, on=on)
    holds.follow("asset", asset_id, list(zip(ids, costs, strict=True)), reason, actor=actor, on=on)
    facts = {"name": card.name, "count": len(parts), "summary": card.name}
    evidence.record(
        events.SPLIT,
        Ref("asset", asset_id),
        actor=actor,
        on=on,
        before=before,
        after=whole(asset_id),
        division=card.division_code,
        reason=reason,
        facts=facts,
    )
    evidence.record_many(
        events.REGISTERED,
        [(f"asset:{key}", item["division_code"], item) for key, item in wholes(ids).items()],
        actor=actor,
        on=on,
        reason=reason,
        facts=facts,
    )
    return ids


def _holders(card: Asset, part: PartDraft) -> dict[str, int]:
    """The kinds of right that a part gets another holder for than its lot has."""
    asked = {"USE": (part.user, card.user_id), "CUSTODY": (part.keeper, card.keeper_id)}
    return {kind: given for kind, (given, held) in asked.items() if given is not None and given != held}


def _part(card: Asset, key: int, code: str, part: PartDraft, cost: int, on: date) -> tuple[Any, ...]:
    """The row of one part: the lot's, with its own number, quantity, cost, place, keeper and serial number."""
    values = {name: getattr(card, name) for name in _COLUMNS}
    price = card.unit_price_fen
    if price is not None and price * part.quantity_milli != cost * money.MILLI:
        price = None
    values.update(
        id=key, code=code, serial_no=part.serial_no, quantity_milli=part.quantity_milli, cost_fen=cost,
        unit_price_fen=price, parent_id=card.pk, registered_on=on, state_since=on, version=1,
        status=Status.ACTIVE.value,
    )  # fmt: skip
    moved = {
        "site_id": part.site,
        "division_code": part.division_code,
        "place": part.place,
        "keeper_id": part.keeper,
        "user_id": part.user,
    }
    values.update({name: value for name, value in moved.items() if value is not None})
    return tuple(values.values())
