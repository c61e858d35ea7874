"""A killed step of a matter leaves nothing behind, and the matter goes on from where it was (2.4.2c)."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house import killing


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    yield from killing.environment(tmp_path_factory.mktemp("killed"))


def test_a_matter_killed_at_each_step_goes_on(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.case_worker", "walk"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len({node for node, *_rest in found["told"]}) >= 8
    for node, moment, ended, untouched, resumes in found["told"]:
        assert ended == signal.SIGKILL, (node, moment)
        assert untouched, (node, moment)
        assert resumes, node
    assert (found["end"], found["intact"]) == ("APPROVED", True)
