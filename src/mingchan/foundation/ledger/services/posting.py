"""Posting and reversing vouchers (记账与冲销): whole vouchers in a few statements, with the month balances beside."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import repeat

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import events, permissions, rules
from mingchan.foundation.ledger.choices import Seal, System, VoucherKind
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Account, AccountRole, Book, Line, MonthBalance, Period, Voucher
from mingchan.foundation.ledger.queries import documents
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day, month_of, utc_now

LINE = ("voucher", "book", "account", "month", "line_no", "debit_fen", "credit_fen", "subject", "summary")
CLAUSES = ("3.4.1", "4.1")
BUDGET = ":budget"
"""What the key of a voucher of the budget side adds to the key of the one it stands beside."""
SENTENCES = {
    "no_role": gettext_lazy("第 %(line)s 行：账套没有用途为“%(value)s”的科目"),
    "no_account": gettext_lazy("第 %(line)s 行：账套没有科目“%(value)s”"),
    "not_a_leaf": gettext_lazy("第 %(line)s 行：科目 %(value)s 不是启用的末级科目"),
    "not_whole_fen": gettext_lazy("第 %(line)s 行：金额须为整数分（%(value)s）"),
    "not_one_side": gettext_lazy("第 %(line)s 行：借方、贷方须有且只有一方有金额（%(value)s）"),
    "negative": gettext_lazy("第 %(line)s 行：只有红字冲销凭证可以是负数（%(value)s 分）"),
    "not_negative": gettext_lazy("第 %(line)s 行：红字冲销凭证的金额须为负数（%(value)s 分）"),
    "too_large": gettext_lazy("第 %(line)s 行：金额超出可记的范围（%(value)s 分）"),
    "too_few_lines": gettext_lazy("凭证至少有两行分录"),
    "unbalanced": gettext_lazy("借贷不平，相差 %(value)s 分"),
    "unbalanced_budget": gettext_lazy("预算会计一侧借贷不平，相差 %(value)s 分"),
}


def lock_book(book_id: int) -> Book:
    """The book, held until the transaction ends, so that numbers and periods stand still. Raises NotFound."""
    book = Book.objects.select_for_update().filter(pk=book_id).first()
    if book is None:
        raise NotFound(_("没有这本账。"))
    return book


def closed_through(book: Book) -> int:
    """The last closed month of the book, 0 when none is."""
    found = Period.objects.filter(book=book).aggregate(last=Max("month"))
    return int(found["last"] or 0)


@transaction.atomic
def post(draft: VoucherDraft, *, actor: Actor, on: date) -> Voucher:
    """Post a voucher and answer it; the same key again answers the same voucher. Serves 独立核算 (3.4.1, 4.1).

    With `draft.budget` a government book gets a second voucher beside it, of the budget side (平行记账), which is
    undone with it. `draft.day` may not lie after `on`. Raises Refusal when a line is wrong, it doesn't balance, the
    month is closed, or the key was used for another content; NotFound for a book outside the actor's scope.
    """
    book = lock_book(draft.book_id)
    permissions.require_entry(actor, book, draft.division)
    by_role, by_code = _accounts(book)
    weighed = rules.weigh(draft.lines, by_role, by_code)
    vouched = rules.vouch(weighed.rows)
    earlier = Voucher.objects.filter(county=book.county, key=draft.key).first()
    if earlier is not None:
        if (earlier.book_id, earlier.day, earlier.lines_digest) != (book.pk, draft.day, vouched.digest):
            raise Refusal(_("业务号“%(key)s”已用于另一张凭证。") % {"key": draft.key}, clauses=CLAUSES)
        return earlier
    _refuse(weighed.problems)
    voucher = _new(book, draft, actor, on, weighed, vouched)
    _write(voucher, book, weighed, events.VOUCHER_POSTED, {}, actor, on)
    if draft.budget and book.system == System.GOVERNMENT:
        words = _("%(summary)s（预算会计）") % {"summary": draft.summary.strip()[:190]}
        beside = draft._replace(lines=draft.budget, budget=(), key=draft.key + BUDGET, summary=words)
        post(beside, actor=actor, on=on)
    return voucher


@transaction.atomic
def reverse(voucher_id: int, reason: str, *, actor: Actor, on: date, key: str = "") -> Voucher:
    """Undo a voucher by a red-letter one (红字冲销) dated `on`: the same lines, negative (I3, LED-06).

    The voucher of the budget side beside it is undone too. Raises Refusal when the voucher is reversed already or is
    itself a reversal, when no reason is given, or when the month of `on` is closed; NotFound outside the actor's scope.
    """
    found = Voucher.objects.filter(pk=voucher_id).first()
    if found is None:
        raise NotFound(_("没有这张凭证。"))
    book = lock_book(found.book_id)
    permissions.require_entry(actor, book, found.division_code)
    if found.reverses_id is not None:
        raise Refusal(_("%(number)s 本身是红字冲销凭证，不能再冲销。") % {"number": found.label}, clauses=CLAUSES)
    earlier = Voucher.objects.filter(reverses=found).first()
    if earlier is not None:
        raise Refusal(
            _("%(number)s 已由 %(reversal)s 冲销。") % {"number": found.label, "reversal": earlier.label},
            clauses=CLAUSES,
        )
    if not reason.strip():
        raise Refusal(_("请写明冲销原因。"), clauses=CLAUSES, field="reason")
    draft = VoucherDraft(
        book_id=book.pk,
        day=on,
        summary=(_("冲销 %(number)s：") % {"number": found.label} + reason.strip())[:200],
        lines=(),
        source=found.ref,
        key=key or f"voucher:{found.pk}:reversal",
        division=found.division_code,
    )
    by_role, by_code = _accounts(book)
    weighed = rules.weigh(_negated(found), by_role, by_code, is_reversal=True)
    _refuse(weighed.problems)
    voucher = _new(book, draft, actor, on, weighed, rules.vouch(weighed.rows), kind=found.kind, reverses=found)
    facts = {"original": found.label, "reason": reason.strip()}
    _write(voucher, book, weighed, events.VOUCHER_REVERSED, facts, actor, on, reason=reason.strip())
    beside = Voucher.objects.filter(county=book.county, key=found.key + BUDGET, reversal__isnull=True).first()
    if beside is not None:
        reverse(beside.pk, reason, actor=actor, on=on, key=key and key + BUDGET)
    return voucher


def _accounts(book: Book) -> tuple[Mapping[str, rules.AccountFact], Mapping[str, rules.AccountFact]]:
    """The book's accounts by role and by code."""
    rows = Account.objects.filter(book=book).values_list("id", "code", "is_leaf", "is_active", "element")
    facts = {
        pk: rules.AccountFact(pk, code, is_leaf and is_active, element.startswith("BUDGET"))
        for pk, code, is_leaf, is_active, element in rows
    }
    roles = AccountRole.objects.filter(book=book).values_list("role", "account_id")
    return {role: facts[pk] for role, pk in roles}, {fact.code: fact for fact in facts.values()}


