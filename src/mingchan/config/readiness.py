"""Whether the database is as this program needs it (就绪), looked up without making anything."""

from pathlib import Path

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from mingchan.config.command import NOT_READY


def why_not() -> str:
    """One line on what is missing before a command can work, empty when nothing is."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return NOT_READY
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        return f"The database doesn't answer: {' '.join(str(problem).split())}"
    return NOT_READY if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""
