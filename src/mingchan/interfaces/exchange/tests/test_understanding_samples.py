"""The county's two sample workbooks are understood exactly: every record, every field, every figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mingchan.interfaces.exchange.understanding.catalogue import APPROPRIATION_FIELDS, FUND_USE_FIELDS, REGISTER_FIELDS
from mingchan.interfaces.exchange.understanding.intake import WorkbookResult, read_workbook
from mingchan.interfaces.exchange.understanding.options import ReadingOptions

SAMPLES = Path(__file__).resolve().parents[5] / "tests" / "samples"
REGISTER_BOOK = SAMPLES / "偏关县电商示范项目资产明细表（2018年度）.xlsx"
FUND_BOOK = SAMPLES / "扶贫资金投向使用明细表.xlsx"
SHEETS = ("县级公共服务中心", "物流配送体系", "乡镇村级站点", "质量安全追溯体系")
TRUTH_NAMES = {
    "site": "site",
    "village": "village",
    "name": "name",
    "model": "model",
    "unit": "unit",
    "unit_price_fen": "unit_price_fen",
    "amount_fen": "cost_fen",
    "source": "funding",
    "date": "acquired_on",
    "owner": "owner",
    "user": "user",
    "operator": "operator",
    "income": "income_holder",
    "custodian": "keeper",
    "phone": "phone",
    "status": "condition",
}


@pytest.fixture(scope="module")
def register() -> WorkbookResult:
    return read_workbook(REGISTER_BOOK, options=ReadingOptions(today="2026-06-30"))


@pytest.fixture(scope="module")
def funds() -> WorkbookResult:
    return read_workbook(FUND_BOOK, options=ReadingOptions(today="2026-06-30"))


def truth(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def named(result: WorkbookResult, sheet: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return [dict(zip(fields, row, strict=True)) for row in result.rows[sheet]]


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_record_and_field_of_a_register_sheet_equals_the_truth(register: WorkbookResult, sheet: str) -> None:
    expected = truth("资产明细表-truth.json")["sheets"][sheet]
    rows = named(register, sheet, REGISTER_FIELDS)
    assert len(rows) == expected["rows"]
    for row, record in zip(rows, expected["records"], strict=True):
        assert {mine: row[mine] for mine in TRUTH_NAMES.values()} == {
            mine: record[theirs] for theirs, mine in TRUTH_NAMES.items()
        }
        assert row["quantity_milli"] == record["quantity"] * 1000
    summary = register.summary.sheet(sheet)
    assert summary.sums == {"quantity_milli": expected["quantity"] * 1000, "cost_fen": expected["amount_fen"]}
    assert summary.stated_agree is True


def test_the_sample_register_has_no_error_and_its_summary_sheet_agrees(register: WorkbookResult) -> None:
    assert [issue for issue in register.issues if issue.severity != "info"] == []
    overview = register.summary.sheet("汇总表")
    assert overview.kind == "summary"
    assert len(overview.compared) == 15
    assert all(line.agrees for line in overview.compared)
    assert register.summary.sheet("填表说明").kind == "notes"


def test_system_and_tier_follow_the_sheet_and_the_site(register: WorkbookResult) -> None:
    seen = {
        sheet: {
            (row["system"], row["tier"], row["village"] is not None) for row in named(register, sheet, REGISTER_FIELDS)
        }
        for sheet in SHEETS
    }
    assert seen == {
        "县级公共服务中心": {("PUBLIC_SERVICE", "COUNTY", False)},
        "物流配送体系": {("LOGISTICS", "COUNTY", False)},
        "乡镇村级站点": {("PUBLIC_SERVICE", "TOWN", False), ("PUBLIC_SERVICE", "VILLAGE", True)},
        "质量安全追溯体系": {("TRACEABILITY", "COUNTY", False)},
    }


def test_head_lines_units_and_office_are_taken_from_each_sheet(register: WorkbookResult) -> None:
    logistics = register.summary.sheet("物流配送体系")
    assert (logistics.unit, logistics.office, logistics.reported_on) == ("万元", "偏关县工业和信息化局", "2020-03-10")
    assert logistics.header_rows == (3, 4)
    assert logistics.title == "偏关县电子商务进农村综合示范项目资产明细表（县乡村三级物流配送体系）"
    mapped = {column.letter: (column.heading, column.field) for column in logistics.columns}
    assert mapped["I"] == ("资产信息/单价（万元）", "unit_price")
    assert mapped["Q"] == ("管护/责任人", "keeper")
    assert len({register.summary.sheet(sheet).shape for sheet in SHEETS}) == 1


def test_original_text_is_kept_where_the_value_differs_and_ditto_columns_are_named(register: WorkbookResult) -> None:
    second = named(register, "县级公共服务中心", REGISTER_FIELDS)[1]
    assert second["originals"] == {
        "B": "",
        "C": "",
        "D": "",
        "H": "２",
        "J": "￥125600",
        "L": "2019/10/30",
        "M": "偏关县工业和信息化局 ",
        "N": "同上",
        "O": "同上",
        "P": "同上",
        "Q": "〃",
        "R": "〃",
    }
    assert second["ditto"] == ["B", "C", "D", "N", "O", "P", "Q", "R"]
    assert (second["row"], second["cost_fen"], second["year"]) == (6, 12_560_000, 2018)


def test_a_month_without_a_day_has_month_precision(register: WorkbookResult) -> None:
    precisions: dict[str, int] = {}
    for sheet in SHEETS:
        for row in named(register, sheet, REGISTER_FIELDS):
            precisions[row["acquired_precision"]] = precisions.get(row["acquired_precision"], 0) + 1
            if row["acquired_precision"] == "M":
                assert row["acquired_on"].endswith("-01")
    assert set(precisions) == {"D", "M"}
    assert sum(precisions.values()) == 1122


def test_fund_use_equals_the_truth_item_by_item(funds: WorkbookResult) -> None:
    expected = truth("资金投向-truth.json")
    rows = named(funds, "资金投向", FUND_USE_FIELDS)
    items = [
        {
            "line": row["line"],
            "source": row["funding"],
            "paid_fen": row["paid_fen"],
            "asset_fen": row["asset_fen"],
            "expense_fen": row["expense_fen"],
        }
        for row in rows
    ]
    assert items == expected["items"]
    for source, spent in expected["spent_fen"].items():
        assert sum(row["paid_fen"] for row in rows if row["funding"] == source) == spent
    assert funds.summary.sheet("资金投向").stated_agree is True
    assert funds.issues == []


def test_money_received_equals_the_truth_by_source(funds: WorkbookResult) -> None:
    rows = named(funds, "资金下达", APPROPRIATION_FIELDS)
    assert {row["funding"]: row["amount_fen"] for row in rows} == truth("资金投向-truth.json")["received_fen"]
    assert [(row["issued_on"], row["issued_precision"]) for row in rows] == [("2018-09-01", "M"), ("2019-03-15", "D")]


def test_rows_can_be_taken_in_batches_without_being_collected() -> None:
    taken: list[tuple[str, str, int]] = []
    stages: set[str] = set()
    result = read_workbook(
        REGISTER_BOOK,
        options=ReadingOptions(today="2026-06-30"),
        on_rows=lambda sheet, kind, rows: taken.append((sheet, kind, len(rows))),
        on_progress=lambda frame: stages.add(frame["stage"]),
    )
    assert sum(count for _, _, count in taken) == 1122
    assert {kind for _, kind, _ in taken} == {"register"}
    assert result.rows == {}
    assert stages == {"checking", "opening", "reading"}
