"""Cards on paper: what the form shows, who may print what, and that each printing is on record."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.papers.tests import reading
from mingchan.kernel.refs import Ref
from mingchan.register.assets.drafts import FundingPart
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make
from mingchan.register.assets.tests.test_pages import login

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(db: None) -> list[int]:
    make.divisions()
    bureau = make.party("偏关县工业和信息化局")
    keeper = make.party("贾堃", "PERSON", make.VILLAGE)
    done = make.register(
        [
            make.draft("冷藏库制冷机组", owner=bureau, keeper=keeper, site=make.site(), model="#read(\"/etc/passwd\")",
                       cost_fen=9_900_050, unit_price_fen=None, note="*外壳*有划痕", acquired_precision="M", funding="",
                       funding_shares=(FundingPart("CENTRAL", 9_000_000, "晋财建〔2018〕183号"),
                                       FundingPart("COUNTY", 900_050, ""))),
            make.draft("货架", owner=bureau, cost_fen=123_456),
            make.draft("展示冷库", owner=bureau, division_code=make.TOWN, tier="TOWN"),
        ]
    )  # fmt: skip
    return list(range(done.first_id, done.first_id + 3))


@pytest.fixture
def clerk(client: Client, cards: list[int]) -> Client:
    return login(client, "bureau_clerk")


def pdf(client: Client, ids: list[int]) -> bytes:
    answer = client.get("/assets/print/", {"selected": ids})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer)


def test_a_card_is_printed_with_its_fields_rights_and_funding(clerk: Client, cards: list[int]) -> None:
    (page,) = reading.pages(pdf(clerk, cards[:1]))
    code = Asset.objects.get(pk=cards[0]).code
    for text in (
        code, "冷藏库制冷机组", "¥99,000.50", "人民币玖万玖仟元伍角", "偏关县工业和信息化局", "贾堃",
        "窑头村电商服务站", "权属登记", "所有权", "全部", "90,000.00", "晋财建〔2018〕183号", "第1页共1页",
        '#read("/etc/passwd")', "*外壳*有划痕",
    ):  # fmt: skip
        assert text in page


def test_a_date_known_to_the_month_is_printed_as_a_month(clerk: Client, cards: list[int]) -> None:
    acquired = Asset.objects.get(pk=cards[0]).acquired_on
    assert acquired is not None
    (page,) = reading.pages(pdf(clerk, cards[:1]))
    assert f"取得日期{acquired.year}年{acquired.month}月投用日期" in page


def test_papers_are_chinese_whatever_the_reader_reads(clerk: Client, cards: list[int]) -> None:
    clerk.cookies["django_language"] = "en"
    (page,) = reading.pages(pdf(clerk, cards[:1]))
    assert "所有权人" in page
    assert "Ownership" not in page


def test_chosen_cards_are_printed_each_on_its_page(clerk: Client, cards: list[int]) -> None:
    pages = reading.pages(pdf(clerk, [*cards, cards[0]]))
    assert ["冷藏库" in pages[0], "货架" in pages[1], "展示冷库" in pages[2], len(pages)] == [True, True, True, 3]


def test_printing_many_takes_no_more_statements_than_printing_two(clerk: Client, cards: list[int]) -> None:
    pdf(clerk, cards[:1])
    with CaptureQueriesContext(connection) as two:
        pdf(clerk, cards[:2])
    with CaptureQueriesContext(connection) as three:
        pdf(clerk, cards)
    assert len(three) == len(two)


def test_each_printing_is_on_record(clerk: Client, cards: list[int]) -> None:
    pdf(clerk, cards[:1])
    code = Asset.objects.get(pk=cards[0]).code
    entry = evidence.history(Ref("asset", cards[0]))[-1]
    assert entry.sentence == f"打印资产卡片 1 张：{code}"
    pdf(clerk, cards)
    assert Record.objects.filter(act="assets.card.printed").count() == 2


def test_nothing_chosen_or_too_much_is_refused_and_not_recorded(clerk: Client) -> None:
    assert "没有选择卡片" in clerk.get("/assets/print/").content.decode()
    many = clerk.get("/assets/print/", {"selected": list(range(1, 202))})
    assert many.status_code == 409
    assert "一次最多打印 200 张" in many.content.decode()
    assert not Record.objects.filter(act="assets.card.printed").exists()


def test_a_card_out_of_scope_is_as_if_it_were_not_there(client: Client, cards: list[int]) -> None:
    town = login(client, "town_keeper", make.TOWN[:9])
    assert town.get("/assets/print/", {"selected": cards[:1]}).status_code == 404
    (page,) = reading.pages(pdf(town, cards))
    assert "展示冷库" in page


def test_a_character_that_cannot_be_printed_is_named_and_not_recorded(clerk: Client, cards: list[int]) -> None:
    Asset.objects.filter(pk=cards[1]).update(note="𠮷田")
    answer = clerk.get("/assets/print/", {"selected": cards})
    assert answer.status_code == 409
    assert "U+20BB7" in answer.content.decode()
    assert not Record.objects.filter(act="assets.card.printed").exists()
