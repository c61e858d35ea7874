"""A villager with a phone: finds the village, objects, reports and follows up, with and without scripts (4.3)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.running import County

COUNTY = "filled"

MOST_BYTES = 150_000
PAGES = (
    "/portal/", "/portal/p/140932000000/", "/portal/p/140932100000/", "/portal/p/140932105201/", "/portal/search/?q=村",
    "/portal/a/140932-2018-000123", "/portal/a/XX-1", "/portal/notices/", "/portal/answers/", "/portal/report/",
    "/portal/follow/", "/portal/plan/", "/portal/phones/", "/portal/certificate/",
)  # fmt: skip
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] > 0.99) return found;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest(".trap, .skip, noscript, svg, option, optgroup")) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) poor.push(`${element.tagName} ${element.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
NAMELESS = """() => [...document.querySelectorAll("input, select, textarea, button, a")].filter((element) =>
  element.type !== "hidden" && !(element.labels && element.labels.length) && !element.getAttribute("aria-label")
  && !element.textContent.trim()).map((element) => element.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module", autouse=True)
def _filled(county: County) -> None:
    """The public figures of the county."""
    assert "cards" in county.command("portal").stdout


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone without scripts."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_a_villager_finds_reports_and_follows(plain: Page, server: str) -> None:
    plain.goto(f"{server}/portal/")
    plain.fill("input[name=q]", "马道咀")
    plain.get_by_role("button", name="查找").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("马道咀村")
    expect(plain.get_by_text("谁在管").first).to_be_visible()
    plain.get_by_role("link", name="反映这里的问题").click()
    expect(plain.locator("select[name=division]")).to_have_value("140932105201")
    plain.get_by_label("资产损坏、丢失").check()
    plain.fill("textarea[name=text]", "站点的货架倒了，没有人扶")
    plain.fill("input[name=contact]", "13900001111")
    plain.get_by_role("button", name="提交").click()
    expect(plain.get_by_role("alert")).to_contain_text("再点提交")
    expect(plain.locator("textarea[name=text]")).to_have_value("站点的货架倒了，没有人扶")
    plain.wait_for_timeout(15_500)
    plain.get_by_role("button", name="提交").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("已收到您的反映")
    number, code = plain.inner_text("#number"), plain.inner_text("#code")
    plain.get_by_role("link", name="查办理进度").click()
    plain.fill("input[name=number]", number.lower())
    plain.fill("input[name=code]", code)
    plain.get_by_role("button", name="查看").click()
    expect(plain.get_by_text("待受理")).to_be_visible()
    expect(plain.get_by_text("13900001111")).to_have_count(0)


def test_without_scripts_a_villager_objects_to_a_notice(plain: Page, server: str) -> None:
    plain.goto(f"{server}/portal/notices/")
    plain.locator("section[aria-labelledby=running] h3 a").first.click()
    title = plain.get_by_role("heading", level=1).inner_text()
    plain.get_by_role("link", name="我有异议").click()
    expect(plain.get_by_text(title).first).to_be_visible()
    plain.fill("textarea[name=text]", "这批设备还能用，不应当处置")
    plain.wait_for_timeout(15_500)
    plain.get_by_role("button", name="提交异议").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("已收到您的异议")
    number, code = plain.inner_text("#number"), plain.inner_text("#code")
    plain.goto(f"{server}/portal/follow/")
    plain.fill("input[name=number]", number)
    plain.fill("input[name=code]", code)
    plain.get_by_role("button", name="查看").click()
    expect(plain.get_by_text("这批设备还能用")).to_be_visible()
    plain.get_by_role("link", name=title).click()
    expect(plain.get_by_text(number)).to_be_visible()
    expect(plain.get_by_text("这批设备还能用")).to_have_count(0)


def test_with_scripts_the_browser_works_a_little_and_nobody_waits(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/portal/a/140932-2018-000123")
    page.get_by_role("link", name="反映这件资产的问题").click()
    page.fill("textarea[name=text]", "电脑一直没有开过机")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您的反映")
    assert page.context.cookies() == []


def test_the_office_answers_and_the_portal_shows_it(page: Page, server: str, log_in: object) -> None:
    page.goto(f"{server}/portal/answers/")
    expect(page.get_by_text("设备重新启用")).to_be_visible()
    log_in("town_keeper")  # type: ignore[operator]
    page.goto(f"{server}/complaints/?state=ACCEPTED")
    page.get_by_role("link", name=re.compile(r"^FY\d{4}-\d{5}")).first.click()
    page.fill("textarea[name=finding]", "到站点看过，情况属实")
    page.get_by_role("button", name="记录核查情况").click()
    page.fill("textarea[name=answer]", "已报修，预计三天内修好。")
    page.get_by_label("在公示平台公开这份答复").check()
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text("已办理。")).to_be_visible()
    page.goto(f"{server}/portal/answers/")
    expect(page.get_by_text("预计三天内修好")).to_be_visible()


def test_english_is_one_link_away(plain: Page, server: str) -> None:
    plain.goto(f"{server}/portal/plan/")
    plain.get_by_role("link", name="English").click()
    expect(plain.get_by_text("Public things must not lie idle")).to_be_visible()
    assert plain.url.endswith("/portal/plan/")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_narrow_and_readable(browser: Browser, server: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    session, received = context.new_cdp_session(page), []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(f"{server}{path}")
    page.wait_for_load_state("networkidle")
    assert len(received) >= 2
    assert sum(received) < MOST_BYTES, f"{path}: {sum(received)} bytes"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(NAMELESS) == []
    assert page.locator("h1").count() == page.locator("main").count() == 1
    assert page.locator("nav[aria-label]").count() >= 1
    page.emulate_media(media="print")
    expect(page.locator("nav.nav")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    context.close()
