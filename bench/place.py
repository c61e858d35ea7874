"""A county of its own for a benchmark: a home folder and a database that nobody else uses, filled as far as asked.

A home is made once per (store, number of cards) under the working folder and copied for every run, so that each run
begins from the same state. PostgreSQL: give `--server postgres://user@host:port`; databases are called `bench_…`.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WORK = Path(os.environ.get("BENCH_WORK", ROOT / "build" / "bench")).resolve()
DAY = date(2026, 6, 30)
PART = 2000

sys.path.insert(0, str(ROOT / "src"))


def home_of(store: str, present: int) -> Path:
    """The untouched home of a store with so many cards."""
    return WORK / f"home-{'pg' if store != 'sqlite' else store}-{present}"


def prepared(store: str, present: int = 0) -> Path:
    """Make the untouched home if it isn't there yet. Answers its folder."""
    home = home_of(store, present)
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if store != "sqlite":
            _admin(store, f"DROP DATABASE IF EXISTS bench_{present}", f"CREATE DATABASE bench_{present}")
        from clock import apart

        url = "sqlite://" if store == "sqlite" else f"{store}/bench_{present}"
        apart("place.py", str(present), environment={"MINGCHAN_HOME": str(home), "DATABASE_URL": url})
        (home / "ready").touch()
    return home


def fresh(store: str, present: int = 0) -> dict[str, str]:
    """A copy of the untouched home, and the environment by which the program uses it."""
    source, home = prepared(store, present), WORK / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
    if store == "sqlite":
        return {"MINGCHAN_HOME": str(home), "DATABASE_URL": "sqlite://"}
    _admin(
        store,
        "DROP DATABASE IF EXISTS bench_run WITH (FORCE)",
        f"CREATE DATABASE bench_run TEMPLATE bench_{present}",
        "CHECKPOINT",
    )
    return {"MINGCHAN_HOME": str(home), "DATABASE_URL": f"{store}/bench_run"}


def standing(store: str, present: int) -> dict[str, str]:
    """The environment of the untouched home itself, for work that only reads."""
    home = prepared(store, present)
    url = "sqlite://" if store == "sqlite" else f"{store}/bench_{present}"
    return {"MINGCHAN_HOME": str(home), "DATABASE_URL": url}


def _admin(store: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(f"{store}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def set_up() -> None:
    """Start the program in this process on the home of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingchan.config.settings")
    import django

    django.setup()


def server() -> Any:
    """The clock of the PostgreSQL server this process talks to; of none with SQLite."""
    from clock import Server
    from django.db import connection

    connection.ensure_connection()
    return Server(connection.connection.info.backend_pid if connection.vendor == "postgresql" else None)


def clerk() -> Any:
    """The sample county's clerk."""
    return account("bureau_clerk")


def account(username: str) -> Any:
    """Somebody of the sample county."""
    from mingchan.foundation.directory import queries as directory
    from mingchan.foundation.directory.models import Account

    return directory.actor_for(Account.objects.get(username=username), DAY)


def fill(count: int) -> None:
    """Register `count` generated cards, of nine acts at least, as an import does: cards, rights, books, log, search."""
    import generate

    from mingchan.kernel.memory import collector_resting
    from mingchan.kernel.refs import Ref
    from mingchan.register.assets import services as assets

    actor, done = clerk(), 0
    size = min(100_000, max(1, -(-count // 9)))
    while done < count:
        part = min(size, count - done)
        source = Ref("batch", 1_000_000 + done)
        with collector_resting():
            batches = _drafts(generate.rows(part, first=1_000_001 + done), actor, str(source))
            assets.register(batches, source=source, summary="资产明细", actor=actor, on=DAY)
        done += part


def _drafts(rows: Iterator[tuple[Any, ...]], actor: Any, source: str) -> Iterator[list[Any]]:
    from django.db import transaction

    from mingchan.foundation.directory import services as directory
    from mingchan.foundation.directory.drafts import PartyDraft
    from mingchan.foundation.policy import queries as policy
    from mingchan.interfaces.exchange.services.drafting import Places
    from mingchan.register.assets import services as assets
    from mingchan.register.assets.drafts import CardDraft, FundingPart, SiteDraft

    places = Places(actor.county, DAY)
    proposals = directory.Proposals(actor=actor, on=DAY, source=source)
    kinds = {14: "OFFICE", 15: "VILLAGE_COMMITTEE", 16: "COMPANY", 17: "PERSON"}
    while part := list(islice(rows, PART)):
        with transaction.atomic():
            where = [places.code(row[20], row[21]) or places.county_code for row in part]
            named = [
                {
                    at: PartyDraft(kind, row[at], code if at in (15, 17) else places.county_code, row[18] * (at == 17))
                    for at, kind in kinds.items()
                    if row[at]
                }
                for row, code in zip(part, where, strict=True)
            ]
            ids = proposals.ensure(draft for one in named for draft in one.values())
            stations = [SiteDraft(row[19], code, "LOGISTICS", "VILLAGE") for row, code in zip(part, where, strict=True)]
            site_ids = assets.ensure_sites(stations, actor=actor, on=DAY)
        found = []
        for row, code, parties, site in zip(part, where, named, stations, strict=True):
            proposal = policy.propose_class(row[1][2:])
            holder = {at: ids[draft] for at, draft in parties.items()}
            fen = round(row[8] * 100)
            found.append(
                CardDraft(
                    name=row[1], system="LOGISTICS", tier="VILLAGE", division_code=code, quantity_milli=row[6] * 1000,
                    cost_fen=fen, unit=row[5], unit_price_fen=round(row[7] * 100), code=row[0],
                    class_code=proposal.code if proposal else "", site=site_ids[site], place=row[22], model=row[3],
                    brand=row[4], acquired_on=row[9], in_service_on=row[10], year=row[12], project=row[11],
                    condition=row[23], owner=holder.get(14), user=holder.get(15), operator=holder.get(16),
                    income_holder=holder.get(14), keeper=holder.get(17), serial_no=row[24],
                    life_months=proposal.life_months if proposal else None,
                    funding_shares=(FundingPart("central" if "中央" in row[13] else "county", fen),),
                )
            )  # fmt: skip
        yield found


def _make(present: int) -> None:
    """What the child does: tables, sample county, cards, statistics for the planner."""
    set_up()
    from django.core.management import call_command
    from django.db import connection

    from mingchan.config import county

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    county.prepare(sample=True, on=date(2020, 3, 10))
    if present:
        fill(present)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    _make(int(sys.argv[1]))
    print("{}")
