"""`mingchan import`: a workbook through the wizard's own services, every problem by sheet, row and column."""

import argparse
import json
import sys
from datetime import date
from typing import Any

from django.urls import reverse

from mingchan.config.command import DONE, MISUSED, REFUSED
from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.exchange import queries as exchange_queries
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.choices import BatchState, Difference, Purpose
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel import money, period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

MOST_SHOWN = 50
NO_SURVEYOR = "This is a survey sheet; nothing was written. Name the party that made it: --surveyor NAME."
NOT_ACCEPTED = "Nothing was written: accept differences with --accept changed,added,gone (or all)."
LONGEST_PAGE = 1_000_000


def problems(batch: Batch) -> list[dict[str, Any]]:
    """Everything wrong or doubtful: severity, code, sheet, row, column, value, what is wrong, what to do."""
    rows, _more = exchange_queries.issues_page(batch, {}, limit=LONGEST_PAGE)
    kept = ("severity", "code", "sheet", "row", "column", "field", "value", "sentence", "advice")
    return [{name: row[name] for name in kept} for row in rows]


def document(batch: Batch) -> dict[str, Any]:
    """What came of a batch, for programs: money in fen, quantities in thousandths."""
    found = problems(batch)
    return {
        "batch": batch.pk,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "link": reverse("exchange:batch", args=[batch.pk]),
        "state": batch.state,
        "purpose": batch.purpose,
        "refusal": batch.refusal,
        "rows": batch.row_count,
        "sheets": [
            {name: sheet[name] for name in ("name", "kind", "rows", "sums", "stated", "errors", "warnings")}
            for sheet in batch.summary.get("sheets", ())
        ],
        "errors": [row for row in found if row["severity"] == "error"],
        "warnings": [row for row in found if row["severity"] != "error"],
        "error_count": batch.error_count,
        "warning_count": batch.warning_count,
        "differences": differences(batch),
        "result": batch.result,
    }


def differences(batch: Batch) -> dict[str, Any]:
    """What the next version of a workbook would change: how many of each kind, and each row with its fields."""
    rows = list(
        batch.differences.order_by("id").values("kind", "sheet", "row", "asset_id", "title", "changes", "chosen")
    )
    return {
        "predecessor": batch.predecessor_id,
        "counts": {kind.lower(): sum(row["kind"] == kind for row in rows) for kind in Difference.values},
        "rows": [row | {"kind": row["kind"].lower()} for row in rows],
    }


def _refused(refusal: Refusal) -> dict[str, Any]:
    """A refusal for programs; one of a file that is in the register already names its batch."""
    answer: dict[str, Any] = {"state": "REFUSED", "refusal": str(refusal), "clauses": list(refusal.clauses)}
    if isinstance(refusal, exchange.AlreadyApplied):
        link = reverse("exchange:batch", args=[refusal.batch_id])
        answer |= {"reason": "already_applied", "batch": refusal.batch_id, "link": link}
    else:
        answer["reason"] = {NotAllowed: "not_allowed", NotFound: "not_found"}.get(type(refusal), "refused")
    return answer


def _change(change: dict[str, Any]) -> str:
    return f"{change['field']}: {change['old']} → {change['new']}"


def _write_differences(batch: Batch) -> None:
    found = differences(batch)
    if found["predecessor"] is None:
        return
    counts = ", ".join(f"{kind} {count:,}" for kind, count in found["counts"].items())
    sys.stdout.write(f"  next version of batch {found['predecessor']}: {counts}\n")
    for row in found["rows"][:MOST_SHOWN]:
        fields = "; ".join(_change(change) for change in row["changes"])
        sys.stdout.write(f"  {row['kind']:8}{row['sheet']}!{row['row'] or ''}  {row['title']}  {fields}\n")
    if len(found["rows"]) > MOST_SHOWN:
        sys.stdout.write(f"  … {len(found['rows']) - MOST_SHOWN:,} more; --json prints all of them\n")


