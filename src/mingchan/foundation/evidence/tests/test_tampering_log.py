"""Every change of the log itself is found and named: records, details, head and trees, whoever holds which key."""

from typing import Any

import orjson
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.evidence import protection, rules, tree
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Detail, Record, Tile
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, actor, by_hand
from mingchan.foundation.evidence.tests.shelving import SHELF, codes, unguard, verify
from mingchan.kernel import canonical, crypto

pytestmark = pytest.mark.django_db


def _edit_body(seq: int, /, **changes: Any) -> bytes:
    body = orjson.loads(bytes(Record.objects.get(seq=seq).body))
    return canonical.encode({**body, **changes})


def _rewrite(seq: int, body: bytes, key: bytes | None = None, key_id: str | None = None) -> None:
    """Put another body with its leaf, and a MAC when a key is at hand."""
    leaf = tree.leaf_hash(body)
    by_hand("UPDATE evidence_record SET body = %s, leaf_sha256 = %s WHERE seq = %s", [body, leaf, seq])
    if key is not None:
        mac = rules.mac(key)(seq.to_bytes(8) + leaf)
        by_hand("UPDATE evidence_record SET mac = %s, key_id = %s WHERE seq = %s", [mac, key_id, seq])


def _rebuild_head(size: int) -> None:
    frontier: list[bytes] = []
    leaves = Record.objects.order_by("seq").values_list("leaf_sha256", flat=True)
    tree.extend(0, frontier, [bytes(leaf) for leaf in leaves])
    last_at = Record.objects.order_by("seq").values_list("at", flat=True).last()
    by_hand("UPDATE evidence_head SET size = %s, sha256 = %s, last_at = %s", [size, b"".join(frontier), last_at])


def test_a_changed_record_body_is_named(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("UPDATE evidence_record SET body = %s WHERE seq = 2", [_edit_body(2, actor="account:99")])
    found = {(finding.code, finding.seq) for finding in verify().findings}
    assert ("record.body", 2) in found
    assert {seq for _code, seq in found} == {2, None}


def test_who_did_it_cannot_be_changed_even_with_digest_tree_and_copy(shelves: list[ContentType]) -> None:
    unguard()
    _rewrite(2, _edit_body(2, actor="account:99"))
    by_hand("UPDATE evidence_record SET actor = 'account:99' WHERE seq = 2")
    _rebuild_head(5)
    (finding,) = verify().findings
    assert (finding.code, finding.seq, finding.obj) == ("record.mac", 2, f"shelf:{shelves[2].pk}")


def test_row_and_record_changed_together_are_both_named(shelves: list[ContentType]) -> None:
    unguard()
    shelf = shelves[2]
    by_hand("UPDATE django_content_type SET model = 'stolen' WHERE id = %s", [shelf.pk])
    shelf.refresh_from_db()
    digest = rules.digest_text(rules.document_bytes(protection.document(SHELF, shelf)))
    _rewrite(2, _edit_body(2, after=digest))
    _rebuild_head(5)
    report = verify()
    assert [(finding.code, finding.obj, finding.field) for finding in report.findings] == [
        ("record.mac", f"shelf:{shelf.pk}", ""),
        ("row.changed", f"shelf:{shelf.pk}", "model"),
    ]


def test_a_log_recomputed_with_another_key_is_not_believed(shelves: list[ContentType]) -> None:
    unguard()
    for seq in range(5):
        _rewrite(seq, _edit_body(seq, actor="account:99"), b"thief" * 6, "deadbeef")
    by_hand("UPDATE evidence_record SET actor = 'account:99'")
    _rebuild_head(5)
    report = verify()
    assert codes(report) == ["record.key"] * 5
    assert report.findings[0].found == "deadbeef"


def test_a_log_recomputed_with_another_key_under_the_old_name_is_not_believed(shelves: list[ContentType]) -> None:
    unguard()
    for seq in range(5):
        _rewrite(seq, _edit_body(seq, actor="account:99"), b"thief" * 6, crypto.mac_key()[0])
    by_hand("UPDATE evidence_record SET actor = 'account:99'")
    _rebuild_head(5)
    assert codes(verify()) == ["record.mac"] * 5


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("act", "test.stock.move", "record.column"),
        ("obj", "shelf:0", "record.column"),
        ("actor", "account:99", "record.column"),
        ('"on"', "2019-01-01", "record.column"),
        ("at", "2019-01-01T00:00:00.000000Z", "record.column"),
        ("region", "140931", "record.column"),
        ("detail_id", 4, "record.column"),
        ("detail_id", None, "record.column"),
        ("key_id", "deadbeef", "record.key"),
        ("mac", b"m" * 32, "record.mac"),
        ("leaf_sha256", b"l" * 32, "record.leaf"),
    ],
)
def test_every_column_of_a_record_is_covered(shelves: list[ContentType], column: str, value: Any, code: str) -> None:
    unguard()
    by_hand(f"UPDATE evidence_record SET {column} = %s WHERE seq = 3", [value])
    report = verify()
    assert code in codes(report)
    assert {finding.seq for finding in report.findings} == {3}


