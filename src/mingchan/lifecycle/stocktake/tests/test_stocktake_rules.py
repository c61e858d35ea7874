"""What a set of events says, and how it differs from what should be there: tables of cases and properties (3.4.1)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingchan.lifecycle.stocktake import rules
from mingchan.lifecycle.stocktake.rules import Booked, Seen

BOOKED = {"A": Booked(1000, "1", "在用"), "B": Booked(12_000, "1", "在用"), "C": Booked(1000, "2", "在用")}


def seen(seq: int, kind: str, code: str = "", device: str = "p1", at: str = "1", **data: Any) -> Seen:
    return Seen(f"{device}-{seq}", device, seq, int(device[1:]), kind, code, data, at=at)


def kinds(events: list[Seen], code: str = "A") -> list[str]:
    truth = rules.truth(events, BOOKED)
    return [gap.kind for gap in rules.gaps(code, truth.of(code), BOOKED.get(code))]


@pytest.mark.parametrize(
    ("events", "code", "expected"),
    [
        ([], "A", ["UNSEEN"]),
        ([seen(1, "found", "A")], "A", []),
        ([seen(1, "scan", "A", text="A")], "A", ["UNSEEN"]),
        ([seen(1, "not_found", "A", note="找不到")], "A", ["SHORTAGE"]),
        ([seen(1, "count", "B", quantity=12)], "B", []),
        ([seen(1, "count", "B", quantity="11.5")], "B", ["QUANTITY"]),
        ([seen(1, "count", "B", quantity=0)], "B", ["SHORTAGE"]),
        ([seen(1, "damaged", "A", note="屏裂")], "A", ["STATE"]),
        ([seen(1, "found", "A", condition="在用")], "A", []),
        ([seen(1, "found", "A", condition="闲置")], "A", ["STATE"]),
        ([seen(1, "elsewhere", "A", place="2", text="库房")], "A", ["PLACE"]),
        ([seen(1, "elsewhere", "A", text="借给学校")], "A", ["PLACE"]),
        ([seen(1, "found", "A"), seen(2, "claim", "A", label="L-9")], "A", ["UNLABELLED"]),
        ([seen(1, "found", "A", at="2")], "A", ["PLACE"]),
        ([seen(1, "not_found", "A"), seen(2, "found", "A")], "A", []),
        ([seen(1, "found", "A"), seen(2, "undo", event="p1-1")], "A", ["UNSEEN"]),
        ([seen(1, "found", "A"), seen(2, "undo", event="p1-1"), seen(3, "undo", event="p1-2")], "A", []),
        ([seen(1, "found", "A"), seen(1, "undo", device="p2", event="p1-1")], "A", []),
        ([seen(2, "undo", event="p1-3"), seen(3, "found", "A")], "A", []),
        ([seen(1, "found", "A"), seen(1, "found", "A", "p2")], "A", []),
        ([seen(1, "found", "A"), seen(1, "damaged", "A", "p2")], "A", ["STATE"]),
        ([seen(1, "found", "A"), seen(1, "not_found", "A", "p2")], "A", ["DISAGREE"]),
        ([seen(1, "count", "B", quantity=12), seen(1, "count", "B", "p2", quantity=11)], "B", ["DISAGREE"]),
        ([seen(1, "not_found", "C", at="2"), seen(1, "found", "C", "p2", at="1")], "C", ["PLACE"]),
        ([seen(1, "found", "X")], "X", ["PLACE"]),
    ],
)
def test_how_an_asset_differs_follows_from_what_was_seen(events: list[Seen], code: str, expected: list[str]) -> None:
    assert kinds(events, code) == expected


def disagreeing() -> list[Seen]:
    return [seen(1, "found", "A"), seen(1, "not_found", "A", "p2")]


def test_a_checkers_word_counts_while_it_knows_of_everything_that_was_seen() -> None:
    word = seen(1, "decide", "A", "p9", at="", seen=["p1-1", "p2-1"], present=True)
    assert kinds([*disagreeing(), word]) == []
    assert rules.truth([*disagreeing(), word], BOOKED).of("A").state == "DECIDED"
    assert kinds([*disagreeing(), word, seen(1, "not_found", "A", "p3")]) == ["DISAGREE"], "a third count came in since"


def test_the_last_word_of_one_checker_counts_and_two_checkers_may_disagree() -> None:
    first = seen(1, "decide", "A", "p9", at="", seen=["p1-1", "p2-1"], present=True)
    second = seen(2, "decide", "A", "p9", at="", seen=["p1-1", "p2-1"], present=False)
    assert kinds([*disagreeing(), first, second]) == ["SHORTAGE"]
    other = seen(1, "decide", "A", "p8", at="", seen=["p1-1", "p2-1"], present=True)
    assert kinds([*disagreeing(), second, other]) == ["DISAGREE"]


def test_a_recount_sets_aside_what_was_seen_and_keeps_it() -> None:
    again = seen(1, "recount", "A", "p9", at="", seen=["p1-1", "p2-1"])
    standing = rules.truth([*disagreeing(), again], BOOKED).of("A")
    assert (standing.state, standing.asked_again) == ("UNSEEN", True)
    assert kinds([*disagreeing(), again, seen(2, "found", "A")]) == []


def test_surplus_signatures_and_the_end_can_be_undone_too() -> None:
    events = [
        seen(1, "surplus", name="货架", unit="组", quantity=2), seen(2, "signature", role="counter", name="赵"),
        seen(3, "finish"), seen(4, "surplus", name="冰柜", unit="台", quantity=1), seen(5, "undo", event="p1-4"),
    ]  # fmt: skip
    truth = rules.truth(events, BOOKED)
    assert [event.data["name"] for event in truth.surplus] == ["货架"]
    assert (len(truth.signatures), truth.finished) == (1, frozenset({1}))
    assert rules.truth([*events, seen(6, "undo", event="p1-3")], BOOKED).finished == frozenset()


@pytest.mark.parametrize(
    ("kind", "code", "data", "expected"),
    [
        ("found", "A", {}, ""),
        ("dance", "A", {}, "KIND"),
        ("decide", "A", {}, "KIND"),
        ("found", "", {}, "CODE"),
        ("count", "A", {}, "MISSING"),
        ("count", "A", {"quantity": -1}, "QUANTITY"),
        ("count", "A", {"quantity": "1.0005"}, "QUANTITY"),
        ("count", "A", {"quantity": True}, "QUANTITY"),
        ("count", "A", {"quantity": "NaN"}, "QUANTITY"),
        ("count", "A", {"quantity": 2.5}, ""),
        ("elsewhere", "A", {"place": "7"}, "PLACE"),
        ("elsewhere", "A", {"place": "1", "text": "库房"}, ""),
        ("surplus", "", {"name": "货架", "quantity": 1}, ""),
        ("surplus", "", {"name": "货架", "quantity": 0}, "QUANTITY"),
        ("surplus", "", {"quantity": 1}, "MISSING"),
        ("signature", "", {"role": "counter", "name": "赵", "strokes": [[[0, 1], [2.5, 3]]]}, ""),
        ("signature", "", {"role": "boss", "name": "赵", "strokes": []}, "SIGNATURE"),
        ("signature", "", {"role": "keeper", "name": "赵", "strokes": [[["x", 1]]]}, "SIGNATURE"),
        ("undo", "", {}, "MISSING"),
        ("found", "A", {"note": "长" * 501}, "TEXT"),
        ("found", "A", {"note": 7}, "TEXT"),
        ("found", "A", ["no mapping"], "DATA"),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_reason(kind: str, code: str, data: Any, expected: str) -> None:
    assert rules.fault(kind, code, data, places={"1", "2"}) == expected


@pytest.mark.parametrize(
    ("value", "milli", "plain"), [(3, 3000, 3), ("2.5", 2500, "2.5"), (0.125, 125, "0.125"), (0, 0, 0)]
)
def test_quantities_are_exact_in_both_directions(value: Any, milli: int, plain: Any) -> None:
    assert rules.milli(value) == milli
    assert rules.plain_quantity(milli) == plain


_CODES = st.sampled_from(["A", "B", "C", "X"])
_DATA = st.fixed_dictionaries({}, optional={"quantity": st.sampled_from([1, 2, 12]), "condition": st.just("闲置")})


@st.composite
def worlds(draw: Any) -> list[Seen]:
    """What three phones and a checker recorded: every device numbers its events from 1."""
    events: list[Seen] = []
    for device in ("p1", "p2", "p3"):
        for seq in range(1, draw(st.integers(0, 5)) + 1):
            kind = draw(st.sampled_from(["found", "count", "not_found", "damaged", "elsewhere", "surplus", "undo"]))
            if kind == "undo":
                data = {"event": f"p{draw(st.integers(1, 3))}-{draw(st.integers(1, 5))}"}
                events.append(seen(seq, kind, device=device, **data))
            elif kind == "surplus":
                events.append(seen(seq, kind, device=device, name="货架", quantity=1))
            else:
                data = draw(_DATA) | ({"quantity": 3} if kind == "count" else {})
                events.append(seen(seq, kind, draw(_CODES), device, draw(st.sampled_from(["1", "2"])), **data))
    for seq in range(1, draw(st.integers(0, 2)) + 1):
        known = draw(st.lists(st.sampled_from([event.id for event in events]), max_size=9)) if events else []
        kind = draw(st.sampled_from(["decide", "recount"]))
        events.append(seen(seq, kind, draw(_CODES), "p9", "", seen=known, present=draw(st.booleans())))
    return events


@settings(max_examples=300, deadline=None)
@given(worlds(), st.data())
def test_any_order_and_any_repetition_of_uploads_ends_in_the_same_truth(events: list[Seen], data: Any) -> None:
    shuffled = data.draw(st.permutations(events))
    again = data.draw(st.lists(st.sampled_from(events), max_size=10)) if events else []
    assert rules.truth([*again, *shuffled], BOOKED) == rules.truth(events, BOOKED)


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_nothing_that_counts_is_lost_and_nothing_is_counted_twice(events: list[Seen]) -> None:
    truth = rules.truth(events, BOOKED)
    alive = {event.id for event in events} - truth.undone
    aside = {
        key for event in events if event.kind == "recount" and event.id in alive for key in event.data["seen"]
        if next((one.code for one in events if one.id == key), "") == event.code
    }  # fmt: skip
    about = {event.id for event in events if event.code and event.kind not in ("decide", "recount")}
    kept = [key for standing in truth.standings.values() for key in standing.events]
    assert sorted(kept) == sorted((about & alive) - aside)
    assert len(truth.surplus) == sum(event.kind == "surplus" and event.id in alive for event in events)
