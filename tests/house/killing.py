"""What tests of killed processes share: an environment with a database of its own, on the engine under test."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path) -> Iterator[dict[str, str]]:
    """The environment of processes on a database of their own; the database goes when the caller goes on."""
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
