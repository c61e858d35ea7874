"""Two processes let the same assets at once: each asset is let by one of them, never by both (2.4.2a)."""

from typing import Any

from mingchan.lifecycle.operation.tests.letting_worker import ASSETS

WORKER = "mingchan.lifecycle.operation.tests.letting_worker"


def test_each_asset_is_let_once(processes: Any) -> None:
    processes.run(WORKER, "prepare")
    taken = processes.together(WORKER, [("let", "1"), ("let", "2")])
    assert sum(map(int, taken)) == ASSETS
    assert processes.run(WORKER, "report") == f"{ASSETS} 0"
