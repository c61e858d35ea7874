"""Lists of distribution ask the database as often for many rows as for few."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Account
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.models import Household, Payment, Plan
from mingchan.lifecycle.distribution.tests import factories as make

LISTS = ("overview", "plans", "households", "policies", "rosters")
MOST = {"overview": 24, "plans": 16, "households": 16, "policies": 14, "rosters": 12}
"""So many statements a list may take, its frame (account, rights, messages) included."""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: date(2020, 8, 15))


@pytest.fixture
def who(sample_county: Any) -> dict:
    return make.staff()


def browser() -> Client:
    client = Client()
    client.force_login(Account.objects.get(username="clerk"))
    return client


def asked(client: Client, address: str) -> list[str]:
    """The statements behind a page."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in found.captured_queries]


def drafted(who: dict, place: int, fen: int = 100_000) -> Plan:
    """A plan over one receipt."""
    holder = make.holder()
    with make.receipts(make.source(place, fen, holder.pk)):
        return services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)


def test_lists_take_the_same_statements_however_long(who: dict) -> None:
    make.enter([make.household(1)], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    drafted(who, 1)
    client = browser()
    routes = {name: reverse(f"distribution:{name}") for name in LISTS}
    for address in routes.values():
        asked(client, address)
    few = {name: len(asked(client, address)) for name, address in routes.items()}
    make.enter([make.household(place) for place in range(1, 9)], who["clerk"])
    for n in range(2, 6):
        make.policy(who["clerk"], who["finance"], starts_on=date(2020, 1, n), title=f"办法{n}")
        drafted(who, n)
    for name, address in routes.items():
        many = asked(client, address)
        assert len(many) <= few[name], (name, many)
        assert len(many) <= MOST[name], (name, many)


def test_a_plan_and_its_payout_take_the_same_statements_for_many_households(who: dict, pass_notice: Any) -> None:
    client, counts = browser(), []
    make.policy(who["clerk"], who["finance"])
    for place, households in ((1, 2), (2, 12)):
        make.enter([make.household(n) for n in range(1, households + 1)], who["clerk"])
        plan = make.filed(drafted(who, place), who, pass_notice)
        payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
        assert Payment.objects.filter(payout=payout).count() == Household.objects.count()
        addresses = (
            reverse("distribution:plan", args=[plan.pk]),
            reverse("distribution:payout", args=[payout.pk]),
            reverse("distribution:trace", args=[plan.pk]),
        )
        for address in addresses:
            asked(client, address)
        counts.append([len(asked(client, address)) for address in addresses])
    few, many = counts
    assert all(more <= less for less, more in zip(few, many, strict=True)), counts
