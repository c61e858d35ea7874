"""A raw edit may leave any kind of value: the verifier names it, and says no more than can be read."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from mingchan.foundation.evidence import protection, stored
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.evidence.reports import Finding, Report
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, actor, by_hand, drop_guards
from mingchan.foundation.evidence.tests.shelving import SHELF, fill
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"\x00a", "blob:0061"),
        (memoryview(b"a"), "blob:61"),
        ("6162", "text:6162"),
        (1.5, "real:1.5"),
        (3, "integer:3"),
    ],
)
def test_a_value_of_another_kind_is_said_as_no_honest_value_is(value: object, said: str) -> None:
    assert stored.strange(value) == said


def test_text_where_bytes_are_expected_is_a_finding_of_the_record() -> None:
    fill(5)
    drop_guards("evidence_record", "evidence_detail")
    text = "replace(body, 'shelf', 'x')" if connection.vendor == "sqlite" else "'x'"
    by_hand(f"UPDATE evidence_record SET body = {text} WHERE seq = 2")
    by_hand(f"UPDATE evidence_detail SET body = {text} WHERE id = 3")
    report = evidence.verify([SHELF])
    assert {("record.body", 2), ("detail.changed", 3)} <= {(found.code, found.seq) for found in report.findings}


def test_bytes_that_spell_an_honest_text_are_another_value() -> None:
    """Attachments have text; the hex of the same bytes mustn't pass for them."""
    attachment = evidence.attach(
        b"%PDF-1.4\n1 0 obj\n%%EOF", name="a.pdf", owner=Ref("asset", 1), division="", kind=AttachmentKind.OTHER,
        actor=actor(), on=DAY,
    )  # fmt: skip
    cast = "CAST(sha256 AS BLOB)" if connection.vendor == "sqlite" else "upper(sha256)"
    drop_guards("evidence_attachment")
    by_hand(f"UPDATE evidence_attachment SET sha256 = {cast} WHERE id = %s", [attachment.pk])
    assert (f"attachment:{attachment.pk}", "sha256") in [(f.obj, f.field) for f in evidence.verify([]).findings]
    assert Attachment.objects.count() == 1


def test_a_child_without_a_parent_is_named() -> None:
    first = fill(2)[0]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('箱', 987654, 'stray')")
    key = Permission.objects.values_list("pk", flat=True).get(codename="stray")
    (finding,) = evidence.verify([SHELF]).findings
    assert (finding.code, finding.obj) == ("row.added", f"shelf.boxes:{key}")
    Permission.objects.filter(pk=key).update(content_type_id=first.pk)


def test_a_row_may_be_unknown_until_it_begins() -> None:
    shelves = fill(2)
    begins = Protected(SHELF.kind, SHELF.model, children=SHELF.children, label=SHELF.label,
                       begins=lambda document: document["app_label"] == "bound")  # fmt: skip
    by_hand("INSERT INTO django_content_type (app_label, model) VALUES ('draft', 'new')")
    assert evidence.verify([begins]).findings == []
    by_hand("UPDATE django_content_type SET app_label = 'bound' WHERE model = 'new'")
    assert [finding.code for finding in evidence.verify([begins]).findings] == ["row.added"]
    by_hand("DELETE FROM django_content_type WHERE model = 'new'")
    by_hand("UPDATE django_content_type SET app_label = 'draft' WHERE id = %s", [shelves[0].pk])
    assert [finding.field for finding in evidence.verify([begins]).findings] == ["app_label"]


def test_a_check_that_cannot_go_on_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops() -> Iterator[protection.Disagreement]:
        yield protection.Disagreement("book:1", "sum", "1", "2", "不符")
        raise TypeError("text among numbers")

    monkeypatch.setattr(protection, "checks", lambda: (stops,))
    report = evidence.verify([])
    assert [finding.code for finding in report.findings] == ["check.stopped"]
    assert "text among numbers" in report.findings[0].sentence


def test_the_text_shows_the_first_findings_and_counts_the_rest() -> None:
    report = Report(most=60)
    for seq in range(70):
        report.add(Finding("record.mac", obj=f"asset:{seq}", seq=seq))
    lines = list(report.lines(50))
    assert sum(line.startswith("[") for line in lines) == 50
    assert "另有 20 处未一一列出。" in lines
    assert (len(report.as_dict()["findings"]), report.found) == (60, 70)


def test_an_empty_bulk_record_leaves_the_end_of_the_log_as_it_was() -> None:
    fill(1)
    evidence.record_many(COUNTED, [], actor=actor(), on=DAY)
    assert evidence.verify([SHELF]).findings == []
