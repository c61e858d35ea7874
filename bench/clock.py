"""The clock of the benchmarks: CPU seconds of a process, of its children, and of the PostgreSQL server it talks to.

CPU time, not wall time: on a shared machine the wall time of one job mostly tells who else is running. Every case runs
in turn, some rounds, and the median counts; what is quoted is the ratio of two medians of the same run.
"""

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).resolve().parent


def own_cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak_mib() -> int:
    """Largest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Server:
    """The processes of a PostgreSQL cluster on this machine. Use a cluster of its own: all its processes count."""

    def __init__(self, backend_pid: int | None) -> None:
        self.root = _parent(backend_pid) if backend_pid else None

    def cpu(self) -> float:
        """CPU seconds of all processes of the cluster, those that have ended included. 0.0 without a cluster."""
        if self.root is None:
            return 0.0
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and (parent := _parent(int(entry.name))) is not None:
                children.setdefault(parent, []).append(int(entry.name))
        total, waiting = 0.0, [self.root]
        while waiting:
            pid = waiting.pop()
            waiting += children.get(pid, [])
            total += _cpu_of(pid)
        return total


def _fields(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2 :].split()


def _parent(pid: int) -> int | None:
    try:
        return int(_fields(pid)[1])
    except OSError:
        return None


def _cpu_of(pid: int) -> float:
    try:
        running = sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
        ended = _fields(pid)
    except OSError:
        return 0.0
    return running / 1e9 + (int(ended[13]) + int(ended[14])) / TICK


def measured(work: Callable[[], Any], server: Server | None = None) -> float:
    """CPU seconds of a piece of work."""
    gc.collect()
    before = own_cpu() + (server.cpu() if server else 0.0)
    work()
    return own_cpu() + (server.cpu() if server else 0.0) - before


def in_turn(cases: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Every case once in each round; each answers what it cost."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _round in range(rounds):
        for name, case in cases.items():
            found[name].append(case())
    return found


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def repeated(work: Callable[[], Any], least_seconds: float = 0.05, server: Server | None = None) -> float:
    """CPU seconds of one run of short work: it is repeated until the clock can tell."""
    times = 1
    while True:

        def many(count: int = times) -> None:
            for _time in range(count):
                work()

        spent = measured(many, server)
        if spent >= least_seconds:
            return spent / times
        times *= 4 if spent < least_seconds / 4 else 2


def apart(script: str, *arguments: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a script of this folder in a process of its own and answer the JSON of its last line."""
    ran = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{script} {' '.join(arguments)} ended with {ran.returncode}")
    answer: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return answer


def table(rows: Sequence[Sequence[object]], head: Sequence[str]) -> None:
    """Print rows in columns."""
    texts = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[at]) for row in texts) for at in range(len(head))]
    for row in texts:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


def verdict(ratio: float, must: float, *, least: bool = False) -> str:
    """Whether a ratio is within what it must be: at most `must`, or at least it with `least`."""
    return "ok" if (ratio >= must if least else ratio <= must) else "MISSED"
