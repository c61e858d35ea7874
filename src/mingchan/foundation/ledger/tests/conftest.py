"""Fixtures of the ledger's tests."""

import pytest

from mingchan.foundation.ledger.models import Book
from mingchan.foundation.ledger.queries import checklist
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor


@pytest.fixture(autouse=True)
def _checks_of_the_books_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines here are about assets that no register knows; what contexts above look at is tested with them."""
    monkeypatch.setattr(checklist, "_checks", {})


@pytest.fixture
def actor(db: None) -> Actor:
    """The county's accountant."""
    return factories.accountant()


@pytest.fixture
def book(actor: Actor) -> Book:
    """The bureau's book."""
    return factories.bureau_book(actor)
