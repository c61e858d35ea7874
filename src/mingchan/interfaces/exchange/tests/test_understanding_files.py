"""Untidy files: lost digits, formulas, encodings, old formats, hidden sheets, and the choices kept for a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from mingchan.interfaces.exchange.tests.workbooks import HEAD, PLAIN, ROW, changed, found, read, records, table, xlsx
from mingchan.interfaces.exchange.understanding.catalogue import COLUMNS, REGISTER_FIELDS
from mingchan.interfaces.exchange.understanding.headings import match
from mingchan.interfaces.exchange.understanding.intake import read_workbook, summary_from
from mingchan.interfaces.exchange.understanding.messages import ISSUES
from mingchan.interfaces.exchange.understanding.options import ReadingOptions


def test_numbers_that_lost_their_digits_are_refused_in_text_columns(tmp_path: Path) -> None:
    head = ["资产编号", "资产名称", "数量", "金额（元）"]
    result = table(
        tmp_path, [140932000000000000, "电脑", 1, 5], ["1.40932E+17", "电脑", 1, 5], [1001, "桌", 1, 5], head=head
    )
    assert found(result) == [("digits_lost", 3, "A"), ("digits_lost", 4, "A")]
    assert records(result)[2]["asset_code"] == "1001"


def test_formula_errors_the_reader_drops_are_put_back(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("资产明细")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW)
    sheet.write_formula(1, 3, "=A9+#REF!", None, "#REF!")
    workbook.close()
    result = read(path)
    assert found(result) == [("cell_error", 2, "D")]
    assert result.issues[-1].value == "#REF!"


def test_a_formula_without_a_stored_value_is_said(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "资产明细"
    sheet.append(HEAD)
    sheet.append(changed(cost="=C2*D2"))
    sheet.row_dimensions[2].hidden = True
    workbook.create_sheet("隐藏").append(["资产名称", "数量", "金额（元）"])
    workbook["隐藏"].append(["电脑", 1, 5])
    workbook["隐藏"].sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    result = read(tmp_path / "a.xlsx")
    assert ("formula_without_value", 2, "E") in found(result, "warning")
    assert [issue.code for issue in result.issues if issue.severity == "info"] == ["rows_hidden", "sheet_hidden"]
    assert result.summary.sheet("隐藏").visibility == "hidden"
    assert len(result.rows["隐藏"]) == 1


def test_the_plain_table_of_twenty_five_columns_is_read_whole(tmp_path: Path) -> None:
    row = [
        "PG2019001",
        "联想台式计算机",
        "A0200",
        "联1-2",
        "台",
        2,
        3980.5,
        7961,
        3,
        72,
        dt.date(2019, 6, 18),
        dt.date(2019, 6, 1),
        "2019年县级电商公共服务中心建设项目",
        2019,
        "统筹整合资金",
        "县工信局",
        "县电商中心",
        "某公司",
        "王伟",
        "1号房",
        "新关镇",
        "",
        "在用",
        "SN1",
        "验收合格",
    ]
    result = table(tmp_path, row, head=PLAIN, above=[])
    summary = result.summary.sheet("资产明细")
    assert all(column.field and column.confidence >= 0.9 for column in summary.columns)
    assert records(result)[0] == dict.fromkeys(REGISTER_FIELDS) | {
        "row": 2,
        "asset_code": "PG2019001",
        "name": "联想台式计算机",
        "class_code": "A0200",
        "model": "联1-2",
        "unit": "台",
        "quantity_milli": 2000,
        "unit_price_fen": 398_050,
        "cost_fen": 796_100,
        "residual_percent": 3,
        "life_months": 72,
        "acquired_on": "2019-06-18",
        "acquired_precision": "D",
        "in_service_on": "2019-06-01",
        "project": "2019年县级电商公共服务中心建设项目",
        "year": 2019,
        "funding": "county",
        "funding_text": "统筹整合资金",
        "owner": "县工信局",
        "user": "县电商中心",
        "operator": "某公司",
        "keeper": "王伟",
        "place": "1号房",
        "town": "新关镇",
        "condition": "在用",
        "serial_no": "SN1",
        "note": "验收合格",
        "system": "PUBLIC_SERVICE",
        "tier": "TOWN",
    }
    assert found(result, "warning") == [("unit_assumed", 0, ""), ("service_before_acquired", 2, "L")]


def test_sources_in_columns_of_their_own_must_add_up(tmp_path: Path) -> None:
    head = ["资产名称", "数量", "金额（元）", "中央资金", "县级资金"]
    result = table(tmp_path, ["电脑", 1, 10, 6, 4], ["桌子", 1, 10, 10, ""], ["椅子", 1, 10, 6, 3], head=head)
    assert [(row["funding"], row["funding_split"]) for row in records(result)][:2] == [
        ("central", {"central": 600, "county": 400}),
        ("central", {"central": 1000}),
    ]
    assert found(result) == [("split_differs", 5, "C")]


def test_known_divisions_are_checked_when_given(tmp_path: Path) -> None:
    head = ["资产名称", "数量", "金额（元）", "乡镇", "行政村"]
    facts = {"towns": {"楼沟乡": "1"}, "villages": {"楼沟乡|甲村": "11"}}
    result = table(
        tmp_path,
        ["电脑", 1, 5, "楼沟乡", "甲村"],
        ["电脑", 1, 5, "无此乡", ""],
        ["电脑", 1, 5, "楼沟乡", "乙村"],
        head=head,
        facts=facts,
    )
    assert found(result) == [("town_unknown", 4, "D"), ("village_unknown", 5, "E")]


def test_corrections_mapping_skipped_rows_and_admitted_sources_are_obeyed(tmp_path: Path) -> None:
    head = ["物件", *HEAD[1:]]
    path = xlsx(tmp_path / "a.xlsx", [["单位：元"], head, ROW, changed(cost=21), changed(funding="企业自筹"), ROW])
    assert read(path).summary.sheet("资产明细").kind == "unknown"
    result = read(
        path,
        mapping={"资产明细": {0: "name"}},
        corrections={("资产明细", 4, "E"): "20"},
        skipped={"资产明细": [6]},
        admitted=["funding_out_of_scope"],
    )
    assert found(result) == []
    assert [(row["row"], row["cost_fen"], row["originals"]) for row in records(result)] == [
        (3, 2000, None),
        (4, 2000, {"E": "21"}),
        (5, 2000, {"G": "企业自筹"}),
    ]
    assert found(result, "warning") == [("funding_admitted", 5, "G")]
    assert result.summary.sheet("资产明细").columns[0].corrected
    assert read(path, kinds={"资产明细": "notes"}).rows == {}


def test_the_same_heads_have_the_same_shape_whatever_the_unit(tmp_path: Path) -> None:
    one = table(tmp_path, ROW).summary.sheet("资产明细").shape
    units = ["资产名称", "计量单位", "数量", "单价（万元）", "金额(万元)", "取得日期", "资金来源"]
    assert table(tmp_path, ROW, head=units).summary.sheet("资产明细").shape == one
    assert table(tmp_path, ROW, head=list(reversed(HEAD))).summary.sheet("资产明细").shape != one


def test_a_table_that_begins_away_from_the_corner_keeps_its_letters(tmp_path: Path) -> None:
    rows = [[], [], ["", "", *HEAD], ["", "", *changed(cost=21)]]
    result = read(xlsx(tmp_path / "a.xlsx", rows))
    assert found(result) == [("price_times_quantity", 4, "G")]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ","),
        ("gb18030", ","),
        ("utf-16", "\t"),
        ("utf-16-le", ";"),
        ("gbk", ";"),
        ("utf-16-be", ","),
    ],
)
def test_separated_text_is_read_in_the_encodings_of_the_office(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([["资产明细 单位：元"], HEAD, [str(value) for value in ROW], ["合计", "", "2", "", "20", "", ""]])
    path = tmp_path / "台账.xls"
    path.write_bytes(text.getvalue().encode(encoding))
    result = read(path)
    assert result.summary.kind == "csv"
    row = records(result, "台账")[0]
    assert (row["name"], row["quantity_milli"], row["cost_fen"], row["originals"]) == ("台式电脑", 2000, 2000, None)
    assert result.issues == []


PAGE = """<!DOCTYPE html><html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta charset="{encoding}"><style>td {{ color: red }}</style><script>alert("<td>1</td>")</script><body>
<table><tr><td colspan=7>资产明细 单位：元</td></tr>
<tr><th>资产<br>名称</th><th>规格型号</th><th>数量</th><th>单价</th><th>原值</th><th>乡镇</th>
<th rowspan="1">使用单位</th></tr>
<tr><td> 台式&nbsp;电脑 <td>A&amp;B<td>2<td>10<td>20<td rowspan=2>{town}<td>甲</tr>
<tr><td>打印<b>机</b></td><td><table><tr><td>内</td></tr></table></td><td>1</td><td>5</td><td>5</td><td>乙</td></tr>
</table><p>制表</p></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_saved_as_a_workbook_gives_its_table(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(PAGE.format(encoding=encoding, town="").encode(encoding))
    result = read(path)
    assert result.summary.kind == "html"
    first, second = records(result, "台账")
    assert (first["name"], first["model"], first["quantity_milli"], first["cost_fen"]) == (
        "台式 电脑",
        "A&B",
        2000,
        2000,
    )
    assert (second["name"], second["model"], second["cost_fen"]) == ("打印机", "内", 500)


def test_old_workbooks_and_open_documents_are_read_alike(tmp_path: Path) -> None:
    old = xlwt.Workbook(encoding="utf-8")
    sheet = old.add_sheet("资产明细")
    document = OpenDocumentSpreadsheet()
    body = Table(name="资产明细")
    for down, row in enumerate([["单位：元"], HEAD, ROW]):
        line = TableRow()
        for across, value in enumerate(row):
            sheet.write(down, across, value)
            number = isinstance(value, int)
            cell = TableCell(valuetype="float", value=value) if number else TableCell(valuetype="string")
            if not number:
                cell.addElement(P(text=value))
            line.addElement(cell)
        body.addElement(line)
    document.spreadsheet.addElement(body)
    old.save(str(tmp_path / "a.xls"))
    document.save(str(tmp_path / "a.ods"))
    first, second = read(tmp_path / "a.xls"), read(tmp_path / "a.ods")
    assert (first.summary.kind, second.summary.kind) == ("xls", "ods")
    assert records(first) == records(second)
    assert records(first)[0]["cost_fen"] == 2000
    assert first.issues == second.issues == []


def test_a_workbook_without_a_table_says_so(tmp_path: Path) -> None:
    result = read(xlsx(tmp_path / "a.xlsx", [["甲", "乙"], ["丙", 1]]))
    assert found(result) == [("nothing_to_import", 0, "")]
    assert found(result, "warning") == [("sheet_not_understood", 0, "")]


def test_a_summary_keeps_its_plain_form(tmp_path: Path) -> None:
    from dataclasses import asdict

    result = table(tmp_path, ROW)
    assert summary_from(asdict(result.summary)) == result.summary


def test_issues_beyond_the_limit_are_counted_but_not_kept(tmp_path: Path) -> None:
    from mingchan.interfaces.exchange.reading.refusals import Limits

    path = xlsx(tmp_path / "a.xlsx", [["单位：元"], HEAD, *[changed(cost=21)] * 30])
    result = read_workbook(path, options=ReadingOptions(today="2026-06-30"), limits=Limits(issues=10))
    assert len(result.issues) == 10
    assert (result.summary.errors, result.summary.issues_left_out) == (30, 20)
    assert result.summary.issue_counts == {"price_times_quantity": 30}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("权属/所有权", "owner"),
        ("管护/责任人", "keeper"),
        ("购置（交付）日期", "acquired_on"),
        ("资产所在乡镇", "town"),
        ("单价\n(元)", "unit_price"),
        ("原值:元", "cost"),
        ("站点（中心）名称", "site"),
        ("所有权证号", None),
        ("折旧方法", None),
    ],
)
def test_a_heading_is_known_or_left_alone(heading: str, field: str | None) -> None:
    named, sure = match(heading, "register")
    assert (named.name if named else None) == field
    assert 0 <= sure <= 1


def test_every_issue_code_has_its_sentences_and_no_heading_names_two_fields() -> None:
    assert all(str(what) and str(todo) for what, todo in ISSUES.values())
    for columns in COLUMNS.values():
        words = [word for column in columns for word in set(column.words)]
        assert len(words) == len(set(words))
