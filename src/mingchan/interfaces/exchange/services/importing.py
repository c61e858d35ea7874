"""The whole import in one call, for the command and the sample county: the same services a person presses through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mingchan.interfaces.exchange.choices import BatchState, Purpose
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import applying, comparing, reading, receiving, surveying
from mingchan.kernel.actor import Actor


def import_file(
    path: Path,
    *,
    actor: Actor,
    on: date,
    preview: bool = False,
    is_sample: bool = False,
    name: str = "",
    accept: Sequence[str] = (),
    purpose: str = "",
    surveyor: int | None = None,
    title: str = "",
) -> Batch:
    """Receive, read and (unless `preview` or errors stop it) apply a workbook. The batch says what came of it.

    The next version of a workbook applied before is applied only as far as `accept` names kinds of differences
    (changed, added, gone); without any it stays READY with its differences. Raises AlreadyApplied for a file that is
    in the register.

    A survey sheet is taken only when `surveyor` names the party that made it, with what the sheet itself says of its
    days and scope; without one it stays READY. `purpose` and `title` say it better than the sheet.
    """
    with path.open("rb") as content:
        batch = receiving.receive(
            content, name=name or path.name, actor=actor, on=on, is_sample=is_sample, purpose=purpose
        )
    batch = reading.read(batch.pk, actor=actor, on=on)
    if preview or batch.state != BatchState.READY or batch.error_count:
        return batch
    if batch.purpose == Purpose.SURVEY:
        if surveyor is None:
            return batch
        terms = surveying.proposed(batch, actor)
        terms = replace(terms, surveyor=surveyor, title=title or terms.title)
        batch = surveying.confirm_survey(batch.pk, terms, actor=actor, on=on)
        return applying.apply(batch.pk, actor=actor, on=on)
    if batch.predecessor_id is not None:
        kinds = [kind.upper() for kind in accept]
        if not batch.differences.filter(kind__in=kinds).exists():
            return batch
        comparing.choose_kinds(batch.pk, kinds, actor=actor, on=on)
    batch = applying.confirm(batch.pk, actor=actor, on=on)
    return applying.apply(batch.pk, actor=actor, on=on)
