"""A matter is published, hangs on the board, is objected to, answered, and goes on (2.4.2c, 3.4.3a, 3.4.3b)."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mingchan.oversight.disclosure.tests import factories
from tests.flows.running import County

LogIn = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
PREPARED = """
import django; django.setup()
from datetime import timedelta
from mingchan.kernel import period
from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.tests import factories as make
on = period.today() - timedelta(days=9)
case = make.waiting_case(on, division=make.TOWN)
notice = make.notice_of(case)
services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer", on), on=on)
objection, _receipt = make.object_to(notice, on + timedelta(days=3))
print(case.pk, notice.pk, objection.pk)
"""


@pytest.fixture(scope="module")
def held(county: County) -> tuple[int, int, int]:
    """A case whose notice ran out yesterday, with an objection that somebody raised in time."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARED],
        env={**county.environment, "DJANGO_SETTINGS_MODULE": "mingchan.config.settings"},
        capture_output=True, text=True, check=True, cwd=county.home,
    )  # fmt: skip
    case, notice, objection = (int(word) for word in done.stdout.split())
    return case, notice, objection


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _log_out(page: Page, server: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/login/")


def test_a_clerk_drafts_and_masks_and_another_publishes(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.goto(f"{server}/notices/new/")
    page.select_option("select[name=kind]", "DISTRIBUTION_RESULT")
    page.fill("input[name=title]", "收益分配结果公示")
    page.fill("textarea[name=text]", "现将收益分配结果予以公示。")
    page.fill("textarea[name=table]", "户主｜金额（元）\n张小三｜500.00")
    page.get_by_role("button", name="保存公示稿").click()
    expect(page.get_by_text("还有个人信息，不能发布")).to_be_visible()
    page.get_by_role("button", name="按规则遮盖").click()
    expect(page.get_by_text("请由另一人核对后发布")).to_be_visible()
    expect(page.get_by_role("link", name="核对并发布")).to_have_count(0)
    to = page.url
    _log_out(page, server)
    log_in("bureau_reviewer")
    page.goto(to)
    page.get_by_role("link", name="核对并发布").click()
    expect(page.locator(".di-paper")).to_contain_text("张*三")
    page.get_by_role("button", name="发布公示").click()
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    expect(page.get_by_role("heading", name=re.compile("偏公示〔"))).to_be_visible()
    expect(page.get_by_role("link", name="修改")).to_have_count(0)
    expect(page.get_by_role("button", name="办结公示")).to_have_count(0)


def test_an_objection_holds_a_case_until_it_is_answered(
    log_in: LogIn, server: str, held: tuple[int, int, int], county: County, tmp_path: Path
) -> None:
    case, notice, objection = held
    photo = tmp_path / "board.jpg"
    photo.write_bytes(factories.photo().content)
    page = log_in("town_keeper")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(f"{server}/notices/{notice}/")
    _fits(page)
    page.get_by_role("link", name="拍照留证").first.click()
    page.set_input_files("input[name=photo]", str(photo))
    _fits(page)
    page.get_by_role("button", name="提交留证").click()
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    expect(page.locator(".di-proof img")).to_be_visible()
    _log_out(page, server)
    log_in("bureau_clerk")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server}/notices/{notice}/")
    page.get_by_role("link", name="拍照留证").first.click()
    page.get_by_text("不能拍照？写明原因").click()
    page.fill("input[name=reason]", "县级公开栏正在修缮")
    page.get_by_role("button", name="提交留证").click()
    expect(page.get_by_text("有 1 件异议没有答复，答复前不能办结")).to_be_visible()
    expect(page.get_by_role("button", name="办结公示")).to_have_count(0)
    page.goto(f"{server}/cases/{case}/")
    expect(page.get_by_text("异议未答复")).to_be_visible()
    _log_out(page, server)
    log_in("bureau_reviewer")
    page.goto(f"{server}/notices/objections/{objection}/")
    page.get_by_role("button", name="受理", exact=True).click()
    page.fill("form[action$='/note/'] textarea[name=text]", "到站点看过，设备已坏。")
    page.get_by_role("button", name="保存记录").click()
    page.get_by_label("不成立").check()
    page.fill("form[action$='/answer/'] textarea[name=text]", "经现场核查，设备主板损坏，不能修复。")
    page.get_by_role("button", name="答复并公开").click()
    expect(page.get_by_text("异议已答复，答复随公示公开。")).to_be_visible()
    _log_out(page, server)
    log_in("bureau_clerk")
    page.goto(f"{server}/notices/{notice}/")
    page.get_by_role("button", name="办结公示").click()
    expect(page.get_by_text("无异议或异议不成立").first).to_be_visible()
    page.goto(f"{server}/cases/{case}/")
    expect(page.get_by_text("已同意").first).to_be_visible()
    assert county.command("verify", check=False).returncode == 0
