"""The pack is whole: clauses, rights and roles, codes with lives, charts with the roles postings name."""

import re
from collections.abc import Callable

import pytest
from django.urls import get_resolver
from django.utils import translation

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import events

CLAUSES = (
    "1.2", "1.2a", "1.2b", "2.1.1", "2.1.2", "2.2", "2.3", "2.4.1", "2.4.2a", "2.4.2b", "2.4.2c", "2.4.2d", "2.4.2e",
    "2.5a", "2.5b", "2.6.1a", "2.6.1b", "2.6.2", "2.6.3", "3.1–3.4", "3.1", "3.2", "3.3", "3.4.1", "3.4.2", "3.4.3a",
    "3.4.3b", "3.4.3c", "4.1", "4.2", "4.3",
)  # fmt: skip
COUNTY_NAMES = {
    "台式电脑": "A02010105", "电脑显示器": "A02021104", "电脑桌椅": "A05010201", "货架": "A05010602",
    "收银机（POS）": "A02021112", "扫码枪": "A02021119", "热敏小票打印机": "A02021006", "监控摄像头": "A02091107",
    "液晶电视": "A02091001", "门头牌匾": "A02061916", "制度展板": "A05010699", "电子秤": "A02121209",
    "LED全彩显示屏": "A02021103", "服务器": "A02010104", "笔记本电脑": "A02010108", "多功能一体机": "A02020400",
    "投影机": "A02020200", "会议桌": "A05010202", "办公桌椅": "A05010201", "空调（柜机）": "A02061804",
    "特产展示柜": "A05010599", "直播设备": "A02091301", "单反相机": "A02020501", "电子商务平台软件": "A08060303",
    "沙盘": "A03059900", "培训桌": "A05010203", "培训椅": "A05010304", "轻型厢式货车": "A02030601",
    "新能源面包车": "A02030503", "快递自动分拣线": "A02051399", "电动叉车": "A02051599", "重型货架": "A05010602",
    "冷库（组合式）": "A02052302", "手持终端PDA": "A02021126", "电子面单打印机": "A02021006", "地磅": "A02121201",
    "笼车": "A02031099", "农产品质量安全追溯平台": "A08060303", "农药残留检测仪": "A02100418",
    "便携式水分测定仪": "A02100418", "追溯标签打印机": "A02021007", "环境监测传感器": "A02100415",
    "高清球机": "A02091107",
}  # fmt: skip


def test_every_duty_of_the_plan_is_a_clause_with_its_own_words() -> None:
    assert tuple(policy.clauses()) == CLAUSES
    assert all(len(clause.text) >= 30 and clause.title and clause.title_en for clause in policy.clauses().values())
    assert "未经县工信局同意" in policy.clauses()["2.4.2b"].text


def test_rights_are_words_verb_on_noun_and_each_is_held_by_some_role() -> None:
    held = set().union(*(role.rights for role in policy.roles().values()))
    assert held == set(policy.rights())
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", right) for right in held)


def test_the_plan_has_nineteen_roles_each_named_in_both_languages() -> None:
    assert len(policy.roles()) == 19
    assert all(
        role.label and role.label_en and role.duty and role.duty_en and role.desk for role in policy.roles().values()
    )


BUSINESS = ("asset.", "paper.", "exchange.", "ledger.", "funding.", "personal.", "party.", "directory.", "overview.")
CHANGING = (".register", ".correct", ".split", ".attach", ".import", ".withdraw", ".post", ".close", ".manage", ".give")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_the_three_administrators_see_no_business_rows(role: str) -> None:
    assert not [right for right in policy.roles()[role].rights if right.startswith(BUSINESS)]


def test_no_role_both_opens_accounts_and_gives_grants_and_the_audit_administrator_changes_nothing() -> None:
    for role in policy.roles().values():
        assert not {"account.manage", "grant.give"} <= role.rights
    assert not [right for right in policy.roles()["audit_admin"].rights if right.endswith(CHANGING)]


def test_the_cashier_neither_posts_nor_keeps_papers_and_stands_apart() -> None:
    rights = policy.roles()["cashier"].rights
    assert not rights & {"ledger.post", "ledger.close", "paper.attach", "log.verify"}
    assert {"accountant", "audit"} <= policy.roles_apart()["cashier"]
    assert "cashier" in policy.roles_apart()["accountant"]


def test_a_role_that_names_an_unknown_right_stops_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[str], dict] = policy._yaml

    def broken(name: str) -> dict:
        found = real(name)
        found["roles"]["cashier"]["rights"] = ["gold.take"]
        return found

    monkeypatch.setattr(policy, "_yaml", broken)
    policy.roles.cache_clear()
    try:
        with pytest.raises(ValueError, match="unknown rights"):
            policy.roles()
    finally:
        policy.roles.cache_clear()


@pytest.mark.parametrize(("name", "code"), COUNTY_NAMES.items())
def test_names_of_county_lists_find_their_class(name: str, code: str) -> None:
    proposal = policy.propose_class(name)
    assert proposal is not None
    assert (proposal.code, proposal.confidence) == (code, 100)


