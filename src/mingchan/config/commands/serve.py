"""`mingchan serve`: start the process tree and print where it answers."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from mingchan.config import certificate, county, readiness
from mingchan.config.command import DONE, NOT_READY, REFUSED
from mingchan.config.serve import Options, ServeError, Supervisor

EVERYWHERE = "0.0.0.0"  # noqa: S104 - with --lan only, and then with TLS


def _options(given: argparse.Namespace) -> tuple[Options, list[str]]:
    home = Path(settings.MINGCHAN_HOME)
    host = given.host or (EVERYWHERE if given.lan else "127.0.0.1")
    if not given.lan:
        return Options(home, host, given.port, given.workers), [f"http://{host}:{given.port}/"]
    made = certificate.ensure(home / "keys")
    shown = certificate.own_addresses() if host == EVERYWHERE else [host]
    lines = [f"https://{address}:{given.port}/" for address in (*shown, "127.0.0.1")]
    lines.append(f"Certificate SHA-256: {made.fingerprint}")
    return Options(home, host, given.port, given.workers, made.certificate, made.key), lines


def run(options: argparse.Namespace) -> int:
    """Serve until stopped. Refuses an unprepared database, an occupied port, and an open network without TLS."""
    if words := readiness.why_not(NOT_READY):
        sys.stderr.write(f"{words}\n")
        return REFUSED
    where, lines = _options(options)
    words = county.how_to_log_in()
    connection.close()

    def on_ready() -> None:
        sys.stdout.write("\n".join(["", "Mingchan is ready:", *(f"  {line}" for line in lines), words, ""]))
        sys.stdout.write("Stop with Ctrl-C.\n")
        sys.stdout.flush()

    try:
        Supervisor(where).run(on_ready)
    except ServeError as problem:
        sys.stderr.write(f"{problem}\n")
        return REFUSED
    return DONE
