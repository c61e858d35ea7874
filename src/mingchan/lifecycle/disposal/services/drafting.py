"""Drafting a proposal (拟定处置方案): its head, its assets, its papers, before it goes out (3.4.3a)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import holds
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events, permissions
from mingchan.lifecycle.disposal.choices import MOST_ITEMS, SHOWN, DisposalKind, Loss, State
from mingchan.lifecycle.disposal.drafts import PaperDraft, ProposalDraft
from mingchan.lifecycle.disposal.models import Disposal, Item, Paper
from mingchan.lifecycle.disposal.queries import publishing, ways
from mingchan.lifecycle.disposal.queries.documents import ITEM_NAMES, document, item_documents
from mingchan.lifecycle.disposal.services import locking
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.valuing import net_value

HOLD = "asset_disposal"
"""The kind of thing that contexts register for in `kernel.holds` when something of theirs keeps an asset from being
disposed of: a running contract, a handover under way."""

_CARD = (
    "id", "code", "name", "class_code", "model", "unit", "quantity_milli", "acquired_on", "cost_fen", "worth",
    "division_code", "site__name", "place", "condition", "status", "owner_id", "frozen_by",
)  # fmt: skip


@transaction.atomic
def draft(
    asset_ids: Sequence[int], head: ProposalDraft, *, actor: Actor, on: date, is_sample: bool = False
) -> Disposal:
    """Draft a proposal over assets of one owner; more may be added later. Serves 3.4.3a, 3.4.3c.

    Raises NotAllowed unless the actor proposes over every asset's division, NotFound for an asset or party out of
    reach, Refusal for a card that counts no more, is frozen, stands on another proposal, or that something holds
    (a running contract, a handover under way), naming them. However many assets, a handful of statements.
    """
    if actor.account_id is None:
        raise NotAllowed(_("须由本人账号提出处置方案"), clauses=("3.4.3a",))
    account = Account.objects.select_related("office").get(pk=actor.account_id)
    cards = _cards(asset_ids, actor=actor, on=on)
    key = reserve_ids(Disposal, 1)
    serial = Disposal.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    disposal = Disposal(
        pk=key,
        county=actor.county,
        division_code=_common([card[10] for card in cards] or [account.office.division_code]),
        year=on.year,
        serial=serial + 1,
        number=f"{policy.thresholds()['disposal.number_word'].value}〔{on.year}〕{serial + 1:04d}号",
        office=account.office,
        owner_id=_owner(cards),
        drafted_on=on,
        drafted_by=actor.name,
        is_sample=is_sample,
        **head_of(head, actor=actor),
    )
    permissions.require_over(actor, [disposal.division_code])
    disposal.save(force_insert=True)
    if cards:
        _list(disposal, cards, actor=actor, on=on)
    _sum(disposal)
    disposal.save(force_update=True)
    evidence.record(
        events.DRAFTED,
        Ref("disposal", disposal.pk),
        actor=actor,
        on=on,
        after=document(disposal),
        division=disposal.division_code,
        reason=disposal.reason,
        facts={"number": disposal.number, "title": publishing.title(disposal)},
    )
    return disposal


@transaction.atomic
def edit(disposal_id: int, head: ProposalDraft, version: int, *, actor: Actor, on: date) -> Disposal:
    """Change the head of a draft. What went out is changed by `amend`. Raises Stale, Refusal, NotFound, NotAllowed."""
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    locking.current(disposal, version)
    locking.save(disposal, head_of(head, actor=actor), events.CHANGED, actor=actor, on=on)
    return disposal


@transaction.atomic
def add_assets(disposal_id: int, asset_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Put assets on a draft; answers how many. Those on it already are passed over. Raises as `draft` does."""
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    return extend(disposal, asset_ids, actor=actor, on=on)


