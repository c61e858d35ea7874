"""Whatever is written into any column past the program, the verifier answers with findings that name the object."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, models, transaction

from mingchan.config import demo, wiring
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Detail, Head, Record, Tile
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.evidence.reports import Report
from mingchan.interfaces.exchange import services as exchange

pytestmark = pytest.mark.django_db
DAY = date(2020, 4, 15)

WRITTEN: dict[str, tuple[str, ...]] = {
    "sqlite": ("NULL", "'x'", "0", "x'00'", "1.5", "CAST(x'FF' AS TEXT)", "CAST({column} AS BLOB)", "hex({column})"),
    "postgresql": ("NULL", "'x'", "0", "'\\x00'", "'infinity'", "'0001-01-01 BC'"),
}
"""What is written by hand: nothing, text, a number, bytes, and what no honest column of the engine holds."""


@dataclass(frozen=True)
class Target:
    """One column of a table of which every value is vouched for."""

    model: type[models.Model]
    column: str
    protected: Protected | None = None
    parent: str = ""

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


def _columns(model: type[models.Model], without: tuple[str, ...] = ()) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if field.name not in without]


def _targets() -> Iterator[Target]:
    for model in (Record, Detail, Head, Tile):
        for column in _columns(model):
            yield Target(model, column)
    for item in wiring.PROTECTED:
        for column in _columns(item.model, tuple({*item.exclude} - {"password"})):
            yield Target(item.model, column, item)
        for child in item.children:
            for column in _columns(child.model, child.exclude):
                owner = child.model._meta.get_field(child.fk).column
                yield Target(child.model, column, item, owner)


@pytest.fixture(scope="module")
def kept_county(county_once: Any, django_db_blocker: Any) -> None:
    """The sample county with its workbooks, without the guards."""
    with django_db_blocker.unblock():
        actor = directory.actor_for(Account.objects.get(username=county_once.username("bureau_clerk")), DAY)
        for path in demo.workbooks():
            exchange.import_file(path, actor=actor, on=DAY, is_sample=True)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}"')
            else:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute(
                    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                    "WHERE NOT tgisinternal"
                )
                for name, table in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')


def _row(target: Target) -> tuple[Any, str]:
    """The row to be edited, and the object the verifier must name."""
    rows = target.model._default_manager.order_by("pk")
    if target.model in (Record, Detail):
        key = rows.values_list("pk", flat=True)[3]
        return key, Record.objects.values_list("obj", flat=True).get(seq=key)
    key = rows.values_list("pk", flat=True).first()
    if target.model is Head:
        return key, "log:head"
    if target.model is Tile:
        return key, f"tile:{key}"
    assert target.protected is not None
    if target.parent:
        parent = next(f.attname for f in target.model._meta.concrete_fields if f.column == target.parent)
        return key, f"{target.protected.kind}:{rows.values_list(parent, flat=True).get(pk=key)}"
    return key, f"{target.protected.kind}:{key}"


def _held(target: Target, key: Any) -> list[Any]:
    """What a column of a row holds, kind included."""
    table, column, pk = target.model._meta.db_table, target.column, target.model._meta.pk.column
    said = f'typeof("{column}"), quote("{column}")' if connection.vendor == "sqlite" else f'"{column}"::text'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {said} FROM "{table}" WHERE "{pk}" = %s', [key])
        return cursor.fetchall()


def _write(target: Target, key: Any, value: str) -> bool:
    """Write by hand; False when the engine won't have it or it changes nothing."""
    before = _held(target, key)
    table, pk = target.model._meta.db_table, target.model._meta.pk.column
    statement = f'UPDATE "{table}" SET "{target.column}" = {value.format(column=f"{chr(34)}{target.column}{chr(34)}")}'
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(f'{statement} WHERE "{pk}" = %s', [key])
    except Error:
        return False
    return _held(target, key) != before


def _verify(target: Target) -> Report:
    return evidence.verify([target.protected] if target.protected else [])


@pytest.mark.parametrize("target", [pytest.param(target, id=str(target)) for target in _targets()])
def test_a_raw_edit_is_answered_with_findings(kept_county: None, target: Target) -> None:
    key, obj = _row(target)
    written = 0
    for value in WRITTEN[connection.vendor]:
        with transaction.atomic():
            if _write(target, key, value):
                written += 1
                report = _verify(target)
                assert report.verdict == "TAMPERED", value
                named = {finding.obj for finding in report.findings} | {finding.seq for finding in report.findings}
                assert obj in named or (target.model in (Record, Detail) and key in named), (value, report.findings[:3])
                assert json.dumps(report.as_dict())
                assert list(report.lines())
            transaction.set_rollback(True)
    assert written


def test_the_county_before_any_edit_is_intact(kept_county: None) -> None:
    assert evidence.verify(wiring.PROTECTED).findings == []
