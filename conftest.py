"""What every test shares: no network, own folders for files and keys, a fixed day, a county when one is asked for."""

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as properties

DAY = date(2020, 3, 10)
"""The business date of tests that don't care which it is: a Tuesday within the plan's first stage."""

properties.register_profile("steady", derandomize=True)
properties.register_profile("search", derandomize=False)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
"""Properties are tried on the same examples each time; HYPOTHESIS_PROFILE=search looks for new ones."""

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
