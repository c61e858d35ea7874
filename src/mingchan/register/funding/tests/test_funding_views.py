"""Pages of project money, asked for by accounts of the sample county."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Party
from mingchan.kernel.refs import Ref
from mingchan.register.funding import services
from mingchan.register.funding.models import FundUse
from mingchan.register.funding.tests.factories import ON, appropriation, fund_use, training


@pytest.fixture
def money(actor_of):
    """One appropriation and three payments, one of them a training, one without appropriation, one like a formula."""
    who = actor_of("bureau_clerk")
    services.record_appropriations([appropriation()], source=Ref("batch", 1), actor=who, on=ON)
    drafts = [
        fund_use(paid_fen=28_713_601, asset_fen=28_713_601),
        training(),
        fund_use(
            document="",
            item='=HYPERLINK("http://x")<b>',
            paid_fen=5,
            asset_fen=5,
            paid_on=date(2019, 8, 1),
            paid_precision="M",
        ),
    ]
    office = Party.objects.filter(county=who.county, kind="OFFICE").earliest("id").pk
    return services.record_fund_uses(drafts, source=Ref("batch", 1), actor=who, on=ON, spender_id=office)


@pytest.fixture
def client_of(log_in):
    """The finance bureau's client."""
    return log_in("finance")


def _text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_overview_shows_received_spent_and_left_as_links(money, client_of):
    page = _text(client_of.get(reverse("funding:overview")))
    for figure in ("15,000,000.00", "1,537,136.06", "13,462,863.94", "287,136.06", "1,250,000.00"):
        assert figure in page
    assert reverse("funding:uses") + "?part=asset" in page
    assert "勾稽有 1 处差异" in page


def test_figures_turn_into_wan_with_the_switch(money, client_of):
    client_of.cookies["money_unit"] = "wan"
    assert "1,500.00" in _text(client_of.get(reverse("funding:overview")))


def test_an_empty_county_is_told_what_to_do_first(client_of):
    assert "还没有登记资金" in _text(client_of.get(reverse("funding:overview")))
    assert "还没有登记资金" in _text(client_of.get(reverse("funding:reconciliation")))
    assert "没有资金下达记录" in _text(client_of.get(reverse("funding:appropriations")))
    assert "没有符合条件的支出" in _text(client_of.get(reverse("funding:uses")))


def test_the_list_shows_a_month_as_a_month_and_markup_as_text(money, client_of):
    page = _text(client_of.get(reverse("funding:uses")))
    assert "2019年8月<" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.split("HYPERLINK")[1][:40]


def test_a_filtered_list_says_what_narrows_it(money, client_of):
    page = _text(client_of.get(reverse("funding:uses"), {"part": "expense", "q": "培训"}))
    assert "电商培训" in page
    assert "设备采购" not in page.split("<tbody>")[1]
    assert "当前筛选条件" in page


def test_the_list_asks_the_database_as_often_for_many_as_for_few(money, client_of, django_assert_num_queries, actor_of):
    url = reverse("funding:uses")
    client_of.get(url)
    with CaptureQueriesContext(connection) as few:
        client_of.get(url)
    who = actor_of("bureau_clerk")
    services.record_fund_uses(
        [fund_use(paid_fen=n, asset_fen=n) for n in range(80)], source=Ref("batch", 2), actor=who, on=ON
    )
    with django_assert_num_queries(len(few)):
        page = _text(client_of.get(url))
    assert page.count("<tr>") == 51
    assert 'rel="next"' in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_is_what_is_seen_and_runs_nothing(money, client_of, form):
    answer = client_of.get(reverse("funding:export", args=[form]), {"part": "asset"})
    if form == "csv":
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
        assert [row[8] for row in rows] == ["支付金额", "287136.01", "0.05"]
        assert rows[2][5].startswith("'=HYPERLINK")
        assert rows[2][7] == "2019年8月"
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert [sheet.cell(row, 9).value for row in (2, 3, 4)] == ["支付金额", 287136.01, 0.05]
        assert sheet.cell(4, 6).data_type == "s"
    assert "attachment" in answer["Content-Disposition"]


def test_there_is_no_other_form_of_export(money, client_of):
    assert client_of.get(reverse("funding:export", args=["pdf"])).status_code == 404


def test_a_payment_shows_its_source_entry_and_history(money, client_of):
    first, paid = FundUse.objects.order_by("id")[:2]
    page = _text(client_of.get(reverse("funding:use", args=[first.pk])))
    for part in (
        "287,136.01",
        "资金投向",
        "batch:1",
        "登记资金支出",
        reverse("funding:appropriation", args=[first.appropriation_id]),
    ):
        assert part in page
    page = _text(client_of.get(reverse("funding:use", args=[paid.pk])))
    assert reverse("ledger:voucher", args=[paid.voucher_id]) in page
    assert client_of.get(reverse("funding:use", args=[10**9])).status_code == 404


def test_an_appropriation_shows_what_was_spent_of_it(money, client_of):
    use = FundUse.objects.earliest("id")
    page = _text(client_of.get(reverse("funding:appropriation", args=[use.appropriation_id])))
    for part in ("15,000,000.00", "1,537,136.01", "2018年9月", "中央"):
        assert part in page


def test_the_reconciliation_names_each_difference(money, client_of):
    page = _text(client_of.get(reverse("funding:reconciliation")))
    assert "没有对应文号的资金下达，已支出 0.05 元" in page
    assert page.count("相符") >= 1
    assert "有差异" in page


def test_appropriations_are_narrowed_by_source(money, client_of):
    assert "15,000,000.00" in _text(client_of.get(reverse("funding:appropriations"), {"funding": "central"}))
    assert "15,000,000.00" not in _text(client_of.get(reverse("funding:appropriations"), {"funding": "county"}))
