"""What the log holds after honest acts: contiguous, bound to the transaction, the same for one record or many."""

import hashlib
from datetime import UTC, datetime

import orjson
import pytest
from django.db import DatabaseError, transaction

from mingchan.foundation.evidence import queries, rules, tree, writing
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Detail, Head, Record
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, LATER, MOVED, actor
from mingchan.kernel import canonical, crypto
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db


def _rows(count: int, start: int = 1):
    return [
        (f"asset:{number}", "140932101", {"id": number, "name": f"电脑{number}"})
        for number in range(start, start + count)
    ]


def test_a_record_states_who_did_what_to_which_row_when() -> None:
    evidence.record(COUNTED, Ref("asset", 3), actor=actor(), on=DAY, after={"id": 3, "name": "电脑", "site_id": None},
                    division="140932101", reason="年度盘点", facts={"name": "电脑"})  # fmt: skip
    found = Record.objects.get()
    body = orjson.loads(bytes(found.body))
    detail = Detail.objects.get()
    row = canonical.encode({"id": 3, "name": "电脑"})
    assert body == {
        "act": "test.stock.count", "actor": "account:7", "after": "sha256:" + hashlib.sha256(row).hexdigest(),
        "at": found.at, "class": "business", "clause": ["3.4.1"], "code": writing.program_digest(),
        "commit": rules.commit_text(bytes(detail.salt), bytes(detail.body)), "epoch": 1, "obj": "asset:3",
        "on": "2020-03-10", "outcome": "ok", "region": "140932101", "request": "01J8", "role": "bureau_clerk", "seq": 0,
        "session": rules.session_digest("s3cret"), "src": "ip:10.8.3.21", "v": 1,
    }  # fmt: skip
    assert bytes(found.body) == canonical.encode(body)
    assert bytes(detail.body) == canonical.encode(
        {"after": {"id": 3, "name": "电脑"}, "facts": {"actor": "张三", "name": "电脑"}, "reason": "年度盘点"}
    )
    assert bytes(found.leaf_sha256) == tree.leaf_hash(bytes(found.body))
    key_id, key = crypto.mac_key()
    assert found.key_id == key_id
    assert bytes(found.mac) == crypto.hmac_sha256(key, (0).to_bytes(8, "big") + bytes(found.leaf_sha256))
    assert len(bytes(detail.salt)) == 32


def test_many_records_equal_the_same_records_one_by_one() -> None:
    first, count = evidence.record_many(COUNTED, iter(_rows(700)), actor=actor(), on=DAY, reason="导入")
    for obj, division, after in _rows(700, 701):
        evidence.record(COUNTED, Ref.parse(obj), actor=actor(), on=DAY, after=after, division=division, reason="导入")
    assert (first, count) == (0, 700)
    bodies = [orjson.loads(bytes(body)) for body in Record.objects.order_by("seq").values_list("body", flat=True)]
    assert [body["seq"] for body in bodies] == list(range(1400))
    for many, alone in zip(bodies[:700], bodies[700:], strict=True):
        assert many.keys() == alone.keys()
        same = [name for name in many if name not in ("after", "at", "commit", "obj", "seq")]
        assert [many[name] for name in same] == [alone[name] for name in same]
    assert evidence.verify([]).findings == []


def test_the_head_is_the_tree_over_all_records() -> None:
    evidence.record_many(COUNTED, _rows(300), actor=actor(), on=DAY)
    leaves = [tree.leaf_hash(bytes(body)) for body in Record.objects.order_by("seq").values_list("body", flat=True)]
    checkpoint = queries.latest_checkpoint()
    assert checkpoint.size == 300
    assert checkpoint.root == tree.root_of_leaves(leaves).hex()
    digits = checkpoint.root[:16].upper()
    assert str(checkpoint) == f"校验点 300 · {digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"


def test_a_change_states_the_row_before_it() -> None:
    one, two = {"id": 1, "place": "一楼"}, {"id": 1, "place": "二楼"}
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY, after=one)
    evidence.record(MOVED, Ref("asset", 1), actor=actor(), on=DAY, before=one, after=two)
    evidence.record_many(MOVED, [("asset:1", "", {"id": 1, "place": "三楼"}, two)], actor=actor(), on=DAY)
    bodies = [orjson.loads(bytes(body)) for body in Record.objects.order_by("seq").values_list("body", flat=True)]
    assert "before" not in bodies[0]
    assert bodies[1]["before"] == bodies[0]["after"]
    assert bodies[2]["before"] == bodies[1]["after"]


def test_without_a_stated_row_before_the_log_gives_its_own() -> None:
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY, after={"id": 1})
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY)
    evidence.record(MOVED, Ref("asset", 1), actor=actor(), on=DAY, after={"id": 1, "place": "二楼"})
    bodies = [orjson.loads(bytes(body)) for body in Record.objects.order_by("seq").values_list("body", flat=True)]
    assert bodies[2]["before"] == bodies[0]["after"]


