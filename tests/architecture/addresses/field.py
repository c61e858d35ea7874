"""Addresses of the field (外业). Who may carry which errand is its provider's affair; here no provider knows any."""

from typing import Any

from mingchan.kernel.ui.page import PUBLIC, RIGHT, SIGNED_IN
from tests.architecture.url_table import SHOWN, Row, Things

UNREAD = {409}
"""A form where JSON is asked for."""
NONE = {404}


def errand(_things: Things) -> dict[str, Any]:
    """An errand of a kind that nobody offers."""
    return {"kind": "nothing", "key": "1"}


def photo(things: Things) -> dict[str, Any]:
    """A photograph of it."""
    return {**errand(things), "digest": "0" * 64}


ROWS: dict[str, Row] = {
    "field:program": Row(PUBLIC, "", {"GET": SHOWN}),
    "field:service_worker": Row(PUBLIC, "", {"GET": SHOWN}),
    "field:decoder": Row(PUBLIC, "", {"GET": SHOWN}),
    "field:manifest": Row(PUBLIC, "", {"GET": SHOWN}),
    "field:state": Row(SIGNED_IN, "", {"GET": SHOWN}),
    "field:contact": Row(SIGNED_IN, "", {"POST": UNREAD}),
    "field:capsule": Row(SIGNED_IN, "", {"POST": UNREAD}, errand),
    "field:events": Row(SIGNED_IN, "", {"POST": UNREAD}, errand),
    "field:photo": Row(SIGNED_IN, "", {"GET": NONE, "PUT": NONE}, photo),
    "field:enter": Row(SIGNED_IN, "", {"GET": {302}}),
    "field:errands": Row(SIGNED_IN, "", {"GET": SHOWN}),
    "field:capsule_file": Row(SIGNED_IN, "", {"POST": NONE}, errand),
    "field:results": Row(SIGNED_IN, "", {"POST": {422}}),
    "field:devices": Row(RIGHT, "field.view", {"GET": SHOWN}),
    "field:arrivals": Row(RIGHT, "field.view", {"GET": SHOWN}),
}
