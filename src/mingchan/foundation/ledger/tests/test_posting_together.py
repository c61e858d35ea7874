"""Several processes post into one book at once: no gap, no double, one voucher for one key (LED-04, LED-07)."""

from typing import Any

WORKERS, COUNT = 4, 30
WORKER = "mingchan.foundation.ledger.tests.posting_worker"


def test_four_processes_post_into_one_book(processes: Any) -> None:
    processes.run(WORKER, "prepare")
    processes.together(WORKER, [(str(worker), str(COUNT)) for worker in range(WORKERS)])
    shared = COUNT // 5
    expected = shared + WORKERS * (COUNT - shared)
    assert processes.run(WORKER, "report") == f"{expected} True 0"
