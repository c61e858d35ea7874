"""A payment entered by hand and traced to the things it bought, through the page (2.1.1, 3.1)."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect

COUNTY = "filled"

LogIn = Callable[..., Page]


def test_a_payment_is_entered_and_linked_to_the_assets_it_bought(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/funding/uses/new/")
    page.select_option("select[name=line]", label="质量安全追溯体系")
    page.fill("input[name=item]", "环境监测设备补充采购")
    page.fill("input[name=contract_no]", "HT-2020-007")
    page.select_option("select[name=funding]", value="central")
    page.fill("input[name=payee]", "忻州华联办公设备有限公司（示例）")
    page.fill("input[name=paid]", "2020-03-02")
    page.fill("input[name=paid_fen]", "80000.01")
    page.fill("input[name=asset_fen]", "80000.00")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("支付金额须等于形成资产与费用性支出之和").first).to_be_visible()
    page.fill("input[name=asset_fen]", "80000.01")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("HT-2020-007").first).to_be_visible()
    expect(page.get_by_text("还有 80,000.01 元 未关联到资产")).to_be_visible()

    page.get_by_role("link", name="关联资产").click()
    for name in ("环境监测传感器", "高清球机"):
        page.locator("tr", has_text=name).locator("input[type=checkbox]").check()
    page.locator("tr", has_text="环境监测传感器").locator("input[name^=amount_]").fill("58400")
    page.get_by_role("button", name="关联所选资产").click()
    expect(page.get_by_text("形成资产的金额已全部关联")).to_be_visible()
    expect(page.get_by_text("21,600.01")).to_be_visible()

    page.locator("tr", has_text="高清球机").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="由哪些支出形成")).to_be_visible()
    expect(page.get_by_role("link", name="环境监测设备补充采购")).to_be_visible()


def test_the_flow_of_money_is_drawn_and_leads_to_the_assets(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/tracing/flow/")
    expect(page.locator("#money-flow svg text", has_text="物流配送体系")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/tracing/flow/")
    figures = page.locator("table tbody td:last-child a").all_inner_texts()
    whole = sum(Decimal(figure.replace(",", "")) for figure in figures)
    expect(page.get_by_text(f"{whole:,}").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
