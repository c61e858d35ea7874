"""Rows of portal (公示平台)."""

from datetime import UTC, datetime
from itertools import count

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.portal import rules
from mingchan.interfaces.portal import services as portal
from mingchan.interfaces.portal.choices import Door
from mingchan.interfaces.portal.drafts import Proof
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """The public figures, and something sent through a door."""
    things.asset()
    nobody, moment = directory.nobody(settings.COUNTY), datetime(DAY.year, DAY.month, DAY.day, 8, tzinfo=UTC)
    portal.rebuild(actor=nobody, on=DAY)
    asked = portal.challenge(Door.REPORT, moment=moment)
    nonce = next(str(n) for n in count() if rules.has_work(asked.text, str(n), asked.bits))
    portal.admit(Door.REPORT, Proof(asked.text, nonce), address="203.0.113.7", moment=moment, actor=nobody, on=DAY)
