"""Rows of a work plan are only ever added: the database refuses to change or delete them."""

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only

TABLES = (
    "workplan_workplan", "workplan_stage", "workplan_stagedays", "workplan_output", "workplan_confirmation",
    "workplan_closing", "workplan_closingfigure",
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [("workplan", "0001_initial")]

    operations = [operation for table in TABLES for operation in append_only(table)]
