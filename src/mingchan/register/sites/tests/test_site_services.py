"""Files of sites: opened, corrected, run and merged; assets move and lots are spread, or nothing is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.money import MILLI
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries as asset_queries
from mingchan.register.assets import services as asset_services
from mingchan.register.assets.drafts import SiteDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.tests import factories as assets
from mingchan.register.sites import queries, services
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import Details, HolderDraft, Place, Portion
from mingchan.register.sites.models import Profile, Requirement, SiteState, Term
from mingchan.register.sites.tests import factories as make

pytestmark = pytest.mark.django_db
DAY, LATER, SINCE = make.DAY, make.LATER, make.SINCE


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    assets.divisions()


def periods(site: int, duty: Duty) -> list[tuple[int, date, date | None]]:
    found = Term.objects.filter(profile=site, duty=duty).order_by("id")
    return list(found.values_list("party_id", "valid_from", "valid_to"))


def appoint(site: int, duty: Duty, party: int | None, since: date, on: date = LATER, **more: Any) -> int:
    holder = HolderDraft(party, more.pop("organisation", None)) if party is not None else None
    return services.appoint(
        site, duty.value, holder, since, "任命", more.pop("version", make.version(site)),
        actor=more.pop("actor", make.keeper()), on=on,
    )  # fmt: skip


def verified() -> bool:
    return evidence.verify([*asset_queries.PROTECTED, *queries.PROTECTED]).ok


def test_a_site_is_opened_by_hand_with_its_state_and_holders() -> None:
    person, village = assets.party("王二", "PERSON", make.VILLAGE), assets.party("窑头村委会", "VILLAGE_COMMITTEE")
    details = Details("村委会一层", "每天", 39_400_000, 111_500_000)
    site = services.open_site(
        make.new(details=details, keeper=HolderDraft(person, village)), actor=make.keeper(), on=DAY
    )
    file = Profile.objects.get(pk=site)
    assert (file.state, file.keeper_id, file.organisation_id, file.version) == (State.OPERATING, person, village, 1)
    assert periods(site, Duty.KEEPER) == [(person, SINCE, None)]
    assert Site.objects.get(pk=site).kind == "VILLAGE_STATION"
    assert log.history(Ref("site_profile", site))[0].kind == "sites.site.opened"
    assert verified()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"division_code": "140932999999"}, "division_code"),
        ({"system": "X"}, "system"),
        ({"tier": ""}, "tier"),
        ({"state": "CLOSED"}, "state"),
        ({"since": DAY + timedelta(days=1)}, "since"),
        ({"details": Details(latitude_micro=1)}, "coordinates"),
        ({"details": Details(address="长" * 201)}, "address"),
    ],
)
def test_what_a_site_cant_be_is_refused_and_nothing_is_written(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.open_site(make.new(**changes), actor=make.keeper(), on=DAY)
    assert refused.value.field == field
    assert not Site.objects.exists()


def test_the_same_name_in_a_division_is_the_same_site() -> None:
    services.open_site(make.new(), actor=make.keeper(), on=DAY)
    with pytest.raises(Refusal, match="已有同名站点"):
        services.open_site(make.new(), actor=make.keeper(), on=DAY)


def test_files_of_many_sites_open_with_kind_and_the_holders_their_cards_agree_on() -> None:
    keeper, operator = assets.party("王二", "PERSON"), assets.party("关河公司", "COMPANY")
    other = assets.party("李三", "PERSON")
    agreed, divided, empty = (assets.site(name) for name in ("甲站", "乙站", "丙站"))
    make.cards_at(agreed, "电脑", "货架", keeper=keeper, operator=operator)
    make.cards_at(divided, "电脑", keeper=keeper)
    make.cards_at(divided, "货架", keeper=other)
    before = Record.objects.count()
    count = services.open_files([agreed, divided, empty], SINCE, "验收移交", actor=make.keeper(), on=DAY)
    assert count == 3
    files = Profile.objects.order_by("pk").values_list("operator_id", "keeper_id", "state")
    assert list(files) == [(operator, keeper, "OPERATING"), (None, None, "OPERATING"), (None, None, "OPERATING")]
    assert set(Site.objects.values_list("kind", flat=True)) == {"VILLAGE_STATION"}
    assert Record.objects.count() == before + 6, "one record of the kind and one of the file for each site"
    assert services.open_files([agreed], SINCE, "再来", actor=make.keeper(), on=DAY) == 0
    assert verified()


def test_opening_files_takes_as_many_statements_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    sites = [assets.site(f"站{number}") for number in range(60)]
    with django_assert_max_num_queries(60):
        services.open_files(sites, SINCE, "验收", actor=make.keeper(), on=DAY)


def test_a_correction_keeps_the_version_and_is_found_by_the_new_name() -> None:
    site = make.filed()
    card = make.cards_at(site, "电脑")[0]
    done = services.correct(
        site,
        {"name": "窑头村服务大厅", "kind": "WAREHOUSE"},
        Details(address="大院"),
        1,
        "改名",
        actor=make.keeper(),
        on=LATER,
    )
    assert done == 2
    assert Site.objects.get(pk=site).name == "窑头村服务大厅"
    for word, found in (("服务大厅", 1), ("电商服务站", 0)):
        assert asset_queries.count(asset_queries.RegisterFilter(text=word), make.keeper()) == found, word
    with pytest.raises(Stale) as stale:
        services.correct(site, {}, Details(address="别处"), 1, "又改", actor=make.keeper(), on=LATER)
    assert (stale.value.theirs["address"], stale.value.yours["address"]) == ("大院", "别处")
    with pytest.raises(Refusal, match="没有改动"):
        services.correct(site, {}, Details(address="大院"), 2, "不变", actor=make.keeper(), on=LATER)
    assert Asset.objects.get(pk=card).version == 1
    assert verified()


def test_a_name_that_another_site_of_the_division_bears_is_refused() -> None:
    site = make.filed()
    assets.site("窑头村二站")
    with pytest.raises(Refusal, match="同名") as refused:
        services.correct(site, {"name": "窑头村二站"}, Details(), 1, "改名", actor=make.keeper(), on=LATER)
    assert refused.value.field == "name"
    assert make.version(site) == 1


def test_terms_follow_each_other_and_are_never_overwritten() -> None:
    site = make.filed()
    first, second = assets.party("王二", "PERSON"), assets.party("李三", "PERSON")
    appoint(site, Duty.KEEPER, first, date(2020, 3, 5))
    appoint(site, Duty.KEEPER, second, date(2020, 4, 1))
    appoint(site, Duty.KEEPER, None, date(2020, 4, 10))
    assert periods(site, Duty.KEEPER) == [
        (first, date(2020, 3, 5), date(2020, 4, 1)),
        (second, date(2020, 4, 1), date(2020, 4, 10)),
    ]
    assert Profile.objects.get(pk=site).keeper_id is None
    assert [entry.kind for entry in log.history(Ref("site_profile", site))][-1] == "sites.holder.appointed"
    assert verified()


def test_who_may_not_hold_a_duty_is_refused() -> None:
    site = make.filed()
    person = assets.party("王二", "PERSON")
    appoint(site, Duty.OPERATOR, person, date(2020, 3, 5))
    for since, match in ((LATER + timedelta(days=1), "晚于今天"), (date(2020, 3, 4), "早于现任")):
        with pytest.raises(Refusal, match=match):
            appoint(site, Duty.OPERATOR, assets.party("李三", "PERSON"), since)
    with pytest.raises(Refusal, match="没有这个主体"):
        appoint(site, Duty.OPERATOR, 10**6, LATER)
    with pytest.raises(Refusal, match="没有改动"):
        appoint(site, Duty.OPERATOR, person, LATER)
    with pytest.raises(Stale):
        appoint(site, Duty.OPERATOR, None, LATER, version=7)
    with pytest.raises(Refusal, match="理由"):
        services.appoint(site, "OPERATOR", None, LATER, " ", make.version(site), actor=make.keeper(), on=LATER)


def test_a_site_with_cards_is_not_closed_and_an_empty_one_is() -> None:
    site = make.filed()
    appoint(site, Duty.KEEPER, assets.party("王二", "PERSON"), SINCE)
    card = make.cards_at(site, "电脑")[0]
    given: dict[str, Any] = {"actor": make.keeper(), "on": LATER}
    with pytest.raises(Refusal, match="尚有 1 张"):
        services.change_state(site, "CLOSED", LATER, "撤点", make.version(site), **given)
    other = make.filed("乙站")
    services.relocate([card], Place(other), "撤点", **given)
    services.change_state(site, "CLOSED", LATER, "撤点", make.version(site), **given)
    assert Site.objects.get(pk=site).closed_on == LATER
    assert periods(site, Duty.KEEPER)[-1][2] == LATER, "the keeper's term ends with the site"
    assert site not in dict(asset_queries.choosing.sites(make.keeper()))
    with pytest.raises(Refusal, match="已撤销"):
        services.relocate([card], Place(site), "回来", **given)
    services.change_state(site, "OPERATING", LATER, "恢复", make.version(site), **given)
    assert Site.objects.get(pk=site).closed_on is None
    states = SiteState.objects.filter(profile=site).order_by("id").values_list("state", "valid_to")
    assert list(states) == [("OPERATING", LATER), ("CLOSED", LATER), ("OPERATING", None)]
    assert verified()


def test_a_sites_own_requirements_begin_and_end() -> None:
    site = make.filed()
    given: dict[str, Any] = {"actor": make.keeper(), "on": LATER}
    services.require(site, "CCTV", 0, "与村委会共用", 1, **given)
    services.require(site, "冰柜", 2 * MILLI, "生鲜代收", 2, unit="台", **given)
    held = Site.objects.get(pk=site)
    compared, _other = queries.comparison(held, make.keeper())
    codes = {row.item.code: row.item.quantity_milli for row in compared}
    assert codes["冰柜"] == 2 * MILLI
    assert "CCTV" not in codes
    services.require(site, "CCTV", None, "恢复", 3, **given)
    services.require(site, "冰柜", 0, "不再代收", 4, **given)
    codes = {row.item.code for row in queries.comparison(held, make.keeper())[0]}
    assert "CCTV" in codes
    assert "冰柜" not in codes
    assert Requirement.objects.filter(valid_to__isnull=True).count() == 0
    for item, quantity, field in (("", MILLI, "item"), ("冰柜", 0, "quantity"), ("CCTV", -1, "quantity")):
        with pytest.raises(Refusal) as refused:
            services.require(site, item, quantity, "理由", 5, **given)
        assert refused.value.field == field
    assert verified()


def test_cards_move_to_another_site_with_its_division_and_stay_whose_they_are() -> None:
    bureau, keeper = assets.party("工信局"), assets.party("王二", "PERSON")
    here, there = make.filed(), make.filed("万家寨镇站", "140932101000")
    ids = make.cards_at(here, "电脑", "货架", owner=bureau, keeper=keeper, place="一层")
    assert services.relocate(ids, Place(there, "", "二楼"), "调剂", actor=make.keeper(), on=LATER) == 2
    for card in Asset.objects.filter(pk__in=ids):
        assert (card.site_id, card.division_code, card.place) == (there, "140932101000", "二楼")
        assert (card.owner_id, card.keeper_id, card.cost_fen) == (bureau, keeper, 398000)
        entry = log.history(Ref("asset", card.pk))[-1]
        assert (entry.kind, entry.reason) == ("sites.asset.relocated", "调剂")
    services.relocate(ids[:1], Place(None, "", "三楼"), "换房间", actor=make.keeper(), on=LATER)
    assert Asset.objects.get(pk=ids[0]).place == "三楼"
    assert Asset.objects.get(pk=ids[0]).site_id == there
    assert verified()


def test_a_move_is_refused_whole_when_one_card_or_the_target_hinders_it() -> None:
    here, there = make.filed(), make.filed("万家寨镇站", "140932101000")
    nowhere = assets.site("无区划站", "")
    ids = make.cards_at(here, "电脑", "货架")
    given: dict[str, Any] = {"actor": make.keeper(), "on": LATER}
    village = make.keeper(make.VILLAGE)
    for place, actor, error in (
        (Place(nowhere), make.keeper(), Refusal),
        (Place(None), make.keeper(), Refusal),
        (Place(10**6), make.keeper(), NotFound),
        (Place(there), village, NotFound),
        (Place(here, "140932101000"), village, NotAllowed),
    ):
        with pytest.raises(error):
            services.relocate(ids, place, "调剂", actor=actor, on=LATER)
    with pytest.raises(Refusal, match="理由"):
        services.relocate(ids, Place(there), " ", **given)
    asset_services.withdraw_card(ids[1], "登记有误", actor=make.keeper(), on=LATER)
    with pytest.raises(Refusal, match="已拆分、已撤回或已处置"):
        services.relocate(ids, Place(there), "调剂", **given)
    assert Asset.objects.get(pk=ids[0]).site_id == here


def test_a_lot_is_spread_over_sites_with_the_cost_to_the_fen() -> None:
    keeper = assets.party("王二", "PERSON")
    store = make.filed("物流中心", make.TOWN)
    villages = [make.filed(f"村站{number}") for number in range(3)]
    appoint(villages[0], Duty.KEEPER, keeper, SINCE)
    lot = make.cards_at(store, "扫码枪", quantity_milli=7000, cost_fen=100_00, division_code=make.TOWN)[0]
    portions = [
        Portion(None, 2000),
        *(Portion(site, amount) for site, amount in zip(villages, (1000, 1000, 3000), strict=True)),
    ]
    ids = services.spread(lot, portions, 1, "发放到村", actor=make.keeper(), on=LATER, with_keepers=True)
    parts = list(Asset.objects.filter(pk__in=ids).order_by("pk"))
    assert [part.site_id for part in parts] == [store, *villages]
    assert [part.division_code for part in parts] == [make.TOWN, *[make.VILLAGE] * 3]
    assert sum(part.cost_fen for part in parts) == 100_00
    assert [part.quantity_milli for part in parts] == [2000, 1000, 1000, 3000]
    assert [part.keeper_id for part in parts] == [None, keeper, None, None]
    assert Asset.objects.get(pk=lot).status == "SPLIT"
    assert verified()


def test_a_lot_whose_portions_differ_stays_as_it_is() -> None:
    store, village = make.filed("物流中心", make.TOWN), make.filed()
    lot = make.cards_at(store, "扫码枪", quantity_milli=3000)[0]
    given: dict[str, Any] = {"actor": make.keeper(), "on": LATER}
    for portions, match in (
        ([Portion(None, 1000), Portion(village, 1000)], "不等于"),
        ([Portion(village, 3000)], "调整存放地点"),
        ([], "没有填写"),
    ):
        with pytest.raises(Refusal, match=match):
            services.spread(lot, portions, 1, "发放", **given)
    with pytest.raises(NotFound):
        services.spread(lot, [Portion(None, 1000), Portion(10**6, 2000)], 1, "发放", **given)
    with pytest.raises(Stale):
        services.spread(lot, [Portion(None, 1000), Portion(village, 2000)], 9, "发放", **given)
    assert Asset.objects.get(pk=lot).status == "ACTIVE"


def test_two_sites_that_are_one_are_merged_and_later_lists_mean_the_one_left() -> None:
    kept, twin = make.filed(), make.filed("窑头村电商站")
    appoint(twin, Duty.KEEPER, assets.party("王二", "PERSON"), SINCE)
    ids = make.cards_at(twin, "电脑", "货架")
    assert services.merge(twin, kept, make.version(twin), "同一处", actor=make.keeper(), on=LATER) == 2
    assert set(Asset.objects.filter(pk__in=ids).values_list("site_id", flat=True)) == {kept}
    closed = Site.objects.get(pk=twin)
    assert (closed.merged_into_id, closed.closed_on) == (kept, LATER)
    assert Profile.objects.get(pk=twin).state == State.CLOSED
    draft = SiteDraft("窑头村电商站", make.VILLAGE, "PUBLIC_SERVICE", "VILLAGE")
    assert asset_services.ensure_sites([draft], actor=make.keeper(), on=LATER) == {draft: kept}
    with pytest.raises(Refusal, match="并入"):
        services.change_state(twin, "OPERATING", LATER, "恢复", make.version(twin), actor=make.keeper(), on=LATER)
    assert verified()


def test_a_merge_that_a_card_hinders_says_so_and_changes_nothing() -> None:
    kept, twin = make.filed(), make.filed("窑头村电商站")
    ids = make.cards_at(twin, "电脑")
    asset_services.correct(ids[0], {"condition": "闲置"}, 1, "核对", actor=make.keeper(), on=LATER + timedelta(days=5))
    with pytest.raises(Refusal, match="电脑 的现状晚于变动日期"):
        services.merge(twin, kept, 1, "同一处", actor=make.keeper(), on=LATER)
    for into, match in ((twin, "自己"), (10**6, "没有这个站点")):
        with pytest.raises(Refusal, match=match):
            services.merge(twin, into, 1, "同一处", actor=make.keeper(), on=LATER)
    assert Site.objects.get(pk=twin).closed_on is None
    assert make.version(twin) == 1


def test_outside_ones_divisions_a_site_does_not_exist_and_without_the_right_nothing_is_done() -> None:
    site = make.filed()
    elsewhere = make.keeper(make.TOWN[:9])
    reader = make.keeper(rights=frozenset({"asset.view"}))
    for actor, error in ((elsewhere, NotFound), (reader, NotAllowed)):
        with pytest.raises(error):
            services.change_state(site, "SUSPENDED", LATER, "停", 1, actor=actor, on=LATER)
        with pytest.raises(error):
            services.correct(site, {}, Details(address="x"), 1, "改", actor=actor, on=LATER)
    with pytest.raises(NotFound):
        services.open_files([site], SINCE, "x", actor=elsewhere, on=DAY)
    with pytest.raises(NotAllowed):
        services.open_site(make.new(), actor=elsewhere, on=DAY)


def _refused(statement: str, values: list[Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_itself_refuses_periods_that_overlap_or_change() -> None:
    site = make.filed()
    person = assets.party("王二", "PERSON")
    appoint(site, Duty.KEEPER, person, date(2020, 3, 5))
    appoint(site, Duty.KEEPER, assets.party("李三", "PERSON"), date(2020, 4, 1))
    columns = "profile_id, duty, party_id, valid_from, valid_to, basis"
    insert = f"INSERT INTO sites_term ({columns}) VALUES (%s, %s, %s, %s, %s, '')"
    _refused(insert, [site, "KEEPER", person, "2020-03-10", "2020-03-20"])
    _refused(insert, [site, "KEEPER", person, "2020-04-05", None])
    with connection.cursor() as cursor:
        cursor.execute(insert, [site, "KEEPER", person, "2020-02-01", "2020-03-05"])
        cursor.execute(insert, [site, "OPERATOR", person, "2020-03-10", "2020-03-20"])
    state = "INSERT INTO sites_sitestate (profile_id, state, valid_from, valid_to, reason) VALUES (%s, %s, %s, %s, '')"
    _refused(state, [site, "SUSPENDED", "2020-03-10", "2020-03-12"])
    _refused("UPDATE sites_term SET party_id = party_id + 1 WHERE profile_id = %s", [site])
    _refused("UPDATE sites_term SET valid_to = '2021-01-01' WHERE valid_to IS NOT NULL", [])
    _refused("DELETE FROM sites_sitestate WHERE profile_id = %s", [site])
    _refused("DELETE FROM sites_profile WHERE site_id = %s", [site])
    _refused("UPDATE sites_profile SET latitude_micro = 1 WHERE site_id = %s", [site])


def test_a_row_edited_past_the_program_is_found() -> None:
    site = make.filed()
    assert verified()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sites_profile SET address = '改' WHERE site_id = %s", [site])
    report = evidence.verify([*asset_queries.PROTECTED, *queries.PROTECTED])
    assert [(finding.obj, finding.field) for finding in report.findings] == [(f"site_profile:{site}", "address")]


def test_the_document_in_the_log_is_the_row_and_its_children() -> None:
    site = make.filed()
    appoint(site, Duty.OPERATOR, assets.party("关河公司", "COMPANY"), SINCE)
    document = protection.document(queries.PROTECTED[0], Profile.objects.get(pk=site))
    assert log.as_of(Ref("site_profile", site), LATER) == document
    assert len(document["terms"]) == 1
