"""Events of the field taken in, and rounds closed (巡查): each event once, whatever the order."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.fieldwork import Answer, Event
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import events, permissions, queries, rules
from mingchan.lifecycle.maintenance.choices import DAMAGED, FieldKind, RoundState, Severity
from mingchan.lifecycle.maintenance.drafts import FaultDraft
from mingchan.lifecycle.maintenance.models import FieldEvent, Line, Round
from mingchan.lifecycle.maintenance.queries.documents import EVENT, ROUND, document
from mingchan.lifecycle.maintenance.services import planning, repairing
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.drafts import MoveDraft
from mingchan.register.assets.models import Asset
from mingchan.register.labels import queries as labels
from mingchan.register.labels import services as scanning
from mingchan.register.labels.choices import Way
from mingchan.register.labels.drafts import Found, ScanDraft

_CLAUSES = ("2.6.1b", "3.4.1")
MOST_EVENTS = 2000
_BIG = 2**31 - 1
_NEEDS_ASSET = ("check", "fault", "found", "not_found")


def _locked(round_id: int, actor: Actor, right: str = permissions.INSPECT) -> Round:
    found = Round.objects.select_for_update(of=("self",)).select_related("site", "rhythm", "rhythm__site")
    return permissions.require_round(actor, found.filter(pk=round_id, county=actor.county).first(), right)


@transaction.atomic
def take_in(round_id: int, given: Sequence[Event], *, actor: Actor, on: date) -> list[Answer]:
    """Keep events of a round, each once, and answer each (2.6.1b, 3.4.1).

    An event that is there already is taken, also after the round ended, so that a phone may send again what it isn't
    sure of. An unknown kind, an unknown asset and data that can't be read are refused for good, with the reason. A
    round whose work was ended and of which nothing is missing closes by itself. Raises NotFound, NotAllowed; Refusal
    for new events of a round that is over, or too many at once.
    """
    found = _locked(round_id, actor)
    if len(given) > MOST_EVENTS:
        raise Refusal(_("一次最多上报 %(most)s 条记录") % {"most": MOST_EVENTS}, clauses=_CLAUSES)
    there = queries.rounds.known(found.pk, [event.id for event in given], actor.county)
    new = list({event.id: event for event in given if event.id not in there}.values())
    if new and found.state != RoundState.OPEN:
        raise Refusal(_("这次巡查已经结束，不再接收记录"), clauses=_CLAUSES)
    codes = labels.resolve({text for event in new if (text := _code(event))}, actor.county)
    taken_elsewhere = set(
        FieldEvent.objects.filter(county=actor.county, key__in=[event.id for event in new]).values_list(
            "key", flat=True
        )
    )
    refused = {event.id: _refusal(event, codes, taken_elsewhere) for event in new}
    kept = [event for event in new if not refused[event.id]]
    if kept:
        _keep(found, kept, codes, actor, on)
        if rules.is_complete(seen := queries.rounds.seen_of(found.pk)):
            _close(found, seen, "", actor, on)
    return [Answer(event.id, not refused.get(event.id), refused.get(event.id, "")) for event in given]


def _code(event: Event) -> str:
    """What names the asset: the event's code, for a scan the scanned text."""
    return str(event.data.get("text", "") if event.kind == "scan" else event.code)


def _refusal(event: Event, codes: Mapping[str, Found], elsewhere: set[str]) -> str:
    """Why an event can't be kept, empty when it can."""
    if not 0 < len(event.id) <= rules.LONGEST_ID or not 0 < len(event.device) <= rules.LONGEST_ID:
        return _("记录号或设备号不合要求")
    if event.id in elsewhere:
        return _("这个记录号已用于另一次巡查")
    if event.kind not in FieldKind.values:
        return _("不认识的记录类别“%(kind)s”") % {"kind": event.kind[:20]}
    if not 0 < event.seq <= _BIG or abs(event.skew_seconds) > _BIG:
        return _("设备序号或时钟偏差不合要求")
    if event.kind in _NEEDS_ASSET and codes[event.code].asset_id is None if event.code else event.kind in _NEEDS_ASSET:
        return _("没有编号为“%(code)s”的资产") % {"code": event.code[:40]}
    words = {
        "no_what": _("没有写明故障情况"),
        "severity": _("故障程度不合要求"),
        "answers": _("检查答案不合要求"),
        "undo": _("没有写明撤销哪条记录"),
        "strokes": _("签名笔迹不合要求"),
    }
    fault = rules.fault_of_event(event.kind, event.data, Severity.values)
    return words[fault] if fault else ""


def _keep(found: Round, kept: Sequence[Event], codes: Mapping[str, Found], actor: Actor, on: date) -> None:
    rows = [
        FieldEvent(
            county=actor.county,
            round=found,
            key=event.id,
            device=event.device,
            seq=event.seq,
            kind=event.kind,
            at=event.at,
            skew_seconds=event.skew_seconds,
            code=_code(event)[:40],
            asset_id=codes[text].asset_id if (text := _code(event)) else None,
            data=orjson.dumps(dict(event.data), option=orjson.OPT_SORT_KEYS).decode(),
            photos=orjson.dumps(list(event.photos)).decode(),
            taken_on=on,
            taken_by=actor.name,
        )
        for event in kept
    ]
    try:
        with transaction.atomic():
            FieldEvent.objects.bulk_create(rows, batch_size=500)
    except IntegrityError as error:
        raise Refusal(_("有记录同时从另一次巡查上报，请重试"), clauses=_CLAUSES) from error
    scans = [
        ScanDraft(
            str(event.data.get("text", "")),
            event.at - timedelta(seconds=event.skew_seconds),
            Way.FIELD,
            *_place(event.data),
        )
        for event in kept
        if event.kind == "scan"
    ]
    scanning.note_scans(scans, actor=actor, on=on)
    evidence.record_many(
        events.TAKEN,
        [(f"inspection_event:{row.pk}", found.division_code, document(EVENT, row)) for row in rows],
        actor=actor,
        on=on,
        facts={"site": found.site.name, "count": len(rows)},
    )


