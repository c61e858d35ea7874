"""A county that runs: the real process tree on a folder and database of its own."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Pianguan-2020"


@dataclass(frozen=True)
class County:
    """A prepared county: its folder, its database, and the command that works on them."""

    home: Path
    environment: Mapping[str, str]
    first_passwords: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `mingchan …` on this county and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "mingchan.config.command", *map(str, arguments)],
            env=dict(self.environment), capture_output=True, text=True, check=False, cwd=self.home,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(f"mingchan {arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done


def environment_for(home: Path, database: str) -> dict[str, str]:
    """The environment of the product's processes; nothing of the test run leaks into it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO", "MINGCHAN"))}
    kept.pop("PORT", None)
    return kept | {
        "MINGCHAN_HOME": str(home),
        "DATABASE_URL": database,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "default",
    }


@contextlib.contextmanager
def own_database(url: str) -> Iterator[str]:
    """A new database on the PostgreSQL server of the address, dropped afterwards; SQLite needs none."""
    if not url.startswith(("postgres://", "postgresql://")):
        yield "sqlite://"
        return
    parts = urlsplit(url)
    server = f"{parts.scheme}://{parts.netloc}"
    name = f"flows_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listener(port: int) -> int:
    """The process that listens on a port, 0 when none does."""
    wanted = f"0100007F:{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    inodes = {line.split()[9] for line in lines if line.split()[1] == wanted and line.split()[3] == "0A"}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            target = os.readlink(link)
            if target.startswith("socket:[") and target[8:-1] in inodes:
                return int(link.parts[2])
    return 0


@contextlib.contextmanager
def serving(county: County, *options: str) -> Iterator[str]:
    """`mingchan serve` on the county; gives the address once it answers, and stops it afterwards."""
    port, log = free_port(), county.home / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mingchan.config.command", "serve", "--port", str(port), *options],
            env=dict(county.environment), stdout=output, stderr=subprocess.STDOUT, cwd=county.home,
        )  # fmt: skip
    try:
        limit = time.monotonic() + 60
        while "is ready" not in log.read_text(encoding="utf-8"):
            if process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.1)
        yield f"{'https' if '--lan' in options else 'http'}://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
