"""Linking payments and assets (关联) and taking links back (解除): to the fen, under lock, in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import canonical, money
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import FundUse
from mingchan.register.tracing import events, permissions, rules
from mingchan.register.tracing.choices import Way
from mingchan.register.tracing.drafts import Linked, Part
from mingchan.register.tracing.models import PaymentShare
from mingchan.register.tracing.queries.shares import live

CLAUSES = ("2.1.1", "2.6.1a", "3.1")
_NAMES = tuple(field.attname for field in PaymentShare._meta.concrete_fields)
Parts = Sequence[Part]


@transaction.atomic
def link(
    use_id: int,
    parts: Parts,
    *,
    reason: str = "",
    source: Ref,
    actor: Actor,
    on: date,
    way: str = Way.MANUAL.value,
    is_sample: bool = False,
) -> Linked:
    """Say that a payment paid these fen of these assets. Serves 2.1.1, 2.6.1a, 3.1.

    Raises NotFound for what the actor can't see, NotAllowed without `tracing.link` over the payment and every asset,
    Refusal for an asset no longer counting, linked already, an amount that isn't positive, or more than is open.
    """
    given = {use_id: (tuple(parts), way)}
    return link_many(given, reason=reason, source=source, actor=actor, on=on, is_sample=is_sample)


@transaction.atomic
def link_spread(
    use_id: int,
    asset_ids: Sequence[int],
    fixed: Mapping[int, int],
    *,
    reason: str = "",
    source: Ref,
    actor: Actor,
    on: date,
) -> Linked:
    """Link a payment to assets: `fixed` amounts as typed, the rest of the payment over the others by largest remainder.

    No share exceeds what is open of its asset. Serves 2.1.1, 3.1. Raises as `link` does.
    """
    uses, cards = _locked([use_id], asset_ids, actor)
    use_open, assets_open = _open(uses, cards)
    others = [key for key in dict.fromkeys(asset_ids) if key not in fixed]
    rest = max(use_open[use_id] - sum(fixed.values()), 0)
    shares = dict(zip(others, rules.spread(rest, [assets_open[key] for key in others]), strict=True))
    parts = [Part(key, fixed.get(key, shares.get(key, 0))) for key in dict.fromkeys(asset_ids)]
    parts = [part for part in parts if part.amount_fen or part.asset_id in fixed]
    return link(use_id, parts, reason=reason, source=source, actor=actor, on=on)


def link_many(
    given: Mapping[int, tuple[Parts, str]],
    *,
    reason: str = "",
    source: Ref,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Linked:
    """Link many payments at once, each with its parts and its way; as many statements as for one."""
    asset_ids = {part.asset_id for parts, _way in given.values() for part in parts}
    uses, cards = _locked(given, asset_ids, actor)
    permissions.require_link(actor, {use.division_code for use in uses.values()} | {card[1] for card in cards.values()})
    use_open, assets_open = _open(uses, cards)
    pairs = _pairs(given)
    for use_id, (parts, _way) in given.items():
        faults = rules.faults_of_parts(parts, use_open[use_id], assets_open, pairs.get(use_id, ()))
        if faults:
            raise Refusal(_words(faults[0], cards, uses[use_id]), clauses=CLAUSES, field="parts")
        for part in parts:
            assets_open[part.asset_id] -= part.amount_fen
    count = sum(len(parts) for parts, _way in given.values())
    first = reserve_ids(PaymentShare, count)
    rows: list[tuple[Any, ...]] = []
    for use_id, (parts, way) in given.items():
        for part in parts:
            values = {
                "id": first + len(rows), "county": actor.county, "division_code": cards[part.asset_id][1],
                "use_id": use_id, "asset_id": part.asset_id, "amount_fen": part.amount_fen, "way": way,
                "reason": reason.strip()[:200], "valid_from": on, "valid_to": None, "taken_back": None,
                "source": str(source), "is_sample": is_sample,
            }  # fmt: skip
            rows.append(tuple(values[name] for name in _NAMES))
    insert_rows(PaymentShare, _NAMES, rows)
    total = sum(part.amount_fen for parts, _way in given.values() for part in parts)
    first_seq = _record(events.LINKED, _entries(rows), uses.values(), total, actor=actor, on=on, reason=reason)
    return Linked(count, total, first_seq)


@transaction.atomic
def unlink(share_ids: Sequence[int], reason: str, *, actor: Actor, on: date) -> Linked:
    """Take links back: the shares hold until `on` and stay to be read. Serves 2.1.1, 3.1.

    Raises NotFound for shares the actor can't see or that are closed, NotAllowed, Refusal without a reason.
    """
    if not reason.strip():
        raise Refusal(_("请填写解除关联的理由"), clauses=CLAUSES, field="reason")
    rows = live().select_for_update(of=("self",)).filter(pk__in=list(share_ids), use__in=funding.visible_to(actor))
    found = list(rows.order_by("id").select_related("use"))
    if not found or len(found) != len(set(share_ids)):
        raise NotFound(_("没有这条关联，或已解除"))
    permissions.require_link(
        actor, {share.division_code for share in found} | {share.use.division_code for share in found}
    )
    uses = {share.use_id: share.use for share in found}
    return _close(found, reason, uses.values(), actor=actor, on=on)


def _close(shares: Sequence[PaymentShare], reason: str, uses: Iterable[FundUse], *, actor: Actor, on: date) -> Linked:
    """Close shares and record it; the newest of them may be from `on` itself."""
    entries = []
    for share in shares:
        before = canonical.without_nulls({name: getattr(share, name) for name in _NAMES})
        day = max(on, share.valid_from)
        after = canonical.without_nulls({**before, "valid_to": day, "taken_back": reason.strip()[:200]})
        entries.append((str(Ref("payment_share", share.pk)), share.division_code, after, before))
    days = {max(on, share.valid_from) for share in shares}
    for day in days:
        ids = [share.pk for share in shares if max(on, share.valid_from) == day]
        PaymentShare.objects.filter(pk__in=ids).update(valid_to=day, taken_back=reason.strip()[:200])
    total = sum(share.amount_fen for share in shares)
    first_seq = _record(events.TAKEN_BACK, entries, uses, total, actor=actor, on=on, reason=reason)
    return Linked(len(shares), total, first_seq)


def follow_split(thing: int, parts: Sequence[tuple[int, int]], reason: str, *, actor: Actor, on: date) -> None:
    """When a lot is split, what payments gave to it goes to its parts by their cost, to the fen (2.2, 2.1.1).

    Called by the register inside the split; who may split the lot need not hold `tracing.link`.
    """
    shares = list(live().select_for_update(of=("self",)).filter(asset=thing).select_related("use").order_by("id"))
    if not shares:
        return
    open_fen = dict(parts)
    placed: list[tuple[PaymentShare, list[int]]] = []
    for share in shares:
        amounts = rules.spread(share.amount_fen, list(open_fen.values()))
        for (key, _cost), amount in zip(parts, amounts, strict=True):
            open_fen[key] -= amount
        placed.append((share, amounts))
    uses = {share.use_id: share.use for share in shares}
    _close(shares, reason, uses.values(), actor=actor, on=on)
    divisions = dict(Asset.objects.filter(pk__in=[key for key, _cost in parts]).values_list("id", "division_code"))
    rows: list[tuple[Any, ...]] = []
    first = reserve_ids(PaymentShare, len(shares) * len(parts))
    for share, amounts in placed:
        for (key, _cost), amount in zip(parts, amounts, strict=True):
            if not amount:
                continue
            values = {name: getattr(share, name) for name in _NAMES} | {
                "id": first + len(rows), "division_code": divisions[key], "asset_id": key, "amount_fen": amount,
                "way": Way.SPLIT.value, "reason": reason.strip()[:200], "valid_from": on,
                "valid_to": None, "taken_back": None, "source": str(Ref("asset", thing)),
            }  # fmt: skip
            rows.append(tuple(values[name] for name in _NAMES))
    insert_rows(PaymentShare, _NAMES, rows)
    total = sum(share.amount_fen for share in shares)
    _record(events.LINKED, _entries(rows), uses.values(), total, actor=actor, on=on, reason=reason)


def _locked(
    use_ids: Iterable[int], asset_ids: Iterable[int], actor: Actor
) -> tuple[dict[int, FundUse], dict[int, tuple[str, str, str, int]]]:
    """Payments and cards (code, division, status, cost), locked in the order of their ids. Raises NotFound, Refusal."""
    wanted = sorted(set(use_ids))
    rows = funding.visible_to(actor).select_for_update().filter(pk__in=wanted).order_by("id")
    uses = {use.pk: use for use in rows}
    if len(uses) != len(wanted):
        raise NotFound(_("没有这笔资金，或不在您的权限范围内"))
    chosen = sorted(set(asset_ids))
    found = Asset.objects.filter(assets.visible_to(actor), pk__in=one_of(chosen, "bigint"))
    cards = {
        key: (code, division, status, cost)
        for key, code, division, status, cost in found.select_for_update()
        .order_by("id")
        .values_list("id", "code", "division_code", "status", "cost_fen")
    }
    if len(cards) != len(chosen):
        raise NotFound(_("没有这张资产卡片"))
    gone = next((card for card in cards.values() if card[2] != Status.ACTIVE), None)
    if gone is not None:
        raise Refusal(_("资产 %(code)s 已拆分或已撤回，不能关联") % {"code": gone[0]}, clauses=CLAUSES, field="parts")
    return uses, cards


def _entries(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """What the log gets of new shares: reference, division, document."""
    documents = (canonical.without_nulls(dict(zip(_NAMES, row, strict=True))) for row in rows)
    return [(str(Ref("payment_share", one["id"])), one["division_code"], one) for one in documents]


def _open(
    uses: Mapping[int, FundUse], cards: Mapping[int, tuple[str, str, str, int]]
) -> tuple[dict[int, int], dict[int, int]]:
    """What isn't linked of the locked payments and cards, in fen."""
    of_uses = dict(live().filter(use__in=list(uses)).order_by().values_list("use").annotate(fen=Sum("amount_fen")))
    wanted = one_of(list(cards), "bigint")
    of_cards = dict(live().filter(asset__in=wanted).order_by().values_list("asset").annotate(fen=Sum("amount_fen")))
    return (
        {key: use.asset_fen - of_uses.get(key, 0) for key, use in uses.items()},
        {key: card[3] - of_cards.get(key, 0) for key, card in cards.items()},
    )


