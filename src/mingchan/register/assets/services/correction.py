"""Correcting a card (更正): what changes, from which day, for what reason; the old state stays to be seen (2.4.1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import holds, money
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings, rules
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.drafts import CardDraft, FundingPart
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.assets.services import freezing, owners, permits, rights, search, serials
from mingchan.register.assets.services.books import book_of, system_of
from mingchan.register.assets.services.rows import CARD, HOLDERS, columns, keep_former, whole

FIXED = frozenset(
    {
        "id",
        "county",
        "status",
        "parent_id",
        "source",
        "registered_on",
        "state_since",
        "is_sample",
        "version",
        "frozen_by",
    }
)
"""Columns that no correction touches."""


def locked(asset_id: int, right: str, *, actor: Actor) -> Asset:
    """The card, locked for this transaction. Raises NotFound out of the actor's reach, NotAllowed without the right."""
    card = Asset.objects.select_for_update().filter(pk=asset_id, county=actor.county).first()
    division = (card.division_code or card.county) if card is not None else ""
    if card is None or not (actor.may("asset.view", division) or actor.may(right, division)):
        raise NotFound(_("没有这张资产卡片"))
    if not actor.may(right, division):
        raise NotAllowed(_("没有对这张卡片进行此项操作的权限"))
    return card


def current(card: Asset, version: int, on: date, yours: Mapping[str, Any]) -> None:
    """Raises Stale when somebody saved the card first, Refusal when it no longer counts or began after `on`."""
    if card.version != version:
        theirs = {name: getattr(card, name) for name in (yours or {"version": None}) if hasattr(card, name)}
        raise Stale(_("这张卡片刚被他人修改，请比较后再保存"), theirs=theirs, yours=dict(yours))
    if card.status != Status.ACTIVE:
        raise Refusal(_("卡片已拆分、已撤回或已处置，不能再改动"), clauses=("2.2",))
    freezing.refuse_frozen([(card.code, card.name, card.frozen_by)])
    if on < card.state_since:
        raise Refusal(_("改动日期不能早于卡片现状的起始日期"), clauses=("2.4.1",), field="on")


@transaction.atomic
def correct(
    asset_id: int,
    changes: Mapping[str, Any],
    version: int,
    reason: str,
    *,
    actor: Actor,
    on: date,
    funding_shares: Sequence[FundingPart] | None = None,
) -> int:
    """Change fields of a card from `on` and return its new version. Keys are field names or columns (`owner_id`).

    A new holder closes the open right and opens one; a new cost or class posts an adjusting voucher, a new owner one in
    each of both books. Shares of a mixed funding follow a new cost in proportion unless given. Raises Stale with both
    versions, Refusal for a fault, an empty reason or an operator that no finished case
    allows (2.4.2b), NotFound, NotAllowed. Serves 2.2, 2.3, 2.4.1.
    """
    card = locked(asset_id, "asset.correct", actor=actor)
    asked = columns(changes)
    if FIXED & asked.keys():
        raise Refusal(_("此项不能更正"), field=sorted(FIXED & asked.keys())[0])
    current(card, version, on, asked)
    if not reason.strip():
        raise Refusal(_("请填写更正理由"), clauses=("2.2",), field="reason")
    changed = {name: value for name, value in asked.items() if getattr(card, name) != value}
    if "class_code" in changed and "six_class" not in asked:
        derived = rules.six_class(changed["class_code"])
        if derived != card.six_class:
            changed["six_class"] = derived
    shares = _shares(card, changed, funding_shares)
    if shares is not None:
        word = shares[0].source if len({part.source for part in shares}) == 1 else MIXED
        if word != card.funding:
            changed["funding"] = word
    if not changed and shares is None:
        raise Refusal(_("没有改动"))
    if not actor.may("asset.correct", changed.get("division_code", card.division_code) or card.county):
        raise NotAllowed(_("不能把资产移到所辖区划之外"), clauses=("2.2",))
    _check(card, changed, shares, on)
    if "cost_fen" in changed and changed["cost_fen"] < (needed := holds.needed_fen("asset", asset_id)):
        words = _("这张卡片已有关联支出或已提折旧 %(amount)s 元，原值不能更低")
        raise Refusal(words % {"amount": money.format_yuan(needed)}, clauses=("2.1.1",), field="cost_fen")

    charged = owners.charged_before([asset_id] if card.owner_id is not None and "owner_id" in changed else [], on)
    if "operator_id" in changed:
        permits.settle_column(asset_id, changed["operator_id"], actor=actor, on=on)
    before, old_tokens = whole(asset_id), search.of_cards(card.county, [asset_id])
    keep_former([asset_id], on)
    try:
        with transaction.atomic():
            Asset.objects.filter(pk=asset_id).update(**changed, version=card.version + 1, state_since=on)
    except IntegrityError as error:
        serials.refuse_taken(error, [changed.get("serial_no", "")], card.county)
        raise
    if shares is not None:
        FundingShare.objects.filter(asset_id=asset_id).delete()
        FundingShare.objects.bulk_create(FundingShare(asset_id=asset_id, **part._asdict()) for part in shares)
    holders = {name: changed[name] for name in HOLDERS if name in changed}
    rights.hand_over(asset_id, holders, on, basis=reason, source=str(Ref("asset", asset_id)))
    _post(card, changed, charged.get(asset_id, ()), actor=actor, on=on)
    search.remove(old_tokens)
    search.write(search.of_cards(card.county, [asset_id]))
    fields = [str(field.verbose_name) for field in Asset._meta.concrete_fields if field.attname in changed]
    evidence.record(
        events.CORRECTED,
        Ref("asset", asset_id),
        actor=actor,
        on=on,
        before=before,
        after=whole(asset_id),
        division=changed.get("division_code", card.division_code),
        reason=reason,
        facts={"name": card.name, "fields": "、".join(fields) or _("资金构成")},
    )
    return card.version + 1


