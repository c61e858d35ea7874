"""Books that were opened under an older policy pack get what the pack has gained, once, and keep what they have."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger import queries, services
from mingchan.foundation.ledger.models import AccountRole, Book
from mingchan.foundation.ledger.tests import factories
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed

INSTALLER = directory.installer(factories.COUNTY)
NEWER = ("1902", "190201", "190202", "2305")


def opened_before(actor: Actor, *, without: Collection[str] = NEWER, name: str = "县财政局", **leaves: bool) -> Book:
    """A book opened under a pack that didn't have some accounts and the roles on them."""
    chart = [
        replace(row, is_leaf=leaves.get(f"a{row.code}", row.is_leaf))
        for row in policy.chart_of_accounts("GOVERNMENT")
        if row.code not in without
    ]
    roles = {role: code for role, code in policy.account_roles("GOVERNMENT").items() if code not in without}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(policy, "chart_of_accounts", lambda _system: tuple(chart))
        patched.setattr(policy, "account_roles", lambda _system: roles)
        return factories.bureau_book(actor, name=name)


def shape(book: Book) -> tuple[list[Any], list[Any]]:
    """The accounts and roles of a book, without row numbers."""
    accounts = book.accounts.order_by("code").values_list(
        "code", "name", "element", "normal_side", "parent_code", "is_leaf", "is_active"
    )
    return list(accounts), list(book.roles.order_by("role").values_list("role", "account__code"))


def test_an_older_book_becomes_as_one_opened_today_and_the_log_vouches_for_it(actor: Actor) -> None:
    old = opened_before(actor)
    today = factories.bureau_book(actor, name="县农业农村局")
    assert shape(old) != shape(today)
    assert services.complete_books(actor=INSTALLER, on=factories.DAY) == 1
    assert shape(old) == shape(today)
    assert Record.objects.filter(act="ledger.book.completed").count() == 1
    assert not [found for found in evidence.verify().findings if found.obj.startswith("book:")]
    voucher = factories.posted(old, actor, lines=[("1002", 5, 0), ("2305", 0, 5)])
    assert voucher.total_fen == 5


def test_again_nothing_changes_and_nothing_is_recorded(actor: Actor) -> None:
    opened_before(actor)
    services.complete_books(actor=INSTALLER, on=factories.DAY)
    records = Record.objects.count()
    assert services.complete_books(actor=INSTALLER, on=factories.DAY) == 0
    assert Record.objects.count() == records


def test_a_role_that_plays_elsewhere_goes_on_there(actor: Actor) -> None:
    book = opened_before(actor)
    other = book.accounts.get(code="1011")
    AccountRole.objects.filter(book=book, role="BANK").update(account=other)
    services.complete_books(actor=INSTALLER, on=factories.DAY)
    assert book.roles.get(role="BANK").account_id == other.pk


def test_an_account_that_was_posted_to_stays_a_last_one_and_plays_the_new_roles(actor: Actor) -> None:
    book = opened_before(actor, without=("190201", "190202"), a1902=True)
    factories.posted(book, actor, lines=[("1902", 7, 0), ("4001", 0, 7)])
    assert services.complete_books(actor=INSTALLER, on=factories.DAY) == 1
    assert book.accounts.get(code="1902").is_leaf
    assert not book.accounts.filter(code="190201").exists()
    assert book.roles.get(role="PENDING_VALUE").account.code == "1902"
    assert services.complete_books(actor=INSTALLER, on=factories.DAY) == 0
    assert not list(queries.faults())


def test_an_account_without_postings_becomes_one_with_others_under_it(actor: Actor) -> None:
    book = opened_before(actor, without=("190201", "190202"), a1902=True)
    services.complete_books(actor=INSTALLER, on=factories.DAY)
    assert not book.accounts.get(code="1902").is_leaf
    assert book.roles.get(role="PENDING_VALUE").account.code == "190201"


def test_a_village_keeps_its_own_system(actor: Actor) -> None:
    owner = factories.office("窑头村经济合作社", factories.TOWN, "COLLECTIVE")
    book = services.ensure_book(owner.pk, owner.name, factories.TOWN, "VILLAGE", actor=actor, on=factories.DAY)
    before = shape(book)
    opened_before(actor)
    assert services.complete_books(actor=INSTALLER, on=factories.DAY) == 1
    assert shape(book) == before


def test_who_may_not_post_completes_nothing(actor: Actor) -> None:
    opened_before(actor)
    reader = factories.accountant("王会计", rights=frozenset({"ledger.view"}))
    with pytest.raises(NotAllowed):
        services.complete_books(actor=reader, on=factories.DAY)