def _write_text(batch: Batch) -> None:
    out = sys.stdout
    out.write(f"{batch.file_name}: {batch.get_state_display()}\n")
    if batch.refusal:
        out.write(f"{batch.refusal}\n")
    for sheet in batch.summary.get("sheets", ()):
        sums = sheet["sums"]
        parts = [f"{sheet['rows']:,} rows"]
        if "quantity_milli" in sums:
            parts.append(f"quantity {money.format_quantity(sums['quantity_milli'])}")
        parts += [f"{name[:-4]} {money.format_yuan(sums[name])}" for name in sums if name.endswith("_fen")]
        out.write(f"  {sheet['name']} ({sheet['kind']}): {', '.join(parts)}\n")
    found = problems(batch)
    for row in found[:MOST_SHOWN]:
        place = f"{row['sheet']}!{row['column']}{row['row'] or ''}"
        out.write(f"  {row['severity']:8}{place}  {row['value']}  {row['sentence']} {row['advice']}\n")
    if len(found) > MOST_SHOWN:
        out.write(f"  … {len(found) - MOST_SHOWN:,} more; --json prints all of them\n")
    out.write(f"  {batch.error_count:,} errors, {batch.warning_count:,} warnings\n")
    _write_differences(batch)


def _misuse(options: argparse.Namespace, on: date) -> str:
    """What is wrong with the way the command was called, empty when nothing is."""
    if options.file.is_dir():
        return f"{options.file} is a folder; name a workbook"
    if not options.file.is_file():
        return f"There is no file {options.file}"
    return f"{on} has not come yet" if on > period.today() else ""


def actor_of(options: argparse.Namespace) -> Actor:
    """Who runs the command, with the rights of today; the business date may be another."""
    return directory.local_actor(options.user, period.today())


def _surveyor(name: str, county: str) -> int:
    """The party of a name that stands once in the directory. Raises Refusal otherwise."""
    found = list(directory.parties_named(county, [name]))
    if len(found) != 1:
        raise Refusal(f"{len(found)} parties are called {name}; the directory must know exactly one.")
    return found[0].id


def _no_surveyor(batch: Batch, *, as_json: bool) -> int:
    """A survey sheet that was read and waits for its surveyor, or for its errors to be put right."""
    if as_json:
        why = {} if batch.error_count else {"reason": "survey", "refusal": batch.refusal or NO_SURVEYOR}
        sys.stdout.write(json.dumps(document(batch) | why, ensure_ascii=False) + "\n")
        return REFUSED
    _write_text(batch)
    if not batch.error_count:
        sys.stderr.write(f"{NO_SURVEYOR}\n")
    return REFUSED


def run(options: argparse.Namespace) -> int:
    """Status 0 when the workbook is in the register (or, with --preview, could be), 1 when it was refused."""
    on = options.on or period.today()
    if wrong := _misuse(options, on):
        sys.stderr.write(f"{wrong}\n")
        return MISUSED
    try:
        actor = actor_of(options)
        batch = exchange.import_file(
            options.file,
            actor=actor,
            on=on,
            preview=options.preview,
            accept=options.accept,
            surveyor=_surveyor(options.surveyor, actor.county) if options.surveyor else None,
        )
    except Refusal as refusal:
        if options.json:
            sys.stdout.write(json.dumps(_refused(refusal), ensure_ascii=False) + "\n")
            return REFUSED
        if isinstance(refusal, exchange.AlreadyApplied):
            sys.stderr.write(f"Batch {refusal.batch_id}: {reverse('exchange:batch', args=[refusal.batch_id])}\n")
        raise
    if batch.purpose == Purpose.SURVEY and batch.state == BatchState.READY and not options.preview:
        return _no_surveyor(batch, as_json=options.json)
    waits = batch.predecessor_id is not None and batch.state == BatchState.READY and not options.preview
    if options.json:
        answer = document(batch)
        if waits and not batch.error_count:
            answer |= {"reason": "differences", "refusal": answer["refusal"] or NOT_ACCEPTED}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        _write_text(batch)
        if waits and not batch.error_count:
            sys.stderr.write(f"{NOT_ACCEPTED}\n")
    good = batch.state == (BatchState.READY if options.preview else BatchState.APPLIED) and not batch.error_count
    return DONE if good else REFUSED
