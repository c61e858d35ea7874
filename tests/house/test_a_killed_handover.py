"""A killed handover moves nothing: the process is shot while it carries a list out, on the engine under test."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import killing

WORKER = "tests.house.handover_worker"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of processes on a database of their own, on the engine under test."""
    yield from killing.environment(tmp_path_factory.mktemp("killed"))


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", WORKER, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _report(environment: dict[str, str]) -> Any:
    done = _run(environment, "report")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_killed_handover_moves_nothing(environment: dict[str, str]) -> None:
    made = _run(environment, "prepare")
    assert made.returncode == 0, made.stderr
    handover = made.stdout.strip()
    before = _report(environment)
    assert before["state"] == "SIGNING"
    assert (before["rights"], before["vouchers"], before["signatures"], before["intact"]) == (0, 0, 1, True)
    for moment in ("rights", "vouchers", "records", "closing"):
        shot = _run(environment, "killed", handover, moment)
        assert shot.returncode == -signal.SIGKILL, (moment, shot.stderr)
        assert _report(environment) == before, moment
    done = _run(environment, "signed", handover)
    assert done.returncode == 0, done.stderr
    after = _report(environment)
    total = sum(398_001 + index for index in range(40))
    assert after == {
        "state": "EXECUTED",
        "owners": [["新关镇人民政府", 40]],
        "versions": [2],
        "rights": 120,
        "vouchers": 2,
        "posted": 2 * total,
        "signatures": 2,
        "faults": 0,
        "intact": True,
    }
