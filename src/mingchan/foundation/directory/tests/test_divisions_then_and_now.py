"""Names of 2020 papers lead to today's divisions (2.1.2)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from mingchan.foundation.directory import queries, rules, services
from mingchan.foundation.directory.models import Division, DivisionName
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import NotAllowed

SITES = list(csv.DictReader((Path(__file__).parent / "sites.csv").read_text(encoding="utf-8").splitlines()))
PAPER = date(2020, 3, 10)


@pytest.fixture
def resolver(db: None) -> queries.DivisionResolver:
    factories.load_county()
    return queries.DivisionResolver(factories.COUNTY, PAPER)


def test_every_site_of_the_sample_paper_leads_to_its_town_of_today(resolver: queries.DivisionResolver) -> None:
    assert len(SITES) == 107
    wrong = []
    for site in SITES:
        if site["village_written"]:
            code = resolver.village(site["town_written"], site["village_written"])
            found = code and resolver.name(code[:9] + "000")
            right = code is not None and resolver.name(code) == site["village_written"]
        else:
            code = resolver.town(site["town_written"])
            found, right = code and resolver.name(code), True
        if found != site["town_today"] or not right:
            wrong.append((site, code))
    assert wrong == []


@pytest.mark.parametrize(
    ("town", "village", "expected"),
    [
        ("天峰坪镇", "关河口村", "新关镇 关河口村"),
        ("南堡子乡", "南沟村委会", "尚峪镇 南沟村"),
        ("尚峪乡", "南沟村", "尚峪镇 南沟村"),
        ("尚峪乡", "柏草坪村", "尚峪镇 百草坪村"),
        ("万家寨镇", "老牛湾村民委员会", "老牛湾镇 老牛湾村"),
        ("偏关县水泉乡", "水泉村", "水泉镇 水泉村"),
        ("居民办事处", "南关社区居委会", "新关镇 南关社区"),
        ("偏关县居民办事处", "南关社区", "新关镇 南关社区"),
        ("楼沟乡", "楼沟乡小村", "楼沟乡 小村"),
        ("楼沟乡", "小村村民委员会", "楼沟乡 小村"),
        ("陈家营乡", "陈家营", "窑头乡 陈家营村"),
        (" 新 关 镇 ", "马梁村", "新关镇 马梁村"),
        ("新关镇", "南沟村", ""),
        ("新关镇", "马家庄村", ""),
        ("不存在镇", "马梁村", ""),
    ],
)
def test_a_village_is_followed_to_where_it_is_today_or_not_guessed(
    resolver: queries.DivisionResolver, town: str, village: str, expected: str
) -> None:
    code = resolver.village(town, village)
    found = f"{resolver.name(code[:9] + '000')} {resolver.name(code)}" if code else ""
    assert found == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("尚峪乡", "尚峪镇"),
        ("水泉乡", "水泉镇"),
        ("天峰坪镇", "新关镇"),
        ("陈家营乡", "窑头乡"),
        ("老营", "老营镇"),
        ("无名乡", ""),
    ],
)
def test_a_town_of_then_is_shown_as_the_town_of_now(
    resolver: queries.DivisionResolver, name: str, expected: str
) -> None:
    code = resolver.town(name)
    assert (resolver.name(code) if code else "") == expected


def test_a_merged_village_has_no_successor_for_the_lists_do_not_say_where_it_went() -> None:
    rows = [
        rules.NameRow("1", "甲镇", "TOWN", "0", date(2019, 1, 1), date(2020, 1, 1)),
        rules.NameRow("11", "东村委会", "VILLAGE", "1", date(2019, 1, 1), date(2019, 1, 1)),
        rules.NameRow("12", "西村委会", "VILLAGE", "1", date(2019, 1, 1), date(2019, 1, 1)),
        rules.NameRow("21", "西村委会", "VILLAGE", "1", date(2020, 1, 1), date(2020, 1, 1)),
    ]
    assert rules.successors(rows) == {"12": "21"}


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("马梁村委会", "马梁村"),
        ("小村村委会", "小村"),
        ("长安镇村委会", "长安镇村"),
        ("南关社区居委会", "南关社区"),
        ("新关镇", "新关镇"),
    ],
)
def test_the_short_name_is_the_one_people_write(official: str, short: str) -> None:
    assert rules.short_name(official) == short


def test_loading_the_lists_again_changes_nothing(db: None) -> None:
    actor = factories.load_county()
    before = Record.objects.count()
    assert services.load_divisions(policy.divisions_file(), actor=actor, on=PAPER) == 0
    assert Record.objects.count() == before
    assert DivisionName.objects.count() == len(policy.divisions_file())
    today = Division.objects.filter(is_current=True)
    assert (today.filter(level="TOWN").count(), today.filter(level="VILLAGE").count()) == (8, 156)


def test_a_changed_name_is_taken_over_and_recorded_once(db: None) -> None:
    actor = factories.load_county()
    rows = [row for row in policy.divisions_file() if row.name != "马梁村委会"]
    renamed = next(row for row in policy.divisions_file() if row.name == "马梁村委会")
    fields = {name: getattr(renamed, name) for name in renamed.__dataclass_fields__}
    rows.append(policy.DivisionRow(**{**fields, "name": "新马梁村委会"}))
    assert services.load_divisions(rows, actor=actor, on=PAPER) == 1
    assert Division.objects.get(code=renamed.code).name == "新马梁村"


def test_only_who_maintains_parties_may_load_divisions(db: None) -> None:
    with pytest.raises(NotAllowed):
        services.load_divisions(policy.divisions_file(), actor=queries.nobody(factories.COUNTY), on=PAPER)


def test_the_resolver_reads_the_county_in_two_statements(db: None, django_assert_num_queries) -> None:
    factories.load_county()
    with django_assert_num_queries(2):
        resolver = queries.DivisionResolver(factories.COUNTY, PAPER)
        for site in SITES:
            resolver.village(site["town_written"], site["village_written"])
