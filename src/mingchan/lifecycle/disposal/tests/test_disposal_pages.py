"""Pages of disposal: what they show, to whom, and that forms do what they say."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.kernel.period import today
from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.models import Disposal, MoneyEntry
from mingchan.lifecycle.disposal.tests import factories as make
from mingchan.register.assets.models import Asset

pytestmark = pytest.mark.usefixtures("sample_county")


def upload(name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.PDF, content_type="application/pdf")


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def at(name: str, disposal: Disposal) -> str:
    return reverse(f"disposal:{name}", args=[disposal.pk])


def test_a_proposal_is_made_from_chosen_cards_and_submitted_with_its_papers(log_in: Any) -> None:
    client = log_in("bureau_clerk")
    ids = make.cards(3)
    shown = text(client.get(reverse("disposal:propose"), {"selected": ids}))
    assert "已选 3 项资产" in shown
    assert "拆解回收 → 销账" in shown
    form = {
        "selected": ids, "kind": "SCRAP", "reason": "坏了", "proceeds_use": "上缴财政", "finding_by": "服务站",
        "finding_on": "2020-03-10", "finding": "不能修复",
    }  # fmt: skip
    answer = client.post(reverse("disposal:propose"), form)
    made = Disposal.objects.get()
    assert answer.url == at("detail", made)
    shown = text(client.get(at("detail", made)))
    assert "还缺少材料：资产处置方案、单位集体研究会议纪要、资产权属或购置凭证、技术鉴定意见" in shown
    client.post(at("submit", made))
    assert make.fresh(made).state == "DRAFT"
    for code in ("plan", "decision", "title", "technical"):
        client.post(at("attach", made), {"code": code, "file": upload()})
    client.post(at("submit", made))
    assert make.fresh(made).state == "REVIEW"
    card = text(client.get(reverse("assets:card", args=[ids[0]])))
    assert "卡片已冻结" in card
    assert at("detail", made) in card
    assert reverse("assets:correct", args=[ids[0]]) not in card


def test_everything_that_a_filter_finds_goes_on_the_list(log_in: Any) -> None:
    client = log_in("bureau_clerk")
    make.cards(3)
    form = {"all": "1", "condition": "停用", "kind": "DAMAGE", "reason": "丢失"}
    client.post(reverse("disposal:propose"), form)
    assert Disposal.objects.get().count == 3


def test_a_refusal_stands_beside_its_field_and_nothing_is_lost(log_in: Any) -> None:
    client = log_in("bureau_clerk")
    form = {"kind": "MONETARY", "reason": "债务人注销", "amount": "12.345"}
    shown = text(client.post(reverse("disposal:propose"), form), 422)
    assert "最多两位小数" in shown
    assert "债务人注销" in shown


def test_reviewers_see_the_list_the_papers_and_every_warning(log_in: Any) -> None:
    make.submitted(make.cards(2, cost_fen=6_000_000))
    made = make.submitted(make.cards(2, cost_fen=7_000_000))
    client = log_in("finance")
    case = text(client.get(reverse("procedures:case", args=[made.case_id])))
    assert "疑似拆分处置" in case
    assert "技术鉴定意见" in case
    assert "偏处置〔2020〕0001号" in case
    assert "疑似拆分" in text(client.get(reverse("disposal:list")))


def test_a_sale_is_carried_out_and_paid_for_on_its_pages(log_in: Any) -> None:
    made = make.may_proceed(make.cards(1, cost_fen=1_000_000), "SALE", on=today())
    client = log_in("bureau_clerk")
    assert "成交价不低于 9,000.00 元" in text(client.get(at("execute", made)))
    form = {"other_party": "某公司", "contract_no": "合同1号", "price": "8,999.99", "version": made.version}
    assert "须先报县政府再批复" in text(client.post(at("execute", made), {**form, "file": upload()}), 409)
    assert client.post(at("execute", made), {**form, "price": "9,500"}).status_code == 422, "a paper is asked for"
    answer = client.post(at("execute", made), {**form, "price": "9,500", "file": upload()})
    assert answer.status_code == 302
    assert Asset.objects.get().status == "DISPOSED"
    client = log_in("accountant")
    money = {"amount": "9500", "document_no": "收1", "moved_on": str(make.fresh(made).executed_on)}
    client.post(at("receive", made), money)
    client.post(at("pay", made), {**money, "kind": "COST", "amount": "100", "document_no": "费1"})
    client.post(at("close", made))
    client.post(at("remit", made), {**money, "amount": "9,400.00", "document_no": "缴1"})
    assert list(MoneyEntry.objects.values_list("kind", "amount_fen")) == [
        ("RECEIVED", 950_000), ("COST", 10_000), ("REMITTED", 940_000),
    ]  # fmt: skip
    shown = text(client.get(at("detail", made)))
    assert "缴1" in shown
    assert "应缴未缴" in shown
    assert "没有这个" not in shown


def test_the_papers_are_printed(log_in: Any) -> None:
    made = make.executed(make.may_proceed(make.cards(2)))
    client = log_in("bureau_clerk")
    for name in ("application", "filing"):
        answer = client.get(at(name, made))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    draft = make.drafted(make.cards(1))
    assert client.get(at("filing", draft)).status_code == 409


def test_the_asset_page_shows_its_disposal_and_the_list_counts_by_state(log_in: Any) -> None:
    ids = make.cards(1)
    made = make.executed(make.may_proceed(ids))
    client = log_in("audit")
    assert made.number in text(client.get(reverse("assets:card", args=ids) + "?tab=rights"))
    shown = text(client.get(reverse("disposal:list"), {"state": "EXECUTED"}))
    assert made.number in shown
    assert made.number not in text(client.get(reverse("disposal:list"), {"state": "running"}))
    assert made.number in text(client.get(reverse("disposal:list"), {"q": "0001"}))


def test_the_list_takes_the_same_statements_however_long(log_in: Any) -> None:
    client = log_in("audit")
    clerk = make.actor("bureau_clerk")
    services.draft([], make.head("SCRAP"), actor=clerk, on=make.DAY)
    client.get(reverse("disposal:list"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("disposal:list"))
    for _n in range(8):
        services.draft([], make.head("SCRAP"), actor=clerk, on=make.DAY)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("disposal:list"))
    assert len(many) == len(few)


def test_the_page_of_another_county_or_town_is_not_there(log_in: Any) -> None:
    made = make.drafted(make.cards(1))
    assert log_in("bureau_clerk").get(reverse("disposal:detail", args=[made.pk + 99])).status_code == 404
    assert log_in("town_keeper").get(at("detail", made)).status_code == 403
