"""Whether the books agree with themselves (账账核对): every figure again from the lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import rules
from mingchan.foundation.ledger.choices import Seal
from mingchan.foundation.ledger.models import Book, Line, MonthBalance, Voucher
from mingchan.kernel import database

LINE_NAMES = ("line_no", "account_id", "debit_fen", "credit_fen", "subject", "summary")
SHOWN_LINES = 20


class Fault(NamedTuple):
    """One disagreement: the object by name, the field, what stands there and what the lines say."""

    obj: str
    field: str
    stored: str
    computed: str
    words: str

    def __str__(self) -> str:
        return self.words


def faults(book_ids: list[int] | None = None) -> Iterator[Fault]:
    """Every disagreement of the books with their own lines (I1, I2, I4, I7), none when all is well.

    Reads all lines once for the digests and once for the sums; meant for `verify`, not for a page.
    """
    vouchers, balances, lines = Voucher.objects.all(), MonthBalance.objects.all(), Line.objects.all()
    if book_ids is not None:
        vouchers = vouchers.filter(book_id__in=book_ids)
        balances = balances.filter(book_id__in=book_ids)
        lines = lines.filter(book_id__in=book_ids)
    yield from _numbers(vouchers)
    yield from _vouchers(vouchers, lines)
    yield from _balances(balances, lines)


def faults_of_month(book: Book, month: int) -> list[Fault]:
    """Disagreements of one month of one book, by sums only: cheap enough for closing."""
    vouchers = Voucher.objects.filter(book=book, month=month)
    lines = Line.objects.filter(book=book, month=month, account__book=book)
    found = [*_numbers(vouchers), *_balances(MonthBalance.objects.filter(book=book, month=month), lines)]
    is_budget = Q(account__element__startswith="BUDGET")
    for side in (~is_budget, is_budget):
        balances = MonthBalance.objects.filter(side, book=book, month__lte=month)
        sums = balances.aggregate(d=Sum("debit_fen"), c=Sum("credit_fen"))
        debit, credit = sums["d"] or 0, sums["c"] or 0
        if debit != credit:
            words = _("试算不平：借方 %(debit)s 分，贷方 %(credit)s 分") % {"debit": debit, "credit": credit}
            found.append(Fault(str(book.ref), "trial_balance", str(debit), str(credit), words))
    return found


def _numbers(vouchers: QuerySet[Voucher]) -> Iterator[Fault]:
    """Numbers run from 1 without a gap, and every voucher is sealed."""
    groups = vouchers.order_by().values("book_id", "month", "kind").annotate(count=Count("id"), last=Max("number"))
    for row in groups.filter(~Q(count=F("last"))):
        words = _("%(month)s 凭证号不连续：共 %(count)s 张，最大号 %(last)s") % row
        yield Fault(f"book:{row['book_id']}", "number", str(row["last"]), str(row["count"]), words)
    for voucher in vouchers.filter(~Q(sealed=Seal.SEALED)):
        words = _("%(number)s 没有记账完成") % {"number": voucher.label}
        yield Fault(str(voucher.ref), "sealed", str(voucher.sealed), str(int(Seal.SEALED)), words)


def _vouchers(vouchers: QuerySet[Voucher], lines: QuerySet[Line]) -> Iterator[Fault]:
    """Each voucher's digest, count and total against its lines."""
    ordered = lines.order_by("voucher_id", "line_no").values_list("voucher_id", "book_id", "month", *LINE_NAMES)
    with database.streamed(ordered) as stream, database.streamed(vouchers.order_by("id")) as heads:
        row = next(stream, None)
        for voucher in heads:
            sums = [0, 0, 0]
            strays = False

            def of_voucher(voucher: Voucher = voucher, sums: list[int] = sums) -> Iterator[tuple[object, ...]]:
                nonlocal row, strays
                while row is not None and row[0] <= voucher.pk:
                    if row[0] == voucher.pk:
                        sums[0] += 1
                        sums[1] += row[5]
                        sums[2] += row[6]
                        strays = strays or row[1] != voucher.book_id or row[2] != voucher.month
                        yield row[3:]
                    row = next(stream, None)

            digest = rules.lines_digest(of_voucher())
            checks = (
                ("lines_digest", voucher.lines_digest, digest, _("%(number)s 的分录与记账时不同")),
                ("line_count", voucher.line_count, sums[0], _("%(number)s 的分录数不符")),
                ("total_fen", voucher.total_fen, sums[1], _("%(number)s 的借方合计与凭证金额不符")),
                ("total_fen", voucher.total_fen, sums[2], _("%(number)s 的贷方合计与凭证金额不符")),
                ("month", False, strays, _("%(number)s 的分录记在别的账套或月份")),
            )
            for field, stored, computed, words in checks:
                if stored != computed:
                    yield Fault(str(voucher.ref), field, str(stored), str(computed), words % {"number": voucher.label})
            if digest != voucher.lines_digest:
                yield from _lines_of(voucher, lines, sums[1], sums[2])


