"""The reading process: sets its own limits, runs one named task on one file, writes frames to its output.

A frame is four bytes of length (big endian) and that many bytes of JSON. The last frame has ``k`` = ``end``,
``refused`` or ``failed``; a process that dies without one is explained by the parent from how it died.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits, ReadingError

Task = Callable[[Path, dict[str, Any], Limits], Iterator[dict[str, Any]]]
TASKS = {
    "understand": "mingchan.interfaces.exchange.understanding.workbook:understand",
    "cells": "mingchan.interfaces.exchange.reading.rawcells:cells",
}
_DUMP = orjson.OPT_NON_STR_KEYS


def _task(name: str) -> Task:
    module, _, attribute = TASKS[name].partition(":")
    found: Task = getattr(importlib.import_module(module), attribute)
    return found


def _limit_self(limits: Limits) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    address_space = pages * resource.getpagesize() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))


def _usage() -> dict[str, int]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_ms": int((used.ru_utime + used.ru_stime) * 1000), "max_rss_kib": used.ru_maxrss}


def main(name: str, path: str) -> int:
    """Run task ``name`` on the file at ``path``; options and limits come as JSON on standard input."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def send(frame: dict[str, Any]) -> None:
        body = orjson.dumps(frame, option=_DUMP)
        view = memoryview(len(body).to_bytes(4, "big") + body)
        while view:
            view = view[out.write(view) :]

    gc.disable()  # one task, few cycles: collecting costs more than it frees
    asked = orjson.loads(sys.stdin.buffer.read())
    limits = Limits(**asked["limits"])
    last: dict[str, Any] = {"k": "failed", "code": "internal", "params": {}}
    try:
        task = _task(name)
        _limit_self(limits)
        for frame in task(Path(path), asked["options"], limits):
            send(frame)
        last = {"k": "end", "usage": _usage()}
    except BrokenPipeError:
        return 1
    except ContainerRefused as refused:
        last = {"k": "refused", "code": refused.code, "params": refused.params}
    except ReadingError as failed:
        last = {"k": "failed", "code": failed.code, "params": failed.params}
    except MemoryError:
        last = {"k": "failed", "code": "memory", "params": {}}
    except BaseException as error:  # a panic in the reader is no Exception
        code = "reader_broke" if type(error).__name__ == "PanicException" else "internal"
        last = {"k": "failed", "code": code, "params": {"kind": type(error).__name__, "at": _place(error)}}
    with contextlib.suppress(BrokenPipeError):
        send(last)
    return 0


def _place(error: BaseException) -> str:
    """File and line where it broke, for the maintainer; no cell content."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
