"""Shares sum to the fen, and proposals never give more than there is; tables and properties."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.register.tracing import rules
from mingchan.register.tracing.choices import CONFIDENCE
from mingchan.register.tracing.drafts import OpenAsset, OpenUse, Part

FEN = st.integers(0, 10**12)


def use(key: int, fen: int, words: str = "设备采购", *, line: int = 1, funding: str = "central", **changes) -> OpenUse:
    made = OpenUse(key, line, "LOGISTICS", (), 0, funding, words, date(2019, 1, 1), fen)
    return made._replace(**changes)


def asset(key: int, fen: int, name: str = "货架", *, funding: str = "central", **changes) -> OpenAsset:
    made = OpenAsset(key, "LOGISTICS", "TOWN", 2018, funding, name, date(2019, 2, key % 28 + 1), fen, fen)
    return made._replace(**changes)


@given(FEN, st.lists(FEN, max_size=30))
def test_spread_shares_sum_to_the_fen_and_none_exceeds_its_asset(amount: int, opens: list[int]) -> None:
    shares = rules.spread(amount, opens)
    assert sum(shares) == min(amount, sum(opens))
    assert len(shares) == len(opens)
    assert all(0 <= share <= fen for share, fen in zip(shares, opens, strict=True))


def test_spread_refuses_what_is_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        rules.spread(-1, [1])
    with pytest.raises(ValueError, match="negative"):
        rules.spread(1, [-1])


@pytest.mark.parametrize(
    ("parts", "linked", "code"),
    [
        ([], (), "nothing_chosen"),
        ([Part(9, 1)], (), "asset_unknown"),
        ([Part(1, 10)], (1,), "linked_already"),
        ([Part(1, 10), Part(1, 10)], (), "linked_already"),
        ([Part(1, 0)], (), "amount_not_positive"),
        ([Part(1, -5)], (), "amount_not_positive"),
        ([Part(1, 61)], (), "beyond_asset"),
        ([Part(1, 60), Part(2, 41)], (), "beyond_payment"),
    ],
)
def test_what_keeps_parts_out(parts: list[Part], linked: tuple[int, ...], code: str) -> None:
    assert [fault.code for fault in rules.faults_of_parts(parts, 100, {1: 60, 2: 60}, linked)] == [code]


def test_parts_up_to_the_last_fen_are_taken() -> None:
    assert rules.faults_of_parts([Part(1, 60), Part(2, 40)], 100, {1: 60, 2: 40}, ()) == []


def test_a_line_whose_sums_are_equal_is_poured_out_by_date() -> None:
    found = rules.propose([use(1, 70), use(2, 30)], [asset(1, 50), asset(2, 50)])
    assert [(one.use_id, one.parts, one.way) for one in found] == [
        (1, (Part(1, 50), Part(2, 20)), "WHOLE"),
        (2, (Part(2, 30),), "WHOLE"),
    ]
    assert {one.confidence for one in found} == {CONFIDENCE["WHOLE"]}


@pytest.mark.parametrize(
    ("words", "assets", "way", "chosen"),
    [
        ("采购", [asset(1, 40), asset(2, 99), asset(3, 200)], "ONE", {2}),
        ("采购冷库", [asset(1, 99), asset(2, 99, "冷库"), asset(3, 200)], "ONE", {2}),
        ("冷库和叉车", [asset(1, 60, "冷库"), asset(2, 39, "叉车"), asset(3, 200)], "NAMED", {1, 2}),
        (
            "采购",
            [asset(1, 60, acquired_on=date(2019, 5, 1)), asset(2, 39, acquired_on=date(2019, 5, 1)), asset(3, 200)],
            "BATCH",
            {1, 2},
        ),
        ("采购", [asset(1, 60), asset(2, 200)], "ORDER", {1, 2}),
    ],
)
def test_each_way_of_finding_assets(words: str, assets: list[OpenAsset], way: str, chosen: set[int]) -> None:
    (found,) = rules.propose([use(1, 99, words)], assets)
    assert (found.way, {part.asset_id for part in found.parts}) == (way, chosen)
    assert found.amount_fen == 99
    assert found.confidence == CONFIDENCE[way]


@pytest.mark.parametrize(
    "other",
    [
        asset(1, 99, funding="county"),
        asset(1, 99, system="TRACEABILITY"),
        asset(1, 99, tier="COUNTY"),
        asset(1, 99, year=2016),
    ],
)
def test_another_source_system_tier_or_year_is_not_proposed(other: OpenAsset) -> None:
    assert rules.propose([use(1, 99, tiers=("TOWN", "VILLAGE"), year=2018)], [other]) == []


def test_a_year_nobody_wrote_is_no_hindrance() -> None:
    assert rules.propose([use(1, 99, year=2018)], [asset(1, 99, year=0)])


def test_a_card_of_several_sources_takes_no_more_than_its_whole() -> None:
    mixed = [asset(1, 80, total_fen=100), asset(1, 80, funding="county", total_fen=100)]
    found = rules.propose([use(1, 80), use(2, 90, funding="county")], mixed)
    assert sum(one.amount_fen for one in found) == 100


def test_the_mark_tells_one_proposal_from_another() -> None:
    (first,) = rules.propose([use(1, 99)], [asset(1, 99)])
    (other,) = rules.propose([use(1, 99)], [asset(2, 99)])
    assert rules.digest(first) != rules.digest(other)
    assert rules.digest(first) == rules.digest(first._replace())


USES = st.lists(
    st.tuples(st.integers(1, 10**9), st.sampled_from(("central", "county")), st.integers(1, 3)), max_size=12
)
ASSETS = st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from(("central", "county"))), max_size=12)


@given(USES, ASSETS)
def test_proposals_stay_inside_payments_and_assets(uses: list, assets: list) -> None:
    given_uses = [use(n, fen, funding=source, line=line) for n, (fen, source, line) in enumerate(uses, 1)]
    given_assets = [asset(n, fen, funding=source) for n, (fen, source) in enumerate(assets, 1)]
    found = rules.propose(given_uses, given_assets)
    assert len({one.use_id for one in found}) == len(found)
    by_asset: dict[int, int] = defaultdict(int)
    for one in found:
        assert one.amount_fen <= given_uses[one.use_id - 1].open_fen
        assert len({part.asset_id for part in one.parts}) == len(one.parts)
        for part in one.parts:
            assert part.amount_fen > 0
            assert given_assets[part.asset_id - 1].funding == given_uses[one.use_id - 1].funding
            by_asset[part.asset_id] += part.amount_fen
    assert all(fen <= given_assets[key - 1].open_fen for key, fen in by_asset.items())
