"""`mingchan verify`: recompute the log and the books and compare every protected row with the log."""

import argparse
import json
import sys

from mingchan.config import wiring
from mingchan.config.command import DONE, REFUSED
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger


def run(options: argparse.Namespace) -> int:
    """Status 0 when everything agrees, 1 when a record, a row, a sum or the log itself was tampered with."""
    report = evidence.verify(wiring.PROTECTED)
    faults = list(ledger.faults())
    if options.json:
        answer = report.as_dict() | {"books": [fault._asdict() for fault in faults]}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
    else:
        for line in report.lines():
            sys.stdout.write(f"{line}\n")
        for fault in faults:
            sys.stdout.write(f"{fault.words}\n")
    return DONE if report.ok and not faults else REFUSED
