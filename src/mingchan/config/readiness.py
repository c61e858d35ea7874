"""Whether the database is as this program needs it (就绪), looked up without making anything."""

from pathlib import Path

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def why_not(not_ready: str) -> str:
    """One line on what is missing before a command can work, empty when nothing is. `not_ready`: it is not made yet."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return not_ready
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        return f"The database doesn't answer: {' '.join(str(problem).split())}"
    return not_ready if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""
