"""The scheduler (定时任务): what is done by the clock, as a loop of its own process.

Each job has a time of day in Asia/Shanghai or a pause between runs. When a job last ran stands in a file under
MINGCHAN_HOME, so a machine that was off at night makes up for it after the next start. A job that fails is reported
and tried again at its next turn; the others go on.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path

from mingchan.kernel.period import SHANGHAI

logger = logging.getLogger("mingchan.schedule")
TICK = 5.0


@dataclass(frozen=True)
class Job:
    """One job by the clock: daily `at` a time, or `every` so often."""

    name: str
    run: Callable[[], None]
    at: clock | None = None
    every: timedelta | None = None

    def due(self, last: datetime | None, now: datetime) -> bool:
        """Whether the job is to run at `now`, having last run at `last` (None: never)."""
        if self.every is not None:
            return last is None or now - last >= self.every
        assert self.at is not None
        turn = datetime.combine(now.date(), self.at, SHANGHAI)
        if turn > now:
            turn -= timedelta(days=1)
        return last is None or last < turn


class Memory:
    """When each job last ran, kept in one small file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.last: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            self.last = {}

    def get(self, job: Job) -> datetime | None:
        """When the job last ran, or None."""
        text = self.last.get(job.name)
        return datetime.fromisoformat(text) if text else None

    def put(self, job: Job, moment: datetime) -> None:
        """Remember that the job ran; the file is replaced in one step."""
        self.last[job.name] = moment.isoformat(timespec="seconds")
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.last, indent=1), encoding="utf-8")
        os.replace(part, self.path)


def run_due(jobs: tuple[Job, ...], memory: Memory, now: datetime) -> list[str]:
    """Run every job whose turn has come and return their names. A job's error is logged, not raised."""
    ran = []
    for job in jobs:
        if job.due(memory.get(job), now):
            try:
                job.run()
            except Exception:
                logger.exception("job %s failed", job.name)
            memory.put(job, now)
            ran.append(job.name)
    return ran
