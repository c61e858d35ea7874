"""The process tree as it runs: HTTPS for the local network, back after a kill, and nothing left when it stops."""

import os
import signal
import ssl
import time
import urllib.error
import urllib.request

from tests.flows import running
from tests.flows.running import County


def _answers(address: str) -> bool:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(f"{address}/login/", timeout=5, context=context) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def test_the_local_network_is_served_over_https(county: County) -> None:
    with running.serving(county, "--lan") as address:
        assert address.startswith("https://")
        assert _answers(address)


def test_after_a_kill_it_starts_again_by_itself(county: County) -> None:
    with running.serving(county) as address:
        port = int(address.rpartition(":")[2])
        server = running.listener(port)
        os.kill(server, signal.SIGKILL)
        limit = time.monotonic() + 30
        while not (_answers(address) and running.listener(port) != server):
            assert time.monotonic() < limit, "the server did not come back"
            time.sleep(0.2)


def test_nothing_keeps_running_when_it_is_stopped(county: County) -> None:
    with running.serving(county) as address:
        port = int(address.rpartition(":")[2])
    assert running.listener(port) == 0
