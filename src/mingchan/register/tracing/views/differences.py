"""Lists of differences (差异), the reconciliation as a workbook, and the picture of the flow of money."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.errors import Refusal
from mingchan.kernel.period import format_day
from mingchan.kernel.ui.page import page
from mingchan.register.funding import queries as funding
from mingchan.register.funding.queries import FundFilter
from mingchan.register.tracing import queries, sheets
from mingchan.register.tracing.queries import CardFilter
from mingchan.register.tracing.views import showing

EXPORT_LIMIT = 100_000
EXPORT_PAGE = 2_000


@page("funding.view")
def payments(request: HttpRequest) -> HttpResponse:
    """Payments that aren't linked to assets as a whole, each with what is open (3.1)."""
    actor = request.actor
    filtered = FundFilter.read(request.GET)
    rows, following = queries.payment_rows(filtered, actor, after=request.GET.get("after"))
    context = {
        "rows": rows,
        "following": following,
        "sources": showing.source_names(),
        "lines": funding.lines(actor),
        "projects": funding.project_choices(actor),
        "narrowed": len(filtered.parameters()),
        "may_link": actor.may("tracing.link"),
    }
    return render(request, "tracing/payments.html", context)


@page("funding.view")
def cards(request: HttpRequest) -> HttpResponse:
    """Assets whose cost no payment explains as a whole, or that other sources paid for than their card says (2.1.1)."""
    actor = request.actor
    filtered = CardFilter.read(request.GET)
    wrong = request.GET.get("problem") == "source"
    rows, following = (
        (queries.mismatched(actor), None)
        if wrong
        else queries.card_rows(filtered, actor, every="all" in request.GET, after=request.GET.get("after"))
    )
    context = {
        "rows": rows,
        "following": following,
        "wrong": wrong,
        "every": "all" in request.GET,
        "sources": showing.source_names(),
        "systems": showing.systems(),
        "tiers": showing.tiers(),
        "narrowed": len(filtered.parameters()),
    }
    return render(request, "tracing/cards.html", context)


@page("funding.view")
def flow(request: HttpRequest) -> HttpResponse:
    """Value of assets from source of money to system to township, drawn and as a table (2.1.1, 3.1)."""
    actor = request.actor
    rows = queries.flows(actor, request.on)
    towns = directory.division_names({f"{row.town:0<12}" for row in rows if row.town})
    sources, systems = showing.source_names(), showing.systems()
    names = {row.town: towns.get(f"{row.town:0<12}", row.town) if row.town else _("未填区划") for row in rows}
    shown = [
        {
            "row": row,
            "source": sources.get(row.funding, row.funding),
            "system": systems.get(row.system, row.system),
            "town": names[row.town],
            "url": showing.address("assets:list", funding=row.funding, system=row.system, division=row.town),
        }
        for row in rows
    ]
    nodes, links = _drawn(rows, sources, systems, names)
    context = {
        "shown": shown,
        "nodes": nodes,
        "links": links,
        "total": sum(row.cost_fen for row in rows),
        "cards": sum(row.cards for row in rows),
        "mixed": [(sources.get(code, code), fen) for code, fen in queries.mixed_parts(actor, request.on)],
    }
    return render(request, "tracing/flow.html", context)


