"""A phone in the field: taken along with a signal, worked without, brought back by itself or as a file, each once."""

import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.flows import phones, running
from tests.flows.errands import provider
from tests.flows.running import PASSWORD, ROOT, County

CLERK, REVIEWER = "bureau_clerk", "bureau_reviewer"


@pytest.fixture(scope="module")
def sending_out(county: County) -> County:
    """The sample county with a context that sends people out."""
    environment = {
        **county.environment,
        "DJANGO_SETTINGS_MODULE": "tests.flows.errands.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    return County(county.home, environment, county.first_passwords)


@pytest.fixture(scope="module")
def address(sending_out: County) -> Iterator[str]:
    with running.serving(sending_out) as found:
        yield found


@pytest.fixture
def home(sending_out: County) -> Path:
    """The county's folder with no events yet."""
    folder = provider.folder(sending_out.home)
    for path in folder.glob("*") if folder.exists() else ():
        path.unlink()
    return sending_out.home


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of the first asset's label."""
    return phones.film(f"https://example.test/l/{provider.LABEL}", tmp_path_factory.mktemp("film") / "label.y4m")


@pytest.fixture(scope="module")
def phone_browser(browser: Browser, camera: Path) -> Iterator[Browser]:
    """One browser with the camera; `browser` first, so that there is one playwright."""
    kind = browser.browser_type
    opened = kind.launch(
        executable_path=phones.browser_path(),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *phones.CAMERA,
              f"--use-file-for-fake-video-capture={camera}"],
    )  # fmt: skip
    yield opened
    opened.close()


