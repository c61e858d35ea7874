"""The kept file of a batch and how it is to be read: the same options for the preview and for the entry."""

from pathlib import Path

from mingchan.foundation.evidence import queries as evidence
from mingchan.interfaces.exchange import spool
from mingchan.interfaces.exchange.models import Batch, RememberedMapping
from mingchan.interfaces.exchange.understanding.options import ReadingOptions
from mingchan.kernel.period import today

OUT_OF_SCOPE = "funding_out_of_scope"
"""The reader's code for a source of money outside the plan's scope."""


def basis_of(batch: Batch, options: ReadingOptions) -> str:
    """Digest of all that a reading of the batch goes by: the file, what people settled, the day, the program."""
    return spool.basis(batch.sha256, options.as_dict(), evidence.program_digest())


def path_of(batch: Batch) -> Path:
    """Where the kept original lies."""
    assert batch.file is not None
    return evidence.open_attachment(batch.file.pk)[1]


def options_of(batch: Batch) -> ReadingOptions:
    """Mapping, corrections and admissions a person gave, and the mappings remembered for this shape."""
    mapping: dict[str, dict[int, str]] = {}
    shapes = {sheet["shape"]: sheet["name"] for sheet in batch.summary.get("sheets", ()) if sheet["shape"]}
    for row in RememberedMapping.objects.filter(county=batch.county, shape__in=list(shapes)):
        mapping[shapes[row.shape]] = {int(index): field for index, field in row.mapping.items()}
    for sheet, columns in batch.mapping.items():
        mapping[sheet] = {int(index): field for index, field in columns.items()}
    every_source_admitted = set(batch.summary.get("scope", ())) <= set(batch.admitted) and bool(batch.admitted)
    return ReadingOptions(
        filename=batch.file_name,
        today=today().isoformat(),
        mapping=mapping,
        corrections={(c.sheet, c.row, c.column): c.text for c in batch.corrections.all()},
        skipped=batch.skipped,
        kinds=dict.fromkeys(batch.excluded, "notes"),
        purpose=batch.purpose.lower(),
        admitted=[OUT_OF_SCOPE] if every_source_admitted else [],
    )
