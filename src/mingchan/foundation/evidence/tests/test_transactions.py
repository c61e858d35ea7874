"""With real transactions: one writer at a time, nothing kept of a rollback, the verifier's unchanging view."""

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction

from mingchan.foundation.evidence import protection, verification
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record, VerifyRun
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, LATER, MOVED, actor
from mingchan.kernel.errors import NotAllowed
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db(transaction=True)
SHELF = Protected(kind="shelf", model=ContentType, label=("model",))


def _begin(name: str) -> ContentType:
    with transaction.atomic():
        shelf = ContentType.objects.create(app_label="store", model=name)
        evidence.record(COUNTED, Ref("shelf", shelf.pk), actor=actor(), on=DAY, after=protection.document(SHELF, shelf))
    return shelf


@pytest.fixture
def shelf() -> ContentType:
    ContentType.objects.all().delete()
    return _begin("one")


def test_what_is_rolled_back_leaves_neither_row_nor_record(shelf: ContentType) -> None:
    @transaction.atomic
    def act() -> None:
        ContentType.objects.create(app_label="store", model="two")
        evidence.record_many(COUNTED, [(f"asset:{n}", "", {"id": n}) for n in range(300)], actor=actor(), on=DAY)
        raise NotAllowed("no")

    with pytest.raises(NotAllowed):
        act()
    assert Record.objects.count() == 1
    _begin("three")
    assert evidence.verify([SHELF]).findings == []


def test_a_refusal_outlives_the_act_that_was_refused(shelf: ContentType) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        evidence.record_own_transaction(MOVED, Ref("shelf", 1), actor=actor(), on=DAY)
    evidence.record_own_transaction(MOVED, Ref("shelf", 1), actor=actor(), on=DAY)
    assert Record.objects.count() == 2


def test_the_verifier_sees_one_state_while_others_write(shelf: ContentType, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        monkeypatch.setattr(verification, "BATCH", 5000)

        def write() -> None:
            """An in-memory database has one connection: nobody else can write meanwhile."""
    else:

        def write() -> None:
            def work() -> None:
                before = protection.document(SHELF, shelf)
                with transaction.atomic():
                    ContentType.objects.filter(pk=shelf.pk).update(model="moved")
                    evidence.record(MOVED, Ref("shelf", shelf.pk), actor=actor(), on=LATER, before=before,
                                    after={**before, "model": "moved"})  # fmt: skip
                connections.close_all()

            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

    wrote: list[int] = []

    def progress(_done: int, _total: int) -> None:
        if not wrote:
            wrote.append(1)
            write()

    assert evidence.verify([SHELF], progress=progress).findings == []
    assert wrote
    assert not connection.in_atomic_block
    assert evidence.verify([SHELF]).findings == []


def test_the_verifier_shows_progress_from_outside_its_view(shelf: ContentType) -> None:
    run, fresh = evidence.start_verification(actor=actor(), on=DAY)
    assert fresh
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        with transaction.atomic():
            evidence.run_verification(run.pk, actor=actor(), on=DAY)
    else:
        evidence.run_verification(run.pk, actor=actor(), on=DAY)
    run = VerifyRun.objects.get()
    assert run.state == "DONE"
    assert run.report["read"]["records"] == 1


def test_a_run_that_breaks_is_marked_as_not_finished(shelf: ContentType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise OSError("disk")

    run, _fresh = evidence.start_verification(actor=actor(), on=DAY)
    monkeypatch.setattr(verification, "verify", fail)
    with pytest.raises(OSError, match="disk"):
        evidence.run_verification(run.pk, actor=actor(), on=DAY)
    assert VerifyRun.objects.get().state == "FAILED"


def test_eight_writers_leave_no_gap_and_no_double(shelf: ContentType) -> None:
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                try:
                    with transaction.atomic():
                        evidence.record(COUNTED, Ref("asset", number), actor=actor(number=number), on=DAY)
                        if turn % 3 == 2:
                            raise NotAllowed("no")
                except NotAllowed:
                    continue
        except Exception as error:  # handed to the test
            errors.append(error)
        finally:
            if not (connection.vendor == "sqlite" and connection.is_in_memory_db()):
                connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        for number in range(8):
            write(number)
    else:
        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []
    assert list(Record.objects.order_by("seq").values_list("seq", flat=True)) == list(range(57))
    assert evidence.verify([SHELF]).findings == []
