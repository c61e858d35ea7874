"""The piles of a desk: what waits, what runs out, what has lapsed, each in a fixed number of statements (4.1)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory.tests import factories
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.tests import factories as make
from mingchan.interfaces.web import desks, duties
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> dict[str, Actor]:
    return make.staff()


def _of(role: str) -> Actor:
    return Actor(1, "某人", factories.COUNTY, (Grant(role, factories.COUNTY, policy.roles()[role].rights),))


def _copies(case: Case, count: int) -> None:
    """Many more cases like one, each waiting at the same step."""
    task = Task.objects.get(case=case, status="WAITING")
    cases = [Case(**{**_plain(case), "number": 1000 + number, "title": f"事项 {number}"}) for number in range(count)]
    Case.objects.bulk_create(cases)
    Task.objects.bulk_create(
        Task(**{**_plain(task), "case": one, "token": f"t{number}"}) for number, one in enumerate(cases)
    )


def _plain(row: Case | Task) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def test_the_desk_asks_as_often_for_a_thousand_cases_as_for_one(staff: dict[str, Actor], client: Client) -> None:
    case = make.start(staff["clerk"])
    client.force_login(factories.account("eyes", "bureau_reviewer"))
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        assert client.get("/").status_code == 200
    _copies(case, 1000)
    with CaptureQueriesContext(connection) as many:
        text = client.get("/").content.decode()
    assert len(many) == len(few) <= 100
    assert "1,001" in text


def test_a_step_lies_in_the_pile_of_its_term(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    due = Task.objects.get(case=case).due_on
    assert due is not None
    role = [policy.roles()["bureau_reviewer"]]

    def lying(on: object) -> list[list[str]]:
        made = desks.cards(staff["reviewer"], role, on)  # type: ignore[arg-type]
        return [
            [str(figure.label) for card, figure in pile.figures if card.code == "matters"] for pile in desks.piles(made)
        ]

    assert lying(make.DAY) == [["审批待办"], [], []]
    assert lying(due) == [["审批待办"], ["审批环节快到期限"], []]
    assert lying(due + timedelta(days=1)) == [["审批待办"], [], ["审批环节逾期"]]


def test_a_card_of_another_context_comes_on_every_desk_and_goes_with_the_right() -> None:
    desk.register(
        "of_test",
        lambda actor, on: (
            Card("of_test", "试", "", "inbox", ending=(Figure("将到期", 3, url="/x/"),))
            if actor.may("asset.view")
            else None
        ),
    )
    try:
        seen = desk.built(_of("audit"), factories.DAY)
        unseen = desk.built(_of("system_admin"), factories.DAY)
    finally:
        desk._entries.pop("of_test")
    assert "of_test" in {card.code for card in seen}
    assert "of_test" not in {card.code for card in unseen}


def test_every_role_has_duties_with_clauses_and_a_desk_of_known_cards() -> None:
    known = duties.duties()
    assert set(known) == set(policy.roles())
    assert all(duty.clauses for owed in known.values() for duty in owed)
    assert {code for spec in policy.roles().values() for code in spec.desk} <= desk.codes()
