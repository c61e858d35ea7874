"""What is done by the clock, on one page: the jobs of the scheduler with their times in Asia/Shanghai."""

import logging
from datetime import time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from mingchan.config import backup, wiring
from mingchan.config.schedule import Job
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.interfaces.exchange import progress, tasks
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.portal import services as portal
from mingchan.kernel import period
from mingchan.lifecycle.operation import services as operation
from mingchan.lifecycle.revival import services as revival
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.supervision import services as supervision

logger = logging.getLogger("mingchan.jobs")
KEPT_BACKUPS = 14


def nightly_backup() -> None:
    """A verified backup beside the data; the oldest ones beyond two weeks of nights are let go."""
    folder = Path(settings.MINGCHAN_HOME) / "backups"
    backup.make(folder)
    for old in backup.present(folder)[:-KEPT_BACKUPS]:
        backup.remove(old)


def nightly_verification() -> None:
    """Recompute the log and compare every protected row. What is found is logged as an error."""
    report = evidence.verify(wiring.PROTECTED)
    if not report.ok:
        for finding in report.findings:
            logger.error("verification: %s", finding)


class StaleImports:
    """Imports whose process died (断电、强行结束): taken up again by themselves, each once.

    One must look dead twice in a row, so that a batch between two steps isn't taken for one. A batch that kills its
    process again is left to a person, who sees it standing and can start it from its page.
    """

    def __init__(self) -> None:
        self.suspected: set[int] = set()
        self.tried: set[int] = set()

    def __call__(self) -> None:
        running = Batch.objects.filter(state__in=(BatchState.READING, BatchState.APPLYING)).select_related("uploader")
        silent = {batch.pk: batch for batch in running if not _is_alive(batch.pk)}
        for number in sorted(silent.keys() & self.suspected - self.tried):
            self.tried.add(number)
            logger.warning("import %s stood still and is started again", number)
            _start_again(silent[number])
        self.suspected = set(silent)


def _is_alive(batch_id: int) -> bool:
    found = progress.read(batch_id)
    return found is not None and found.alive


def _start_again(batch: Batch) -> None:
    today = period.today()
    on = batch.applied_on or today
    actor = directory.actor_for(batch.uploader, today, source="scheduler")
    batch = exchange.restart(batch.pk, actor=actor, on=today)
    task = tasks.apply_batch if batch.state == BatchState.QUEUED else tasks.read_batch
    task.enqueue(batch.pk, batch.uploader_id, on.isoformat())


def contracts_of_the_day() -> None:
    """Contracts whose first day has come begin, those whose last day has passed expire (2.4.2a)."""
    operation.by_the_clock(settings.COUNTY, on=period.today())


def idle_assets() -> None:
    """The pool of idle assets is brought up to the day, measures under way are followed (2.6.2)."""
    entered, left, settled = revival.by_the_clock(settings.COUNTY, on=period.today())
    if entered or left or settled:
        logger.info("idle assets: %s entered, %s left, %s measures settled", entered, left, settled)


def nightly_portal() -> None:
    """Take the portal's public figures anew, whether or not anything changed."""
    portal.rebuild(actor=directory.nobody(settings.COUNTY), on=period.today())


def follow_on_portal() -> None:
    """Bring the portal up to date when the register changed since the last time."""
    portal.refresh(actor=directory.nobody(settings.COUNTY), on=period.today())


def forget_old_tasks() -> None:
    """Rows of jobs that ended more than two weeks ago are deleted."""
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)


def nightly_notices() -> None:
    """Notices whose period is over are closed and their cases go on; cases that wait without a draft get one.

    What can't be closed yet (an open objection, a board without proof) stays, for people to see in their lists.
    """
    actor, today = directory.installer(settings.COUNTY), period.today()
    disclosure.draft_missing(actor=actor, on=today)
    closed, held = disclosure.close_over(actor=actor, on=today)
    if closed or held:
        logger.info("notices: %s closed, %s held", closed, held)


def remind_of_tasks() -> None:
    """Remind of steps due soon, mark those overdue, take those overdue for long to the supervising office."""
    actor = directory.nobody(settings.COUNTY)
    done = procedures.remind(actor=actor, on=period.today())
    if any(done):
        logger.info("reminded of %s steps, %s overdue, %s taken above", *done)


def nightly_supervision() -> None:
    """Run every check over the county, then take what is long overdue to joint supervision (1.2a, 3.4.2, 4.2)."""
    actor, today = directory.nobody(settings.COUNTY), period.today()
    done = supervision.run(actor=actor, on=today)
    joint = supervision.escalate(actor=actor, on=today)
    logger.info("supervision: %s found, %s new, %s gone, %s escalated", done.found, done.opened, done.gone, joint)


def follow_on_supervision() -> None:
    """Check what events since the last run touch."""
    supervision.follow(actor=directory.nobody(settings.COUNTY), on=period.today())


JOBS: tuple[Job, ...] = (
    Job("notices", nightly_notices, at=time(0, 20)),
    Job("backup", nightly_backup, at=time(1, 0)),
    Job("verification", nightly_verification, at=time(2, 30)),
    Job("contracts", contracts_of_the_day, at=time(0, 5)),
    Job("idle assets", idle_assets, at=time(0, 40)),
    Job("reminders", remind_of_tasks, every=timedelta(hours=1)),
    Job("stale imports", StaleImports(), every=timedelta(seconds=30)),
    Job("portal", nightly_portal, at=time(3, 30)),
    Job("portal changes", follow_on_portal, every=timedelta(minutes=10)),
    Job("supervision", nightly_supervision, at=time(0, 40)),
    Job("supervision follows", follow_on_supervision, every=timedelta(minutes=2)),
    Job("old tasks", forget_old_tasks, every=timedelta(days=1)),
)
