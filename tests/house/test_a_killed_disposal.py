"""A killed disposal carries nothing out: the process is shot while assets leave, on the engine under test."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = "tests.house.disposal_worker"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of processes on a database of their own, on the engine under test."""
    home = tmp_path_factory.mktemp("killed")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "MINGCHAN"))}
    kept |= {
        "DJANGO_SETTINGS_MODULE": "mingchan.config.settings",
        "MINGCHAN_HOME": str(home),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }
    if connection.vendor == "sqlite":
        yield kept | {"DATABASE_URL": f"sqlite:///{home}/killed.sqlite3"}
        return
    server = settings.DATABASES["default"]
    name = f"killed_{secrets.token_hex(4)}"
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


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", WORKER, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _report(environment: dict[str, str]) -> Any:
    done = _run(environment, "report")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_killed_disposal_carries_nothing_out(environment: dict[str, str]) -> None:
    made = _run(environment, "prepare")
    assert made.returncode == 0, made.stderr
    disposal = made.stdout.strip()
    before = _report(environment)
    assert (before["state"], before["cards"], before["vouchers"]) == ("MAY_PROCEED", [["ACTIVE", True, 6]], 0)
    assert before["intact"]
    for moment in ("leaving", "rights", "vouchers", "result", "case"):
        shot = _run(environment, "killed", disposal, moment)
        assert shot.returncode == -signal.SIGKILL, (moment, shot.stderr)
        assert _report(environment) == before, moment
    done = _run(environment, "executed", disposal)
    assert done.returncode == 0, done.stderr
    after = _report(environment)
    assert after == {
        "state": "EXECUTED", "cards": [["DISPOSED", False, 6]], "open_rights": 0, "vouchers": 2, "results": 1,
        "papers": before["papers"] + 1, "faults": 0, "equal": True, "intact": True,
    }  # fmt: skip
