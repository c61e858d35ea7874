"""Pages of money sent down and payments (资金页面): overview, lists, one row, reconciliation, export."""

from collections.abc import Iterator
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel import links
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.page import page
from mingchan.register.funding import queries, sheets
from mingchan.register.funding.choices import FindingCode, FundLevel
from mingchan.register.funding.queries import FundFilter
from mingchan.register.funding.views import showing

EXPORT_LIMIT = 100_000


@page("funding.view")
def overview(request: HttpRequest) -> HttpResponse:
    """What was received, spent and left, by source, line and year (3.1)."""
    actor = request.actor
    names = showing.source_names()
    received = queries.received_by_source(actor)
    by_source = {row.key: row for row in queries.sums_by_source(actor)}
    sources = [
        {
            "code": code,
            "name": names.get(code, code),
            "received": received.get(code, 0),
            "sums": by_source.get(code, queries.Sums(code, code, 0, 0, 0, 0)),
            "received_url": reverse("funding:appropriations") + "?" + urlencode({"funding": code}),
            "url": showing.uses_url(funding=code),
            "asset_url": showing.uses_url(funding=code, part="asset"),
            "expense_url": showing.uses_url(funding=code, part="expense"),
        }
        for code in sorted({*received, *by_source})
    ]
    lines = [
        {
            "sums": row,
            "url": showing.uses_url(line=row.key),
            "asset_url": showing.uses_url(line=row.key, part="asset"),
            "expense_url": showing.uses_url(line=row.key, part="expense"),
        }
        for row in queries.sums_by_line(actor)
    ]
    years = [
        {"sums": row, "name": str(row.key) if row.key else _("未注明"), "url": showing.uses_url(paid_year=row.key)}
        for row in queries.sums_by_paid_year(actor)
    ]
    totals = {
        "received": sum(received.values()),
        "paid": sum(row.paid_fen for row in by_source.values()),
        "asset": sum(row.asset_fen for row in by_source.values()),
        "expense": sum(row.expense_fen for row in by_source.values()),
        "count": sum(row.count for row in by_source.values()),
    }
    context = {
        "tabs": showing.tabs("overview"),
        "sources": sources,
        "lines": lines,
        "years": years,
        "totals": totals,
        "differences": sum(not row.agrees for row in queries.reconciliation(actor)),
        "may": _may(request),
    }
    return render(request, "funding/overview.html", context)


@page("funding.view")
def appropriations(request: HttpRequest) -> HttpResponse:
    """Money sent down, one row a document (2.1.1)."""
    funding = request.GET.get("funding", "")[:20]
    project = queries.FundFilter.read(request.GET).project
    rows, following = queries.appropriation_rows(
        request.actor,
        funding=funding,
        project=project,
        source=request.GET.get("source", "")[:60],
        after=request.GET.get("after"),
    )
    projects = queries.project_choices(request.actor)
    context = {
        "tabs": showing.tabs("appropriations"),
        "rows": rows,
        "following": following,
        "sources": showing.source_names(),
        "levels": dict(FundLevel.choices),
        "uses_url": showing.uses_url,
        "funding": funding,
        "project": project,
        "projects": projects,
        "may": _may(request),
    }
    return render(request, "funding/appropriations.html", context)


@page("funding.view")
def uses(request: HttpRequest) -> HttpResponse:
    """Payments inside a filter, by key, with their sums (3.1)."""
    actor = request.actor
    filtered = FundFilter.read(request.GET)
    sort = request.GET.get("sort", "id")
    found = queries.use_rows(filtered, actor, sort=sort, after=request.GET.get("after"))
    names = showing.source_names()
    lines, projects = queries.lines(actor), queries.project_choices(actor)
    context = {
        "tabs": showing.tabs("uses"),
        "rows": found.rows,
        "following": found.following,
        "totals": queries.totals(filtered, actor),
        "sort": sort,
        "sources": names,
        "lines": lines,
        "problems": FindingCode.choices,
        "projects": projects,
        "may": _may(request),
        "chips": _chips(filtered, names, dict(lines), dict(projects)),
        "export": {form: _export_url(form, filtered, sort) for form in ("xlsx", "csv")},
    }
    return render(request, "funding/uses.html", context)


def _may(request: HttpRequest) -> dict[str, bool]:
    """What the reader may enter by hand."""
    return {"register": request.actor.may("funding.register"), "manage": request.actor.may("project.manage")}


def _export_url(form: str, filtered: FundFilter, sort: str) -> str:
    return reverse("funding:export", args=[form]) + "?" + urlencode({**filtered.parameters(), "sort": sort})


