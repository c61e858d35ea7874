"""What assets earn, who gets it, how well they did, and how they leave: each part through its own people."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from mingchan.kernel import identity
from tests.flows.running import County

LogIn = Callable[..., Page]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PAPER = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF}
HEADS = ("乡镇", "行政村", "户编号", "姓名", "与户主关系", "证件号码", "手机号", "贫困户属性", "家庭人口", "银行卡号")


@pytest.fixture(scope="module", autouse=True)
def _filled(county: County) -> None:
    """The sample county as its offices left it."""
    county.command("demo")


@pytest.fixture
def as_role(log_in: LogIn, page: Page) -> LogIn:
    """Log in as another, from a fresh session."""

    def change(username: str) -> Page:
        page.context.clear_cookies()
        return log_in(username)

    return change


def _said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def _fen(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def test_income_is_billed_received_in_part_reminded_of_and_remitted(as_role: LogIn, server: str) -> None:
    page = as_role("bureau_clerk")
    page.goto(f"{server}/income/receivables/issue/?until=2027-12-31")
    page.locator("form[method=post]").get_by_role("button", name="开具应收").click()
    _said(page, re.compile("已开具"))

    page = as_role("cashier")
    page.goto(f"{server}/income/arrears/")
    first = page.locator("tbody tr").first
    owed = _fen(first.locator("td").nth(2).inner_text())
    name = first.locator("a").first.inner_text()
    payer = (first.locator("a").first.get_attribute("href") or "").rpartition("operator=")[2]
    page.goto(f"{server}/income/receipts/new/?payer={payer}")
    page.fill("[name=fen]", "1000")
    page.fill("[name=bank_account]", "偏关农商行（示例）")
    page.fill("[name=voucher_no]", "回单 20301（示例）")
    page.get_by_role("button", name="登记收款").click()
    _said(page, re.compile("已登记收款"))
    page.goto(f"{server}/income/arrears/")
    assert _fen(page.locator("tbody tr").first.locator("td").nth(2).inner_text()) == owed - 100_000

    page = as_role("bureau_clerk")
    page.goto(f"{server}/income/arrears/")
    with page.expect_response(lambda answer: "/reminders/" in answer.url):
        page.get_by_role("button", name="开具催缴单").first.click()
    page.goto(f"{server}/income/reminders/")
    expect(page.locator("tbody tr").first).to_contain_text(name)
    page.get_by_role("button", name="登记送达").first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=delivered_to]").fill("本人")
    dialog.get_by_role("button", name="登记送达").click()
    expect(page.locator("tbody tr").first).to_contain_text("本人")

    page = as_role("cashier")
    page.goto(f"{server}/income/remittances/")
    page.get_by_text("登记上缴", exact=True).first.click()
    sheet = page.locator("form[action='/income/remittances/new/']").first
    sheet.locator("[name=treasury_account]").fill("国库专户（示例）")
    sheet.locator("[name=voucher_no]").fill("缴款书 20302（示例）")
    sheet.get_by_role("button", name=re.compile("上缴")).last.click()
    expect(page.locator("#sent")).to_contain_text("缴款书 20302（示例）")


def _roster(tmp_path: Path) -> Path:
    """A workbook of two households of a village."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        rows = [HEADS]
        for serial in (1, 2):
            body = f"14223419650312{serial:03d}"
            number = body + identity.check_character(body)
            account = f"621793000000000{serial}"
            rows.append(
                (
                    "新关镇",
                    "马梁村",
                    f"90{serial}",
                    f"赵示{serial}",
                    "户主",
                    number,
                    f"1390000000{serial}",
                    "脱贫户",
                    "3",
                    account,
                )
            )
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)
    target = tmp_path / "名册.xlsx"
    target.write_bytes(out.getvalue())
    return target


def test_income_is_planned_decided_paid_returned_and_traced_to_the_household(
    as_role: LogIn, server: str, tmp_path: Path
) -> None:
    page = as_role("bureau_clerk")
    page.goto(f"{server}/exchange/households/")
    page.set_input_files("[name=file]", str(_roster(tmp_path)))
    page.get_by_role("button", name="上传并读取").click()
    page.get_by_role("button", name=re.compile("确认")).first.click()
    _said(page, "赵示1")
    page.goto(f"{server}/distribution/plans/new/")
    for name, words in (("holder", "^新关镇人民政府"), ("division", "^新关镇$")):
        chosen = page.locator(f"[name={name}] option").filter(has_text=re.compile(words)).first
        page.select_option(f"[name={name}]", chosen.get_attribute("value"))
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="拟定方案").click()
    _said(page, re.compile("方案已拟定"))
    page.get_by_role("button", name="提交民主决策").first.click()
    _said(page, "方案已提交民主决策")
    case = page.locator("main a[href^='/cases/']").first.get_attribute("href")
    page = as_role("bureau_head")
    page.goto(f"{server}{case}")
    expect(page.get_by_role("button", name="提交意见")).to_have_count(0)

    page = as_role("cashier")
    page.goto(f"{server}/distribution/plans/?status=FILED")
    page.locator("tbody a[href*='/plans/']").first.click()
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    plan = page.url
    page.locator("#payouts tbody a").first.click()
    page.wait_for_url(re.compile(r"/payouts/\d+/$"))
    page.get_by_role("button", name="登记退回").first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=reason]").fill("账号已注销")
    dialog.get_by_role("button", name="登记退回").click()
    _said(page, "已登记退回，这一户可以重新列入发放表")
    page.goto(plan)
    page.get_by_role("button", name=re.compile("编制")).click()
    _said(page, re.compile("发放表已编制，共 1 户"))
    page.fill("[name=proof]", "批次 0091（示例）")
    page.get_by_role("button", name="登记已发放").first.click()
    _said(page, "已登记发放 1 户")
    page.goto(f"{plan}trace/")
    _said(page, "来龙去脉")
    expect(page.locator("main")).to_contain_text("受益户")


