"""How figures and days are written on a page."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import translation

from mingchan.kernel.ui import filters, unit


@pytest.fixture
def in_wan():
    unit.activate(unit.Unit.WAN)
    yield
    unit.activate(unit.Unit.YUAN)


def rendered(source: str, **context: object) -> str:
    return engines["jinja2"].from_string(source).render(context)


def test_amounts_are_shown_in_yuan_with_separators():
    assert rendered("{{ fen|yuan }}", fen=123456789) == "1,234,567.89"


def test_amounts_follow_the_switch(in_wan):
    assert rendered("{{ fen|money }}", fen=163117200) == "163.1172"


def test_a_named_unit_overrules_the_switch(in_wan):
    assert rendered("{{ fen|money('yuan') }}", fen=163117200) == "1,631,172.00"


def test_an_amount_written_in_a_template_follows_the_switch_of_each_request():
    template = engines["jinja2"].from_string("{{ 163117200|money }}")
    before = template.render({})
    unit.activate(unit.Unit.WAN)
    try:
        assert (before, template.render({})) == ("1,631,172.00", "163.1172")
    finally:
        unit.activate(unit.Unit.YUAN)


@pytest.mark.parametrize("name", sorted(set(filters.ALL) - {"percent"}))
def test_an_unknown_value_is_a_dash_and_never_a_zero(name):
    assert rendered("{{ none|" + name + " }}") == "—"


@pytest.mark.parametrize(
    ("part", "whole", "digits", "text"),
    [
        (1, 8, 1, "12.5%"),
        (2, 3, 1, "66.7%"),
        (1, 3, 0, "33%"),
        (-1, 8, 1, "-12.5%"),
        (0, 8, 1, "0.0%"),
        (9_998, 10_000, 1, "99.9%"),
        (1, 100_000, 1, "0.1%"),
        (9_999, 10_000, 0, "99%"),
        (-1, 100_000, 1, "-0.1%"),
        (5, 0, 1, "—"),
        (None, 5, 1, "—"),
        (9_007_199_254_740_991, 9_007_199_254_740_991, 2, "100.00%"),
    ],
)
def test_shares_are_rounded_in_whole_numbers_and_never_to_all_or_none(part, whole, digits, text):
    assert filters.percent(part, whole, digits) == text


@pytest.mark.parametrize(
    ("precision", "chinese", "english"),
    [("D", "2020年3月10日", "10 Mar 2020"), ("M", "2020年3月", "Mar 2020"), ("Y", "2020年", "2020")],
)
def test_a_day_is_written_no_finer_than_its_precision_in_the_active_language(precision, chinese, english):
    with translation.override("zh-hans"):
        assert filters.day(date(2020, 3, 10), precision) == chinese
    with translation.override("en"):
        assert filters.day(date(2020, 3, 10), precision) == english


def test_a_recorded_time_is_shown_in_shanghai():
    with translation.override("zh-hans"):
        assert filters.moment(datetime(2020, 3, 10, 16, 5, tzinfo=UTC)) == "2020年3月11日 00:05"


def test_quantities_and_counts():
    assert rendered("{{ q|quantity }} {{ n|number }}", q=12500, n=1826) == "12.5 1,826"
