"""Worked examples of the entries of disposals, as an accountant reads them, and what holds of every draft."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.ledger.drafts import LineDraft
from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.disposal import postings
from mingchan.lifecycle.disposal.choices import DisposalKind
from mingchan.lifecycle.disposal.postings import Booked
from mingchan.lifecycle.disposal.queries import ways

ROLES = policy.account_roles("GOVERNMENT")
COMPUTER = Booked(7, "GENERAL", 480_000, (("160202", 66_667),))
"""A computer of 4,800.00 with ten months charged: 666.67 (domain example)."""


def entries(lines: Sequence[LineDraft]) -> list[tuple[str, str, int]]:
    """Lines as (借 or 贷, account code, fen)."""
    return [
        (
            "借" if line.debit_fen else "贷",
            line.account_code or ROLES[line.account_role],
            line.debit_fen or line.credit_fen,
        )
        for line in lines
    ]


@pytest.mark.parametrize(
    ("kind", "write_off", "close"),
    [
        ("SALE", [("借", "5301", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)], []),
        ("AUCTION", [("借", "5301", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)], []),
        ("DONATION", [("借", "5301", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)], []),
        ("TRANSFER", [("借", "3401", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)], []),
        (
            "SCRAP",
            [("借", "190201", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)],
            [("借", "5301", 413_333), ("贷", "190201", 413_333)],
        ),
        (
            "DAMAGE",
            [("借", "190201", 413_333), ("借", "160202", 66_667), ("贷", "160102", 480_000)],
            [("借", "5301", 413_333), ("贷", "190201", 413_333)],
        ),
    ],
)
def test_a_computer_leaves_the_books(kind: str, write_off: list, close: list) -> None:
    spec = ways.kind(kind)
    assert entries(postings.of_card(spec.write_off, COMPUTER)) == write_off
    assert entries(postings.of_card(spec.close, COMPUTER)) == close


def test_a_card_without_depreciation_leaves_at_its_cost() -> None:
    plain = Booked(7, "GENERAL", 480_000)
    assert entries(postings.of_card(ways.kind("SALE").write_off, plain)) == [
        ("借", "5301", 480_000),
        ("贷", "160102", 480_000),
    ]
    worn_out = Booked(7, "GENERAL", 480_000, (("160202", 480_000),))
    assert entries(postings.of_card(ways.kind("SALE").write_off, worn_out)) == [
        ("借", "160202", 480_000),
        ("贷", "160102", 480_000),
    ]


def test_a_sale_for_5000_with_costs_of_200_brings_4800_to_the_treasury() -> None:
    assert entries(postings.received("DUE_TO_TREASURY", 500_000, "disposal:1")) == [
        ("借", "1002", 500_000),
        ("贷", "2103", 500_000),
    ]
    assert entries(postings.paid("DUE_TO_TREASURY", 20_000, "disposal:1")) == [
        ("借", "2103", 20_000),
        ("贷", "1002", 20_000),
    ]
    assert postings.closed("DUE_TO_TREASURY", 480_000, "disposal:1") == ()
    assert entries(postings.remitted(480_000, "disposal:1")) == [("借", "2103", 480_000), ("贷", "1002", 480_000)]


def test_scrap_money_waits_as_net_proceeds_and_a_shortage_is_an_expense() -> None:
    assert entries(postings.received("PENDING_PROCEEDS", 30_000, "disposal:1"))[1] == ("贷", "190202", 30_000)
    assert entries(postings.closed("PENDING_PROCEEDS", 25_000, "disposal:1")) == [
        ("借", "190202", 25_000),
        ("贷", "2103", 25_000),
    ]
    assert entries(postings.closed("PENDING_PROCEEDS", -500, "disposal:1")) == [
        ("借", "5301", 500),
        ("贷", "190202", 500),
    ]
    assert entries(postings.closed("DUE_TO_TREASURY", -500, "disposal:1")) == [("借", "5301", 500), ("贷", "2103", 500)]
    assert postings.closed("PENDING_PROCEEDS", 0, "disposal:1") == ()


def test_a_swap_books_its_gain_or_loss_once() -> None:
    spec = ways.kind("SWAP")
    gain = postings.of_amounts(spec.close, postings.swapped(413_333, 450_000), "disposal:1")
    assert entries(gain) == [("借", "190201", 36_667), ("贷", "4609", 36_667)]
    loss = postings.of_amounts(spec.close, postings.swapped(413_333, 400_000), "disposal:1")
    assert entries(loss) == [("借", "5301", 13_333), ("贷", "190201", 13_333)]
    assert postings.of_amounts(spec.close, postings.swapped(413_333, 413_333), "disposal:1") == ()


def test_money_written_off_names_what_was_lost() -> None:
    losses = ways.kind("MONETARY").losses
    found = {
        name: entries(postings.of_amounts(template, {"amount": 500_000}, "disposal:1"))
        for name, template in losses.items()
    }
    assert found == {
        "RENT_RECEIVABLE": [("借", "2103", 500_000), ("贷", "1212", 500_000)],
        "OTHER_RECEIVABLE": [("借", "5301", 500_000), ("贷", "1218", 500_000)],
        "BANK": [("借", "5301", 500_000), ("贷", "1002", 500_000)],
    }


@given(
    st.sampled_from(sorted(set(DisposalKind.values) - {"MONETARY"})),
    st.sampled_from(["BUILDING", "GENERAL", "SPECIAL", "RELIC", "BOOK", "FURNITURE", "INTANGIBLE"]),
    st.integers(0, 2**40),
    st.integers(0, 100),
    st.integers(0, 2**40),
)
def test_every_draft_balances_and_takes_exactly_the_cost_off(
    kind: str, six_class: str, cost: int, percent: int, incoming: int
) -> None:
    card = Booked(7, six_class, cost, (("160202", cost * percent // 100),))
    spec = ways.kind(kind)
    off = postings.of_card(spec.write_off, card)
    close = (
        postings.of_amounts(spec.close, postings.swapped(card.net_fen, incoming), "disposal:1")
        if kind == "SWAP"
        else postings.of_card(spec.close, card)
    )
    for lines in (off, close):
        assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines)
        assert all((line.debit_fen > 0) != (line.credit_fen > 0) for line in lines)
    taken = sum(line.credit_fen for line in off if line.account_role == postings.account_of(six_class))
    assert taken == cost
    for system in ("GOVERNMENT", "VILLAGE"):
        roles = policy.account_roles(system)
        assert all(line.account_role in roles for line in (*off, *close) if line.account_role)