def test_a_contract_is_evaluated_appealed_against_and_its_faults_are_put_right(as_role: LogIn, server: str) -> None:
    page = as_role("bureau_clerk")
    page.goto(f"{server}/performance/goals/?year=2027")
    page.locator("tbody a[href*='/goals/']").first.click()
    page.fill("[name=target_PARCELS]", "15000")
    page.get_by_role("button", name="保存").click()
    _said(page, "绩效目标已保存")

    page = as_role("finance")
    page.goto(f"{server}/performance/commission/?year=2024")
    firm = page.locator("[name=evaluator] option").filter(has_text="忻州诚信绩效评价").first.get_attribute("value")
    page.select_option("[name=evaluator]", firm)
    page.fill("[name=document_no]", "偏财绩〔2026〕8号（示例）")
    page.fill("[name=due_on]", "2099-12-31")
    for box in page.locator("[name=contracts]").all():
        box.uncheck()
    page.get_by_label(re.compile("物流配送中心")).first.check()
    page.get_by_role("button", name="委托评价").click()
    _said(page, "已委托 1 项评价")

    page = as_role("evaluator")
    page.goto(f"{server}/performance/?state=ASSIGNED")
    page.locator("tbody a[href*='/performance/']").first.click()
    page.wait_for_url(re.compile(r"/performance/\d+/$"))
    evaluation = page.url
    page.goto(f"{evaluation}score/")
    for box in page.locator("input[name$=_num], input[name$=_den]").all():
        box.fill("80" if (box.get_attribute("name") or "").endswith("_num") else "100")
    for box in page.locator("input[name$=_points]").all():
        box.fill("1")
    for box in page.locator("[name$=_grounds]").all():
        box.fill("现场核查记录")
    page.get_by_role("button", name="保存评分").click()
    _said(page, "评分已保存")
    page.locator("summary", has_text="登记现场核查").click()
    visit = page.locator("form[action$='/visit/']")
    visit.locator("[name=place]").fill("配送中心")
    visit.locator("[name=checked]").fill("20")
    visit.locator("[name=matching]").fill("19")
    visit.locator("[name=found]").fill("一件未贴标签")
    visit.get_by_role("button").last.click()
    _said(page, "共 1 次")
    page.locator("form[action$='/submit/'] [name=opinion]").fill("运行平稳，带动不足。")
    page.locator("form[action$='/submit/']").get_by_role("button").last.click()
    _said(page, re.compile("待财政局审核"))

    page = as_role("finance")
    page.goto(evaluation)
    page.locator("form[action$='/announce/']").get_by_role("button").last.click()
    _said(page, re.compile("听取被评价方意见"))
    page = as_role("operator")
    page.goto(evaluation)
    page.locator("form[action$='/appeal/'] [name=text]").fill("快递量漏计两个月。")
    page.locator("form[action$='/appeal/']").get_by_role("button").last.click()
    expect(page.locator("form[action$='/appeal/']")).to_have_count(0)
    page = as_role("finance")
    page.goto(evaluation)
    _said(page, "快递量漏计两个月。")
    page.select_option("form[action$='/answer/'] [name=is_upheld]", "1")
    page.locator("form[action$='/answer/'] [name=answer]").fill("属实，退回补计。")
    page.locator("form[action$='/answer/']").get_by_role("button").last.click()
    _said(page, re.compile("评分中"))

    page = as_role("operator")
    page.goto(f"{server}/performance/rectifications/?state=open")
    page.locator("tbody a[href*='/rectifications/']").first.click()
    page.wait_for_url(re.compile(r"/rectifications/\d+/$"))
    fix = page.url
    page.fill("[name=text]", "已补齐台账并恢复营业。")
    page.check("[name=is_done]")
    page.set_input_files("[name=paper]", files=[PAPER])
    page.get_by_role("button", name="提交").last.click()
    _said(page, "待复核")
    page = as_role("bureau_reviewer")
    page.goto(fix)
    page.locator("form[action$='/review/'] [name=text]").fill("现场复核属实。")
    page.locator("form[action$='/review/']").get_by_role("button").last.click()
    _said(page, "已销号")


