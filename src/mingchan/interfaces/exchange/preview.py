"""The first rows of a sheet in words (预览): what will be entered, as the clerk will see it in the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.exchange.choices import SheetKind
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.kernel import money, period

Table = dict[str, Any]


def table(kind: str, rows: Sequence[Sequence[Any]], places: Sequence[str]) -> Table:
    """Columns (label, kind) and rows of words for the rows of one sheet; empty for a kind that is not previewed."""
    fields = catalogue.ROW_FIELDS.get(kind, ())
    named = [dict(zip(fields, row, strict=True)) for row in rows]
    if kind == SheetKind.REGISTER:
        return _cards(named, places)
    if kind == SheetKind.SURVEY:
        return _found(named, places)
    if kind == SheetKind.FUND_USE:
        return _payments(named)
    if kind == SheetKind.APPROPRIATION:
        return _appropriations(named)
    return {"columns": [], "rows": []}


def _columns(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "kind": kind} for label, kind in pairs]


def _day(row: Mapping[str, Any], field: str, precision: str) -> str:
    if not row[field]:
        return ""
    return period.format_day(date.fromisoformat(row[field]), row[precision] or "D", get_language() or "zh")


def _funding(row: Mapping[str, Any]) -> str:
    source = policy.funding_sources().get(row["funding"])
    return str(source.label) if source else row["funding_text"] or ""


def _cards(rows: Sequence[Mapping[str, Any]], places: Sequence[str]) -> Table:
    columns = _columns(
        (_("行"), "number"),
        (_("资产名称"), "text"),
        (_("分类"), "text"),
        (_("规格型号"), "text"),
        (_("数量"), "quantity"),
        (_("原值（元）"), "money"),
        (_("取得日期"), "text"),
        (_("资金来源"), "text"),
        (_("所在地"), "text"),
        (_("站点"), "text"),
        (_("管护责任人"), "text"),
        (_("使用状况"), "text"),
    )
    codes = policy.asset_codes()
    body = []
    for row, place in zip(rows, places, strict=True):
        proposal = policy.propose_class(row["name"] or "")
        code = row["class_code"] or (proposal.code if proposal else "")
        body.append(
            [
                row["row"],
                row["name"] or "",
                f"{code} {codes[code].name}" if code in codes else code or _("未分类"),
                row["model"] or "",
                f"{money.format_quantity(row['quantity_milli'] or 0)} {row['unit'] or ''}",
                money.format_yuan(row["cost_fen"] or 0),
                _day(row, "acquired_on", "acquired_precision"),
                _funding(row),
                place or row["village"] or row["town"] or "",
                row["site"] or "",
                row["keeper"] or "",
                row["condition"] or "",
            ]
        )
    return {"columns": columns, "rows": body}


def _found(rows: Sequence[Mapping[str, Any]], places: Sequence[str]) -> Table:
    columns = _columns(
        (_("行"), "number"),
        (_("资产编号"), "text"),
        (_("资产名称"), "text"),
        (_("规格型号"), "text"),
        (_("实盘数量"), "quantity"),
        (_("核实价值（元）"), "money"),
        (_("所在地"), "text"),
        (_("站点"), "text"),
        (_("管护人"), "text"),
        (_("使用状况"), "text"),
        (_("调查结果"), "text"),
    )
    body = []
    for row, place in zip(rows, places, strict=True):
        quantity, cost = row["quantity_milli"], row["cost_fen"]
        body.append(
            [
                row["row"],
                row["asset_code"] or "",
                row["name"] or "",
                row["model"] or "",
                "" if quantity is None else f"{money.format_quantity(quantity)} {row['unit'] or ''}",
                "" if cost is None else money.format_yuan(cost),
                place or row["village"] or row["town"] or "",
                row["site"] or row["place"] or "",
                row["keeper"] or "",
                row["condition"] or "",
                row["result"] or "",
            ]
        )
    return {"columns": columns, "rows": body}


def _payments(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = _columns(
        (_("行"), "number"),
        (_("子项目"), "text"),
        (_("支出内容"), "text"),
        (_("收款单位"), "text"),
        (_("支付日期"), "text"),
        (_("支付金额（元）"), "money"),
        (_("形成资产（元）"), "money"),
        (_("费用性支出（元）"), "money"),
    )
    body = [
        [row["row"], row["line"] or "", row["item"] or "", row["payee"] or "", _day(row, "paid_on", "paid_precision")]
        + [money.format_yuan(row[name] or 0) for name in ("paid_fen", "asset_fen", "expense_fen")]
        for row in rows
    ]
    return {"columns": columns, "rows": body}


def _appropriations(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = _columns(
        (_("行"), "number"),
        (_("资金来源"), "text"),
        (_("文号"), "text"),
        (_("下达日期"), "text"),
        (_("下达金额（元）"), "money"),
    )
    body = [
        [
            row["row"],
            _funding(row),
            row["document_no"] or "",
            _day(row, "issued_on", "issued_precision"),
            money.format_yuan(row["amount_fen"] or 0),
        ]
        for row in rows
    ]
    return {"columns": columns, "rows": body}
