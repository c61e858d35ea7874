"""The rows of a preview are entered as they were seen: read once, and never otherwise than they were shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from mingchan.interfaces.exchange import services
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import applying
from mingchan.interfaces.exchange.tests.conftest import ON, line
from mingchan.register.assets.models import Asset

BringIn = Callable[..., Batch]
Workbook = Callable[..., Path]
ActorOf = Callable[[str], Any]
pytestmark = pytest.mark.django_db


def spooled(batch: Batch) -> Path:
    return Path(settings.MINGCHAN_HOME) / "spool" / f"batch-{batch.pk}-{batch.reading}.rows"


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The workbooks that the entry reads again."""
    again: list[Path] = []
    true = applying.frames

    def counted(path: Path, **options: Any) -> Any:
        again.append(path)
        return true(path, **options)

    monkeypatch.setattr(applying, "frames", counted)
    return again


def test_a_previewed_workbook_is_not_read_again(bring_in: BringIn, workbook: Workbook, unread: list[Path]) -> None:
    batch = bring_in(workbook([line(1), line(2)]))
    assert batch.state == BatchState.APPLIED
    assert Asset.objects.count() == 2
    assert unread == []
    assert not spooled(batch).exists()


def test_what_was_settled_after_the_preview_is_read_anew(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, unread: list[Path]
) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1), line(2)]), preview=True)
    head = batch.summary["sheets"][0]["header_rows"][1]
    services.skip_row(batch.pk, batch.summary["sheets"][0]["name"], head + 1, actor=clerk, on=ON)
    services.confirm(batch.pk, actor=clerk, on=ON)
    assert services.apply(batch.pk, actor=clerk, on=ON).state == BatchState.APPLIED
    assert len(unread) == 1
    assert Asset.objects.count() == 1


def test_a_lost_spool_is_no_loss(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, unread: list[Path]) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    spooled(batch).unlink()
    services.confirm(batch.pk, actor=clerk, on=ON)
    assert services.apply(batch.pk, actor=clerk, on=ON).state == BatchState.APPLIED
    assert len(unread) == 1


def test_rows_that_are_not_those_shown_are_refused(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    batch = bring_in(workbook([line(1)]), preview=True)
    path = spooled(batch)
    name = line(1)[4].encode()
    assert name in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(name, name[:-3] + "改".encode()))
    services.confirm(batch.pk, actor=clerk, on=ON)
    refused = services.apply(batch.pk, actor=clerk, on=ON)
    assert refused.state == BatchState.READY
    assert "暂存" in refused.refusal
    assert not Asset.objects.exists()
    services.confirm(batch.pk, actor=clerk, on=ON)
    assert services.apply(batch.pk, actor=clerk, on=ON).state == BatchState.APPLIED
    assert Asset.objects.get().name == line(1)[4]


def test_a_discarded_batch_leaves_nothing(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook, django_capture_on_commit_callbacks: Any
) -> None:
    batch = bring_in(workbook([line(1)]), preview=True)
    assert spooled(batch).exists()
    assert spooled(batch).stat().st_mode & 0o077 == 0
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(batch.pk, actor=actor_of("bureau_clerk"), on=ON)
    assert not spooled(batch).exists()