def _shares(
    card: Asset, changed: Mapping[str, Any], given: Sequence[FundingPart] | None
) -> Sequence[FundingPart] | None:
    """The funding shares after the change, None when they stay."""
    if given is not None:
        return list(given) or None
    if "cost_fen" not in changed:
        return None
    old = list(FundingShare.objects.filter(asset_id=card.pk).order_by("id"))
    if not old:
        return None
    weights = [share.amount_fen for share in old]
    amounts = money.split(changed["cost_fen"], weights if any(weights) else [1] * len(old))
    return [FundingPart(share.source, amount, share.document) for share, amount in zip(old, amounts, strict=True)]


def _check(card: Asset, changed: Mapping[str, Any], shares: Sequence[FundingPart] | None, on: date) -> None:
    values = {name: changed.get(name, getattr(card, name)) for name in CARD}
    named = {name: values[name] if name in values else values[f"{name}_id"] for name in _DRAFT_FIELDS}
    draft = CardDraft(**named, funding_shares=tuple(shares or ()))
    faults = rules.may_be_registered(draft, on, frozenset(policy.countable_units()))
    if "class_code" in changed:
        faults += rules.class_is_known(changed["class_code"], policy.asset_codes())
    if faults:
        raise Refusal(faults[0].fault.label, clauses=("2.2",), field=faults[0].field)
    if "serial_no" in changed:
        serials.are_free([changed["serial_no"]], card.county, but=card.pk)


_DRAFT_FIELDS = tuple(name for name in CardDraft._fields if name not in ("funding_shares", "origin"))


def _post(card: Asset, changed: Mapping[str, Any], charged: postings.Depreciated, *, actor: Actor, on: date) -> None:
    """What the books are told: nothing unless owner, class or cost changed."""
    old = (card.owner_id, card.six_class, card.cost_fen)
    new = (
        changed.get("owner_id", card.owner_id),
        changed.get("six_class", card.six_class),
        changed.get("cost_fen", card.cost_fen),
    )
    if old == new:
        return
    if old[0] == new[0]:
        moves = [(old[0], postings.adjustment(card.pk, old[1:], new[1:]), "adjust")]
    else:
        enters: tuple[LineDraft, ...] = ()
        if new[0] is not None:
            role = postings.charged_role(new[1], policy.account_roles(system_of(Party.objects.get(pk=new[0]))))
            fen = min(sum(amount for _code, amount in charged), new[2])
            enters = postings.entry(card.pk, new[1], new[2], fen, role)
        moves = [(old[0], postings.takeover(card.pk, old[1], old[2], charged), "leave"), (new[0], enters, "enter")]
    for owner_id, lines, step in moves:
        if owner_id is not None and lines:
            post_one(
                owner_id,
                lines,
                card,
                step,
                summary=_("更正资产卡片：%(name)s") % {"name": card.name},
                actor=actor,
                on=on,
            )


def post_one(
    owner_id: int, lines: Sequence[LineDraft], card: Asset, step: str, *, summary: str, actor: Actor, on: date
) -> None:
    """One voucher about one card in its owner's book."""
    owner = Party.objects.get(pk=owner_id)
    ledger.post(
        VoucherDraft(
            book_id=book_of(owner, actor=actor, on=on),
            day=on,
            summary=summary[:200],
            lines=lines,
            source=Ref("asset", card.pk),
            key=f"asset:{card.pk}:{card.version + 1}:{step}",
            division=card.division_code,
        ),
        actor=actor,
        on=on,
    )
