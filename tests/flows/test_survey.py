"""The survey, through the page: the third party hands its sheet in, the bureau settles it, and it is closed (3.2)."""

import re
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.flows.running import County
from tests.flows.test_import import confirm, hand_in

LogIn = Callable[..., Page]
HEAD = ["序号", "站点名称", "所在乡镇", "资产名称", "计量单位", "数量", "单价", "金额", "资金来源", "使用状况"]
FOUND = [
    "序号",
    "站点名称",
    "所在乡镇",
    "资产名称",
    "计量单位",
    "实盘数量",
    "核实价值",
    "使用状况",
    "盘点结果",
    "调查日期",
]
SITE, TOWN = "新关镇电商服务站", "新关镇"


def sheet(path: Path, title: str, lines: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("表")
    for row, values in enumerate([[title], ["单位：元"], *lines]):
        page.write_row(row, 0, values)
    book.close()
    return path


def decide(page: Page, decision: str, reason: str) -> None:
    page.get_by_role("radio", name=decision).check()
    page.fill("textarea[name=reason]", reason)
    page.get_by_role("button", name=re.compile("保存处理意见|确定处理")).click()
    expect(page.get_by_text("已处理").first).to_be_visible()


def test_a_survey_is_handed_in_settled_and_closed(log_in: LogIn, server: str, county: County, tmp_path: Path) -> None:
    page = log_in("bureau_clerk")
    lines = [
        [n, SITE, TOWN, name, "台", 1, 100, 100, "中央", "在用"] for n, name in enumerate(("货架", "电子秤", "冷柜"), 1)
    ]
    hand_in(page, server, sheet(tmp_path / "明细表.xlsx", "资产明细表", [HEAD, *lines]))
    confirm(page, "2020-04-15")

    page.context.clear_cookies()
    page = log_in("third_party")
    found = [
        [1, SITE, TOWN, "货架", "台", 1, 90, "在用", "", "2020-04-18"],
        [2, SITE, TOWN, "扫码枪", "台", 1, 60, "在用", "账外", "2020-04-18"],
    ]
    page.goto(f"{server}/survey/")
    page.get_by_role("link", name="导入调查表").click()
    page.set_input_files("input[type=file]", sheet(tmp_path / "调查.xlsx", "资产调查摸底表（示例）", [FOUND, *found]))
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("这是一份调查表")).to_be_visible(timeout=60_000)
    page.fill("input[name=on]", "2020-04-20")
    page.get_by_role("button", name="收下并与台账比对").click()
    page.get_by_role("link", name="查看调查和差异").click(timeout=60_000)
    expect(page.get_by_text("还有 4 条差异待处理")).to_be_visible()
    expect(page.get_by_role("button", name="办结")).to_have_count(0)
    survey = page.url

    page.context.clear_cookies()
    page = log_in("bureau_clerk")
    page.goto(f"{survey}differences/?kind=VALUE")
    page.get_by_role("link", name="货架").click()
    decide(page, "按调查更正登记", "核对发票")
    page.goto(f"{survey}differences/?kind=ONLY_REGISTER")
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="处理所选").click()
    decide(page, "列入待查", "约定五月复查")
    page.goto(f"{survey}differences/?kind=ONLY_SURVEY")
    page.get_by_role("link", name="处理筛选出的 1 条").click()
    page.select_option("select[name=funding]", "central")
    decide(page, "登记为新资产", "查到支付凭证")

    page.goto(survey)
    expect(page.get_by_text("差异已全部处理")).to_be_visible()
    page.get_by_role("button", name="办结").click()
    page.fill("textarea[name=conclusion]", "范围和类型清楚")
    page.get_by_role("button", name="办结并封存").click()
    expect(page.get_by_text("已办结，范围和类型已界定")).to_be_visible()
    expect(page.get_by_text("办结汇总").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{survey}differences/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
