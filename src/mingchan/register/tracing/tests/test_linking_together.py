"""Several processes link one payment at once: never more than became assets, and nothing breaks (2.1.1)."""

from typing import Any

WORKER = "mingchan.register.tracing.tests.linking_worker"


def test_four_processes_link_one_payment(processes: Any) -> None:
    processes.run(WORKER, "prepare")
    linked = processes.together(WORKER, [("link", str(number)) for number in range(4)])
    assert sum(map(int, linked)) == 7
    assert processes.run(WORKER, "report") == "7000 7000"
