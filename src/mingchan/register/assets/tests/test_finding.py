"""Finding cards: by words, by filters, page after page, within what one may see, and as of a past day."""

from datetime import date

import pytest

from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> dict[str, int]:
    make.divisions()
    bureau = make.party("偏关县工业和信息化局")
    operator = make.party("山西关河电子商务有限公司", "COMPANY")
    keeper = make.party("王伟", "PERSON", make.VILLAGE)
    site = make.site()
    make.register(
        [
            make.draft("办公电脑", owner=bureau, operator=operator, keeper=keeper, site=site, model="联想 启天M415"),
            make.draft("展示冷库", owner=bureau, cost_fen=9900000, division_code=make.TOWN, tier="TOWN",
                       serial_no="SN-2020-77",
                       acquired_on=date(2019, 9, 1), acquired_precision="M", condition="闲置", system="LOGISTICS"),
            make.draft("冷藏库房货架", cost_fen=50000, acquired_on=None, class_code="", condition="损坏", year=2019),
            make.draft("电动三轮车", user=operator, cost_fen=50000, place="县物流中心P2.5库", system="LOGISTICS"),
        ]
    )  # fmt: skip
    return {"bureau": bureau, "operator": operator, "keeper": keeper, "site": site}


def names(filter: RegisterFilter, actor=None, sort: str = "code") -> list[str]:  # noqa: A002
    return [row.name for row in queries.rows(filter, actor or make.clerk(), sort).rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("冷库", ["展示冷库"]),
        ("王伟", ["办公电脑"]),
        ("bgdn", ["办公电脑"]),
        ("BGD", ["办公电脑"]),
        ("m415", ["办公电脑"]),
        ("Ｍ４１５", ["办公电脑"]),
        ("天m4", ["办公电脑"]),
        ("415", ["办公电脑"]),
        ("p2.5", ["电动三轮车"]),
        ("车", ["电动三轮车"]),
        ("000002", ["展示冷库"]),
        ("140932-2018-000002", ["展示冷库"]),
        ("0002", ["展示冷库"]),
        ("新关", ["展示冷库"]),
        ("万家寨镇", ["办公电脑", "冷藏库房货架", "电动三轮车"]),
        ("窑头村电商", ["办公电脑"]),
        ("关河 三轮", ["电动三轮车"]),
        ("冷库 王伟", []),
        ("库房冷藏", []),
        ("sn-2020-77", ["展示冷库"]),
        ("%", []),
    ],
)
def test_every_word_is_found_wherever_it_stands(county: dict[str, int], text: str, found: list[str]) -> None:
    assert sorted(names(RegisterFilter(text=text))) == sorted(found)


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({"system": "LOGISTICS"}, ["展示冷库", "电动三轮车"]),
        ({"tier": "TOWN"}, ["展示冷库"]),
        ({"division": "140932101"}, ["办公电脑", "冷藏库房货架", "电动三轮车"]),
        ({"division": "140932101000"}, ["办公电脑", "冷藏库房货架", "电动三轮车"]),
        ({"division": "140932000000"}, ["办公电脑", "展示冷库", "冷藏库房货架", "电动三轮车"]),
        ({"division": make.TOWN}, ["展示冷库"]),
        ({"class_prefix": "A0201"}, ["办公电脑", "展示冷库", "电动三轮车"]),
        ({"class_prefix": "A"}, ["办公电脑", "展示冷库", "电动三轮车"]),
        ({"cost_from": 60000, "cost_to": 398000}, ["办公电脑"]),
        ({"acquired_from": date(2019, 6, 1)}, ["展示冷库"]),
        ({"year_from": 2019}, ["冷藏库房货架"]),
        ({"problem": "NO_KEEPER"}, ["展示冷库", "冷藏库房货架", "电动三轮车"]),
        ({"problem": "NO_CLASS"}, ["冷藏库房货架"]),
        ({"problem": "NO_DATE"}, ["冷藏库房货架"]),
        ({"problem": "COARSE_DATE"}, ["展示冷库"]),
        ({"problem": "DAMAGED"}, ["冷藏库房货架"]),
        ({"problem": "IDLE"}, ["展示冷库"]),
        ({"source": "batch:1"}, ["办公电脑", "展示冷库", "冷藏库房货架", "电动三轮车"]),
        ({"source": "batch:2"}, []),
    ],
)
def test_filters_narrow_the_list(county: dict[str, int], filter: dict, found: list[str]) -> None:  # noqa: A002
    asked = RegisterFilter(**filter)
    assert sorted(names(asked)) == sorted(found)
    assert queries.from_params(asked.params()) == (asked, [])
    assert queries.count(asked, make.clerk()) == len(found) == queries.totals(asked, make.clerk(), make.DAY).count


def test_unreadable_parameters_are_named_and_left_out() -> None:
    asked, bad = queries.from_params({"system": "MARS", "cost_from": "1,000.5", "owner": "x", "as_of": "2020-13-01"})
    assert (asked.cost_from, sorted(bad)) == (100050, ["as_of", "owner", "system"])


