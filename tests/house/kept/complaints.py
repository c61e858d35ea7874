"""Rows of complaints (群众反映)."""

from mingchan.oversight.complaints import services as complaints
from mingchan.oversight.complaints.models import Complaint
from tests.architecture.addresses.complaints import complaint
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A report that somebody made and an office accepted."""
    key = complaint(things)["complaint_id"]
    seen = Complaint.objects.get(pk=key).version
    complaints.accept(key, seen=seen, actor=things.actor("bureau_clerk"), on=DAY)
