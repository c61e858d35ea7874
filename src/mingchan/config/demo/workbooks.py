"""The sample workbooks (示例工作簿), brought in as a user would: the same import, marked 示例, on a day of the plan."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.exchange import services as exchange
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.kernel import money
from mingchan.kernel.errors import Refusal

SAMPLES = Path(__file__).resolve().parents[4] / "tests" / "samples"
ON = date(2020, 4, 15)
"""The last day of the plan's second stage, in which the register is made."""
CLERK = "bureau_clerk"


def workbooks() -> list[Path]:
    """The sample workbooks: the register first, then the use of the money."""
    return sorted(SAMPLES.glob("*.xlsx"))


def load() -> Iterator[str]:
    """Import what isn't imported yet; gives a line for each workbook. Raises Refusal outside the sample county."""
    if not directory.has_samples(settings.COUNTY):
        raise Refusal("This is not the sample county; the sample workbooks stay out of it.")
    actor = directory.actor_for(Account.objects.get(username=CLERK), ON, source="command")
    for path in workbooks():
        try:
            batch = exchange.import_file(path, actor=actor, on=ON, is_sample=True)
        except exchange.AlreadyApplied:
            continue
        if batch.state != BatchState.APPLIED:
            raise Refusal(f"{path.name}: {batch.get_state_display()} {batch.refusal} ({batch.error_count} errors)")
        amount = batch.result.get("cost_fen") or batch.result.get("paid_fen") or 0
        yield f"Imported {path.name}: {batch.row_count:,} rows, {money.format_yuan(amount)} yuan."
