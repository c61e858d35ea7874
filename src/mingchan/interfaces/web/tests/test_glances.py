"""The overview for a county, a township, an office, a site, as of a day; the wall; the monthly report (1.2, 4.1)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.ui import glance
from mingchan.kernel.ui.glance import COUNTY, TOWN, Glance, Scope
from mingchan.lifecycle.revival.tests import factories as idle
from mingchan.register.assets.queries import summing
from mingchan.register.assets.tests import factories as assets

DAY = date(2020, 3, 10)
VIEW = frozenset({"overview.view", "asset.view"})


def actor(*scopes: str) -> Actor:
    return Actor(None, "测试", "140932", tuple(Grant("role", scope, VIEW) for scope in scopes), source="test")


def test_an_actor_is_narrowed_to_a_township_and_never_widened() -> None:
    assert glance.narrowed(actor("140932"), "140932101").scopes("asset.view") == ("140932101",)
    assert glance.narrowed(actor("140932101201"), "140932101").scopes("asset.view") == ("140932101201",)
    assert glance.narrowed(actor("140932100"), "140932101").grants == ()


def test_a_glance_answers_for_its_scopes_and_steps_aside_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "_glances", {})
    plain = Glance("plain", "甲", "goals", 1, "", "", lambda _s, _a: {}, frozenset({COUNTY, TOWN}), knows_past=True)
    better = Glance("better", "乙", "goals", 1, "", "", lambda _s, _a: {}, frozenset({COUNTY}), instead_of="plain")
    secret = Glance("secret", "丙", "goals", 1, "other.right", "", lambda _s, _a: {}, say=lambda _s, _a: ["不应出现"])
    for one in (plain, better, secret):
        glance.register(one)
    county = Scope(COUNTY, "140932", "偏关县", DAY)
    names = lambda scope: [one.name for one in glance.built(scope, actor("140932"))]  # noqa: E731
    assert names(county) == ["better"]
    assert names(Scope(TOWN, "140932101", "某镇", DAY)) == ["plain"]
    past = Scope(COUNTY, "140932", "偏关县", DAY, is_past=True)
    assert names(past) == ["plain"]
    assert glance.silent(past, actor("140932")) == ["乙"]
    assert glance.sentences(county, actor("140932")) == []


@pytest.mark.django_db
def test_figures_of_a_past_day_are_those_of_that_day() -> None:
    who = actor("140932")
    (asset,) = idle.idle("电脑")
    idle.correct(asset, date(2020, 6, 1), condition="在用")
    before = summing.figures(who, date(2020, 5, 31), is_past=True)
    assert {word: sums.cards for word, sums in before.by_condition.items()} == {"闲置": 1}
    after = summing.figures(who, date(2020, 6, 1), is_past=True)
    assert {word: sums.cards for word, sums in after.by_condition.items()} == {"在用": 1}
    assert summing.figures(who, DAY - timedelta(days=1), is_past=True).total.cards == 0
    today = summing.figures(who, date(2020, 6, 1))
    assert (after.total, after.by_system, after.by_town) == (today.total, today.by_system, today.by_town)


@pytest.mark.django_db
def test_each_scope_counts_its_own_cards(log_in: Any) -> None:
    site = idle.station("窑头村站", idle.VILLAGE)
    owner = assets.party("示例村委会", "VILLAGE_COMMITTEE", idle.VILLAGE)
    idle.idle("电脑", "打印机", site=site)
    idle.idle("货架", owner=owner, division_code="140932100000")
    client = log_in("bureau_clerk")

    def headline(query: str) -> int:
        page = client.get(f"/overview/{query}").content.decode()
        found = re.search(r"在册资产</span>\s*<span class=\"mc-stat-value\"><b>([\d,]+)</b>", page)
        return int(found[1].replace(",", "")) if found else 0

    assert headline("") == 3
    assert headline("?town=140932101") == 2
    assert headline(f"?site={site}") == 2
    assert headline(f"?office={owner}") == 1
    assert headline("?day=2020-03-01") == 0
    for address in ("?town=140999", "?site=999999", "?office=999999"):
        assert client.get(f"/overview/{address}").status_code == 404


@pytest.mark.django_db
def test_a_township_sees_itself_and_no_other(log_in: Any) -> None:
    idle.idle("电脑", division_code="140932100000")
    client = log_in("town_keeper")
    assert "<h1>新关镇总览</h1>" in client.get("/overview/").content.decode()
    assert client.get("/overview/?town=140932101").status_code == 404


@pytest.mark.django_db
def test_the_wall_asks_for_itself_anew_and_has_no_controls(log_in: Any) -> None:
    idle.idle("电脑")
    page = log_in("county_government").get("/overview/wall/").content.decode()
    assert '<meta http-equiv="refresh"' in page
    assert "<form" not in page
    assert "<button" not in page


@pytest.mark.django_db
def test_the_report_is_a_paper_that_says_the_figures(log_in: Any) -> None:
    idle.idle("电脑")
    idle.sweep()
    client = log_in("bureau_clerk")
    response = client.get("/overview/report/")
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    said = dict(glance.sentences(Scope(COUNTY, "140932", "偏关县", idle.LATER), response.wsgi_request.actor))
    assert "在册资产 1 项" in said["资产总量"][0]
    assert any("闲置资产 1 项" in line for line in said["闲置与盘活"])
