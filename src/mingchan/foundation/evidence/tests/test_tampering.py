"""Every change of a row past the program is found and named, by object and field; honest histories raise no alarm."""

import hashlib
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Attachment, Detail, Head
from mingchan.foundation.evidence.reports import Report
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, LATER, MOVED, actor, by_hand
from mingchan.foundation.evidence.tests.shelving import SHELF, codes, fill, move, unguard, verify
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db


def test_an_honest_history_is_intact(shelves: list[ContentType]) -> None:
    move(shelves[2], "cellar")
    report = verify()
    assert report.findings == []
    assert report.ok
    assert report.verdict == "INTACT"
    assert report.read == {"records": 6, "rows": 5, "files": 0}
    assert report.lines is not None
    assert list(report.lines())[-1] == "结论：完好。"


@pytest.mark.parametrize("column", ["app_label", "model"])
def test_an_edited_column_is_named_with_both_values(shelves: list[ContentType], column: str) -> None:
    shelf = shelves[1]
    by_hand(f"UPDATE django_content_type SET {column} = 'stolen' WHERE id = %s", [shelf.pk])
    report = verify()
    (finding,) = report.findings
    assert (finding.code, finding.obj, finding.field) == ("row.changed", f"shelf:{shelf.pk}", column)
    assert (finding.expected, finding.found, finding.seq) == (getattr(shelf, column), "stolen", 1)
    assert report.verdict == "TAMPERED"
    assert "stolen" in finding.sentence
    assert "张三" in finding.sentence
    assert "改动发生在此后，不经系统" in finding.sentence


@pytest.mark.parametrize("column", ["codename", "name"])
def test_an_edited_child_is_named_within_its_parent(shelves: list[ContentType], column: str) -> None:
    shelf = shelves[1]
    by_hand(
        f"UPDATE auth_permission SET {column} = 'stolen' WHERE content_type_id = %s AND codename = 'box1'", [shelf.pk]
    )
    (finding,) = verify().findings
    assert (finding.obj, finding.field, finding.found) == (f"shelf:{shelf.pk}", f"boxes[1].{column}", "stolen")


def test_a_deleted_or_added_child_is_named_within_its_parent(shelves: list[ContentType]) -> None:
    by_hand("DELETE FROM auth_permission WHERE content_type_id = %s AND codename = 'box1'", [shelves[1].pk])
    by_hand("INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('箱9', %s, 'box9')", [shelves[3].pk])
    gone, added = verify().findings
    assert (gone.obj, gone.field, gone.found) == (f"shelf:{shelves[1].pk}", "boxes[1]", None)
    assert (added.obj, added.field, added.expected) == (f"shelf:{shelves[3].pk}", "boxes[2]", None)


def test_an_inserted_row_is_named(shelves: list[ContentType]) -> None:
    by_hand("INSERT INTO django_content_type (app_label, model) VALUES ('store', 'forged')")
    (finding,) = verify().findings
    assert finding.code == "row.added"
    assert finding.obj == f"shelf:{ContentType.objects.get(model='forged').pk}"
    assert "forged" in finding.sentence


def test_a_deleted_row_is_named_with_its_last_record(shelves: list[ContentType]) -> None:
    by_hand("DELETE FROM auth_permission WHERE content_type_id = %s", [shelves[4].pk])
    by_hand("DELETE FROM django_content_type WHERE id = %s", [shelves[4].pk])
    (finding,) = verify().findings
    assert (finding.code, finding.obj, finding.seq) == ("row.missing", f"shelf:{shelves[4].pk}", 4)
    assert "shelf4" in finding.sentence


def test_a_row_whose_end_was_recorded_is_not_missed_but_may_not_come_back(shelves: list[ContentType]) -> None:
    shelf = shelves[0]
    before, number = protection.document(SHELF, shelf), shelf.pk
    Permission.objects.filter(content_type=shelf).delete()
    shelf.delete()
    evidence.record(MOVED, Ref("shelf", number), actor=actor(), on=LATER, before=before)
    assert verify().findings == []
    by_hand("INSERT INTO django_content_type (id, app_label, model) VALUES (%s, 'store', 'shelf0')", [number])
    (finding,) = verify().findings
    assert (finding.code, finding.seq) == ("row.revived", 5)


def test_an_edit_covered_up_by_a_later_honest_save_is_still_found(shelves: list[ContentType]) -> None:
    by_hand("UPDATE django_content_type SET model = 'stolen' WHERE id = %s", [shelves[1].pk])
    shelves[1].refresh_from_db()
    move(shelves[1], "cellar")
    (finding,) = verify().findings
    assert (finding.code, finding.obj, finding.seq) == ("record.before", f"shelf:{shelves[1].pk}", 5)


