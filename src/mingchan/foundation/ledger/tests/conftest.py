"""Fixtures of the ledger's tests."""

import pytest

from mingchan.foundation.ledger.models import Book
from mingchan.foundation.ledger.tests import factories
from mingchan.kernel.actor import Actor


@pytest.fixture
def actor(db: None) -> Actor:
    """The county's accountant."""
    return factories.accountant()


@pytest.fixture
def book(actor: Actor) -> Book:
    """The bureau's book."""
    return factories.bureau_book(actor)
