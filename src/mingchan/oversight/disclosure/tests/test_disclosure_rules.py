"""The period of a notice, when it may end, and what of people may never be shown: tables of cases and laws."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.oversight.disclosure import rules
from mingchan.oversight.disclosure.rules import Blocked, Content, Period, Standing

TUESDAY = date(2020, 3, 10)
OFF = dict.fromkeys((date(2020, 5, day) for day in range(1, 6)), False) | {date(2020, 5, 9): True}


@pytest.mark.parametrize(
    ("published", "days", "unit", "first", "last"),
    [
        (TUESDAY, 7, "CALENDAR", date(2020, 3, 11), date(2020, 3, 17)),
        (date(2020, 2, 28), 2, "CALENDAR", date(2020, 2, 29), date(2020, 3, 1)),
        (TUESDAY, 1, "WORKING", date(2020, 3, 11), date(2020, 3, 11)),
        (TUESDAY, 7, "WORKING", date(2020, 3, 11), date(2020, 3, 19)),
        (date(2020, 3, 13), 5, "WORKING", date(2020, 3, 16), date(2020, 3, 20)),
        (date(2020, 4, 30), 3, "WORKING", date(2020, 5, 6), date(2020, 5, 8)),
        (date(2020, 4, 30), 4, "WORKING", date(2020, 5, 6), date(2020, 5, 9)),
    ],
)
def test_the_day_of_publication_does_not_count(published: date, days: int, unit: str, first: date, last: date) -> None:
    assert rules.period(published, days, unit, OFF) == Period(first, last)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_no_period_is_empty_or_endless(days: int) -> None:
    with pytest.raises(ValueError, match="period"):
        rules.period(TUESDAY, days, "CALENDAR", {})


def test_a_calendar_without_working_days_does_not_hang() -> None:
    nothing = {TUESDAY + timedelta(days=ahead): False for ahead in range(5000)}
    with pytest.raises(ValueError, match="working"):
        rules.period(TUESDAY, 1, "WORKING", nothing)


days_off = st.dictionaries(st.dates(date(2020, 1, 1), date(2020, 12, 31)), st.booleans(), max_size=60)


@given(st.dates(date(2020, 1, 1), date(2020, 12, 31)), st.integers(1, 60), days_off)
def test_a_period_holds_so_many_whole_days_after_publication(
    published: date, days: int, exceptions: dict[date, bool]
) -> None:
    plain = rules.period(published, days, "CALENDAR", exceptions)
    assert plain.first > published
    assert (plain.last - plain.first).days + 1 == days
    working = rules.period(published, days, "WORKING", exceptions)
    within = [working.first + timedelta(days=n) for n in range((working.last - working.first).days + 1)]
    assert sum(exceptions.get(day, day.weekday() < 5) for day in within) == days
    between = [published + timedelta(days=n) for n in range(1, (working.first - published).days)]
    assert not any(exceptions.get(day, day.weekday() < 5) for day in between)


FINE = Standing(True, date(2020, 3, 17), 0, 0, False, True)


@pytest.mark.parametrize(
    ("change", "on", "expected"),
    [
        ({}, date(2020, 3, 18), None),
        ({}, date(2020, 3, 17), Blocked.NOT_OVER),
        ({}, date(2020, 3, 11), Blocked.NOT_OVER),
        ({"open_objections": 1}, date(2020, 4, 30), Blocked.OBJECTION),
        ({"unproven": 1}, date(2020, 3, 18), Blocked.NO_PROOF),
        ({"has_correction": True}, date(2020, 3, 18), Blocked.CORRECTING),
        ({"is_awaited": False}, date(2020, 3, 18), Blocked.CASE_CHANGED),
        ({"is_running": False}, date(2020, 3, 18), Blocked.NOT_RUNNING),
        ({"last_day": None}, date(2020, 3, 18), Blocked.NOT_RUNNING),
    ],
)
def test_when_a_notice_may_be_closed(change: dict[str, object], on: date, expected: Blocked | None) -> None:
    values = {name: getattr(FINE, name) for name in Standing.__dataclass_fields__} | change
    assert rules.why_not_close(Standing(**values), on) == expected  # type: ignore[arg-type]


@given(
    st.booleans(), st.none() | st.dates(), st.integers(0, 2), st.integers(0, 2), st.booleans(), st.booleans(),
    st.dates(),
)  # fmt: skip
def test_nothing_that_blocks_is_passed_over(
    running: bool, last: date | None, held: int, bare: int, correcting: bool, awaited: bool, on: date
) -> None:
    if rules.why_not_close(Standing(running, last, held, bare, correcting, awaited), on) is None:
        assert running
        assert last is not None
        assert on > last
        assert (held, bare, correcting, awaited) == (0, 0, False, True)


# ---- Personal data ---------------------------------------------------------------------------------------------------

NUMBERS = (
    ("14093219700101123X", ["IDENTITY"]),
    ("身份证14093219700101123x号", ["IDENTITY"]),
    ("140932 19700101 1234", ["IDENTITY"]),
    ("140932-19700101-1234", ["IDENTITY"]),
    ("１４０９３２１９７００１０１１２３４", ["IDENTITY"]),
    ("140932700101123", ["IDENTITY"]),
    ("140932********1234", ["IDENTITY"]),
    ("1409321970****123X", ["IDENTITY"]),
    ("13912345678", ["MOBILE"]),
    ("电话：139 1234 5678。", ["MOBILE"]),
    ("139-1234-5678", ["MOBILE"]),
    ("+8613912345678", ["MOBILE"]),
    ("１３９１２３４５６７８", ["MOBILE"]),
    ("139****5678", ["MOBILE"]),
    ("手机13912345678，身份证14093219700101123X", ["MOBILE", "IDENTITY"]),
    ("卡号6228480402564890018", ["ACCOUNT"]),
    ("6228 4804 0256 4890 018", ["ACCOUNT"]),
    ("资产编号140932-2018-000590", []),
    ("统一社会信用代码91140932MA0GTNXU3B", []),
    ("偏公示〔2020〕12号", []),
    ("金额 12,345,678.90 元", []),
    ("县工信局 0350-7651234", []),
    ("区划140932101000", []),
    ("2020年3月10日至2020年3月17日", []),
    ("晋财建〔2018〕183号", []),
    ("", []),
)


@pytest.mark.parametrize(("text", "kinds"), NUMBERS)
def test_numbers_of_people_are_found_and_hidden_whole(text: str, kinds: list[str]) -> None:
    assert rules.kinds_in(text) == kinds
    plain = rules.mask_numbers(text)
    assert rules.kinds_in(plain) == []
    assert (plain == text) == (not kinds)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        ("阿不都·热合曼", "阿*****曼"),
        ("张*三", "张*三"),
        (" 张三 ", "张*"),
        ("惠民合作社", "惠民合作社"),
        ("新关镇人民政府", "新关镇人民政府"),
        ("合计", "合计"),
        ("12 台", "12 台"),
        ("", ""),
    ],
)
def test_names_keep_their_first_and_last_character(name: str, shown: str) -> None:
    assert rules.mask_name(name) == shown


def test_a_name_of_the_table_is_masked_in_the_text_too() -> None:
    content = Content("给张小三的公示", ("张小三和李四。",), ("户主姓名", "金额"), (("张小三", "1"), ("合计", "1")))
    plain = rules.masked(content)
    assert plain.title == "给张*三的公示"
    assert plain.paragraphs == ("张*三和李四。",)
    assert plain.rows == (("张*三", "1"), ("合计", "1"))


texts = st.text(alphabet="张三李四0123456789Xx-* １３９户，。a", max_size=40)
identities = st.builds(
    lambda area, day, tail: f"{area}{day:%Y%m%d}{tail:04d}",
    st.integers(110000, 659999), st.dates(date(1920, 1, 1), date(2020, 12, 31)), st.integers(0, 9999),
)  # fmt: skip
mobiles = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.integers(3, 9), st.integers(0, 999_999_999))


@given(texts, st.one_of(identities, mobiles), texts)
def test_no_number_survives_masking(before: str, number: str, after: str) -> None:
    whole = f"{before}，{number}。{after}"
    plain = rules.mask_numbers(whole)
    assert number not in plain
    assert rules.kinds_in(plain) == []


@given(st.lists(st.tuples(st.sampled_from(("张三", "王小明", "合计", "13912345678")), texts), max_size=4), texts)
def test_what_was_masked_has_nothing_left_and_is_masked_once_for_all(rows: list[tuple[str, str]], text: str) -> None:
    content = Content("公示", (text,), ("户主", "备注"), tuple(rows))
    plain = rules.masked(content)
    assert rules.remaining(plain) == []
    assert rules.masked(plain) == plain


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("140932000000", "140932"), ("140932100000", "140932100"), ("140932100201", "140932100201")],
)
def test_what_lies_inside_a_division(code: str, prefix: str) -> None:
    assert rules.division_prefix(code) == prefix


@pytest.mark.parametrize(
    ("account", "writers", "allowed"),
    [
        (1, (2, None, 3), True),
        (2, (2, None, 3), False),
        (3, (2, None, 3), False),
        (None, (None, 2), True),
        (1, (), True),
    ],
)
def test_two_persons_draft_and_publish(account: int | None, writers: tuple[int | None, ...], allowed: bool) -> None:
    assert rules.may_publish(account, writers) is allowed