def _lines_of(voucher: Voucher, lines: QuerySet[Line], debit: int, credit: int) -> Iterator[Fault]:
    """The lines that differ from what the voucher vouches for, the first twenty, by the marks it keeps of each.

    An amount changed alone is told with its old value: the voucher's total says by how much the lines are off.
    """
    marks = bytes(voucher.line_marks)
    rows = {row[0]: row for row in lines.filter(voucher=voucher).order_by("line_no").values_list(*LINE_NAMES)}
    off = {"debit_fen": voucher.total_fen - debit, "credit_fen": voucher.total_fen - credit}
    shown = 0
    for number in sorted(set(range(1, len(marks) // rules.MARK + 1)) | set(rows)):
        kept = marks[(number - 1) * rules.MARK : number * rules.MARK]
        row = rows.get(number)
        if row is not None and rules.mark(row) == kept:
            continue
        yield _line_fault(voucher, number, row, kept, off)
        shown += 1
        if shown == SHOWN_LINES:
            return


def _line_fault(
    voucher: Voucher, number: int, row: Sequence[object] | None, kept: bytes, off: Mapping[str, int]
) -> Fault:
    names = {"number": voucher.label, "line": number}
    if row is None:
        return Fault(str(voucher.ref), f"line:{number}", "", "", _("%(number)s 的第 %(line)s 行分录被删除") % names)
    if not kept:
        return Fault(
            str(voucher.ref), f"line:{number}", "", "", _("%(number)s 的第 %(line)s 行分录是后来添加的") % names
        )
    for field, difference in off.items():
        at = LINE_NAMES.index(field)
        found = row[at]
        assert isinstance(found, int)
        before = [*row[:at], found + difference, *row[at + 1 :]]
        if difference and rules.mark(before) == kept:
            label = str(Line._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            words = _("%(number)s 第 %(line)s 行的%(field)s被改动：应为 %(before)s，现为 %(after)s") % {
                **names,
                "field": label,
                "before": found + difference,
                "after": found,
            }
            return Fault(str(voucher.ref), f"line:{number}.{field}", str(found), str(found + difference), words)
    words = _("%(number)s 第 %(line)s 行的科目、对象或摘要被改动") % names
    return Fault(str(voucher.ref), f"line:{number}", "", "", words)


def _balances(balances: QuerySet[MonthBalance], lines: QuerySet[Line]) -> Iterator[Fault]:
    """Month balances against the full sum of the lines (I7)."""
    computed = {
        (account, month): (debit, credit)
        for account, month, debit, credit in lines.order_by()
        .values_list("account_id", "month")
        .annotate(d=Sum("debit_fen"), c=Sum("credit_fen"))
    }
    stored = {
        (row[0], row[1]): (row[2], row[3])
        for row in balances.values_list("account_id", "month", "debit_fen", "credit_fen")
    }
    for account, month in sorted(computed.keys() | stored.keys()):
        kept, summed = stored.get((account, month), (0, 0)), computed.get((account, month), (0, 0))
        if kept != summed:
            words = _("科目 %(account)s %(month)s 的发生额与分录合计不符") % {"account": account, "month": month}
            yield Fault(f"account:{account}", f"month:{month}", str(kept), str(summed), words)
