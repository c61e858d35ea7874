"""Carrying a disposal out (处置实施): the assets leave, the books follow, the case goes on (2.6.3, 3.4.3a).

All of it in one transaction, or nothing of it.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import services as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.money import LARGEST_FEN, format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events, permissions, postings, rules
from mingchan.lifecycle.disposal.choices import DisposalKind, State
from mingchan.lifecycle.disposal.drafts import IncomingDraft, PaperDraft, ResultDraft
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item, PriceAsk, Result
from mingchan.lifecycle.disposal.queries import booked, standing, ways
from mingchan.lifecycle.disposal.services import drafting, locking
from mingchan.lifecycle.disposal.services.wording import FAULTS, FIELDS
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft, MoveDraft, ShareDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services.books import book_of

CLEARING = "PENDING_VALUE"
"""The counter-account of what comes in by a swap, until both sides of it are booked."""
CLAUSES = ("2.6.3", "3.4.3a", "3.4.3c")


@transaction.atomic
def ask_price(disposal_id: int, price_fen: int, buyer: str, reason: str, *, actor: Actor, on: date) -> PriceAsk:
    """Ask the county to approve a price below the floor; the case goes back to its approval and is published anew.

    Raises Refusal when the price needs no approval or a field is missing, NotFound, NotAllowed. Serves 2.6.3, 3.4.3c.
    """
    disposal = locking.locked(disposal_id, (State.MAY_PROCEED,), permissions.EXECUTE, actor=actor)
    if not 0 < price_fen <= LARGEST_FEN:
        raise Refusal(_("请填写成交价"), clauses=CLAUSES, field="price")
    if not buyer.strip() or not reason.strip():
        raise Refusal(_("请填写受让人和理由"), clauses=CLAUSES, field="reason")
    floor = standing.floor(disposal)
    if floor is None or price_fen >= floor:
        raise Refusal(_("这个价格不低于规定比例，可以直接成交"), clauses=CLAUSES, field="price")
    row = PriceAsk(
        disposal=disposal,
        price_fen=price_fen,
        buyer=buyer.strip()[:120],
        reason=reason.strip()[:300],
        asked_on=on,
        asked_by=actor.name,
    )
    facts = {"price": format_yuan(price_fen)}
    locking.add(disposal, row, events.PRICE_ASKED, actor=actor, on=on, reason=reason, facts=facts)
    _signal(disposal, "PRICE", actor=actor, on=on)
    return row


@transaction.atomic
def execute(
    disposal_id: int,
    draft: ResultDraft,
    papers: Sequence[PaperDraft],
    version: int | None = None,
    *,
    actor: Actor,
    on: date,
) -> Result:
    """Record how a disposal was carried out; its assets leave the register and the books on the same day.

    Sold, swapped, given, scrapped or lost things become DISPOSED; what is transferred inside the county goes to its
    new owner, with vouchers in both books. A swap registers what came in. Raises Refusal before the procedure allows
    it, for an appraisal that is over, a price that needs the county again, or whatever the kind asks for and is
    missing; Stale, NotFound, NotAllowed. Serves 2.6.3, 3.4.3a, 3.4.3c.
    """
    disposal = locking.locked(disposal_id, (State.MAY_PROCEED,), permissions.EXECUTE, actor=actor)
    locking.current(disposal, version)
    since = standing.open_since(disposal.case_id or 0)
    if since is None:
        raise Refusal(_("审批和公示还没有结束，不能实施处置"), clauses=CLAUSES)
    if on < since:
        raise Refusal(_("实施日期不能在公示结束之前"), clauses=CLAUSES, field="on")
    if actor.account_id is None:
        raise NotAllowed(_("须由本人账号登记处置结果"), clauses=CLAUSES)
    appraisal = standing.appraisal(disposal)
    _complete(disposal, draft, appraisal, papers, on)
    locking.save(
        disposal,
        {"state": State.EXECUTED.value, "executed_on": on},
        events.EXECUTED,
        actor=actor,
        on=on,
        facts={"kind": str(DisposalKind(disposal.kind).label), "count": disposal.count},
    )
    for paper in papers:
        drafting.keep_paper(disposal, "outcome", paper, actor=actor, on=on)
    net = _leave(disposal, actor=actor, on=on)
    incoming = None
    if disposal.kind == DisposalKind.SWAP and draft.incoming is not None and appraisal is not None:
        cost = rules.incoming_cost(appraisal.value_fen, draft.price_fen)
        incoming = _take_in(disposal, draft.incoming, cost, net, actor=actor, on=on)
    Item.objects.filter(disposal=disposal).update(is_open=False)
    row = Result(
        disposal=disposal,
        other_party=draft.other_party.strip()[:120],
        contract_no=draft.contract_no.strip()[:80],
        price_fen=draft.price_fen,
        house=draft.house.strip()[:120],
        place=draft.place.strip()[:120],
        bidders=draft.bidders,
        notice_on=draft.notice_on,
        confirmation_no=draft.confirmation_no.strip()[:80],
        handled_by=draft.handled_by.strip()[:120],
        responsible=draft.responsible.strip()[:200],
        note=draft.note.strip()[:500],
        incoming_id=incoming,
        executed_on=on,
        account=Account.objects.get(pk=actor.account_id),
        account_name=actor.name,
    )
    locking.add(disposal, row, events.RESULT, actor=actor, on=on)
    _signal(disposal, "DONE", actor=actor, on=on)
    return row


def _signal(disposal: Disposal, outcome: str, *, actor: Actor, on: date) -> None:
    procedures.signal(disposal.case_id or 0, "execution", facts={"execution_outcome": outcome}, actor=actor, on=on)


def _complete(
    disposal: Disposal, draft: ResultDraft, appraisal: Appraisal | None, papers: Sequence[PaperDraft], on: date
) -> None:
    """Raise Refusal for the first thing that is missing or not allowed."""
    spec = ways.kind(disposal.kind)
    if not 0 <= draft.price_fen <= LARGEST_FEN:
        raise Refusal(_("金额不能为负数"), clauses=CLAUSES, field="price")
    if draft.price_fen and not spec.brings_money:
        raise Refusal(_("这种处置方式没有收入"), clauses=CLAUSES, field="price")
    facts = rules.Result(
        kind=disposal.kind,
        outside=spec.outside,
        other_party=draft.other_party,
        contract_no=draft.contract_no,
        price_fen=draft.price_fen,
        house=draft.house,
        place=draft.place,
        bidders=draft.bidders,
        notice_on=draft.notice_on,
        confirmation_no=draft.confirmation_no,
        handled_by=draft.handled_by,
        responsible=draft.responsible,
        has_incoming=draft.incoming is not None and bool(draft.incoming.name.strip()),
    )
    faults = rules.faults_of_result(
        facts,
        needs_appraisal=spec.needs_appraisal,
        appraisal=(appraisal.value_fen, appraisal.valid_to) if appraisal is not None else None,
        approved_fen=standing.approved_price(disposal),
        percent=policy.figure("disposal.price_percent"),
        auction_days=policy.figure("disposal.auction_days"),
        on=on,
    )
    for fault in faults:
        raise Refusal(FAULTS[fault] % {"papers": "", "assets": ""}, clauses=CLAUSES, field=FIELDS.get(fault, ""))
    if not papers:
        raise Refusal(_("请附上合同、成交确认书、交接单或回收凭据"), clauses=CLAUSES, field="file")


def _leave(disposal: Disposal, *, actor: Actor, on: date) -> int:
    """The assets leave, and the books of their owner are told; answers the net value in fen that left the books."""
    spec = ways.kind(disposal.kind)
    source = Ref("disposal", disposal.pk)
    if disposal.kind == DisposalKind.MONETARY:
        amounts = {"amount": disposal.amount_fen}
        lines = postings.of_amounts(spec.losses[disposal.loss], amounts, str(source))
        post(disposal, "write_off", lines, actor=actor, on=on)
        return disposal.amount_fen
    ids = standing.asset_ids(disposal)
    cards = booked.cards(ids, on)
    if disposal.kind == DisposalKind.TRANSFER and disposal.recipient_id is not None:
        _pass_on(disposal, ids, disposal.recipient_id, actor=actor, on=on)
        return sum(card.net_fen for card in cards)
    assets.leave(
        ids,
        source,
        kind=events.LEFT,
        right=permissions.EXECUTE,
        reason=disposal.reason,
        basis=disposal.number,
        actor=actor,
        on=on,
    )
    net = sum(card.net_fen for card in cards)
    if disposal.owner_id is None:
        return net
    for step, template in (("write_off", spec.write_off), ("approved", spec.close)):
        if disposal.kind == DisposalKind.SWAP and step == "approved":
            continue
        whole = [line for card in cards for line in postings.of_card(template, card)]
        post(disposal, step, whole, actor=actor, on=on)
    return net


def _pass_on(disposal: Disposal, ids: Sequence[int], recipient: int, *, actor: Actor, on: date) -> None:
    """An unpaid transfer inside the county: the cards go to their new owner, with vouchers in both books."""
    source = Ref("disposal", disposal.pk)
    assets.thaw(ids, source, actor=actor, on=on)
    share = (ShareDraft(recipient),)
    assets.move(
        ids,
        MoveDraft(holders={"OWNERSHIP": share, "USE": share, "CUSTODY": ()}, is_transfer=True),
        kind=events.TRANSFERRED,
        right=permissions.EXECUTE,
        basis=disposal.number,
        source=source,
        reason=disposal.reason,
        actor=actor,
        on=on,
    )


def _take_in(disposal: Disposal, draft: IncomingDraft, cost: int, net: int, *, actor: Actor, on: date) -> int:
    """Register what came in by a swap, at the appraisal of what went out less what evens it out; close the swap."""
    source = Ref("disposal", disposal.pk)
    first = Asset.objects.filter(pk=standing.asset_ids(disposal)[0]).get()
    card = CardDraft(
        name=draft.name.strip(),
        system=first.system,
        tier=first.tier,
        division_code=first.division_code,
        quantity_milli=draft.quantity_milli,
        cost_fen=cost,
        class_code=draft.class_code.strip(),
        asset_type=first.asset_type,
        site=first.site_id,
        place=first.place,
        model=draft.model.strip(),
        unit=draft.unit.strip(),
        acquired_on=on,
        year=on.year,
        owner=first.owner_id,
        user=first.user_id,
        serial_no=draft.serial_no.strip(),
        acquire_way=_("置换"),
    )
    key = assets.register_one(card, source=source, counter=CLEARING, actor=actor, on=on)
    if disposal.owner_id is not None:
        amounts = postings.swapped(net, cost)
        lines = postings.of_amounts(ways.kind(disposal.kind).close, amounts, str(source))
        post(disposal, "approved", lines, actor=actor, on=on)
    return key


def post(
    disposal: Disposal,
    step: str,
    lines: Sequence[LineDraft],
    *,
    actor: Actor,
    on: date,
    day: date | None = None,
    budget: Sequence[LineDraft] = (),
) -> int | None:
    """Post a voucher of the disposal in the book of the owner, or of the unit that proposed it; answers its id."""
    if not lines:
        return None
    owner = Party.objects.get(pk=disposal.owner_id or disposal.office_id)
    words = {
        "write_off": _("资产处置转出：%(number)s"),
        "approved": _("资产处置核销：%(number)s"),
        "RECEIVED": _("收到处置收入：%(number)s"),
        "COST": _("支付处置费用：%(number)s"),
        "TAX": _("支付处置税费：%(number)s"),
        "closed": _("处置收支结转：%(number)s"),
        "REMITTED": _("处置收入上缴财政：%(number)s"),
    }
    draft = VoucherDraft(
        book_id=book_of(owner, actor=actor, on=on),
        day=day or on,
        summary=(words[step.partition(":")[0]] % {"number": disposal.number})[:200],
        lines=lines,
        source=Ref("disposal", disposal.pk),
        key=f"disposal:{disposal.pk}:{step}",
        division=disposal.division_code,
        budget=budget,
    )
    return int(ledger.post(draft, actor=actor, on=on).pk)
