"""Completing books (补设科目): accounts and roles that the policy pack has gained since a book was opened."""

from datetime import date

from django.db import transaction
from django.db.models import Count

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import events, permissions
from mingchan.foundation.ledger.choices import System
from mingchan.foundation.ledger.models import Account, AccountRole, Book, MonthBalance
from mingchan.foundation.ledger.queries import documents
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor


@transaction.atomic
def complete_books(*, actor: Actor, on: date) -> int:
    """Give every book of the county the accounts and roles of the pack that it lacks; how many books were completed.

    What a book has stays as it is: a role that plays on another account goes on there. An account that was posted to
    stays a last one: new accounts under it aren't added, and a role meant for one of them plays on it. Run again it
    changes nothing. Raises NotAllowed without `ledger.post` over a book. Serves 3.4.1, 4.1.
    """
    keys = [key for system in System for key in _incomplete(actor.county, system)]
    done = 0
    for book in Book.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
        permissions.require_over(actor, permissions.POST, book)
        done += _complete(book, actor, on)
    return done


def _incomplete(county: str, system: System) -> list[int]:
    """Books of a system with fewer of the pack's accounts or roles than the pack has, in three statements."""
    codes = [row.code for row in policy.chart_of_accounts(system)]
    roles = list(policy.account_roles(system))
    books = Book.objects.filter(county=county, system=system)
    there = dict(
        Account.objects.filter(book__in=books, code__in=codes).order_by().values_list("book").annotate(n=Count("pk"))
    )
    played = dict(
        AccountRole.objects.filter(book__in=books, role__in=roles)
        .order_by()
        .values_list("book")
        .annotate(n=Count("pk"))
    )
    keys = books.order_by("pk").values_list("pk", flat=True)
    return [key for key in keys if there.get(key, 0) < len(codes) or played.get(key, 0) < len(roles)]


def _complete(book: Book, actor: Actor, on: date) -> bool:
    """Add what a locked book lacks; whether there was anything that could be added."""
    before = protection.document(documents.BOOK, book)
    accounts = {account.code: account for account in Account.objects.filter(book=book)}
    posted = set(MonthBalance.objects.filter(book=book).values_list("account_id", flat=True))
    added: list[str] = []
    for row in policy.chart_of_accounts(book.system):
        if row.code in accounts:
            continue
        parent = accounts.get(row.parent)
        if row.parent and (parent is None or parent.pk in posted):
            continue
        if parent is not None and parent.is_leaf:
            parent.is_leaf = False
            parent.save(update_fields=["is_leaf"])
        accounts[row.code] = Account.objects.create(
            book=book,
            code=row.code,
            name=row.name,
            element=row.element,
            normal_side=row.side,
            parent_code=row.parent,
            is_leaf=row.is_leaf,
        )
        added.append(row.code)
    roles = _play(book, accounts)
    if not (added or roles):
        return False
    evidence.record(
        events.BOOK_COMPLETED,
        book.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(documents.BOOK, book),
        division=book.division_code,
        facts={"name": book.name, "accounts": len(added), "roles": len(roles)},
    )
    return True


def _play(book: Book, accounts: dict[str, Account]) -> list[str]:
    """Let accounts play the roles that nobody plays, each on its account or the one it would stand under."""
    played = set(AccountRole.objects.filter(book=book).values_list("role", flat=True))
    parents = {row.code: row.parent for row in policy.chart_of_accounts(book.system)}
    made = []
    for role, wanted in sorted(policy.account_roles(book.system).items()):
        code = wanted
        while code and code not in accounts:
            code = parents.get(code, "")
        if role in played or not code:
            continue
        made.append(AccountRole(book=book, role=role, account=accounts[code]))
    AccountRole.objects.bulk_create(made)
    return [one.role for one in made]
