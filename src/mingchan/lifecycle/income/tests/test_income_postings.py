"""What the books are told, as an accountant reads it: (role, debit, credit)."""

from mingchan.lifecycle.income import postings


def lines(found):
    assert sum(line.debit_fen for line in found) == sum(line.credit_fen for line in found)
    return [(line.account_role, line.debit_fen, line.credit_fen, line.subject) for line in found]


def test_rent_due_goes_to_the_receivables_and_the_treasury():
    assert lines(postings.billed([(5, 300_000)])) == [
        ("RENT_RECEIVABLE", 300_000, 0, "receivable:5"),
        ("RENT_EARNED", 0, 300_000, "receivable:5"),
    ]


def test_money_settles_rent_holds_the_deposit_and_keeps_the_rest_as_advance():
    assert lines(postings.received(9, 550_000, {5: 300_000}, {6: 200_000})) == [
        ("BANK", 550_000, 0, "receipt:9"),
        ("RENT_RECEIVABLE", 0, 300_000, "receivable:5"),
        ("DEPOSIT_WITHHELD", 0, 200_000, "receivable:6"),
        ("RENT_IN_ADVANCE", 0, 50_000, "receipt:9"),
    ]


def test_an_advance_is_used_or_paid_back():
    assert lines(postings.used(9, {5: 50_000}, {})) == [
        ("RENT_IN_ADVANCE", 50_000, 0, "receipt:9"),
        ("RENT_RECEIVABLE", 0, 50_000, "receivable:5"),
    ]
    assert lines(postings.paid_back(9, 50_000)) == [
        ("RENT_IN_ADVANCE", 50_000, 0, "receipt:9"),
        ("BANK", 0, 50_000, "receipt:9"),
    ]


def test_a_deposit_goes_back_and_was_never_income():
    assert lines(postings.deposit_returned(6, 9, 200_000)) == [
        ("DEPOSIT_WITHHELD", 200_000, 0, "receivable:6"),
        ("BANK", 0, 200_000, "receipt:9"),
    ]


def test_what_is_given_up_is_no_longer_due_to_the_treasury():
    assert lines(postings.given_up(5, 100_000)) == [
        ("RENT_GIVEN_UP", 100_000, 0, "receivable:5"),
        ("RENT_RECEIVABLE", 0, 100_000, "receivable:5"),
    ]


def test_income_goes_to_the_treasury():
    assert lines(postings.remitted(3, 300_000)) == [
        ("DUE_TO_TREASURY", 300_000, 0, "remittance:3"),
        ("BANK", 0, 300_000, "remittance:3"),
    ]
