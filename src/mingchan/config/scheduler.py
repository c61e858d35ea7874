"""The scheduler's process (定时任务进程): the jobs of `jobs`, run as `schedule` says, until a stop signal."""

import signal
import sys
from datetime import datetime
from pathlib import Path
from threading import Event
from types import FrameType

import django


def main() -> int:
    """Run what is due, every few seconds, until told to stop."""
    django.setup()
    from django.conf import settings
    from django.db import close_old_connections

    from mingchan.config import jobs, schedule
    from mingchan.kernel.period import SHANGHAI

    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    memory = schedule.Memory(Path(settings.MINGCHAN_HOME) / "schedule.json")
    # The first start of an installation is not the time for a backup: its daily jobs begin with the next turn.
    for job in jobs.JOBS:
        if job.at is not None and memory.get(job) is None:
            memory.put(job, datetime.now(SHANGHAI))
    while not stop.wait(schedule.TICK):
        close_old_connections()
        schedule.run_due(jobs.JOBS, memory, datetime.now(SHANGHAI))
    return 0


if __name__ == "__main__":
    sys.exit(main())
