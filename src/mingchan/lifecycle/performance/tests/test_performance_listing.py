"""Lists of performance ask the database as often for many rows as for few."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Account
from mingchan.lifecycle.performance.tests import factories as f
from mingchan.register.assets.tests.factories import party

LISTS = ("list", "fixes", "goals", "consequences")
MOST = 20
"""So many statements a list may take, its frame (account, rights, messages) included."""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: date(2021, 3, 20))


def asked(client: Client, address: str) -> list[str]:
    """The statements behind a page."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in found.captured_queries]


@pytest.mark.django_db
def test_lists_take_the_same_statements_however_long() -> None:
    def one(serial: int) -> Any:
        return f.contract(operator=party(f"公司{serial}", "COMPANY"), serial=serial)

    f.announced(one(1))
    client = Client()
    finance = Account.objects.get(username="finance")
    Account.objects.filter(pk=finance.pk).update(must_change_password=False, password_set_on=date(2021, 3, 1))
    client.force_login(finance)
    routes = [reverse(f"performance:{name}") for name in LISTS]
    for address in routes:
        asked(client, address)
    few = [len(asked(client, address)) for address in routes]
    for serial in range(2, 7):
        f.announced(one(serial), 40)
    for address, count in zip(routes, few, strict=True):
        many = asked(client, address)
        assert len(many) <= count, (address, many)
        assert len(many) <= MOST, (address, many)
