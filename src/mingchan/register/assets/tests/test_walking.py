"""Walking the list by its own links, and asking it for anything at all: every card once, and never a failure."""

import html
import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.register.assets import queries
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter, choosing, from_params
from mingchan.register.assets.tests import factories as make
from mingchan.register.assets.tests.test_pages import login
from mingchan.register.assets.views import listing

pytestmark = pytest.mark.django_db
FILTERS = tuple(field for field in RegisterFilter.__dataclass_fields__ if field != "text")
ODD = (
    "a02", "A1B", "A", "Z", "Z9", "A99", "999999999", "A020101059", "Ａ０２", "", " ", "%", "'", '"', "\x00", "\\",
    "-1", "+1", "1_0", "１２", "²", "NaN", "1e9", "9" * 30, "0", "2020-13-01", "0001-01-01", "9999-12-31", "20200101",
    ",", ",,140932", "140932101000,140932100000", "140932101201,140932101000", "1,2", "*", "(", "冷", "冷库 OR", "拼",
    "a", "ﷺ", "İ", "𠮷", "null",
)  # fmt: skip
"""Values that somebody or something may put into an address."""


@pytest.fixture
def clerk(client: Client, db: None) -> Client:
    make.divisions()
    return login(client, "bureau_clerk")


def stock() -> set[str]:
    """Thirteen cards with every kind of neighbour: equal values, no date, several days."""
    make.register(
        [
            make.draft(f"椅{n}", cost_fen=n % 3, year=2018 + n % 2, acquired_precision="DMY"[n % 3],
                       acquired_on=None if n % 3 == 0 else date(2019, 1, 1 + n % 2))
            for n in range(13)
        ]
    )  # fmt: skip
    return set(Asset.objects.values_list("code", flat=True))


def page(client: Client, address: str) -> tuple[list[str], dict[str, str]]:
    """The numbers of the cards on a page, and its links by their relation."""
    text = client.get(address).content.decode()
    links = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', text))
    codes = re.findall(r"140932-\d{4}-\d{6}", text.partition("<tbody>")[2].partition("</tbody>")[0])
    return codes, {rel: "/assets/" + html.unescape(link) for rel, link in links.items()}


@pytest.mark.parametrize("as_of", ["", "&as_of=2020-03-10"])
@pytest.mark.parametrize("sort", list(queries.SORTS))
def test_the_links_lead_to_the_last_page_and_back_and_show_every_card_once(
    clerk: Client, monkeypatch: pytest.MonkeyPatch, sort: str, as_of: str
) -> None:
    monkeypatch.setattr(listing, "PAGE", 5)
    codes = stock()
    forth, address = [], f"/assets/?sort={sort}&system=PUBLIC_SERVICE{as_of}"
    while address:
        assert len(forth) < 4
        found, links = page(clerk, address)
        forth.append(found)
        last, address = links, links.get("next", "")
    assert [len(found) for found in forth] == [5, 5, 3]
    seen = [code for found in forth for code in found]
    assert (len(seen), set(seen)) == (13, codes)
    back, links = [forth[-1]], last
    while address := links.get("prev", ""):
        assert len(back) < 4
        found, links = page(clerk, address)
        back.append(found)
    assert back == forth[::-1]


@pytest.mark.parametrize("name", [*FILTERS, "q"])
def test_no_odd_value_of_a_filter_breaks_what_is_asked(db: None, name: str) -> None:
    make.divisions()
    make.register([make.draft()])
    actor = make.clerk()
    for odd in ODD:
        asked, bad = from_params({name: odd})
        assert set(bad) <= {"text" if name == "q" else name}
        assert queries.count(asked, actor) == len(queries.rows(asked, actor, "-cost").rows)
        assert queries.totals(asked, actor, make.DAY).count == sum(
            figure.count for figure in queries.figures(asked, actor)
        )
        assert from_params(asked.params()) == (asked, [])


@pytest.mark.parametrize("address", ["/assets/", "/assets/totals/", "/assets/ledger/"])
def test_no_odd_value_of_an_address_breaks_a_page(clerk: Client, address: str) -> None:
    make.register([make.draft()])
    for odd in ("a02", "A1B", "\x00", "９", "9" * 30, "0001-01-01", "'"):
        asked = urlencode(dict.fromkeys((*FILTERS, "q", "sort", "after", "before"), odd))
        assert clerk.get(f"{address}?{asked}").status_code == 200, odd


@pytest.mark.parametrize("sort", list(queries.SORTS))
def test_a_page_that_begins_nowhere_is_the_first_one(db: None, sort: str) -> None:
    make.divisions()
    make.register([make.draft()])
    for odd in ODD:
        for text in (odd, f"1.{odd}", f"{odd}.1"):
            place = queries.Place.parse(text)
            for end in ({"after": place}, {"before": place}):
                assert len(queries.rows(RegisterFilter(), make.clerk(), sort, **end).rows) <= 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from([*FILTERS, "q"]), value=st.text(max_size=12) | st.integers().map(str))
