"""Closing and reopening months (结账、反结账; I5, LED-05)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.ledger import queries, rules, services
from mingchan.foundation.ledger.models import Book, MonthBalance, Period, Voucher
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

ON = date(2020, 6, 15)


def close(book: Book, month: int, actor: Actor) -> Period:
    return services.close_period(book.pk, month, actor=actor, on=ON)


def test_months_close_in_order(book: Book, actor: Actor) -> None:
    factories.posted(book, actor, day=date(2020, 5, 1))
    with pytest.raises(Refusal, match="2020年3月"):
        close(book, 202004, actor)
    close(book, 202003, actor)
    close(book, 202004, actor)
    with pytest.raises(Refusal, match="已结账"):
        close(book, 202004, actor)
    assert queries.due_to_close(book) == 202005


def test_a_month_that_has_not_begun_stays_open(book: Book, actor: Actor) -> None:
    services.close_through(book.pk, 202006, actor=actor, on=ON)
    with pytest.raises(Refusal, match="还没有开始"):
        close(book, 202007, actor)


def test_several_months_close_in_one_act(book: Book, actor: Actor) -> None:
    closed = services.close_through(book.pk, 202005, actor=actor, on=ON)
    assert [period.month for period in closed] == [202003, 202004, 202005]


def test_a_figure_that_disagrees_with_the_lines_stops_the_closing(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    MonthBalance.objects.filter(account__code="160102").update(debit_fen=480_001)
    with pytest.raises(Refusal, match="账目不符"):
        close(book, 202003, actor)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(1990, 1, 1), date(2020, 5, 31)))
def test_nothing_gets_into_a_closed_month(book: Book, actor: Actor, day: date) -> None:
    if not Period.objects.exists():
        services.close_through(book.pk, 202005, actor=actor, on=ON)
    with pytest.raises(Refusal, match="已结账"):
        services.post(factories.draft(book, day=day, key=f"probe {day}"), actor=actor, on=ON)
    assert not Voucher.objects.exists()


def test_another_person_reopens_a_month_for_72_hours_and_then_it_is_closed_again(book: Book, actor: Actor) -> None:
    second = factories.accountant("赵复核")
    start = datetime(2020, 6, 15, 2, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        close(book, 202003, actor)
        period = services.reopen_period(book.pk, 202003, "补记漏登", basis=factories.CASE, actor=second, on=ON)
        assert period.reopened_until == start + timedelta(hours=72)
        factories.posted(book, actor, key="in time")
        clock.move_to(start + timedelta(hours=71, minutes=59))
        factories.posted(book, actor, key="just in time")
        clock.move_to(start + timedelta(hours=72))
        with pytest.raises(Refusal, match="已结账"):
            factories.posted(book, actor, key="too late")
    assert Voucher.objects.count() == 2


def test_setting_the_clock_back_does_not_open_the_month(book: Book, actor: Actor) -> None:
    second = factories.accountant("赵复核")
    start = datetime(2020, 6, 15, 2, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        close(book, 202003, actor)
        services.reopen_period(book.pk, 202003, "补记漏登", basis=factories.CASE, actor=second, on=ON)
        clock.move_to(start + timedelta(hours=80))
        services.post(factories.draft(book, day=date(2020, 4, 1), key="later"), actor=actor, on=ON)
        clock.move_to(start + timedelta(hours=1))
        with pytest.raises(Refusal, match="已结账"):
            factories.posted(book, actor, key="clock set back")


def test_who_closed_a_month_does_not_reopen_it(book: Book, actor: Actor) -> None:
    close(book, 202003, actor)
    with pytest.raises(NotAllowed, match="以外的人"):
        services.reopen_period(book.pk, 202003, "补记", basis=factories.CASE, actor=actor, on=ON)


def test_a_reopening_needs_a_reason_and_a_closed_month(book: Book, actor: Actor) -> None:
    second = factories.accountant("赵复核")
    with pytest.raises(NotFound):
        services.reopen_period(book.pk, 202003, "补记", basis=factories.CASE, actor=second, on=ON)
    close(book, 202003, actor)
    with pytest.raises(Refusal, match="原因"):
        services.reopen_period(book.pk, 202003, "", basis=factories.CASE, actor=second, on=ON)


def test_the_page_of_months_says_how_each_stands(book: Book, actor: Actor) -> None:
    factories.posted(book, actor)
    services.close_through(book.pk, 202004, actor=actor, on=ON)
    services.reopen_period(book.pk, 202003, "补记", basis=factories.CASE, actor=factories.accountant("赵复核"), on=ON)
    rows = queries.months_of(book, ON, datetime.now(UTC))
    assert [(row.month, row.state.value, row.vouchers, row.is_due) for row in rows] == [
        (202006, "OPEN", 0, False),
        (202005, "OPEN", 0, True),
        (202004, "CLOSED", 0, False),
        (202003, "REOPENED", 1, False),
    ]


def test_without_the_right_to_close_nothing_closes(book: Book) -> None:
    poster = factories.accountant("记账员", rights=frozenset({"ledger.view", "ledger.post"}))
    with pytest.raises(NotAllowed):
        close(book, 202003, poster)
    stranger = factories.accountant("外县会计", scope="140931")
    with pytest.raises(NotFound):
        close(book, 202003, stranger)


def test_months_follow_each_other_over_the_year() -> None:
    assert rules.months_between(202011, 202102) == [202011, 202012, 202101, 202102]
