"""Reading the log: lives, rows as of a day, pages within the reader's divisions."""

from datetime import date

import pytest

from mingchan.foundation.evidence import queries
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.ends import Ends
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, MOVED, actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db
ASSET = Ref("asset", 1)


def test_the_life_of_an_object_reads_as_sentences() -> None:
    evidence.record(COUNTED, ASSET, actor=actor(), on=DAY, after={"id": 1, "name": "电脑"}, reason="盘点")
    evidence.record(MOVED, ASSET, actor=actor("李四", 8), on=DAY, facts={"reason_word": "搬家"})
    one, two = queries.history(ASSET)
    assert (one.seq, one.actor, one.kind, one.reason) == (0, "张三", "test.stock.count", "盘点")
    assert one.sentence == "清点 电脑，经办 张三"
    assert two.sentence == "移动 —：搬家"
    assert one.on == DAY
    assert one.at.tzinfo is not None
    assert [entry.seq for entry in queries.history(ASSET, limit=1)] == [1]


def test_an_act_no_longer_declared_is_shown_by_its_code() -> None:
    assert queries.sentence_of("old.thing.done", {}, {}) == "old.thing.done"


def test_a_row_is_shown_as_of_a_business_day() -> None:
    first, second = {"id": 1, "place": "一楼"}, {"id": 1, "place": "二楼"}
    evidence.record(COUNTED, ASSET, actor=actor(), on=date(2020, 3, 1), after=first)
    evidence.record(MOVED, ASSET, actor=actor(), on=date(2020, 5, 1), before=first, after=second)
    for number in range(70):
        evidence.record(COUNTED, ASSET, actor=actor(), on=date(2020, 6, 1), reason=str(number))
    evidence.record(MOVED, ASSET, actor=actor(), on=date(2020, 7, 1), before=second)
    assert queries.as_of(ASSET, date(2020, 2, 29)) is None
    assert queries.as_of(ASSET, date(2020, 3, 1)) == first
    assert queries.as_of(ASSET, date(2020, 4, 30)) == first
    assert queries.as_of(ASSET, date(2020, 6, 30)) == second
    assert queries.as_of(ASSET, date(2020, 7, 1)) is None


@pytest.fixture
def log(db: None) -> None:
    for number in range(12):
        evidence.record(
            MOVED if number % 3 == 0 else COUNTED, Ref("asset", number % 2), actor=actor(number=number % 4),
            on=date(2020, 3, 1 + number), division=f"14093210{number % 2}",
        )  # fmt: skip


def seqs(page: queries.Page) -> list[int]:
    return [entry.seq for entry in page.entries]


def test_the_log_is_paged_newest_first_both_ways(log: None) -> None:
    first = queries.recent(actor(), limit=5)
    assert seqs(first) == [11, 10, 9, 8, 7]
    assert first.before is None
    second = queries.recent(actor(), limit=5, after=first.after)
    assert seqs(second) == [6, 5, 4, 3, 2]
    third = queries.recent(actor(), limit=5, after=second.after)
    assert seqs(third) == [1, 0]
    assert third.after is None
    back = queries.recent(actor(), limit=5, before=third.before)
    assert seqs(back) == [6, 5, 4, 3, 2]
    top = queries.recent(actor(), limit=5, before=back.before)
    assert seqs(top) == [11, 10, 9, 8, 7]
    assert top.before is None


def test_the_log_is_filtered_by_object_person_act_and_day(log: None) -> None:
    assert seqs(queries.recent(actor(), obj="asset:1", act="test.stock.move")) == [9, 3]
    assert seqs(queries.recent(actor(), act="test.stock.")) == list(range(11, -1, -1))
    assert seqs(queries.recent(actor(), person="account:2")) == [10, 6, 2]
    assert seqs(queries.recent(actor(), day_from=date(2020, 3, 4), day_to=date(2020, 3, 5))) == [4, 3]
    assert queries.acts_present() == ["test.stock.count", "test.stock.move"]


def test_the_log_ends_at_the_readers_divisions(log: None) -> None:
    reader = actor(scope="140932101")
    assert seqs(queries.recent(reader)) == [11, 9, 7, 5, 3, 1]
    assert queries.record(3, reader).entry.seq == 3
    with pytest.raises(NotFound):
        queries.record(2, reader)
    assert seqs(queries.recent(actor(rights=frozenset()))) == []
    with pytest.raises(NotFound):
        queries.record(99, actor())


def test_a_record_is_shown_with_its_proof_and_neighbours(log: None) -> None:
    view = queries.record(4, actor())
    assert view.proof.verified
    assert view.proof.mac_right
    assert view.proof.size == 12
    assert (view.previous, view.following) == (2, 6)
    assert view.document["seq"] == 4
    assert not view.erased


def test_the_checkpoint_of_an_empty_log_is_the_empty_root() -> None:
    checkpoint = queries.latest_checkpoint()
    assert (checkpoint.size, checkpoint.text) == (0, "校验点 0 · E3B0-C442-98FC-1C14")
    assert checkpoint.at is None


def test_ends_of_objects_are_kept_whatever_their_names() -> None:
    ends = Ends()
    names = ["asset:1", "asset:255", "asset:256", "party:1", "division:140932101200", "pack:pianguan", "x:007", "x:7",
             "x:99999999999999999999", "log:sm3"]  # fmt: skip
    for number, name in enumerate(names):
        assert ends.get(name) is None
        ends.put(name, number, bytes([number]) * 32)
    ends.put("party:1", 50, None)
    for number, name in enumerate(names):
        expected = (50, None) if name == "party:1" else (number, bytes([number]) * 32)
        assert ends.get(name) == expected
    assert sorted(ends.living()) == sorted((name, at) for at, name in enumerate(names) if name != "party:1")
    for name in names:
        assert ends.take(name) is not None
        assert ends.take(name) is None
    assert list(ends.living()) == []
