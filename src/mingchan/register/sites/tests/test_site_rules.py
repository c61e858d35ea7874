"""What a site is, should have, and may become: facts in, verdicts out."""

from datetime import date

import pytest

from mingchan.kernel.money import MILLI
from mingchan.register.sites import rules
from mingchan.register.sites.choices import Standing, State
from mingchan.register.sites.drafts import ItemSpec, Portion
from mingchan.register.sites.queries import standards
from mingchan.register.sites.rules import Change, Group


def item(code: str, least: int, most: int, *words: str, classes: tuple[str, ...] = ()) -> ItemSpec:
    return ItemSpec(code, code, code, "台", least * MILLI, most * MILLI, words, classes)


LIST = (
    item("MONITOR", 1, 1, "显示器"),
    item("COMPUTER", 1, 1, "电脑", classes=("A02010105",)),
    item("RACK", 2, 6, "货架"),
)


@pytest.mark.parametrize(
    ("name", "tier", "kind"),
    [
        ("偏关县电子商务公共服务中心", "COUNTY", "COUNTY_CENTRE"),
        ("偏关县物流配送中心", "COUNTY", "LOGISTICS_CENTRE"),
        ("偏关县农产品质量安全追溯中心", "COUNTY", "TRACE_CENTRE"),
        ("万家寨镇电子商务服务站", "TOWN", "TOWN_STATION"),
        ("老营村物流服务点", "VILLAGE", "VILLAGE_STATION"),
        ("西关仓储库房", "TOWN", "WAREHOUSE"),
    ],
)
def test_a_kind_is_proposed_from_the_name_and_the_tier(name: str, tier: str, kind: str) -> None:
    assert standards.proposed(name, tier) == kind


def test_every_kind_of_the_pack_has_items_with_codes_of_their_own_and_a_most_not_below_the_least() -> None:
    for kind in standards.kinds().values():
        codes = [entry.code for entry in kind.items]
        assert codes, kind.code
        assert len(set(codes)) == len(codes)
        assert all(entry.most_milli >= entry.quantity_milli > 0 for entry in kind.items)
        assert all(entry.words or entry.classes for entry in kind.items)


def test_what_is_there_is_compared_with_what_should_be_there() -> None:
    groups = [
        Group("电脑显示器", "", 1, 1 * MILLI),
        Group("便携式主机", "A02010105", 2, 2 * MILLI),
        Group("货架", "", 1, 1 * MILLI),
        Group("冰柜", "", 1, 3 * MILLI),
    ]
    compared, other = rules.compare(rules.wanted(LIST, []), groups)
    found = {
        row.item.code: (row.quantity_milli, row.standing, row.lacking_milli, row.surplus_milli) for row in compared
    }
    assert found == {
        "MONITOR": (MILLI, Standing.ENOUGH, 0, 0),
        "COMPUTER": (2 * MILLI, Standing.SURPLUS, 0, MILLI),
        "RACK": (MILLI, Standing.MISSING, MILLI, 0),
    }
    assert other == [groups[3]]


def test_a_sites_own_changes_come_before_its_kinds_list() -> None:
    changes = [Change("RACK", 8 * MILLI), Change("MONITOR", 0), Change("冰柜", MILLI, (), "台")]
    should = rules.wanted(LIST, changes)
    assert [(spec.code, spec.quantity_milli, spec.most_milli, changed) for spec, changed in should] == [
        ("冰柜", MILLI, MILLI, True),
        ("COMPUTER", MILLI, MILLI, False),
        ("RACK", 8 * MILLI, 8 * MILLI, True),
    ]
    compared, other = rules.compare(should, [Group("电脑显示器", "", 1, MILLI), Group("立式冰柜", "", 1, MILLI)])
    assert {row.item.code: row.standing for row in compared}["冰柜"] == Standing.ENOUGH
    assert not other, "a monitor counts as a computer once nobody asks for monitors"


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("", State.PREPARING, True),
        (State.PREPARING, State.OPERATING, True),
        (State.PREPARING, State.SUSPENDED, False),
        (State.OPERATING, State.OPERATING, False),
        (State.SUSPENDED, State.CLOSED, True),
        (State.CLOSED, State.SUSPENDED, False),
        (State.OPERATING, "没有", False),
    ],
)
def test_states_follow_each_other(before: str, after: str, may: bool) -> None:
    assert rules.may_follow(before, after) is may


def test_a_period_begins_neither_ahead_nor_before_the_present_one() -> None:
    today = date(2020, 4, 1)
    assert rules.may_begin(date(2020, 4, 2), today, None) == "LATER"
    assert rules.may_begin(date(2020, 3, 1), today, date(2020, 3, 2)) == "EARLIER"
    assert rules.may_begin(date(2020, 3, 2), today, date(2020, 3, 2)) == ""


@pytest.mark.parametrize(
    ("portions", "fault"),
    [
        ([], "NONE"),
        ([Portion(1, 0)], "NONE"),
        ([Portion(1, 5000), Portion(2, -1000)], "NEGATIVE"),
        ([Portion(1, 2000), Portion(1, 2000)], "TWICE"),
        ([Portion(1, 2000), Portion(2, 1000)], "DIFFER"),
        ([Portion(1, 4000)], "ONE"),
        ([Portion(1, 1500), Portion(2, 2500)], ""),
        ([Portion(None, 3000), Portion(2, 1000), Portion(3, 0)], ""),
    ],
)
def test_portions_take_a_lot_apart_when_they_sum_to_it(portions: list[Portion], fault: str) -> None:
    assert rules.spread(4000, portions) == fault