def test_a_row_with_an_erased_detail_is_still_compared(shelves: list[ContentType]) -> None:
    evidence.erase_detail(1, reason="本人要求", actor=actor(), on=LATER)
    assert verify().findings == []
    by_hand("UPDATE django_content_type SET model = 'stolen' WHERE id = %s", [shelves[1].pk])
    assert codes(verify()) == ["row.changed_somewhere"]


def test_kinds_without_a_table_are_counted_not_hidden(shelves: list[ContentType]) -> None:
    report = evidence.verify([])
    assert report.unchecked == {"shelf": 5}
    assert any("未比对：shelf 5 个" in line for line in report.lines())


def test_progress_reaches_the_end(shelves: list[ContentType]) -> None:
    seen: list[tuple[int, int]] = []
    evidence.verify([SHELF], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)


def test_a_report_reads_the_same_after_it_was_kept_as_json(shelves: list[ContentType]) -> None:
    by_hand("UPDATE django_content_type SET model = 'stolen' WHERE id = %s", [shelves[1].pk])
    report = verify()
    kept = Report.from_dict(orjson.loads(orjson.dumps(report.as_dict())))
    assert list(kept.lines()) == list(report.lines())
    assert kept.verdict == report.verdict
    assert "结论：被篡改（1 处）。" in list(kept.lines())


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "begin_many", "move", "touch", "end", "erase", "sm3"]), st.integers(0, 9)),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_honest_history_raises_an_alarm(db: None, steps: list[tuple[str, int]]) -> None:
    savepoint = connection.savepoint()
    try:
        shelves = fill(1)
        for at, (step, number) in enumerate(steps):
            shelf = shelves[number % len(shelves)] if shelves else None
            if step == "begin_many":
                fresh = [ContentType.objects.create(app_label=f"s{at}", model=f"m{n}") for n in range(number)]
                evidence.record_many(
                    COUNTED,
                    [(f"shelf:{one.pk}", "140932101", protection.document(SHELF, one)) for one in fresh],
                    actor=actor(), on=DAY,
                )  # fmt: skip
                shelves += fresh
            elif step == "begin" or shelf is None:
                shelf = ContentType.objects.create(app_label=f"s{at}", model="m")
                evidence.record(
                    COUNTED, Ref("shelf", shelf.pk), actor=actor(), on=DAY, after=protection.document(SHELF, shelf)
                )
                shelves.append(shelf)
            elif step == "move":
                move(shelf, f"p{at}")
            elif step == "touch":
                evidence.record(COUNTED, Ref("shelf", shelf.pk), actor=actor(), on=DAY)
            elif step == "end":
                before, number = protection.document(SHELF, shelf), shelf.pk
                Permission.objects.filter(content_type=shelf).delete()
                shelf.delete()
                shelves.remove(shelf)
                evidence.record(MOVED, Ref("shelf", number), actor=actor(), on=LATER, before=before)
            elif step == "sm3":
                evidence.switch_on_sm3(actor=actor(), on=DAY)
            elif Detail.objects.filter(id=number % Head.objects.get().size).exclude(body=b"").exists():
                evidence.erase_detail(number % Head.objects.get().size, reason="要求", actor=actor(), on=LATER)
        assert verify().findings == []
    finally:
        connection.savepoint_rollback(savepoint)


def test_an_attachment_row_is_protected_without_being_asked_for(db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = evidence.attach(b"a,b\n1,2\n", name="a.csv", owner=Ref("asset", 1), division="140932101", kind="OTHER",
                           actor=actor(), on=DAY)  # fmt: skip
    assert evidence.verify([]).findings == []
    unguard()
    for field in Attachment._meta.concrete_fields:
        if field.primary_key:
            continue
        value = {"size": 1, "attached_on": "2019-01-01", "recorded_at": "2019-01-01 00:00:00+00:00"}.get(
            field.name, "x"
        )
        kept = Attachment.objects.values_list(field.attname, flat=True).get()
        by_hand(f'UPDATE evidence_attachment SET "{field.column}" = %s', [value])
        found = evidence.verify([]).findings
        assert ("row.changed", f"attachment:{made.pk}", field.name) in {(one.code, one.obj, one.field) for one in found}
        Attachment.objects.update(**{field.attname: kept})
    assert hashlib.sha256(b"a,b\n1,2\n").hexdigest() == made.sha256
    assert evidence.verify([]).findings == []
