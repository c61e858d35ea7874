"""Setting up a county: the sample one with an account for each role, the empty one with its three administrators."""

from datetime import date

import pytest

from mingchan.config import county
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Division, Grant, Party
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy

DAY = date(2020, 3, 10)


@pytest.mark.django_db
def test_the_sample_county_has_an_account_for_each_role() -> None:
    made = county.prepare(sample=True, on=DAY)
    assert made.is_sample
    for role, spec in policy.roles().items():
        account = Account.objects.get(username=made.username(role))
        actor = directory.actor_for(account, on=DAY)
        assert account.is_sample
        assert not account.must_change_password
        assert {right for grant in actor.grants for right in grant.rights} == spec.rights


@pytest.mark.django_db
def test_scopes_follow_the_office() -> None:
    county.prepare(sample=True, on=DAY)
    scopes = dict(Grant.objects.exclude(account__username="local").values_list("role", "scope"))
    assert scopes["bureau_clerk"] == "140932"
    assert scopes["town_keeper"] == "140932100"
    assert len(scopes["village_keeper"]) == 12
    assert scopes["village_keeper"].startswith("140932100")
    assert Grant.objects.get(role="operator").party is not None


@pytest.mark.django_db
def test_a_second_run_changes_nothing() -> None:
    county.prepare(sample=True, on=DAY)
    before = Record.objects.count(), Account.objects.count(), Party.objects.count()
    again = county.prepare(sample=True, on=DAY)
    assert not again.is_new
    assert (Record.objects.count(), Account.objects.count(), Party.objects.count()) == before


@pytest.mark.django_db
def test_an_empty_county_has_three_administrators_with_passwords_shown_once() -> None:
    made = county.prepare(sample=False, on=DAY)
    assert set(made.passwords) == set(county.ADMINISTRATORS)
    assert len(set(made.passwords.values())) == 3
    assert all(word in made.words() for word in made.passwords.values())
    assert all(Account.objects.get(username=name).must_change_password for name in made.passwords)
    assert not directory.has_samples("140932")
    assert Division.objects.filter(code__startswith="140932", is_current=True).count() > 150
    assert county.prepare(sample=False, on=DAY).passwords == {}


@pytest.mark.django_db
def test_an_empty_county_does_not_become_the_sample_county() -> None:
    county.prepare(sample=False, on=DAY)
    again = county.prepare(sample=True, on=DAY)
    assert not again.is_sample
    assert not Account.objects.filter(is_sample=True).exists()
