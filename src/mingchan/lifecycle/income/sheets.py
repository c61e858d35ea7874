"""Receivables and receipts as workbooks (导出)."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.income.choices import DueKind
from mingchan.lifecycle.income.queries import receipts, receivables
from mingchan.lifecycle.income.queries.receipts import ReceiptFilter
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter

IN_MEMORY = 8 * 1024 * 1024


def of_receivables(wanted: ReceivableFilter, actor: Actor, on: date) -> tuple[IO[bytes], int]:
    """Exactly what the list of receivables shows, and how many rows."""
    headings = (
        _("编号"), _("合同"), _("经营者"), _("种类"), _("自"), _("至"), _("应缴日"), _("应收（元）"),
        _("已收及冲减（元）"), _("未收（元）"), _("状态"),
    )  # fmt: skip

    def rows() -> Iterator[Sequence[Any]]:
        for chunk in receivables.every(wanted, actor, on):
            for row in chunk:
                yield (
                    row.label, row.contract_number, row.operator_name, str(DueKind(row.kind).label), row.starts_on,
                    row.last_day, row.due_on, row.fen, row.settled_fen, row.open_fen,
                    str(receivables.standing(row, on).label),
                )  # fmt: skip

    return _workbook(_("应收清单"), headings, rows())


def of_receipts(wanted: ReceiptFilter, actor: Actor) -> tuple[IO[bytes], int]:
    """Exactly what the list of receipts shows, and how many rows."""
    headings = (
        _("编号"), _("缴款人"), _("收款账户"), _("凭证号"), _("到账日期"), _("金额（元）"), _("已使用（元）"),
        _("预收余额（元）"), _("冲回日期"),
    )  # fmt: skip

    def rows() -> Iterator[Sequence[Any]]:
        for chunk in receipts.every(wanted, actor):
            for row in chunk:
                yield (
                    row.label, row.payer_name, row.bank_account, row.voucher_no, row.received_on, row.fen,
                    row.used_fen, row.credit_fen, row.returned_on,
                )  # fmt: skip

    return _workbook(_("收款清单"), headings, rows())


def _workbook(name: str, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> tuple[IO[bytes], int]:
    """A sheet with a head; whole numbers are fen and become yuan, days become dates."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet(name)
    strong = book.add_format({"bold": True, "bottom": 1})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.set_column(0, len(headings) - 1, 16)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, strong)
    number = 0
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, Decimal(value).scaleb(-2), amount)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif value:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    out.seek(0)
    return out, number
