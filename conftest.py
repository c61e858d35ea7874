"""What every test shares: no network, own folders for files and keys, a fixed day, a county when one is asked for."""

import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties

ROOT = Path(__file__).parent
DAY = date(2020, 3, 10)
"""The business date of tests that don't care which it is: a Tuesday within the plan's first stage."""

properties.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.register_profile("search", derandomize=False)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
"""Properties are tried on the same examples each time, however slow the machine; HYPOTHESIS_PROFILE=search looks for
new ones."""

_connect = socket.socket.connect


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket file
    host = str(address[0])
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if not _is_local(address):
        raise AssertionError(f"a test reached for the network: {address}")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Only this machine can be reached from a test."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page read in English leaves the next test in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Attachments, keys and static files of a test run lie in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    (home / "static").mkdir()
    with override_settings(MINGCHAN_HOME=home, MEDIA_ROOT=home / "files", STATIC_ROOT=home / "static"):
        yield home


_snapshot: dict[str, Any] = {}


def _take_snapshot() -> None:
    """Keep what the migrations left, before the first test that commits."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _snapshot["copy"] = sqlite3.connect(":memory:")
        connection.connection.backup(_snapshot["copy"])
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                _snapshot[table] = b"".join(rows)


def _restore_snapshot() -> None:
    """Put the database back; flushing it is what the guards of append-only tables rightly refuse."""
    if connection.vendor == "sqlite":
        _snapshot["copy"].backup(connection.connection)
        return
    connection.close()  # whatever a test left open, a reader not read to its end, ends here
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        names = ", ".join(f'"{table}"' for table in _snapshot)
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
        for table, content in _snapshot.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as rows:
                rows.write(content)
        cursor.execute(
            "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
            "FROM information_schema.columns WHERE table_schema = current_schema()"
        )
        for table, column, sequence in cursor.fetchall():
            if sequence and _snapshot.get(table):
                cursor.execute(f'SELECT setval(%s, (SELECT MAX("{column}") FROM "{table}"))', [sequence])


@pytest.fixture(autouse=True, scope="session")
def _committed_tests_leave_nothing() -> Iterator[None]:
    """Tests that commit (`transactional_db`) find and leave the database as the migrations made it."""
    set_up = TransactionTestCase._fixture_setup.__func__

    def setup(cls: type[TransactionTestCase]) -> None:
        set_up(cls)
        if not _snapshot:
            _take_snapshot()

    def teardown(self: TransactionTestCase) -> None:
        _restore_snapshot()

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(setup))
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()
    if "copy" in _snapshot:
        _snapshot["copy"].close()


@pytest.fixture
def today() -> date:
    """The fixed business date."""
    return DAY


@pytest.fixture(scope="module")
def county_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The sample county (divisions, offices, one account for each role) for all tests of a module.

    It is loaded once inside a transaction that is rolled back after the module's last test, so a module of many small
    tests pays for it once. The tests themselves still each run in a transaction of their own (ask for `db` too).
    """
    from mingchan.config import county

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # a service's own outermost transaction may open inside it
        outer.__enter__()
        try:
            yield county.prepare(sample=True, on=DAY)
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def sample_county(county_once: Any, db: None) -> Any:
    """The sample county inside a test's own transaction."""
    return county_once


@pytest.fixture
def actor_of(sample_county: Any) -> Callable[[str], Any]:
    """The actor behind a role's sample account: `actor_of("bureau_clerk")`."""
    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account

    def of(role: str) -> Any:
        account = Account.objects.get(username=sample_county.username(role))
        return directory.actor_for(account, on=DAY)

    return of


@pytest.fixture
def pass_notice() -> Callable[[Any, date], Any]:
    """Carry a case over its notice step as the database demands it: published, proved, closed when its time is over."""
    from mingchan.oversight.disclosure.tests import factories

    return factories.pass_notice


@pytest.fixture
def log_in(client: Any, sample_county: Any) -> Callable[[str], Any]:
    """The test client logged in as a role's sample account: `log_in("auditor").get(…)`."""
    from mingchan.foundation.directory.models import Account

    def as_role(role: str) -> Any:
        client.force_login(Account.objects.get(username=sample_county.username(role)))
        return client

    return as_role


class Processes:
    """Processes of a test on a database of their own: each runs a module with arguments and tells what it did."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        """Begin one; several begun before the first has ended work at once."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments], env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def end(self, process: subprocess.Popen[str]) -> str:
        """Wait for its end, which must be a good one; gives what it printed."""
        out, error = process.communicate(timeout=900)
        assert process.returncode == 0, error
        return out.strip()

    def together(self, module: str, each: Iterable[tuple[str, ...]]) -> list[str]:
        """Begin one for each set of arguments and wait for all; gives what they printed, in that order."""
        begun = [self.start(module, *arguments) for arguments in each]
        return [self.end(process) for process in begun]

    def run(self, module: str, *arguments: str) -> str:
        """Begin one and wait for its end."""
        return self.end(self.start(module, *arguments))

    def shot(self, module: str, *arguments: str) -> bool:
        """Begin one that kills itself; whether it did."""
        process = self.start(module, *arguments)
        _out, error = process.communicate(timeout=900)
        assert process.returncode in (0, -signal.SIGKILL), error
        return process.returncode == -signal.SIGKILL


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Processes on a database of their own, on the engine under test."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MINGCHAN"))}
    kept |= {
        "DJANGO_SETTINGS_MODULE": "mingchan.config.settings",
        "MINGCHAN_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }
    if connection.vendor == "sqlite":
        yield Processes(kept | {"DATABASE_URL": f"sqlite:///{tmp_path}/together.sqlite3"})
        return
    server = settings.DATABASES["default"]
    name = f"together_{secrets.token_hex(4)}"
    where = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    login = psycopg.conninfo.make_conninfo(dbname="postgres", **{key: value for key, value in where.items() if value})
    with psycopg.connect(login, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        password = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
        url = f"postgres://{server['USER']}{password}@{server['HOST']}:{server['PORT'] or 5432}/{name}"
        yield Processes(kept | {"DATABASE_URL": url})
    finally:
        with psycopg.connect(login, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