@pytest.fixture
def context(phone_browser: Browser, address: str) -> Iterator[BrowserContext]:
    made = phone_browser.new_context(**phones.PHONE, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails."""
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)
    yield page
    assert not troubles, troubles


def log_in(page: Page, address: str, who: str = CLERK) -> None:
    page.goto(f"{address}/login/?next=/field/")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", name="明产外业")).to_be_visible()


def until(page: Page, expression: str) -> None:
    """Wait until the expression is true; the page's own policy forbids the browser tool's usual way."""
    limit = time.monotonic() + 20
    while not _is_true(page, expression):
        assert time.monotonic() < limit, expression
        page.wait_for_timeout(50)


def _is_true(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error:  # the page was just being loaded
        return False


def take_along(page: Page) -> None:
    """Take the errand, and wait until the program itself is kept for the way."""
    page.get_by_role("button", name="领取到手机").click()
    expect(page.get_by_role("heading", name=provider.TITLE)).to_be_visible()
    until(page, "navigator.serviceWorker.controller !== null")


def fits(page: Page) -> None:
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], width


def back_home(page: Page) -> None:
    page.evaluate("location.hash = '#/'")
    expect(page.locator("[data-unsent]")).to_be_visible()


def line(page: Page, name: str) -> None:
    page.locator("a.line", has_text=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def save(page: Page) -> None:
    page.locator("form.act").get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=provider.TITLE)).to_be_visible()


def take_picture(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^拍照")).click()
    until(page, "document.querySelector('dialog.camera video').videoWidth > 0")
    page.get_by_role("button", name="按下拍照").click()
    expect(page.locator(".photos img")).to_have_count(1)


def sent(page: Page) -> None:
    back_home(page)
    page.get_by_role("button", name="上传").click()
    expect(page.locator("[data-unsent='0']")).to_be_visible(timeout=20000)


def test_a_round_without_a_signal_comes_back_whole(
    address: str, home: Path, context: BrowserContext, phone: Page
) -> None:
    log_in(phone, address)
    take_along(phone)
    context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", name=provider.TITLE)).to_be_visible()
    fits(phone)

    phone.get_by_role("link", name="扫码", exact=True).click()
    expect(phone.get_by_role("heading", name="台式电脑")).to_be_visible(timeout=20000)
    phone.get_by_role("button", name="找到了").click()
    phone.get_by_label("状况").select_option(label="完好")
    save(phone)
    expect(phone.locator("a.line", has_text="台式电脑")).to_contain_text("已点")

    line(phone, "移动货架")
    phone.get_by_role("button", name="点数量").click()
    phone.get_by_label("点到的数量").fill("11")
    save(phone)
    expect(phone.locator("a.line", has_text="移动货架")).to_contain_text("有问题")

    line(phone, "扫码枪")
    phone.get_by_role("button", name="坏了").click()
    phone.get_by_label("坏在哪里").fill("外壳开裂")
    phone.locator("form.act").get_by_role("button", name="保存").click()
    expect(phone.get_by_text("请先拍照")).to_be_visible()
    take_picture(phone)
    save(phone)

    line(phone, "冷藏柜")
    phone.get_by_role("button", name="填检查表").click()
    phone.get_by_role("button", name="否").click()
    phone.get_by_label("箱内温度（℃）").fill("6.5")
    save(phone)

    phone.get_by_role("link", name="盘盈").click()
    phone.get_by_label("名称").fill("投影仪")
    take_picture(phone)
    save(phone)

    line(phone, "台式电脑")
    phone.get_by_role("button", name="撤销").click()
    expect(phone.locator(".gone")).to_have_count(1)
    phone.get_by_role("button", name="在别处").click()
    phone.get_by_label("现在在哪里").select_option(label="乾坤湾村电子商务服务站")
    save(phone)

    phone.get_by_role("link", name="完成", exact=True).click()
    phone.get_by_role("button", name="完成并上传").click()
    expect(phone.get_by_text("须先签名")).to_be_visible()
    box = phone.locator("canvas.pad").bounding_box()
    assert box
    phone.locator("canvas.pad").scroll_into_view_if_needed()
    box = phone.locator("canvas.pad").bounding_box() or box
    phone.mouse.move(box["x"] + 20, box["y"] + 20)
    phone.mouse.down()
    for step in range(1, 15):
        phone.mouse.move(box["x"] + 20 + step * 12, box["y"] + 20 + (step % 4) * 25)
    phone.mouse.up()
    phone.get_by_role("button", name="保存签名").click()
    expect(phone.locator(".event", has_text="董改花")).to_be_visible()
    phone.get_by_role("button", name="完成并上传").click()
    phone.locator("dialog").get_by_role("button", name="完成").click()
    expect(phone.get_by_text("已经完成")).to_be_visible()
    assert provider.events(home) == []

    context.set_offline(False)
    sent(phone)
    kept = provider.events(home)
    assert [event["seq"] for event in kept] == list(range(1, 10))
    assert [event["kind"] for event in kept] == [
        "found", "count", "damaged", "check", "surplus", "undo", "elsewhere", "signature", "finish",
    ]  # fmt: skip
    assert kept[0]["data"] == {"condition": "GOOD"}
    assert kept[1]["data"] == {"quantity": 11}
    assert kept[3]["data"] == {"checklist": "cold", "answers": {"runs": "no", "degrees": 6.5}}
    assert kept[5]["data"] == {"event": kept[0]["id"]}
    assert kept[6]["data"]["place"] == "2"
    assert len(kept[7]["data"]["strokes"][0]) > 5
    digests = [digest for event in kept for digest in event["photos"]]
    assert len(digests) == 2
    sent(phone)
    assert len(provider.events(home)) == 9


def test_a_dead_battery_loses_nothing_that_the_screen_said_was_kept(
    address: str, home: Path, camera: Path, tmp_path: Path, browser: Browser
) -> None:
    made = phones.Phone(_playwright_of(browser), tmp_path / "phone", camera)
    try:
        page = made.switch_on().new_page()
        log_in(page, address)
        take_along(page)
        page.context.set_offline(True)
        line(page, "移动货架")
        page.get_by_role("button", name="点数量").click()
        page.get_by_label("点到的数量").fill("12")
        page.locator("form.act").get_by_role("button", name="保存").click()
        expect(page.get_by_text("已存在手机上")).to_be_visible()
        made.battery_dies()

        page = made.switch_on().new_page()
        page.context.set_offline(True)
        page.goto(f"{address}/field/")
        expect(page.locator("[data-unsent='1']")).to_be_visible()
        page.get_by_role("link", name=provider.TITLE).click()
        expect(page.locator("a.line", has_text="移动货架")).to_contain_text("已点")
        page.context.set_offline(False)
        page.context.clear_cookies()
        log_in(page, address)
        sent(page)
        assert [event["data"] for event in provider.events(home)] == [{"quantity": 12}]
    finally:
        made.battery_dies()


def _playwright_of(browser: Browser) -> Any:
    """What started the browser, enough to reach a second one."""

    class Reached:
        chromium = browser.browser_type

    return Reached


def found(page: Page, name: str) -> None:
    line(page, name)
    page.get_by_role("button", name="找到了").click()
    save(page)


def test_lost_answers_and_replays_leave_each_event_once(
    address: str, home: Path, context: BrowserContext, phone: Page
) -> None:
    log_in(phone, address)
    take_along(phone)
    context.set_offline(True)
    found(phone, "扫码枪")
    line(phone, "台式电脑")
    phone.get_by_role("button", name="坏了").click()
    phone.get_by_label("坏在哪里").fill("按键失灵")
    take_picture(phone)
    save(phone)
    lost: list[str] = []
    bodies: list[Any] = []

    def lose(route: Route) -> None:
        """The county hears, the phone doesn't."""
        if route.request.method == "GET" or len(lost) > 3:
            route.continue_()
            return
        bodies.append((route.request.url, route.request.headers, route.request.post_data_buffer))
        route.fetch()
        lost.append(route.request.url)
        route.abort("connectionreset")

    context.route(re.compile(r"/field/(events|photos)/"), lose)
    context.set_offline(False)
    back_home(phone)
    for _attempt in range(5):
        phone.get_by_role("button", name="上传").click()
        phone.wait_for_timeout(700)
    expect(phone.locator("[data-unsent='0']")).to_be_visible(timeout=20000)
    assert len(lost) == 4
    assert [event["code"] for event in provider.events(home)] == ["140932-2018-000003", "140932-2018-000001"]

    for url, headers, body in reversed(bodies):
        if "/events/" in url:
            answer = context.request.post(url, headers=headers, data=body)
            assert all(one["taken"] for one in answer.json()["answers"])
    assert len(provider.events(home)) == 2


def test_a_wrong_clock_is_measured_and_reorders_nothing(
    address: str, home: Path, context: BrowserContext, phone: Page
) -> None:
    context.add_init_script(
        "const shift = -3 * 365 * 86400000; const Real = Date;"
        "window.Date = class extends Real { constructor(...parts) {"
        " if (parts.length) super(...parts); else super(Real.now() + shift); }"
        " static now() { return Real.now() + shift; } };"
    )
    log_in(phone, address)
    take_along(phone)
    found(phone, "台式电脑")
    found(phone, "扫码枪")
    sent(phone)
    first, second = provider.events(home)
    assert (first["seq"], second["seq"]) == (1, 2)
    assert all(abs(event["skew"] + 3 * 365 * 86400) < 120 for event in (first, second))
    phone.evaluate("location.hash = '#/device'")
    expect(phone.get_by_text("不影响登记")).to_be_visible()


def test_a_refused_record_says_why_and_is_done_again_or_dropped(address: str, home: Path, phone: Page) -> None:
    log_in(phone, address)
    take_along(phone)
    found(phone, "电子秤")
    back_home(phone)
    phone.get_by_role("button", name="上传").click()
    expect(phone.get_by_text("1 条被退回")).to_be_visible(timeout=20000)
    phone.get_by_role("link", name=provider.TITLE).click()
    expect(phone.locator("a.line", has_text="电子秤")).to_contain_text("还没点")
    phone.get_by_role("link", name="被退回").click()
    expect(phone.get_by_text("已经报废")).to_be_visible()
    fits(phone)
    phone.get_by_role("button", name="不要了").click()
    phone.locator("dialog").get_by_role("button", name="不要了").click()
    expect(phone.get_by_text("没有被退回的记录")).to_be_visible()
    back_home(phone)
    expect(phone.locator("[data-unsent='0']")).to_be_visible()


def test_somebody_else_who_logs_in_does_not_send_anothers_records(
    address: str, home: Path, context: BrowserContext, phone: Page
) -> None:
    log_in(phone, address)
    take_along(phone)
    worker = phone.evaluate("fetch('/field/state/').then((answer) => answer.json())")["account"]["name"]
    context.set_offline(True)
    found(phone, "台式电脑")
    context.set_offline(False)
    context.clear_cookies()
    phone.reload()
    back_home(phone)
    phone.get_by_role("link", name="登录").click()
    expect(phone.locator("input[name=password]")).to_be_visible()

    log_in(phone, address, REVIEWER)
    expect(phone.get_by_text("请本人登录后上传")).to_be_visible()
    phone.get_by_role("button", name="上传").click()
    phone.wait_for_timeout(1500)
    assert provider.events(home) == []

    context.clear_cookies()
    log_in(phone, address)
    until_kept(home, 1)
    expect(phone.locator("[data-unsent='0']")).to_be_visible(timeout=20000)
    assert [event["by"] for event in provider.events(home)] == [worker]


def test_a_capsule_and_its_result_travel_as_files(
    address: str, home: Path, context: BrowserContext, phone: Page, page: Page, tmp_path: Path
) -> None:
    log_in_desk(page, address)
    page.goto(f"{address}/field/errands/")
    with page.expect_download() as begun:
        page.get_by_role("button", name="下载").click()
    capsule = tmp_path / "capsule.json"
    begun.value.save_as(capsule)

    phone.goto(f"{address}/field/")
    until(phone, "navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    phone.reload()
    spoiled = tmp_path / "spoiled.json"
    spoiled.write_text(capsule.read_text(encoding="utf-8").replace("台式电脑", "台式电視"), encoding="utf-8")
    phone.get_by_label("打开任务包文件").set_input_files(spoiled)
    expect(phone.get_by_text("任务包不完整")).to_be_visible()
    phone.get_by_label("打开任务包文件").set_input_files(capsule)
    expect(phone.get_by_role("heading", name=provider.TITLE)).to_be_visible()
    found(phone, "台式电脑")
    line(phone, "冷藏柜")
    phone.get_by_role("button", name="报故障").click()
    phone.get_by_label("什么故障").fill("不制冷")
    take_picture(phone)
    save(phone)
    with phone.expect_download() as written:
        phone.get_by_role("button", name="导出结果文件").click()
    result = tmp_path / "result.zip"
    written.value.save_as(result)
    with zipfile.ZipFile(result) as archive:
        assert archive.testzip() is None
        assert len(json.loads(archive.read("result.json"))["events"]) == 2

    for taken, known in (("2 条记录，1 张照片", "0 条记录，0 张照片"), ("0 条记录，0 张照片", "2 条记录，1 张照片")):
        page.goto(f"{address}/field/errands/")
        page.set_input_files("input[name=file]", result)
        page.locator("form[action$='/results/']").get_by_role("button", name="上传").click()
        expect(page.locator("dl div", has_text="新收下")).to_contain_text(taken)
        expect(page.locator("dl div", has_text="以前已收下")).to_contain_text(known)
    assert len(provider.events(home)) == 2
    page.goto(f"{address}/field/arrivals/")
    expect(page.locator("tbody tr").first).to_contain_text("文件")

    context.set_offline(False)
    log_in(phone, address)
    sent(phone)
    assert len(provider.events(home)) == 2


def log_in_desk(page: Page, address: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", CLERK)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("input[name=password]")).to_have_count(0)


def test_labels_that_nobody_knows_are_claimed_or_written_down(address: str, home: Path, phone: Page) -> None:
    log_in(phone, address)
    take_along(phone)
    phone.evaluate("location.hash += '/label/' + encodeURIComponent('XQ-0042')")
    expect(phone.get_by_role("heading", name="不认识的标签")).to_be_visible()
    phone.get_by_label("查找").fill("货架")
    phone.get_by_role("button", name="移动货架").click()
    expect(phone.get_by_role("heading", name="移动货架")).to_be_visible()
    phone.go_back()
    phone.evaluate("location.hash = location.hash.replace(/\\/l.*/, '') + '/label/XQ-0042'")
    expect(phone.get_by_role("heading", name="移动货架")).to_be_visible()
    sent(phone)
    (event,) = provider.events(home)
    assert (event["kind"], event["code"], event["data"]) == ("claim", "140932-2018-000002", {"label": "XQ-0042"})


def test_a_new_version_waits_until_it_is_asked_for_and_touches_no_record(
    address: str, home: Path, context: BrowserContext, phone: Page
) -> None:
    log_in(phone, address)
    take_along(phone)
    context.set_offline(True)
    found(phone, "台式电脑")
    context.set_offline(False)
    phone.get_by_role("link", name="返回").click()
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": address}])
    phone.reload()
    assert phone.evaluate("document.documentElement.lang") == "zh-Hans"
    phone.locator(".update button").click()
    until(phone, "document.documentElement.lang === 'en'")
    phone.locator("a.card", has_text=provider.TITLE).click()
    expect(phone.locator("a.line", has_text="台式电脑")).to_be_visible()
    until_kept(home, 1)
    assert phone.evaluate("caches.keys().then((names) => names.length)") == 1


def until_kept(home: Path, count: int) -> None:
    """Wait until so many events have arrived by themselves."""
    limit = time.monotonic() + 20
    while len(provider.events(home)) < count:
        assert time.monotonic() < limit, provider.events(home)
        time.sleep(0.1)
