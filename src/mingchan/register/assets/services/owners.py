"""What the books are told when cards get another owner (权属变动记账): a voucher in each book that loses or gains."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.refs import Ref
from mingchan.register.assets import postings
from mingchan.register.assets.drafts import MoveDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import valuing
from mingchan.register.assets.services.books import book_of, system_of

_Booked = list[tuple[int, str, int]]


def charged_before(card_ids: Sequence[int], on: date) -> valuing.Charged:
    """What was charged on cards that are about to get another owner; asked before their owner changes.

    Raises Refusal while a month before `on` is not charged.
    """
    return valuing.leaving(card_ids, on)


def post(
    before: Mapping[int, int | None],
    after: int | None,
    draft: MoveDraft,
    *,
    right: str,
    source: Ref,
    basis: str,
    charged: valuing.Charged,
    actor: Actor,
    on: date,
) -> tuple[int, ...]:
    """Post cards that pass from the owners `before`, by card, to the owner `after`; returns the vouchers' ids.

    Between two owners it is an unpaid transfer when the draft says so, else a correction of whose the things were. A
    card that had no owner enters a book for the first time, as bought. What was `charged` goes with the card.
    Serves 3.3, 3.4.1.
    """
    moved = [key for key, owner in before.items() if owner != after]
    cards = Asset.objects.filter(pk__in=one_of(moved, "bigint"), cost_fen__gt=0).order_by("pk")
    by_owner: dict[int | None, _Booked] = {}
    divisions: dict[int | None, str] = {}
    for key, six_class, cost, division in cards.values_list("id", "six_class", "cost_fen", "division_code"):
        by_owner.setdefault(before[key], []).append((key, six_class, cost))
        divisions.setdefault(before[key], division)
    owners = Party.objects.in_bulk([key for key in (*by_owner, after) if key is not None])
    vouchers: list[int] = []
    for old in sorted(by_owner, key=lambda owner: owner or 0):
        for owner_id, step in _entries(old, after, is_transfer=draft.is_transfer):
            owner = owners[owner_id]
            lines = _lines(step, by_owner[old], charged, owner)
            near = actor.may(right, owner.division_code or actor.county)
            voucher = VoucherDraft(
                book_id=book_of(owner, actor=actor, on=on),
                day=on,
                summary=_summary(step, basis)[:200],
                lines=lines,
                source=source,
                key=f"{source}:{step}:{old or 0}:{after or 0}:{by_owner[old][0][0]}:{on:%Y%m%d}",
                division=owner.division_code if near else divisions[old] or actor.county,
            )
            vouchers.append(ledger.post(voucher, actor=actor, on=on).pk)
    return tuple(vouchers)


def _entries(old: int | None, new: int | None, *, is_transfer: bool) -> Iterator[tuple[int, str]]:
    """Owner and step of each voucher."""
    between = is_transfer and old is not None and new is not None
    if old is not None:
        yield old, "give" if between else "leave"
    if new is not None:
        yield new, "take" if between else "enter"


def _lines(step: str, cards: _Booked, charged: valuing.Charged, owner: Party) -> list[LineDraft]:
    """The lines of one step in the book of one owner."""
    if step in ("give", "leave"):
        leave = postings.given_free if step == "give" else postings.takeover
        return [line for card in cards for line in leave(*card, charged.get(card[0], ()))]
    roles = policy.account_roles(system_of(owner))
    enter = postings.received_free if step == "take" else postings.entry
    return [
        line
        for card in cards
        for line in enter(
            *card, sum(fen for _code, fen in charged.get(card[0], ())), postings.charged_role(card[1], roles)
        )
    ]


def _summary(step: str, basis: str) -> str:
    words = {
        "give": _("无偿调出资产：%(basis)s"),
        "take": _("无偿调入资产：%(basis)s"),
        "leave": _("权属更正转出：%(basis)s"),
        "enter": _("权属确认入账：%(basis)s"),
    }
    return words[step] % {"basis": basis}
