"""Checking on the spot (现场清点): each item ticked by itself, each difference decided before anybody signs (3.3)."""

from datetime import date
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.register.handover import events, permissions, rules
from mingchan.register.handover.choices import Fault, Resolution, Result, State
from mingchan.register.handover.drafts import Photo, TickDraft
from mingchan.register.handover.models import Handover, Line, Tick
from mingchan.register.handover.queries.documents import document
from mingchan.register.handover.queries.lines import tick_of
from mingchan.register.handover.services import drafting, locking

_TICK_FIELDS = {
    Fault.NO_COUNT: "counted",
    Fault.COUNT_DIFFERS: "counted",
    Fault.SAME_COUNT_SAME_STATE: "remark",
}


@transaction.atomic
def open_checking(handover_id: int, *, actor: Actor, on: date) -> Handover:
    """Send a drafted list to the place to be checked there. Raises Refusal when nothing is on it. Serves 3.3."""
    handover = locking.locked(handover_id, "open", permissions.DRAFT, actor=actor)
    if not Line.objects.filter(handover=handover).exists():
        raise Refusal(Fault.NO_ITEMS.label, clauses=("3.3",))
    locking.save(handover, {"state": State.CHECKING.value, "checking_on": on}, events.CHECKING, actor=actor, on=on)
    return handover


@transaction.atomic
def tick(
    handover_id: int, line_id: int, found: TickDraft, *, actor: Actor, on: date, photo: Photo | None = None
) -> Tick:
    """Record what was found of one item: its state, how many, a remark, a photograph. Serves 3.3 and 3.4.1.

    An earlier tick of the item stays and no longer counts; a standing signature becomes void. Without a count the
    listed quantity is meant. Raises NotFound, NotAllowed, Refusal for a count that says something else than the
    result, an unknown state of use, or an item that was left out.
    """
    handover = locking.locked(handover_id, "tick", permissions.CHECK, actor=actor)
    line = _line(handover, line_id)
    if line.resolution == Resolution.LEFT_OUT:
        raise Refusal(_("这一项已移出清单，须先恢复再清点"), clauses=("3.3",))
    if found.condition and found.condition not in policy.conditions():
        raise Refusal(_("没有这种使用状况"), clauses=("3.3",), field="condition")
    fault = rules.fault_of_tick(found, line.quantity_milli, line.condition)
    if fault is not None:
        raise Refusal(fault.label, clauses=("3.3",), field=_TICK_FIELDS.get(fault, ""))
    locking.void_signatures(handover, _("签署后重新清点"), actor=actor, on=on)
    earlier = tick_of(line)
    picture = earlier.photo if earlier is not None else ""
    if photo is not None:
        picture = str(Ref("attachment", _keep(handover, line, photo, actor=actor, on=on).pk))
    drafting.drop_ticks(handover, [line.pk], actor=actor, on=on, reason=_("重新清点"))
    missing = found.result == Result.NOT_FOUND
    counted = line.quantity_milli if found.counted_milli is None else found.counted_milli
    made = Tick.objects.create(
        handover=handover,
        line=line,
        result=found.result,
        condition="" if missing else found.condition or line.condition,
        counted_milli=0 if missing else counted,
        remark=found.remark.strip()[:200],
        photo=picture,
        ticked_on=on,
        ticked_at=utc_now(),
        ticked_by=actor.name,
    )
    if line.resolution == Resolution.ACCEPTED:
        _decide(handover, line, Resolution.NONE, "", actor=actor, on=on, reason=_("重新清点"))
    evidence.record(
        events.TICKED,
        Ref("handover_tick", made.pk),
        actor=actor,
        on=on,
        after=document(made),
        division=line.division_code or handover.division_code,
        facts={"name": line.name, "found": str(Result(found.result).label), "number": handover.number},
    )
    return made


@transaction.atomic
def resolve(handover_id: int, line_id: int, resolution: str, note: str, *, actor: Actor, on: date) -> None:
    """Decide about an item: leave it out of the list, accept it as it was found, or take a decision back (blank).

    Nothing that wasn't found is accepted: it can't be handed over. A standing signature becomes void. Raises NotFound,
    NotAllowed, Refusal without a note, or when an item that comes back stands on another list by now. Serves 3.3.
    """
    handover = locking.locked(handover_id, "resolve", permissions.CHECK, actor=actor)
    line = _line(handover, line_id)
    standing = tick_of(line)
    if resolution != Resolution.NONE:
        fault = rules.fault_of_resolution(resolution, note, standing.result if standing is not None else "")
        if fault is not None:
            raise Refusal(fault.label, clauses=("3.3",), field="note")
    if line.resolution == resolution:
        raise Refusal(_("没有改动"))
    locking.void_signatures(handover, _("签署后改动差异处理"), actor=actor, on=on)
    _decide(handover, line, resolution, note.strip()[:200], actor=actor, on=on)


def _decide(
    handover: Handover, line: Line, resolution: str, note: str, *, actor: Actor, on: date, reason: str = ""
) -> None:
    before = document(line)
    line.resolution = Resolution(resolution).value
    line.resolution_note = note if resolution else ""
    line.resolved_on = on if resolution else None
    line.resolved_by = actor.name if resolution else ""
    line.is_open = resolution != Resolution.LEFT_OUT
    try:
        with transaction.atomic():
            line.save(update_fields=["resolution", "resolution_note", "resolved_on", "resolved_by", "is_open"])
    except IntegrityError as error:
        raise Refusal(Fault.LISTED.label, clauses=("3.3",)) from error
    evidence.record(
        events.RESOLVED,
        Ref("handover_line", line.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(line),
        division=line.division_code or handover.division_code,
        reason=note or reason,
        facts={
            "number": handover.number,
            "decision": str(Resolution(resolution).label) if resolution else _("撤回处理"),
        },
    )


def _line(handover: Handover, line_id: int) -> Line:
    """The item. On PostgreSQL the list's own lock keeps two phones from ticking it at once."""
    found = Line.objects.filter(pk=line_id, handover=handover).first()
    if found is None:
        raise NotFound(_("清单上没有这一项"))
    return found


def _keep(handover: Handover, line: Line, photo: Photo, *, actor: Actor, on: date) -> Attachment:
    """Keep a photograph with the asset, in a division in which the actor may attach papers."""
    places = (line.division_code, handover.to_division, handover.from_division)
    return evidence.attach(
        photo.content,
        name=photo.name,
        owner=Ref("asset", line.asset_id),
        division=permissions.place_of_photo(actor, places),
        kind=AttachmentKind.PHOTO,
        actor=actor,
        on=on,
    )


@transaction.atomic
def attach_paper(
    handover_id: int,
    content: BinaryIO | bytes,
    name: str,
    *,
    actor: Actor,
    on: date,
    kind: str = AttachmentKind.APPROVAL,
) -> Attachment:
    """Keep a paper the list rests on. A standing signature becomes void, for papers are part of what is signed.

    Raises NotFound, NotAllowed, and Refusal for a type outside the list. Serves 3.3.
    """
    handover = locking.locked(handover_id, "edit", permissions.DRAFT, actor=actor)
    locking.void_signatures(handover, _("签署后附上文件"), actor=actor, on=on)
    places = (handover.division_code, handover.from_division, handover.to_division)
    values: dict[str, Any] = {"name": name, "owner": Ref("handover", handover.pk), "kind": kind}
    return evidence.attach(content, division=permissions.place_of_photo(actor, places), actor=actor, on=on, **values)
