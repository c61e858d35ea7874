"""Rules of reports: numbers and codes as people type them, the order of steps, what a public answer must not say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.oversight.complaints import rules
from mingchan.oversight.complaints.choices import OPEN, Act, State

MONDAY = date(2020, 3, 9)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("FY2020-00012", "FY2020-00012"),
        ("fy2020 00012", "FY2020-00012"),
        (" FY2020－00012 ", "FY2020-00012"),
        ("2020-12", ""),
        ("FY2020-12", ""),
        ("", ""),
        ("FY2020-00012; DROP", ""),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert rules.plain_number(typed) == number


@given(st.integers(2000, 9999), st.integers(1, 99999))
def test_every_number_is_read_back(year: int, serial: int) -> None:
    text = rules.number_text(year, serial)
    assert rules.plain_number(text) == rules.plain_number(text.lower().replace("-", " ")) == text


@given(st.text(rules.ALPHABET, min_size=rules.CODE_LENGTH, max_size=rules.CODE_LENGTH))
def test_a_code_is_read_back_from_its_two_halves(code: str) -> None:
    assert rules.plain_code(rules.shown_code(code).lower()) == code


@pytest.mark.parametrize(
    ("state", "kind", "acts"),
    [
        ("RECEIVED", "IDLE", {"ACCEPT", "PASS_ON", "DECLINE"}),
        ("ACCEPTED", "IDLE", {"INVESTIGATE", "PASS_ON"}),
        ("ACCEPTED", "OTHER", {"INVESTIGATE", "PASS_ON", "ANSWER"}),
        ("INVESTIGATED", "MISUSE", {"INVESTIGATE", "ANSWER"}),
        ("ANSWERED", "OTHER", set()),
        ("DECLINED", "OTHER", set()),
    ],
)
def test_what_may_follow(state: str, kind: str, acts: set[str]) -> None:
    assert rules.acts(state, kind) == acts


def test_every_act_leads_to_a_state_and_only_ends_have_no_act() -> None:
    for act in set(Act.values) - {"RECEIVE"}:
        assert rules.state_after(act) in State.values
    assert {state for state in State.values if rules.acts(state, "IDLE")} == set(OPEN)


@pytest.mark.parametrize(("state", "over"), [("RECEIVED", 3), ("INVESTIGATED", 3), ("ANSWERED", 0), ("DECLINED", 0)])
def test_only_what_is_open_is_late(state: str, over: int) -> None:
    assert rules.days_over(state, date(2020, 3, 6), MONDAY) == over
    assert rules.days_over(state, MONDAY, MONDAY) == 0


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("经核查，货架已于4月重新启用。", False),
        ("经王大明反映，货架已重新启用。", True),
        ("请拨打 139 1234 5678 联系。", True),
        ("已电话13912345678回访。", True),
        ("身份证140932199001011234已核对。", True),
        ("2019年购置，金额 123456.78 元。", False),
    ],
)
def test_an_answer_that_names_the_reporter_is_known(answer: str, names: bool) -> None:
    assert rules.names_somebody(answer, "王大明", "13912345678") is names


@given(st.text(min_size=2, max_size=12))
def test_a_mask_never_holds_a_whole_name(name: str) -> None:
    assert name not in rules.masked(name) or set(name[1:]) == {"*"}
