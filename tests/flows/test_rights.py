"""Rights from the list to the certificate: clerk, reviewer and head in turn, then anybody with the paper (2.3)."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

COUNTY = "filled"

LogIn = Callable[..., Page]


def leave(page: Page, server: str) -> None:
    """End the session, so that the next person can log in."""
    page.context.clear_cookies()
    page.goto(f"{server}/login/")


def test_three_people_confirm_and_anybody_checks(log_in: LogIn, server: str, browser: Browser) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/assets/?problem=NO_SUPERVISION&division=140932102000")
    page.locator("[data-select]").first.check()
    page.locator("[data-select]").nth(1).check()
    page.get_by_role("button", name="对所选提出确权").click()
    expect(page.get_by_text("所选资产")).to_be_visible()
    page.fill("input[name=title]", "流程确权")
    page.fill("input[name=basis]", "偏政函〔2020〕9号")
    page.fill("input[name=k-SUPERVISION-party]", "偏关县财政局")
    page.fill("input[name=k-OWNERSHIP-party]", "偏关县工业和信息化局")
    page.get_by_role("button", name="草拟并核对").click()
    expect(page.get_by_role("heading", name="批准后将发生的变化")).to_be_visible()
    expect(page.get_by_text("填补悬空 2 项")).to_be_visible()
    batch = page.url
    page.get_by_role("button", name="提出审核").click()
    expect(page.get_by_text("已提出，等待审核")).to_be_visible()

    leave(page, server)
    log_in("bureau_reviewer")
    page.goto(batch)
    page.locator("[data-dialog-open=check]").click()
    page.fill("#check-reason", "账实相符")
    page.locator("#check").get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("审核通过，等待批准")).to_be_visible()

    leave(page, server)
    log_in("bureau_head")
    page.goto(batch)
    page.locator("[data-dialog-open=approve]").click()
    page.locator("#approve").get_by_role("button", name="批准").click()
    expect(page.get_by_text("已批准：2 项资产完成确权，颁发证书 2 份")).to_be_visible()
    page.get_by_role("link", name=re.compile("确证字")).first.click()
    address = page.locator(".rights-qr a").get_attribute("href")
    assert address
    assert page.locator(".rights-qr svg path").count() == 1

    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    stranger = phone.new_page()
    stranger.goto(address)
    expect(stranger.get_by_text("证书真实，现行有效")).to_be_visible()
    expect(stranger.get_by_text("偏关县财政局").or_(stranger.get_by_text("偏关县工业和信息化局")).first).to_be_visible()
    assert stranger.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    stranger.goto(address[:-2] + "1/")
    expect(stranger.get_by_text("查无此证")).to_be_visible()
    phone.close()
