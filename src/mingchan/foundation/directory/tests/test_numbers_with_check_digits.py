"""Identity numbers and credit codes are believed only when their check character is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.directory import rules

CODES = (
    "11140932MB00000015", "12140932MB00000025", "91140932MA0K00001U", "92140932MA0K00002U", "93140932NA000001XP",
    "54140932ME0000001X", "N2140932MF0000001L",
)  # fmt: skip
NUMBERS = ("140932199001010019", "140932198512310027", "140932200002290038", "142234196503120018")


@pytest.mark.parametrize("code", CODES)
def test_a_right_credit_code_is_accepted_village_collectives_included(code: str) -> None:
    assert rules.uscc_is_right(code)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("place", [0, 8, 12, 17])
def test_one_wrong_character_in_a_credit_code_is_found(code: str, place: int) -> None:
    other = "7" if code[place] != "7" else "8"
    assert not rules.uscc_is_right(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "code",
    ["", "11140932MB0000001", "I1140932MB00000015", "1114093AMB00000015", "统一社会信用代码一二三四五六七八九十"],
)
def test_a_badly_formed_credit_code_is_refused(code: str) -> None:
    assert not rules.uscc_is_right(code)


@given(st.text(rules.USCC_ALPHABET, min_size=9, max_size=9), st.integers(0, 999999))
def test_every_credit_code_with_its_own_check_character_is_right(body: str, division: int) -> None:
    first = f"91{division:06d}{body}"
    assert rules.uscc_is_right(first + rules.uscc_check(first))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_right_identity_number_is_accepted_also_with_the_county_code_of_before_2000(number: str) -> None:
    assert rules.id_is_right(number)


@given(st.sampled_from(NUMBERS), st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_of_an_identity_number_is_found(number: str, place: int, by: int) -> None:
    digit = str((int(number[place]) + by) % 10)
    assert not rules.id_is_right(number[:place] + digit + number[place + 1 :])


@given(st.dates(), st.integers(0, 999))
def test_every_identity_number_with_its_own_check_digit_is_right(born, serial: int) -> None:
    body = f"140932{born.year:04d}{born:%m%d}{serial:03d}"
    assert rules.id_is_right(body + rules.id_check(body))


@pytest.mark.parametrize(
    "number", ["", "14093219900101001", "140932199013010019", "14093219900101００19", "140932190002290010"]
)
def test_an_identity_number_without_a_true_birth_date_is_refused(number: str) -> None:
    assert not rules.id_is_right(number)
