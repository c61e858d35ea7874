"""What must never be false of notices and objections is refused by the database itself, on both engines."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.procedures.models import Task
from mingchan.kernel.period import utc_now
from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection, ObjectionNote, Posting
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def sql(statement: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


FROZEN = {
    "kind": "GENERAL", "division_code": make.TOWN, "title": "改", "paragraphs": "[]", "columns": '["a"]',
    "rows": '[["a"]]', "clauses": '["1"]', "contact": "改", "subject": "asset:1", "days": 1, "unit": "WORKING",
    "year": 2019, "serial": 99, "number": "改", "slug": "x", "published_on": date(2020, 3, 1),
    "first_day": date(2020, 3, 12), "last_day": date(2020, 3, 12), "digest": "0" * 64, "checkpoint": "改",
    "published_by": "改", "drafted_by": "改", "county": "140900", "is_sample": True,
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(FROZEN))
def test_no_published_word_changes(field: str) -> None:
    notice = make.published()
    refused(lambda: Notice.objects.filter(pk=notice.pk).update(**{field: FROZEN[field]}))


def test_every_column_of_a_published_notice_is_frozen_but_those_of_its_end() -> None:
    ends = {"id", "state", "closed_on", "closed_by", "outcome", "ended_on", "ended_reason", "version"}
    made = {"case", "task", "origin", "supersedes", "drafter", "drafted_on", "published_at", "correction_reason"}
    hands = {"editor", "publisher"}
    columns = {field.name for field in Notice._meta.concrete_fields}
    assert columns - ends - made - hands == set(FROZEN)


def _draft_of(who: str) -> tuple[Notice, dict[str, object]]:
    """A draft by hand of somebody, and what publishing it would write into its row."""
    notice = services.draft_by_hand(make.given(), actor=make.actor(who), on=make.DAY)
    return notice, {
        "state": "PUBLISHED", "year": 2020, "serial": 99, "number": "偏公示〔2020〕99号", "slug": "2020-99",
        "published_on": make.DAY, "published_at": utc_now(), "published_by": "某人",
        "first_day": make.DAY + timedelta(days=1), "last_day": make.DAY + timedelta(days=7), "digest": "0" * 64,
    }  # fmt: skip


def test_the_database_refuses_that_one_person_drafts_and_publishes() -> None:
    clerk, reviewer = make.account("bureau_clerk"), make.account("bureau_reviewer")
    notice, published = _draft_of("bureau_clerk")
    here = Notice.objects.filter(pk=notice.pk)
    refused(lambda: here.update(**published, publisher_id=clerk))
    here.update(editor_id=reviewer)
    refused(lambda: here.update(**published, publisher_id=reviewer))
    here.update(editor_id=None)
    here.update(**published, publisher_id=reviewer)
    for change in ({"publisher_id": None}, {"editor_id": reviewer}):
        refused(lambda change=change: here.update(**change))
    case = make.waiting_case()
    matter = Notice.objects.filter(pk=make.notice_of(case).pk)
    again = published | {"serial": 98, "number": "偏公示〔2020〕98号", "slug": "2020-98"}
    refused(lambda: matter.update(**again, publisher_id=case.drafter_id))
    matter.update(**again, publisher_id=reviewer)


CLOSED = {"state": "CLOSED", "outcome": "PASSED"}


def test_a_notice_never_ends_early_nor_without_proof_nor_with_an_open_objection() -> None:
    notice = make.published()
    here = Notice.objects.filter(pk=notice.pk)
    refused(lambda: here.update(**CLOSED, closed_on=make.OVER))
    make.posted(notice)
    for early in (None, make.DAY, date(2020, 3, 17)):
        refused(lambda early=early: here.update(**CLOSED, closed_on=early))
    objection, _receipt = make.object_to(notice)
    refused(lambda: here.update(**CLOSED, closed_on=make.OVER))
    make.accepted(objection)
    refused(lambda: here.update(**CLOSED, closed_on=make.OVER))
    late, _receipt = make.object_to(notice, make.OVER)
    with transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(
            state="ANSWERED", verdict="NOT_UPHELD", answer="经核查不成立", answered_on=make.DAY,
            answered_at=objection.raised_at,
        )  # fmt: skip
        assert late.is_late
        here.update(**CLOSED, closed_on=make.OVER)
    refused(lambda: here.update(closed_on=make.OVER + timedelta(days=1)))


def test_a_notice_goes_its_way_only() -> None:
    draft = Notice.objects.filter(pk=make.drafted().pk)
    refused(lambda: draft.update(**CLOSED, closed_on=make.OVER))
    refused(lambda: draft.update(state="WITHDRAWN", ended_on=make.DAY, ended_reason="改"))
    refused(lambda: draft.update(state="PUBLISHED"))
    running = Notice.objects.filter(pk=make.published().pk)
    refused(lambda: running.update(state="DRAFT"))
    refused(lambda: running.update(state="CORRECTED", ended_on=make.DAY, ended_reason="改"))
    refused(lambda: running.update(state="DROPPED", ended_on=make.DAY, ended_reason="改"))
    refused(lambda: running.delete())
    refused(lambda: draft.delete())
    refused(sql("DELETE FROM disclosure_notice"))


def test_a_notice_is_published_for_its_whole_period() -> None:
    notice = make.drafted()
    values = {
        "state": "PUBLISHED", "year": 2020, "serial": 1, "number": "1", "slug": "1", "digest": "0" * 64,
        "published_on": make.DAY, "published_at": "2020-03-10T00:00:00Z", "first_day": date(2020, 3, 11),
    }  # fmt: skip
    here = Notice.objects.filter(pk=notice.pk)
    refused(lambda: here.update(**values, last_day=date(2020, 3, 16)))
    refused(lambda: here.update(**{**values, "first_day": make.DAY}, last_day=date(2020, 3, 17)))
    refused(lambda: here.update(**{**values, "digest": ""}, last_day=date(2020, 3, 17)))
    with transaction.atomic():
        NoticePlace.objects.filter(notice=notice).delete()
        refused(lambda: here.update(**values, last_day=date(2020, 3, 17)))
        transaction.set_rollback(True)
    here.update(**values, last_day=date(2020, 3, 17))


def test_places_and_proofs_stand() -> None:
    notice = make.proved()
    place = make.boards(notice)[0]
    refused(lambda: NoticePlace.objects.filter(pk=place.pk).delete())
    refused(lambda: NoticePlace.objects.filter(pk=place.pk).update(kind="WEBSITE"))
    refused(lambda: NoticePlace.objects.create(notice=notice, kind="BOARD", division_code=make.TOWN, name="另一处"))
    refused(lambda: Posting.objects.filter(place=place).update(posted_on=make.OVER))
    refused(lambda: Posting.objects.filter(place=place).delete())
    other = make.boards(make.published())[0]
    values = {"county": make.COUNTY, "division_code": make.CENTRE, "posted_by": "某", "noted_on": make.DAY}
    refused(lambda: Posting.objects.create(notice=notice, place=other, posted_on=make.DAY, reason="无", **values))
    refused(lambda: Posting.objects.create(notice=notice, place=place, posted_on=make.DAY, **values))
    early = make.DAY - timedelta(days=1)
    refused(lambda: Posting.objects.create(notice=notice, place=place, posted_on=early, reason="无", **values))


SAID = {
    "text": "改", "name_mask": "改", "contact_mask": "改", "is_late": True, "raised_on": date(2020, 3, 9),
    "due_on": date(2021, 1, 1), "number": "YY", "code_digest": "0", "source": "COUNTER", "division_code": make.TOWN,
    "name_cipher": b"x", "serial": 9,
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(SAID))
def test_what_was_objected_stays(field: str) -> None:
    objection, _receipt = make.object_to(make.published(), name="王二小")
    refused(lambda: Objection.objects.filter(pk=objection.pk).update(**{field: SAID[field]}))


def test_an_objection_goes_its_way_only_and_its_answer_stands() -> None:
    objection, _receipt = make.object_to(make.published())
    here = Objection.objects.filter(pk=objection.pk)
    done = {
        "answer": "经核查不成立", "answered_on": make.DAY, "answered_at": objection.raised_at, "verdict": "NOT_UPHELD",
    }  # fmt: skip
    refused(lambda: here.update(state="ANSWERED", **done))
    refused(lambda: here.update(state="ACCEPTED"))
    refused(lambda: here.update(state="INADMISSIBLE"))
    refused(lambda: here.delete())
    make.answered(objection)
    refused(lambda: here.update(verdict="UPHELD"))
    refused(lambda: here.update(state="OPEN", verdict="", answer="", answered_on=None, answered_at=None))
    refused(lambda: ObjectionNote.objects.filter(objection=objection).update(text="改"))
    refused(lambda: ObjectionNote.objects.filter(objection=objection).delete())


def test_an_objection_is_late_after_the_last_day_and_only_then() -> None:
    notice = make.published()
    objection, _receipt = make.object_to(notice)

    def again(**changes: Any) -> None:
        row = Objection.objects.get(pk=objection.pk)
        row.pk, row.serial, row.number = None, 77, "YY2020-0077"
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    refused(lambda: again(is_late=True))
    refused(lambda: again(raised_on=make.OVER))
    refused(lambda: again(state="INADMISSIBLE", answer="无关", answered_on=make.DAY, answered_at=objection.raised_at))
    refused(lambda: again(notice=make.drafted()))
    with transaction.atomic():
        again(raised_on=make.OVER, is_late=True)


def test_a_case_does_not_pass_its_notice_step_by() -> None:
    case = make.waiting_case()
    task = Task.objects.filter(case=case, node="notice")
    done = {"status": "DONE", "closed_on": make.OVER}
    refused(lambda: task.update(**done))
    notice = make.notice_of(case)
    notice = make.posted(services.publish(notice.pk, notice.version, actor=make.actor("bureau_reviewer"), on=make.DAY))
    refused(lambda: task.update(**done))
    objection, _receipt = make.object_to(notice)
    refused(lambda: task.update(**done))
    make.answered(objection)
    refused(lambda: task.update(**done))
    refused(lambda: Notice.objects.filter(pk=notice.pk).update(state="WITHDRAWN", ended_on=make.DAY, ended_reason="改"))
    row = Task.objects.get(pk=task.get().pk)
    row.pk, row.token, row.status, row.closed_on = None, "another", "DONE", make.OVER
    refused(lambda: row.save(force_insert=True))
    Notice.objects.filter(pk=notice.pk).update(**CLOSED, closed_on=make.OVER)
    task.update(**done)


def test_a_word_changed_past_the_guards_is_found_by_the_digest() -> None:
    notice = make.published()
    assert list(documents.faults()) == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER disclosure_notice_frozen")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
    Notice.objects.filter(pk=notice.pk).update(contact="改过的")
    assert [fault.obj for fault in documents.faults()] == [f"notice:{notice.pk}"]
