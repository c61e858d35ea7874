"""Which periods are to be reported (申报期), and what was (2.4.2a)."""

from datetime import date
from typing import NamedTuple

from mingchan.lifecycle.operation import schedule
from mingchan.lifecycle.operation.choices import EditionStatus, ReportStatus, ShareOf
from mingchan.lifecycle.operation.models import Contract, Edition, Report


class Reporting(NamedTuple):
    """A period to be reported with the report that counts for it, or the returned one, if any."""

    starts_on: date
    last_day: date
    report: Report | None
    is_open: bool


def edition_on(contract: Contract, day: date) -> Edition:
    """The version of the terms that counts on a day: the last agreed one that began by then."""
    agreed = Edition.objects.filter(contract=contract, status=EditionStatus.AGREED).order_by("-number")
    return (
        agreed.filter(effective_on__lte=day).first()
        or agreed.last()
        or Edition.objects.get(contract=contract, number=contract.edition)
    )


def periods_of(contract: Contract) -> list[tuple[date, date]]:
    """The periods whose turnover or profit is shared; none for a contract without a share."""
    if contract.starts_on is None or contract.last_day is None:
        return []
    edition = edition_on(contract, contract.ended_on or contract.last_day)
    if edition.share_of == ShareOf.NONE:
        return []
    last = contract.last_day if contract.ended_on is None else min(contract.ended_on, contract.last_day)
    return list(schedule.periods(contract.starts_on, last, edition.share_every))


def reporting(contract: Contract, on: date) -> list[Reporting]:
    """The periods that are over, the latest first, with what was reported."""
    rows = {}
    for row in Report.objects.filter(contract=contract).order_by("id"):
        rows[row.starts_on] = row
    return [
        Reporting(first, last, rows.get(first), rows.get(first) is None or rows[first].status == ReportStatus.RETURNED)
        for first, last in reversed(periods_of(contract))
        if last < on
    ]
