"""The trial balance as a workbook (科目余额表)."""

from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.foundation.ledger.queries import TrialBalance
from mingchan.kernel.money import LARGEST_FEN, format_yuan


def trial_balance(found: TrialBalance, title: str, span: str) -> bytes:
    """The table with title, unit and the totals of each side, in yuan.

    Text stays text, and so does an amount too large for a cell.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_("科目余额表"))
    heading = book.add_format({"bold": True, "align": "center", "font_size": 14})
    head = book.add_format({"bold": True, "align": "center", "border": 1, "bg_color": "#EEF2EF"})
    text = book.add_format({"border": 1})
    amount = book.add_format({"border": 1, "num_format": "#,##0.00"})
    bold = book.add_format({"border": 1, "num_format": "#,##0.00", "bold": True})
    sheet.merge_range(0, 0, 0, 7, title, heading)
    sheet.write_string(1, 0, span)
    sheet.write_string(1, 7, _("单位：元"))
    labels = (_("科目编码"), _("科目名称"))
    groups = (_("期初余额"), _("本期发生额"), _("期末余额"))
    for column, label in enumerate(labels):
        sheet.merge_range(2, column, 3, column, label, head)
    for index, label in enumerate(groups):
        sheet.merge_range(2, 2 + 2 * index, 2, 3 + 2 * index, label, head)
        sheet.write_string(3, 2 + 2 * index, _("借方"), head)
        sheet.write_string(3, 3 + 2 * index, _("贷方"), head)
    line = 4
    for side in found.parts:
        for row in side.rows:
            if row.is_empty:
                continue
            sheet.write_string(line, 0, row.code, text)
            sheet.write_string(line, 1, "　" * row.level + row.name, text)
            for column, fen in enumerate((*row.opening, row.debit_fen, row.credit_fen, *row.closing), 2):
                _amount(sheet, line, column, fen, amount)
            line += 1
        label = _("合计") if len(found.parts) == 1 else _("预算会计合计") if side is found.budget else _("财务会计合计")
        sheet.merge_range(line, 0, line, 1, label, head)
        for column, fen in enumerate((*side.opening, *side.moved, *side.closing), 2):
            _amount(sheet, line, column, fen, bold)
        line += 1
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 7, 18)
    sheet.freeze_panes(4, 2)
    book.close()
    return target.getvalue()


def _amount(sheet: object, line: int, column: int, fen: int, look: object) -> None:
    if abs(fen) > LARGEST_FEN:
        sheet.write_string(line, column, format_yuan(fen), look)  # type: ignore[attr-defined]
    else:
        sheet.write_number(line, column, Decimal(fen).scaleb(-2), look)  # type: ignore[attr-defined]
