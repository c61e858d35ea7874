"""The overview: every figure equals the list behind it, reads no card for a visit, shows no more than one may see."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger.models import Book
from mingchan.interfaces.web import overview_checks, overview_cuts
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import Problem
from mingchan.register.assets.drafts import CardDraft, FundingPart
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter, from_params, summing, totals
from mingchan.register.funding import services as funding
from mingchan.register.funding.drafts import FundUseDraft

ON = date(2020, 3, 15)
TOWN, VILLAGE = "140932100", "140932102200"


def _bureau():
    return Party.objects.get(kind="OFFICE", name="偏关县工业和信息化局").pk


def _drafts(owner):
    whole = CardDraft(
        name="台式计算机",
        system="PUBLIC_SERVICE",
        tier="COUNTY",
        division_code=f"{TOWN}000",
        quantity_milli=10_000,
        cost_fen=4_800_000,
        class_code="A02010105",
        place="电商中心二楼",
        acquired_on=date(2019, 6, 12),
        life_months=72,
        year=2018,
        funding="central",
        condition="在用",
        owner=owner,
        user=owner,
        operator=owner,
        keeper=owner,
    )
    lacking = CardDraft("货架", "LOGISTICS", "VILLAGE", VILLAGE, 2000, 100_01, funding="county", condition="闲置")
    shared = whole._replace(
        name="冷库",
        system="LOGISTICS",
        tier="TOWN",
        division_code="140932102000",
        cost_fen=300,
        acquired_on=date(2019, 6, 1),
        acquired_precision="M",
        funding="",
        funding_shares=(FundingPart("central", 200), FundingPart("county", 100)),
        year=2019,
        keeper=None,
        condition="损坏",
        life_months=None,
    )
    return [whole, lacking, shared, whole._replace(division_code="140932000000", cost_fen=7, class_code="")]


@pytest.fixture
def register(actor_of):
    """Four cards: one whole, one that lacks nearly all, one of two sources, one of the county itself."""
    return assets.register(
        [_drafts(_bureau())], source=Ref("batch", 1), summary="明细表", actor=actor_of("bureau_clerk"), on=ON
    )


def _figures(actor_of, role="finance"):
    return summing.figures(actor_of(role), ON)


def _behind(url, actor):
    filtered, bad = from_params(dict(parse_qsl(urlsplit(url).query)))
    assert not bad
    return totals(filtered, actor, ON)


def test_every_figure_of_every_cut_equals_the_list_behind_it(register, actor_of):
    who = actor_of("finance")
    found = summing.figures(who, ON)
    cuts = overview_cuts.cuts(who, found)
    assert [cut.id for cut in cuts] == ["by-system", "by-tier", "by-class", "by-year", "by-funding", "by-condition"]
    for cut in cuts:
        assert sum(sums.cost_fen for _label, sums, _url in cut.rows) == register.cost_fen, cut.id
        for label, sums, url in cut.rows:
            behind = _behind(url, who)
            assert (behind.count, behind.quantity_milli, behind.cost_fen) == sums[:3], (cut.id, label)


def test_every_problem_and_goal_equals_the_list_behind_it(register, actor_of):
    who = actor_of("finance")
    found = summing.figures(who, ON)
    rows = overview_cuts.problems(who, found)
    assert [str(row["name"]) for row in rows] == [str(Problem(name).label) for name in summing.MARKS]
    for row in rows:
        assert _behind(row["url"], who).count == row["sums"].cards, row["name"]
    goals = {str(goal["name"]): goal for goal in overview_cuts.goals(who, found)}
    assert {name: goal["good"] for name, goal in goals.items() if goal["known"]} == {
        "底数清晰": 2,
        "产权明晰": 0,
        "类型科学": 2,
        "责任明确": 2,
        "运行规范": 2,
    }
    assert not goals["利益联结完善"]["known"]


def test_townships_add_up_and_stand_on_the_map(register, actor_of):
    who = actor_of("finance")
    towns = overview_cuts.towns(who, summing.figures(who, ON))
    assert sum(town["sums"].cost_fen for town in towns) == register.cost_fen
    assert len([town for town in towns if town["name"].endswith(("镇", "乡"))]) == 8
    assert [(town["name"], town["sums"].cost_fen) for town in towns if town["sums"].cards] == [
        ("新关镇", 4_800_000),
        ("老营镇", 10_301),
        ("县本级", 7),
    ]
    for town in towns:
        if town["url"]:
            assert _behind(town["url"], who).cost_fen == town["sums"].cost_fen
    tiles = overview_cuts.tiles(towns)
    assert len({(tile.col, tile.row) for tile in tiles}) == len(tiles)


def test_a_township_sees_its_own_figures_only(register, actor_of):
    found = summing.figures(actor_of("town_keeper"), ON)
    assert (found.total.cards, found.total.cost_fen) == (1, 4_800_000)
    assert set(found.by_town) == {TOWN}
    assert [town["name"] for town in overview_cuts.towns(actor_of("town_keeper"), found)] == ["新关镇"]
    assert summing.figures(actor_of("village_keeper"), ON).total.cards == 0


def test_net_value_is_given_for_the_cards_that_can_have_one(register, actor_of):
    found = _figures(actor_of)
    assert (found.total.valued, found.total.net_fen) == (2, 4_133_333 + 6)


def test_shares_of_a_card_go_to_their_sources(register, actor_of):
    assert _figures(actor_of).by_source == {
        ("PUBLIC_SERVICE", "COUNTY", "central"): 4_800_007,
        ("LOGISTICS", "VILLAGE", "county"): 10_001,
        ("LOGISTICS", "TOWN", "central"): 200,
        ("LOGISTICS", "TOWN", "county"): 100,
    }


def test_the_figures_follow_each_change_of_the_register(register, actor_of):
    who = actor_of("bureau_clerk")
    before = summing.figures(who, ON).total
    assets.correct(register.first_id, {"cost_fen": 4_800_100}, 1, "发票更正", actor=who, on=ON)
    assert summing.figures(who, ON).total.cost_fen == before.cost_fen + 100
    more = assets.register([_drafts(_bureau())], source=Ref("batch", 2), summary="补登", actor=who, on=ON)
    assert summing.figures(who, ON).total.cards == before.cards + more.count
    assets.withdraw(Ref("batch", 2), "重复登记", actor=who, on=ON)
    assert summing.figures(who, ON).total.cards == before.cards


def test_net_values_move_with_the_month(register, actor_of):
    who = actor_of("finance")
    assert summing.figures(who, ON).total.net_fen > summing.figures(who, date(2020, 4, 1)).total.net_fen


def test_a_visit_reads_no_card(register, log_in, actor_of):
    client = log_in("finance")
    client.get(reverse("web:overview"))
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("web:overview"))
    assert page.status_code == 200
    assert not [query["sql"] for query in seen if "assets_asset" in query["sql"]]
    count = len(seen)
    cards = [draft._replace(code="") for draft in _drafts(_bureau()) for _copy in range(60)]
    assets.register([cards], source=Ref("batch", 3), summary="更多", actor=actor_of("bureau_clerk"), on=ON)
    client.get(reverse("web:overview"))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("web:overview"))
    assert len(seen) == count


def test_the_page_shows_its_figures_as_links(register, log_in):
    page = log_in("finance").get(reverse("web:overview")).content.decode()
    for part in ("48,103.08", "底数清晰", "新关镇", "利益联结完善", "账册相符"):
        assert part in page
    for filtered in (
        RegisterFilter(system="LOGISTICS"),
        RegisterFilter(problem="NO_KEEPER"),
        RegisterFilter(year_from=2018, year_to=2018),
    ):
        assert f"{reverse('assets:list')}?{filtered.query()}".replace("&", "&amp;") in page


def test_an_empty_county_is_led_to_its_first_import(log_in):
    page = log_in("bureau_clerk").get(reverse("web:overview")).content.decode()
    assert "还没有在册资产" in page
    assert reverse("exchange:upload") in page


def test_register_and_books_are_two_equal_figures(register, actor_of, log_in):
    rows = overview_checks.register_and_books(actor_of("finance"), ON)
    owned = [row for row in rows if row.owner_id is not None]
    assert sum(row.register_fen for row in owned) == sum(row.ledger_fen for row in owned) == register.cost_fen - 10_001
    assert [row.difference_fen for row in owned] == [0] * len(owned)
    (unowned,) = (row for row in rows if row.owner_id is None)
    assert (unowned.difference_fen, unowned.book_id) == (10_001, None)
    page = log_in("finance").get(reverse("web:overview_books")).content.decode()
    assert "无所有权人（未入账）" in page
    assert "相符" in page


def test_a_card_changed_behind_the_books_is_named(register, actor_of, log_in):
    Asset.objects.filter(pk=register.first_id).update(cost_fen=4_800_001)
    who = actor_of("bureau_clerk")
    assets.register([_drafts(None)[1:2]], source=Ref("batch", 4), summary="触发", actor=who, on=ON)
    (row,) = (row for row in overview_checks.register_and_books(who, ON) if row.book_id and row.difference_fen)
    assert row.difference_fen == 1
    found = overview_checks.card_differences(Book.objects.get(pk=row.book_id), row.six_class)
    assert [(item.asset_id, item.register_fen, item.ledger_fen) for item in found] == [
        (register.first_id, 4_800_001, 4_800_000)
    ]
    url = reverse("web:overview_difference", args=[row.book_id, row.six_class])
    page = log_in("finance").get(url).content.decode()
    assert "48,000.01" in page
    assert reverse("assets:card", args=[register.first_id]) in page


@pytest.mark.parametrize(
    ("change", "booked"), [({"status": "WITHDRAWN"}, 4_800_000), ({"owner": None}, 4_800_000)], ids=["gone", "unowned"]
)
def test_what_the_books_have_and_the_register_has_not_is_named(register, actor_of, change, booked):
    Asset.objects.filter(pk=register.first_id).update(**change)
    found = overview_checks.card_differences(Book.objects.get(owner=_bureau()), "GENERAL")
    assert [(item.asset_id, item.register_fen, item.ledger_fen) for item in found] == [(register.first_id, 0, booked)]


def test_a_card_without_entry_is_named(register):
    Asset.objects.filter(name="货架").update(owner=_bureau())
    found = overview_checks.card_differences(Book.objects.get(owner=_bureau()), "GENERAL")
    assert [(item.name, item.register_fen, item.ledger_fen) for item in found] == [("货架", 10_001, 0)]


@pytest.mark.parametrize(("book", "six_class"), [(10**9, "GENERAL"), (None, "NOTHING")])
def test_a_book_or_class_that_is_not_there_is_not_found(register, log_in, book, six_class):
    book = book or Book.objects.get(owner=_bureau()).pk
    assert log_in("finance").get(reverse("web:overview_difference", args=[book, six_class])).status_code == 404


def test_money_is_held_against_things(register, actor_of, log_in):
    line = FundUseDraft("县级公共服务中心", "central", "晋财建〔2018〕1号", "设备采购", 4_800_007, 4_800_007, 0)
    logistics = FundUseDraft("物流配送体系", "central", "晋财建〔2018〕1号", "冷库", 250, 250, 0)
    funding.record_fund_uses([line, logistics], source=Ref("batch", 9), actor=actor_of("bureau_clerk"), on=ON)
    rows = overview_checks.money_and_register(actor_of("finance"), ON)
    assert [(row.system, row.source, row.money_fen, row.register_fen, row.difference_fen) for row in rows] == [
        ("LOGISTICS", "central", 250, 200, 50),
        ("LOGISTICS", "county", 0, 10_101, -10_101),
        ("PUBLIC_SERVICE", "central", 4_800_007, 4_800_007, 0),
    ]
    client = log_in("finance")
    page = client.get(reverse("web:overview_money")).content.decode()
    assert "有 2 处差异" in page
    assert reverse("funding:uses") + "?funding=central&amp;part=asset&amp;line=" in page
    assert "钱物相符" in client.get(reverse("web:overview")).content.decode()


def test_money_pages_of_an_empty_county_say_so(log_in):
    client = log_in("finance")
    assert "还没有登记资金和资产" in client.get(reverse("web:overview_money")).content.decode()
    assert "还没有在册资产，也没有账面余额" in client.get(reverse("web:overview_books")).content.decode()
