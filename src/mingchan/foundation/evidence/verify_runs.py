"""Runs of the verifier (校验的执行): asked for, carried out with visible progress, their report kept."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.choices import RunState
from mingchan.foundation.evidence.models import VerifyRun
from mingchan.foundation.evidence.reports import Report
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed
from mingchan.kernel.period import utc_now

logger = logging.getLogger("mingchan.evidence")
GIVEN_UP_AFTER = timedelta(hours=2)


def ask(actor: Actor, on: date) -> tuple[VerifyRun, bool]:
    """A new run and True, or the county's run still going and False. Raises NotAllowed without `log.verify`."""
    if not actor.may("log.verify"):
        raise NotAllowed(_("没有校验留痕的权限。"))
    since = utc_now() - GIVEN_UP_AFTER
    going = VerifyRun.objects.filter(
        county=actor.county, state__in=(RunState.WAITING, RunState.RUNNING), asked_at__gt=since
    ).first()
    if going is not None:
        return going, False
    return VerifyRun.objects.create(county=actor.county, asked_by=actor.name, asked_on=on, asked_at=utc_now()), True


def carry_out(run_id: int, verify: Callable[[Callable[[int, int], None]], Report]) -> Report:
    """Carry a run out and keep its report. An error marks it as not finished and goes on to the caller."""
    VerifyRun.objects.filter(id=run_id).update(state=RunState.RUNNING)
    try:
        report = verify(lambda done, total: _show(run_id, done, total))
    except Exception:
        VerifyRun.objects.filter(id=run_id).update(state=RunState.FAILED, ended_at=utc_now())
        raise
    rows = sum(report.read.values())
    VerifyRun.objects.filter(id=run_id).update(
        state=RunState.DONE, ended_at=utc_now(), done=rows, total=rows, verdict=report.verdict, report=report.as_dict()
    )
    return report


def _show(run_id: int, done: int, total: int) -> None:
    """Write the progress through a connection of its own: the verifier's holds its unchanging view of the database."""
    statement = "UPDATE evidence_verifyrun SET done = %s, total = %s WHERE id = %s"
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(statement, [done, total, run_id])
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(statement, [done, total, run_id])
    finally:
        other.close()
