"""Drafting and publishing are the work of two persons: the database knows who did which, and refuses one who did both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mingchan.foundation.evidence.guards import Guard, guarded

MATTER = "(SELECT c.drafter_id FROM procedures_case AS c WHERE c.id = NEW.case_id)"


def _rules(word: str) -> list[Guard]:
    return [
        Guard(
            "disclosure_notice_two_persons",
            "disclosure_notice",
            "UPDATE",
            f"NEW.publisher_id = NEW.drafter_id OR NEW.publisher_id = NEW.editor_id OR NEW.publisher_id = {MATTER}",
            "a notice is published by another than who wrote it",
            first="NEW.publisher_id IS NOT NULL",
        ),
        Guard(
            "disclosure_notice_hands_kept",
            "disclosure_notice",
            "UPDATE",
            f"NEW.publisher_id {word} OLD.publisher_id OR NEW.editor_id {word} OLD.editor_id",
            "who changed and who published a notice stays",
            first="OLD.state <> 'DRAFT'",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_guards"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="editor",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="改稿账号",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="publisher",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="发布账号",
            ),
        ),
        guarded(_rules),
    ]  # fmt: skip