def test_rows_that_begin_and_rows_that_change_are_not_mixed_unseen() -> None:
    rows = [("asset:1", "", {"id": 1}), ("asset:2", "", {"id": 2}, {"id": 2, "name": "旧"})]
    with pytest.raises(TypeError, match="before"):
        evidence.record_many(COUNTED, rows, actor=actor(), on=DAY)


def test_nulls_never_reach_a_document() -> None:
    evidence.record_many(COUNTED, [("asset:1", "", {"id": 1, "site_id": None})], actor=actor(), on=DAY)
    assert queries.as_of(Ref("asset", 1), DAY) == {"id": 1}


def test_no_records_leave_the_log_as_it_is() -> None:
    assert evidence.record_many(COUNTED, [], actor=actor(), on=DAY) == (0, 0)
    assert queries.latest_checkpoint().size == 0


def test_the_recording_time_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY)
    monkeypatch.setattr(writing, "utc_now", lambda: datetime(1999, 1, 1, tzinfo=UTC))
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY)
    first, second = Record.objects.order_by("seq").values_list("at", flat=True)
    assert second == first


def test_an_act_whose_record_cannot_be_written_fails_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence.record(COUNTED, Ref("asset", 1), actor=actor(), on=DAY)

    def fail(*_args: object) -> int:
        raise DatabaseError("disk full")

    def act() -> None:
        with transaction.atomic():
            Head.objects.filter(id=1).update(epoch=2)
            try:
                evidence.record(COUNTED, Ref("asset", 2), actor=actor(), on=DAY)
            except DatabaseError:
                return

    monkeypatch.setattr(writing.database, "insert_rows", fail)
    act()
    monkeypatch.undo()
    assert Head.objects.get().epoch == 1
    assert Record.objects.count() == 1


def test_a_refusal_is_recorded_as_one() -> None:
    seq = evidence.record_own_transaction(MOVED, Ref("asset", 1), actor=actor(), on=DAY, reason="没有权限")
    assert orjson.loads(bytes(Record.objects.get(seq=seq).body))["outcome"] == "refused"
    assert queries.history(Ref("asset", 1))[0].outcome == "refused"


def test_erasing_a_detail_leaves_the_log_provable_and_is_recorded() -> None:
    seq = evidence.record(COUNTED, Ref("party", 1), actor=actor(), on=DAY, after={"id": 1, "name": "李四"})
    erased = evidence.erase_detail(seq, reason="本人要求", actor=actor(), on=LATER)
    assert bytes(Detail.objects.get(id=seq).body) == b""
    assert bytes(Detail.objects.get(id=seq).salt) == b""
    assert queries.history(Ref("record", seq))[0].sentence == "抹去第 0 条记录的细节：本人要求"
    assert evidence.verify([]).findings == []
    assert queries.as_of(Ref("party", 1), DAY) is None
    with pytest.raises(NotFound):
        evidence.erase_detail(seq, reason="再次", actor=actor(), on=LATER)
    with pytest.raises(NotAllowed):
        evidence.erase_detail(erased, reason="无权", actor=actor(rights=frozenset()), on=LATER)


def test_the_second_tree_covers_the_records_before_it_was_switched_on() -> None:
    evidence.record_many(COUNTED, _rows(600), actor=actor(), on=DAY)
    with pytest.raises(NotAllowed):
        evidence.switch_on_sm3(actor=actor(rights=frozenset()), on=DAY)
    assert evidence.switch_on_sm3(actor=actor(), on=DAY) == 600
    assert evidence.switch_on_sm3(actor=actor(), on=DAY) == 600
    evidence.record_many(COUNTED, _rows(300, 601), actor=actor(), on=DAY)
    bodies = [bytes(body) for body in Record.objects.order_by("seq").values_list("body", flat=True)]
    leaves = [crypto.sm3(b"\x00" + body) for body in bodies]
    assert [bytes(leaf) for leaf in Record.objects.order_by("seq").values_list("leaf_sm3", flat=True)] == leaves
    report = evidence.verify([])
    assert report.findings == []
    assert report.sm3 == tree.root_of_leaves(leaves, crypto.sm3).hex()


def test_proofs_read_kept_subtrees_and_hold(django_assert_max_num_queries) -> None:
    evidence.record_many(COUNTED, _rows(1100), actor=actor(), on=DAY)
    leaves = [bytes(leaf) for leaf in Record.objects.order_by("seq").values_list("leaf_sha256", flat=True)]
    root = bytes.fromhex(queries.latest_checkpoint().root)
    for seq in (0, 255, 256, 700, 1023, 1024, 1099):
        proof = queries.inclusion_proof(seq, 1100)
        assert tree.verify_inclusion(seq, 1100, leaves[seq], proof, root)
    for old in (1, 256, 300, 1024, 1099):
        assert tree.verify_consistency(
            old, 1100, tree.root_of_leaves(leaves[:old]), root, queries.consistency_proof(old, 1100)
        )
