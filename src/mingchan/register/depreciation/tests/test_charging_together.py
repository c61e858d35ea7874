"""Several processes charge, take back, close and post in one book at once, and every invariant holds."""

from typing import Any

WORKERS, COUNT = 3, 16
WORKER = "mingchan.register.depreciation.tests.charging_worker"


def test_three_processes_charge_close_and_post_in_one_book(processes: Any) -> None:
    processes.run(WORKER, "prepare")
    processes.together(WORKER, [(str(worker), str(COUNT)) for worker in range(WORKERS)])
    assert processes.run(WORKER, "report") == "0 0 True True True"