def _negated(voucher: Voucher) -> Iterator[LineDraft]:
    """The lines of a voucher with the signs turned, in their order."""
    rows = Line.objects.filter(voucher=voucher).order_by("line_no")
    names = ("account__code", "debit_fen", "credit_fen", "subject", "summary")
    for code, debit, credit, subject, summary in rows.values_list(*names).iterator(chunk_size=database.BATCH):
        yield LineDraft("", code, -debit, -credit, subject, summary)


def _refuse(problems: list[rules.Problem]) -> None:
    if problems:
        sentences = [str(SENTENCES[p.code]) % {"line": p.line_no, "value": p.value} for p in problems]
        raise Refusal("；".join(sentences), clauses=CLAUSES)


def _new(
    book: Book,
    draft: VoucherDraft,
    actor: Actor,
    on: date,
    weighed: rules.Weighed,
    vouched: rules.Vouched,
    *,
    kind: str = VoucherKind.GENERAL,
    reverses: Voucher | None = None,
) -> Voucher:
    """The next voucher of its book, month and kind, not yet written. Refuses a closed month and a day to come."""
    if draft.day > on:
        raise Refusal(_("凭证日期不能晚于记账日期。"), clauses=CLAUSES, field="day")
    if not draft.summary.strip() or not draft.key.strip():
        raise Refusal(_("凭证须有摘要和来源。"), clauses=CLAUSES, field="summary")
    month = month_of(draft.day)
    last = Voucher.objects.filter(book=book).order_by("-id").values_list("recorded_at", flat=True).first()
    now = utc_now()
    recorded_at = max(now, last) if last is not None else now
    _require_open(book, month, recorded_at)
    number = Voucher.objects.filter(book=book, month=month, kind=kind).aggregate(last=Max("number"))["last"] or 0
    return Voucher(
        county=book.county,
        book=book,
        number=number + 1,
        kind=kind,
        day=draft.day,
        month=month,
        division_code=draft.division or book.division_code,
        summary=draft.summary.strip(),
        source=str(draft.source),
        key=draft.key,
        reverses=reverses,
        line_count=len(weighed.rows),
        total_fen=weighed.total_fen,
        lines_digest=vouched.digest,
        line_marks=vouched.marks,
        posted_by=actor.name,
        recorded_at=recorded_at,
    )


