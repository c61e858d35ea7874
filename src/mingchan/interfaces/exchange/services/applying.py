"""Writing a confirmed batch: one transaction, streaming, to be stopped until it commits (2.2, 3.4.1)."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.exchange import events, permissions, progress, spool, wording
from mingchan.interfaces.exchange.choices import BatchState, Difference, Purpose, SheetKind
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.reading.refusals import ReadingError, ReadingFailed
from mingchan.interfaces.exchange.services import comparing, locking, protected, reading, source, surveying
from mingchan.interfaces.exchange.services.changing import apply_changes
from mingchan.interfaces.exchange.services.drafting import AT, Drafter
from mingchan.interfaces.exchange.understanding.intake import frames
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.memory import collector_resting
from mingchan.kernel.period import today, utc_now
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft
from mingchan.register.funding import services as funding
from mingchan.register.survey import services as survey
from mingchan.register.survey.drafts import RowDraft


class Stopped(Exception):
    """Somebody cancelled before the commit."""


@transaction.atomic
def confirm(batch_id: int, *, actor: Actor, on: date) -> Batch:
    """Confirm a previewed batch for entry on a business date. Refuses while an error stands."""
    batch = locking.lock(batch_id, actor)
    permissions.require_import(actor, batch.purpose)
    locking.require_state(batch, BatchState.READY)
    if batch.purpose == Purpose.SURVEY:
        raise Refusal(_("这是调查表，不登记入账：请按调查表确认。"), clauses=("3.2",))
    if on > today():
        raise Refusal(_("入账日期不能晚于今天。"), clauses=("3.4.1",), field="on")
    if batch.error_count:
        raise Refusal(_("还有 %(count)s 处错误，改正后才能入账。") % {"count": batch.error_count}, clauses=("2.2",))
    if not batch.row_count:
        raise Refusal(_("没有可入账的行。"), clauses=("2.2",))
    if batch.predecessor_id is not None and not batch.differences.filter(chosen=True).exists():
        raise Refusal(_("与上一版相比没有选中任何差异，没有可写入的内容。"), clauses=("2.2",))
    batch.state = BatchState.QUEUED
    batch.applied_on = on
    batch.save(update_fields=["state", "applied_on"])
    return batch


def apply(batch_id: int, *, actor: Actor, on: date) -> Batch:
    """Write a confirmed batch. Ends APPLIED, or back at READY with nothing written when it was cancelled or failed.

    A killed process leaves it APPLYING with nothing written; `restart` begins again.
    """
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        permissions.require_import(actor, batch.purpose)
        locking.require_state(batch, BatchState.QUEUED)
        batch.state = BatchState.APPLYING
        batch.save(update_fields=["state"])
    reporter = progress.Reporter(batch.pk, batch.row_count)
    try:
        with transaction.atomic(), collector_resting():
            written = _Entry(batch, reporter, actor, on).write()
        spool.forget(batch_id)
        return written
    except Stopped:
        return _back_to_ready(batch_id, actor, "")
    except ReadingError as error:
        return _back_to_ready(batch_id, actor, wording.refusal(error.code, error.params))
    except Refusal as refusal:
        _back_to_ready(batch_id, actor, str(refusal))
        raise
    except BaseException:
        _back_to_ready(batch_id, actor, str(_("写入时出错，台账和账簿没有变化。请重试；如再出错，请联系管理员。")))
        raise
    finally:
        reporter.close()


def _back_to_ready(batch_id: int, actor: Actor, words: str) -> Batch:
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        batch.state = BatchState.READY
        batch.applied_on = None
        batch.refusal = words
        batch.save(update_fields=["state", "applied_on", "refusal"])
    return batch


def ask_to_stop(batch_id: int, *, actor: Actor, on: date) -> None:
    """Ask a running batch to stop before it commits; one still waiting goes back at once."""
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        permissions.require_import(actor, batch.purpose)
        if batch.state == BatchState.QUEUED:
            batch.state = BatchState.READY
            batch.applied_on = None
            batch.save(update_fields=["state", "applied_on"])
            return
        locking.require_state(batch, BatchState.APPLYING, BatchState.READING)
    progress.ask_to_cancel(batch_id)


def restart(batch_id: int, *, actor: Actor, on: date) -> Batch:
    """Make a batch whose process died ready to run again. Raises Refusal while it lives."""
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        permissions.require_import(actor, batch.purpose)
        locking.require_state(batch, BatchState.APPLYING, BatchState.READING, BatchState.RECEIVED, BatchState.REFUSED)
        running = progress.read(batch_id)
        if running is not None and running.alive:
            raise Refusal(_("后台仍在处理，请稍候。"))
        batch.state = BatchState.QUEUED if batch.state == BatchState.APPLYING else BatchState.RECEIVED
        batch.save(update_fields=["state"])
    return batch


class _Entry:
    """One batch being written: frames of rows come from the reading process while the last frame is stored."""

    def __init__(self, batch: Batch, reporter: progress.Reporter, actor: Actor, on: date) -> None:
        self.batch, self.reporter, self.actor, self.on = batch, reporter, actor, on
        self.source = Ref("batch", batch.pk)
        self.drafter = Drafter(
            county=batch.county,
            paper_day=reading.paper_day(batch),
            source=str(self.source),
            actor=actor,
            on=on,
            is_sample=batch.is_sample,
        )
        self.columns = {
            sheet["name"]: {column["field"]: column["letter"] for column in sheet["columns"] if column["field"]}
            for sheet in batch.summary["sheets"]
        }
        self.years = {sheet["name"]: sheet["year"] or 0 for sheet in batch.summary["sheets"]}
        self.result: dict[str, Any] = {"voucher_ids": [], "count": 0, "quantity_milli": 0, "cost_fen": 0, "records": 0}
        self.money_frames: list[tuple[str, str, Sequence[Sequence[Any]]]] = []

    def write(self) -> Batch:
        """Cards first, then money, then the batch's own record."""
        if self.batch.purpose == Purpose.SURVEY:
            self._write_survey()
        elif self.batch.predecessor_id is not None:
            self._write_chosen()
        else:
            self._write_cards()
            self._write_money()
        self._check_stop()
        self.reporter.report("committing", self.reporter.total)
        batch = locking.lock(self.batch.pk, self.actor)
        batch.state = BatchState.APPLIED
        batch.applied_on, batch.applied_at = self.on, utc_now()
        batch.refusal = ""
        batch.result = self.result
        batch.version += 1
        batch.save()
        evidence.record(
            events.SURVEYED if batch.purpose == Purpose.SURVEY else events.APPLIED,
            self.source,
            actor=self.actor,
            on=self.on,
            after=protected.document(batch),
            division=batch.county,
            facts={
                "file": batch.file_name,
                "count": batch.row_count,
                "yuan": money.format_yuan(self.result["cost_fen"] or self.result.get("paid_fen", 0)),
                "sha256": batch.sha256,
            },
        )
        return batch

    def _check_stop(self) -> None:
        if self.reporter.cancelled():
            raise Stopped

    def _frames(self) -> Iterator[tuple[str, str, Sequence[Sequence[Any]]]]:
        """Frames of rows as the preview read them; from the reading process again when anything it went by changed."""
        options, marks = source.options_of(self.batch), self.batch.summary.get("spool")
        kept = spool.kept(self.batch.pk, self.batch.reading, marks, source.basis_of(self.batch, options))
        if kept is not None:
            for frame in spool.frames(kept, marks["rows"]):
                yield frame["sheet"], frame["kind"], frame["rows"]
            return
        path = source.path_of(self.batch)
        with closing(frames(path, options=options, cancelled=self.reporter.cancelled)) as sent:
            try:
                for frame in sent:
                    if frame["k"] == "rows":
                        yield frame["sheet"], frame["kind"], frame["rows"]
                    elif frame["k"] == "summary" and frame["summary"]["errors"]:
                        raise Refusal(_("重新读取时发现错误，请回到预览改正。"), clauses=("2.2",))
            except ReadingFailed as failed:
                if failed.code == "cancelled":
                    raise Stopped from failed
                raise

    def _cards(self, only: set[tuple[str, int]] | None = None) -> Iterator[list[CardDraft]]:
        for sheet, kind, rows in self._frames():
            self._check_stop()
            if kind == SheetKind.REGISTER:
                chosen = rows if only is None else [row for row in rows if (sheet, row[AT["row"]]) in only]
                if chosen:
                    yield self.drafter.cards(sheet, self.columns.get(sheet, {}), chosen, self.batch.admitted)
            else:
                self.money_frames.append((sheet, kind, rows))

    def _write_cards(self, only: set[tuple[str, int]] | None = None) -> None:
        registered = assets.register(
            self._cards(only),
            source=self.source,
            summary=str(_("导入《%(file)s》") % {"file": self.batch.file_name}),
            actor=self.actor,
            on=self.on,
            on_progress=lambda done: self.reporter.report("cards", done),
            is_sample=self.batch.is_sample,
        )
        self.result |= {
            "count": registered.count,
            "quantity_milli": registered.quantity_milli,
            "cost_fen": registered.cost_fen,
            "first_id": registered.first_id,
            "last_id": registered.last_id,
        }
        self.result["voucher_ids"] += registered.voucher_ids
        self.result["records"] += registered.count

    def _write_money(self) -> None:
        received = [
            draft
            for sheet, kind, rows in self.money_frames
            if kind == SheetKind.APPROPRIATION
            for draft in self.drafter.appropriations(sheet, rows, self.batch.admitted)
        ]
        used = [
            draft
            for sheet, kind, rows in self.money_frames
            if kind == SheetKind.FUND_USE
            for draft in self.drafter.fund_uses(sheet, rows, self.years.get(sheet, 0), self.batch.admitted)
        ]
        if received:
            done = funding.record_appropriations(
                received, source=self.source, actor=self.actor, on=self.on, is_sample=self.batch.is_sample
            )
            self.result |= {"appropriations": done.count, "received_fen": done.amount_fen}
            self.result["records"] += done.count
        if used:
            done = funding.record_fund_uses(
                used,
                source=self.source,
                spender_id=self._spender(),
                actor=self.actor,
                on=self.on,
                is_sample=self.batch.is_sample,
            )
            self.result |= {"payments": done.count, "paid_fen": done.amount_fen}
            self.result["voucher_ids"] += done.voucher_ids
            self.result["records"] += done.count

    def _spender(self) -> int | None:
        """The office that reports the payments (填报单位), whose book carries the expense; None when not stated."""
        offices = [s["office"] for s in self.batch.summary["sheets"] if s["kind"] == SheetKind.FUND_USE and s["office"]]
        return self.drafter.office(offices[0]) if offices else None

    def _found(self) -> Iterator[list[RowDraft]]:
        for sheet, kind, rows in self._frames():
            self._check_stop()
            if kind == SheetKind.SURVEY:
                yield list(surveying.row_drafts(self.drafter.places, sheet, rows))

    def _write_survey(self) -> None:
        """Hand a survey's rows to the survey, which compares them with the register."""
        taken = survey.take(
            self._found(),
            surveying.survey_draft(self.batch),
            source=self.source,
            actor=self.actor,
            on=self.on,
            is_sample=self.batch.is_sample,
            on_progress=lambda done: self.reporter.report("survey", done),
        )
        self.result = {
            **self.batch.result, "survey": taken.survey_id, "rows": taken.rows, "matched": taken.matched,
            "differences": taken.differences, "records": taken.rows, "cost_fen": 0,
        }  # fmt: skip

    def _write_chosen(self) -> None:
        """Of a workbook handed in again, only what was chosen."""
        chosen = list(self.batch.differences.filter(chosen=True).order_by("id"))
        added = {(row.sheet, row.row) for row in chosen if row.kind == Difference.ADDED}
        self._write_cards(added)
        corrected, withdrawn = apply_changes(self.batch, chosen, self.drafter, actor=self.actor, on=self.on)
        self.result |= {"corrected": corrected, "gone": withdrawn}
        self.result["records"] += corrected + withdrawn
        comparing.settle_links(self.batch)
