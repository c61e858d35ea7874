"""Bank statements (银行对账单): lines are kept once, and each is claimed by a person, never by the program."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income import events, permissions
from mingchan.lifecycle.income.choices import LineState
from mingchan.lifecycle.income.drafts import PaperDraft, ReceiptDraft, StatementDraft
from mingchan.lifecycle.income.models import Receipt, StatementLine
from mingchan.lifecycle.income.queries.documents import STATEMENT
from mingchan.lifecycle.income.services import receiving

CLAUSES = ("2.5a",)
MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 5000
HEADINGS = {
    "day": ("交易日期", "记账日期", "入账日期", "到账日期", "日期"),
    "credit": ("贷方发生额", "贷方金额", "收入金额", "收入", "贷方", "金额", "交易金额"),
    "payer_name": ("对方户名", "对方名称", "对方账户名称", "付款人名称", "付款人", "户名"),
    "reference": ("交易流水号", "流水号", "凭证号", "凭证号码", "业务编号"),
    "summary": ("摘要", "附言", "用途", "备注"),
}
"""Headings by which the columns of the banks' statements are known; the first that is found counts."""
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d")


def read(paper: PaperDraft) -> list[StatementDraft]:
    """The incoming lines of a statement, xlsx or csv. Raises Refusal naming the row that isn't understood."""
    if len(paper.content) > MOST_BYTES:
        raise Refusal(_("对账单文件不能超过 5 MB"), clauses=CLAUSES, field="paper")
    rows = _rows(paper)
    for place, row in enumerate(rows):
        columns = _columns(row)
        if columns is not None:
            return list(_lines(rows[place + 1 :], columns, place + 2))
    raise Refusal(
        _("没有找到表头：对账单应有“交易日期”“贷方发生额”“对方户名”“流水号”等列"), clauses=CLAUSES, field="paper"
    )


def _rows(paper: PaperDraft) -> list[list[Any]]:
    if paper.name.lower().endswith(".csv"):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = paper.content.decode(encoding)
            except UnicodeDecodeError:
                continue
            return [list(row) for row in csv.reader(io.StringIO(text))][: MOST_ROWS + 50]
        raise Refusal(_("文件不是 UTF-8 或 GB18030 文本"), clauses=CLAUSES, field="paper")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(paper.content)).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python(nrows=MOST_ROWS + 50)]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Refusal(_("文件打不开：请上传银行导出的 xlsx 或 csv"), clauses=CLAUSES, field="paper") from error


def _columns(row: Sequence[Any]) -> dict[str, int] | None:
    """Where the columns stand when the row is the head; day, credit and reference must be there."""
    texts = [str(cell or "").strip().removesuffix("（元）").removesuffix("(元)") for cell in row]
    found = {}
    for name, headings in HEADINGS.items():
        place = next((texts.index(heading) for heading in headings if heading in texts), None)
        if place is not None:
            found[name] = place
    return found if {"day", "credit", "reference"} <= found.keys() else None


def _lines(rows: Sequence[Sequence[Any]], columns: dict[str, int], first: int) -> Iterator[StatementDraft]:
    for number, row in enumerate(rows, first):
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        amount = str(cells["credit"] or "").replace(",", "").replace("，", "").strip()
        if not amount or not str(cells["reference"] or "").strip():
            continue
        fen = _fen(amount, number)
        if fen <= 0:
            continue
        yield StatementDraft(
            _day(cells["day"], number),
            fen,
            str(cells.get("payer_name") or "").strip()[:120],
            _text(cells["reference"])[:60],
            str(cells.get("summary") or "").strip()[:200],
        )


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _fen(text: str, number: int) -> int:
    try:
        fen = Decimal(text).scaleb(2)
    except InvalidOperation:
        raise Refusal(_("第 %(row)s 行金额不是数字") % {"row": number}, clauses=CLAUSES, field="paper") from None
    if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) >= 2**53:
        raise Refusal(_("第 %(row)s 行金额不是整数分") % {"row": number}, clauses=CLAUSES, field="paper")
    return int(fen)


