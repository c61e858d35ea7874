"""Two plain tables that every installation has, guarded as a parent with children, and what is done to them."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.evidence.reports import Report
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, LATER, MOVED, actor, drop_guards
from mingchan.kernel.refs import Ref

SHELF = Protected(
    kind="shelf",
    model=ContentType,
    children=(Child(Permission, fk="content_type", name="boxes"),),
    label=("model",),
)
"""Two plain tables that every installation has, as a parent with children."""


def fill(count: int) -> list[ContentType]:
    Permission.objects.all().delete()
    ContentType.objects.all().delete()
    made = []
    for number in range(count):
        shelf = ContentType.objects.create(app_label="store", model=f"shelf{number}")
        for box in range(2):
            Permission.objects.create(content_type=shelf, codename=f"box{box}", name=f"箱{box}")
        evidence.record(COUNTED, Ref("shelf", shelf.pk), actor=actor(), on=DAY, after=protection.document(SHELF, shelf))
        made.append(shelf)
    return made


def move(shelf: ContentType, place: str) -> None:
    before = protection.document(SHELF, shelf)
    shelf.app_label = place
    shelf.save()
    evidence.record(MOVED, Ref("shelf", shelf.pk), actor=actor("李四", 8), on=LATER, before=before,
                    after=protection.document(SHELF, shelf))  # fmt: skip


def verify() -> Report:
    return evidence.verify([SHELF])


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def unguard() -> None:
    drop_guards("evidence_record", "evidence_detail", "evidence_tile", "evidence_attachment", "evidence_head")
