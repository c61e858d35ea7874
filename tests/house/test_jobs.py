"""What the scheduler does: backups that are kept for a while, and imports taken up again after their process died."""

from datetime import date
from pathlib import Path

import pytest

from mingchan.config import backup, county, jobs
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel.period import utc_now

DAY = date(2020, 3, 10)


@pytest.fixture
def dead(db: None) -> Batch:
    """A batch whose process was killed while it was being written."""
    county.prepare(sample=True, on=DAY)
    return Batch.objects.create(
        county="140932",
        file_name="台账.xlsx",
        sha256="0" * 64,
        state=BatchState.APPLYING,
        uploader=Account.objects.get(username="bureau_clerk"),
        received_on=DAY,
        received_at=utc_now(),
        applied_on=DAY,
    )


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, str]]:
    """What was given to the worker."""
    found: list[tuple[int, int, str]] = []

    class Task:
        def enqueue(self, *given: object) -> None:
            found.append(given)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs.tasks, "apply_batch", Task())
    return found


def test_a_dead_import_is_started_again_once(dead: Batch, enqueued: list[tuple[int, int, str]]) -> None:
    job = jobs.StaleImports()
    job()
    assert enqueued == []
    job()
    assert enqueued == [(dead.pk, dead.uploader_id, "2020-03-10")]
    Batch.objects.update(state=BatchState.APPLYING)
    job()
    job()
    assert len(enqueued) == 1


def test_a_living_import_is_left_alone(
    dead: Batch, enqueued: list[tuple[int, int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_is_alive", lambda _number: True)
    job = jobs.StaleImports()
    job()
    job()
    assert enqueued == []


def test_old_backups_are_let_go(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    settings.MINGCHAN_HOME = tmp_path  # type: ignore[attr-defined]
    for number in range(16):
        folder = tmp_path / "backups" / f"mingchan-140932-202003{number:02d}T000000Z"
        folder.mkdir(parents=True)
        (folder / backup.MANIFEST).write_text("{}")
    monkeypatch.setattr(backup, "make", lambda _to: None)
    jobs.nightly_backup()
    left = backup.present(tmp_path / "backups")
    assert len(left) == jobs.KEPT_BACKUPS
    assert left[0].name == "mingchan-140932-20200302T000000Z"
