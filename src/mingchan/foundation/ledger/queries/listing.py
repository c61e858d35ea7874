"""The list of vouchers and one voucher's page (凭证列表与凭证)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.ledger import permissions
from mingchan.foundation.ledger.models import Book, Line, Voucher
from mingchan.foundation.ledger.queries.scope import visible_to
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref


@dataclass(frozen=True, slots=True)
class VoucherFilter:
    """What a list of vouchers is limited to; empty means all. Months as 202003; `state` is plain, reversed or red."""

    book_id: int | None = None
    month_from: int | None = None
    month_to: int | None = None
    kind: str = ""
    text: str = ""
    subject: str = ""
    source: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """A page of vouchers, newest first; `following` is the cursor of the next page, None at the end."""

    rows: list[Voucher]
    following: str | None


def vouchers(wanted: VoucherFilter, actor: Actor, *, after: str = "", limit: int = 50) -> VoucherPage:
    """Vouchers the actor sees, the newest month first and in it the last one booked, each with its book and reversal.

    `after` is the cursor `month.voucher` of the last one shown.
    """
    chosen = filtered(wanted, actor).select_related("book", "reverses", "reversal")
    month, _dot, number = after.partition(".")
    if month.isdecimal() and number.isdecimal():
        chosen = chosen.filter(Q(month=month, pk__lt=number) | Q(month__lt=month))
    found = list(chosen.order_by("-month", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return VoucherPage(found[:limit], f"{last.month}.{last.pk}" if last else None)


def totals(wanted: VoucherFilter, actor: Actor) -> tuple[int, int]:
    """How many vouchers the filter finds, and their total in fen (red ones negative)."""
    chosen = filtered(wanted, actor)
    return chosen.count(), int(chosen.aggregate(sum=Sum("total_fen"))["sum"] or 0)


def filtered(wanted: VoucherFilter, actor: Actor) -> QuerySet[Voucher]:
    """Vouchers by filter, limited to the books the actor sees."""
    chosen = Voucher.objects.filter(book__in=visible_to(actor))
    scopes = actor.scopes(permissions.VIEW)
    if len({scope[:6] for scope in scopes}) == 1 and len(scopes[0]) >= 6 and not actor.parties(permissions.VIEW):
        chosen = chosen.filter(county=scopes[0][:6])  # lets the list walk its index instead of sorting every voucher
    if wanted.book_id is not None:
        chosen = chosen.filter(book=wanted.book_id)
    if wanted.month_from is not None:
        chosen = chosen.filter(month__gte=wanted.month_from)
    if wanted.month_to is not None:
        chosen = chosen.filter(month__lte=wanted.month_to)
    if wanted.kind:
        chosen = chosen.filter(kind=wanted.kind)
    if wanted.text:
        chosen = chosen.filter(summary__icontains=wanted.text)
    if wanted.subject:
        chosen = chosen.filter(pk__in=Line.objects.filter(subject=wanted.subject).values("voucher"))
    if wanted.source:
        chosen = chosen.filter(source=wanted.source)
    return {
        "plain": chosen.filter(reverses__isnull=True, reversal__isnull=True),
        "reversed": chosen.filter(reversal__isnull=False),
        "red": chosen.filter(reverses__isnull=False),
    }.get(wanted.state, chosen)


def voucher(actor: Actor, voucher_id: int) -> Voucher:
    """One voucher. Raises NotFound when there is none or its book is outside the actor's scope."""
    chosen = Voucher.objects.filter(pk=voucher_id, book__in=visible_to(actor))
    found = chosen.select_related("book__owner", "reverses", "reversal").first()
    if found is None:
        raise NotFound(_("没有这张凭证。"))
    return found


@dataclass(frozen=True, slots=True)
class VoucherLines:
    """Lines of a voucher from a line number on; `following` is the line number to go on from."""

    rows: list[Line]
    following: int | None


def lines(of_voucher: Voucher, *, after: int = 0, limit: int = 100) -> VoucherLines:
    """Lines of a voucher in order, with their accounts."""
    chosen = Line.objects.filter(voucher=of_voucher, line_no__gt=after).select_related("account").order_by("line_no")
    found = list(chosen[: limit + 1])
    return VoucherLines(found[:limit], found[limit - 1].line_no if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class AccountSum:
    """What a voucher moves on one account (科目汇总)."""

    code: str
    name: str
    lines: int
    debit_fen: int
    credit_fen: int


def account_sums(of_voucher: Voucher) -> list[AccountSum]:
    """A long voucher by account, for its head."""
    rows = (
        Line.objects.filter(voucher=of_voucher)
        .order_by("account__code")
        .values_list("account__code", "account__name")
        .annotate(lines=Count("id"), debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    )
    return [AccountSum(*row) for row in rows]


def parents(of_book: Book) -> dict[str, str]:
    """Names of the accounts that stand above others, by code, so that a line can be written 固定资产—通用设备."""
    return dict(of_book.accounts.filter(is_leaf=False).values_list("code", "name"))


def of_source(ref: Ref | str) -> QuerySet[Voucher]:
    """Vouchers that rest on a document or act, reversals of them included."""
    return Voucher.objects.filter(Q(source=str(ref)) | Q(reverses__source=str(ref))).order_by("id")
