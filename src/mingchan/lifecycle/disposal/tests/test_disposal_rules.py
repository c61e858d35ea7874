"""Rules of disposal as tables of cases, and what holds for every case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.lifecycle.disposal import rules
from mingchan.lifecycle.disposal.choices import DisposalKind
from mingchan.lifecycle.disposal.queries import alike, ways
from mingchan.lifecycle.disposal.rules import Fault, Other, Proposal, Result

DAY = date(2020, 3, 10)
GOOD = Proposal(
    kind="SCRAP", count=1, amount_fen=0, reason="坏了", proceeds_use="上缴", brings_money=True, needs_appraisal=False,
    needs_finding=True, has_finding=True, has_recipient=False, has_loss=False, appraisal_valid_to=None,
    performs_well=False, exception="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "missing", "expected"),
    [
        ({}, (), []),
        ({"count": 0}, (), [Fault.NO_ITEMS]),
        ({"reason": "  "}, (), [Fault.NO_REASON]),
        ({"proceeds_use": ""}, (), [Fault.NO_USE]),
        ({"proceeds_use": "", "brings_money": False}, (), []),
        ({"has_finding": False}, (), [Fault.NO_FINDING]),
        ({}, ("plan",), [Fault.PAPERS_MISSING]),
        ({"performs_well": True}, (), [Fault.NO_EXCEPTION]),
        ({"performs_well": True, "exception": "拆迁"}, (), []),
        ({"needs_appraisal": True}, (), [Fault.NO_APPRAISAL]),
        ({"needs_appraisal": True, "appraisal_valid_to": DAY}, (), []),
        ({"needs_appraisal": True, "appraisal_valid_to": DAY - timedelta(days=1)}, (), [Fault.APPRAISAL_OVER]),
        ({"kind": "TRANSFER"}, (), [Fault.NO_RECIPIENT]),
        ({"kind": "DONATION", "has_recipient": True}, (), []),
        ({"kind": "MONETARY", "count": 0}, (), [Fault.NO_LOSS]),
        ({"kind": "MONETARY", "count": 0, "has_loss": True, "amount_fen": 1}, (), []),
        ({"count": 0, "reason": ""}, ("plan",), [Fault.NO_ITEMS, Fault.NO_REASON, Fault.PAPERS_MISSING]),
    ],
)
def test_what_keeps_a_proposal_from_going_out(changes: dict, missing: tuple, expected: list[Fault]) -> None:
    assert rules.faults_of(replace(GOOD, **changes), missing, DAY) == expected


@pytest.mark.parametrize(
    ("price", "appraised", "approved", "expected"),
    [
        (90_000, 100_000, None, False),
        (89_999, 100_000, None, True),
        (90_000, 100_001, None, True),
        (90_001, 100_001, None, False),
        (70_000, 100_000, 70_000, False),
        (69_999, 100_000, 70_000, True),
        (95_000, 100_000, 97_000, False),
    ],
)
def test_a_price_is_low_below_nine_tenths_and_below_what_was_approved(
    price: int, appraised: int, approved: int | None, expected: bool
) -> None:
    assert rules.is_low(price, appraised, 90, approved) is expected


def test_the_term_of_an_appraisal_ends_the_day_before_a_year() -> None:
    assert rules.months_later(date(2020, 3, 10), 12) == date(2021, 3, 9)
    assert rules.months_later(date(2020, 2, 29), 12) == date(2021, 2, 28)
    assert rules.months_later(date(2020, 12, 31), 12) == date(2021, 12, 30)


def level(fen: int) -> str:
    return "MEETING" if fen >= 100 else "COUNTY"


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        (60, [], (False, 60)),
        (60, [(30, 10)], (False, 90)),
        (60, [(40, 10)], (True, 100)),
        (60, [(40, 90)], (True, 100)),
        (60, [(40, 91)], (False, 60)),
        (100, [(40, 10)], (False, 140)),
        (60, [(120, 10)], (False, 180)),
        (40, [(40, 5), (40, 80)], (True, 120)),
    ],
)
def test_splitting_is_noticed(own: int, others: list[tuple[int, int]], expected: tuple[bool, int]) -> None:
    found = [Other(n, fen, DAY - timedelta(days=ago)) for n, (fen, ago) in enumerate(others)]
    assert rules.split_suspected(own, found, level, DAY, 90) == expected


@given(st.integers(0, 10**12), st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 200)), max_size=6))
def test_no_division_of_things_lowers_who_decides(own: int, parts: list[tuple[int, int]]) -> None:
    found = [Other(n, fen, DAY - timedelta(days=ago)) for n, (fen, ago) in enumerate(parts)]
    for kind in DisposalKind.values:
        _suspected, total = rules.split_suspected(own, found, lambda fen, k=kind: alike.level(k, fen), DAY, 90)
        near = own + sum(fen for fen, ago in parts if ago <= 90)
        assert total == near
        assert alike.level(kind, total) == alike.level(kind, near)


BASE = Result(
    kind="SALE", outside=True, other_party="某公司", contract_no="1", price_fen=100_000, house="", place="", bidders=0,
    notice_on=None, confirmation_no="", handled_by="", responsible="", has_incoming=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "appraisal", "expected"),
    [
        ({}, (100_000, DAY), []),
        ({}, None, [Fault.NO_APPRAISAL]),
        ({}, (100_000, DAY - timedelta(days=1)), [Fault.APPRAISAL_OVER]),
        ({"price_fen": 89_000}, (100_000, DAY), [Fault.PRICE_LOW]),
        ({"other_party": ""}, (100_000, DAY), [Fault.NO_OTHER_PARTY]),
        ({"contract_no": " "}, (100_000, DAY), [Fault.NO_CONTRACT]),
        ({"kind": "AUCTION"}, (100_000, DAY), [Fault.NO_AUCTION]),
        (
            {"kind": "AUCTION", "house": "行", "place": "厅", "confirmation_no": "1", "bidders": 1,
             "notice_on": DAY - timedelta(days=6)},
            (100_000, DAY),
            [Fault.AUCTION_NOTICE_SHORT],
        ),
        (
            {"kind": "AUCTION", "house": "行", "place": "厅", "confirmation_no": "1", "bidders": 1,
             "notice_on": DAY - timedelta(days=7)},
            (100_000, DAY),
            [],
        ),
    ],
)  # fmt: skip
def test_what_a_sale_must_say(changes: dict, appraisal: tuple[int, date] | None, expected: list[Fault]) -> None:
    found = rules.faults_of_result(
        replace(BASE, **changes), needs_appraisal=True, appraisal=appraisal, approved_fen=None, percent=90,
        auction_days=7, on=DAY,
    )  # fmt: skip
    assert found == expected


def test_money_is_overdue_the_day_after_its_term() -> None:
    assert not rules.is_overdue(1, DAY, 15, DAY + timedelta(days=15))
    assert rules.is_overdue(1, DAY, 15, DAY + timedelta(days=16))
    assert not rules.is_overdue(0, DAY, 15, DAY + timedelta(days=99))
    assert not rules.is_overdue(1, None, 15, DAY)


def test_the_pack_says_of_every_kind_what_it_needs() -> None:
    kinds = ways.kinds()
    assert set(kinds) == set(DisposalKind.values)
    for spec in kinds.values():
        codes = {paper.code for paper in spec.papers}
        assert {"plan", "decision"} <= codes
        assert ("appraisal" in codes) == spec.needs_appraisal
        assert ("technical" in codes) == spec.needs_finding
        assert spec.steps
        assert spec.text
        assert spec.label_en
    assert {code for code, spec in kinds.items() if spec.needs_appraisal} == {"SALE", "AUCTION", "SWAP"}
    assert {code for code, spec in kinds.items() if not spec.brings_money} == {"TRANSFER", "DONATION"}


@given(st.sampled_from(sorted(DisposalKind.values)), st.integers(0, 10**13), st.integers(0, 10**13))
def test_the_table_answers_every_sum_and_never_asks_less_for_more(kind: str, one: int, other: int) -> None:
    levels = [alike.level(kind, fen) for fen in sorted((one, other))]
    assert levels != ["MEETING", "COUNTY"]
