"""Withdrawing a batch (撤回): its cards count no more, its vouchers are reversed, if nothing rests on it (2.2)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel import holds
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import events, postings
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services import correction, freezing, rights
from mingchan.register.assets.services.rows import keep_former, wholes

CHUNK = 500
SHOWN = 20


class Depends(Refusal):
    """Something later rests on the batch. `cards` are (asset id, code, name, why), the first twenty of `count`."""

    def __init__(self, message: Any, *, cards: Sequence[tuple[int, str, str, str]], count: int = 0) -> None:
        super().__init__(message, clauses=("2.2", "3.4.1"))
        self.cards = tuple(cards)
        self.count = count or len(self.cards)


@transaction.atomic
def withdraw(source: Ref, reason: str, *, actor: Actor, on: date) -> int:
    """Take a batch's cards out of the register and reverse its vouchers in red; returns the number of cards.

    Raises Depends with what rests on the batch (corrected, split, booked again), NotFound for a batch without cards,
    NotAllowed when it reaches beyond the actor's divisions. Serves 2.2, 3.4.1.
    """
    cards = Asset.objects.select_for_update().filter(county=actor.county, source=str(source))
    found = list(cards.order_by("id").values_list("id", "division_code", "name"))
    if not found:
        raise NotFound(_("这一批没有登记任何卡片"))
    if not reason.strip():
        raise Refusal(_("请填写撤回理由"), clauses=("2.2",), field="reason")
    for division in {row[1] for row in found}:
        if not actor.may("exchange.withdraw", division or actor.county):
            raise NotAllowed(_("没有撤回这一批登记的权限"))
    dependent = depends(source, actor.county) or _held(found)
    if dependent:
        count = max(_changed(source, actor.county).count(), len(dependent))
        raise Depends(_("其后已有业务依赖这一批登记，不能撤回"), cards=dependent, count=count)
    for voucher in Voucher.objects.filter(source=str(source), reverses__isnull=True, reversal__isnull=True).order_by(
        "id"
    ):
        ledger.reverse(voucher.pk, reason, actor=actor, on=on)
    evidence.record_many(
        events.WITHDRAWN,
        _withdrawn([row[0] for row in found], on),
        actor=actor,
        on=on,
        reason=reason,
        facts={"name": found[0][2] if len(found) == 1 else f"{found[0][2]}…({len(found)})"},
    )
    return len(found)


@transaction.atomic
def withdraw_card(asset_id: int, reason: str, *, actor: Actor, on: date) -> None:
    """Take one card that was registered by mistake out of the register; the books get the opposite of its acquisition.

    Raises Depends when it was corrected or split since, Refusal without a reason, NotFound, NotAllowed. Serves 2.2.
    """
    card = correction.locked(asset_id, "exchange.withdraw", actor=actor)
    if not reason.strip():
        raise Refusal(_("请填写撤回理由"), clauses=("2.2",), field="reason")
    if card.status != Status.ACTIVE or card.version > 1 or card.parent_id is not None:
        why = _why(card.status)
        raise Depends(_("其后已有业务依赖这张卡片，不能撤回"), cards=[(card.pk, card.code, card.name, why)])
    freezing.refuse_frozen([(card.code, card.name, card.frozen_by)])
    if held := _held([(card.pk, card.division_code, card.name)]):
        raise Depends(_("其后已有业务依赖这张卡片，不能撤回"), cards=held)
    lines = postings.takeover(card.pk, card.six_class, card.cost_fen)
    documents = list(_withdrawn([card.pk], on))
    if card.owner_id is not None and lines:
        summary = _("撤回登记：%(name)s") % {"name": card.name}
        correction.post_one(card.owner_id, lines, card, "withdrawal", summary=summary, actor=actor, on=on)
    evidence.record_many(events.WITHDRAWN, documents, actor=actor, on=on, reason=reason, facts={"name": card.name})


def _held(cards: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str, str]]:
    """What upper contexts hang on the cards (id, division, name), the first twenty."""
    found = holds.on_things("asset", [row[0] for row in cards])
    shown = sorted(found)[:SHOWN]
    codes = dict(Asset.objects.filter(pk__in=shown).values_list("id", "code"))
    names = {row[0]: row[2] for row in cards}
    return [(key, codes[key], names[key], found[key][0].why) for key in shown]


def _withdrawn(ids: Sequence[int], on: date) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Withdraw chunk by chunk, giving each card's document after and before."""
    iterator = iter(ids)
    while chunk := list(islice(iterator, CHUNK)):
        before = wholes(chunk)
        keep_former(chunk, on)
        Asset.objects.filter(pk__in=chunk).update(status=Status.WITHDRAWN, version=F("version") + 1, state_since=on)
        rights.close_all(chunk, on)
        for key, after in wholes(chunk).items():
            yield f"asset:{key}", after["division_code"], after, before[key]


def depends(source: Ref, county: str) -> list[tuple[int, str, str, str]]:
    """What rests on a batch's cards, the first twenty as (asset id, code, name, why)."""
    names = ("id", "code", "name", "status", "frozen_by")
    changed = _changed(source, county).order_by("id").values_list(*names)[:SHOWN]
    found = [
        (key, code, name, freezing.words(frozen_by) if frozen_by else _why(status))
        for key, code, name, status, frozen_by in changed
    ]
    found += _booked_again(source, county)
    return found[:SHOWN]


def _changed(source: Ref, county: str) -> QuerySet[Asset]:
    """The batch's cards that are no longer as they were registered."""
    cards = Asset.objects.filter(county=county, source=str(source))
    return cards.filter(
        Q(version__gt=1) | ~Q(status=Status.ACTIVE) | Q(parent__isnull=False) | Q(frozen_by__isnull=False)
    )


def _why(status: str) -> str:
    """What became of a changed card: how it left the register, or that it was corrected."""
    return _("已更正") if status == Status.ACTIVE else str(Status(status).label)


def _booked_again(source: Ref, county: str) -> list[tuple[int, str, str, str]]:
    """Cards with lines in vouchers of another source."""
    line, voucher, card = Line._meta.db_table, Voucher._meta.db_table, Asset._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT a.id, a.code, a.name FROM "{card}" a '  # noqa: S608 - names of our own models
            f'JOIN "{line}" l ON l.subject = \'asset:\' || a.id JOIN "{voucher}" v ON v.id = l.voucher_id '
            "WHERE a.source = %s AND a.county = %s AND v.source <> %s ORDER BY a.id LIMIT %s",
            [str(source), county, str(source), SHOWN],
        )
        return [(key, code, name, _("已有其他凭证")) for key, code, name in cursor.fetchall()]
