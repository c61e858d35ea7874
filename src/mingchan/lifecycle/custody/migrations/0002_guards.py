"""Departures and approvals are only ever added; a departure may once be given the day of the return."""

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only


class Migration(migrations.Migration):

    dependencies = [("custody", "0001_initial")]

    operations = [
        *append_only("custody_departure", allow_fill_of=("returned_on",)),
        *append_only("custody_onesided"),
    ]
