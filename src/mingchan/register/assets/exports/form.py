"""The county's own ledger form (台账): title, unit, a two-row head, subtotals by site, a total, signatures."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import IO, Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.kernel.period import format_day
from mingchan.register.assets.exports.table import quantity, written_day, yuan
from mingchan.register.assets.queries import Names, Row

MOST = 50_000
"""A printed form of more cards is of no use: the filter must be narrowed."""

_WIDTHS = (5, 20, 16, 18, 6, 8, 12, 14, 11, 18, 16, 18, 10, 9, 10)


class Heading(NamedTuple):
    """What stands above the table."""

    title: str
    office: str
    on: date
    filter: str


def _columns() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("序号"), ()),
        (_("站点"), ()),
        (_("资产名称"), ()),
        (_("规格型号"), ()),
        (_("单位"), ()),
        (_("数量"), ()),
        (_("价值"), (_("单价"), _("原值"))),
        (_("取得日期"), ()),
        (_("权属"), (_("所有权人"), _("使用权人"), _("经营权人"))),
        (_("管护责任人"), ()),
        (_("使用状况"), ()),
        (_("资金来源"), ()),
    ]


def write(out: IO[bytes], heading: Heading, rows: Iterable[Row], names: Names, funding: dict[str, str]) -> int:
    """Write the form of rows already ordered by site; returns the number of cards."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    box = {**base, "border": 1, "text_wrap": True}
    styles = {
        "title": book.add_format({**base, "font_name": "黑体", "font_size": 18, "align": "center"}),
        "line": book.add_format(base),
        "right": book.add_format({**base, "align": "right"}),
        "head": book.add_format({**box, "bold": True, "align": "center", "bg_color": "#E8EFEA"}),
        "text": book.add_format(box),
        "center": book.add_format({**box, "align": "center"}),
        "number": book.add_format({**box, "num_format": "#,##0.###"}),
        "whole": book.add_format({**box, "num_format": "#,##0"}),
        "money": book.add_format({**box, "num_format": "#,##0.00"}),
        "sum": book.add_format({**box, "bold": True, "bg_color": "#F4F7F5"}),
        "sum_number": book.add_format({**box, "bold": True, "bg_color": "#F4F7F5", "num_format": "#,##0.###"}),
        "sum_money": book.add_format({**box, "bold": True, "bg_color": "#F4F7F5", "num_format": "#,##0.00"}),
    }
    sheet = book.add_worksheet(_("资产台账"))
    _set_up(sheet)
    last = len(_WIDTHS) - 1
    sheet.set_row(0, 32)
    _merged(sheet, 0, 0, 0, last, heading.title, styles["title"])
    sheet.write_string(1, 0, _("填报单位（盖章）：%(office)s") % {"office": heading.office}, styles["line"])
    sheet.write_string(1, 6, _("填报日期：%(day)s") % {"day": format_day(heading.on)}, styles["line"])
    sheet.write_string(1, last, _("单位：元"), styles["right"])
    _head(sheet, styles["head"])
    return _body(book, sheet, styles, heading, rows, names, funding)


def _set_up(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    sheet.set_footer("&C&P / &N")
    sheet.freeze_panes(4, 0)
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)


def _merged(sheet: Any, top: int, left: int, bottom: int, right: int, text: str, style: Any) -> None:
    """A merged area as constant memory allows it: the merge first without text, then the text into its first cell."""
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", style)
    sheet.write_string(top, left, text, style)


def _head(sheet: Any, style: Any) -> None:
    """Two rows of headings. Written row by row, because in constant memory a written row can't be gone back to."""
    upper: list[str] = []
    lower: list[str] = []
    merges: list[tuple[int, int, int, int]] = []
    for title, below in _columns():
        left = len(upper)
        if below:
            upper += [title] + [""] * (len(below) - 1)
            lower += below
            merges.append((2, left, 2, left + len(below) - 1))
        else:
            upper.append(title)
            lower.append("")
            merges.append((2, left, 3, left))
    for row, texts in ((2, upper), (3, lower)):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, style)
    for merge in merges:
        sheet.merge.append(list(merge))


def _body(
    book: Any,
    sheet: Any,
    styles: dict[str, Any],
    heading: Heading,
    rows: Iterable[Row],
    names: Names,
    funding: dict[str, str],
) -> int:
    at, number, whole = 4, 0, [0, 0]
    for (division, site), group in groupby(rows, key=lambda row: (row.division_code, row.site_id)):
        part = [0, 0]
        name = (names.sites.get(site, "") if site is not None else "") or names.divisions.get(division, "")
        for row in group:
            number += 1
            _card(sheet, at, number, name, row, names, funding, styles)
            part = [part[0] + row.quantity_milli, part[1] + row.cost_fen]
            at += 1
        _sum(sheet, at, _("小计"), name, part, styles)
        whole = [whole[0] + part[0], whole[1] + part[1]]
        at += 1
    _sum(sheet, at, _("合计"), "", whole, styles)
    if heading.filter:
        sheet.write_string(at + 1, 0, _("范围：%(filter)s") % {"filter": heading.filter}, styles["line"])
    for column, text in ((0, _("填表人：")), (3, _("审核人：")), (7, _("单位负责人：")), (10, _("联系电话："))):
        sheet.write_string(at + 2, column, text, styles["line"])
    book.close()
    return number


def _card(
    sheet: Any,
    at: int,
    number: int,
    place: str,
    row: Row,
    names: Names,
    funding: dict[str, str],
    styles: dict[str, Any],
) -> None:
    parties = [
        names.parties.get(key, "") if key else "" for key in (row.owner_id, row.user_id, row.operator_id, row.keeper_id)
    ]
    price = yuan(row.unit_price_fen)
    sheet.write_number(at, 0, number, styles["center"])
    _texts(sheet, at, 1, (place, row.name, row.model, row.unit), styles["text"])
    sheet.write_number(at, 5, quantity(row.quantity_milli), styles["number" if row.quantity_milli % 1000 else "whole"])
    if price is None:
        sheet.write_blank(at, 6, None, styles["money"])
    else:
        sheet.write_number(at, 6, price, styles["money"])
    sheet.write_number(at, 7, yuan(row.cost_fen), styles["money"])
    _texts(sheet, at, 8, (written_day(row.acquired_on, row.acquired_precision), *parties), styles["text"])
    _texts(sheet, at, 13, (row.condition, funding.get(row.funding, row.funding)), styles["text"])


def _texts(sheet: Any, at: int, column: int, texts: Sequence[str], style: Any) -> None:
    for index, text in enumerate(texts):
        sheet.write_string(at, column + index, text, style)


def _sum(sheet: Any, at: int, word: str, name: str, part: Sequence[int], styles: dict[str, Any]) -> None:
    for column in range(len(_WIDTHS)):
        sheet.write_blank(at, column, None, styles["sum"])
    sheet.write_string(at, 1, name, styles["sum"])
    sheet.write_string(at, 2, word, styles["sum"])
    sheet.write_number(at, 5, quantity(part[0]), styles["sum_number"])
    sheet.write_number(at, 7, yuan(part[1]), styles["sum_money"])
