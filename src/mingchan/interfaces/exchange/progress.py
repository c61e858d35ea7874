"""How far a long act has come (进度), kept in a small file beside the database.

The act itself holds the database's write lock, so its progress can't be a row. The file names the process, so a page
can tell an act that runs from one that was killed.
"""

import json
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

PAUSE_SECONDS = 0.2


class Progress(NamedTuple):
    """Stage word, rows done, rows in all, seconds since the start, and whether the process still lives."""

    stage: str
    done: int
    total: int
    seconds: float
    alive: bool
    cancelling: bool

    @property
    def percent(self) -> int:
        """Share done in whole per cent, 0 when the total is not known yet."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def rows_per_second(self) -> int:
        return int(self.done / self.seconds) if self.seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        rate = self.rows_per_second
        return max(0, (self.total - self.done) // rate) if rate and self.total else None


def _path(batch_id: int) -> Path:
    return Path(settings.MINGCHAN_HOME) / "progress" / f"batch-{batch_id}.json"


def _flag(batch_id: int) -> Path:
    return _path(batch_id).with_suffix(".cancel")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


class Reporter:
    """Reports one act's progress, at most a few times a second, and hears a wish to cancel."""

    def __init__(self, batch_id: int, total: int) -> None:
        self.batch_id = batch_id
        self.total = total
        self.started = time.time()
        self._last = 0.0
        self._stage = ""
        _flag(batch_id).unlink(missing_ok=True)
        self.report("start", 0)

    def report(self, stage: str, done: int) -> None:
        """Write stage and rows done."""
        now = time.time()
        if now - self._last < PAUSE_SECONDS and stage == self._stage and done < self.total:
            return
        self._last, self._stage = now, stage
        record = {
            "stage": stage,
            "done": done,
            "total": self.total,
            "started": self.started,
            "at": now,
            "pid": os.getpid(),
        }
        _write(_path(self.batch_id), json.dumps(record))

    def cancelled(self) -> bool:
        """Whether somebody asked to cancel."""
        return _flag(self.batch_id).exists()

    def close(self) -> None:
        """Remove the traces of the act."""
        _flag(self.batch_id).unlink(missing_ok=True)
        _path(self.batch_id).unlink(missing_ok=True)


def ask_to_cancel(batch_id: int) -> None:
    """Ask the running act of a batch to stop before it commits."""
    _write(_flag(batch_id), "")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def read(batch_id: int) -> Progress | None:
    """The progress of a batch's running act, or None when nothing has been reported."""
    try:
        record: dict[str, Any] = json.loads(_path(batch_id).read_text())
    except (OSError, ValueError):
        return None
    return Progress(
        stage=str(record["stage"]),
        done=int(record["done"]),
        total=int(record["total"]),
        seconds=max(0.0, float(record["at"]) - float(record["started"])),
        alive=_lives(int(record["pid"])),
        cancelling=_flag(batch_id).exists(),
    )
