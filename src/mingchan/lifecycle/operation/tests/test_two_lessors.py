"""Two processes let the same assets at once: each asset is let by one of them, never by both (2.4.2a)."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from mingchan.lifecycle.operation.tests.letting_worker import ASSETS

SOURCE = Path(__file__).resolve().parents[4]
WORKER = "mingchan.lifecycle.operation.tests.letting_worker"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of processes on a database of their own, on the engine under test."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MINGCHAN"))}
    kept |= {
        "DJANGO_SETTINGS_MODULE": "mingchan.config.settings",
        "MINGCHAN_HOME": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
    }
    if connection.vendor == "sqlite":
        yield kept | {"DATABASE_URL": f"sqlite:///{tmp_path}/writers.sqlite3"}
        return
    server = settings.DATABASES["default"]
    name = f"writers_{secrets.token_hex(4)}"
    where = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    login = psycopg.conninfo.make_conninfo(dbname="postgres", **{key: value for key, value in where.items() if value})
    with psycopg.connect(login, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        password = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
        url = f"postgres://{server['USER']}{password}@{server['HOST']}:{server['PORT'] or 5432}/{name}"
        yield kept | {"DATABASE_URL": url}
    finally:
        with psycopg.connect(login, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_each_asset_is_let_once(environment: dict[str, str]) -> None:
    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", WORKER, *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def end(process: subprocess.Popen[str]) -> str:
        out, error = process.communicate(timeout=240)
        assert process.returncode == 0, error
        return out.strip()

    end(start("prepare"))
    writers = [start("let", str(number)) for number in (1, 2)]
    taken = [int(end(writer)) for writer in writers]
    assert sum(taken) == ASSETS
    assert end(start("report")) == f"{ASSETS} 0"
