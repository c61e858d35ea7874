"""Migrating: an empty database gets its tables in one step, one with tables is migrated step by step.

Going through every step builds the models of all contexts again at each of them, which takes the better part of a
minute and ends in the same tables; `tests/house/test_an_empty_database.py` compares both ways.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

STEP_BY_STEP = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune")
"""Options under which the framework's own command does what it always does. Test databases are asked for with
`run_syncdb`, which is about apps without migrations: there are none."""


def _beside(operations: Iterable[Operation]) -> Iterator[RunPython | RunSQL]:
    """What migrations put beside tables, in order."""
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _beside(operation.database_operations)
        elif isinstance(operation, RunPython | RunSQL):
            yield operation


def build(connection: BaseDatabaseWrapper) -> None:
    """Make every table of ours in an empty database, then what migrations put beside tables (triggers, functions).

    The few tables of libraries are migrated as always. All migrations are noted as applied, last. Raises what the
    database raises.
    """
    executor = MigrationExecutor(connection)
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("mingchan.")}
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in own])
    executor = MigrationExecutor(connection)
    plan: list[Migration] = [step for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor(atomic=True) as editor:
        for model in apps.get_models():
            if model._meta.app_label in own and model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
    for step in plan:
        beside = list(_beside(step.operations))
        if not beside:
            continue
        with connection.schema_editor(atomic=step.atomic) as editor:
            for operation in beside:
                if isinstance(operation, RunPython):
                    operation.code(apps, editor)  # type: ignore[arg-type]
                else:
                    operation.database_forwards(step.app_label, editor, None, None)  # type: ignore[arg-type]
    executor.recorder.ensure_schema()
    for step in plan:
        executor.recorder.record_applied(step.app_label, step.name)


class Command(migrate.Command):
    """As the framework's, but for an empty database."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step-by-step", action="store_true", help="Go through every migration, always.")

    def handle(self, *args: Any, **options: Any) -> str | None:
        connection = connections[options["database"]]
        asked = options.get("step_by_step") or any(options.get(name) for name in STEP_BY_STEP)
        if asked or connection.introspection.table_names():
            result: str | None = super().handle(*args, **options)
            return result
        told: dict[str, Any] = {
            "verbosity": options["verbosity"], "interactive": options.get("interactive", False), "db": connection.alias,
        }  # fmt: skip
        emit_pre_migrate_signal(**told)
        build(connection)
        emit_post_migrate_signal(**told)
        return None