def _place(data: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Where a scan was made, in millionths of a degree, if the device said so in whole numbers."""
    north, east = data.get("latitude_micro"), data.get("longitude_micro")
    return (north, east) if type(north) is int and type(east) is int else (None, None)


@transaction.atomic
def close(round_id: int, *, reason: str = "", actor: Actor, on: date) -> Round:
    """Close a round by hand: what nobody looked at stays 未查, faults become repairs, the next round is listed.

    Raises NotFound, NotAllowed; Refusal when it is over, or nothing came in yet, for that is dropping it.
    """
    found = _locked(round_id, actor)
    if found.state != RoundState.OPEN:
        raise Refusal(_("这次巡查已经结束"), clauses=_CLAUSES)
    seen = queries.rounds.seen_of(found.pk)
    if not rules.outcome(seen).results:
        raise Refusal(_("还没有任何巡查记录，不能办结"), clauses=_CLAUSES)
    return _close(found, seen, reason.strip(), actor, on)


def _close(found: Round, seen: Sequence[rules.Seen], reason: str, actor: Actor, on: date) -> Round:
    outcome = rules.outcome(seen, queries.packs.checklists())
    at = set(queries.rounds.things_at(found).values_list("pk", flat=True))
    before = document(ROUND, found)
    results = {key: outcome.results.get(key, rules.Result()) for key in sorted(at | set(outcome.results))}
    Line.objects.bulk_create(
        [
            Line(
                round=found,
                asset_id=key,
                finding=one.finding,
                note=one.note,
                answers=orjson.dumps(one.answers, option=orjson.OPT_SORT_KEYS).decode(),
            )
            for key, one in results.items()
        ],
        batch_size=500,
    )
    counted = [one.finding for one in results.values()]
    found.state, found.closed_on, found.closed_by, found.reason = RoundState.CLOSED, on, actor.name, reason[:200]
    found.total = len(results)
    found.sound, found.faulty, found.missing = (counted.count(word) for word in ("SOUND", "FAULT", "NOT_FOUND"))
    found.save()
    faults = [fault for one in results.values() for fault in one.faults]
    stopped = sorted({fault.asset for fault in faults if fault.severity == Severity.STOPPED})
    _repairs(found, faults, actor, on)
    _damage(found, stopped, actor, on)
    if found.rhythm.ended_on is None:
        due = rules.next_due(found.due_on, on, found.rhythm.every_days)
        planning.next_round(found.rhythm, found.number + 1, due, actor=actor, on=on)
    evidence.record(
        events.CLOSED,
        Ref("inspection_round", found.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(ROUND, found),
        division=found.division_code,
        reason=reason,
        facts={
            "site": found.site.name, "number": found.number, "sound": found.sound, "faulty": found.faulty,
            "missing": found.missing,
        },
    )  # fmt: skip
    return found


def _repairs(found: Round, faults: Sequence[rules.Fault], actor: Actor, on: date) -> None:
    """Every fault that stands becomes a repair; of cards that no longer count it stays in the round alone."""
    cards = Asset.objects.filter(pk__in={fault.asset for fault in faults}, status=Status.ACTIVE).in_bulk()
    for fault in faults:
        if fault.asset in cards:
            draft = FaultDraft(
                fault.what,
                fault.severity,
                down_since=on if fault.severity == Severity.STOPPED else None,
                origin=str(Ref("inspection_round", found.pk)),
            )
            repairing.open_order(cards[fault.asset], draft, actor=actor, on=on, is_sample=found.is_sample)


def _damage(found: Round, asset_ids: Sequence[int], actor: Actor, on: date) -> None:
    """Things that can't be used are damaged from now on, unless a procedure holds them or they changed later."""
    rows = Asset.objects.filter(
        pk__in=asset_ids, county=actor.county, status=Status.ACTIVE, frozen_by__isnull=True, state_since__lte=on
    ).exclude(condition=DAMAGED)
    ids = [
        key
        for key, code in rows.values_list("pk", "division_code")
        if actor.may(permissions.INSPECT, code or actor.county)
    ]
    if ids:
        assets.move(
            ids,
            MoveDraft(condition=DAMAGED),
            kind=events.STATE_FOUND,
            right=permissions.INSPECT,
            basis=_("“%(site)s”第 %(number)s 次巡查") % {"site": found.site.name, "number": found.number},
            source=Ref("inspection_round", found.pk),
            actor=actor,
            on=on,
        )


@transaction.atomic
def drop(round_id: int, *, reason: str, actor: Actor, on: date) -> Round:
    """Drop a round that won't be made; the next is listed. Raises NotFound, NotAllowed, Refusal without a reason."""
    found = _locked(round_id, actor, permissions.PLAN)
    if found.state != RoundState.OPEN:
        raise Refusal(_("这次巡查已经结束"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写取消巡查的原因"), clauses=_CLAUSES, field="reason")
    planning.end_round(found, RoundState.DROPPED, reason.strip(), actor=actor, on=on)
    due = rules.next_due(found.due_on, on, found.rhythm.every_days)
    planning.next_round(found.rhythm, found.number + 1, due, actor=actor, on=on)
    return found
