"""What the tests of the import share: the sample workbooks and small ones written on the spot."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from mingchan.interfaces.exchange import services
from mingchan.interfaces.exchange.models import Batch

SAMPLES = Path(__file__).resolve().parents[5] / "tests" / "samples"
ON = date(2020, 4, 15)
HEAD = [
    "序号",
    "站点名称",
    "所在乡镇",
    "所在村",
    "资产名称",
    "规格型号",
    "计量单位",
    "数量",
    "单价（元）",
    "金额（元）",
    "资金来源",
    "购置日期",
    "所有权",
    "使用权",
    "经营权",
    "收益权",
    "责任人",
    "联系电话",
    "使用状况",
    "备注",
]
BUREAU = "偏关县工业和信息化局"


def line(number: int, name: str = "台式电脑", **fields: Any) -> list[Any]:
    """One row of a small register sheet."""
    values = {
        "site": "兴曹村电子商务服务站", "town": "楼沟乡", "village": "兴曹村", "model": "启天M415", "unit": "台",
        "quantity": 2, "price": 3980, "cost": 7960, "funding": "中央专项", "day": "2019-05-10", "owner": BUREAU,
        "user": "兴曹村电子商务服务站", "operator": "罗翠兰", "income": "楼沟乡兴曹村民委员会", "keeper": "袁爱珍",
        "phone": "13900008561", "condition": "在用", "note": "",
    } | fields  # fmt: skip
    return [number, values["site"], values["town"], values["village"], name, *list(values.values())[3:]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """`workbook(lines, name=…)`: a small register workbook with those rows."""

    def write(
        lines: list[list[Any]], name: str = "资产明细表.xlsx", title: str = "偏关县电商示范项目资产明细表"
    ) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("乡镇村级站点")
        for number, values in enumerate([[title], ["单位：元"], HEAD, *lines]):
            sheet.write_row(number, 0, values)
        book.close()
        return path

    return write


@pytest.fixture
def bring_in(actor_of: Callable[[str], Any]) -> Callable[..., Batch]:
    """`bring_in(path)`: the workbook imported by the bureau's clerk."""

    def run(path: Path, **options: Any) -> Batch:
        return services.import_file(path, actor=actor_of("bureau_clerk"), on=ON, **options)

    return run
