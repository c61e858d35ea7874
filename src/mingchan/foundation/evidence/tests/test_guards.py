"""The database itself refuses to change or delete what the log holds, on both engines."""

import pytest
from django.db import IntegrityError, connection, connections, migrations, transaction

from mingchan.foundation.evidence import guards
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Attachment, Detail, Head, Record, Tile
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, actor, by_hand, drop_guards
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(db: None) -> None:
    evidence.record_many(COUNTED, [(f"asset:{n}", "", {"id": n}) for n in range(300)], actor=actor(), on=DAY)
    evidence.attach(b"a,b\n", name="a.csv", owner=Ref("asset", 1), division="", kind="OTHER", actor=actor(), on=DAY)


def refused(statement: str, parameters: tuple[object, ...] = ()) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        by_hand(statement, parameters)


@pytest.mark.parametrize("model", [Record, Attachment, Tile])
def test_no_column_of_a_row_can_be_changed(log: None, model: type) -> None:
    for field in model._meta.concrete_fields:
        if field.attname in ("leaf_sm3", "sm3"):
            continue
        value = {"BinaryField": b"x", "CharField": "x", "DateField": "2019-01-01",
                 "DateTimeField": "2019-01-01 00:00:00+00:00"}.get(field.get_internal_type(), 77_777)  # fmt: skip
        refused(f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s', (value,))


@pytest.mark.parametrize("model", [Record, Detail, Attachment, Tile, Head])
def test_no_row_can_be_deleted(log: None, model: type) -> None:
    refused(f'DELETE FROM "{model._meta.db_table}"')
    if connection.vendor == "postgresql":
        refused(f'TRUNCATE "{model._meta.db_table}" CASCADE')


def test_the_program_itself_cannot_delete_a_record(log: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.filter(seq=1).delete()


def test_a_detail_can_only_be_emptied_whole(log: None) -> None:
    refused("UPDATE evidence_detail SET body = %s WHERE id = 1", (b"{}",))
    refused("UPDATE evidence_detail SET body = %s WHERE id = 1", (b"",))
    refused("UPDATE evidence_detail SET salt = %s WHERE id = 1", (b"",))
    refused("UPDATE evidence_detail SET id = 999, salt = %s, body = %s WHERE id = 1", (b"", b""))
    assert by_hand("UPDATE evidence_detail SET salt = %s, body = %s WHERE id = 1", (b"", b"")) == 1
    refused("UPDATE evidence_detail SET salt = %s, body = %s WHERE id = 1", (b"s", b"{}"))


def test_a_second_digest_is_filled_in_once(log: None) -> None:
    evidence.switch_on_sm3(actor=actor(), on=DAY)
    refused("UPDATE evidence_record SET leaf_sm3 = %s WHERE seq = 1", (b"x",))
    refused("UPDATE evidence_record SET leaf_sm3 = NULL WHERE seq = 1")


@pytest.fixture
def table(db: None) -> str:
    by_hand("CREATE TABLE guarded (id integer, sealed integer, total integer)")
    by_hand("INSERT INTO guarded VALUES (1, NULL, 5)")
    return "guarded"


def _apply(operations: list[migrations.RunPython], *, back: bool = False) -> None:
    with connection.schema_editor(atomic=False, collect_sql=False) as editor:
        for operation in operations:
            (operation.reverse_code if back else operation.code)(None, editor)


@pytest.fixture
def schema_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the SQLite schema editor work inside a test's transaction; no foreign key is touched."""
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connections["default"], "disable_constraint_checking", lambda: True)
        monkeypatch.setattr(connections["default"], "enable_constraint_checking", lambda: None)


def test_named_columns_may_change_and_the_others_not(table: str, schema_work: None) -> None:
    operations = guards.append_only(table, allow_update_of=("sealed",))
    _apply(operations)
    assert by_hand("UPDATE guarded SET sealed = 1, total = 5") == 1
    refused("UPDATE guarded SET sealed = 2, total = 6")
    refused("UPDATE guarded SET total = NULL")
    refused("DELETE FROM guarded")
    by_hand("INSERT INTO guarded VALUES (2, 0, 9)")
    _apply(operations)
    refused("DELETE FROM guarded")
    _apply(operations, back=True)
    assert by_hand("DELETE FROM guarded") == 2


def test_a_column_to_fill_changes_once(table: str, schema_work: None) -> None:
    _apply(guards.append_only(table, allow_fill_of=("sealed",)))
    assert by_hand("UPDATE guarded SET sealed = 1") == 1
    refused("UPDATE guarded SET sealed = 2")


def test_an_undeletable_row_may_change(table: str, schema_work: None) -> None:
    operations = guards.undeletable(table)
    _apply(operations)
    assert by_hand("UPDATE guarded SET total = 6") == 1
    refused("DELETE FROM guarded")
    _apply(operations, back=True)
    assert by_hand("DELETE FROM guarded") == 1


def test_an_administrator_can_drop_a_guard_and_is_then_found_by_the_verifier(log: None) -> None:
    drop_guards("evidence_record")
    assert by_hand("DELETE FROM evidence_record WHERE seq = 7") == 1
    assert evidence.verify([]).counts["log.missing"] == 1