def test_an_operator_sees_what_it_runs_or_uses_and_a_town_its_own(county: dict[str, int]) -> None:
    operator = make.clerk(rights=frozenset({"asset.view"}), party=county["operator"])
    assert names(RegisterFilter(), operator) == ["办公电脑", "电动三轮车"]
    assert names(RegisterFilter(text="冷库"), operator) == []
    assert names(RegisterFilter(), make.clerk("140932100")) == ["展示冷库"]
    assert names(RegisterFilter(), make.clerk("140933")) == []
    assert names(RegisterFilter(), make.clerk(rights=frozenset({"ledger.view"}))) == []
    assert queries.totals(RegisterFilter(), make.clerk("140932100"), make.DAY).cost_fen == 9900000


@pytest.mark.parametrize("as_of", [None, date(2020, 12, 31)], ids=["today", "a past day"])
@pytest.mark.parametrize("of", [13, 10_001], ids=["few", "many"])
@pytest.mark.parametrize("sort", list(queries.SORTS))
def test_pages_follow_each_other_both_ways_and_miss_nothing(
    county: dict[str, int], sort: str, of: int, as_of: date | None
) -> None:
    """Few cards are sorted, many are walked in order: both ways give the same pages."""
    asked = RegisterFilter(as_of=as_of)
    make.register(
        [
            make.draft(f"椅{n}", cost_fen=n % 3, acquired_on=None if n % 2 else date(2020, 1, 1 + n % 2))
            for n in range(9)
        ]
    )
    actor, whole = make.clerk(), queries.rows(asked, make.clerk(), sort, limit=100).rows
    assert len(whole) == 13
    pages, place = [], None
    while True:
        page = queries.rows(asked, actor, sort, after=place, limit=3, of=of)
        pages.append(page)
        place = page.next and queries.Place.parse(str(page.next))
        if place is None:
            break
    assert [row for page in pages for row in page.rows] == whole
    back = queries.rows(asked, actor, sort, before=pages[-1].previous, limit=3, of=of)
    assert (back.rows, back.previous is not None) == (pages[-2].rows, True)
    start = queries.rows(asked, actor, sort, before=pages[1].previous, limit=3, of=of)
    assert (start.rows, start.previous) == (pages[0].rows, None)


def test_the_list_of_a_past_day_shows_the_cards_of_that_day(county: dict[str, int]) -> None:
    card = Asset.objects.get(name="办公电脑")
    assets.correct(card.pk, {"name": "旧电脑", "cost_fen": 1}, 1, "核对实物", actor=make.clerk(), on=date(2020, 4, 1))
    then = RegisterFilter(as_of=date(2020, 3, 31))
    assert names(then) == ["办公电脑", "展示冷库", "电动三轮车", "冷藏库房货架"]
    assert names(then, sort="-cost") == ["展示冷库", "办公电脑", "电动三轮车", "冷藏库房货架"]
    assert names(then.but(text="电脑"))[0] == "办公电脑"
    assert queries.totals(then, make.clerk(), make.DAY).cost_fen == 398000 + 9900000 + 100000
    assert names(RegisterFilter(as_of=date(2020, 4, 1)))[0] == "旧电脑" == names(RegisterFilter())[0]
    assert names(RegisterFilter(as_of=date(2020, 3, 9))) == []


def test_a_page_takes_as_many_statements_for_ten_rows_as_for_a_thousand(
    county: dict[str, int], django_assert_num_queries
) -> None:
    def page() -> None:
        found = queries.rows(RegisterFilter(), make.clerk(), "cost", limit=1000).rows
        queries.names_of(found)

    with django_assert_num_queries(4):
        page()
    make.register([make.draft(f"椅{n}", owner=county["bureau"], site=county["site"]) for n in range(1000)])
    with django_assert_num_queries(4):
        page()


def test_totals_give_the_net_value_of_the_day_for_the_cards_that_can_have_one(county: dict[str, int]) -> None:
    """Half of a life of ten months is charged in the fifth month; a card without a date has no net value."""
    make.register(
        [
            make.draft("展台", cost_fen=1_000_000, acquired_on=date(2020, 1, 5), life_months=10),
            make.draft("无日期", cost_fen=70, acquired_on=None, life_months=10),
        ]
    )
    found = queries.totals(RegisterFilter(text="展台"), make.clerk(), date(2020, 5, 1))
    assert (found.count, found.cost_fen, found.valued, found.net_fen) == (1, 1_000_000, 1, 500_000)
    then = queries.totals(RegisterFilter(text="展台", as_of=date(2020, 12, 31)), make.clerk(), date(2020, 5, 1))
    assert (then.valued, then.net_fen) == (1, 0)
    undated = queries.totals(RegisterFilter(text="无日期"), make.clerk(), date(2020, 5, 1))
    assert (undated.count, undated.valued, undated.net_fen) == (1, 0, 0)
