"""The rules of a card, as tables: what may be registered, which class of the books it falls in, what is posted."""

from datetime import date

import pytest

from mingchan.register.assets import postings, rules, words
from mingchan.register.assets.choices import Fault
from mingchan.register.assets.drafts import CardDraft, FundingPart, PartDraft
from mingchan.register.assets.models import Asset

DAY = date(2020, 3, 10)


def draft(**changes: object) -> CardDraft:
    values = {
        "name": "电脑",
        "system": "LOGISTICS",
        "tier": "TOWN",
        "division_code": "",
        "quantity_milli": 3000,
        "cost_fen": 300,
    }
    return CardDraft(**{**values, "unit": "台", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"name": "  "}, [Fault.NO_NAME]),
        ({"system": "BRAND"}, [Fault.NO_SYSTEM]),
        ({"tier": ""}, [Fault.NO_TIER]),
        ({"quantity_milli": 0}, [Fault.BAD_QUANTITY]),
        ({"quantity_milli": 1500}, [Fault.PART_OF_ONE]),
        ({"quantity_milli": 1500, "unit": "米"}, []),
        ({"cost_fen": -1}, [Fault.BAD_COST]),
        ({"cost_fen": 2**53 + 1}, [Fault.BAD_COST]),
        ({"unit_price_fen": 100}, []),
        ({"unit_price_fen": 101}, [Fault.PRICE_DIFFERS]),
        ({"unit_price_fen": 7, "quantity_milli": 1500, "unit": "米", "cost_fen": 10}, []),
        ({"unit_price_fen": 7, "quantity_milli": 1500, "unit": "米", "cost_fen": 12}, [Fault.PRICE_DIFFERS]),
        ({"funding_shares": (FundingPart("central", 200), FundingPart("county", 100))}, []),
        ({"funding_shares": (FundingPart("central", 200), FundingPart("county", 99))}, [Fault.SHARES_DIFFER]),
        ({"acquired_on": date(2020, 3, 11)}, [Fault.FUTURE_DATE]),
        ({"acquired_on": date(2020, 3, 1), "in_service_on": date(2020, 2, 1)}, [Fault.SERVICE_EARLY]),
        ({"acquired_on": date(2020, 3, 1), "in_service_on": date(2020, 2, 1), "acquired_precision": "M"}, []),
        ({"serial_no": "9" * 61}, [Fault.TOO_LONG]),
    ],
)
def test_what_keeps_a_card_from_being_registered(changes: dict, faults: list[Fault]) -> None:
    assert [found.fault for found in rules.may_be_registered(draft(**changes), DAY, frozenset({"台"}))] == faults


def test_the_limits_of_texts_are_those_of_the_columns() -> None:
    assert {name: Asset._meta.get_field(name).max_length for name in rules.LIMITS} == rules.LIMITS


@pytest.mark.parametrize(
    ("code", "six_class"),
    [
        ("A01010226", "BUILDING"), ("A02010105", "GENERAL"), ("A02121209", "GENERAL"), ("A02130100", "SPECIAL"),
        ("A02450000", "SPECIAL"), ("A03010000", "RELIC"), ("A04010000", "BOOK"), ("A05010201", "FURNITURE"),
        ("A06010000", "FURNITURE"), ("A08060303", "INTANGIBLE"), ("", "GENERAL"), ("A07", "GENERAL"),
    ],
)  # fmt: skip
def test_the_class_of_the_books_follows_the_classification_code(code: str, six_class: str) -> None:
    assert rules.six_class(code) == six_class


@pytest.mark.parametrize(
    ("parts", "whole", "faults"),
    [
        ([1000, 2000], True, []),
        ([3000], True, [Fault.ONE_PART]),
        ([1500, 1500], True, [Fault.PART_OF_ONE]),
        ([1500, 1500], False, []),
        ([1000, 1000], True, [Fault.PARTS_DIFFER]),
        ([4000, -1000], True, [Fault.BAD_QUANTITY]),
    ],
)
def test_what_keeps_a_lot_from_being_split(parts: list[int], whole: bool, faults: list[Fault]) -> None:
    found = rules.may_be_split(3000, whole, [PartDraft(part) for part in parts])
    assert [item.fault for item in found] == faults


@pytest.mark.parametrize(
    "lines",
    [
        postings.acquisition(1, "GENERAL", 100),
        postings.takeover(1, "INTANGIBLE", 100),
        postings.adjustment(1, ("GENERAL", 100), ("GENERAL", 90)),
        postings.adjustment(1, ("GENERAL", 100), ("SPECIAL", 120)),
        postings.adjustment(1, ("GENERAL", 100), ("INTANGIBLE", 0)),
        postings.transfer(1, [(2, 30), (3, 0), (4, 70)], "BOOK"),
    ],
)
def test_every_posting_balances_with_one_side_on_each_line(lines: tuple) -> None:
    assert len(lines) >= 2
    assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines) > 0
    assert all((line.debit_fen == 0) != (line.credit_fen == 0) for line in lines)


def test_nothing_is_posted_about_nothing() -> None:
    assert postings.acquisition(1, "GENERAL", 0) == ()
    assert postings.adjustment(1, ("GENERAL", 5), ("GENERAL", 5)) == ()
    assert postings.transfer(1, [(2, 0)], "GENERAL") == ()


@pytest.mark.parametrize(
    ("text", "initials"), [("办公电脑", "bgdn"), ("LED显示屏", "ledxsp"), ("县（级）中心", "xjzx"), ("", "")]
)
def test_initials_are_those_of_the_syllables(text: str, initials: str) -> None:
    assert words.initials(text) == initials
