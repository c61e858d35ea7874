"""The process tree: where it may listen, that it comes back when a child dies, and that it leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mingchan.config import serve
from mingchan.config.serve import Options, ServeError, Supervisor
from tests.flows.running import free_port

WEB = (
    "import http.server, sys\n"
    "class Handler(http.server.SimpleHTTPRequestHandler):\n"
    "    def log_message(self, *words): pass\n"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()"
)
IDLE = "import time; time.sleep(600)"


def _until(true: Callable[[], bool], seconds: float = 20) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    """A tree of small children that need no database."""
    port = free_port()
    children = [("web", [sys.executable, "-c", WEB, str(port)]), ("worker", [sys.executable, "-c", IDLE])]
    monkeypatch.setattr(serve, "commands", lambda _options: children)
    monkeypatch.setattr(signal, "signal", lambda *_: signal.SIG_DFL)
    return Options(tmp_path, port=port)


def _running(supervisor: Supervisor) -> tuple[threading.Thread, threading.Event]:
    ready = threading.Event()
    thread = threading.Thread(target=supervisor.run, args=(ready.set,))
    thread.start()
    return thread, ready


def test_a_dead_child_is_started_again_and_all_end_together(options: Options, capsys: object) -> None:
    supervisor = Supervisor(options)
    thread, ready = _running(supervisor)
    assert ready.wait(20)
    worker = supervisor.children[1]
    assert worker.process is not None
    first = worker.process.pid
    os.kill(first, signal.SIGKILL)
    assert _until(lambda: worker.alive() and worker.process is not None and worker.process.pid != first)
    supervisor.stopping = True
    thread.join(20)
    assert not thread.is_alive()
    assert not any(child.alive() for child in supervisor.children)


def test_an_address_others_can_reach_needs_a_certificate(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "192.0.2.7", "::"):
        with pytest.raises(ServeError, match="--lan"):
            Supervisor(Options(tmp_path, host=host, port=free_port())).run(lambda: None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_loopback_is_only_this_machine(host: str) -> None:
    assert serve.is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "county.example"])
def test_other_addresses_are_not_loopback(host: str) -> None:
    assert not serve.is_loopback(host)


def test_an_occupied_port_is_named(options: Options) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", options.port))
        other.listen()
        with pytest.raises(ServeError, match=str(options.port)):
            Supervisor(options).run(lambda: None)


def test_one_home_has_one_server(options: Options) -> None:
    supervisor = Supervisor(options)
    thread, ready = _running(supervisor)
    assert ready.wait(20)
    with pytest.raises(ServeError, match="already runs"):
        Supervisor(Options(options.home, port=free_port())).run(lambda: None)
    supervisor.stopping = True
    thread.join(20)


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "from mingchan.config import serve\n"
        f"child = subprocess.Popen([sys.executable, '-c', {IDLE!r}], preexec_fn=serve._die_with_parent)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    status = Path(f"/proc/{child}/status")
    assert _until(lambda: not status.exists() or "(zombie)" in status.read_text())
