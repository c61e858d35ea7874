"""What the rules say of a draft, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.ledger import rules
from mingchan.foundation.ledger.drafts import LineDraft

FACTS = {
    "160102": rules.AccountFact(1, "160102", True, False),
    "4001": rules.AccountFact(2, "4001", True, False),
    "1601": rules.AccountFact(3, "1601", False, False),
    "7201": rules.AccountFact(4, "7201", True, True),
}
ROLES = {"ASSET_COST.GENERAL": FACTS["160102"]}


def weigh(*lines: LineDraft, is_reversal: bool = False) -> rules.Weighed:
    return rules.weigh(lines, ROLES, FACTS, is_reversal=is_reversal)


@given(st.lists(st.integers(1, 2**40), min_size=1, max_size=30))
def test_whatever_is_split_balances(amounts: list[int]) -> None:
    lines = [LineDraft("ASSET_COST.GENERAL", "", fen, 0) for fen in amounts] + [LineDraft("", "4001", 0, sum(amounts))]
    weighed = weigh(*lines)
    assert weighed.problems == []
    assert weighed.total_fen == sum(amounts)
    assert weighed.movements == {1: (sum(amounts), 0), 2: (0, sum(amounts))}
    assert [row[0] for row in weighed.rows] == list(range(1, len(lines) + 1))


@given(st.integers(1, 2**40), st.integers(1, 2**20))
def test_one_fen_off_is_seen(fen: int, off: int) -> None:
    weighed = weigh(LineDraft("", "160102", fen, 0), LineDraft("", "4001", 0, fen + off))
    assert weighed.problems == [rules.Problem("unbalanced", 0, str(-off))]


def test_a_negative_line_belongs_to_a_reversal_only() -> None:
    lines = LineDraft("", "160102", -5, 0), LineDraft("", "4001", 0, -5)
    assert [p.code for p in weigh(*lines).problems] == ["negative", "negative"]
    assert weigh(*lines, is_reversal=True).problems == []
    assert [p.code for p in weigh(LineDraft("", "160102", 5, 0), lines[1], is_reversal=True).problems] == [
        "not_negative"
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineDraft("MOON", "", 1, 0), "no_role"),
        (LineDraft("", "9", 1, 0), "no_account"),
        (LineDraft("", "1601", 1, 0), "not_a_leaf"),
        (LineDraft("", "160102", True, 0), "not_whole_fen"),
        (LineDraft("", "160102", 1.5, 0), "not_whole_fen"),  # type: ignore[arg-type]
        (LineDraft("", "160102", 1, -1), "not_one_side"),
        (LineDraft("", "160102", 2**53 + 1, 0), "too_large"),
    ],
)
def test_each_wrong_line_is_named(line: LineDraft, code: str) -> None:
    assert weigh(line, LineDraft("", "4001", 0, 1)).problems[0][:2] == (code, 1)


def test_a_thousand_wrong_lines_are_not_listed_one_by_one() -> None:
    assert len(weigh(*[LineDraft("", "9", 1, 0)] * 1000).problems) == rules.SHOWN_PROBLEMS


@given(st.lists(st.tuples(st.integers(-(2**60), 2**60), st.text(max_size=5)), max_size=40), st.integers(0, 39))
def test_the_digest_changes_with_any_line(rows: list[tuple[int, str]], index: int) -> None:
    changed = list(rows)
    if index < len(rows):
        changed[index] = (rows[index][0] + 1, rows[index][1])
    else:
        changed.append((0, ""))
    assert rules.lines_digest(rows) != rules.lines_digest(changed)


@pytest.mark.parametrize(
    ("month", "due", "why"),
    [(202003, 202003, ""), (202002, 202003, "already_closed"), (202004, 202003, "out_of_order"),
     (202005, 202005, "not_begun"),
     (202013, 202013, "not_a_month")],
)  # fmt: skip
def test_months_close_in_order(month: int, due: int, why: str) -> None:
    assert rules.why_not_close(month, due, date(2020, 4, 30)) == why


def test_a_reopening_ends_to_the_second() -> None:
    until = datetime(2020, 4, 4, tzinfo=UTC)
    assert not rules.is_closed(202003, 202003, until, until - timedelta(seconds=1))
    assert rules.is_closed(202003, 202003, until, until)
    assert rules.is_closed(202002, 202003, None, until)
    assert not rules.is_closed(202004, 202003, None, until)
