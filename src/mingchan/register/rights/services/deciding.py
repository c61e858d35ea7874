"""Checking, returning and approving a batch (审核、退回、批准): for exactly the content that was proposed (2.3)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, ShareDraft
from mingchan.register.rights import events, permissions
from mingchan.register.rights.choices import PENDING, Act, State
from mingchan.register.rights.models import Certificate, Confirmation
from mingchan.register.rights.queries import preview
from mingchan.register.rights.queries.batches import contents, ids_of
from mingchan.register.rights.queries.documents import digest_of
from mingchan.register.rights.services.issuing import issue
from mingchan.register.rights.services.steps import (
    current,
    in_state,
    locked,
    must_be_another,
    person,
    snapshot,
    take,
)


class Changed(Refusal):
    """Cards are no longer what was proposed. `count` of them, `cards` the first twenty (`preview.Conflict`)."""

    def __init__(self, count: int, cards: list[preview.Conflict]) -> None:
        super().__init__(
            _("提出之后有 %(count)s 张卡片改动过（%(codes)s），请退回，由提出人核对后重新提出")
            % {"count": count, "codes": "、".join(card.code for card in cards[:5])},
            clauses=("2.3", "2.4.1"),
        )
        self.count = count
        self.cards = tuple(cards)


@transaction.atomic
def check(batch_id: int, version: int, digest: str, reason: str = "", *, actor: Actor, on: date) -> Confirmation:
    """Pass the batch on to be approved; `digest` is that of the content seen, `reason` an opinion if there is one.

    Raises NotAllowed for its maker, Changed when cards were changed since, Refusal for other content, Stale.
    """
    confirmation = locked(batch_id, permissions.CHECK, actor=actor)
    current(confirmation, version)
    in_state(confirmation, State.PROPOSED)
    who = person(actor)
    must_be_another(who, confirmation.maker_id)
    before = snapshot(confirmation)
    _as_proposed(confirmation, digest)
    confirmation.state, confirmation.checker = State.CHECKED, who
    take(confirmation, Act.CHECKED, events.CHECKED, who, before, actor=actor, on=on, reason=reason)
    return confirmation


@transaction.atomic
def give_back(batch_id: int, version: int, reason: str, *, actor: Actor, on: date) -> Confirmation:
    """Return a batch to its maker with a reason: who may take its next step may return it. Serves 2.3."""
    confirmation = locked(batch_id, permissions.VIEW, actor=actor)
    current(confirmation, version)
    in_state(confirmation, *PENDING)
    waits_for = permissions.CHECK if confirmation.state == State.PROPOSED else permissions.APPROVE
    permissions.require(actor, waits_for, confirmation.division_code)
    who = person(actor)
    must_be_another(who, confirmation.maker_id)
    if not reason.strip():
        raise Refusal(_("请填写退回理由"), clauses=("2.3",), field="reason")
    before = snapshot(confirmation)
    confirmation.state, confirmation.checker = State.RETURNED, None
    take(confirmation, Act.RETURNED, events.RETURNED, who, before, actor=actor, on=on, reason=reason)
    return confirmation


@transaction.atomic
def approve(
    batch_id: int, version: int, digest: str, reason: str = "", *, actor: Actor, on: date
) -> tuple[Confirmation, list[Certificate]]:
    """Confirm the rights: holders change from `on`, certificates are issued, all in one transaction. Serves 2.3, 3.3.

    A handful of statements however many assets. Raises NotAllowed for its maker or checker, Changed when cards were
    changed since the proposal, Refusal for other content than was seen, Stale.
    """
    confirmation = locked(batch_id, permissions.APPROVE, actor=actor)
    current(confirmation, version)
    in_state(confirmation, State.CHECKED)
    who = person(actor)
    must_be_another(who, confirmation.maker_id, confirmation.checker_id)
    before = snapshot(confirmation)
    _as_proposed(confirmation, digest)
    holders = {
        kind: tuple(
            ShareDraft(one.party_id, one.numerator, one.denominator, one.organisation_id, one.due_on) for one in same
        )
        for kind, same in contents(confirmation)
    }
    assets.move(
        ids_of(confirmation.pk),
        MoveDraft(holders=holders),
        kind=events.CONFIRMED,
        right=permissions.APPROVE,
        basis=confirmation.basis,
        source=Ref("confirmation", confirmation.pk),
        document=confirmation.document,
        reason=reason,
        actor=actor,
        on=on,
    )
    confirmation.state, confirmation.approver, confirmation.approved_on = State.APPROVED, who, on
    take(confirmation, Act.APPROVED, events.APPROVED, who, before, actor=actor, on=on, reason=reason)
    return confirmation, issue(confirmation, actor=actor, on=on)


def _as_proposed(confirmation: Confirmation, digest: str) -> None:
    """Raises Changed or Refusal when content or cards are no longer what was proposed and seen."""
    if digest != confirmation.digest or digest_of(confirmation) != confirmation.digest:
        raise Refusal(_("批次内容与您看到的不同，请重新打开后再办理"), clauses=("2.3",))
    count, cards = preview.changed(confirmation)
    if count:
        raise Changed(count, cards)
