"""Amounts in words (大写金额) by 《正确填写票据和结算凭证的基本规定》: its own examples, and words that read back."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingchan.kernel.money import capital_words

CASES = (
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角"),
    (50, "伍角"),
    (105, "壹元零伍分"),
    (100, "壹元整"),
    (1000, "壹拾元整"),
    (1_409_50, "壹仟肆佰零玖元伍角"),
    (6_007_14, "陆仟零柒元壹角肆分"),
    (1_680_32, "壹仟陆佰捌拾元叁角贰分"),
    (107_000_53, "壹拾万柒仟元伍角叁分"),
    (16_409_02, "壹万陆仟肆佰零玖元零贰分"),
    (325_04, "叁佰贰拾伍元零肆分"),
    (10_050_000_30, "壹仟零伍万元叁角"),
    (10_000_000_00, "壹仟万元整"),
    (100_000_000_00, "壹亿元整"),
    (100_000_001_00, "壹亿零壹元整"),
    (100_010_000_00, "壹亿零壹万元整"),
    (2_000_000_000_000_00, "贰万亿元整"),
    (9_999_999_999_999_999_99, "玖仟玖佰玖拾玖万亿玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    (1_631_172_00, "壹佰陆拾叁万壹仟壹佰柒拾贰元整"),
)
DIGITS = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read(words: str) -> int:
    """An independent reading of the words back into fen, group by group."""
    rest = words.removeprefix("人民币").removesuffix("整")
    yuan, found, rest = rest.partition("元")
    if not found:
        yuan, rest = "", yuan
    fen = 0
    for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        fen += DIGITS[digit] * (10 if unit == "角" else 1)
    whole = 0
    for group, unit in re.findall("([零壹贰叁肆伍陆柒捌玖拾佰仟]+)(万亿|亿|万|$)", yuan):
        value = digit_value = 0
        for char in group:
            if char in PLACES:
                value, digit_value = value + digit_value * PLACES[char], 0
            else:
                digit_value = DIGITS[char]
        whole += (value + digit_value) * {"万亿": 10**12, "亿": 10**8, "万": 10**4, "": 1}[unit]
    return whole * 100 + fen


@pytest.mark.parametrize(("fen", "words"), CASES)
def test_words_of_known_amounts(fen: int, words: str) -> None:
    assert capital_words(fen) == f"人民币{words}"


@given(st.integers(min_value=0, max_value=10**18 - 1) | st.integers(min_value=0, max_value=10**9))
@example(100_000_00)
@example(10**17)
def test_words_read_back_to_the_amount(fen: int) -> None:
    assert read(capital_words(fen)) == fen


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_words_follow_the_form(fen: int) -> None:
    words = capital_words(fen)
    assert words.startswith("人民币")
    assert words.endswith("整") == (fen % 100 == 0)
    assert "零零" not in words
    assert not re.search("零[拾佰仟万亿角分]", words)
    assert ("零元" in words) == (fen == 0)


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_amounts_that_papers_cannot_state(fen: int) -> None:
    with pytest.raises(ValueError, match="range"):
        capital_words(fen)
