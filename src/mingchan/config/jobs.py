"""What is done by the clock, on one page: the jobs of the scheduler with their times in Asia/Shanghai."""

import logging
from datetime import time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from mingchan.config import backup, wiring
from mingchan.config.schedule import Job
from mingchan.foundation.evidence import services as evidence

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


def forget_old_tasks() -> None:
    """Rows of jobs that ended more than two weeks ago are deleted."""
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)


JOBS: tuple[Job, ...] = (
    Job("backup", nightly_backup, at=time(1, 0)),
    Job("verification", nightly_verification, at=time(2, 30)),
    Job("old tasks", forget_old_tasks, every=timedelta(days=1)),
)