def _day(value: Any, number: int) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value).split(" ")[0]
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise Refusal(_("第 %(row)s 行日期看不懂") % {"row": number}, clauses=CLAUSES, field="paper")


@transaction.atomic
def take(bank_account: str, paper: PaperDraft, *, actor: Actor, on: date) -> tuple[int, int]:
    """Keep the incoming lines of a statement; those known by their reference are left out. Returns new and known.

    Raises Refusal for a file that isn't understood, without an account, or with a day to come; NotAllowed without
    `income.receive`.
    """
    permissions.require(actor, permissions.RECEIVE)
    if not bank_account.strip():
        raise Refusal(_("请填写收款账户"), clauses=CLAUSES, field="bank_account")
    lines = read(paper)
    if len(lines) > MOST_ROWS:
        raise Refusal(_("一次最多导入 %(count)s 行") % {"count": MOST_ROWS}, clauses=CLAUSES, field="paper")
    late = next((line for line in lines if line.day > on), None)
    if late is not None:
        raise Refusal(_("对账单中有今天以后的日期"), clauses=CLAUSES, field="paper")
    given = {line.reference: line for line in lines}
    known = set(
        StatementLine.objects.filter(
            county=actor.county, bank_account=bank_account.strip(), reference__in=list(given)
        ).values_list("reference", flat=True)
    )
    source = str(Ref("statement", paper.name[:40]))
    for reference, line in given.items():
        if reference in known:
            continue
        made = StatementLine.objects.create(
            county=actor.county,
            bank_account=bank_account.strip(),
            reference=reference,
            day=line.day,
            payer_name=line.payer_name,
            summary=line.summary,
            fen=line.fen,
            source=source,
            imported_on=on,
        )
        evidence.record(
            events.STATEMENT,
            Ref("statement_line", made.pk),
            actor=actor,
            on=on,
            after=protection.document(STATEMENT, made),
            division=actor.county.ljust(12, "0"),
            facts={"count": 1},
        )
    return len(given) - len(known), len(known)


def _waiting(line_id: int, actor: Actor) -> StatementLine:
    permissions.require(actor, permissions.RECEIVE)
    found = StatementLine.objects.select_for_update(of=("self",)).filter(pk=line_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这行对账单。"))
    if found.state != LineState.WAITING:
        raise Refusal(_("这行对账单已处理"), clauses=CLAUSES)
    return found


@transaction.atomic
def claim(line_id: int, payer: int, creditor: int | None = None, *, actor: Actor, on: date) -> Receipt:
    """Record the receipt of a statement's line for a payer that a person confirmed. Raises as `receiving.receive`."""
    found = _waiting(line_id, actor)
    draft = ReceiptDraft(
        payer, found.fen, found.day, found.bank_account, found.reference, creditor=creditor, note=found.summary
    )
    receipt = receiving.receive(draft, actor=actor, on=on)
    _settle(found, LineState.RECORDED, receipt, "", actor, on)
    return receipt


@transaction.atomic
def set_aside(line_id: int, reason: str, *, actor: Actor, on: date) -> StatementLine:
    """Mark a line as no business of income, with the reason. Raises Refusal without one, or when it is settled."""
    found = _waiting(line_id, actor)
    if not reason.strip():
        raise Refusal(_("请写明为什么不是本业务"), clauses=CLAUSES, field="reason")
    _settle(found, LineState.SET_ASIDE, None, reason.strip(), actor, on)
    return found


def _settle(found: StatementLine, state: str, receipt: Receipt | None, reason: str, actor: Actor, on: date) -> None:
    before = protection.document(STATEMENT, found)
    found.state, found.receipt, found.reason, found.settled_on = state, receipt, reason, on
    found.save(update_fields=["state", "receipt", "reason", "settled_on"])
    evidence.record(
        events.CLAIMED,
        Ref("statement_line", found.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(STATEMENT, found),
        division=actor.county.ljust(12, "0"),
        facts={"reference": found.reference},
    )