LEAVING = """
import django; django.setup()
from datetime import timedelta
from mingchan.kernel import period
from mingchan.lifecycle.disposal.tests import factories as make
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.tests import factories as notices
from mingchan.register.assets.models import Asset
on = period.today() - timedelta(days=9)
one, other = make.cards(2, on=on)
made = make.approved(make.submitted([one], on=on), on)
notice = notices.notice_of(made.case)
notice = disclosure.publish(notice.pk, notice.version, actor=notices.actor("bureau_reviewer", on), on=on)
notices.posted(notice)
print(made.pk, notice.pk, Asset.objects.get(pk=other).code)
"""


def test_an_asset_is_proposed_then_carried_out_paid_for_and_filed(as_role: LogIn, server: str, county: County) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAVING],
        env={**county.environment, "DJANGO_SETTINGS_MODULE": "mingchan.config.settings"},
        capture_output=True, text=True, check=True, cwd=county.home,
    )  # fmt: skip
    disposal, notice, code = done.stdout.split()
    page = as_role("bureau_clerk")
    page.goto(f"{server}/disposal/propose/")
    page.fill("[name=reason]", "主板烧毁，不能修复")
    page.fill("[name=proceeds_use]", "上缴财政，用于设备更新")
    page.fill("[name=finding_by]", "县计算机服务站（示例）")
    page.fill("[name=finding_on]", "2020-06-01")
    page.fill("[name=finding]", "无修复价值")
    page.get_by_role("button", name="拟定方案").click()
    _said(page, re.compile("已拟定处置方案"))
    proposal = page.url
    page.get_by_role("button", name=re.compile("提交")).or_(
        page.get_by_role("link", name=re.compile("提交"))
    ).first.click()
    _said(page, "方案中还没有资产")
    page.goto(proposal)
    page.goto(f"{proposal}pick/?q={code}")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="加入所选").click()
    _said(page, "已加入 1 项")
    sheet = page.locator("form[action$='/attach/']")
    for paper in [one.get_attribute("value") for one in sheet.locator("[name=code] option").all()]:
        sheet.locator("[name=code]").select_option(paper)
        sheet.locator("[name=file]").set_input_files(files=[PAPER])
        sheet.get_by_role("button", name="上传材料").click()
        page.wait_for_load_state()
    page.goto(proposal)
    page.get_by_role("button", name=re.compile("提交")).first.click()
    _said(page, "审批中")
    page.goto(f"{server}/notices/{notice}/")
    page.get_by_role("button", name="办结公示").click()
    _said(page, re.compile("公示已办结"))
    page.goto(f"{server}/disposal/?state=MAY_PROCEED")
    page.goto(f"{server}/disposal/{disposal}/execute/")
    page.fill("[name=contract_no]", "回收单 0107（示例）")
    page.fill("[name=handled_by]", "县再生资源回收站（示例）")
    page.fill("[name=price]", "360.00")
    page.set_input_files("[name=file]", files=[PAPER])
    page.get_by_role("button", name="登记处置结果").click()
    _said(page, "处置结果已登记，资产已销账")

    page = as_role("accountant")
    page.goto(f"{server}/disposal/{disposal}/")
    page.locator("summary", has_text="登记收款").click()
    taken = page.locator("form[action$='/receive/']")
    taken.locator("[name=amount]").fill("360.00")
    taken.locator("[name=document_no]").fill("收据 0107（示例）")
    taken.get_by_role("button").last.click()
    page.get_by_role("button", name="结清收支").click()
    page.locator("summary", has_text="上缴").click()
    sent = page.locator("form[action$='/remit/']")
    sent.locator("[name=amount]").fill("360.00")
    sent.locator("[name=document_no]").fill("缴款书 0107（示例）")
    sent.get_by_role("button").last.click()
    expect(page.locator("#money")).to_contain_text("缴款书 0107（示例）")

    page = as_role("bureau_head")
    page.goto(f"{server}/disposal/{disposal}/")
    page.locator("main a[href^='/cases/']").first.click()
    page.get_by_label(re.compile("完成|已办|办结")).first.check()
    page.fill("[name=document_no]", "偏财资备〔2026〕9号（示例）")
    page.get_by_role("button", name=re.compile("提交")).last.click()
    expect(page.locator("main")).to_contain_text("偏财资备〔2026〕9号（示例）")
    page.goto(f"{server}/notices/?tab=drafts")
    expect(page.locator("tbody tr").first).to_contain_text("处置结果")
    assert county.command("verify", check=False).returncode == 0