def _pairs(given: Mapping[int, tuple[Parts, str]]) -> dict[int, set[int]]:
    """The assets to which each payment is linked already."""
    found: dict[int, set[int]] = {}
    for use_id, asset_id in live().filter(use__in=list(given)).values_list("use_id", "asset_id"):
        found.setdefault(use_id, set()).add(asset_id)
    return found


def _words(fault: rules.Fault, cards: Mapping[int, tuple[str, str, str, int]], use: FundUse) -> str:
    code = cards[fault.asset_id][0] if fault.asset_id in cards else ""
    left = money.format_yuan(fault.open_fen)
    return {
        "nothing_chosen": _("请至少选择一项资产"),
        "asset_unknown": _("没有这张资产卡片"),
        "linked_already": _("资产 %(code)s 已关联这笔支出，请先解除再关联") % {"code": code},
        "amount_not_positive": _("资产 %(code)s 的关联金额须大于零") % {"code": code},
        "beyond_asset": _("资产 %(code)s 的原值只剩 %(left)s 元未关联") % {"code": code, "left": left},
        "beyond_payment": _("支出“%(item)s”只剩 %(left)s 元未关联") % {"item": use.item, "left": left},
    }[fault.code]


def _record(
    kind: EventKind,
    entries: Sequence[tuple[Any, ...]],
    uses: Iterable[FundUse],
    total: int,
    *,
    actor: Actor,
    on: date,
    reason: str,
) -> int:
    items = [use.item for use in uses]
    name = items[0] if len(items) == 1 else _("%(item)s等 %(count)s 笔支出") % {"item": items[0], "count": len(items)}
    first_seq, _count = evidence.record_many(
        kind,
        entries,
        actor=actor,
        on=on,
        reason=reason.strip(),
        facts={"name": name, "count": len(entries), "amount": money.format_yuan(total)},
    )
    return first_seq
