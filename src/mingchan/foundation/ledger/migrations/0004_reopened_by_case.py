"""A closed month opens again by a case only: which one stands in the row, and the database asks for it."""

from django.db import migrations, models

from mingchan.foundation.evidence.guards import Guard, guarded


def rules(differs):
    """The guard, in the engine's words."""
    return (
        Guard(
            "ledger_period_by_case",
            "ledger_period",
            "UPDATE",
            f"NEW.reopened_until IS NOT NULL AND NEW.reopened_until {differs} OLD.reopened_until "
            "AND (NEW.reopened_basis IS NULL OR NEW.reopened_basis NOT LIKE 'case:%')",
            "a closed period opens by a case only",
        ),
    )


class Migration(migrations.Migration):

    dependencies = [("ledger", "0003_line_keys")]

    operations = [
        migrations.AddField(
            model_name="period",
            name="reopened_basis",
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name="反结账依据"),
        ),
        guarded(rules),
    ]