@transaction.atomic
def remove_assets(disposal_id: int, item_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Take assets off a draft; answers how many."""
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    return shorten(disposal, item_ids, actor=actor, on=on)


@transaction.atomic
def take_part(disposal_id: int, asset_id: int, quantity_milli: int, version: int, *, actor: Actor, on: date) -> int:
    """Put a part of a lot on a draft: the lot is split first, its other part stays as it is. Answers the part's id.

    Raises whatever `assets.split` refuses, and as `draft` does. Serves 2.2, 3.4.3a.
    """
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    lot = Asset.objects.filter(pk=asset_id, county=actor.county).values_list("quantity_milli", flat=True).first()
    if lot is None:
        raise NotFound(_("没有这张资产卡片"))
    if not 0 < quantity_milli < lot:
        raise Refusal(_("处置数量应大于零、小于卡片数量"), clauses=("2.2",), field="quantity")
    listed = list(Item.objects.filter(disposal=disposal, asset=asset_id).values_list("pk", flat=True))
    if listed:
        shorten(disposal, listed, actor=actor, on=on)
    reason = _("部分处置：%(number)s") % {"number": disposal.number}
    parts = assets.split(
        asset_id, [PartDraft(quantity_milli), PartDraft(lot - quantity_milli)], version, reason, actor=actor, on=on
    )
    extend(disposal, parts[:1], actor=actor, on=on)
    return parts[0]


@transaction.atomic
def attach_paper(disposal_id: int, code: str, paper: PaperDraft, *, actor: Actor, on: date) -> Paper:
    """Put a paper of a kind that the policy pack names into the file of a proposal, before or while it is reviewed.

    Papers of a proposal that went out are part of what is judged: adding one there goes with `amend`. Raises Refusal
    for an unknown kind or a file that can't be kept, NotAllowed without `paper.attach`. Serves 2.6.3, 3.4.3a.
    """
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    return keep_paper(disposal, code, paper, actor=actor, on=on)


@transaction.atomic
def cancel(disposal_id: int, reason: str, *, actor: Actor, on: date) -> Disposal:
    """Give a draft up. What went out is taken back by `withdraw`. Raises Refusal without a reason."""
    disposal = locking.locked(disposal_id, (State.DRAFT,), permissions.PROPOSE, actor=actor)
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=("3.4.3a",), field="reason")
    changes = {"state": State.WITHDRAWN.value, "ended_on": on, "end_reason": reason.strip()[:300]}
    locking.save(
        disposal, changes, events.MOVED, actor=actor, on=on, reason=reason, facts={"state": str(State.WITHDRAWN.label)}
    )
    Item.objects.filter(disposal=disposal).update(is_open=False)
    return disposal


def keep_paper(disposal: Disposal, code: str, paper: PaperDraft, *, actor: Actor, on: date) -> Paper:
    """Attach a paper under its kind. The caller holds the disposal."""
    spec = ways.papers().get(code)
    if spec is None:
        raise Refusal(_("请选择材料的种类"), clauses=("3.4.3a",), field="code")
    attachment = evidence.attach(
        paper.content,
        name=paper.name,
        owner=Ref("disposal", disposal.pk),
        division=disposal.division_code,
        kind=AttachmentKind.OTHER,
        actor=actor,
        on=on,
    )
    row = Paper(disposal=disposal, code=code, attachment=attachment, added_on=on, added_by=actor.name)
    locking.add(disposal, row, events.PAPER_ADDED, actor=actor, on=on, facts={"paper": spec.label})
    return row


def extend(disposal: Disposal, asset_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Put assets on the list. The caller holds the disposal in a state in which the list may change."""
    present = set(Item.objects.filter(disposal=disposal).values_list("asset_id", flat=True))
    wanted = [pk for pk in dict.fromkeys(asset_ids) if pk not in present]
    if not wanted:
        return 0
    cards = _cards(wanted, actor=actor, on=on, own=Ref("disposal", disposal.pk))
    if len(present) + len(cards) > MOST_ITEMS:
        raise Refusal(_("一个方案最多 %(count)s 项，请分几个方案") % {"count": MOST_ITEMS}, clauses=("3.4.3a",))
    owner = _owner(cards)
    if present and owner != disposal.owner_id:
        raise Refusal(_("一个方案只能包含同一产权单位的资产，请另拟方案"), clauses=("4.1",), field="assets")
    _list(disposal, cards, actor=actor, on=on)
    divisions = [disposal.division_code] if present else []
    changes = {"owner_id": owner, "division_code": _common([*divisions, *(card[10] for card in cards)])}
    locking.save(disposal, changes | _sums(disposal), events.CHANGED, actor=actor, on=on)
    return len(cards)


def shorten(disposal: Disposal, item_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Take assets off the list. The caller holds the disposal in a state in which the list may change."""
    items = Item.objects.filter(disposal=disposal, pk__in=one_of(item_ids, "bigint"))
    before = item_documents(list(items.values_list("pk", flat=True)))
    if not before:
        raise NotFound(_("方案上没有这一项"))
    items.delete()
    evidence.record_many(
        events.REMOVED,
        ((f"disposal_item:{pk}", row.get("division_code", ""), None, row) for pk, row in before.items()),
        actor=actor,
        on=on,
        facts={"number": disposal.number, "name": _named(next(iter(before.values()))["name"], len(before))},
    )
    locking.save(disposal, _sums(disposal), events.CHANGED, actor=actor, on=on)
    return len(before)


def refuse_held(asset_ids: Sequence[int]) -> None:
    """Raise Refusal naming the assets that something keeps from being disposed of: contracts, handovers, surveys."""
    found = holds.on_things(HOLD, list(asset_ids))
    if not found:
        return
    shown = sorted(found)[:SHOWN]
    names = dict(Asset.objects.filter(pk__in=shown).values_list("pk", "name"))
    words = "；".join(f"{names[key]}：{'、'.join(hold.why for hold in found[key])}" for key in shown)
    if len(found) > SHOWN:
        words = _("%(named)s 等 %(count)s 项") % {"named": words, "count": len(found)}
    raise Refusal(_("不能处置：%(why)s") % {"why": words}, clauses=("3.4.3a", "2.4.2a"), field="assets")


def head_of(head: ProposalDraft, *, actor: Actor) -> dict[str, Any]:
    """The columns of the head. Raises Refusal for an unknown kind or loss, NotFound for an unknown party."""
    if head.kind not in DisposalKind.values:
        raise Refusal(_("请选择处置方式"), clauses=("3.4.3c",), field="kind")
    if head.loss and head.loss not in Loss.values:
        raise Refusal(_("请选择核销的货币性资产"), clauses=("3.4.3c",), field="loss")
    if head.amount_fen < 0:
        raise Refusal(_("金额不能为负数"), clauses=("3.4.3c",), field="amount")
    if head.recipient is not None and not Party.objects.filter(pk=head.recipient, county=actor.county).exists():
        raise NotFound(_("没有这个主体。"))
    is_money = head.kind == DisposalKind.MONETARY
    return {
        "kind": str(head.kind),
        "reason": head.reason.strip()[:500],
        "proceeds_use": head.proceeds_use.strip()[:300],
        "exception": head.exception.strip()[:500],
        "recipient_id": head.recipient,
        "recipient_name": head.recipient_name.strip()[:120],
        "finding_by": head.finding_by.strip()[:120],
        "finding_on": head.finding_on,
        "finding": head.finding.strip()[:500],
        "loss": head.loss if is_money else "",
        "amount_fen": head.amount_fen if is_money else 0,
        "debtor": head.debtor.strip()[:120],
    }


def _cards(asset_ids: Sequence[int], *, actor: Actor, on: date, own: Ref | None = None) -> list[tuple[Any, ...]]:
    """The cards of the ids, in their order, that may be listed. Raises as `draft` does."""
    wanted = list(dict.fromkeys(asset_ids))
    if len(wanted) > MOST_ITEMS:
        raise Refusal(_("一个方案最多 %(count)s 项，请分几个方案") % {"count": MOST_ITEMS}, clauses=("3.4.3a",))
    rows = (
        Asset.objects.filter(county=actor.county, pk__in=one_of(wanted, "bigint"))
        .annotate(worth=Coalesce(net_value(on), F("cost_fen")))
        .values_list(*_CARD)
    )
    found = {row[0]: row for row in rows}
    if len(found) < len(wanted):
        raise NotFound(_("没有这张资产卡片"))
    cards = [found[pk] for pk in wanted]
    permissions.require_over(actor, {card[10] for card in cards})
    gone = [card for card in cards if card[14] != "ACTIVE"]
    if gone:
        raise Refusal(_("%(cards)s 已不在册，不能处置") % {"cards": _few(gone)}, clauses=("3.4.3a",), field="assets")
    assets.refuse_frozen([(card[1], card[2], card[16]) for card in cards if card[16] != str(own or "")])
    listed = Item.objects.filter(asset__in=one_of(wanted, "bigint"), is_open=True).order_by("asset_id")
    if own is not None:
        listed = listed.exclude(disposal_id=int(own.id))
    taken = [
        f"{code} {name}（{number}）" for code, name, number in listed.values_list("code", "name", "disposal__number")
    ]
    if taken:
        words = _("已在其他处置方案中：%(names)s") % {"names": "、".join(taken[:SHOWN])}
        raise Refusal(words, clauses=("3.4.3a",), field="assets")
    _owner(cards)
    refuse_held(wanted)
    return cards


def _few(cards: Sequence[Sequence[Any]]) -> str:
    named = "、".join(f"{card[1]} {card[2]}" for card in cards[:SHOWN])
    return named if len(cards) <= SHOWN else _("%(named)s 等 %(count)s 项") % {"named": named, "count": len(cards)}


def _owner(cards: Sequence[Sequence[Any]]) -> int | None:
    """The one owner of the cards. Raises Refusal for several, whose books are apart (4.1 单独建账)."""
    owners = {card[15] for card in cards}
    if len(owners) > 1:
        raise Refusal(_("一个方案只能包含同一产权单位的资产，请另拟方案"), clauses=("4.1",), field="assets")
    return owners.pop() if owners else None


def _common(divisions: Sequence[str]) -> str:
    """The smallest division that holds all, as twelve digits."""
    first = divisions[0] or ""
    for digits in (12, 9, 6):
        if len(first) >= digits and all(code[:digits] == first[:digits] for code in divisions):
            return first[:digits].ljust(12, "0")
    return next((code[:6] for code in divisions if code), first[:6]).ljust(12, "0")


def _list(disposal: Disposal, cards: Sequence[Sequence[Any]], *, actor: Actor, on: date) -> None:
    """Write the items, set-based."""
    last = Item.objects.filter(disposal=disposal).aggregate(last=Max("line_no"))["last"] or 0
    first = reserve_ids(Item, len(cards))
    rows = []
    for index, card in enumerate(cards):
        where = " ".join(part for part in (card[11], card[12]) if part)[:240]
        rows.append(
            (
                first + index,
                disposal.pk,
                last + index + 1,
                card[0],
                *card[1:8],
                card[8],
                card[9],
                card[10],
                where,
                card[13],
            )
        )
    names = (
        "id", "disposal_id", "line_no", "asset_id", "code", "name", "class_code", "model", "unit", "quantity_milli",
        "acquired_on", "cost_fen", "net_fen", "division_code", "place", "condition",
    )  # fmt: skip
    if set(names) != set(ITEM_NAMES):
        raise ValueError("an item's document has other fields")
    try:
        with transaction.atomic():
            insert_rows(Item, (*names, "is_open"), ((*row, True) for row in rows))
    except IntegrityError as error:
        raise Refusal(_("所选资产刚被列入其他处置方案"), clauses=("3.4.3a",), field="assets") from error
    evidence.record_many(
        events.LISTED,
        _listed(range(first, first + len(rows))),
        actor=actor,
        on=on,
        facts={"number": disposal.number, "name": _named(cards[0][2], len(cards))},
    )


def _listed(pks: Sequence[int]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for start in range(0, len(pks), 500):
        for pk, row in item_documents(list(pks[start : start + 500])).items():
            yield f"disposal_item:{pk}", row["division_code"], row


def _named(name: str, count: int) -> str:
    return name if count == 1 else _("%(name)s等 %(count)s 项") % {"name": name, "count": count}


def _sums(disposal: Disposal) -> dict[str, int]:
    """Count and sums of the list as it stands."""
    rows = list(Item.objects.filter(disposal=disposal).values_list("cost_fen", "net_fen"))
    return {"count": len(rows), "cost_fen": sum(row[0] for row in rows), "net_fen": sum(row[1] for row in rows)}


def _sum(disposal: Disposal) -> None:
    for name, value in _sums(disposal).items():
        setattr(disposal, name, value)


def refreshed(disposal: Disposal, *, actor: Actor, on: date) -> list[int]:
    """Take the cards on the list as they are now, check them once more, and answer their ids.

    The caller holds the disposal as a draft or in review.
    """
    ids = list(Item.objects.filter(disposal=disposal).order_by("line_no").values_list("asset_id", flat=True))
    list(Asset.objects.select_for_update().filter(pk__in=one_of(ids, "bigint")).order_by("pk").values_list("pk"))
    cards = {card[0]: card for card in _cards(ids, actor=actor, on=on, own=Ref("disposal", disposal.pk))}
    items = list(Item.objects.filter(disposal=disposal))
    changed = []
    before = {}
    for item in items:
        card = cards[item.asset_id]
        fresh = dict(zip(_FRESH, (*card[1:9], card[9], card[10], card[13]), strict=True))
        if any(getattr(item, name) != value for name, value in fresh.items()):
            before[item.pk] = document(item)
            for name, value in fresh.items():
                setattr(item, name, value)
            changed.append(item)
    if changed:
        Item.objects.bulk_update(changed, _FRESH, batch_size=200)
        after = item_documents([item.pk for item in changed])
        evidence.record_many(
            events.LISTED,
            ((f"disposal_item:{pk}", row["division_code"], row, before[pk]) for pk, row in after.items()),
            actor=actor,
            on=on,
            facts={"number": disposal.number, "name": _named(changed[0].name, len(changed))},
        )
        _sum(disposal)
    return ids


_FRESH = (
    "code", "name", "class_code", "model", "unit", "quantity_milli", "acquired_on", "cost_fen", "net_fen",
    "division_code", "condition",
)  # fmt: skip
