"""The four stages and their last duty, through the page: what is missing leads to a keeper for each asset (3.1–3.4)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

COUNTY = "filled"

LogIn = Callable[..., Page]


def test_from_the_stage_to_what_is_missing_to_its_keeper(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/stages/")
    expect(page.get_by_role("heading", name="（四）明确管护监督及资产处置权")).to_be_visible()
    missing = page.locator("a[href*='/stages/missing/keeper_assigned/']").first
    expect(missing).to_be_visible()
    missing.click()
    expect(page.get_by_text(re.compile(r"\d+ 张卡片")).first).to_be_visible()
    for _town in range(4):
        page.goto(f"{server}/custody/")
        if page.get_by_text("每件在册资产都有管护责任人").count():
            break
        page.get_by_role("link", name="落实管护人").first.click()
        keeper = page.locator("#people-names option").first.get_attribute("value")
        body = page.locator("#body-names option").first.get_attribute("value")
        assert keeper
        assert body
        page.fill("input[name=person]", keeper)
        page.fill("input[name=organisation]", body)
        page.fill("input[name=basis]", "管护责任书（示例）")
        page.get_by_role("button", name="落实管护人").click()
        expect(page.get_by_text(re.compile(r"已为 \d+ 张卡片落实管护人"))).to_be_visible()
    page.goto(f"{server}/custody/")
    expect(page.get_by_text("每件在册资产都有管护责任人")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/stages/", "/stages/2020/rights/", "/custody/", "/custody/mine/"])
def test_the_pages_fit_the_screen(log_in: LogIn, server: str, path: str, width: int) -> None:
    page = log_in("town_keeper")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server}{path}")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
