"""The desk's card of disposals: what waits for whom, what runs out, what is late, each with the list that it counts."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.disposal import cards, queries, services
from mingchan.lifecycle.disposal.queries import DisposalFilter, standing
from mingchan.lifecycle.disposal.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


def card(role: str, on: date) -> Card:
    """The card on somebody's desk."""
    found = cards.of_disposals(make.actor(role, on), on)
    assert found is not None
    return found


def told(found: Card) -> dict[str, int]:
    """What the card tells, by label, the noughts left out as the desk does."""
    every: tuple[Figure, ...] = (*found.waiting, *found.ending, *found.lapsed)
    return {str(figure.label): figure.value for figure in every if figure.value}


def listed(figure: Figure, role: str, on: date) -> int:
    """How many disposals stand in the list that a figure leads to."""
    wanted = DisposalFilter.read({"state": figure.url.rpartition("state=")[2]})
    return queries.sums(wanted, make.actor(role, on), on).disposals


def test_what_may_be_carried_out_waits_for_who_carries_it_out() -> None:
    make.may_proceed(make.cards(1))
    make.drafted(make.cards(1, cost_fen=500000))
    assert told(card("bureau_clerk", make.AFTER)) == {"拟定中的处置方案": 1, "待实施的处置": 1}
    assert told(card("audit", make.AFTER)) == {}


def test_money_waits_for_the_accountant_and_is_late_for_everybody_after_its_term() -> None:
    made = make.executed(make.may_proceed(make.cards(1)))
    who = make.actor("accountant", make.AFTER)
    services.receive(made.pk, 30_000, "收据1", make.AFTER, "残值", actor=who, on=make.AFTER)
    assert told(card("accountant", make.AFTER)) == {"处置收入待上缴": 1}
    late = make.AFTER + timedelta(days=60)
    assert told(card("accountant", late)) == {"处置收入逾期未上缴": 1}
    assert told(card("audit", late)) == {"处置收入逾期未上缴": 1}
    services.close_account(made.pk, actor=make.actor("accountant", late), on=late)
    services.remit(made.pk, 30_000, "缴款书1", late, "", actor=make.actor("accountant", late), on=late)
    assert told(card("accountant", late)) == {}


def test_an_appraisal_runs_out_and_is_over() -> None:
    made = make.submitted(make.cards(1), "SALE")
    value = queries.appraisal(made)
    assert value is not None
    for days, words in ((40, ""), (30, "处置评估即将到期"), (0, "处置评估即将到期"), (-1, "处置评估已过期")):
        on = value.valid_to - timedelta(days=days)
        found = told(card("bureau_clerk", on))
        assert {key for key in found if "评估" in key} == ({words} if words else set())


def test_every_figure_counts_the_list_it_leads_to() -> None:
    made = make.executed(make.may_proceed(make.cards(1)))
    who = make.actor("accountant", make.AFTER)
    services.receive(made.pk, 30_000, "收据1", make.AFTER, "残值", actor=who, on=make.AFTER)
    make.submitted(make.cards(1, cost_fen=500000), "SALE")
    make.drafted(make.cards(1, cost_fen=500001))
    for on in (make.AFTER, make.AFTER + timedelta(days=60), date(2021, 3, 1), date(2022, 1, 1)):
        for role in ("bureau_clerk", "accountant"):
            found = card(role, on)
            figures = (*found.figures, *found.waiting, *found.ending, *found.lapsed)
            assert [figure.value for figure in figures] == [listed(figure, role, on) for figure in figures]


def test_what_is_owed_equals_the_purses_whatever_moved() -> None:
    made = make.executed(make.may_proceed(make.cards(1)))
    who = make.actor("accountant", make.AFTER)
    seen = type(made).objects.filter(county=make.COUNTY)
    assert standing.owed(seen) == []
    services.pay(made.pk, "COST", 5_000, "发票1", make.AFTER, "", actor=who, on=make.AFTER)
    assert standing.owed(seen) == []
    services.receive(made.pk, 30_000, "收据1", make.AFTER, "残值", actor=who, on=make.AFTER)
    assert standing.owed(seen) == [(made.pk, queries.purse(made).outstanding, make.AFTER)]


def test_the_card_asks_as_much_for_many_as_for_one() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            card("accountant", make.AFTER)
        return len(found)

    make.drafted(make.cards(1))
    few = asked()
    for cost in (500_000, 600_000, 700_000):
        make.submitted(make.cards(1, cost_fen=cost), "SALE")
    assert asked() == few