def _drawn(
    rows: list[queries.Flow], sources: dict[str, str], systems: dict[str, str], towns: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes and links of the picture; each leads to the list of the assets it stands for."""
    nodes: dict[str, dict[str, Any]] = {}
    links: dict[tuple[str, str], dict[str, Any]] = {}

    def node(key: str, label: str, **narrowed: str) -> None:
        nodes.setdefault(key, {"name": key, "label": label, "url": showing.address("assets:list", **narrowed)})

    def flow_of(start: str, end: str, fen: int, **narrowed: str) -> None:
        url = showing.address("assets:list", **narrowed)
        found = links.setdefault((start, end), {"source": start, "target": end, "value": 0, "url": url})
        found["value"] += fen

    for row in rows:
        source, system, town = f"source:{row.funding}", f"system:{row.system}", f"town:{row.town}"
        node(source, sources.get(row.funding, row.funding), funding=row.funding)
        node(system, systems.get(row.system, row.system), system=row.system)
        node(town, towns[row.town], division=row.town)
        flow_of(source, system, row.cost_fen, funding=row.funding, system=row.system)
        flow_of(system, town, row.cost_fen, system=row.system, division=row.town)
    return list(nodes.values()), list(links.values())


@page("funding.view")
def export(request: HttpRequest) -> HttpResponse:
    """The whole reconciliation as xlsx: by source, project, sub-project and year, and every difference (3.1)."""
    actor = request.actor
    names = showing.source_names()
    titles = {"source": _("按资金来源"), "project": _("按项目"), "line": _("按子项目"), "year": _("按年度")}
    book = [
        sheets.Sheet(title, [title, *_headings()], list(_both(group, request, names)), 1)
        for group, title in titles.items()
    ]
    book.append(
        sheets.Sheet(
            _("支出差异"),
            [
                _("支出内容"),
                _("子项目"),
                _("资金来源"),
                _("收款单位"),
                _("支付日期"),
                _("形成资产金额"),
                _("已关联"),
                _("未关联"),
            ],
            _open_payments(request, names),
            5,
        )
    )
    book.append(
        sheets.Sheet(
            _("资产差异"),
            [_("资产编号"), _("资产名称"), _("建设体系"), _("资金来源"), _("原值"), _("已关联"), _("未关联")],
            _open_cards(request, names),
            4,
        )
    )
    wrong = [_card_line(row, names) for row in queries.mismatched(actor, EXPORT_LIMIT)]
    headings = [_("资产编号"), _("资产名称"), _("建设体系"), _("资金来源"), _("原值"), _("已关联"), _("未关联")]
    book.append(sheets.Sheet(_("来源不符"), headings, wrong, 4))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(sheets.workbook(_("项目资金勾稽表"), book), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="reconciliation.xlsx"'
    return response


def _headings() -> list[str]:
    return [
        _("下达"), _("支出"), _("结余"), _("形成资产"), _("费用性支出"), _("支出已关联"), _("支出未关联"),
        _("资产原值"), _("资产已关联"), _("资产未关联"),
    ]  # fmt: skip


def _both(group: str, request: HttpRequest, names: dict[str, str]) -> Iterator[list[Any]]:
    """Money and register side by side, one line for each source, project, sub-project or year."""
    money = {row.key: row for row in funding.balances(group, request.actor)}
    things = {row.key: row for row in queries.agreements(group, request.actor, request.on)}
    for key in sorted({*money, *things}, key=str):
        balance, agreement = money.get(key), things.get(key)
        label = (balance.label if balance else "") or (agreement.label if agreement else "")
        label = names.get(label, label) if group == "source" else label or (str(key) if key else _("未注明"))
        left = [None] * 5
        if balance is not None:
            has = group != "line"
            left = [
                balance.received_fen if has else None, balance.spent_fen, balance.left_fen if has else None,
                balance.asset_fen, balance.expense_fen,
            ]  # fmt: skip
        right = [None] * 5
        if agreement is not None:
            right = [
                agreement.use_linked_fen, agreement.use_open_fen, agreement.cost_fen, agreement.card_linked_fen,
                agreement.card_open_fen,
            ]  # fmt: skip
        yield [label, *left, *right]


def _open_payments(request: HttpRequest, names: dict[str, str]) -> Iterator[list[Any]]:
    after, count = None, 0
    while True:
        rows, after = queries.payment_rows(FundFilter(), request.actor, after=after, limit=EXPORT_PAGE)
        count += len(rows)
        _not_too_many(count)
        for row in rows:
            day = format_day(row.paid_on, row.paid_precision)
            amounts = (row.asset_fen, row.linked_fen, row.open_fen)
            yield [row.item, row.line, names.get(row.funding, row.funding), row.payee, day, *amounts]
        if after is None:
            return


def _open_cards(request: HttpRequest, names: dict[str, str]) -> Iterator[list[Any]]:
    after, count = None, 0
    while True:
        rows, after = queries.card_rows(CardFilter(), request.actor, after=after, limit=EXPORT_PAGE)
        count += len(rows)
        _not_too_many(count)
        for row in rows:
            yield _card_line(row, names)
        if after is None:
            return


def _not_too_many(count: int) -> None:
    if count > EXPORT_LIMIT:
        raise Refusal(_("超过 %(count)s 条，请先筛选") % {"count": EXPORT_LIMIT})


def _card_line(row: queries.CardRow, names: dict[str, str]) -> list[Any]:
    system = showing.systems().get(row.system, row.system)
    source = names.get(row.funding, row.funding)
    return [row.code, row.name, system, source, row.cost_fen, row.linked_fen, row.open_fen]
