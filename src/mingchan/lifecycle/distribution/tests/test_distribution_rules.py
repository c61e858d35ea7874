"""Masks, identity numbers, bounds of a policy, and shares to the fen whatever order the households come in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.kernel import identity
from mingchan.lifecycle.distribution import rules
from mingchan.lifecycle.distribution.rules import Candidate

USES = ("HOUSEHOLDS", "INDUSTRY", "CONSOLIDATION", "FACILITIES", "ASSETS", "CAPACITY")


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("140932199001010019", None),
        ("140932198512310027", None),
        ("140932200002290038", None),
        ("142234196503120018", None),
        (" 142234 1965 0312 0018 ", None),
        ("140932200002290039", identity.CHECK),
        ("142234196503120081", identity.CHECK),
        ("140932199902290012", identity.BIRTH),
        ("140932199013010012", identity.BIRTH),
        ("140932203001010011", identity.BIRTH),
        ("142234650312001", identity.OLD),
        ("14223465031200", identity.LENGTH),
        ("", identity.LENGTH),
        ("14223419650312001Z", identity.SIGNS),
        ("142234I96503120018", identity.SIGNS),
        ("１42234196503120018", identity.SIGNS),
    ],
)
def test_an_identity_number_is_judged_by_length_date_and_check_digit(number: str, fault: str | None) -> None:
    assert rules.identity_fault(number, date(2020, 7, 1)) == fault


def test_both_divisions_of_the_county_are_right_and_x_may_be_small() -> None:
    for prefix in ("142234", "140932"):
        body = f"{prefix}19650312001"
        assert rules.identity_fault(body + identity.check_character(body).lower()) is None


@pytest.mark.parametrize(
    ("name", "mask"),
    [("张三", "张*"), ("张小三", "张*三"), ("欧阳小三", "欧**三"), ("张", "*"), ("", ""), (" 李四 ", "李*")],
)
def test_a_name_is_masked_for_the_public(name: str, mask: str) -> None:
    assert rules.mask_name(name) == mask


def test_an_account_shows_its_last_four_digits() -> None:
    assert rules.mask_account("6228 4801 0012 3456") == "**** 3456"
    assert rules.mask_account("1234") == "****"
    assert rules.mask_account("") == ""


@pytest.mark.parametrize(
    ("code", "scope"),
    [("140932000000", "140932"), ("140932101000", "140932101"), ("140932101201", "140932101201"), ("140932", "140932")],
)
def test_a_division_covers_what_lies_inside(code: str, scope: str) -> None:
    assert rules.scope_of(code) == scope


@pytest.mark.parametrize(
    ("bounds", "fault"),
    [
        ({"HOUSEHOLDS": (6000, 8000), "ASSETS": (2000, 4000)}, None),
        ({"HOUSEHOLDS": (10000, 10000)}, None),
        ({"HOUSEHOLDS": (6000, 8000), "BONUS": (0, 4000)}, "unknown_use"),
        ({"HOUSEHOLDS": (8000, 6000), "ASSETS": (0, 4000)}, "out_of_order"),
        ({"HOUSEHOLDS": (8000, 9000), "ASSETS": (3000, 4000)}, "too_much"),
        ({"HOUSEHOLDS": (6000, 6000), "ASSETS": (0, 3999)}, "too_little"),
        ({}, "too_little"),
    ],
)
def test_bounds_of_a_policy_can_make_a_whole(bounds: dict[str, tuple[int, int]], fault: str | None) -> None:
    found = rules.bounds_fault(bounds, USES)
    assert (found.code if found else None) == fault


@pytest.mark.parametrize(
    ("day", "bound", "categories", "fault"),
    [
        (date(2020, 12, 31), (6000, 8000), ("LIFTED",), None),
        (date(2020, 12, 31), (5999, 8000), ("LIFTED",), "households_first"),
        (date(2020, 12, 31), (6000, 8000), ("LIFTED", "GENERAL"), "not_poor"),
        (date(2021, 1, 1), (0, 8000), ("GENERAL",), None),
    ],
)
def test_poor_households_come_first_until_the_end_of_2020(
    day: date, bound: tuple[int, int], categories: tuple[str, ...], fault: str | None
) -> None:
    found = rules.relief_fault(day, bound, categories, until=date(2020, 12, 31), least=6000, relief=("POOR", "LIFTED"))
    assert (found.code if found else None) == fault


@pytest.mark.parametrize(
    ("shares", "fault"),
    [
        ({"HOUSEHOLDS": 7000, "ASSETS": 3000}, None),
        ({"HOUSEHOLDS": 6000, "ASSETS": 4000}, None),
        ({"HOUSEHOLDS": 5999, "ASSETS": 4001}, "below"),
        ({"HOUSEHOLDS": 8001, "ASSETS": 1999}, "above"),
        ({"HOUSEHOLDS": 7000, "ASSETS": 2000, "CAPACITY": 1000}, "not_in_policy"),
        ({"HOUSEHOLDS": 7000, "ASSETS": 2999}, "no_whole"),
        ({"ASSETS": 4000}, "below"),
    ],
)
def test_a_plan_keeps_to_its_policy(shares: dict[str, int], fault: str | None) -> None:
    bounds = {"HOUSEHOLDS": (6000, 8000), "ASSETS": (1000, 4000)}
    found = rules.shares_fault(shares, bounds, {})
    assert (found.code if found else None) == fault


whole_shares = st.lists(st.integers(0, 10_000), min_size=1, max_size=5).map(
    lambda cuts: [high - low for low, high in zip([0, *sorted(cuts)], [*sorted(cuts), rules.WHOLE], strict=True)]
)


@given(st.integers(1, 10**12), whole_shares)
def test_uses_add_up_to_the_pool_and_none_is_a_fen_off(pool_fen: int, parts: list[int]) -> None:
    shares = dict(zip(USES, parts, strict=False))
    lines = rules.split_uses(pool_fen, shares, USES)
    assert sum(lines.values()) == pool_fen
    assert set(lines) == {use for use, share in shares.items() if share}
    assert all(abs(fen * rules.WHOLE - pool_fen * shares[use]) < rules.WHOLE for use, fen in lines.items())


candidates = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 9), st.sampled_from(("POOR", "LIFTED", "GENERAL"))),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[0],
).map(lambda rows: [Candidate(key, f"1409321012{key % 3:02d}", f"{key:03d}", heads, kind) for key, heads, kind in rows])
methods = st.sampled_from(("EQUAL", "HEADS", "NEED", "LABOUR", "POSTS"))
WEIGHTS = {"POOR": 3, "LIFTED": 2}


@given(st.integers(0, 10**11), candidates, methods, st.randoms(), st.integers(0, 3))
def test_households_add_up_once_each_and_in_any_order(
    total: int, listed: list[Candidate], method: str, chance: object, by_hand: int
) -> None:
    counted = {one.id: one.id % 7 for one in listed}
    fixed = {one.id: (total // 50, "大病") for one in listed[:by_hand]}
    shuffled = list(listed)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    given_fen = sum(fen for fen, _reason in fixed.values())
    has_weight = any(rules.weight_of(method, one, WEIGHTS, counted) for one in listed if one.id not in fixed)
    if total - given_fen and not has_weight:
        with pytest.raises(ValueError, match="nobody"):
            rules.split_households(total, listed, method, weights=WEIGHTS, counted=counted, fixed=fixed)
        return
    found = rules.split_households(total, listed, method, weights=WEIGHTS, counted=counted, fixed=fixed)
    again = rules.split_households(total, shuffled, method, weights=WEIGHTS, counted=counted, fixed=fixed)
    assert found == again
    assert sum(share.fen for share in found) == total
    assert len({share.household for share in found}) == len(found)
    assert all(share.reason == "大病" for share in found if share.household in fixed)
    by_weight: dict[int, set[int]] = {}
    for share in found:
        if share.household not in fixed:
            by_weight.setdefault(share.weight, set()).add(share.fen)
    assert all(max(amounts) - min(amounts) <= 1 for amounts in by_weight.values())


def test_the_remainder_goes_to_the_first_of_the_list_in_a_tie() -> None:
    listed = [Candidate(key, "140932101201", f"{key:03d}", 1, "POOR") for key in (3, 1, 2)]
    found = rules.split_households(100, listed, "EQUAL", weights={}, counted={}, fixed={})
    assert [(share.household, share.fen) for share in found] == [(1, 34), (2, 33), (3, 33)]


def test_what_is_set_by_hand_is_taken_out_first() -> None:
    listed = [Candidate(key, "140932101201", f"{key:03d}", 1, "POOR") for key in (1, 2, 3)]
    found = rules.split_households(1000, listed, "EQUAL", weights={}, counted={}, fixed={2: (0, "已放弃")})
    assert [(share.household, share.fen, share.reason) for share in found] == [
        (1, 500, ""), (2, 0, "已放弃"), (3, 500, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fixed", "word"), [({9: (1, "误填")}, "unknown"), ({1: (1001, "过多")}, "too_much"), ({1: (5, "部分")}, "nobody")]
)
def test_a_share_by_hand_stays_within_the_list_and_the_money(fixed: dict[int, tuple[int, str]], word: str) -> None:
    listed = [Candidate(1, "140932101201", "001", 1, "POOR")]
    with pytest.raises(ValueError, match=word):
        rules.split_households(1000, listed, "EQUAL", weights={}, counted={}, fixed=fixed)
