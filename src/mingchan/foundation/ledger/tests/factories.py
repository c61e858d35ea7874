"""Owners, accountants and books for tests of the ledger and of contexts above it."""

from collections.abc import Sequence
from datetime import date

from mingchan.foundation.directory.models import Account as Login
from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Book, Voucher
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.refs import Ref

COUNTY = "140932"
TOWN = "140932101000"
DAY = date(2020, 3, 31)
CASE = Ref("case", 1)
"""The case that decided a reopening."""
RIGHTS = frozenset({"ledger.view", "ledger.post", "ledger.close"})


def office(name: str = "偏关县工业和信息化局", division: str = "140932000000", kind: str = "OFFICE") -> Party:
    """A party that owns a book."""
    return Party.objects.create(county=division[:6], kind=kind, name=name, division_code=division, created_on=DAY)


def accountant(
    name: str = "李会计", scope: str = COUNTY, rights: frozenset[str] = RIGHTS, *, party: Party | None = None
) -> Actor:
    """An account with the rights of an accountant over a scope, as the actor it makes."""
    login, _created = Login.objects.get_or_create(
        username=f"login-{name}",
        defaults={
            "county": scope[:6].ljust(6, "0"),
            "name": name,
            "office": party or Party.objects.first() or office("县财政局"),
            "created_on": DAY,
        },
    )
    return Actor(login.pk, name, scope[:6], (Grant("accountant", scope, rights),))


def bureau_book(
    actor: Actor, *, on: date = DAY, name: str = "偏关县工业和信息化局", division: str = "140932000000"
) -> Book:
    """The bureau's book under the government system."""
    owner = Party.objects.filter(name=name, division_code=division).first() or office(name, division)
    return ledger.ensure_book(owner.pk, name, division, "GOVERNMENT", actor=actor, on=on)


def draft(
    book: Book,
    lines: Sequence[tuple[str, int, int]] = (("160102", 480_000, 0), ("4001", 0, 480_000)),
    *,
    key: str = "test:1",
    day: date = DAY,
    summary: str = "购置站点电脑",
    subject: str = "asset:1",
) -> VoucherDraft:
    """A voucher from (account code, debit fen, credit fen) lines."""
    return VoucherDraft(
        book_id=book.pk,
        day=day,
        summary=summary,
        lines=[LineDraft("", code, debit, credit, subject) for code, debit, credit in lines],
        source=Ref("batch", 1),
        key=key,
    )


def posted(book: Book, actor: Actor, **kwargs: object) -> Voucher:
    """A posted voucher."""
    made = draft(book, **kwargs)  # type: ignore[arg-type]
    return ledger.post(made, actor=actor, on=made.day)
