"""Codes of labels: check digits catch what people mistype, texts are understood however they are scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.register.labels import queries, rules

SERIALS = st.integers(1, rules.LAST_SERIAL)
COUNTIES = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)


@given(COUNTIES, SERIALS)
def test_a_code_is_right_and_reads_back_however_it_is_written(county: str, serial: int) -> None:
    code = rules.code_of(county, serial)
    assert len(code) == rules.LENGTH
    assert rules.is_code(code)
    for text in (
        code, rules.shown(code), code.lower(), f" {code}\n", rules.shown(code).replace(" ", "-"),
        f"https://mingchan.example:8443/labels/s/{code}", f"https://x/labels/s/{code}/?from=phone#top",
    ):  # fmt: skip
        assert rules.plain(text) == code


@given(COUNTIES, SERIALS, st.data())
def test_one_wrong_digit_is_caught(county: str, serial: int, data: st.DataObject) -> None:
    code = rules.code_of(county, serial)
    place = data.draw(st.integers(len(rules.PREFIX), len(code) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != code[place]]))
    assert not rules.is_code(code[:place] + digit + code[place + 1 :])


@given(COUNTIES, SERIALS, st.data())
def test_two_digits_in_each_others_place_are_caught(county: str, serial: int, data: st.DataObject) -> None:
    code = rules.code_of(county, serial)
    one, other = sorted(
        data.draw(st.lists(st.integers(len(rules.PREFIX), len(code) - 1), min_size=2, max_size=2, unique=True))
    )
    swapped = code[:one] + code[other] + code[one + 1 : other] + code[one] + code[other + 1 :]
    assert rules.is_code(swapped) == (code[one] == code[other])


@given(SERIALS, SERIALS)
def test_no_two_numbers_share_a_code(one: int, other: int) -> None:
    assert (rules.code_of("140932", one) == rules.code_of("140932", other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("140932-2018-000123", "140932-2018-000123"),
        ("https://x/portal/a/140932-2018-000123", "140932-2018-000123"),
        ("货架 一号", "货架 一号"),
        ("", ""),
        ("BQ14", "BQ14"),
        ("\x00BQ", "BQ"),
    ],
)
def test_what_is_no_label_stays_as_it_is(text: str, meant: str) -> None:
    assert rules.plain(text) == meant


@given(st.text(max_size=400))
def test_any_text_can_be_asked(text: str) -> None:
    assert len(rules.plain(text)) <= 40


@pytest.mark.parametrize("serial", [0, -1, rules.LAST_SERIAL + 1])
def test_a_number_out_of_range_has_no_code(serial: int) -> None:
    with pytest.raises(ValueError, match=str(serial)):
        rules.code_of("140932", serial)


@pytest.mark.parametrize(
    ("count", "per_page", "first", "sheets"),
    [(0, 24, 1, 0), (24, 24, 1, 1), (25, 24, 1, 2), (24, 24, 2, 2), (1, 1, 1, 1)],
)
def test_sheets_are_counted_from_the_first_free_place(count: int, per_page: int, first: int, sheets: int) -> None:
    assert rules.sheets(count, per_page, first) == sheets


def test_every_layout_of_the_pack_fits_its_paper() -> None:
    found = queries.layouts()
    assert {"A4-24", "A4-21", "R-50x30"} <= set(found)
    assert (found["R-50x30"].page_width, found["R-50x30"].page_height) == (500, 300)
    assert all(one.per_page == one.columns * one.rows for one in found.values())


def test_a_layout_that_leaves_the_paper_is_refused() -> None:
    row = {
        "title": "x", "title_en": "x", "page_width": 500, "page_height": 300, "columns": 2, "rows": 1, "width": 300,
        "height": 300, "left": 0, "top": 0, "across": 300, "down": 300, "size": 60,
    }  # fmt: skip
    with pytest.raises(ValueError, match="bad"):
        rules.layouts_of({"bad": row})
