"""The main job, through the page: an untidy workbook becomes a register equal to its truth (2.2, 3.1)."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.running import ROOT, County

SAMPLES = ROOT / "tests" / "samples"
REGISTER = next(SAMPLES.glob("*资产明细表*.xlsx"))
MONEY = next(SAMPLES.glob("*资金投向*.xlsx"))
LogIn = Callable[..., Page]


def entered(county: County, number: int) -> Any:
    """What a batch entered, read by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "mingchan.interfaces.exchange.tests.truth", str(number)],
        env={**county.environment, "DJANGO_SETTINGS_MODULE": "mingchan.config.settings"},
        capture_output=True, text=True, check=True, cwd=county.home,
    )  # fmt: skip
    return json.loads(done.stdout)


def truth(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def hand_in(page: Page, server: str, path: Path) -> int:
    """Upload a workbook, wait for its preview, and return the number of its batch."""
    page.goto(f"{server}/exchange/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并读取").click()
    page.wait_for_url(re.compile(r"/exchange/\d+/$"))
    expect(page.get_by_role("heading", name="工作表", exact=True)).to_be_visible(timeout=60_000)
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def confirm(page: Page, day: str) -> None:
    """Confirm a previewed batch and wait until it is entered."""
    page.fill("input[name=on]", day)
    page.get_by_role("button", name="确认入账").click()
    expect(page.get_by_text("登记的资产").or_(page.get_by_text("支出明细")).first).to_be_visible(timeout=120_000)


def test_the_sample_register_through_the_page_equals_its_truth(log_in: LogIn, server: str, county: County) -> None:
    page = log_in("bureau_clerk")
    number = hand_in(page, server, REGISTER)
    expect(page.get_by_text("没有发现问题").or_(page.get_by_text("没有错误")).first).to_be_visible()
    confirm(page, "2020-04-15")
    expect(page.get_by_text("5,271,768.90").first).to_be_visible()
    expected = truth("资产明细表-truth.json")["sheets"]
    found = entered(county, number)["sheets"]
    assert {name: found[name] for name in expected} == {name: sheet["records"] for name, sheet in expected.items()}


def test_the_sample_money_through_the_page_equals_its_truth(log_in: LogIn, server: str, county: County) -> None:
    page = log_in("bureau_clerk")
    number = hand_in(page, server, MONEY)
    confirm(page, "2020-04-15")
    assert entered(county, number)["items"] == truth("资金投向-truth.json")["items"]


def test_the_same_file_again_is_refused_with_its_batch(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/exchange/")
    page.set_input_files("input[type=file]", REGISTER)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("不能重复导入").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_register_found_by_two_characters_fits_the_screen(log_in: LogIn, server: str, width: int) -> None:
    page = log_in("bureau_clerk")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server}/assets/?q=货架")
    expect(page.get_by_text("货架").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
