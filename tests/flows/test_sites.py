"""A station on a phone: its page is opened, a photograph taken, an asset moved there, a lot spread over villages."""

import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

COUNTY = "filled"

LogIn = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
STATION = "乾坤湾村电子商务服务站"


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def open_station(page: Page, server: str) -> None:
    """Find the station in the list by the initials of its name."""
    page.goto(f"{server}/sites/?q=qkw")
    expect(page.get_by_text("当前筛选条件").or_(page.get_by_text("qkw")).first).to_be_visible()
    fits(page)
    page.get_by_role("link", name=STATION).first.click()
    expect(page.get_by_role("heading", name=STATION)).to_be_visible()
    fits(page)


def test_a_station_is_photographed_and_receives_an_asset_on_a_phone(log_in: LogIn, server: str, tmp_path: Path) -> None:
    picture = tmp_path / "门头.jpg"
    Image.new("RGB", (1200, 900), "white").save(picture)
    page = log_in("bureau_clerk")
    page.set_viewport_size(PHONE)
    open_station(page, server)
    expect(page.get_by_text("还没有照片")).to_be_visible()
    page.set_input_files("input[name=camera]", picture)
    expect(page.get_by_text("已保存 1 张照片")).to_be_visible()
    page.locator(".mc-gallery img").scroll_into_view_if_needed()
    expect(page.locator(".mc-gallery img")).to_have_js_property("naturalWidth", 320)
    fits(page)

    page.get_by_role("link", name="应有配置").click()
    expect(page.get_by_text("缺 1").first).to_be_visible()
    page.get_by_role("link", name="移入资产").click()
    page.fill("main input[name=q]", "扫码枪 马道咀")
    page.get_by_role("button", name="查找").click()
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("select[name=site] option:checked")).to_contain_text(STATION)
    page.fill("input[name=reason]", "调剂给缺扫码枪的站点")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("td b", has_text=STATION)).to_be_visible()
    assert "csrf" not in page.url
    fits(page)
    page.get_by_role("button", name="确认调整").click()
    expect(page.get_by_text("已调整 1 张卡片的存放地点")).to_be_visible()
    expect(page.get_by_role("link", name="扫码枪").first).to_be_visible()
    page.get_by_role("link", name="扫码枪").first.click()
    expect(page.get_by_role("link", name=STATION)).to_be_visible()


def test_a_lot_is_spread_one_for_each_village_of_a_town(log_in: LogIn, server: str) -> None:
    page = log_in("bureau_clerk")
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/sites/lots/?q=笔记本电脑")
    page.get_by_role("link", name="分配", exact=True).first.click()
    page.locator("details[data-multi] summary").click()
    page.get_by_label("水泉镇").check()
    page.get_by_role("heading", name="分配到站点").click()
    page.select_option("select[name=kind]", "VILLAGE_STATION")
    page.fill("input[name=each]", "1")
    page.get_by_role("button", name="列出站点并填好数量").click()
    expect(page.locator("[data-sum-rest]")).to_have_text("0")
    stay = page.locator("input[name=q-stay]")
    before = int(stay.input_value())
    stay.fill(str(before - 1))
    expect(page.locator("[data-sum-rest]")).to_have_text("1")
    stay.fill(str(before))
    expect(page.locator("[data-sum-rest]")).to_have_text("0")
    fits(page)
    page.fill("input[name=reason]", "发放到村站点")
    page.get_by_role("button", name="分配", exact=True).click()
    expect(page.get_by_text(re.compile(r"已分配为 \d+ 张卡片"))).to_be_visible()
    expect(page.get_by_text("已拆分").first).to_be_visible()
