"""Finding sites, what they hold and lack, and who may see them."""

from typing import Any

import pytest

from mingchan.kernel.money import MILLI
from mingchan.register.assets import queries as asset_queries
from mingchan.register.assets import services as asset_services
from mingchan.register.assets.models import Site
from mingchan.register.assets.tests import factories as assets
from mingchan.register.sites import queries, services
from mingchan.register.sites.drafts import HolderDraft, Place
from mingchan.register.sites.queries import SiteFilter
from mingchan.register.sites.tests import factories as make

pytestmark = pytest.mark.django_db
WHOLE = (
    "台式电脑",
    "电脑显示器",
    "电脑桌椅",
    "货架",
    "扫码枪",
    "热敏小票打印机",
    "监控摄像头",
    "液晶电视",
    "门头牌匾",
    "制度展板",
    "电子秤",
)


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    assets.divisions()


def found(actor: Any = None, **filter: Any) -> list[str]:  # noqa: A002
    return [row.name for row in queries.rows(SiteFilter(**filter), actor or make.keeper(), "name").rows]


def test_sites_are_found_by_words_initials_town_kind_state_and_doubt() -> None:
    village, town = make.filed("窑头村站"), make.filed("新关镇站", make.TOWN)
    assets.site("无档站")
    person = assets.party("王二", "PERSON")
    for duty, party in (("OPERATOR", person), ("KEEPER", person)):
        services.appoint(
            town, duty, HolderDraft(party), make.SINCE, "任命", make.version(town), actor=make.keeper(), on=make.LATER
        )
    services.change_state(village, "SUSPENDED", make.LATER, "停", 1, actor=make.keeper(), on=make.LATER)
    assert found(text="窑头") == ["无档站", "窑头村站"], "by the name of its village too"
    assert found(text="xgz") == ["新关镇站"]
    assert found(text="YTC") == ["窑头村站"]
    assert found(division=make.TOWN) == ["新关镇站"]
    assert found(division="140932000000", kind="VILLAGE_STATION") == ["新关镇站", "窑头村站"]
    assert found(kind="NONE") == ["无档站"]
    assert found(state="SUSPENDED") == ["窑头村站"]
    assert found(operator=person) == ["新关镇站"]
    assert found(doubt="NO_KEEPER") == ["无档站", "窑头村站"]
    assert found(doubt="NO_FILE") == ["无档站"]
    assert len(found(doubt="EMPTY")) == 3


def test_what_lacks_something_follows_every_change_of_the_register() -> None:
    site, other = make.filed("甲站"), make.filed("乙站")
    actor = make.keeper()
    assert found(doubt="LACKING") == ["乙站", "甲站"]
    ids = make.cards_at(site, *WHOLE, quantity_milli=2 * MILLI, cost_fen=100)
    assert found(doubt="LACKING") == ["乙站"]
    assert queries.holdings(actor)[site][:4] == (11, 22 * MILLI, 1100, 11)
    services.relocate([ids[0]], Place(other), "调剂", actor=actor, on=make.LATER)
    assert set(found(doubt="LACKING")) == {"甲站", "乙站"}
    services.require(site, "COMPUTER", 0, "不需要", 1, actor=actor, on=make.LATER)
    assert found(doubt="LACKING") == ["乙站"]
    asset_services.withdraw_card(ids[4], "有误", actor=actor, on=make.LATER)
    assert "甲站" in found(doubt="LACKING")


def test_the_figures_of_the_list_equal_the_registers_own() -> None:
    site = make.filed("甲站")
    make.cards_at(site, "电脑", "货架", cost_fen=12345)
    make.cards_at(make.filed("乙站"), "电脑", cost_fen=5)
    actor = make.keeper()
    for row in queries.rows(SiteFilter(), actor).rows:
        totals = asset_queries.totals(queries.card_filter(row.id), actor, make.DAY)
        assert (row.holding.cards, row.holding.quantity_milli, row.holding.cost_fen) == (
            totals.count, totals.quantity_milli, totals.cost_fen,
        )  # fmt: skip
    totals = queries.totals(SiteFilter(), actor)
    assert (totals.sites, totals.cards, totals.cost_fen, totals.lacking, totals.no_keeper) == (2, 3, 24695, 2, 2)
    assert queries.by_town(SiteFilter(), actor) == {"140932101": 2}