def test_any_text_is_read_or_named_as_unreadable(db: None, name: str, value: str) -> None:
    asked, bad = from_params({name: value})
    assert bad in ([], [name])
    assert queries.rows(asked, make.clerk()).rows == []
    assert queries.totals(asked, make.clerk(), make.DAY).count == 0


@pytest.mark.parametrize(
    ("typed", "read", "found"), [("a02", "A02", 2), ("A9", "A9", 1), ("A", "A", 3), ("2", "2", 1), ("A1B", "", 4)]
)
def test_a_class_is_asked_for_by_the_beginning_of_its_code(db: None, typed: str, read: str, found: int) -> None:
    make.divisions()
    make.register([make.draft(class_code=code) for code in ("A02010105", "A02999999", "A99000000", "2010104")])
    asked, bad = from_params({"class_prefix": typed})
    assert (asked.class_prefix, bad) == (read, [] if read else ["class_prefix"])
    assert queries.count(asked, make.clerk()) == found


def test_a_page_names_the_class_it_could_not_read(clerk: Client) -> None:
    assert "分类代码" in clerk.get("/assets/?class_prefix=A1B").content.decode().partition("已忽略")[2][:60]


@pytest.fixture
def places(db: None) -> dict[str, int]:
    make.divisions()
    keeper = make.party("潘爱珍", "PERSON", make.VILLAGE)
    user = make.party("窑头村股份经济合作社", "COLLECTIVE", make.VILLAGE)
    make.register(
        [
            make.draft("村里的", keeper=keeper, place="老供销社院内"),
            make.draft("镇上的", division_code="140932101000", user=user),
            make.draft("新关的", division_code=make.TOWN, place="文化广场"),
        ]
    )
    return {"keeper": keeper, "user": user}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"division": "140932101000"}, {"村里的", "镇上的"}),
        ({"division": make.VILLAGE}, {"村里的"}),
        ({"division": f"{make.VILLAGE},{make.TOWN}"}, {"村里的", "新关的"}),
        ({"division": f"140932101000,{make.VILLAGE}"}, {"村里的", "镇上的"}),
        ({"division": f"140932000000,{make.VILLAGE}"}, {"村里的", "镇上的", "新关的"}),
        ({"division": f"140932101000,{make.TOWN}"}, {"村里的", "镇上的", "新关的"}),
        ({"keeper_name": "爱珍"}, {"村里的"}),
        ({"keeper_name": "zzz"}, set()),
        ({"user_name": "股份"}, {"镇上的"}),
        ({"user_name": "潘"}, set()),
        ({"q": "paz"}, {"村里的"}),
        ({"q": "wjz"}, {"村里的", "镇上的"}),
        ({"q": "ytc"}, {"村里的", "镇上的"}),
        ({"q": "xgz"}, {"新关的"}),
        ({"q": "gxs"}, {"村里的"}),
        ({"q": "whgc"}, {"新关的"}),
    ],
)
def test_cards_are_found_by_place_user_and_keeper(places: dict[str, int], params: dict, found: set[str]) -> None:
    asked, bad = from_params(params)
    assert bad == []
    assert {row.name for row in queries.rows(asked, make.clerk()).rows} == found
    assert queries.count(asked, make.clerk()) == queries.totals(asked, make.clerk(), make.DAY).count == len(found)


def test_several_places_stay_chosen_in_every_link(client: Client, places: dict[str, int]) -> None:
    clerk = login(client, "bureau_clerk")
    text = html.unescape(
        clerk.get(f"/assets/?division={make.VILLAGE}&division={make.TOWN}&tier=VILLAGE").content.decode()
    )
    assert "已选 2 项" in text
    assert f"division={make.VILLAGE}&division={make.TOWN}" in text.partition('class="mc-chips"')[2]
    assert text.count(" checked") == 2
    assert "窑头村、新关镇" in text
    assert "村里的" in text.partition("<tbody>")[2]
    assert "镇上的" not in text.partition("<tbody>")[2]


def test_the_tree_of_places_ends_where_the_actors_own_does(places: dict[str, int]) -> None:
    whole = choosing.tree(make.clerk())
    assert [(branch["label"], [town["label"] for town in branch["children"]]) for branch in whole] == [
        ("偏关县", ["新关镇", "万家寨镇"])
    ]
    assert [village["label"] for village in whole[0]["children"][1]["children"]] == ["窑头村"]
    assert [branch["label"] for branch in choosing.tree(make.clerk("140932100"))] == ["新关镇"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("a", "“a”只有一个字母或数字"), ("冷", "单个汉字只在资产名称"), ("冷库 7", "“7”只有一个字母或数字"), ("冷库", "")],
)
def test_the_page_says_how_short_words_are_searched(clerk: Client, text: str, words: str) -> None:
    shown = clerk.get(f"/assets/?q={text}").content.decode()
    assert words in shown
    assert ("至少" in shown) is bool(words)
