"""The plan can be read clause by clause, with what serves each."""

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory.tests import factories
from mingchan.foundation.policy import queries as policy


@pytest.fixture
def reader(client: Client, db: None) -> Client:
    client.force_login(factories.account("reader", "county_government"))
    return client


def test_the_plan_shows_every_clause_with_its_words(reader: Client) -> None:
    text = reader.get(reverse("policy:plan")).content.decode()
    for clause in policy.clauses().values():
        assert clause.title in text
        assert reverse("policy:clause", args=[clause.id]) in text


@pytest.mark.parametrize("clause_id", list(policy.clauses()))
def test_each_clause_shows_its_words_and_what_serves_it(reader: Client, clause_id: str) -> None:
    text = reader.get(reverse("policy:clause", args=[clause_id])).content.decode()
    assert policy.clauses()[clause_id].text[:20] in text
    assert "%(" not in text
    for kind in policy.events_serving(clause_id):
        assert kind.code in text


def test_a_clause_that_is_not_in_the_plan_is_not_found(reader: Client) -> None:
    assert reader.get(reverse("policy:clause", args=["9.9"])).status_code == 404
