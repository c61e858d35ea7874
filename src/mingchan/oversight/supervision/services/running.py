"""Running the checks (检查运行): findings are born, joined, changed and ended by their facts alone (1.2a, 4.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any

from django.db import transaction
from django.db.models import Max

from mingchan.foundation.evidence.models import Record
from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.period import utc_now
from mingchan.oversight.supervision import events, pack, permissions, rules
from mingchan.oversight.supervision.checks import Check, Hit
from mingchan.oversight.supervision.choices import Act, Cause, State
from mingchan.oversight.supervision.models import Finding, Run
from mingchan.oversight.supervision.queries.answering import Responsible
from mingchan.oversight.supervision.queries.examining import chosen, scope_of
from mingchan.oversight.supervision.services import writing
from mingchan.oversight.supervision.services.writing import Change
from mingchan.register.assets.models import Asset

FEW = 20
"""Up to so many changed assets are looked at one by one; beyond, the whole county is cheaper."""
QUIET = frozenset({"supervision", "directory", "portal", "web"})
"""Contexts whose events alone call for no check: our own, logins, figures taken anew."""


@dataclass
class _Tally:
    found: int = 0
    opened: int = 0
    gone: int = 0


class _Terms:
    """Days by which findings are due, each number of working days counted once."""

    def __init__(self, county: str, on: date) -> None:
        self.county, self.on = county, on
        self.known: dict[int, date] = {}

    def after(self, days: int) -> date:
        if days not in self.known:
            self.known[days] = procedures.working_day_after(self.county, self.on, days)
        return self.known[days]


def run(
    *,
    actor: Actor,
    on: date,
    cause: Cause = Cause.NIGHT,
    codes: Iterable[str] | None = None,
    reads: Iterable[str] | None = None,
    asset: int | None = None,
    is_sample: bool = False,
) -> Run:
    """Run checks over the county, or over one asset, as of `on`, and bring the findings up to date (1.2a, 4.2).

    Each check has a transaction of its own, so that nobody waits for all of them. A run that a person asks for needs
    `finding.run` over the place. Raises NotAllowed.
    """
    if cause == Cause.ASKED:
        place = actor.county
        if asset is not None:
            place = Asset.objects.filter(pk=asset).values_list("division_code", flat=True).first() or actor.county
        permissions.require_right(actor, permissions.RUN, place)
    begun, tally = perf_counter(), _Tally()
    cursor = _log_size()
    checks = chosen(codes, reads, by_asset=asset is not None)
    answering, terms = Responsible(actor.county, on), _Terms(actor.county, on)
    for check in checks:
        with transaction.atomic():
            _one_check(check, actor, on, asset, answering, terms, tally, is_sample)
    partial = asset is not None or codes is not None or reads is not None
    return Run.objects.create(
        county=actor.county,
        on=on,
        cause=cause,
        scope=f"asset:{asset}" if asset is not None else ("part" if partial else ""),
        cursor=cursor,
        checks=len(checks),
        found=tally.found,
        opened=tally.opened,
        gone=tally.gone,
        milliseconds=int((perf_counter() - begun) * 1000),
        ran_at=utc_now(),
    )


def _log_size() -> int:
    return int(Record.objects.aggregate(last=Max("seq"))["last"] or 0)


def follow(*, actor: Actor, on: date) -> Run | None:
    """Check what the events since the last run touch; None when nothing did (the log as outbox).

    Idempotent: what is checked twice is found once. A few changed assets are looked at alone.
    """
    last = Run.objects.filter(county=actor.county).order_by("-pk").values_list("cursor", flat=True).first() or 0
    touched = list(
        Record.objects.filter(seq__gt=last, region__in=("", actor.county))
        .order_by()
        .values_list("act", "obj")
        .distinct()
    )
    touched = [(act, obj) for act, obj in touched if act.split(".", 1)[0] not in QUIET]
    if not touched:
        return None
    kinds = {obj.partition(":")[0] for _act, obj in touched}
    assets = sorted({int(obj.partition(":")[2]) for _act, obj in touched if obj.startswith("asset:")})
    if kinds == {"asset"} and len(assets) <= FEW:
        found = [run(actor=actor, on=on, cause=Cause.EVENT, asset=asset) for asset in assets]
        return found[-1]
    return run(actor=actor, on=on, cause=Cause.EVENT, reads={act.split(".", 1)[0] for act, _obj in touched})


def _one_check(
    check: Check,
    actor: Actor,
    on: date,
    asset: int | None,
    answering: Responsible,
    terms: _Terms,
    tally: _Tally,
    is_sample: bool,
) -> None:
    """Find what stands, compare it with what is known, and write the difference."""
    reserve_ids(Finding, 1)  # one run at a time: on PostgreSQL this takes the table's advisory lock
    known_rows = Finding.objects.filter(county=actor.county, check_code=check.code)
    if asset is not None:
        known_rows = known_rows.filter(asset=asset)
    known: dict[tuple[str, str], tuple[int, str, str, date | None]] = {
        (subject, fact): (key, state, figures, until)
        for key, subject, fact, state, figures, until in known_rows.values_list(
            "pk", "subject", "fact", "state", "figures", "waived_until"
        ).iterator(chunk_size=5000)
    }
    new: list[Finding] = []
    again: dict[int, tuple[Hit, str]] = {}
    changed: dict[int, tuple[Hit, str]] = {}
    lapsed: list[int] = []
    spec = pack.specs()[check.code]
    due = terms.after(spec.due)
    for hit in check.find(scope_of(check, actor.county, on, past=False, asset=asset)):
        tally.found += 1
        subject, figures = f"{check.kind}:{hit.subject}", writing.packed(dict(hit.figures))
        before = known.pop((subject, hit.fact), None)
        if before is None:
            new.append(
                _born(check, hit, subject, figures, actor, on, due, answering.of(spec.role, hit.division), is_sample)
            )
        elif before[1] in (State.CLOSED, State.GONE):
            again[before[0]] = (hit, figures)
        elif before[1] == State.WAIVED and before[3] is not None and before[3] < on:
            lapsed.append(before[0])
        elif before[2] != figures:
            changed[before[0]] = (hit, figures)
    if asset is not None and new:
        new = _unknown(new, check, actor.county)
    tally.opened += writing.born(new, check.title, actor=actor, on=on)
    tally.opened += _returned(check, again, due, actor, on)
    _altered(check, changed, actor, on)
    _lapsed(check, lapsed, due, actor, on)
    gone = [(row[0], row[1]) for row in known.values() if row[1] in (State.OPEN, State.REPORTED, State.WAIVED)]
    tally.gone += _gone(check, gone, actor, on)


def _unknown(new: Sequence[Finding], check: Check, county: str) -> list[Finding]:
    """Those of one asset's findings that really are new: findings about contracts and dues belong to no asset."""
    asked = Finding.objects.filter(county=county, check_code=check.code, subject__in=[one.subject for one in new])
    known = set(asked.values_list("subject", "fact"))
    return [one for one in new if (one.subject, one.fact) not in known]


