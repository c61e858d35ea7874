"""Runs a reading task in a fresh process with limits, and turns its death into a cause a clerk can act on."""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import orjson

import mingchan
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits, ReadingFailed

Progress = Callable[[dict[str, Any]], None]
Keeper = Callable[[bytearray], None]
_CHILD = "mingchan.interfaces.exchange.reading.child"
_LONGEST_FRAME = 256 * 1024 * 1024
_PIPE_BYTES = 1 << 20
_KEPT_STDERR = 4096
_POLL_SECONDS = 0.2


def run_in_child(
    task_name: str,
    path: Path,
    options: dict[str, Any],
    *,
    limits: Limits | None = None,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keeper | None = None,
) -> Generator[dict[str, Any], None, None]:
    """Yield the frames of task ``task_name`` on the file at ``path``; progress frames go to ``on_progress``.

    ``keep`` gets each frame of rows as the bytes it came in, before it is yielded.
    The last frame yielded has ``k`` = ``end`` and tells the child's CPU milliseconds and peak memory. The child is
    ended when the generator is closed. Time the caller spends between frames does not count against the limits.

    Raises ContainerRefused when the file may not be read, ReadingFailed when reading ended early
    (memory, cpu_time, wall_time, cancelled, reader_broke, crashed, internal).
    """
    limits = limits or Limits()
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", "-X", "utf8", "-m", _CHILD, task_name, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        close_fds=True,
        start_new_session=True,
    )
    assert process.stdin is not None
    channel = _Channel(process, limits, cancelled)
    try:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(
                orjson.dumps({"options": options, "limits": limits.as_dict()}, option=orjson.OPT_NON_STR_KEYS)
            )
            process.stdin.close()
        while True:
            frame = channel.frame()
            if frame is None:
                raise _explained(process.wait(), channel.stderr)
            kind = frame.get("k")
            if kind == "progress":
                if on_progress is not None:
                    on_progress(frame)
                continue
            if kind == "refused":
                raise ContainerRefused(frame["code"], frame["params"])
            if kind == "failed":
                raise ReadingFailed(frame["code"], frame["params"])
            if keep is not None and kind == "rows":
                keep(channel.body)
            yield frame
            if kind == "end":
                return
    finally:
        channel.close()


def _environment() -> dict[str, str]:
    """Nothing of the parent's environment but what an interpreter needs: no addresses, no secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(mingchan.__file__).resolve().parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "1",
        "RUST_BACKTRACE": "0",
    }


def _explained(status: int, stderr: bytes) -> ReadingFailed:
    if status == -signal.SIGXCPU:
        return ReadingFailed("cpu_time")
    if status == -signal.SIGKILL or b"memory allocation of" in stderr or b"MemoryError" in stderr:
        return ReadingFailed("memory")
    return ReadingFailed("crashed", {"status": status})


class _Channel:
    """The child's two pipes, read without blocking past the limits."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, cancelled: Callable[[], bool] | None) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.cancelled = cancelled
        self.left = limits.wall_seconds
        self.stderr = b""
        self.body = bytearray()
        self._out = process.stdout.fileno()
        self._err = process.stderr.fileno()
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(self._err, selectors.EVENT_READ)

    def frame(self) -> dict[str, Any] | None:
        """The next frame, or None when the child closed its output."""
        head = self._exactly(4)
        if head is None:
            return None
        length = int.from_bytes(head, "big")
        if length > _LONGEST_FRAME:
            raise ReadingFailed("internal", {"kind": "frame"})
        body = self._exactly(length)
        if body is None:
            return None
        self.body = body
        found: dict[str, Any] = orjson.loads(body)
        return found

    def _exactly(self, count: int) -> bytearray | None:
        buffer = bytearray(count)
        view = memoryview(buffer)
        done = 0
        while done < count:
            self._wait()
            got = os.readv(self._out, [view[done:]])
            if got == 0:
                self._drain()
                return None
            done += got
        return buffer

    def _wait(self) -> None:
        """Return when output can be read. Raises ReadingFailed when cancelled or out of time."""
        while True:
            if self.cancelled is not None and self.cancelled():
                raise ReadingFailed("cancelled")
            began = time.monotonic()
            ready = self._selector.select(_POLL_SECONDS)
            self.left -= time.monotonic() - began
            if self.left < 0:
                raise ReadingFailed("wall_time")
            numbers = {key.fd for key, _events in ready}
            if self._err in numbers:
                self._take_stderr()
            if self._out in numbers:
                return

    def _take_stderr(self) -> bool:
        text = os.read(self._err, _KEPT_STDERR)
        if not text:
            self._selector.unregister(self._err)
        self.stderr = (self.stderr + text)[-_KEPT_STDERR:]
        return bool(text)

    def _drain(self) -> None:
        if self._err in {key.fd for key in self._selector.get_map().values()}:
            while self._take_stderr():
                pass

    def close(self) -> None:
        """End the child if it still runs, and free the pipes."""
        self._selector.close()
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self.process.wait()
