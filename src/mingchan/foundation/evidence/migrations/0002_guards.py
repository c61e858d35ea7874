from django.db import migrations

from mingchan.foundation.evidence.guards import append_only, erasable, undeletable


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        *append_only("evidence_record", allow_fill_of=("leaf_sm3",)),
        *append_only("evidence_tile", allow_fill_of=("sm3",)),
        *append_only("evidence_attachment"),
        *erasable("evidence_detail", emptied=("salt", "body")),
        *undeletable("evidence_head"),
    ]
