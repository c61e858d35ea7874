"""`mingchan restore`: put a verified backup in place, and verify everything once more."""

import argparse
import json
import sys

from mingchan.config import restoring
from mingchan.config.command import DONE, REFUSED
from mingchan.config.dumping import NotABackup
from mingchan.kernel.period import today


def run(options: argparse.Namespace) -> int:
    """Status 0 when the backup stands and all agrees with its log, else 1. With --dry-run nothing is changed."""
    try:
        if options.dry_run:
            facts = restoring.check(options.folder, over=True)["facts"]
            sys.stdout.write(
                f"It can be restored: {sum(facts['tables'].values()):,} rows, {len(facts['attachments']):,} papers, "
                f"log of {facts['log_size']:,} records, root {facts['log_root']}. Nothing was changed.\n"
            )
            return DONE
        restored = restoring.restore(options.folder, over=options.over, on=today())
    except NotABackup as problem:
        sys.stderr.write(f"Not a backup: {problem}\n")
        return REFUSED
    except restoring.NotRestored as problem:
        sys.stderr.write(f"{problem}\n")
        return REFUSED
    if options.json:
        answer = {"former": restored.former, "report": restored.report.as_dict(), **restored.manifest}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
    else:
        if restored.former:
            sys.stdout.write(f"The former data lies in {restored.former}\n")
        for line in restored.report.lines(50):
            sys.stdout.write(f"{line}\n")
    return DONE if restored.report.ok else REFUSED
