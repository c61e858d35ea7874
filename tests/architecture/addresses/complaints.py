"""Addresses of complaints (群众反映)."""

from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.ui.page import RIGHT
from mingchan.oversight.complaints import services as complaints
from mingchan.oversight.complaints.drafts import ComplaintDraft
from mingchan.oversight.complaints.models import Complaint
from tests.architecture.url_table import ASKED_AGAIN, DAY, SHOWN, Row, Things


def complaint(_things: Things) -> dict[str, Any]:
    """A report about the county's own things, which a township doesn't handle."""
    found = Complaint.objects.order_by("pk").first()
    if found is not None:
        return {"complaint_id": found.pk}
    draft = ComplaintDraft("MISUSE", "有人把电脑搬回家用", "PORTAL", place="县城", name="李示例")
    made = complaints.receive(draft, actor=directory.nobody("140932"), on=DAY)
    return {"complaint_id": made.id}


TOWN = frozenset({"town_keeper"})


def _act() -> Row:
    return Row(RIGHT, "complaint.handle", {"POST": ASKED_AGAIN}, complaint, scoped=True, hidden_from=TOWN)


ROWS: dict[str, Row] = {
    "complaints:list": Row(RIGHT, "complaint.view", {"GET": SHOWN}),
    "complaints:record": Row(RIGHT, "complaint.handle", {"GET": SHOWN, "POST": {422}}),
    "complaints:detail": Row(RIGHT, "complaint.view", {"GET": SHOWN}, complaint, scoped=True, hidden_from=TOWN),
    "complaints:accept": _act(),
    "complaints:pass_on": _act(),
    "complaints:investigate": _act(),
    "complaints:answer": _act(),
    "complaints:decline": _act(),
    "complaints:reveal": _act(),
}
