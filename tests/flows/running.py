"""A county that runs: the real process tree on a folder and database of its own."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
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


def _on_postgres(url: str) -> bool:
    return url.startswith(("postgres://", "postgresql://"))


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(f"{_server(url)}/postgres", autocommit=True) as connection:
        connection.execute(statement)


class Moulds:
    """Prepared counties, each made once for all journeys of a run, of which every module gets a copy of its own.

    `folder` is shared by the processes of the run; `url` is a PostgreSQL server's, or SQLite's.
    """

    KINDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
        "sample": (("init",),),
        "filled": (("init",), ("demo",)),
        "empty": (("init", "--empty"),),
    }

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def _made(self, kind: str) -> tuple[Path, str]:
        """The home and the database of a mould, made by the first who asks."""
        mould = self.folder / f"mould-{kind}"
        home, note = mould / "home", mould / "database"
        mould.mkdir(exist_ok=True)
        with (mould / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if note.exists():
                return home, note.read_text(encoding="utf-8")
            home.mkdir()
            database = f"mould_{secrets.token_hex(4)}" if _on_postgres(self.url) else ""
            if database:
                _administer(self.url, f'CREATE DATABASE "{database}"')
            county = County(home, environment_for(home, self.address(database)))
            told = [county.command(*words).stdout for words in self.KINDS[kind]]
            lines = [line.split() for line in told[0].splitlines()]
            passwords = {words[0]: words[1] for words in lines if len(words) == 3 and words[2].startswith("(")}
            (home / "passwords.json").write_text(json.dumps(passwords), encoding="utf-8")
            note.write_text(database, encoding="utf-8")
            return home, database

    def address(self, database: str) -> str:
        """The address of a database on the server; SQLite's lies in the home."""
        return f"{_server(self.url)}/{database}" if database else "sqlite://"

    @contextlib.contextmanager
    def copy(self, kind: str, home: Path) -> Iterator[County]:
        """A county of a kind in `home`, with a database of its own that is dropped afterwards."""
        mould, mould_database = self._made(kind)
        shutil.copytree(mould, home, dirs_exist_ok=True)
        passwords = json.loads((home / "passwords.json").read_text(encoding="utf-8"))
        database = f"flows_{secrets.token_hex(4)}" if mould_database else ""
        if database:
            _administer(self.url, f'CREATE DATABASE "{database}" TEMPLATE "{mould_database}"')
        try:
            yield County(home, environment_for(home, self.address(database)), passwords)
        finally:
            if database:
                _administer(self.url, f'DROP DATABASE "{database}" WITH (FORCE)')

    def drop(self) -> None:
        """Drop the moulds' databases, when the run is over."""
        for note in self.folder.glob("mould-*/database"):
            if database := note.read_text(encoding="utf-8"):
                _administer(self.url, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


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
