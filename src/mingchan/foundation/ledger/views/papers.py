"""The books as statements (账表): trial balance, general and subsidiary ledger, as workbook or paper."""

import io
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions, queries
from mingchan.foundation.ledger.models import Account, Book
from mingchan.foundation.ledger.queries.balances import sides
from mingchan.foundation.ledger.views.pages import span_asked, span_text
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers, statements
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.statements import Column, Statement
from mingchan.kernel.ui.page import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 2000


def _answer(request: HttpRequest, made: Statement, form: str, *, is_sample: bool = False) -> HttpResponseBase:
    """The statement in the form asked for."""
    if form == "xlsx":
        answer = HttpResponse(statements.workbook(made), content_type=XLSX)
        answer["Content-Disposition"] = content_disposition_header(True, f"{made.title}.xlsx")
        return answer
    if form != "pdf":
        raise NotFound(_("没有这种格式。"))
    mark = _("示例") if is_sample else ""
    data = statements.paper(made, county=policy.county_name(), maker=request.actor.name, mark=mark)
    if len(data["rows"]) > papers.MOST_ROWS:
        raise Refusal(_("%(count)s 行太多，不能打印，请缩短期间或导出 Excel") % {"count": len(data["rows"])})
    printed = papers.render(policy.form("statement"), data, on=request.on)
    return FileResponse(io.BytesIO(printed), filename=f"{made.title}.pdf", content_type="application/pdf")


@page(permissions.VIEW)
def trial_balance(request: HttpRequest) -> HttpResponseBase:
    """The trial balance as a paper."""
    form, first, last = span_asked(request)
    chosen = form.book_id()
    book = queries.book(request.actor, chosen) if chosen else None
    found = queries.trial_balance([book.pk] if book else queries.visible_to(request.actor), first, last)
    with translation.override("zh-hans"):
        amounts = (_("期初借方"), _("期初贷方"), _("本期借方"), _("本期贷方"), _("期末借方"), _("期末贷方"))
        made = Statement(
            title=_("科目余额表"),
            unit=book.name if book else _("全部账套"),
            span=span_text(first, last),
            columns=[
                Column(_("科目编码")), Column(_("科目名称"), "wide"), *(Column(label, "money") for label in amounts)
            ],
            rows=[*_balance_rows(found.financial), *(_apart(found) if len(found.parts) > 1 else ())],
            totals=_balance_total(_("合计"), found.financial) if len(found.parts) == 1 else (),
        )  # fmt: skip
        return _answer(request, made, "pdf", is_sample=bool(book and book.is_sample))


def _balance_rows(side: queries.SideBalance) -> list[tuple[Any, ...]]:
    return [
        (row.code, "　" * row.level + row.name, *row.opening, row.debit_fen, row.credit_fen, *row.closing)
        for row in side.rows
        if not row.is_empty
    ]


def _balance_total(label: str, side: queries.SideBalance) -> tuple[Any, ...]:
    return (label, "", *side.opening, *side.moved, *side.closing)


def _apart(found: queries.TrialBalance) -> list[tuple[Any, ...]]:
    """The total of the financial side, then the budget side and its total: the sides are never added up."""
    return [
        _balance_total(_("财务会计合计"), found.financial),
        *_balance_rows(found.budget),
        _balance_total(_("预算会计合计"), found.budget),
    ]


def _head(request: HttpRequest, book_id: int, code: str) -> tuple[Book, Account, int, int]:
    book = queries.book(request.actor, book_id)
    _form, first, last = span_asked(request)
    return book, queries.account(book, code), first, last


def _side(fen: int) -> str:
    return _("平") if not fen else _("借") if fen > 0 else _("贷")


@page(permissions.VIEW)
def general_ledger(request: HttpRequest, book_id: int, code: str, form: str) -> HttpResponseBase:
    """The general ledger of an account."""
    book, account, first, last = _head(request, book_id, code)
    found = queries.general_ledger(account, first, last)
    with translation.override("zh-hans"):
        rows: list[tuple[Any, ...]] = [
            ("", _("期初余额"), None, None, _side(found.opening_fen), abs(found.opening_fen))
        ]
        rows += [
            (
                queries.month_text(row.month), _("本月合计"), row.debit_fen, row.credit_fen, _side(row.balance_fen),
                abs(row.balance_fen),
            )
            for row in found.rows
        ]  # fmt: skip
        debit, credit = sum(row.debit_fen for row in found.rows), sum(row.credit_fen for row in found.rows)
        closing = found.closing_fen
        made = Statement(
            title=_("总账 %(code)s %(name)s") % {"code": account.code, "name": account.name},
            unit=book.name,
            span=span_text(first, last),
            columns=[
                Column(_("月份")), Column(_("摘要"), "wide"), Column(_("借方"), "money"), Column(_("贷方"), "money"),
                Column(_("方向")), Column(_("余额"), "money"),
            ],
            rows=rows,
            totals=(_("合计"), "", debit, credit, _side(closing), sum(sides(closing))),
            sheet=_("总账"),
        )  # fmt: skip
        return _answer(request, made, form, is_sample=book.is_sample)


@page(permissions.VIEW)
def subsidiary_ledger(request: HttpRequest, book_id: int, code: str, form: str) -> HttpResponseBase:
    """The subsidiary ledger of a last-level account, line by line."""
    book, account, first, last = _head(request, book_id, code)
    if not account.is_leaf:
        raise NotFound(_("明细账只有末级科目才有。"))
    with translation.override("zh-hans"):
        made = Statement(
            title=_("明细账 %(code)s %(name)s") % {"code": account.code, "name": account.name},
            unit=book.name,
            span=span_text(first, last),
            columns=[
                Column(_("日期")), Column(_("凭证号")), Column(_("摘要"), "wide"), Column(_("借方"), "money"),
                Column(_("贷方"), "money"), Column(_("方向")), Column(_("余额"), "money"),
            ],
            rows=_lines(account, first, last),
            sheet=_("明细账"),
        )  # fmt: skip
        return _answer(request, made, form, is_sample=book.is_sample)


def _lines(account: Account, first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """The opening balance and every line, a piece at a time."""
    after = ""
    while True:
        found = queries.account_ledger(account, first, last, after=after, limit=PIECE)
        if not after:
            yield "", "", _("期初余额"), None, None, _side(found.opening_fen), abs(found.opening_fen)
        for row in found.rows:
            yield (
                row.day.isoformat(), row.label, row.summary, row.debit_fen or None, row.credit_fen or None,
                _side(row.balance_fen), abs(row.balance_fen),
            )  # fmt: skip
        if not found.following:
            return
        after = found.following
