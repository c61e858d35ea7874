"""What the database refuses by itself: a version or a reading that is changed or goes."""

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        *append_only("institutions_document", allow_update_of=("version",)),
        *append_only("institutions_version", allow_fill_of=("valid_to",)),
        *append_only("institutions_reading"),
    ]
