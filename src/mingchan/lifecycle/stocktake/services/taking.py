"""Taking in what was seen on the spot (接收盘点记录): each event once, whatever comes twice, late or out of order."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer
from mingchan.kernel.fieldwork import Event as FieldEvent
from mingchan.lifecycle.stocktake import events, permissions, rules
from mingchan.lifecycle.stocktake.choices import ABOUT_CARDS, CHECK_KINDS, MOST_EVENTS, TAKING, Fault, PlanState
from mingchan.lifecycle.stocktake.models import Event, Line, Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import EVENT
from mingchan.lifecycle.stocktake.services import comparing, keeping
from mingchan.register.assets.models import Asset

_ID = re.compile(r"[0-9A-Za-z:._-]{8,64}")
_DEVICE = re.compile(r"[0-9A-Za-z:._-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
DESK = "desk:"
"""Devices of the desk begin with this; no phone may call itself so."""
MOST_BYTES = 200_000
MOST_PHOTOS = 20


def device_of(actor: Actor) -> str:
    """The device as which an account's desk counts."""
    return f"{DESK}{actor.account_id}"


@transaction.atomic
def take_in(
    task_id: int, given: Sequence[FieldEvent], *, received_at: datetime, actor: Actor, on: date
) -> list[Answer]:
    """Keep events from the field, in any order, each once; one answer for each, in the order given.

    An event that can't be kept is answered with the reason; it stays where it was made. Raises Refusal when the
    stocktake takes nothing in any more or for too many at once, NotFound unless the actor counts there. All or nothing:
    what is answered as taken is kept.
    Serves 3.4.1.
    """
    task, plan = _held(task_id, actor)
    if len(given) > MOST_EVENTS:
        raise Refusal(_("一次最多上传 %(count)s 条记录") % {"count": MOST_EVENTS})
    return _keep(plan, task, given, received_at=received_at, actor=actor, on=on)


@transaction.atomic
def enter(
    task_id: int, acts: Sequence[tuple[str, str, Mapping[str, Any]]], *, received_at: datetime, actor: Actor, on: date
) -> list[Answer]:
    """Enter by hand what was counted, as (kind, number, content): the same events as from a phone, of the desk's own
    device. Raises Refusal with the first fault, as `take_in` otherwise. Serves 3.4.1.
    """
    task, plan = _held(task_id, actor)
    made = at_desk(task, acts, received_at, actor)
    answers = _keep(plan, task, made, from_desk=True, received_at=received_at, actor=actor, on=on)
    for (_kind, code, _data), answer in zip(acts, answers, strict=True):
        if not answer.taken:
            raise Refusal(f"{code} {answer.reason}".strip(), clauses=keeping.CLAUSES, field=code)
    return answers


def at_desk(
    task: Task, acts: Sequence[tuple[str, str, Mapping[str, Any]]], at: datetime, actor: Actor
) -> list[FieldEvent]:
    """Events of the desk's device, numbered on. The caller holds the plan, so numbers don't collide."""
    device = device_of(actor)
    last = Event.objects.filter(plan=task.plan_id, device=device).aggregate(last=Max("seq"))["last"] or 0
    return [
        FieldEvent(
            id=f"{device}:{task.plan_id}:{last + number}",
            device=device,
            seq=last + number,
            kind=kind,
            at=at,
            code=code,
            data=data,
        )
        for number, (kind, code, data) in enumerate(acts, 1)
    ]


def keep_checked(
    plan: Plan, task: Task, made: Sequence[FieldEvent], *, received_at: datetime, actor: Actor, on: date
) -> None:
    """Keep a checker's own events. The caller holds the plan and has asked whether the actor checks."""
    answers = _keep(
        plan, task, made, from_desk=True, by_checker=True, received_at=received_at, actor=actor, on=on
    )  # fmt: skip
    for answer in answers:
        if not answer.taken:
            raise Refusal(answer.reason, clauses=keeping.CLAUSES)


def _held(task_id: int, actor: Actor) -> tuple[Task, Plan]:
    task = Task.objects.filter(pk=task_id, county=actor.county).first()
    if task is None or not permissions.counts(actor, task):
        raise NotFound(_("没有指派给您的这项盘点任务"))
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=task.plan_id)
    keeping.stands(plan, TAKING)
    return task, plan


def known_ids(ids: Iterable[str]) -> set[str]:
    """Which of the ids are kept already."""
    return set(Event.objects.filter(event_id__in=one_of(list(ids))).values_list("event_id", flat=True))


