"""A killed disposal carries nothing out: the process is shot while assets leave, on the engine under test."""

import json
from typing import Any

WORKER = "tests.house.disposal_worker"


def test_a_killed_disposal_carries_nothing_out(processes: Any) -> None:
    disposal = processes.run(WORKER, "prepare")
    before = json.loads(processes.run(WORKER, "report"))
    assert (before["state"], before["cards"], before["vouchers"]) == ("MAY_PROCEED", [["ACTIVE", True, 6]], 0)
    assert before["intact"]
    for moment in ("leaving", "rights", "vouchers", "result", "case"):
        assert processes.shot(WORKER, "killed", disposal, moment), moment
        assert json.loads(processes.run(WORKER, "report")) == before, moment
    processes.run(WORKER, "executed", disposal)
    after = json.loads(processes.run(WORKER, "report"))
    assert after == {
        "state": "EXECUTED", "cards": [["DISPOSED", False, 6]], "open_rights": 0, "vouchers": 2, "results": 1,
        "papers": before["papers"] + 1, "faults": 0, "equal": True, "intact": True,
    }  # fmt: skip
