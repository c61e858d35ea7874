"""The first steps of an empty county: judged from the data, each shown to whoever can do it."""

from typing import Any

import pytest
from django.urls import reverse

from mingchan.config import county
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as people
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.web import first_steps
from mingchan.kernel.period import today


@pytest.fixture
def empty_county(db: None) -> Any:
    """A county with its three administrators and nothing else."""
    return county.prepare(sample=False, on=today())


def actor(username: str) -> Any:
    return directory.actor_for(Account.objects.get(username=username), today())


def test_nothing_is_done_in_an_empty_county(empty_county: Any) -> None:
    found = first_steps.unfinished(actor("sysadmin"))
    assert len(found) == 6
    assert not any(step.done for step in found)


def test_a_step_leads_only_those_who_can_do_it(empty_county: Any) -> None:
    of_system, of_security = first_steps.steps(actor("sysadmin")), first_steps.steps(actor("secadmin"))
    assert of_system[1].url
    assert not of_security[1].url
    assert of_security[2].url
    assert not of_system[2].url


def test_accounts_and_grants_are_noticed_when_they_are_there(empty_county: Any) -> None:
    office = Account.objects.get(username="sysadmin").office_id
    clerk = people.create_account(
        "he.xiaoyun", "贺晓云", office, password="Guanhe-77-dianshang", actor=actor("sysadmin"), on=today()
    )
    assert [step.done for step in first_steps.steps(actor("sysadmin"))][1:3] == [True, False]
    people.give_grant(clerk.pk, "bureau_clerk", "140932", basis="县工信局分工", actor=actor("secadmin"), on=today())
    assert first_steps.steps(actor("secadmin"))[2].done


def test_the_desk_of_an_empty_county_shows_them(client: Any, empty_county: Any) -> None:
    Account.objects.update(must_change_password=False)
    client.force_login(Account.objects.get(username="sysadmin"))
    assert "三名管理员首次登录" in client.get(reverse("web:desk")).content.decode()
    assert client.get(reverse("web:first_steps")).status_code == 200


def test_the_way_in_says_where_the_first_passwords_are(client: Any, empty_county: Any) -> None:
    assert "sysadmin" in client.get(reverse("web:login")).content.decode()
    Account.objects.filter(username="sysadmin").update(must_change_password=False)
    assert "sysadmin" not in client.get(reverse("web:login")).content.decode()
