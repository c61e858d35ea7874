"""`mingchan init`: make or update the database, the static files and the county. Safe to run again and again."""

import argparse
import hashlib
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mingchan.config import county
from mingchan.config.command import DONE
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.ledger import services as ledger
from mingchan.kernel import period


def update_database() -> bool:
    """Apply the migrations that are not applied yet; True when there were some."""
    Path(settings.MINGCHAN_HOME).mkdir(parents=True, exist_ok=True, mode=0o700)
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return True


def update_static_files() -> bool:
    """Collect and compress the static files when a source changed since; True when it did."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.get_modified_time(name).timestamp()}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
    return True


def run(options: argparse.Namespace) -> int:
    """Bring everything up to date and say what there is."""
    if update_database():
        sys.stdout.write("Database ready.\n")
    if update_static_files():
        sys.stdout.write("Static files ready.\n")
    made = county.prepare(sample=not options.empty, on=period.today())
    completed = ledger.complete_books(actor=directory.installer(settings.COUNTY), on=period.today())
    if completed:
        sys.stdout.write(f"{completed} books completed with the accounts of the present policy pack.\n")
    if made.is_new:
        sys.stdout.write(made.words())
    return DONE
