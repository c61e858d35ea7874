"""What events add up to, whatever their order; when a round is complete; where a cost goes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.maintenance import postings, queries, rules
from mingchan.lifecycle.maintenance.rules import Seen

NOON = datetime(2020, 3, 10, 4, tzinfo=UTC)


def seen(key, kind, asset=1, *, seq=1, device="a", minute=0, skew=0, **data):
    return Seen(key, device, seq, kind, NOON + timedelta(minutes=minute), skew, asset, data)


KINDS = st.sampled_from(["check", "fault", "found", "not_found", "scan", "undo", "finish", "signature"])


@st.composite
def events(draw):
    made = []
    for at in range(draw(st.integers(0, 8))):
        kind = draw(KINDS)
        data = {
            "check": {"checklist": "electric", "answers": {"starts": draw(st.booleans())}},
            "fault": {"what": f"坏{at}", "severity": "MAJOR"},
            "undo": {"event": f"e{draw(st.integers(0, 8))}"},
        }.get(kind, {"note": draw(st.sampled_from(["", "说明"]))})
        made.append(
            Seen(f"e{at}", draw(st.sampled_from("ab")), draw(st.integers(1, 4)), kind,
                 NOON + timedelta(minutes=draw(st.integers(0, 3))), draw(st.integers(-60, 60)),
                 draw(st.sampled_from([1, 2, None])), data)
        )  # fmt: skip
    return made


@given(events(), st.randoms())
def test_the_order_in_which_events_arrive_and_repetition_change_nothing(made, random):
    lists = queries.packs.checklists()
    mixed = [*made, *made[:2]]
    random.shuffle(mixed)
    assert rules.outcome(mixed, lists) == rules.outcome(made, lists)
    assert rules.is_complete(mixed) == rules.is_complete(made)


def test_what_was_taken_back_never_was():
    made = [seen("1", "fault", what="坏", severity="MAJOR"), seen("2", "found"), seen("3", "undo", event="1")]
    assert rules.outcome(made).results[1].finding == "SOUND"


def test_the_last_that_was_seen_decides_whether_a_thing_is_there():
    lost, found = seen("1", "not_found", minute=1), seen("2", "found", minute=2)
    assert rules.outcome([found, lost]).results[1].finding == "SOUND"
    ahead = seen("3", "not_found", minute=3, skew=180)
    assert rules.outcome([found, ahead]).results[1].finding == "SOUND"


def test_a_wrong_answer_is_a_finding_and_a_later_one_puts_it_right():
    lists = queries.packs.checklists()
    wrong = seen("1", "check", checklist="electric", answers={"starts": False, "in_place": True})
    assert rules.outcome([wrong], lists).results[1].wrong == [("electric", "starts")]
    right = seen("2", "check", minute=1, checklist="electric", answers={"starts": True})
    assert rules.outcome([right, wrong], lists).results[1].finding == "SOUND"


@pytest.mark.parametrize(
    ("numbers", "ended", "complete"),
    [
        ({"a": [1, 2]}, True, True),
        ({"a": [1, 3]}, True, False),
        ({"a": [1, 2]}, False, False),
        ({"a": [1, 2], "b": [1]}, True, True),
        ({"a": [1, 2], "b": [2]}, True, False),
    ],
)
def test_a_round_is_complete_when_it_was_ended_and_no_number_is_missing(numbers, ended, complete):
    made = [seen(f"{d}{n}", "found", seq=n, device=d) for d, several in numbers.items() for n in several]
    if ended:
        made[0] = made[0]._replace(kind="finish")
    assert rules.is_complete(made) is complete


@pytest.mark.parametrize(
    ("nature", "cost", "asset", "where"),
    [
        ("KEEP", 0, 400_000, "NONE"),
        ("IMPROVE", 0, 400_000, "NONE"),
        ("KEEP", 900_000, 400_000, "EXPENSE"),
        ("IMPROVE", 99_999, 400_000, "EXPENSE"),
        ("IMPROVE", 100_000, 400_000, "CAPITAL"),
        ("IMPROVE", 100_000, 1_000_000, "CAPITAL"),
        ("IMPROVE", 100_000, 1_000_001, "EXPENSE"),
        ("IMPROVE", 100_000, 0, "CAPITAL"),
    ],
)
def test_only_real_improvement_of_some_size_is_added_to_the_cost(nature, cost, asset, where):
    assert rules.treatment(nature, cost, asset, least_fen=100_000, least_percent=10) == where


@pytest.mark.parametrize(
    ("kind", "data", "fault"),
    [
        ("fault", {"what": "坏", "severity": "MAJOR"}, ""),
        ("fault", {"what": " ", "severity": "MAJOR"}, "no_what"),
        ("fault", {"what": "坏", "severity": "x"}, "severity"),
        ("check", {"answers": {"a": True, "b": 1, "c": "x", "d": None}}, ""),
        ("check", {"answers": {"a": ["x"]}}, "answers"),
        ("check", {}, "answers"),
        ("undo", {}, "undo"),
        ("undo", {"event": "1"}, ""),
        ("signature", {"strokes": []}, "strokes"),
        ("signature", {"strokes": [[1]]}, ""),
        ("finish", {}, ""),
    ],
)
def test_data_that_cannot_be_read_is_named(kind, data, fault):
    assert rules.fault_of_event(kind, data, ["MAJOR"]) == fault


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(1, 366))
def test_the_next_round_is_due_after_both_days(due, closed, every):
    assert rules.next_due(due, closed, every) == max(due, closed) + timedelta(days=every)


@given(st.integers(0, 10**12), st.sampled_from(["PAID", "OWED"]))
def test_what_is_posted_balances(fen, payment):
    for lines in (postings.expense(1, 2, fen, payment), postings.paid(2, fen)):
        assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines)


def test_a_repair_on_credit_is_owed_until_it_is_paid():
    first, second = postings.expense(7, 9, 26_000, "OWED")
    assert (first.account_role, first.debit_fen, first.subject) == ("OPERATING_EXPENSE", 26_000, "asset:7")
    assert (second.account_role, second.credit_fen) == ("PAYABLE", 26_000)
    assert [line.account_role for line in postings.paid(9, 26_000)] == ["PAYABLE", "BANK"]


def test_every_class_of_the_pack_has_a_checklist_and_the_longest_class_decides():
    assert all(queries.packs.checklist_of(code) for code in policy.asset_codes())
    assert queries.packs.checklist_of("").key == "general"
    assert queries.packs.checklist_of("A02061802").key == "cold"
    assert queries.packs.checklist_of("A02061899").key == "electric"
    with pytest.raises(ValueError, match="colour"):
        rules.checklists_of([{"key": "x", "title": "", "title_en": "", "classes": [""],
                              "items": [{"key": "a", "text": "", "text_en": "", "answer": "colour"}]}])  # fmt: skip
