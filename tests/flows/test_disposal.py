"""A scrapping in the browser: proposed from the register and frozen; once published, carried out and paid over.

Between the two lies a notice of seven days, which has a journey of its own: the second plan was published ten days ago.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.running import County

LogIn = Callable[..., Page]
PDF: Any = {
    "name": "材料.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}  # fmt: skip
MADE = """
import django; django.setup()
from datetime import timedelta
from mingchan.kernel.period import today
from mingchan.lifecycle.disposal.tests import factories as make
on = today() - timedelta(days=10)
published = make.may_proceed(make.cards(1), on=on)
print(published.pk, *make.cards(2))
"""


@pytest.fixture(scope="module")
def made(county: County) -> list[int]:
    """A disposal that may be carried out, and two free cards, made by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MADE],
        env={**county.environment, "DJANGO_SETTINGS_MODULE": "mingchan.config.settings"},
        capture_output=True, text=True, check=False, cwd=county.home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


def _propose(page: Page, server: str, cards: list[int]) -> None:
    page.goto(f"{server}/disposal/propose/?selected={cards[0]}&selected={cards[1]}")
    page.select_option("select[name=kind]", "SCRAP")
    page.fill("textarea[name=reason]", "主板烧毁")
    page.fill("input[name=proceeds_use]", "上缴财政")
    page.fill("input[name=finding_by]", "县计算机服务站")
    page.fill("input[name=finding_on]", "2020-03-10")
    page.fill("textarea[name=finding]", "不能修复")
    page.get_by_role("button", name="拟定方案").click()
    page.wait_for_url(re.compile(r"/disposal/\d+/$"))
    for code in ("plan", "decision", "title", "technical"):
        page.select_option("select[name=code]", code)
        page.set_input_files("input[name=file]", PDF)
        page.get_by_role("button", name="上传材料").click()
        expect(page.get_by_text("材料已上传")).to_be_visible()
    page.get_by_role("button", name="提交联审").click()
    expect(page.get_by_text("已提交联审，资产已冻结")).to_be_visible()
    page.goto(f"{server}/assets/{cards[0]}/")
    expect(page.get_by_text("卡片已冻结")).to_be_visible()


def _money(page: Page, summary: str, amount: str, number: str, button: str) -> None:
    page.locator("summary", has_text=summary).click()
    form = page.locator("details[open] form").first
    form.locator("input[name=amount]").fill(amount)
    form.locator("input[name=document_no]").fill(number)
    form.get_by_role("button", name=button).click()


def test_a_scrapping_goes_from_proposal_to_the_treasury(
    log_in: LogIn, server: str, county: County, made: list[int]
) -> None:
    page = log_in("bureau_clerk")
    _propose(page, server, made[1:])
    address = f"{server}/disposal/{made[0]}/"
    page.goto(address)
    expect(page.get_by_text("审批和公示已结束，可以实施处置")).to_be_visible()
    page.get_by_role("link", name="登记处置结果").click()
    page.fill("input[name=handled_by]", "回收站")
    page.fill("input[name=contract_no]", "回收1号")
    page.fill("input[name=price]", "300")
    page.set_input_files("input[name=file]", PDF)
    page.get_by_role("button", name="登记处置结果").click()
    expect(page.get_by_text("处置结果已登记，资产已销账")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{server}/login/")
    log_in("accountant")
    page.goto(address)
    _money(page, "登记收款", "300", "收1", "登记收款")
    expect(page.get_by_text("收款已登记")).to_be_visible()
    page.get_by_role("button", name="结清收支").click()
    expect(page.get_by_text("收支已结清")).to_be_visible()
    _money(page, "登记上缴财政", "300", "缴1", "登记上缴")
    expect(page.get_by_text("上缴已登记")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    assert county.command("verify", check=False).returncode == 0
