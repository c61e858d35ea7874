"""A due is issued, part of it comes in, the rest is claimed from the bank's statement; all of it agrees (2.5a)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.running import County

LogIn = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def _register(county: County) -> None:
    """The county's contracts and their income."""
    county.command("demo")


def test_arrears_are_paid_in_part_and_the_rest_is_claimed_from_a_statement(log_in: LogIn, server: str) -> None:
    page = log_in("cashier")
    page.goto(f"{server}/income/receivables/?state=OVERDUE&sort=due")
    row = page.locator("tbody tr").first
    number = row.locator("td").first.inner_text().strip()
    row.locator("td a").first.click()
    expect(page.get_by_role("heading", name=number, exact=True)).to_be_visible()
    page.get_by_role("link", name="登记收款").click()

    page.fill("input[name=fen]", "100.50")
    page.fill("input[name=bank_account]", "偏关农商行收益专户")
    page.fill("input[name=voucher_no]", "PZ-1")
    page.get_by_role("button", name="登记收款", exact=True).click()
    expect(page.get_by_text("冲减的应收").first).to_be_visible()
    page.locator("#entries").get_by_role("link", name=number).click()
    expect(page.locator("#entries").get_by_text("100.50")).to_be_visible()
    operator = page.locator("dd a").nth(1).inner_text()

    page.goto(f"{server}/income/statement/")
    content = f"日期,流水号,金额,对方户名\n2021-01-05,LS-1,88.00,{operator}\n2021-01-05,LS-2,5.00,某人\n"
    page.fill("input[name=bank_account]", "偏关农商行收益专户")
    page.set_input_files("input[type=file]", {"name": "对账单.csv", "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="读入", exact=True).click()
    expect(page.get_by_text("已读入 2 行")).to_be_visible()
    expect(page.get_by_text("建议：户名相同")).to_be_visible()
    page.locator("tr", has_text="LS-1").get_by_role("button", name="确认登记").click()
    expect(page.get_by_text("已登记收款").first).to_be_visible()
    page.locator("tr", has_text="LS-2").get_by_role("button", name="非本业务").click()
    page.locator("dialog[open] input[name=reason]").fill("个人汇错")
    page.locator("dialog[open]").get_by_role("button", name="确定").click()
    expect(page.get_by_text("没有待认领的到账")).to_be_visible()

    page.goto(f"{server}/income/reconciliation/")
    expect(page.get_by_text("账账相符").first).to_be_visible()


def test_the_pages_fit_a_phone(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_head")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "receivables/", "receipts/", "arrears/", "yields/", "settlements/2021/", "reconciliation/"):
        page.goto(f"{server}/income/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