def test_a_deleted_middle_record_is_named(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("DELETE FROM evidence_record WHERE seq = 2")
    report = verify()
    assert ("log.missing", 2) in {(finding.code, finding.seq) for finding in report.findings}
    assert ("row.added", f"shelf:{shelves[2].pk}") in {(finding.code, finding.obj) for finding in report.findings}


def test_a_deleted_record_whose_successors_are_renumbered_is_found(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("DELETE FROM evidence_record WHERE seq = 2")
    for seq in (3, 4):
        by_hand("UPDATE evidence_record SET seq = %s, detail_id = %s WHERE seq = %s", [seq - 1, seq - 1, seq])
    _rebuild_head(4)
    found = codes(verify())
    assert found.count("record.number") == 2
    assert found.count("record.mac") == 2
    assert "detail.extra" in found


def test_a_cut_tail_is_found_by_the_head(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("DELETE FROM evidence_record WHERE seq >= 3")
    by_hand("DELETE FROM evidence_detail WHERE id >= 3")
    report = verify()
    (tail,) = [finding for finding in report.findings if finding.code == "log.tail"]
    assert (tail.expected, tail.found) == (5, 3)


def test_a_cut_tail_with_a_new_head_leaves_rows_without_a_record(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("DELETE FROM evidence_record WHERE seq >= 3")
    by_hand("DELETE FROM evidence_detail WHERE id >= 3")
    _rebuild_head(3)
    assert [(finding.code, finding.obj) for finding in verify().findings] == [
        ("row.added", f"shelf:{shelves[3].pk}"),
        ("row.added", f"shelf:{shelves[4].pk}"),
    ]


def test_two_records_swapped_are_found(shelves: list[ContentType]) -> None:
    unguard()
    for old, new in ((1, 1001), (3, 1), (1001, 3)):
        by_hand("UPDATE evidence_record SET seq = %s, detail_id = %s WHERE seq = %s", [new, new, old])
        by_hand("UPDATE evidence_detail SET id = %s WHERE id = %s", [new, old])
    _rebuild_head(5)
    report = verify()
    assert {finding.seq for finding in report.findings if finding.code == "record.number"} == {1, 3}
    assert {finding.seq for finding in report.findings if finding.code == "record.mac"} == {1, 3}


def _forge(seq: int, key: bytes, key_id: str) -> None:
    salt, detail = b"s" * 32, b'{"facts":{}}'
    body = _edit_body(4, seq=seq, commit=rules.commit_text(salt, detail), obj="shelf:0")
    body = canonical.encode({name: value for name, value in orjson.loads(body).items() if name != "after"})
    leaf = tree.leaf_hash(body)
    last = Record.objects.get(seq=4)
    Record.objects.create(
        seq=seq, body=body, leaf_sha256=leaf, mac=rules.mac(key)(seq.to_bytes(8) + leaf), key_id=key_id, detail_id=seq,
        act=last.act, obj="shelf:0", actor=last.actor, on=last.on, at=last.at, region=last.region,
    )  # fmt: skip
    Detail.objects.create(id=seq, salt=salt, body=detail)


def test_a_forged_record_at_the_end_fails_for_want_of_the_key(shelves: list[ContentType]) -> None:
    _forge(5, b"guess" * 6, crypto.mac_key()[0])
    assert codes(verify()) == ["record.mac", "log.extra"]
    _rebuild_head(6)
    assert codes(verify()) == ["record.mac"]


def test_a_record_in_another_form_is_refused_even_with_the_key(shelves: list[ContentType]) -> None:
    unguard()
    key_id, key = crypto.mac_key()
    spaced = bytes(Record.objects.get(seq=4).body).replace(b'","', b'", "', 1)
    _rewrite(4, spaced, key, key_id)
    _rebuild_head(5)
    assert "record.form" in codes(verify())


def test_a_changed_detail_is_named(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("UPDATE evidence_detail SET body = %s WHERE id = 1", [b'{"facts":{},"reason":"other"}'])
    assert [(finding.code, finding.seq) for finding in verify().findings] == [("detail.changed", 1)]


def test_a_changed_salt_is_named(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("UPDATE evidence_detail SET salt = %s WHERE id = 1", [b"s" * 32])
    assert [(finding.code, finding.seq) for finding in verify().findings] == [("detail.changed", 1)]


def test_a_deleted_detail_and_one_erased_without_a_record_are_named(shelves: list[ContentType]) -> None:
    by_hand("UPDATE evidence_detail SET salt = %s, body = %s WHERE id = 1", [b"", b""])
    unguard()
    by_hand("DELETE FROM evidence_detail WHERE id = 3")
    found = {(finding.code, finding.seq) for finding in verify().findings}
    assert found == {("detail.erased", 1), ("detail.missing", 3)}


def test_a_detail_of_no_record_is_named(shelves: list[ContentType]) -> None:
    Detail.objects.create(id=77, salt=b"s", body=b"{}")
    (finding,) = verify().findings
    assert (finding.code, finding.seq) == ("detail.extra", 77)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE evidence_head SET size = 4", "log.extra"),
        ("UPDATE evidence_head SET size = 9", "log.tail"),
        ("DELETE FROM evidence_head", "head.missing"),
    ],
)
def test_a_changed_head_is_found(shelves: list[ContentType], statement: str, code: str) -> None:
    unguard()
    by_hand(statement)
    assert codes(verify()) == [code]


def test_another_root_in_the_head_is_found(shelves: list[ContentType]) -> None:
    by_hand("UPDATE evidence_head SET sha256 = %s", [b"r" * 64])
    assert codes(verify()) == ["log.root"]


def test_a_changed_subtree_is_found(db: None) -> None:
    evidence.record_many(COUNTED, [(f"asset:{n}", "", {"id": n}) for n in range(600)], actor=actor(), on=DAY)
    assert verify().counts == {"row.added": ContentType.objects.count()}
    unguard()
    by_hand('UPDATE evidence_tile SET sha256 = %s WHERE "index" = 1', [b"t" * 32])
    assert verify().counts["log.tile"] == 1
    by_hand('DELETE FROM evidence_tile WHERE "index" = 0')
    assert verify().counts["log.tile"] == 2
    assert Tile.objects.count() == 1


def test_the_second_tree_is_checked_too(shelves: list[ContentType]) -> None:
    evidence.switch_on_sm3(actor=actor(), on=DAY)
    assert verify().findings == []
    by_hand("UPDATE evidence_head SET sm3 = %s", [b"r" * 64])
    assert codes(verify()) == ["log.root_sm3"]
    unguard()
    by_hand("UPDATE evidence_record SET leaf_sm3 = %s WHERE seq = 1", [b"r" * 32])
    assert ("record.leaf", "leaf_sm3", 1) in {(found.code, found.field, found.seq) for found in verify().findings}


def test_time_that_runs_backwards_is_found(shelves: list[ContentType]) -> None:
    unguard()
    key_id, key = crypto.mac_key()
    early = "2019-01-01T00:00:00.000000Z"
    _rewrite(3, _edit_body(3, at=early), key, key_id)
    by_hand("UPDATE evidence_record SET at = %s WHERE seq = 3", [early])
    _rebuild_head(5)
    assert codes(verify()) == ["record.time"]


def test_a_wrecked_log_keeps_the_report_small(db: None) -> None:
    evidence.record_many(COUNTED, [(f"asset:{n}", "", {"id": n}) for n in range(1500)], actor=actor(), on=DAY)
    unguard()
    by_hand("UPDATE evidence_record SET mac = %s", [b"m" * 32])
    report = evidence.verify([])
    assert report.counts["record.mac"] == 1500
    assert len(report.findings) == 1000
    assert "另有 500 处未一一列出。" in list(report.lines())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["act", "obj", "actor", "on", "at", "after", "before", "commit", "seq", "region", "v", "epoch"]),
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9) | st.lists(st.integers(-9, 9), max_size=2),
    st.booleans(),
)
def test_a_record_of_any_shape_is_judged_and_never_breaks_the_verifier(
    shelves: list[ContentType], name: str, value: Any, signed: bool
) -> None:
    savepoint = connection.savepoint()
    try:
        unguard()
        key_id, key = crypto.mac_key()
        body = orjson.loads(bytes(Record.objects.get(seq=3).body))
        changed = canonical.encode({**body, name: value})
        if changed == canonical.encode(body):
            return
        _rewrite(3, changed, key if signed else b"thief" * 6, key_id)
        assert not verify().ok
    finally:
        connection.savepoint_rollback(savepoint)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff\xfe", b'"text"', b"{}", b'{"v":1}'])
def test_bytes_that_are_no_record_are_named(shelves: list[ContentType], body: bytes) -> None:
    unguard()
    _rewrite(3, body)
    assert {("record.form", 3), ("record.mac", 3)} <= {(found.code, found.seq) for found in verify().findings}


def test_a_record_before_the_first_is_named(shelves: list[ContentType]) -> None:
    unguard()
    by_hand("UPDATE evidence_record SET seq = -1 WHERE seq = 4")
    found = {(finding.code, finding.seq) for finding in verify().findings}
    assert {("record.form", -1), ("record.mac", -1)} <= found
