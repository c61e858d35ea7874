"""What is due and not billed yet (待开具): the preview of an issue, and what it is made of."""

from dataclasses import dataclass
from datetime import date

from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.income.models import Receivable
from mingchan.lifecycle.income.queries import contracts
from mingchan.lifecycle.operation.queries import Due


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A due that isn't billed yet, with its contract."""

    due: Due
    contract: contracts.Facts


def unbilled(actor: Actor, until: date) -> list[Unbilled]:
    """Every due up to a day without a standing receivable, the earliest first: what an issue would bill (2.5a)."""
    found = contracts.dues(actor.county, until)
    ids = sorted({due.contract_id for due in found})
    standing = Receivable.objects.filter(
        county=actor.county, cancelled_on__isnull=True, contract__in=database.one_of(ids, "bigint")
    )
    billed = set(standing.values_list("contract_id", "key"))
    known = contracts.facts(ids)
    return [Unbilled(due, known[due.contract_id]) for due in found if (due.contract_id, due.key) not in billed]
