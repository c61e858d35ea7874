"""A killed handover moves nothing: the process is shot while it carries a list out, on the engine under test."""

import json
from typing import Any

WORKER = "tests.house.handover_worker"


def test_a_killed_handover_moves_nothing(processes: Any) -> None:
    handover = processes.run(WORKER, "prepare")
    before = json.loads(processes.run(WORKER, "report"))
    assert before["state"] == "SIGNING"
    assert (before["rights"], before["vouchers"], before["signatures"], before["intact"]) == (0, 0, 1, True)
    for moment in ("rights", "vouchers", "records", "closing"):
        assert processes.shot(WORKER, "killed", handover, moment), moment
        assert json.loads(processes.run(WORKER, "report")) == before, moment
    processes.run(WORKER, "signed", handover)
    after = json.loads(processes.run(WORKER, "report"))
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