def _require_open(book: Book, month: int, at: datetime) -> None:
    """Refuse a month that takes no postings at the moment (I5)."""
    until = Period.objects.filter(book=book, month=month).values_list("reopened_until", flat=True).first()
    if rules.is_closed(month, closed_through(book), until, at):
        raise Refusal(
            _("%(book)s %(month)s 已结账，不能记账。")
            % {"book": book.name, "month": format_day(date(month // 100, month % 100, 1), "M")},
            clauses=CLAUSES,
            field="day",
        )


def _write(
    voucher: Voucher,
    book: Book,
    weighed: rules.Weighed,
    kind: EventKind,
    facts: Mapping[str, object],
    actor: Actor,
    on: date,
    *,
    reason: str = "",
) -> Voucher:
    """Voucher unsealed, lines, seal, balances, trace: the order the database's guards ask for."""
    voucher.save(force_insert=True)
    voucher_id, book_id, month = voucher.pk, book.pk, voucher.month
    numbers, accounts, debits, credited, subjects, summaries = zip(*weighed.rows, strict=True)
    same = (repeat(voucher_id), repeat(book_id))
    lines = zip(*same, accounts, repeat(month), numbers, debits, credited, subjects, summaries, strict=False)
    # On SQLite row by row the guard would cost a journal for each, and minutes for a large voucher in a savepoint.
    database.insert_short_rows(Line, LINE, lines)
    Voucher.objects.filter(pk=voucher_id).update(sealed=Seal.SEALED)
    voucher.sealed = Seal.SEALED
    table = MonthBalance._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (book_id, account_id, month, debit_fen, credit_fen) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (account_id, month) DO UPDATE SET debit_fen = {table}.debit_fen + excluded.debit_fen, "
            f"credit_fen = {table}.credit_fen + excluded.credit_fen",
            [
                (book_id, account, month, debit, credit)
                for account, (debit, credit) in sorted(weighed.movements.items())
            ],
        )
    evidence.record(
        kind,
        voucher.ref,
        actor=actor,
        on=on,
        after=documents.of_voucher(voucher),
        division=voucher.division_code,
        reason=reason,
        facts={
            "book": book.name,
            "number": voucher.label,
            "lines": voucher.line_count,
            "total": format_yuan(voucher.total_fen),
        }
        | dict(facts),
    )
    return voucher
