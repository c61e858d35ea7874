"""The list as a workbook (xlsx), written as a stream: texts as texts, numbers exact, memory for one line only."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from mingchan.register.assets.exports.table import Cell

MONEY, WHOLE, HEAD = 1, 2, 3
"""Styles: amounts with two decimals, plain numbers, bold headings on a tint."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_FILES = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
        '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EFEA"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[<>&\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FLUSH = 500


def letters(index: int) -> str:
    """Column letters of a spreadsheet, from 0: A, B, … Z, AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("", text)) if _SPECIAL.search(text) else text


def write(
    out: IO[bytes], title: str, heads: Sequence[str], widths: Sequence[int], lines: Iterable[Sequence[Cell]]
) -> int:
    """Write one sheet to a binary file; returns the number of lines. Texts are inline strings, never formulas."""
    columns = [letters(index) for index in range(len(heads))]
    texts = [f'<c r="{column}%d" t="inlineStr"><is><t xml:space="preserve">' for column in columns]
    amounts = [f'<c r="{column}%d" s="{MONEY}"><v>' for column in columns]
    wholes = [f'<c r="{column}%d" s="{WHOLE}"><v>' for column in columns]
    name = _text(re.sub(r"[\[\]:*?/\\]", "", title)[:31]).replace('"', "&quot;") or "1"
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for path, content in _FILES.items():
            package.writestr(path, _PROLOGUE + content)
        package.writestr(
            "xl/workbook.xml",
            f'{_PROLOGUE}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            cols = "".join(
                f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(widths, start=1)
            )
            head = "".join(
                f'<c r="{column}1" t="inlineStr" s="{HEAD}"><is><t>{_text(text)}</t></is></c>'
                for column, text in zip(columns, heads, strict=True)
            )
            sheet.write(
                f'{_PROLOGUE}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                f'<cols>{cols}</cols><sheetData><row r="1">{head}</row>'.encode()
            )
            parts: list[str] = []
            for number, line in enumerate(lines, start=2):
                parts.append(f'<row r="{number}">')
                for index, cell in enumerate(line):
                    if cell is None or cell == "":
                        continue
                    if type(cell) is str:
                        parts.append(f"{texts[index] % number}{_text(cell)}</t></is></c>")
                    elif type(cell) is Decimal:
                        parts.append(f"{amounts[index] % number}{cell:f}</v></c>")
                    else:
                        parts.append(f"{wholes[index] % number}{cell}</v></c>")
                parts.append("</row>")
                count += 1
                if count % FLUSH == 0:
                    sheet.write("".join(parts).encode())
                    parts = []
            last = f"{columns[-1]}{count + 1}"
            sheet.write(f'{"".join(parts)}</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
    return count
