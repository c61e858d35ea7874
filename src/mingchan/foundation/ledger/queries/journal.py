"""The journal as text for hledger (日记账导出): another program can add everything up again."""

import re
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from mingchan.foundation.ledger.models import Account, Book, Line, Voucher
from mingchan.kernel import database

COMMODITY = "CNY"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f:;|\u2028\u2029]+")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Text that means nothing to hledger: no colon, semicolon, bar, control character or double blank."""
    return _BLANKS.sub(" ", _UNSAFE.sub(" ", text)).strip()


def account_name(book: Book, code: str, names: dict[str, tuple[str, str]]) -> str:
    """The account in full from the book down: `账套1 偏关县工信局:1601 固定资产:160102 通用设备`."""
    parts: list[str] = []
    while code in names:
        name, parent = names[code]
        parts.append(f"{code} {plain(name)}")
        code = parent
    return ":".join([f"账套{book.pk} {plain(book.name)}", *reversed(parts)])


def amount(fen: int) -> str:
    """Fen as hledger reads it: 123456 → 1234.56 CNY."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d} {COMMODITY}"


def hledger_journal(book_ids: Iterable[int] | QuerySet[Book]) -> Iterator[str]:
    """The journal of books, in pieces of text, in the order of posting; amounts exact, credit negative."""
    wanted = book_ids if isinstance(book_ids, QuerySet) else Book.objects.filter(pk__in=list(book_ids))
    yield f"decimal-mark .\ncommodity 1000.00 {COMMODITY}\n\n"
    for book in wanted.order_by("id"):
        names = {
            code: (name, parent)
            for code, name, parent in Account.objects.filter(book=book).values_list("code", "name", "parent_code")
        }
        accounts = {
            pk: account_name(book, code, names)
            for pk, code in Account.objects.filter(book=book).values_list("id", "code")
        }
        yield from _vouchers(book, accounts)


def _vouchers(book: Book, accounts: dict[int, str]) -> Iterator[str]:
    heads = Voucher.objects.filter(book=book).order_by("id")
    lines = (
        Line.objects.filter(voucher__book=book)
        .order_by("voucher_id", "line_no")
        .values_list("voucher_id", "account_id", "debit_fen", "credit_fen", "subject")
    )
    with database.streamed(heads) as vouchers, database.streamed(lines) as rows:
        line = next(rows, None)
        for voucher in vouchers:
            red = f"冲销 {voucher.reverses_id}，" if voucher.reverses_id else ""
            head = f"{voucher.day.isoformat()} ({voucher.label}) {plain(voucher.summary)}"
            piece = [f"{head}  ; {red}{plain(voucher.source)}\n"]
            while line is not None and line[0] == voucher.pk:
                _voucher_id, account_id, debit, credit, subject = line
                note = f"  ; {plain(subject)}" if subject else ""
                piece.append(f"    {accounts[account_id]}  {amount(debit - credit)}{note}\n")
                if len(piece) == database.BATCH:
                    yield "".join(piece)
                    piece = []
                line = next(rows, None)
            yield "".join(piece) + "\n"
