"""`mingchan backup`: write a backup, read all of it back, and say where it lies."""

import argparse
import json
import sys
from pathlib import Path

from django.conf import settings

from mingchan.config import backup, dumping
from mingchan.config.command import DONE, REFUSED


def run(options: argparse.Namespace) -> int:
    """One verified backup, or status 1 and nothing left behind."""
    to = options.to or Path(settings.MINGCHAN_HOME) / "backups"
    try:
        made = backup.make(to)
    except dumping.NotABackup as problem:
        sys.stderr.write(f"Not a backup: {problem}\n")
        return REFUSED
    facts = made.manifest["facts"]
    if options.json:
        sys.stdout.write(json.dumps({"folder": str(made.folder)} | made.manifest, ensure_ascii=False) + "\n")
        return DONE
    rows, files = sum(facts["tables"].values()), len(made.manifest["files"])
    sys.stdout.write(
        f"{made.folder}\n{rows:,} rows, {files:,} files, log of {facts['log_size']:,} records; verified. "
        "The keys are not in it: keep a copy of the keys folder in another place.\n"
    )
    return DONE
