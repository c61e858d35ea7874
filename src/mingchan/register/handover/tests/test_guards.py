"""What must never be false of a list is refused by the database itself, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from mingchan.foundation.evidence import services as evidence
from mingchan.register.handover.models import Handover, Line, Signature, Tick
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def lines(handover: Handover) -> Any:
    return Line.objects.filter(handover=handover)


def test_a_finished_list_and_all_under_it_stand_still() -> None:
    done = make.handed_over(make.cards(2))
    here = Handover.objects.filter(pk=done.pk)
    refused(lambda: here.update(reason="改"))
    refused(lambda: here.update(state="CHECKING", executed_on=None, digest=""))
    refused(lambda: lines(done).update(cost_fen=1))
    refused(lambda: lines(done).update(is_open=True))
    refused(lambda: Tick.objects.filter(handover=done).update(replaced_on=make.DAY))
    refused(lambda: Signature.objects.filter(handover=done).update(voided_on=make.DAY, void_reason="改"))


@pytest.mark.parametrize("table", ["handover_handover", "handover_line", "handover_tick", "handover_signature"])
def test_nothing_of_a_finished_list_is_deleted(table: str) -> None:
    make.handed_over(make.cards(1))

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}"')

    refused(delete)


def test_a_list_ends_under_two_signatures_of_its_content() -> None:
    made = make.ticked(make.cards(1))
    here = Handover.objects.filter(pk=made.pk)
    end = {"state": "EXECUTED", "executed_on": make.DAY, "digest": "0" * 64}
    refused(lambda: here.update(**end))
    make.sign(made, "FROM", "bureau_clerk")
    refused(lambda: here.update(**end))
    digest = Signature.objects.get(handover=made).digest
    refused(lambda: here.update(**{**end, "digest": digest}))
    refused(lambda: Handover.objects.create(**_values(made), state="EXECUTED"))


def _values(made: Handover) -> dict[str, Any]:
    names = [field.attname for field in Handover._meta.concrete_fields if field.attname not in ("id", "state")]
    return {name: getattr(made, name) for name in names} | {"serial": 99, "number": "x"}


def test_a_signed_list_does_not_change_before_its_signature_is_void() -> None:
    made = make.ticked(make.cards(1))
    make.sign(made, "FROM", "bureau_clerk")
    refused(lambda: Handover.objects.filter(pk=made.pk).update(place="别处"))
    refused(lambda: lines(made).update(resolution="LEFT_OUT", resolution_note="x"))
    refused(lambda: Tick.objects.filter(handover=made).update(replaced_on=make.DAY))
    refused(lambda: Signature.objects.filter(handover=made).update(digest="1" * 64))
    refused(lambda: Signature.objects.filter(handover=made).update(voided_on=make.DAY))


def test_one_tick_stands_one_signature_a_side_and_nobody_twice() -> None:
    made = make.ticked(make.cards(1))
    tick = Tick.objects.get(handover=made)
    values = {field.attname: getattr(tick, field.attname) for field in Tick._meta.concrete_fields}
    refused(lambda: Tick.objects.create(**{**values, "id": None}))
    refused(lambda: Tick.objects.filter(pk=tick.pk).update(counted_milli=F("counted_milli") + 1))
    make.sign(made, "FROM", "bureau_clerk")
    first = Signature.objects.get(handover=made)
    again = {field.attname: getattr(first, field.attname) for field in Signature._meta.concrete_fields}
    refused(lambda: Signature.objects.create(**{**again, "id": None}))
    refused(lambda: Signature.objects.create(**{**again, "id": None, "side": "TO"}))


def test_states_sides_and_results_are_known_ones() -> None:
    made = make.drafted(make.cards(1))
    here = Handover.objects.filter(pk=made.pk)
    refused(lambda: here.update(state="GONE"))
    refused(lambda: here.update(to_party=F("from_party")))
    refused(lambda: here.update(state="CANCELLED"))
    refused(lambda: here.update(number="另一号"))
    refused(lambda: lines(made).update(resolution="LEFT_OUT"))


def test_an_asset_stands_open_on_one_list() -> None:
    ids = make.cards(2)
    make.drafted(ids[:1])
    other = make.drafted(ids[1:])
    refused(lambda: lines(other).update(asset_id=ids[0]))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("handover_handover", "reason", "'改'"), ("handover_line", "cost_fen", "1"), ("handover_tick", "remark", "'改'")],
)
def test_an_edit_past_the_guards_is_named_by_the_verifier(table: str, column: str, value: str) -> None:
    made = make.ticked(make.cards(1))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET {column} = {value}")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    report = evidence.verify()
    assert not report.ok
    kind = {"handover_handover": "handover"}.get(table, table)
    found = [finding for finding in report.findings if finding.obj.startswith(f"{kind}:")]
    assert [finding.field for finding in found] == [column]
    assert made.pk
