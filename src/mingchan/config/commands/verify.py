"""`mingchan verify`: recompute the log and the books and compare every protected row with the log."""

import argparse
import json
import sys

from mingchan.config import wiring
from mingchan.config.command import DONE, REFUSED
from mingchan.foundation.evidence import services as evidence

MOST_SHOWN = 50
"""Findings in text; --json has all of them."""


def run(options: argparse.Namespace) -> int:
    """Status 0 when everything agrees, 1 when a record, a row, a sum or the log itself was tampered with."""
    report = evidence.verify(wiring.PROTECTED, most=sys.maxsize if options.json else MOST_SHOWN)
    if options.json:
        sys.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, default=str) + "\n")
    else:
        for line in report.lines(MOST_SHOWN):
            sys.stdout.write(f"{line}\n")
    return DONE if report.ok else REFUSED
