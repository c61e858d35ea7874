"""Rules of project money: what is refused, what is only doubtful, and how papers and lines are understood."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.register.funding import rules
from mingchan.register.funding.tests.factories import CENTRAL_PAPER, ON, appropriation, fund_use

SOURCES = {"central": True, "county": True, "province": False}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("晋财建〔2018〕000号", "晋财建〔2018〕000号"),
        ("晋财建[2018] 000 号", "晋财建〔2018〕000号"),
        ("晋财建【２０１８】0００号", "晋财建〔2018〕000号"),
        ("　", ""),
    ],
)
def test_one_document_number_is_read_alike_in_every_spelling(written, kept):
    assert rules.normal_document(written) == kept


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("县级公共服务中心", ("PUBLIC_SERVICE", "COUNTY")),
        ("乡镇村级站点", ("PUBLIC_SERVICE", "TOWN,VILLAGE")),
        ("物流配送体系", ("LOGISTICS", "")),
        ("质量安全追溯体系", ("TRACEABILITY", "")),
        ("县乡村三级公共服务体系", ("PUBLIC_SERVICE", "")),
        ("县级物流中心", ("LOGISTICS", "COUNTY")),
        ("人才培训与服务", ("", "")),
    ],
)
def test_a_line_says_which_part_of_the_register_it_builds(line, part):
    assert rules.part_of_register(line) == part


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"paid_fen": 28_713_601}, "paid_is_not_assets_and_expense"),
        ({"paid_fen": -1, "asset_fen": -1}, "amount_out_of_range"),
        ({"paid_fen": 2**53 + 1, "asset_fen": 2**53 + 1}, "amount_out_of_range"),
        ({"paid_on": ON + timedelta(days=1)}, "date_in_future"),
        ({"line": " "}, "line_missing"),
        ({"item": ""}, "item_missing"),
        ({"funding": "province"}, "funding_out_of_scope"),
        ({"funding": "lottery"}, "funding_unknown"),
    ],
)
def test_a_payment_that_can_not_be_true_is_kept_out(changes, code):
    assert [fault.code for fault in rules.faults_of_fund_uses([fund_use(**changes)], SOURCES, ON)] == [code]


def test_a_good_payment_has_no_fault():
    assert rules.faults_of_fund_uses([fund_use(paid_on=ON), fund_use(paid_on=None)], SOURCES, ON) == []


def test_money_from_outside_the_scope_is_admitted_with_a_reason_and_marked():
    draft = fund_use(funding="province", scope_reason="省级配套，经县政府同意")
    assert rules.faults_of_fund_uses([draft], SOURCES, ON) == []
    codes = [finding.code for finding in rules.findings_of_fund_uses([draft], {}, {})]
    assert "OUT_OF_SCOPE" in codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": -1}, "amount_out_of_range"),
        ({"issued_on": ON + timedelta(days=1)}, "date_in_future"),
        ({"funding": "province"}, "funding_out_of_scope"),
    ],
)
def test_an_appropriation_that_can_not_be_true_is_kept_out(changes, code):
    assert [fault.code for fault in rules.faults_of_appropriations([appropriation(**changes)], SOURCES, ON)] == [code]


def test_paying_more_than_received_is_said_once_where_the_limit_is_passed():
    drafts = [
        fund_use(paid_fen=40, asset_fen=40),
        fund_use(paid_fen=50, asset_fen=50),
        fund_use(paid_fen=5, asset_fen=5),
    ]
    found = rules.findings_of_fund_uses(drafts, {("central", CENTRAL_PAPER): 100}, {("central", CENTRAL_PAPER): 20})
    assert [(item.code, item.index, item.amount_fen, item.limit_fen) for item in found] == [("OVERSPENT", 1, 110, 100)]


def test_a_payment_without_its_appropriation_or_payee_or_date_is_marked():
    found = rules.findings_of_fund_uses([fund_use(payee="", paid_on=None)], {}, {})
    assert [item.code for item in found] == ["NO_APPROPRIATION", "NO_PAYEE", "NO_DATE"]
    assert {(item.sheet, item.row) for item in found} == {("资金投向", 4)}


def test_the_same_appropriation_handed_in_again_is_marked():
    found = rules.findings_of_appropriations(
        [appropriation(document="晋财建[2018]000号（示例）")], [("central", CENTRAL_PAPER, 1_500_000_000)]
    )
    assert [item.code for item in found] == ["REPEATED"]
    within = rules.findings_of_appropriations([appropriation(), appropriation(amount_fen=5), appropriation()], [])
    assert [(item.code, item.index) for item in within] == [("REPEATED", 2)]


@pytest.mark.parametrize(
    ("paid_on", "precision", "day"),
    [
        (date(2019, 6, 4), "D", date(2019, 6, 4)),
        (date(2019, 6, 1), "M", date(2019, 6, 30)),
        (date(2020, 2, 1), "M", date(2020, 2, 29)),
        (date(2019, 1, 1), "Y", date(2019, 12, 31)),
        (date(2020, 3, 1), "M", ON),
        (None, "D", ON),
    ],
)
def test_a_payment_is_booked_under_the_last_day_it_can_have_been_made(paid_on, precision, day):
    assert rules.entry_day(paid_on, precision, ON) == day


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30), st.integers(0, 10**12))
def test_a_document_is_overspent_exactly_when_its_payments_sum_to_more(amounts, received):
    drafts = [fund_use(paid_fen=amount, asset_fen=amount) for amount in amounts]
    found = rules.findings_of_fund_uses(drafts, {("central", CENTRAL_PAPER): received}, {})
    assert [item.code for item in found] == (["OVERSPENT"] if sum(amounts) > received else [])
