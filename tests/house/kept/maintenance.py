"""Rows of inspections and repairs (巡查维修)."""

from datetime import UTC, datetime

from mingchan.kernel.fieldwork import Event
from mingchan.lifecycle.maintenance import services as maintenance
from mingchan.lifecycle.maintenance.drafts import AssignDraft
from tests.architecture.addresses.maintenance import order, round_of, warranty
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A round closed with a fault, a repair given to somebody, a warranty."""
    clerk = things.actor("bureau_clerk")
    key = round_of(things)["round_id"]
    moment = datetime(DAY.year, DAY.month, DAY.day, 2, tzinfo=UTC)
    fault = {"what": "不制冷", "severity": "MINOR"}
    events = [
        Event("kept-1", "phone", 1, "fault", moment, code=things.asset().code, data=fault),
        Event("kept-2", "phone", 2, "finish", moment),
    ]
    maintenance.take_in(key, events, actor=clerk, on=DAY)
    found = order(things)["order_id"]
    maintenance.assign(found, AssignDraft("维修部"), seen=1, actor=clerk, on=DAY)
    warranty(things)
