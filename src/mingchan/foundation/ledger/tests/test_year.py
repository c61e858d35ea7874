"""The year's end (年终结转): income and expense become the accumulated surplus, and only then December closes."""

from datetime import date

import pytest

from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.models import Book
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

END = date(2020, 12, 31)


def balances(book: Book) -> dict[str, int]:
    rows = queries.trial_balance([book.pk], 190001, 202012).rows
    return {row.code: row.closing_fen for row in rows if row.is_leaf and row.closing_fen}


def test_income_and_expense_end_in_the_accumulated_surplus(book: Book, actor: Actor) -> None:
    """A PC of 4,800.00 bought with project money; 66.67 of it worn off; a van of 900.00 taken over without payment."""
    factories.posted(book, actor)
    factories.posted(book, actor, key="wear", day=date(2020, 4, 30), lines=[("5001", 6_667, 0), ("160202", 0, 6_667)])
    factories.posted(book, actor, key="van", day=date(2020, 5, 1), lines=[("160102", 90_000, 0), ("3401", 0, 90_000)])
    made = services.close_year(book.pk, 2020, actor=actor, on=END)
    assert [voucher.summary for voucher in made] == ["结转2020年收入、费用"] + ["结转2020年盈余"] * 3
    assert balances(book) == {"160102": 570_000, "160202": -6_667, "3001": -563_333}
    assert services.close_year(book.pk, 2020, actor=actor, on=END) == []
    assert list(queries.faults()) == []


def test_what_is_posted_after_the_carrying_is_carried_too(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    services.close_year(book.pk, 2020, actor=actor, on=END)
    factories.posted(book, actor, key="late", day=date(2020, 12, 30))
    assert len(services.close_year(book.pk, 2020, actor=actor, on=END)) == 3
    assert balances(book) == {"160102": 960_000, "3001": -960_000}


def test_a_village_carries_its_year_to_the_distribution_of_income(actor: Actor) -> None:
    owner = factories.office("窑头村股份经济合作社", factories.TOWN, "COLLECTIVE")
    book = services.ensure_book(owner.pk, owner.name, factories.TOWN, "VILLAGE", actor=actor, on=factories.DAY)
    factories.posted(book, actor, lines=[("102", 500, 0), ("511", 0, 500)])
    factories.posted(book, actor, key="2", lines=[("541", 200, 0), ("102", 0, 200)])
    services.close_year(book.pk, 2020, actor=actor, on=END)
    assert balances(book) == {"102": 300, "322": -300}


def test_december_closes_when_the_year_is_carried(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    services.close_through(book.pk, 202011, actor=actor, on=END)
    with pytest.raises(Refusal, match="本年收入、费用已结转"):
        services.close_period(book.pk, 202012, "年底", actor=actor, on=END)
    services.close_year(book.pk, 2020, actor=actor, on=END)
    services.close_period(book.pk, 202012, actor=actor, on=END)
    with pytest.raises(Refusal, match="已结账"):
        factories.posted(book, actor, key="late", day=date(2020, 12, 30))


def test_money_due_to_the_treasury_at_the_years_end_must_be_explained(book: Book, actor: Actor) -> None:
    factories.posted(book, actor, lines=[("1002", 700, 0), ("2103", 0, 700)])
    services.close_through(book.pk, 202011, actor=actor, on=END)
    with pytest.raises(Refusal, match=r"2103 应缴财政款年末无余额：余额 7\.00 元"):
        services.close_period(book.pk, 202012, actor=actor, on=END)
    services.close_period(book.pk, 202012, "待财政开具缴款书", actor=actor, on=END)


def test_a_year_is_not_carried_before_its_end(book: Book, actor: Actor) -> None:
    with pytest.raises(Refusal, match="还没有结束"):
        services.close_year(book.pk, 2020, actor=actor, on=date(2020, 12, 30))
