"""A contract from its draft to the notice through the offices' own pages, and an operator who reports on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

COUNTY = "filled"

LogIn = Callable[..., Page]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _decide(page: Page, **fields: str) -> None:
    page.get_by_label("同意", exact=True).first.check()
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="提交意见").click()


def test_a_contract_says_what_it_lacks_and_goes_its_way_to_the_notice(
    log_in: LogIn, server: str, tmp_path: Path
) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/operation/?state=DRAFT")
    page.locator("tbody a[href*='/operation/']").first.click()
    expect(page.get_by_text("未填写起止日期")).to_be_visible()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text(re.compile("合同缺少要件，不能生效：期限"))).to_be_visible()
    page.get_by_role("link", name="修改", exact=True).click()
    page.fill("[name=starts_on]", "2030-01-01")
    page.fill("[name=last_day]", "2032-12-31")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("已提交审批")).to_be_visible()
    contract = page.url
    case = page.get_by_role("link", name=re.compile("审批事项 20")).first.get_attribute("href")
    assert case

    page.context.clear_cookies()
    page = log_in("bureau_reviewer")
    page.goto(f"{server}{case}")
    minutes = tmp_path / "会议纪要.pdf"
    minutes.write_bytes(PDF)
    papers = page.locator("form", has=page.get_by_role("button", name="上传材料"))
    papers.locator("[name=code]").select_option("minutes")
    papers.locator("[name=file]").set_input_files(str(minutes))
    page.get_by_role("button", name="上传材料").click()
    _decide(page, members="7", agreed="6", against="0", abstained="1")
    page.context.clear_cookies()
    page = log_in("bureau_head")
    page.goto(f"{server}{case}")
    _decide(page, document_no="偏工信批〔2026〕1号")
    page.context.clear_cookies()
    page = log_in("county_government")
    page.goto(f"{server}{case}")
    _decide(page, document_no="偏政函〔2026〕2号")
    page.goto(contract)
    gates = page.locator(".op-gates li")
    expect(gates.nth(0)).to_have_class(re.compile("op-passed"))
    expect(gates.nth(1)).to_have_class(re.compile("op-passed"))
    expect(gates.nth(2)).not_to_have_class(re.compile("op-passed"))
    expect(gates.nth(1)).to_contain_text("偏政函〔2026〕2号")


def test_an_operator_reports_on_a_phone_after_a_return(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/operation/?watch=reported")
    page.locator("tbody a[href*='/operation/']").first.click()
    page.get_by_role("button", name="审核").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=accept]").select_option("no")
    dialog.locator("[name=answer]").fill("缺第四季度流水")
    dialog.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已退回申报")).to_be_visible()

    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 844})
    page = log_in("operator")
    page.goto(f"{server}/operation/mine/")
    expect(page.get_by_text("缺第四季度流水")).to_be_visible()
    page.get_by_role("link", name=re.compile("申报经营数据")).first.click()
    page.fill("[name=turnover]", "1085000")
    page.fill("[name=profit]", "90416.66")
    page.set_input_files("[name=paper]", files=[{"name": "流水.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    page.get_by_role("button", name="提交申报").click()
    expect(page.get_by_text("已申报，请等待县工信局审核")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_register_refuses_another_operator_without_its_case(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/operation/?state=RUNNING")
    page.locator("tbody a[href*='/operation/']").first.click()
    card = page.locator("#assets tbody a[href*='/assets/']").first.get_attribute("href")
    page.goto(f"{server}{card}correct/")
    page.fill("[name=operator]", "偏关县财政局")
    page.fill("[name=reason]", "换一个经营者")
    page.get_by_role("button", name=re.compile("保存|更正")).first.click()
    expect(page.get_by_text(re.compile("未经审批不得变更"))).to_be_visible()