def _born(
    check: Check,
    hit: Hit,
    subject: str,
    figures: str,
    actor: Actor,
    on: date,
    due: date,
    answers: Any,
    is_sample: bool,
) -> Finding:
    return Finding(
        county=actor.county,
        check_code=check.code,
        family=str(check.family),
        severity=str(check.severity),
        subject=subject,
        fact=hit.fact,
        title=hit.title[:200],
        asset_id=hit.asset,
        division_code=hit.division or actor.county,
        figures=figures,
        since=hit.since,
        office_id=answers.office,
        office_name=answers.office_name,
        person_name=(hit.person or answers.person)[:50],
        state=State.OPEN.value,
        found_on=on,
        due_on=due,
        is_sample=is_sample,
    )


def _returned(check: Check, again: dict[int, tuple[Hit, str]], due: date, actor: Actor, on: date) -> int:
    """Facts that came back: a closed finding opens again with a new period, one that waited for review goes on."""
    closed = (
        set(Finding.objects.filter(pk__in=again, state=State.CLOSED).values_list("pk", flat=True)) if again else set()
    )

    def alter(one: Finding) -> None:
        hit, figures = again[one.pk]
        if one.state == State.CLOSED:
            one.times += 1
            one.found_on, one.due_on, one.escalated_on = on, due, None
        one.state, one.gone_on, one.closed_on = State.OPEN.value, None, None
        one.figures, one.since = figures, hit.since

    opened = [key for key in again if key in closed]
    waiting = [key for key in again if key not in closed]
    writing.change(opened, Change(Act.RETURNED, events.RETURNED, alter, opens=True), check.title, actor=actor, on=on)
    writing.change(waiting, Change(Act.RETURNED, events.RETURNED, alter), check.title, actor=actor, on=on)
    return len(again)


def _altered(check: Check, changed: dict[int, tuple[Hit, str]], actor: Actor, on: date) -> None:
    def alter(one: Finding) -> None:
        hit, figures = changed[one.pk]
        one.figures, one.title = figures, hit.title[:200]

    writing.change(list(changed), Change(Act.CHANGED, events.CHANGED, alter), check.title, actor=actor, on=on)


def _lapsed(check: Check, keys: list[int], due: date, actor: Actor, on: date) -> None:
    def alter(one: Finding) -> None:
        one.state, one.waived_until, one.due_on, one.escalated_on = State.OPEN.value, None, due, None

    writing.change(keys, Change(Act.LAPSED, events.WAIVER_LAPSED, alter), check.title, actor=actor, on=on)


def _gone(check: Check, rows: list[tuple[int, str]], actor: Actor, on: date) -> int:
    """Facts that are gone: warnings and exempted ones are closed, breaches wait for their review."""
    ends = {key: rules.after_gone(state, str(check.severity), state == State.WAIVED) for key, state in rows}

    def alter(one: Finding) -> None:
        one.state, one.gone_on, one.waived_until = ends[one.pk], on, None
        one.closed_on = on if ends[one.pk] == State.CLOSED else None

    closed = [key for key, state in ends.items() if state == State.CLOSED]
    waiting = [key for key, state in ends.items() if state != State.CLOSED]
    writing.change(closed, Change(Act.CLOSED, events.CLOSED, alter, closes=True), check.title, actor=actor, on=on)
    writing.change(waiting, Change(Act.GONE, events.GONE, alter), check.title, actor=actor, on=on)
    return len(rows)
