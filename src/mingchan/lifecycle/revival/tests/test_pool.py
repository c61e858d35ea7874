"""The pool of idle assets from day to day: who enters by which fact, who leaves, what stays to be read (2.6.2)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.architecture import plans

from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.operation.tests import factories as operation
from mingchan.lifecycle.performance import services as performance
from mingchan.lifecycle.performance.drafts import GoalDraft
from mingchan.lifecycle.performance.tests import factories as evaluations
from mingchan.lifecycle.revival.models import Reason, Spell
from mingchan.lifecycle.revival.queries import PoolFilter, pool
from mingchan.lifecycle.revival.tests import factories as make
from mingchan.register.sites import services as sites
from mingchan.register.sites.tests import factories as stations

pytestmark = pytest.mark.django_db
LATER = make.LATER


def reasons(asset: int) -> list[tuple[str, str, date | None]]:
    rows = Reason.objects.filter(spell__asset=asset).order_by("id")
    return [(row.trigger, row.basis, row.valid_to) for row in rows]


def test_what_lay_idle_for_half_a_year_enters_and_leaves_on_the_day_it_is_used_again() -> None:
    idle, used = make.idle("电脑")[0], make.idle("打印机", condition="在用")[0]
    assert make.sweep(make.REGISTERED + timedelta(days=179)) == (0, 0)
    assert make.sweep(make.REGISTERED + timedelta(days=180)) == (1, 0)
    assert make.sweep(LATER) == (0, 0)
    assert reasons(idle) == [("IDLE", "", None)]
    assert reasons(used) == []
    make.correct(idle, LATER, condition="在用")
    later = LATER + timedelta(days=1)
    assert make.sweep(later) == (0, 1)
    spell = Spell.objects.get(asset=idle)
    assert (spell.since, spell.left_on) == (make.REGISTERED, later)
    assert reasons(idle) == [("IDLE", "", later)]
    assert make.unproved() == []


def test_what_was_used_in_between_counts_its_days_from_then_on() -> None:
    asset = make.idle("电脑")[0]
    make.correct(asset, date(2020, 5, 1), condition="在用")
    make.correct(asset, date(2020, 6, 1), condition="停用")
    assert make.sweep(date(2020, 11, 27)) == (0, 0)
    assert make.sweep(date(2020, 11, 28)) == (1, 0)
    assert Spell.objects.get(asset=asset).since == date(2020, 6, 1)


def test_an_asset_that_comes_back_has_a_second_time_in_the_pool() -> None:
    asset = make.idle("电脑")[0]
    make.sweep(LATER)
    make.correct(asset, LATER, condition="在用")
    make.sweep(LATER + timedelta(days=1))
    make.correct(asset, LATER + timedelta(days=2), condition="闲置")
    assert make.sweep(LATER + timedelta(days=182)) == (1, 0)
    assert Spell.objects.filter(asset=asset).count() == 2


def test_a_card_at_a_site_that_nobody_answers_for_is_vacant_after_a_month() -> None:
    site = make.station()
    asset = make.idle("电脑", site=site, condition="在用", keeper=None)[0]
    elsewhere = make.idle("办公桌", condition="在用", keeper=None)[0]
    make.sweep(make.REGISTERED + timedelta(days=30))
    assert reasons(asset) == [("VACANT", "", None)]
    assert reasons(elsewhere) == []


def test_a_suspended_site_makes_its_things_idle_and_one_without_operator_vacant() -> None:
    site = make.station()
    asset = make.idle("电脑", site=site, condition="在用")[0]
    version = stations.version(site)
    sites.change_state(
        site, "SUSPENDED", date(2020, 3, 20), "停业", version, actor=stations.keeper(), on=date(2020, 3, 20)
    )
    make.sweep(LATER)
    assert reasons(asset) == [("IDLE", f"site:{site}", None)]


def test_a_failed_evaluation_makes_what_is_let_weak(pass_notice: Any) -> None:
    asset = operation.cards(1, keeper=make.keeper())[0]
    found = evaluations.decided(evaluations.sent(operation.contract([asset]), 40))
    make.sweep(date(2021, 3, 17))
    assert reasons(asset) == []
    assert found.case is not None
    pass_notice(found.case, date(2021, 3, 18))
    make.sweep(date(2021, 6, 1))
    reason = Reason.objects.get(spell__asset=asset)
    assert (reason.trigger, reason.gauge, reason.basis) == ("WEAK", "POINTS", f"evaluation:{found.pk}")
    assert reason.figure < reason.against


def test_a_goal_of_bringing_others_along_that_was_half_missed_makes_things_weak() -> None:
    asset = operation.cards(1, keeper=make.keeper())[0]
    contract = operation.contract([asset])
    clerk = evaluations.clerk(date(2021, 1, 20))
    goals = [GoalDraft("HOUSEHOLDS", 40), GoalDraft("PARCELS", 1000)]
    performance.set_goals(contract.pk, 2020, goals, actor=clerk, on=date(2021, 1, 20))
    operator = evaluations.operator(contract, date(2021, 1, 21))
    given: dict[str, Any] = {"actor": operator, "on": date(2021, 1, 21)}
    performance.report_goal(contract.pk, 2020, "HOUSEHOLDS", 20, "台账", **given)
    performance.report_goal(contract.pk, 2020, "PARCELS", 10, "台账", **given)
    make.sweep(date(2021, 2, 1))
    assert reasons(asset) == []
    performance.report_goal(contract.pk, 2020, "HOUSEHOLDS", 19, "核实台账", **given)
    make.sweep(date(2021, 2, 2))
    reason = Reason.objects.get(spell__asset=asset)
    assert (reason.trigger, reason.gauge, reason.figure, reason.against) == ("WEAK", "HOUSEHOLDS", 19, 40)


def test_income_that_did_not_rise_in_two_whole_years_is_stalled() -> None:
    asset = operation.cards(1, keeper=make.keeper())[0]
    operation.contract([asset], starts_on=date(2021, 1, 1), last_day=date(2025, 12, 31))
    assert not Entry.objects.exists()
    make.sweep(date(2022, 12, 31))
    assert reasons(asset) == []
    make.sweep(date(2023, 1, 1))
    reason = Reason.objects.get(spell__asset=asset)
    assert (reason.trigger, reason.figure, reason.against) == ("STALLED", 0, 0)


def test_the_pool_can_be_read_as_of_a_past_day(actor_of: Any) -> None:
    asset = make.idle("电脑")[0]
    make.sweep(LATER)
    make.correct(asset, LATER, condition="在用")
    make.sweep(LATER + timedelta(days=5))
    clerk = actor_of("bureau_clerk")
    assert pool.whole(clerk).cards == 0
    for day, cards in ((LATER - timedelta(days=1), 0), (LATER, 1), (LATER + timedelta(days=5), 0)):
        assert pool.whole(clerk, day.isoformat()).cards == cards
        assert pool.totals(PoolFilter(day=day.isoformat(), trigger="IDLE"), clerk).cards == cards


def test_the_pool_goes_forward_only() -> None:
    make.idle("电脑")
    make.sweep(LATER)
    with pytest.raises(Refusal, match="更晚的日期"):
        make.sweep(LATER - timedelta(days=1))


def test_the_past_of_the_pool_is_kept_by_the_database() -> None:
    make.idle("电脑")
    make.sweep(LATER)
    for statement in (
        "UPDATE revival_reason SET figure = 1",
        "UPDATE revival_spell SET entered_on = '2020-01-01'",
        "DELETE FROM revival_reason",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_sweep_takes_as_many_statements_for_many_as_for_few() -> None:
    site = make.station()
    make.idle(*(["电脑"] * 3), site=site)
    with CaptureQueriesContext(connection) as few:
        make.sweep(LATER)
    later = LATER + timedelta(days=400)
    assets = make.idle(*(["打印机"] * 300), site=site, keeper=None)
    with CaptureQueriesContext(connection) as many:
        assert make.sweep(later)[0] == len(assets)
    bulk = [query for query in few.captured_queries if "INSERT" not in query["sql"]]
    more = [query for query in many.captured_queries if "INSERT" not in query["sql"]]
    assert len(more) <= len(bulk) + 4
    assert len(more) < 60


def test_a_page_of_the_pool_takes_as_many_statements_for_many_as_for_few(
    log_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = log_in("bureau_clerk")
    make.idle(*(["电脑"] * 120))
    make.sweep(LATER)
    client.get("/revival/")
    with django_assert_max_num_queries(20):
        page = client.get("/revival/").content.decode()
    assert page.count("长期闲置</span>") >= pool.PAGE


def test_the_pages_of_the_pool_walk_through_no_growing_table(log_in: Any) -> None:
    client = log_in("bureau_clerk")
    make.idle("电脑", site=make.station())
    make.sweep(LATER)
    found = {
        table
        for address in ("/revival/", "/revival/?sort=-cost", "/revival/measures/", "/revival/effects/")
        for statement in plans.asked_by(client, address)
        for table in plans.walks(statement)
    }
    assert found == set()


def test_pages_are_turned_without_loss_or_repetition(actor_of: Any) -> None:
    clerk = actor_of("bureau_clerk")
    made = make.idle(*(["电脑"] * 120))
    make.sweep(LATER)
    for sort in pool.SORTS:
        seen: list[int] = []
        after = ""
        while True:
            rows, found, after = pool.page(PoolFilter(), clerk, sort=sort, after=after)
            assert all(found[row.id] for row in rows)
            seen += [row.asset_id for row in rows]
            if not after:
                break
        assert sorted(seen) == made
