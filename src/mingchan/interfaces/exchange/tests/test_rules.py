"""What kind of party a county sheet names, and how two versions of a sheet are held against each other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.interfaces.exchange import rules


@pytest.mark.parametrize(
    ("name", "field", "site", "kind"),
    [
        ("偏关县工业和信息化局", "owner", "", "OFFICE"),
        ("万家寨镇人民政府", "income_holder", "", "TOWN_GOVERNMENT"),
        ("楼沟乡兴曹村民委员会", "income_holder", "", "VILLAGE_COMMITTEE"),
        ("新关镇南关居委会", "income_holder", "", "VILLAGE_COMMITTEE"),
        ("水泉镇池家塔村股份经济合作社", "owner", "", "COMPANY"),
        ("池家塔村经济合作社", "owner", "", "COMPANY"),
        ("山西关河电子商务有限公司（示例）", "operator", "", "COMPANY"),
        ("兴曹村电子商务服务站", "user", "兴曹村电子商务服务站", "STATION"),
        ("偏关县物流配送中心", "user", "", "STATION"),
        ("罗翠兰", "operator", "", "PERSON"),
        ("阿卜杜拉·买买提", "operator", "", "PERSON"),
        ("关河电商公司", "keeper", "", "PERSON"),
        ("某某不知名的经营主体", "operator", "", "OTHER"),
    ],
)
def test_a_name_tells_what_it_is(name: str, field: str, site: str, kind: str) -> None:
    assert rules.party_kind(name, field, site) == kind


def row(number: int, name: str = "台式电脑", **fields: Any) -> dict[str, Any]:
    return {"row": number, "sheet": "表", "site": "甲站", "name": name, "model": "M415", "cost_fen": 100, **fields}


def test_rows_that_did_not_change_are_paired_whatever_their_order() -> None:
    old = [row(5, note="一"), row(6, note="二")]
    new = [row(5, note="二"), row(6, note="一")]
    pairs, gone, added = rules.pair_rows(old, new)
    assert not gone
    assert not added
    assert all(not rules.field_differences(before, after) for before, after in pairs)


def test_one_changed_row_among_like_ones_is_found_field_by_field() -> None:
    old = [row(5), row(6, note="旧"), row(7)]
    new = [row(5), row(6, note="新", cost_fen=101), row(7)]
    pairs, gone, added = rules.pair_rows(old, new)
    changes = [rules.field_differences(before, after) for before, after in pairs]
    assert [change for change in changes if change] == [
        [{"field": "cost_fen", "old": 100, "new": 101}, {"field": "note", "old": "旧", "new": "新"}]
    ]
    assert (gone, added) == ([], [])


def test_rows_added_and_gone_are_told_apart() -> None:
    pairs, gone, added = rules.pair_rows([row(5), row(6, "货架")], [row(5), row(6, "冷柜", cost_fen=900)])
    assert len(pairs) == 1
    assert [found["name"] for found in gone] == ["货架"]
    assert [found["name"] for found in added] == ["冷柜"]


def test_a_row_that_was_only_renamed_stays_the_same_thing() -> None:
    pairs, gone, added = rules.pair_rows([row(5), row(6, "货架")], [row(5), row(6, "重型货架")])
    changes = [change for before, after in pairs for change in rules.field_differences(before, after)]
    assert changes == [{"field": "name", "old": "货架", "new": "重型货架"}]
    assert (gone, added) == ([], [])


def test_a_year_guessed_from_a_file_name_is_no_change() -> None:
    before, after = row(5, year=2018, inferred=["year"]), row(5, year=None, inferred=["year"])
    assert rules.field_differences(before, after) == []
    assert rules.field_differences(row(5, year=2018), row(5, year=2019)) == [
        {"field": "year", "old": 2018, "new": 2019}
    ]


def test_a_number_given_in_the_sheet_outweighs_the_name() -> None:
    pairs, gone, added = rules.pair_rows([row(5, asset_code="A1")], [row(9, "电脑", asset_code="A1")])
    assert len(pairs) == 1
    assert (gone, added) == ([], [])


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 2)), max_size=12), st.data())
def test_every_row_of_both_versions_is_accounted_for_once(kinds: list[tuple[str, int]], data: st.DataObject) -> None:
    old = [row(i, name, cost_fen=cost) for i, (name, cost) in enumerate(kinds)]
    kept = data.draw(st.lists(st.sampled_from(range(len(old))), unique=True)) if old else []
    new = [row(i, old[k]["name"], cost_fen=data.draw(st.integers(0, 2))) for i, k in enumerate(kept)]
    pairs, gone, added = rules.pair_rows(old, new)
    assert len(pairs) + len(gone) == len(old)
    assert len(pairs) + len(added) == len(new)
    assert sorted(id(x) for x in [a for a, _b in pairs] + gone) == sorted(map(id, old))
    assert sorted(id(x) for x in [b for _a, b in pairs] + added) == sorted(map(id, new))
