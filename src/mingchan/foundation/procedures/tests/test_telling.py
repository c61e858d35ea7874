"""Reminders, copies, messages and counts: by working days, once each, to whom it concerns (4.2, 2.4.2c)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import pack, queries, rules, services
from mingchan.foundation.procedures.models import Case, Copy, Message, Reminder, Task
from mingchan.foundation.procedures.queries import notices
from mingchan.foundation.procedures.tests import factories as make
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db
CLOCK = directory.nobody(make.COUNTY)


@pytest.fixture
def staff() -> dict[str, Actor]:
    return make.staff()


def told(actor: Actor) -> list[str]:
    """What the actor was told, oldest first."""
    return list(Message.objects.filter(account_id=actor.account_id).order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 5, 20), []),
        (date(2020, 5, 21), ["SOON"]),
        (date(2020, 5, 25), ["SOON"]),
        (date(2020, 5, 26), ["OVERDUE"]),
        (date(2020, 5, 27), ["OVERDUE"]),
        (date(2020, 5, 28), ["OVERDUE", "ESCALATED"]),
        (date(2020, 6, 30), ["OVERDUE", "ESCALATED"]),
    ],
)
def test_a_step_due_on_the_25th_is_reminded_of_by_working_days(
    staff: dict[str, Actor], on: date, expected: list[str]
) -> None:
    case = make.start(staff["clerk"])
    assert make.waiting(case)["review"].due_on == date(2020, 5, 25)
    services.remind(actor=CLOCK, on=on)
    assert list(Reminder.objects.order_by("id").values_list("kind", flat=True)) == expected


def test_each_reminder_is_given_once_and_told_to_whom_it_concerns(staff: dict[str, Actor]) -> None:
    make.start(staff["clerk"])
    days = [date(2020, 5, 18) + timedelta(days=n) for n in range(20)]
    counted = [services.remind(actor=CLOCK, on=day) for day in [*days, *days]]
    assert [sum(figures) for figures in zip(*counted, strict=True)] == [1, 1, 1]
    assert told(staff["reviewer"]) == ["SOON", "OVERDUE"]
    assert told(staff["head"]) == ["ESCALATED"]
    assert told(staff["finance"]) == []
    assert queries.escalated_count(staff["head"]) == 1
    assert queries.escalated_count(staff["reviewer"]) == 0
    assert make.is_intact()


def test_what_was_decided_is_reminded_of_no_more(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    services.remind(actor=CLOCK, on=date(2020, 6, 15))
    make.decide(case, "review", staff["reviewer"], on=date(2020, 6, 16))
    assert queries.escalated_count(staff["head"]) == 0
    assert services.remind(actor=CLOCK, on=date(2020, 6, 16)) == (0, 0, 0)


def test_only_the_clock_reminds_and_only_the_drafter_urges_once_a_day(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    task = make.waiting(case)["review"].pk
    with pytest.raises(NotAllowed):
        services.remind(actor=staff["head"], on=make.DAY)
    with pytest.raises(NotAllowed):
        services.urge(task, actor=staff["head"], on=make.DAY)
    services.urge(task, "请尽快", actor=staff["clerk"], on=make.DAY)
    with pytest.raises(Refusal, match="今天已经催办过"):
        services.urge(task, actor=staff["clerk"], on=make.DAY)
    services.urge(task, actor=staff["clerk"], on=make.DAY + timedelta(days=1))
    assert told(staff["reviewer"]) == ["URGED", "URGED"]


@pytest.mark.parametrize("role", sorted({"@drafter", "finance", "county_government", "bureau_head", "nobody_knows"}))
def test_every_step_has_an_office_above(role: str) -> None:
    assert pack.escalation(role) != role


def test_the_last_day_due_is_the_mirror_of_working_days_after() -> None:
    days = pack.working_days()
    for n in range(400):
        on = date(2020, 1, 1) + timedelta(days=n)
        for count in (1, 3, 7):
            last = rules.last_due_for(on, count, days)
            assert rules.after_working_days(last, count, days) <= on
            assert rules.after_working_days(last + timedelta(days=1), count, days) > on


def test_a_copy_is_read_by_its_own_reader_and_seen_by_all(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    given = services.copy(case.pk, roles=["finance", "audit"], note="请知悉", actor=staff["clerk"], on=make.DAY)
    assert {one.office_name for one in given} == {"县财政局", "县审计局"}
    assert queries.unread_copies(staff["finance"]) == 1
    mine = Copy.objects.get(account_id=staff["finance"].account_id)
    with pytest.raises(NotFound):
        services.read(mine.pk, actor=staff["audit"], on=make.DAY)
    services.read(mine.pk, actor=staff["finance"], on=make.DAY)
    with pytest.raises(Refusal, match="已经阅知"):
        services.read(mine.pk, actor=staff["finance"], on=make.DAY)
    assert queries.unread_copies(staff["finance"]) == 0
    assert told(staff["finance"]) == ["COPIED"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Copy.objects.filter(pk=mine.pk).update(read_on=None)
    assert make.is_intact()


def test_who_got_a_copy_sees_a_case_outside_their_divisions(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    far = make.actor("far", "town_keeper", "新关镇政府", scope="140932101")
    with pytest.raises(NotFound):
        queries.case(case.pk, far, make.DAY)
    services.copy(case.pk, accounts=[far.account_id or 0], actor=staff["clerk"], on=make.DAY)
    assert queries.case(case.pk, far, make.DAY).pk == case.pk


@pytest.mark.parametrize(
    ("who", "given", "error"),
    [
        ("finance", {"roles": ["audit"]}, NotAllowed),
        ("clerk", {}, Refusal),
        ("clerk", {"roles": ["system_admin"]}, Refusal),
        ("clerk", {"roles": ["nobody"]}, Refusal),
        ("clerk", {"accounts": [987654]}, NotFound),
    ],
)
def test_a_copy_for_nobody_or_by_outsiders_is_refused(
    staff: dict[str, Actor], who: str, given: dict[str, Any], error: type[Exception]
) -> None:
    case = make.start(staff["clerk"])
    with pytest.raises(error):
        services.copy(case.pk, **given, actor=staff[who], on=make.DAY)


def test_the_same_copy_is_not_given_twice(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    services.copy(case.pk, roles=["audit"], actor=staff["clerk"], on=make.DAY)
    with pytest.raises(Refusal, match="都已抄送过"):
        services.copy(case.pk, roles=["audit"], actor=staff["clerk"], on=make.DAY)


def test_a_drawing_copies_when_its_step_is_done_and_at_its_end(staff: dict[str, Actor]) -> None:
    drawing = pack.procedure_files()["general"]
    drawing = drawing.replace('<userTask id="review"', '<userTask id="review" mc:cc="finance"')
    drawing = drawing.replace('<endEvent id="approved"', '<endEvent id="approved" mc:cc="audit poverty"')
    given: dict[str, Any] = {"valid_from": make.DAY, "reason": "抄送", "actor": staff["clerk"], "on": make.DAY}
    services.add_definition("general", drawing.encode(), **given)
    case = make.start(staff["clerk"])
    assert not Copy.objects.exists()
    make.decide(case, "review", staff["reviewer"])
    assert list(Copy.objects.values_list("node", "office_name")) == [("review", "县财政局")]
    make.decide(case, "head", staff["head"], document_no="1号")
    assert {office for node, office in Copy.objects.values_list("node", "office_name") if node == "approved"} == {
        "县审计局", "县乡村振兴局",
    }  # fmt: skip
    with pytest.raises(services.BadFile) as refused:
        services.add_definition("general", drawing.replace("audit poverty", "king").encode(), **given)
    assert "king" in refused.value.reasons[0]


def test_the_drafter_hears_of_a_return_and_of_the_end(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    make.decide(case, "review", staff["reviewer"], "RETURN", text="补充报价")
    make.decide(case, "revise", staff["clerk"], "DONE", revised="已补")
    make.decide(case, "review", staff["reviewer"], "REJECT", text="不必要")
    assert told(staff["clerk"]) == ["RETURNED", "ENDED"]
    number = Message.objects.filter(account_id=staff["clerk"].account_id).latest("id").pk
    assert services.see(number, actor=staff["reviewer"], on=make.DAY) is None
    assert services.see(number, actor=staff["clerk"], on=make.DAY) == case.pk
    assert services.see_all(actor=staff["clerk"], on=make.DAY) == 1


def test_the_counts_of_every_page_are_one_statement_and_right(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    services.copy(case.pk, roles=["bureau_reviewer"], actor=staff["clerk"], on=make.DAY)
    reviewer = staff["reviewer"]
    who = queries.identity(reviewer.account_id)
    with CaptureQueriesContext(connection) as asked:
        found = queries.badges(who, reviewer, make.DAY)
    assert (found, len(asked)) == ((1, 1, 1), 1)
    deputy = make.actor("deputy", "audit")
    services.delegate(
        deputy.account_id or 0, valid_from=make.DAY, last_day=make.DAY, reason="出差", actor=reviewer, on=make.DAY
    )
    assert queries.badges(queries.identity(deputy.account_id), deputy, make.DAY).todo == 1


def test_lists_of_what_was_told_go_on_by_key(staff: dict[str, Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    case = make.start(staff["clerk"])
    monkeypatch.setattr(notices, "PAGE", 2)
    for number in range(5):
        services.urge(make.waiting(case)["review"].pk, actor=staff["clerk"], on=make.DAY + timedelta(days=number))
    rows, key, pages = [], "", 0
    while pages == 0 or key:
        page, key = queries.messages(staff["reviewer"], before=key)
        rows += [row["id"] for row in page]
        pages += 1
    assert (pages, rows) == (3, sorted(rows, reverse=True))
    assert queries.messages(staff["reviewer"], before="x")[0]


def twin(of: Actor, username: str, role: str) -> Actor:
    """Another account of the same person."""
    person = make.person(f"{username}本人")
    made = make.account(username, role)
    Account.objects.filter(pk__in=(of.account_id, made.pk)).update(person=person)
    return replace(directory.actor_for(made, make.DAY), source="test")


def test_two_accounts_of_one_person_are_one_person(staff: dict[str, Actor]) -> None:
    own = twin(staff["clerk"], "clerk2", "bureau_reviewer")
    case = make.start(staff["clerk"])
    assert queries.todo_count(own, make.DAY) == 0
    with pytest.raises(NotAllowed, match="不能审批自己提交的事项"):
        make.decide(case, "review", own)
    make.decide(case, "review", staff["reviewer"])
    both = twin(staff["reviewer"], "head2", "bureau_head")
    assert queries.todo_count(both, make.DAY) == 0
    with pytest.raises(NotAllowed, match="同一人不能"):
        make.decide(case, "head", both, document_no="1号")


def test_an_interest_of_ones_own_person_keeps_from_deciding(staff: dict[str, Actor]) -> None:
    person = make.person("利害人")
    Account.objects.filter(pk=staff["reviewer"].account_id).update(person=person)
    case = make.start(staff["clerk"], interested=[person.pk, 99_999_999])
    assert queries.todo_count(staff["reviewer"], make.DAY) == 0
    assert Task.objects.filter(case=case, status="WAITING").count() == 1
    with pytest.raises(NotAllowed, match="回避"):
        make.decide(case, "review", staff["reviewer"])
    other = make.actor("reviewer2", "bureau_reviewer")
    assert queries.todo_count(other, make.DAY) == 1
    assert make.decide(case, "review", other).status == "RUNNING"


def test_a_case_of_old_without_kept_tables_still_goes_on(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    assert Case.objects.get(pk=case.pk).tables is None
    assert make.decide(case, "review", staff["reviewer"]).status == "RUNNING"
