"""Connections of complaints (群众反映)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.oversight.complaints import queries
from mingchan.oversight.complaints import sections as complaint_sections
from mingchan.oversight.complaints.models import Complaint

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "complaints.ComplaintSeries": "the last number given; numbers themselves stand in the reports and are unique",
}
LEFT_OUT: dict[str, str] = {}


def _complaint(ref: Ref) -> Link | None:
    number = Complaint.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("complaints:detail", args=[ref.id])) if number else None


def connect() -> None:
    """Make them."""
    links.register("complaint", _complaint)
    sections.register("asset", complaint_sections.OF_ASSET)
