"""Each role lands on a desk with its own duties, and sees only what it may open (4.1)."""

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory.tests import factories
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.web import desks, navigation
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.ui import desk

ROLES = sorted(policy.roles())


def actor_of(role: str) -> Actor:
    spec = policy.roles()[role]
    return Actor(1, "某人", factories.COUNTY, (Grant(role, factories.COUNTY, spec.rights),))


@pytest.mark.parametrize("role", ROLES)
def test_the_navigation_holds_exactly_the_pages_the_role_may_open(role: str) -> None:
    shown = {item.url for group in navigation.navigation(actor_of(role), "/") for item in group.items}
    rights = policy.roles()[role].rights
    expected = {
        navigation.address(place.route)
        for _label, group in navigation.GROUPS
        for place in group
        if not place.right or place.right in rights
    }
    assert shown == expected


def test_every_entry_of_the_navigation_leads_somewhere() -> None:
    routes = [place.route for _label, group in navigation.GROUPS for place in group]
    assert [route for route in routes if not navigation.address(route)] == []


def test_the_entry_of_the_open_page_is_marked_and_no_other() -> None:
    groups = navigation.navigation(actor_of("bureau_clerk"), reverse("directory:divisions"))
    active = [item.url for group in groups for item in group.items if item.active]
    assert active == [reverse("directory:divisions")]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lands_on_a_desk_with_its_duty_and_working_links(client: Client, db: None, role: str) -> None:
    spec = policy.roles()[role]
    party_id = factories.office().pk if spec.own_party_only else None
    client.force_login(factories.account("someone", role, party_id=party_id))
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert spec.duty in text
    assert spec.label in text


@pytest.mark.parametrize("role", ROLES)
def test_every_card_of_a_desk_is_made_from_rights_the_role_holds(db: None, role: str) -> None:
    spec = policy.roles()[role]
    made = desks.cards(actor_of(role), [spec], factories.DAY)
    assert made
    assert {card.code for card in made} <= set(spec.desk) | desk.everywhere()
    assert all(card.links or card.waiting or card.ending or card.lapsed for card in made)


def test_an_account_without_a_grant_is_told_what_to_do(client: Client, db: None) -> None:
    client.force_login(factories.account("nobody"))
    assert "还没有授权" in client.get("/").content.decode()


def test_the_desk_is_complete_in_english(client: Client, db: None) -> None:
    client.force_login(factories.account("someone", "bureau_clerk"))
    client.cookies["django_language"] = "en"
    text = client.get("/").content.decode()
    assert policy.roles()["bureau_clerk"].duty_en in text
    assert 'lang="en"' in text