@pytest.mark.parametrize("sort", ["name", "-name", "place", "-place"])
def test_pages_go_on_and_back_without_loss(sort: str) -> None:
    for number in range(7):
        assets.site(f"站{number % 3}", make.VILLAGE if number < 3 else (make.TOWN if number < 6 else ""))
    actor = make.keeper()
    whole = [row.id for row in queries.rows(SiteFilter(), actor, sort).rows]
    assert len(whole) == 7
    seen, after, pages = [], "", []
    while True:
        page = queries.rows(SiteFilter(), actor, sort, after=after, limit=3)
        pages.append(page)
        seen += [row.id for row in page.rows]
        if page.following is None:
            break
        after = page.following
    assert seen == whole
    back = queries.rows(SiteFilter(), actor, sort, before=pages[-1].previous or "", limit=3)
    assert [row.id for row in back.rows] == whole[3:6]
    assert back.previous is not None
    assert [row.id for row in queries.rows(SiteFilter(), actor, sort, after="x.y").rows] == whole


def test_each_figure_of_the_comparison_names_its_cards() -> None:
    site = make.filed("甲站")
    computer, monitor, fridge = make.cards_at(site, "台式电脑", "电脑显示器", "冰柜")
    held, actor = Site.objects.get(pk=site), make.keeper()
    compared, other = queries.comparison(held, actor)
    assert {row.item.code: row.cards for row in compared if row.cards} == {"COMPUTER": 1, "MONITOR": 1}
    assert [group.name for group in other] == ["冰柜"]
    assert queries.cards_of_item(held, "COMPUTER", actor) == [computer]
    assert queries.cards_of_item(held, "MONITOR", actor) == [monitor]
    assert queries.cards_of_item(held, "", actor) == [fridge]
    assert [(row.party_id, row.cards) for row in queries.keeping(site, actor)] == [(None, 3)]


def test_a_keeper_sees_its_divisions_and_an_operator_what_it_runs() -> None:
    make.filed("村站")
    town = make.filed("镇站", make.TOWN)
    company = assets.party("关河公司", "COMPANY")
    services.appoint(town, "OPERATOR", HolderDraft(company), make.SINCE, "协议", 1, actor=make.keeper(), on=make.LATER)
    run = assets.site("代管站")
    make.cards_at(run, "电脑", operator=company)
    make.cards_at(run, "货架")
    nowhere = assets.site("无区划站", "")
    make.cards_at(nowhere, "电脑")
    assert found(make.keeper(make.VILLAGE)) == ["代管站", "无区划站", "村站"]
    operator = make.keeper(rights=frozenset({"asset.view"}), party=company)
    assert found(operator) == ["代管站", "镇站"]
    assert queries.holdings(operator)[run].cards == 1, "of cards it may see"
    assert found(make.keeper("140931")) == []


def test_lots_and_their_targets_lie_inside_the_actors_divisions() -> None:
    store, village = make.filed("仓库", make.TOWN), make.filed("村站")
    lot = make.cards_at(store, "扫码枪", quantity_milli=5 * MILLI, division_code=make.TOWN)[0]
    make.cards_at(store, "电脑", division_code=make.TOWN)
    actor = make.keeper()
    assert [row.id for row in queries.lots(actor)] == [lot]
    assert [row.id for row in queries.lots(actor, "扫码")] == [lot]
    assert queries.lots(actor, "货架") == []
    assert queries.lots(make.keeper(make.VILLAGE)) == []
    assert [target.id for target in queries.targets(actor, ["140932101000"])] == [village]
    assert [target.id for target in queries.targets(make.keeper(make.VILLAGE), [])] == [village]
    assert queries.targets(actor, [], "WAREHOUSE")[0].id == store
