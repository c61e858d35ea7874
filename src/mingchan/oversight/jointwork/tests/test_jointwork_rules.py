"""A sample can be drawn again from its seed, is as likely as its weights say, and a case goes in its order."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingchan.oversight.jointwork import postings, rules
from mingchan.oversight.jointwork.rules import Balance, Weighed

FRAMES = st.lists(st.integers(1, 10**7), min_size=1, max_size=60).map(
    lambda weights: [Weighed(f"140932-2018-{place:06d}", weight) for place, weight in enumerate(weights, 1)]
)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(FRAMES, st.integers(1, 80), SEEDS, st.randoms())
def test_a_drawing_made_again_gives_the_same_assets_whatever_the_order_of_the_register(frame, size, seed, random):  # type: ignore[no-untyped-def]
    found = rules.draw(frame, size, seed)
    mixed = frame[:]
    random.shuffle(mixed)
    assert rules.draw(mixed, size, seed) == found == sorted(set(found))
    assert len(found) == min(size, len(frame))
    assert set(found) <= {one.code for one in frame}
    assert rules.frame_digest(mixed) == rules.frame_digest(frame)


@given(FRAMES, st.integers(1, 20), SEEDS)
def test_what_weighs_more_than_its_share_is_always_drawn(frame: list[Weighed], size: int, seed: str) -> None:
    total = sum(one.weight for one in frame)
    heavy = {one.code for one in frame if one.weight * size >= total}
    assert heavy <= set(rules.draw(frame, size, seed))


@settings(deadline=None)
@given(st.lists(st.integers(1, 30), min_size=4, max_size=8))
def test_over_many_seeds_an_asset_is_drawn_as_often_as_its_weight_says(weights: list[int]) -> None:
    frame = [Weighed(str(place), weight + 30) for place, weight in enumerate(weights)]
    total, times, size = sum(one.weight for one in frame), 800, 2
    hits = dict.fromkeys((one.code for one in frame), 0)
    for number in range(times):
        for code in rules.draw(frame, size, f"{number:032x}"):
            hits[code] += 1
    for one in frame:
        expected = min(Fraction(1), Fraction(one.weight * size, total))
        assert abs(Fraction(hits[one.code], times) - expected) < Fraction(9, 100), (one, hits)


def test_the_seed_follows_from_number_and_root_and_the_digest_tells_frames_apart() -> None:
    assert rules.seed_of("JG2025-01", "ab") == rules.seed_of("JG2025-01", "ab")
    assert (
        len({rules.seed_of("JG2025-01", "ab"), rules.seed_of("JG2025-02", "ab"), rules.seed_of("JG2025-01", "ac")}) == 3
    )
    assert rules.frame_digest([Weighed("a", 1)]) != rules.frame_digest([Weighed("a", 2)])


def test_nothing_is_drawn_of_nothing_and_a_thing_without_cost_can_be_drawn() -> None:
    assert rules.draw([], 5, "0" * 32) == []
    assert rules.weight_of("COST", 0) == 1
    assert rules.weight_of("COST", 250) == 250
    assert rules.weight_of("EQUAL", 250) == 1


@pytest.mark.parametrize(
    ("state", "balance", "people", "may"),
    [
        ("OPEN", Balance(0, 0, 0), 0, {"ADD_PERSON", "FIND", "TRANSFER", "DROP"}),
        ("FOUND", Balance(100, 0, 0), 0, {"ADD_PERSON", "FIND", "TRANSFER"}),
        ("FOUND", Balance(100, 0, 0), 1, {"ADD_PERSON", "FIND", "TRANSFER", "ORDER"}),
        ("FOUND", Balance(100, 60, 0), 1, {"ADD_PERSON", "FIND", "TRANSFER", "ORDER", "PAY"}),
        ("FOUND", Balance(100, 100, 60), 1, {"ADD_PERSON", "FIND", "TRANSFER", "PAY"}),
        ("FOUND", Balance(100, 100, 100), 1, {"ADD_PERSON", "FIND", "TRANSFER", "CLOSE"}),
        ("FOUND", Balance(0, 0, 0), 1, {"ADD_PERSON", "FIND", "TRANSFER", "CLOSE"}),
        ("CLOSED", Balance(100, 100, 100), 1, set()),
        ("DROPPED", Balance(0, 0, 0), 0, set()),
    ],
)
def test_what_may_be_done_next_follows_from_loss_orders_and_payments(
    state: str, balance: Balance, people: int, may: set[str]
) -> None:
    assert rules.acts(state, balance, people) == may


@given(st.integers(1, 10**12), st.sampled_from(["GOVERNMENT", "VILLAGE"]))
def test_vouchers_of_compensation_balance_and_end_at_the_treasury_or_the_collective(fen: int, system: str) -> None:
    lines = [*postings.ordered(fen, "x"), *postings.paid(fen, "x"), *postings.closed(fen, system, "x")]
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.account_role] = sums.get(line.account_role, 0) + line.debit_fen - line.credit_fen
    assert sum(sums.values()) == 0
    assert {role: fen for role, fen in sums.items() if fen} == {
        "BANK": fen, "OTHER_INCOME" if system == "VILLAGE" else "DUE_TO_TREASURY": -fen
    }  # fmt: skip
    assert postings.closed(0, system, "x") == ()


def test_divisions_names_and_numbers() -> None:
    assert [rules.scope_of(code) for code in ("140932000000", "140932100000", "140932100201")] == [
        "140932", "140932100", "140932100201",
    ]  # fmt: skip
    assert rules.masked("李某某") == "李**"
    assert rules.masked("") == ""
    assert (rules.plan_number(2025, 1), rules.case_number(2025, 3)) == ("JG2025-01", "ZZ2025-003")
