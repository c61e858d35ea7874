"""`mingchan import`: a workbook through the wizard's own services, every problem by sheet, row and column."""

import argparse
import json
import sys
from typing import Any

from mingchan.config.command import DONE, REFUSED
from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.exchange import queries as exchange_queries
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel import money, period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

MOST_SHOWN = 50
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
        "state": batch.state,
        "refusal": batch.refusal,
        "rows": batch.row_count,
        "sheets": [
            {name: sheet[name] for name in ("name", "kind", "rows", "sums", "stated", "errors", "warnings")}
            for sheet in batch.summary.get("sheets", ())
        ],
        "errors": [row for row in found if row["severity"] == "error"],
        "warnings": [row for row in found if row["severity"] != "error"],
        "result": batch.result,
    }


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


def actor_of(options: argparse.Namespace) -> Actor:
    """Who runs the command, with the rights of today; the business date may be another."""
    return directory.local_actor(options.user, period.today())


def run(options: argparse.Namespace) -> int:
    """Status 0 when the workbook is in the register (or, with --preview, could be), 1 when it was refused."""
    if not options.file.is_file():
        sys.stderr.write(f"There is no file {options.file}\n")
        return REFUSED
    on = options.on or period.today()
    try:
        batch = exchange.import_file(options.file, actor=actor_of(options), on=on, preview=options.preview)
    except Refusal as refusal:
        if options.json:
            answer = {"state": "REFUSED", "refusal": str(refusal), "clauses": list(refusal.clauses)}
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            return REFUSED
        raise
    if options.json:
        sys.stdout.write(json.dumps(document(batch), ensure_ascii=False) + "\n")
    else:
        _write_text(batch)
    good = batch.state == (BatchState.READY if options.preview else BatchState.APPLIED) and not batch.error_count
    return DONE if good else REFUSED