@pytest.mark.parametrize(
    ("name", "code", "confidence"),
    [
        ("联想台式电脑", "A02010105", 80),
        ("空调（挂式，3匹）", "A02061804", 95),
        ("ｌｅｄ全彩显示屏", "A02021103", 100),
        (" 电子 秤 ", "A02121209", 100),
        ("监控设备一套", "A02091107", 60),
    ],
)
def test_a_longer_name_is_proposed_with_less_confidence(name: str, code: str, confidence: int) -> None:
    proposal = policy.propose_class(name)
    assert proposal is not None
    assert (proposal.code, proposal.confidence) == (code, confidence)


@pytest.mark.parametrize("name", ["", "  ", "小米", "羊"])
def test_a_name_without_a_known_word_has_no_proposal(name: str) -> None:
    assert policy.propose_class(name) is None


def test_every_depreciated_class_has_its_life_from_the_national_table() -> None:
    least = {life.item: life.min_months for life in policy.lives()}
    for code in policy.asset_codes().values():
        if code.life_months is not None:
            assert code.life_months == least[code.life_item], code.code
        else:
            assert code.six_class in ("BUILDING", "RELIC", "INTANGIBLE"), code.code
    assert len(policy.lives()) == 55


def test_no_word_means_two_classes() -> None:
    words = [word for code in policy.asset_codes().values() for word in code.synonyms]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("system", ["GOVERNMENT", "VILLAGE"])
def test_every_account_role_names_an_account_of_its_chart_and_six_classes_are_kept_apart(system: str) -> None:
    chart = {account.code: account for account in policy.chart_of_accounts(system)}
    roles = policy.account_roles(system)
    assert set(roles.values()) <= set(chart)
    classes = [roles[f"ASSET_COST.{six}"] for six in ("BUILDING", "GENERAL", "SPECIAL", "RELIC", "BOOK", "FURNITURE")]
    assert len(set(classes)) == 6
    assert all(chart[code].is_leaf and chart[code].parent == roles["ASSET_COST"] for code in classes)
    assert chart[roles["PROJECT_MONEY"]].side == "C"


@pytest.mark.parametrize("system", ["GOVERNMENT", "VILLAGE"])
def test_a_chart_is_a_tree_whose_leaves_take_lines(system: str) -> None:
    chart = policy.chart_of_accounts(system)
    codes = [account.code for account in chart]
    assert len(codes) == len(set(codes))
    parents = {account.parent for account in chart if account.parent}
    assert parents == {account.code for account in chart if not account.is_leaf}
    assert all(account.code.startswith(account.parent) and account.side in ("D", "C") for account in chart)


def test_only_the_two_funds_of_the_plan_are_in_scope() -> None:
    sources = policy.funding_sources()
    assert {code for code, source in sources.items() if source.in_scope} == {"central", "county"}
    words = [word for source in sources.values() for word in source.synonyms]
    assert len(words) == len(set(words))
    assert "中央专项" in sources["central"].synonyms
    assert "县级整合资金" in sources["county"].synonyms


def test_words_of_the_county_lists_are_known() -> None:
    assert {"台", "套", "块", "组", "把", "张", "座", "辆"} <= policy.countable_units()
    assert not policy.countable_units() & policy.measured_units()
    assert {"在用", "正常", "损坏", "闲置", "丢失", "停用"} <= set(policy.conditions())
    assert {one.counts_as for one in policy.conditions().values()} == {"in_use", "idle", "damaged", "missing"}


def test_figures_of_the_county_are_whole_numbers_with_a_basis() -> None:
    assert policy.figure("login.failures") == 5
    assert all(one.basis and one.label for one in policy.thresholds().values())
    with pytest.raises(TypeError):
        policy.figure("password.profile")


def test_the_divisions_file_holds_the_county_of_today() -> None:
    newest = max(row.last_vintage for row in policy.divisions_file())
    today = [row for row in policy.divisions_file() if row.last_vintage == newest]
    assert [sum(row.level == level for row in today) for level in ("COUNTY", "TOWN", "VILLAGE")] == [1, 8, 156]
    assert policy.county_name() == "偏关县"


def test_events_name_only_clauses_of_the_pack() -> None:
    for kind in events.all_kinds():
        if kind.code.startswith("directory."):
            assert set(kind.clauses) <= set(policy.clauses()), kind.code
    assert "directory.grant.given" in {kind.code for kind in policy.events_serving("4.1")}


def test_labels_follow_the_readers_language() -> None:
    with translation.override("en"):
        assert policy.roles()["audit"].text == "Audit office"
        assert policy.clauses()["2.6.2"].label == "Reviving idle assets"
    with translation.override("zh-hans"):
        assert policy.rights()["asset.view"].text == "查看资产"


def test_what_serves_a_clause_exists_in_this_program() -> None:
    routes = {
        f"{resolver.namespace}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        for pattern in resolver.url_patterns
    }
    for clause in policy.clauses().values():
        for code in clause.served_by:
            kind, _colon, name = code.partition(":")
            assert kind in ("page", "command"), code
            assert kind != "page" or name in routes, code
