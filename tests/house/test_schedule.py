"""Jobs by the clock run once at their turn, make up for a night the machine was off, and don't hinder each other."""

from datetime import datetime, time, timedelta
from pathlib import Path

from mingchan.config.schedule import Job, Memory, run_due
from mingchan.kernel.period import SHANGHAI


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_a_daily_job_runs_once_a_day(tmp_path: Path) -> None:
    ran: list[str] = []
    jobs = (Job("backup", lambda: ran.append("backup"), at=time(1, 0)),)
    memory = Memory(tmp_path / "schedule.json")
    memory.put(jobs[0], _at(10, 0, 30))
    for now in (_at(10, 0, 59), _at(10, 1, 0), _at(10, 1, 1), _at(10, 23), _at(11, 0, 59), _at(11, 1, 2)):
        run_due(jobs, memory, now)
    assert len(ran) == 2


def test_a_night_the_machine_was_off_is_made_up_for(tmp_path: Path) -> None:
    ran: list[str] = []
    job = Job("backup", lambda: ran.append("backup"), at=time(1, 0))
    memory = Memory(tmp_path / "schedule.json")
    memory.put(job, _at(10, 1, 0))
    assert run_due((job,), memory, _at(13, 9)) == ["backup"]
    assert run_due((job,), memory, _at(13, 9, 5)) == []


def test_what_ran_is_remembered_by_the_next_process(tmp_path: Path) -> None:
    job = Job("backup", lambda: None, at=time(1, 0))
    run_due((job,), Memory(tmp_path / "schedule.json"), _at(10, 1))
    assert Memory(tmp_path / "schedule.json").get(job) == _at(10, 1)


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "schedule.json").write_text("{", encoding="utf-8")
    assert Memory(tmp_path / "schedule.json").last == {}


def test_a_failing_job_does_not_stop_the_others(tmp_path: Path, caplog: object) -> None:
    ran: list[str] = []

    def fail() -> None:
        raise OSError("disk full")

    jobs = (
        Job("failing", fail, every=timedelta(minutes=1)),
        Job("other", lambda: ran.append("other"), every=timedelta(minutes=1)),
    )
    memory = Memory(tmp_path / "schedule.json")
    assert run_due(jobs, memory, _at(10, 8)) == ["failing", "other"]
    assert run_due(jobs, memory, _at(10, 8)) == []
    assert run_due(jobs, memory, _at(10, 8, 1)) == ["failing", "other"]
    assert ran == ["other", "other"]
