"""The depreciation and net-value table (折旧计算及资产净值表): page, workbook, paper."""

import io

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Book
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers, statements
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.statements import Column, Statement
from mingchan.kernel.ui.months import browser_month
from mingchan.kernel.ui.page import page
from mingchan.register.depreciation import permissions, rules
from mingchan.register.depreciation.forms import ListForm
from mingchan.register.depreciation.models import Course
from mingchan.register.depreciation.queries import books as book_queries
from mingchan.register.depreciation.queries import tables
from mingchan.register.depreciation.views.pages import offered

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: HttpRequest) -> tuple[Book | None, int, str]:
    """Book, counted month and class asked for; the first charged book and its last month when none are."""
    form = ListForm(request.GET)
    chosen = form.asked("book")
    if chosen:
        book: Book | None = ledger.book(request.actor, int(str(chosen)))
    else:
        begun = Course.objects.values("book")
        book = ledger.visible_to(request.actor).filter(pk__in=begun).order_by("pk").first()
    course = book_queries.courses([book.pk]).get(book.pk) if book else None
    last = course.through if course else rules.month_count(request.on)
    month = form.asked("month")
    count = min(rules.counted(int(str(month))), last) if month else last
    six_class = str(form.asked("six_class") or "")
    return book, count, six_class if six_class in tables.CLASSES else ""


@page(permissions.VIEW)
def table(request: HttpRequest) -> HttpResponse:
    """Cost, what was charged before, in the month and in all, and net value, by class and asset by asset."""
    book, count, six_class = _asked(request)
    context: dict[str, object] = {
        "book": book, "offered": offered(request), "classes": tables.CLASSES, "six_class": six_class, "month": "",
        "by_class": (),
    }  # fmt: skip
    if book is not None:
        by_class = tables.by_class(book, count)
        after = int(str(ListForm(request.GET).asked("after") or 0))
        rows = tables.assets(book, count, six_class=six_class, after=after, limit=PAGE)
        context |= {
            "month": browser_month(rules.written(count)),
            "text": ledger.month_text(rules.written(count)),
            "by_class": by_class,
            "total": tables.totals(by_class),
            "rows": rows[:PAGE],
            "following": rows[PAGE - 1].asset_id if len(rows) > PAGE else None,
            "due_text": lambda due: ledger.month_text(rules.written(due)),
        }
    return render(request, "depreciation/table.html", context)


def _statement(book: Book, count: int, six_class: str) -> Statement:
    kinds = (
        (_("资产编号"), "text"), (_("资产名称"), "wide"), (_("大类"), "text"), (_("原值"), "money"),
        (_("年限（月）"), "number"), (_("起提月份"), "text"), (_("期初累计"), "money"), (_("本月计提"), "money"),
        (_("期末累计"), "money"), (_("净值"), "money"),
    )  # fmt: skip
    rows = (
        (
            row.code, row.name, row.label, row.cost_fen, row.life_months, str(rules.written(row.due)), row.before_fen,
            row.month_fen, row.charged_fen, row.net_fen,
        )
        for row in tables.every_asset(book, count, six_class)
    )  # fmt: skip
    chosen = [row for row in tables.by_class(book, count) if six_class in ("", row.six_class)]
    total = tables.totals(chosen)
    return Statement(
        title=_("固定资产折旧计算及净值表"),
        unit=book.name,
        span=ledger.month_text(rules.written(count)),
        columns=[Column(label, kind) for label, kind in kinds],
        rows=rows,
        totals=(
            _("合计"), _("%(count)s 项") % {"count": total.count}, "", total.cost_fen, "", "", total.before_fen,
            total.month_fen, total.charged_fen, total.net_fen,
        ),
    )  # fmt: skip


def _named(book: Book | None) -> Book:
    if book is None:
        raise NotFound(_("没有计提过折旧的账套。"))
    return book


@page(permissions.VIEW)
def table_workbook(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook, every asset."""
    book, count, six_class = _asked(request)
    made = _statement(_named(book), count, six_class)
    answer = HttpResponse(statements.workbook(made), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{made.title} {rules.written(count)}.xlsx")
    return answer


@page(permissions.VIEW)
def table_paper(request: HttpRequest) -> HttpResponseBase:
    """The same table as a paper. Raises Refusal when it is too long for paper."""
    book, count, six_class = _asked(request)
    found = _named(book)
    with translation.override("zh-hans"):
        made = _statement(found, count, six_class)
        total = tables.totals([row for row in tables.by_class(found, count) if six_class in ("", row.six_class)])
        if total.count > papers.MOST_ROWS:
            raise Refusal(_("%(count)s 项太多，不能打印，请按大类选取或导出 Excel") % {"count": total.count})
        data = statements.paper(
            made, county=policy.county_name(), maker=request.actor.name, mark=_("示例") if found.is_sample else ""
        )
        printed = papers.render(policy.form("statement"), data, on=request.on)
        name = f"{made.title}.pdf"
    return FileResponse(io.BytesIO(printed), filename=name, content_type="application/pdf")
