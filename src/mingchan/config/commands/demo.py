"""`mingchan demo`: import the two sample workbooks into the sample county, once."""

import argparse
import sys

from mingchan.config import demo
from mingchan.config.command import DONE


def run(_options: argparse.Namespace) -> int:
    """Import what is not imported yet; each workbook goes through the same import as a user's."""
    for line in demo.load():
        sys.stdout.write(f"{line}\n")
    return DONE
