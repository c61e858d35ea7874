"""Two processes write overlapping rights at once, on either engine: at most one of them wins each asset (2.3)."""

from typing import Any

from mingchan.register.rights.tests.writing_worker import ASSETS

WORKER = "mingchan.register.rights.tests.writing_worker"


def test_two_writers_never_open_more_than_the_whole(processes: Any) -> None:
    processes.run(WORKER, "prepare")
    taken = processes.together(WORKER, [("insert", "1"), ("insert", "2")])
    assert sum(map(int, taken)) == ASSETS
    assert processes.together(WORKER, [("move", "1"), ("move", "2")]) == [str(ASSETS)] * 2
    assert processes.run(WORKER, "report") == f"{ASSETS} 2/3 [Fraction(1, 1)]"
