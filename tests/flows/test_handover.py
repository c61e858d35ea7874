"""A handover as it is done: drafted at a desk, checked on a phone, signed by both; then the rights have moved (3.3)."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.running import PASSWORD, County

LogIn = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def cards(county: County) -> list[int]:
    """Three cards of the bureau in the town's station, registered by a process of its own."""
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import django; django.setup(); from mingchan.register.handover.tests import factories as make; "
            "make.person('董改花'); print(*make.cards(3))",
        ],
        env={**county.environment, "DJANGO_SETTINGS_MODULE": "mingchan.config.settings"},
        capture_output=True, text=True, check=True, cwd=county.home,
    )  # fmt: skip
    return [int(word) for word in done.stdout.split()]


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _draft(page: Page, server: str) -> str:
    """Choose everything in the register, draft the list, send it to be checked; answers its address."""
    page.goto(f"{server}/assets/")
    page.locator("[data-select-all]").check()
    page.get_by_role("button", name="拟定移交").click()
    page.fill("input[name=to_party]", "新关镇人民政府")
    page.fill("input[name=reason]", "项目验收合格，移交属地管理")
    page.fill("input[name=keeper]", "董改花")
    page.get_by_role("button", name="拟定清单").click()
    page.wait_for_url(re.compile(r"/handover/\d+/$"))
    page.get_by_role("button", name="送现场清点").click()
    expect(page.get_by_text("还有 3 项没有清点")).to_be_visible()
    return page.url


def _check(page: Page, address: str) -> None:
    """Tick one as it should be, one broken with a remark, one missing; decide about both."""
    page.goto(f"{address}check/?show=unticked")
    _fits(page)
    items = page.locator(".ho-item")
    expect(items).to_have_count(3)
    assert items.first.get_by_role("button", name="相符").bounding_box()["height"] >= 44  # type: ignore[index]
    items.nth(0).get_by_role("button", name="相符").click()
    expect(page.get_by_text("1 / 3")).to_be_visible()
    items.nth(1).get_by_text("数量、状况、照片、备注").click()
    items.nth(1).locator("select[name=condition]").select_option("损坏")
    items.nth(1).locator("input[name=remark]").fill("屏幕开裂")
    items.nth(1).get_by_role("button", name="不符").click()
    expect(items.nth(1).get_by_text("屏幕开裂").first).to_be_visible()
    items.nth(1).locator("input[name=note]").fill("已报修")
    items.nth(1).get_by_role("button", name="按现状接收").click()
    expect(items.nth(1).get_by_text("已报修")).to_be_visible()
    items.nth(2).get_by_role("button", name="未找到").click()
    expect(page.get_by_text("1 项未处理")).to_be_visible()
    expect(items.nth(2).get_by_role("button", name="按现状接收")).to_have_count(0)
    items.nth(2).locator("input[name=note]").fill("另行追查")
    items.nth(2).get_by_role("button", name="移出清单").click()
    expect(page.get_by_role("link", name="去签署")).to_be_visible()


def _sign(page: Page, address: str, button: str) -> None:
    page.goto(f"{address}sign/")
    _fits(page)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(re.compile(r"/handover/\d+/$"))


def _log_out(page: Page, server: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/login/")


def test_a_list_is_drafted_checked_by_phone_and_signed_by_both(
    log_in: LogIn, server: str, county: County, cards: list[int]
) -> None:
    page = log_in("bureau_clerk")
    address = _draft(page, server)
    _log_out(page, server)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    log_in("town_keeper")
    _check(page, address)
    _sign(page, address, "签署")
    expect(page.get_by_text("一方已签署")).to_be_visible()
    _log_out(page, server)
    log_in("bureau_clerk")
    _sign(page, address, "签署并移交")
    expect(page.get_by_text("双方已签署，清单办结，资产已移交")).to_be_visible()
    _fits(page)
    owners: list[Any] = []
    for card in cards:
        page.goto(f"{server}/assets/{card}/?tab=rights")
        holder = page.locator(".mc-card", has=page.get_by_role("heading", name="所有权", exact=True))
        owners.append(holder.locator("li.mc-good .mc-line-title").inner_text().split()[0])
    assert owners == ["新关镇人民政府", "新关镇人民政府", "偏关县工业和信息化局"]
    assert county.command("verify", check=False).returncode == 0
