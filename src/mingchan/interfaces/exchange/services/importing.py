"""The whole import in one call, for the command and the sample county: the same services a person presses through."""

from datetime import date
from pathlib import Path

from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import applying, reading, receiving
from mingchan.kernel.actor import Actor


def import_file(
    path: Path, *, actor: Actor, on: date, preview: bool = False, is_sample: bool = False, name: str = ""
) -> Batch:
    """Receive, read and (unless `preview` or errors stop it) apply a workbook. The batch says what came of it.

    Raises AlreadyApplied for a file that is in the register.
    """
    with path.open("rb") as content:
        batch = receiving.receive(content, name=name or path.name, actor=actor, on=on, is_sample=is_sample)
    batch = reading.read(batch.pk, actor=actor, on=on)
    if preview or batch.state != BatchState.READY or batch.error_count:
        return batch
    batch = applying.confirm(batch.pk, actor=actor, on=on)
    return applying.apply(batch.pk, actor=actor, on=on)
