"""Small workbooks for the tests of understanding, and what was understood of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter

from mingchan.interfaces.exchange.understanding.catalogue import REGISTER_FIELDS
from mingchan.interfaces.exchange.understanding.intake import WorkbookResult, read_workbook
from mingchan.interfaces.exchange.understanding.options import ReadingOptions

HEAD = ["资产名称", "计量单位", "数量", "单价", "金额", "取得日期", "资金来源"]


ROW = ["台式电脑", "台", 2, 10, 20, "2019-06-18", "中央专项"]


PLAIN = [
    "资产编号",
    "资产名称",
    "资产类别",
    "规格型号",
    "计量单位",
    "数量",
    "单价",
    "原值",
    "残值率",
    "使用月数",
    "取得日期",
    "启用日期",
    "项目名称",
    "项目年度",
    "资金来源",
    "所有权单位",
    "使用单位",
    "经营主体",
    "保管人",
    "存放地点",
    "乡镇",
    "行政村",
    "状态",
    "序列号",
    "备注",
]


def xlsx(
    path: Path,
    rows: list[list[Any]],
    merges: list[tuple[int, int, int, int, str]] | None = None,
    name: str = "资产明细",
) -> Path:
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet(name)
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(down, across, dt.datetime(value.year, value.month, value.day), day)
            elif value != "":
                sheet.write(down, across, value)
    for first_row, first, last_row, last, text in merges or []:
        sheet.merge_range(first_row, first, last_row, last, text)
    workbook.close()
    return path


def read(path: Path, **options: Any) -> WorkbookResult:
    return read_workbook(path, options=ReadingOptions(today="2026-06-30", **options))


def table(
    tmp_path: Path,
    *rows: list[Any],
    head: list[str] | None = None,
    above: list[list[Any]] | None = None,
    **options: Any,
) -> WorkbookResult:
    lines = [*(above if above is not None else [["资产明细表 单位：元"]]), head or HEAD, *rows]
    return read(xlsx(tmp_path / "表.xlsx", lines), **options)


def records(result: WorkbookResult, sheet: str = "资产明细") -> list[dict[str, Any]]:
    return [dict(zip(REGISTER_FIELDS, row, strict=True)) for row in result.rows.get(sheet, [])]


def found(result: WorkbookResult, severity: str = "error") -> list[tuple[str, int, str]]:
    return [(issue.code, issue.row, issue.column) for issue in result.issues if issue.severity == severity]


def changed(**cells: Any) -> list[Any]:
    return [
        cells.get(name, value)
        for name, value in zip(("name", "unit", "quantity", "price", "cost", "date", "funding"), ROW, strict=True)
    ]
