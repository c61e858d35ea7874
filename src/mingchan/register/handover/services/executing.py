"""Carrying a list out (办结): rights, custody, place, state and books move at once, or nothing does (3.3)."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, ShareDraft
from mingchan.register.assets.models import Asset
from mingchan.register.handover import events, permissions
from mingchan.register.handover.choices import HandoverKind, Resolution, State
from mingchan.register.handover.models import Handover, Line, Tick
from mingchan.register.handover.queries import lines
from mingchan.register.handover.services import locking


def lock_cards(handover: Handover) -> None:
    """Hold the cards of the list until the transaction ends, so that the versions looked at are those that move."""
    of = Line.objects.filter(handover=handover).exclude(resolution=Resolution.LEFT_OUT).values("asset")
    cards = Asset.objects.select_for_update().filter(pk__in=of).order_by("pk")
    list(cards.values_list("pk", flat=True))


def execute(handover: Handover, digest: str, *, actor: Actor, on: date) -> tuple[int, ...]:
    """Let everything on the list pass and close it; answers the vouchers. The caller holds list and cards.

    First the state in which things were found, while they still are the giving side's; then the rights with place and
    books. Raises whatever `assets.move` refuses.
    """
    source = Ref("handover", handover.pk)
    basis = handover.number if not handover.basis else f"{handover.number}，{handover.basis}"
    given: dict[str, Any] = {
        "right": permissions.SIGN,
        "basis": basis[:200],
        "source": source,
        "document": _paper(handover),
    }
    reason = _("移交清单 %(number)s：%(reason)s") % {"number": handover.number, "reason": handover.reason}
    for condition, found in _found_otherwise(handover).items():
        assets.move(
            found, MoveDraft(condition=condition), kind=events.STATE_FOUND, reason=reason, actor=actor, on=on, **given
        )
    moved = assets.move(
        lines.asset_ids(handover),
        _move(handover),
        kind=events.HANDED_OVER,
        reason=reason,
        actor=actor,
        on=on,
        **given,
    )
    Line.objects.filter(handover=handover, is_open=True).update(is_open=False)
    sums = lines.sums(handover)
    locking.save(
        handover,
        {"state": State.EXECUTED.value, "executed_on": on, "digest": digest},
        events.EXECUTED,
        actor=actor,
        on=on,
        facts={"count": sums.items, "cost": format_yuan(sums.cost_fen)},
    )
    return moved.voucher_ids


def _move(handover: Handover) -> MoveDraft:
    """What changes for every card on the list."""
    holders: dict[str, tuple[ShareDraft, ...]] = {}
    for kind in handover.rights.split(","):
        if kind == "CUSTODY":
            keeper = handover.to_party_id if handover.kind == HandoverKind.CUSTODY else handover.keeper_id
            organisation = handover.organisation_id or handover.to_office_id
            holders[kind] = (ShareDraft(int(keeper or 0), organisation=organisation, due_on=handover.due_on),)
        else:
            holders[kind] = (ShareDraft(handover.to_party_id),)
    return MoveDraft(
        holders=holders,
        site=handover.site_id,
        division_code=handover.moves_to or None,
        place=handover.place or None,
        is_transfer=handover.kind == HandoverKind.OWNERSHIP,
    )


def _paper(handover: Handover) -> str:
    """The first paper the list rests on, as rights refer to it."""
    papers = lines.papers(handover)
    return str(Ref("attachment", papers[0].pk)) if papers else ""


def _found_otherwise(handover: Handover) -> dict[str, list[int]]:
    """Assets found in another state than their card says, by that state."""
    ticks = Tick.objects.filter(line=OuterRef("pk"), replaced_on__isnull=True)
    others = (
        Line.objects.filter(handover=handover)
        .exclude(resolution=Resolution.LEFT_OUT)
        .annotate(found=Subquery(ticks.values("condition")[:1]))
        .exclude(found="")
        .exclude(found=F("condition"))
    )
    by_state: dict[str, list[int]] = {}
    for condition, asset in others.order_by("line_no").values_list("found", "asset_id"):
        by_state.setdefault(condition, []).append(asset)
    return by_state
