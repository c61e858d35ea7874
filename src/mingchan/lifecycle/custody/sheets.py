"""The list of custody as a workbook (管护台账): what is seen, row by row; text that looks like a formula stays text."""

import tempfile
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import queries
from mingchan.lifecycle.custody.queries import CustodyFilter
from mingchan.register.assets.choices import Tier

IN_MEMORY = 8 * 1024 * 1024
WIDTHS = (22, 20, 8, 10, 14, 10, 22, 22, 14, 26, 13, 13, 12, 30)


def headings() -> list[str]:
    """The first row."""
    return [
        _("资产编号"),
        _("资产名称"),
        _("层级"),
        _("数量"),
        _("原值（元）"),
        _("使用状况"),
        _("站点"),
        _("所在区划"),
        _("管护责任人"),
        _("管护主体"),
        _("自"),
        _("任期止"),
        _("任期状态"),
        _("依据"),
    ]


def workbook(filtered: CustodyFilter, actor: Actor, on: date) -> tuple[IO[bytes], int]:
    """The workbook, ready to be read, and how many rows it has."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    sheet = book.add_worksheet(_("管护台账"))
    strong = book.add_format({"bold": True, "bottom": 1})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, (heading, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, strong)
    number = 0
    for chunk in queries.every(filtered, actor, on):
        names = queries.names_for(chunk)
        for row in chunk:
            number += 1
            texts = {
                0: row.code,
                1: row.name,
                2: str(Tier(row.tier).label),
                5: row.condition,
                6: names.sites.get(row.site, "") if row.site is not None else row.place,
                7: names.divisions.get(row.division, row.division),
                8: names.parties.get(row.person, ""),
                9: names.parties.get(row.organisation, "") if row.organisation is not None else "",
                12: str(queries.term_state(row.due_on, on).label),
                13: row.basis,
            }
            for column, text in texts.items():
                if text:
                    sheet.write_string(number, column, text)
            sheet.write_number(number, 3, Decimal(row.quantity_milli).scaleb(-3))
            sheet.write_number(number, 4, Decimal(row.cost_fen).scaleb(-2), amount)
            sheet.write_datetime(number, 10, row.since, day)
            if row.due_on is not None:
                sheet.write_datetime(number, 11, row.due_on, day)
    sheet.freeze_panes(1, 0)
    book.close()
    out.seek(0)
    return out, number