def _row(event: FieldEvent) -> tuple[Any, ...]:
    """What makes an event the same as one kept before."""
    return event.device, event.seq, event.kind, event.code, _json(event.data)


def _json(data: Any) -> str:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()


def _keep(
    plan: Plan,
    task: Task,
    given: Sequence[FieldEvent],
    *,
    from_desk: bool = False,
    by_checker: bool = False,
    received_at: datetime,
    actor: Actor,
    on: date,
) -> list[Answer]:
    columns = ("event_id", "task_id", "device", "seq", "kind", "code", "data")
    kept = {
        row[0]: row[1:]
        for row in Event.objects.filter(event_id__in=one_of([event.id for event in given])).values_list(*columns)
    }
    places = {str(key) for key in Task.objects.filter(plan=plan).values_list("pk", flat=True)}
    unknown = _unknown(plan, {event.code for event in given if event.code}, actor)
    photo_for = set(filter(None, plan.photo_for.split(","))) if not from_desk else set()
    assert actor.account_id is not None, "whoever counts has an account"
    answers: list[Answer] = []
    rows: list[Event] = []
    for event in given:
        fault = _fault(event, places, unknown, photo_for, from_desk, by_checker)
        if not fault and (earlier := kept.get(event.id)) is not None:
            fault = "" if earlier == (task.pk, *_row(event)) else "TAKEN"
            answers.append(_answer(event.id, fault))
            continue
        answers.append(_answer(event.id, fault))
        if fault:
            continue
        kept[event.id] = (task.pk, *_row(event))
        rows.append(
            Event(
                plan=plan, task=task, event_id=event.id, device=event.device, seq=event.seq, kind=event.kind,
                code=event.code, data=_json(event.data), photos=" ".join(event.photos), account_id=actor.account_id,
                account_name=actor.name, at=event.at, skew_seconds=event.skew_seconds, received_at=received_at,
                taken_on=on,
            )
        )  # fmt: skip
    facts = {"number": plan.number, "count": len(rows)}
    keeping.add_all(EVENT, rows, events.TAKEN, division=keeping.division_of(task), facts=facts, actor=actor, on=on)
    if rows and plan.state == PlanState.CHECKING:
        comparing.compare(plan, _touched(plan, rows), actor=actor, on=on)
    return answers


def _answer(key: str, fault: str) -> Answer:
    return Answer(key, not fault, str(Fault(fault).label) if fault else "")


def _touched(plan: Plan, rows: Sequence[Event]) -> set[str]:
    """Numbers of the assets that events are about; an undo is about what its event was about."""
    codes = {row.code for row in rows if row.code}
    targets = [str(orjson.loads(row.data).get("event", "")) for row in rows if row.kind == "undo"]
    for _step in range(2 if targets else 0):
        found = Event.objects.filter(plan=plan, event_id__in=one_of(targets)).values_list("code", "kind", "data")
        targets = []
        for code, kind, data in found:
            if code:
                codes.add(code)
            if kind == "undo":
                targets.append(str(orjson.loads(data).get("event", "")))
    return codes


def _unknown(plan: Plan, codes: Collection[str], actor: Actor) -> set[str]:
    """Numbers that neither the stocktake nor the register has."""
    expected = set(Line.objects.filter(plan=plan, code__in=one_of(codes)).values_list("code", flat=True))
    rest = set(codes) - expected
    if not rest:
        return set()
    registered = Asset.objects.filter(county=actor.county, code__in=one_of(rest)).values_list("code", flat=True)
    return rest - set(registered)


def _fault(
    event: FieldEvent,
    places: Collection[str],
    unknown: Collection[str],
    photo_for: Collection[str],
    from_desk: bool,
    by_checker: bool,
) -> str:
    """Why an event isn't kept; empty when it may be."""
    if not isinstance(event.id, str) or not _ID.fullmatch(event.id):
        return "IDENTITY"
    if not _DEVICE.fullmatch(event.device) or event.device.startswith(DESK) != from_desk or not 0 < event.seq < 2**31:
        return "IDENTITY"
    if not isinstance(event.data, Mapping) or len(orjson.dumps(event.data)) > MOST_BYTES:
        return "DATA"
    if found := rules.fault(event.kind, event.code, event.data, places=places, by_checker=by_checker):
        return found
    if event.code in unknown and (event.kind in ABOUT_CARDS or event.kind in CHECK_KINDS):
        return "ASSET"
    if len(event.photos) > MOST_PHOTOS or not all(_DIGEST.fullmatch(photo) for photo in event.photos):
        return "PHOTO"
    return "PHOTO" if event.kind in photo_for and not event.photos else ""
