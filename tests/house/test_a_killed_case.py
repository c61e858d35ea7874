"""A killed step of a matter leaves nothing behind, and the matter goes on from where it was (2.4.2c)."""

import json
import signal
from typing import Any


def test_a_matter_killed_at_each_step_goes_on(processes: Any) -> None:
    found = json.loads(processes.run("tests.house.case_worker", "walk"))
    assert len({node for node, *_rest in found["told"]}) >= 8
    for node, moment, ended, untouched, resumes in found["told"]:
        assert ended == signal.SIGKILL, (node, moment)
        assert untouched, (node, moment)
        assert resumes, node
    assert (found["end"], found["intact"]) == ("APPROVED", True)
