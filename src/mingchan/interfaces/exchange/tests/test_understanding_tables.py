"""Untidy tables: heads of several rows, totals, groups, carried values, units, and their faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingchan.interfaces.exchange.tests.workbooks import HEAD, ROW, changed, found, read, records, table, xlsx
from mingchan.interfaces.exchange.understanding.catalogue import FUND_USE_FIELDS
from mingchan.interfaces.exchange.understanding.messages import issue_message


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"name": ""}, "name_missing", "A"),
        ({"date": "2020.2.30"}, "date_impossible", "F"),
        ({"date": "2027-01-01"}, "date_future", "F"),
        ({"quantity": -2}, "quantity_not_positive", "C"),
        ({"quantity": 1.5, "cost": 15}, "quantity_not_whole", "C"),
        ({"cost": 21}, "price_times_quantity", "E"),
        ({"cost": 10**14}, "amount_too_large", "E"),
        ({"funding": "企业自筹"}, "funding_out_of_scope", "G"),
        ({"funding": "省级配套资金"}, "funding_out_of_scope", "G"),
        ({"name": "长" * 201}, "text_too_long", "A"),
        ({"cost": "约20"}, "not_a_number", "E"),
        ({"quantity": ""}, "quantity_missing", "C"),
        ({"price": "", "cost": ""}, "cost_missing", "E"),
        ({"price": 10.005}, "price_times_quantity", "E"),
    ],
)
def test_each_fault_is_named_at_its_cell_with_what_to_do(
    tmp_path: Path,
    cells: dict[str, Any],
    code: str,
    column: str,
) -> None:
    result = table(tmp_path, ROW, changed(**cells))
    assert found(result) == [(code, 4, column)]
    issue = next(one for one in result.issues if one.severity == "error")
    assert all(issue_message(issue.code, issue.params))
    assert result.has_errors
    assert result.summary.sheet("资产明细").errors == 1


def test_a_sound_table_has_no_error(tmp_path: Path) -> None:
    result = table(tmp_path, ROW, ROW)
    assert result.issues == []
    assert [row["cost_fen"] for row in records(result)] == [2000, 2000]


def test_measures_need_not_be_whole(tmp_path: Path) -> None:
    result = table(tmp_path, changed(unit="米", quantity=1.5, cost=15))
    assert result.issues == []
    assert records(result)[0]["quantity_milli"] == 1500


def test_a_price_made_by_division_is_rounded_with_a_warning(tmp_path: Path) -> None:
    result = table(tmp_path, changed(quantity=3, price=100 / 3, cost=100))
    assert found(result) == []
    assert found(result, "warning") == [("unit_price_rounded", 3, "D")]
    assert (records(result)[0]["unit_price_fen"], records(result)[0]["cost_fen"]) == (3333, 10_000)


def test_a_missing_price_or_amount_is_computed_when_it_is_exact(tmp_path: Path) -> None:
    result = table(tmp_path, changed(price=""), changed(cost=""))
    assert [(row["unit_price_fen"], row["cost_fen"]) for row in records(result)] == [(1000, 2000), (1000, 2000)]
    assert found(result, "warning") == [("cost_computed", 4, "E")]


def test_money_in_ten_thousands_is_exact_by_sheet_or_by_heading(tmp_path: Path) -> None:
    sheet = table(tmp_path, changed(price=0.0598, quantity=14, cost=0.8372), above=[["明细"], ["单位：万元"]])
    assert records(sheet)[0]["cost_fen"] == 837_200
    assert sheet.issues == []
    head = ["资产名称", "计量单位", "数量", "单价（元）", "原值(万元)", "取得日期", "资金来源"]
    mixed = table(tmp_path, changed(price=598, quantity=14, cost=0.8372), head=head, above=[["明细"]])
    assert (records(mixed)[0]["unit_price_fen"], records(mixed)[0]["cost_fen"]) == (59_800, 837_200)
    assert records(mixed)[0]["originals"] == {"E": "0.8372"}


def test_totals_are_checked_and_left_out(tmp_path: Path) -> None:
    result = table(
        tmp_path,
        ["合计", "", 8, "", 80, "", ""],
        ROW,
        ROW,
        ["小计", "", 4, "", 40, "", ""],
        ROW,
        ["小 计", "", "", "", 20, "", ""],
        ROW,
        ["村级小计", "", 2, "", 21, "", ""],
        ["总计", "", 8, "", 80, "", ""],
    )
    assert len(records(result)) == 4
    assert found(result, "warning") == [("total_differs", 10, "E")]
    issue = next(one for one in result.issues if one.code == "total_differs")
    assert issue.params["stated"] == 2100
    assert issue.params["computed"] == 2000
    assert "21.00" in issue_message(issue.code, issue.params)[0]
    assert result.summary.sheet("资产明细").stated_agree is False
    assert sum(line.agrees for line in result.summary.sheet("资产明细").stated) == 8


def test_group_lines_notes_signatures_and_repeated_heads_are_no_assets(tmp_path: Path) -> None:
    result = table(
        tmp_path,
        ["一、县乡村三级公共服务体系"],
        ROW,
        [],
        ["二、物流配送体系"],
        HEAD,
        ROW,
        ["注：以上为示例"],
        ["单位负责人：田玉梅", "", "审核人：袁占奎", "", "制表人：梁建国"],
        above=[["资产 单位：元"]],
    )
    assert [(row["row"], row["system"]) for row in records(result)] == [(4, "PUBLIC_SERVICE"), (8, "LOGISTICS")]
    assert result.issues == []
    assert result.summary.sheet("资产明细").skipped == {"group": 2, "blank": 1, "head": 1, "note": 1, "signature": 1}


def test_a_head_of_three_merged_rows_is_flattened(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["清单"],
        ["序号", "资产信息", "", "", "权属", "", "备注"],
        ["", "基本信息", "", "金额(元)", "所有权", "使用权", ""],
        ["", "资产名称", "数量", "", "", "", ""],
        [1, "电脑", 1, 5, "甲局", "乙站", "好"],
    ]
    merges = [
        (1, 0, 3, 0, "序号"),
        (1, 1, 1, 3, "资产信息"),
        (2, 1, 2, 2, "基本信息"),
        (2, 3, 3, 3, "金额(元)"),
        (1, 4, 1, 5, "权属"),
        (2, 4, 3, 4, "所有权"),
        (2, 5, 3, 5, "使用权"),
        (1, 6, 3, 6, "备注"),
    ]
    result = read(xlsx(tmp_path / "a.xlsx", rows, merges))
    summary = result.summary.sheet("资产明细")
    assert summary.header_rows == (2, 4)
    assert [column.heading for column in summary.columns] == [
        "序号",
        "资产信息/基本信息/资产名称",
        "资产信息/基本信息/数量",
        "资产信息/金额(元)",
        "权属/所有权",
        "权属/使用权",
        "备注",
    ]
    row = records(result)[0]
    assert (row["name"], row["cost_fen"], row["owner"], row["user"], row["note"]) == ("电脑", 500, "甲局", "乙站", "好")


def test_values_merged_over_rows_belong_to_each_row_but_an_amount_does_not(tmp_path: Path) -> None:
    rows = [
        ["清单（元）"],
        ["行政村", "资产名称", "数量", "金额"],
        ["南关村", "电脑", 1, 5],
        ["", "桌子", 1, ""],
        ["", "椅子", 1, 7],
    ]
    result = read(xlsx(tmp_path / "a.xlsx", rows, [(2, 0, 4, 0, "南关村"), (2, 3, 3, 3, "")]))
    assert [(row["village"], row["ditto"]) for row in records(result)] == [
        ("南关村", None),
        ("南关村", ["A"]),
        ("南关村", ["A"]),
    ]
    assert ("cost_missing", 4, "D") in found(result)


def test_a_blank_site_means_the_site_above_and_a_named_site_without_village_has_none(tmp_path: Path) -> None:
    head = ["站点名称", "所在乡镇", "所在村", "资产名称", "数量", "金额（元）"]
    result = table(
        tmp_path,
        ["甲村服务站", "楼沟乡", "甲村", "电脑", 1, 5],
        ["", "", "", "桌子", 1, 5],
        ["楼沟乡服务站", "楼沟乡", "", "电脑", 1, 5],
        ["〃", "〃", "〃", "椅子", 1, 5],
        head=head,
    )
    assert [(row["site"], row["town"], row["village"], row["tier"]) for row in records(result)] == [
        ("甲村服务站", "楼沟乡", "甲村", "VILLAGE"),
        ("甲村服务站", "楼沟乡", "甲村", "VILLAGE"),
        ("楼沟乡服务站", "楼沟乡", None, "TOWN"),
        ("楼沟乡服务站", "楼沟乡", None, "TOWN"),
    ]
    assert records(result)[1]["originals"] == {"A": "", "B": "", "C": ""}


def test_ditto_without_anything_above_is_an_error(tmp_path: Path) -> None:
    assert found(table(tmp_path, changed(unit="同上"))) == [("ditto_without_above", 3, "B")]


def test_quantity_and_unit_in_one_cell_fill_the_unit(tmp_path: Path) -> None:
    result = table(tmp_path, changed(unit="", quantity="2台"), changed(quantity="2套"))
    assert [(row["unit"], row["quantity_milli"]) for row in records(result)] == [("台", 2000), ("台", 2000)]
    assert found(result, "warning") == [("unit_in_quantity_differs", 4, "C")]


def test_twice_the_same_code_is_found_whatever_its_width_or_case(tmp_path: Path) -> None:
    head = ["资产编号", "资产名称", "数量", "金额（元）", "序列号"]
    result = table(
        tmp_path,
        ["pg01", "电脑", 1, 5, "SN1"],
        ["ＰＧ01", "电脑", 1, 5, "SN2"],
        ["PG02", "桌", 1, 5, "sn 1"],
        ["", "椅", 1, 5, ""],
        ["", "柜", 1, 5, ""],
        head=head,
    )
    assert found(result) == [("asset_code_twice", 4, "A"), ("serial_no_twice", 5, "E")]
    assert result.issues[0].params == {"sheet": "资产明细", "row": 3}


def payments(tmp_path: Path, head: list[str], *rows: list[Any]) -> list[dict[str, Any]]:
    path = xlsx(tmp_path / "投向.xlsx", [["资金投向使用明细表"], head, *rows], name="资金投向")
    return [dict(zip(FUND_USE_FIELDS, row, strict=True)) for row in read(path).rows["资金投向"]]


def test_a_payment_brings_its_purpose_contract_and_invoice(tmp_path: Path) -> None:
    head = ["子项目", "支出内容", "资金用途", "收款单位", "合同号", "发票号", "付款日期", "支付金额", "形成资产"]
    row = ["物流配送体系", "分拣设备", "物流中心用", "忻州华联", "HT-2019-001", "04512345", "2019-05-10", 10, 10]
    (payment,) = payments(tmp_path, head, row)
    assert (payment["item"], payment["purpose"]) == ("分拣设备", "物流中心用")
    assert (payment["contract_no"], payment["invoice_no"]) == ("HT-2019-001", "04512345")


def test_a_purpose_alone_says_what_was_paid_for(tmp_path: Path) -> None:
    head = ["子项目", "用途", "收款单位", "付款日期", "支付金额", "形成资产", "费用"]
    (payment,) = payments(tmp_path, head, ["物流配送体系", "分拣设备", "忻州华联", "2019-05-10", 10, 10, 0])
    assert (payment["item"], payment["purpose"]) == ("分拣设备", "分拣设备")
