"""One process tree (进程树): the web server, the worker and the scheduler, watched by this process.

A child that dies is started again, with a growing pause when it keeps dying. SIGTERM or SIGINT stops all of them in
order: the web server finishes its requests, the worker its job, the scheduler its loop. When this process is killed
outright, the kernel tells the children to stop, so the port is free for the next start.
"""

import contextlib
import ctypes
import fcntl
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

READY_WITHIN = 30.0
STOP_WITHIN = 20.0
LONGEST_PAUSE = 30.0
STABLE_AFTER = 60.0
THREADS = 8
_PR_SET_PDEATHSIG = 1


class ServeError(Exception):
    """The server can't start; the text says why and what to do."""


@dataclass(frozen=True)
class Options:
    """Where to listen. `certificate` and `key` make it HTTPS; without them only loopback is allowed."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    def probe_host(self) -> str:
        """An address of this machine at which the server answers."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "localhost") else self.host  # noqa: S104


@dataclass
class Child:
    """One watched process of the tree."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.5
    start_at: float = 0.0
    deaths: int = field(default=0)

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _die_with_parent() -> None:
    """In the child: a new session (so a whole group can be ended) and a stop signal when the parent is gone."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def commands(options: Options) -> list[tuple[str, list[str]]]:
    """The command of each child."""
    web = [
        sys.executable, "-m", "granian", "mingchan.config.wsgi:application",
        "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", str(options.workers), "--blocking-threads", str(THREADS),
        "--no-ws", "--log-level", "error", "--respawn-failed-workers", "--workers-kill-timeout", "15",
    ]  # fmt: skip
    if options.certificate and options.key:
        web += ["--ssl-certificate", str(options.certificate), "--ssl-keyfile", str(options.key)]
        web += ["--ssl-protocol-min", "tls1.2"]
    worker = [
        sys.executable, "-m", "django", "db_worker", "--queue-name", "*", "--interval", "0.5",
        "--no-startup-delay", "--no-reload", "--verbosity", "0",
    ]  # fmt: skip
    scheduler = [sys.executable, "-m", "mingchan.config.scheduler"]
    return [("web", web), ("worker", worker), ("scheduler", scheduler)]


def _refuse_what_cannot_work(options: Options) -> None:
    if not is_loopback(options.host) and options.certificate is None:
        raise ServeError(
            f"{options.host} can be reached by other machines, and passwords would cross the network unprotected. "
            "Start with --lan (make run LAN=1), which serves HTTPS."
        )
    with socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            raise ServeError(
                f"Port {options.port} on {options.host} can't be used ({error.strerror}). "
                "Another server may be running; choose another with --port (make run PORT=9000)."
            ) from None


def _lock(home: Path) -> IO[str]:
    """The lock that one server holds on its home. Raises ServeError when another holds it."""
    home.mkdir(parents=True, exist_ok=True)
    file = (home / "serve.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        where = file.read().strip()
        file.close()
        raise ServeError(f"A server already runs on this data: {where or home}") from None
    os.set_inheritable(file.fileno(), False)
    return file


class Supervisor:
    """Starts the children, keeps them alive and ends them together."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.children = [Child(name, command) for name, command in commands(options)]
        self.stopping = False

    def _start(self, child: Child) -> None:
        environment = {"DJANGO_SETTINGS_MODULE": "mingchan.config.settings"} | os.environ | {"PYTHONUNBUFFERED": "1"}
        child.process = subprocess.Popen(
            list(child.command), env=environment, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent
        )
        child.started = time.monotonic()

    def _end_group(self, child: Child, number: int) -> None:
        if child.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, number)

    def _revive(self, child: Child) -> None:
        """Start a dead child again once its pause is over. What is left of its group is ended first."""
        now = time.monotonic()
        assert child.process is not None
        if not child.start_at:
            self._end_group(child, signal.SIGKILL)
            child.deaths += 1
            child.pause = 0.5 if now - child.started > STABLE_AFTER else min(child.pause * 2, LONGEST_PAUSE)
            child.start_at = now + child.pause
            sys.stderr.write(f"[mingchan] {child.name} ended with {child.process.returncode}; starting it again\n")
        elif now >= child.start_at:
            child.start_at = 0.0
            self._start(child)

    def _status(self) -> int:
        """The status with which the web server answers its first page, or 0 while it doesn't answer."""
        url = f"{self.options.scheme}://{self.options.probe_host()}:{self.options.port}/"
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            with opener.open(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until_ready(self) -> None:
        """Return when a page is answered. Raises ServeError when it isn't in time, the server ends, or it is broken."""
        limit = time.monotonic() + READY_WITHIN
        while not self.stopping:
            status = self._status()
            if status >= 500:
                raise ServeError(f"The first page is answered with error {status}; the cause stands above.")
            if status:
                return
            if not self.children[0].alive():
                raise ServeError("The web server ended while it started; its message stands above.")
            if time.monotonic() > limit:
                raise ServeError(f"The web server did not answer within {READY_WITHIN:.0f} s.")
            time.sleep(0.1)

    def stop(self) -> None:
        """End all children: politely, then after a while by force."""
        for child in self.children:
            if child.alive() and child.process is not None:
                child.process.terminate()
        limit = time.monotonic() + STOP_WITHIN
        for child in self.children:
            if child.process is None:
                continue
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, limit - time.monotonic()))
            self._end_group(child, signal.SIGKILL)
            child.process.wait()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve until a stop signal. `on_ready` is called once, when the first page can be opened."""
        _refuse_what_cannot_work(self.options)
        with _lock(self.options.home) as lock:
            lock.truncate(0)
            lock.write(
                f"{self.options.scheme}://{self.options.probe_host()}:{self.options.port} (process {os.getpid()})"
            )
            lock.flush()
            before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
            try:
                for child in self.children:
                    self._start(child)
                self.wait_until_ready()
                if not self.stopping:
                    on_ready()
                while not self.stopping:
                    for child in self.children:
                        if not child.alive():
                            self._revive(child)
                    time.sleep(0.2)
            finally:
                self.stop()
                lock.truncate(0)
                for number, handler in before.items():
                    signal.signal(number, handler)