def _chips(
    filtered: FundFilter, sources: dict[str, str], lines: dict[int, str], projects: dict[int, str]
) -> list[tuple[str, str, str]]:
    """What narrows the list, in words, each with the address without it."""
    words = {
        "funding": (_("资金来源"), lambda value: sources.get(value, value)),
        "document": (_("资金文号"), lambda value: value or _("（无文号）")),
        "line": (_("子项目"), lambda value: lines.get(int(value), value)),
        "project": (_("项目"), lambda value: projects.get(int(value), _("未归入项目"))),
        "source": (_("登记来源"), lambda value: links.resolve(value).title),
        "year": (_("项目年度"), str),
        "paid_year": (_("支付年度"), lambda value: _("未注明") if value == "0" else value),
        "part": (_("形成"), lambda value: _("资产") if value == "asset" else _("费用")),
        "problem": (_("提醒"), lambda value: dict(FindingCode.choices).get(value, value)),
        "q": (_("关键词"), str),
    }
    given = filtered.parameters()
    return [
        (
            words[name][0],
            words[name][1](value),
            showing.uses_url(**{key: other for key, other in given.items() if key != name}),
        )
        for name, value in given.items()
    ]


def _headings() -> list[str]:
    return [
        _("序号"),
        _("子项目"),
        _("项目年度"),
        _("资金来源"),
        _("资金文号"),
        _("支出内容"),
        _("收款单位"),
        _("支付日期"),
        _("支付金额"),
        _("形成资产金额"),
        _("费用性支出"),
        _("用途"),
        _("合同编号"),
        _("发票号码"),
    ]


@page("funding.view")
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """Exactly the payments that the list shows, as xlsx or csv; text that looks like a formula stays text."""
    if form not in ("xlsx", "csv"):
        raise NotFound(_("没有这种格式"))
    filtered = FundFilter.read(request.GET)
    if queries.totals(filtered, request.actor).count > EXPORT_LIMIT:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": EXPORT_LIMIT})
    rows = _export_rows(filtered, request, form)
    title = _("扶贫资金投向使用明细")
    if form == "csv":
        response = StreamingHttpResponse(sheets.csv_lines(_headings(), rows), content_type="text/csv; charset=utf-8")
    else:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(sheets.workbook(title, _headings(), rows, (8, 9, 10)), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="fund-uses.{form}"'
    return response


def _export_rows(filtered: FundFilter, request: HttpRequest, form: str) -> Iterator[list]:
    names = showing.source_names()
    after, number = None, 0
    while True:
        found = queries.use_rows(filtered, request.actor, sort=request.GET.get("sort", "id"), after=after, limit=2000)
        for row in found.rows:
            number += 1
            amounts = (row.paid_fen, row.asset_fen, row.expense_fen)
            yield [
                number,
                row.line,
                row.year or "",
                names.get(row.funding, row.funding),
                row.document,
                row.item,
                row.payee,
                format_day(row.paid_on, row.paid_precision),
                *(amounts if form == "xlsx" else map(sheets.plain_yuan, amounts)),
                row.purpose,
                row.contract_no,
                row.invoice_no,
            ]
        after = found.following
        if after is None:
            return


@page("funding.view")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: amounts, money, payee, entry, where it was read from, its history."""
    row = queries.fund_use(pk, request.actor)
    context = {
        "row": row,
        "sources": showing.source_names(),
        "originals": orjson.loads(row.originals) if row.originals else {},
        "origin": links.resolve(row.source),
        "history": evidence.history(Ref("fund_use", row.pk)),
        "papers": evidence.attachments_of(Ref("fund_use", row.pk)) if request.actor.may("paper.view") else [],
        "sections": sections.build("fund_use", "use", row, request),
    }
    return render(request, "funding/use.html", context)


@page("funding.view")
def appropriation(request: HttpRequest, pk: int) -> HttpResponse:
    """One appropriation: amount, document, where it was read from, what was spent of it, its history."""
    row = queries.appropriation(pk, request.actor)
    filtered = FundFilter(funding=row.funding, document=row.document)
    context = {
        "row": row,
        "sources": showing.source_names(),
        "levels": dict(FundLevel.choices),
        "spent": queries.totals(filtered, request.actor),
        "spent_url": showing.uses_url(**filtered.parameters()),
        "originals": orjson.loads(row.originals) if row.originals else {},
        "origin": links.resolve(row.source),
        "history": evidence.history(Ref("appropriation", row.pk)),
        "papers": evidence.attachments_of(Ref("appropriation", row.pk)) if request.actor.may("paper.view") else [],
    }
    return render(request, "funding/appropriation.html", context)
