"""Stocktakes as workbooks (导出): count sheets to be filled in by hand, and the report with its lists."""

import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from mingchan.lifecycle.stocktake.choices import Decision, DifferenceKind, DifferenceState, Outcome
from mingchan.lifecycle.stocktake.models import Plan
from mingchan.lifecycle.stocktake.queries import plans, publishing, seeing
from mingchan.lifecycle.stocktake.queries.plans import LineRow

IN_MEMORY = 8 * 1024 * 1024


class _Money(int):
    """Fen, written as yuan."""


class _Milli(int):
    """Thousandths, written as a quantity."""


class _Book:
    """A workbook written row by row."""

    def __init__(self) -> None:
        self.out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
        self.book = xlsxwriter.Workbook(
            self.out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.strong = self.book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.plain = self.book.add_format({"border": 1})
        self.amount = self.book.add_format({"border": 1, "num_format": "#,##0.00"})
        self.quantity = self.book.add_format({"border": 1, "num_format": "#,##0.###"})

    def sheet(
        self, name: str, above: Sequence[str], headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
    ) -> int:
        """A sheet with lines above, a head and rows; answers how many rows."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, (_heading, width) in enumerate(headings):
            sheet.set_column(column, column, width)
        for line, text in enumerate(above):
            sheet.write_string(line, 0, text, self.title if line == 0 else None)
        top = len(above)
        for column, (heading, _width) in enumerate(headings):
            sheet.write_string(top, column, heading, self.strong)
        sheet.repeat_rows(top)
        count = 0
        for count, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._write(sheet, top + count, column, value)
        return count

    def _write(self, sheet: Any, line: int, column: int, value: Any) -> None:
        if isinstance(value, _Money):
            sheet.write_number(line, column, Decimal(int(value)).scaleb(-2), self.amount)
        elif isinstance(value, _Milli):
            sheet.write_number(line, column, Decimal(int(value)).scaleb(-3), self.quantity)
        elif isinstance(value, int):
            sheet.write_number(line, column, value, self.plain)
        else:
            sheet.write_string(line, column, value or "", self.plain)

    def done(self) -> IO[bytes]:
        self.book.close()
        self.out.seek(0)
        return self.out


def count_sheet(plan: Plan, task_ids: Sequence[int] | None) -> tuple[IO[bytes], int]:
    """The count sheet of some places or all (盘点表), to be filled in on paper; blind ones don't tell the quantity."""
    book = _Book()
    headings = [
        (_("序号"), 6), (_("资产编号"), 20), (_("资产名称"), 24), (_("规格型号"), 18), (_("单位"), 6),
        (_("账面数量"), 10), (_("地点"), 24), (_("管护责任人"), 12), (_("实盘数量"), 10), (_("状况"), 10),
        (_("备注"), 20),
    ]  # fmt: skip

    def rows() -> Iterable[Sequence[Any]]:
        for number, values in enumerate(plans.every_line(task_ids, plan.pk).iterator(chunk_size=2000), 1):
            row = LineRow(*values)
            booked: Any = "" if plan.is_blind else _Milli(row.quantity_milli)
            yield (
                number, row.code, row.name, row.model, row.unit, booked, row.place, row.keeper or "", "", "", "",
            )  # fmt: skip

    above = [f"{plan.title} {_('盘点表')}", f"{plan.number}  {_('清查基准日')} {plan.base_on.isoformat()}"]
    count = book.sheet(_("盘点表"), above, headings, rows())
    return book.done(), count


def report(plan: Plan) -> tuple[IO[bytes], int]:
    """The report (盘点报告): figures, differences with their decisions, every line, signatures."""
    book = _Book()
    book.sheet(
        _("汇总"), [f"{plan.title} {_('盘点报告')}", plan.number], [(_("结果"), 120)],
        ((line,) for line in [*publishing.summary(plan), plan.conclusion] if line),
    )  # fmt: skip
    book.sheet(
        _("差异处理"),
        [f"{plan.title} {_('差异处理表')}"],
        [
            (_("资产编号"), 20), (_("资产名称"), 24), (_("差异"), 12), (_("地点"), 24), (_("账面数量"), 10),
            (_("实盘数量"), 10), (_("账面原值（元）"), 14), (_("发现情况"), 24), (_("保管人说明"), 24),
            (_("处理"), 16), (_("理由"), 30), (_("进度"), 12),
        ],
        (
            (
                row.code, row.name, str(DifferenceKind(row.kind).label), row.place or "", _Milli(row.booked_milli),
                _Milli(row.found_milli), _Money(row.cost_fen), row.seen, row.explanation,
                str(Decision(row.decision).label) if row.decision else "", row.reason,
                str(DifferenceState(row.state).label),
            )
            for row in plans.every_difference(plan.pk)
        ),
    )  # fmt: skip
    count = book.sheet(
        _("盘点明细"),
        [f"{plan.title} {_('盘点明细表')}"],
        [
            (_("资产编号"), 20), (_("资产名称"), 24), (_("规格型号"), 18), (_("单位"), 6), (_("账面数量"), 10),
            (_("实盘数量"), 10), (_("账面原值（元）"), 14), (_("地点"), 24), (_("管护责任人"), 12), (_("结果"), 12),
        ],
        (
            (
                row.code, row.name, row.model, row.unit, _Milli(row.quantity_milli),
                "" if row.found_milli is None else _Milli(row.found_milli), _Money(row.cost_fen), row.place,
                row.keeper or "", str(Outcome(row.outcome).label),
            )
            for row in (
                LineRow(*values) for values in plans.every_line(None, plan.pk).iterator(chunk_size=2000)
            )
        ),
    )  # fmt: skip
    places = dict(plan.tasks.values_list("pk", "place"))
    book.sheet(
        _("签字"),
        [f"{plan.title} {_('现场签字')}"],
        [(_("地点"), 30), (_("身份"), 14), (_("姓名"), 14), (_("日期"), 14)],
        (
            (
                places.get(one.task_id, ""), _("盘点人") if one.role == "counter" else _("管护责任人"), one.name,
                one.taken_on.isoformat(),
            )
            for one in seeing.signatures(plan.pk)
        ),
    )  # fmt: skip
    return book.done(), count
