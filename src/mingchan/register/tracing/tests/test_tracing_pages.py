"""Pages of tracing: what they show, what they change, and how many statements a list takes."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.kernel.refs import Ref
from mingchan.register.assets.tests import factories as cards
from mingchan.register.tracing import queries, services
from mingchan.register.tracing.drafts import Part
from mingchan.register.tracing.models import PaymentShare
from mingchan.register.tracing.queries import CardFilter
from mingchan.register.tracing.tests.factories import DAY, clerk, own, pay


@pytest.fixture
def money(sample_county) -> dict[str, list[int]]:
    """Two payments and two cards that fit them, half of it linked."""
    uses = [pay(fen=70_00), pay("第2批货架", 30_00)]
    keys = own(50_00, 50_00)
    services.link(uses[0], [Part(keys[0], 50_00)], source=Ref("account", 1), actor=clerk(), on=DAY, reason="按清单")
    return {"uses": uses, "cards": keys}


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_payment_shows_its_assets_and_the_asset_its_payments(money, log_in) -> None:
    client = log_in("bureau_clerk")
    page = text(client.get(reverse("funding:use", args=[money["uses"][0]])))
    assert "还有 20.00 元 未关联到资产" in page
    assert reverse("assets:card", args=[money["cards"][0]]) in page
    page = text(client.get(reverse("assets:card", args=[money["cards"][0]]) + "?tab=tracing"))
    for part in ("物流配送设备", "按清单", "50.00", reverse("funding:use", args=[money["uses"][0]])):
        assert part in page


def test_assets_are_ticked_on_the_page_and_taken_back_with_a_reason(money, log_in) -> None:
    client = log_in("bureau_clerk")
    use, card = money["uses"][1], money["cards"][1]
    address = reverse("tracing:link", args=[use])
    assert "货架1" in text(client.get(address))
    assert "请至少选择一项资产" in client.post(address, {}).content.decode()
    answer = client.post(address, {"selected": [card], f"amount_{card}": "30.001"})
    assert answer.status_code == 422
    answer = client.post(address, {"selected": [card], f"amount_{card}": "51"})
    assert answer.status_code == 409
    assert not PaymentShare.objects.filter(use=use).exists()
    assert client.post(address, {"selected": [card], "reason": "第3页"}).status_code == 302
    share = PaymentShare.objects.get(use=use)
    assert (share.amount_fen, share.reason) == (30_00, "第3页")
    client.post(reverse("tracing:unlink", args=[share.pk]), {"reason": ""})
    share.refresh_from_db()
    assert share.valid_to is None
    client.post(reverse("tracing:unlink", args=[share.pk]), {"reason": "点错了"})
    share.refresh_from_db()
    assert share.taken_back == "点错了"
    assert "点错了" in text(client.get(reverse("funding:use", args=[use])))


def test_proposals_are_accepted_in_bulk(money, log_in) -> None:
    client = log_in("bureau_clerk")
    page = text(client.get(reverse("tracing:proposals")))
    marks = [part.split('"')[0] for part in page.split('name="selected" value="')[1:]]
    assert len(marks) == 2
    assert client.post(reverse("tracing:proposals"), {"selected": ["1:no"]}).status_code == 422
    wrong = marks[0].partition(":")[0] + ":" + "0" * 16
    assert client.post(reverse("tracing:proposals"), {"selected": [wrong]}).status_code == 409
    assert client.post(reverse("tracing:proposals"), {"selected": marks}).status_code == 302
    assert sum(PaymentShare.objects.values_list("amount_fen", flat=True)) == 100_00
    assert "没有可建议的关联" in text(client.get(reverse("tracing:proposals")))


def test_the_reconciliation_names_each_difference_and_leads_to_it(money, log_in) -> None:
    client = log_in("finance")
    for group in ("source", "project", "line", "year"):
        page = text(client.get(reverse("funding:reconciliation"), {"by": group}))
        assert "资产价值与资金构成" in page
        for use in money["uses"]:
            assert reverse("funding:use", args=[use]) in page
    page = text(client.get(reverse("tracing:payments")))
    assert ("20.00" in page, "30.00" in page) == (True, True)
    page = text(client.get(reverse("tracing:cards")))
    assert "货架1" in page
    assert "货架0" not in page
    assert "货架0" in text(client.get(reverse("tracing:cards"), {"all": "1"}))


def test_a_payment_from_another_source_than_the_card_says_is_seen(money, log_in) -> None:
    use = pay("县级资金", 10_00, funding="county", document="")
    services.link(use, [Part(money["cards"][1], 10_00)], source=Ref("account", 1), actor=clerk(), on=DAY)
    assert [row.id for row in queries.mismatched(clerk())] == [money["cards"][1]]
    assert "货架1" in text(log_in("finance").get(reverse("tracing:cards"), {"problem": "source"}))


def test_every_difference_is_in_the_workbook(money, log_in) -> None:
    answer = log_in("finance").get(reverse("tracing:export"))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["按资金来源", "按项目", "按子项目", "按年度", "支出差异", "资产差异", "来源不符"]
    rows = list(book["支出差异"].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[7]) for row in rows] == [("物流配送设备", 20), ("第2批货架", 30)]
    sheet = book["按资金来源"]
    found = {sheet.cell(2, column).value: sheet.cell(3, column).value for column in range(1, 12)}
    assert (found["支出"], found["支出已关联"], found["资产未关联"]) == (100, 50, 50)


def test_the_flow_sums_to_the_register_and_every_figure_leads_to_its_assets(money, log_in) -> None:
    client = log_in("bureau_clerk")
    page = text(client.get(reverse("tracing:flow")))
    assert '"kind": "flow"' in page.replace("&#34;", '"').replace('"kind":"flow"', '"kind": "flow"')
    flows = queries.flows(clerk(), DAY)
    assert sum(row.cost_fen for row in flows) == 100_00
    (row,) = flows
    listed = f"{reverse('assets:list')}?funding=central&amp;system=LOGISTICS&amp;division={row.town}"
    assert listed in page
    client.cookies["money_unit"] = "wan"
    assert "0.01" in text(client.get(reverse("tracing:flow")))


@pytest.mark.parametrize("route", ["tracing:payments", "tracing:cards", "tracing:proposals", "funding:reconciliation"])
def test_a_long_list_takes_as_many_statements_as_a_short_one(money, log_in, route: str) -> None:
    client = log_in("bureau_clerk")
    client.get(reverse(route))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(route))
    for n in range(30):
        pay(f"批次{n}", 10_00, paid_on=date(2019, 1, n % 28 + 1))
    own(*[7_00] * 60)
    client.get(reverse(route))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(route))
    assert len(many) == len(few)


def test_pages_follow_each_other_by_key(money) -> None:
    keys = own(*[7_00] * 120)
    seen: list[int] = []
    after = None
    while True:
        rows, after = queries.card_rows(CardFilter(), clerk(), after=after)
        seen += [row.id for row in rows]
        if after is None:
            break
    assert seen == [money["cards"][1], *keys]


def test_a_town_sees_the_links_of_its_assets_but_not_payments_of_the_county(money) -> None:
    from mingchan.register.assets.models import Asset

    town = clerk(cards.TOWN[:9])
    shares, hidden = queries.shares_of_asset(Asset.objects.get(pk=money["cards"][0]), town)
    assert (shares, hidden) == ([], 1)
