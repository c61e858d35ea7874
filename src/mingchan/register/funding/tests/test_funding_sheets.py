"""Exported lists: amounts exact, text inert."""

import csv
import io

import openpyxl
import pytest

from mingchan.register.funding import sheets


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@x", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_is_shown_and_never_computed(text):
    line = "".join(sheets.csv_lines(["支出内容"], [[text]]))
    (_heading, row) = csv.reader(io.StringIO(line.lstrip("\ufeff"), newline=""))
    assert row == [f"'{text}"]
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook("表", ["支出内容"], [[text]], ())))
    cell = book.active["A3"]
    assert cell.data_type == "s"


def test_figures_are_figures_in_a_workbook_and_plain_in_text():
    book = openpyxl.load_workbook(
        io.BytesIO(sheets.workbook("表", ["金额", "备注"], [[2871365001, None], [7, "甲"]], (0,)))
    )
    assert [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)] == [
        ["金额", "备注"],
        [28713650.01, None],
        [0.07, "甲"],
    ]
    assert [sheets.plain_yuan(fen) for fen in (2871365001, 7, -5, 0)] == ["28713650.01", "0.07", "-0.05", "0.00"]
