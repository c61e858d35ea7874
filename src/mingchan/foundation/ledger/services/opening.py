"""Opening books (建账): one for each owner, with the accounts of its accounting system and their roles."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import events, permissions
from mingchan.foundation.ledger.choices import System
from mingchan.foundation.ledger.drafts import BookDraft
from mingchan.foundation.ledger.models import Account, AccountRole, Book
from mingchan.foundation.ledger.queries import documents
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

BOOK = ("id", "county", "owner", "division_code", "name", "system", "opened_on", "is_sample")
ACCOUNT = ("id", "book", "code", "name", "element", "normal_side", "parent_code", "is_leaf", "is_active")
ROLE = ("id", "book", "role", "account")


@transaction.atomic
def ensure_book(
    owner_party_id: int,
    name: str,
    division_code: str,
    system: str = System.GOVERNMENT,
    *,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Book:
    """The owner's book, opened now when there is none. Serves 单独建账 (3.4.1, 4.1).

    Raises Refusal when the owner keeps books under another accounting system, NotAllowed without a posting right, and
    NotFound when the division is outside the actor's scope.
    """
    draft = BookDraft(owner_party_id, name, division_code, system, is_sample)
    return ensure_books([draft], actor=actor, on=on)[owner_party_id]


@transaction.atomic
def ensure_books(drafts: Iterable[BookDraft], *, actor: Actor, on: date) -> dict[int, Book]:
    """The books of many owners, by owner; those missing are opened in a few statements. Raises as `ensure_book`."""
    wanted = {draft.owner_id: draft for draft in drafts}
    books = _existing(wanted)
    missing = len(wanted) - len(books)
    if missing:
        first_id = database.reserve_ids(Book, missing)
        books = _existing(wanted)
    for owner, draft in wanted.items():
        permissions.require_book(actor, draft.division_code, owner)
        if owner in books and books[owner].system != draft.system:
            raise Refusal(
                _("“%(name)s”已按%(system)s建账，一个主体只建一本账。")
                % {"name": books[owner].name, "system": books[owner].get_system_display()},
                clauses=("3.4.1", "4.1"),
            )
    if opened := [draft for owner, draft in wanted.items() if owner not in books]:
        books |= {book.owner_id: book for book in _open(opened, first_id, actor, on)}
    return books


def _existing(owners: Iterable[int]) -> dict[int, Book]:
    return {book.owner_id: book for book in Book.objects.filter(owner_id__in=list(owners))}


def _open(drafts: Sequence[BookDraft], first_id: int, actor: Actor, on: date) -> list[Book]:
    """Write the books with their accounts and roles, and leave the trace."""
    books = [
        Book(
            id=first_id + index,
            county=draft.division_code[:6],
            owner_id=draft.owner_id,
            division_code=draft.division_code,
            name=draft.name,
            system=draft.system,
            opened_on=on,
            is_sample=draft.is_sample,
        )
        for index, draft in enumerate(drafts)
    ]
    systems = {draft.system for draft in drafts}
    charts = {system: policy.chart_of_accounts(system) for system in systems}
    roles = {system: sorted(policy.account_roles(system).items()) for system in systems}
    account_id = database.reserve_ids(Account, sum(len(charts[book.system]) for book in books))
    role_id = database.reserve_ids(AccountRole, sum(len(roles[book.system]) for book in books))
    account_rows: list[tuple[object, ...]] = []
    role_rows: list[tuple[object, ...]] = []
    records: list[tuple[str, str, dict[str, object]]] = []
    for book in books:
        ids = {}
        accounts = []
        for row in charts[book.system]:
            ids[row.code] = account_id
            accounts.append(
                (account_id, book.id, row.code, row.name, row.element, row.side, row.parent, row.is_leaf, True)
            )
            account_id += 1
        played = [(role_id + index, book.id, role, ids[code]) for index, (role, code) in enumerate(roles[book.system])]
        role_id += len(played)
        account_rows += accounts
        role_rows += played
        records.append((str(book.ref), book.division_code, documents.book_opened(book, accounts, played)))
    database.insert_rows(
        Book,
        BOOK,
        [(b.id, b.county, b.owner_id, b.division_code, b.name, b.system, b.opened_on, b.is_sample) for b in books],
    )
    database.insert_rows(Account, ACCOUNT, account_rows)
    database.insert_rows(AccountRole, ROLE, role_rows)
    evidence.record_many(
        events.BOOK_OPENED, records, actor=actor, on=on, facts={"count": len(books), "name": books[0].name}
    )
    return books
