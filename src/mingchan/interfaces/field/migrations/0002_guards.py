"""What the database refuses by itself: to change or drop what went out and what came back."""

from django.db import migrations

from mingchan.foundation.evidence.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("field", "0001_phones_capsules_deliveries_photos"), ("evidence", "0001_initial")]
    operations = [
        *append_only("field_capsule"),
        *append_only("field_delivery"),
        *append_only("field_photo"),
    ]
