"""Addresses of portal (公示平台): all of them are anybody's."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.portal import services as portal
from mingchan.interfaces.portal.models import Snapshot
from mingchan.kernel.ui.page import PUBLIC
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.disclosure.tests import factories as notices
from tests.architecture.url_table import DAY, DONE, SHOWN, Row, Things


def _taken(then: Callable[[Things], dict[str, Any]]) -> Callable[[Things], dict[str, Any]]:
    """The address's parts, once the public figures are taken."""

    def parts(things: Things) -> dict[str, Any]:
        if not Snapshot.objects.exists():
            portal.rebuild(actor=directory.nobody(settings.COUNTY), on=DAY)
        return then(things)

    return parts


def notice(_things: Things) -> dict[str, Any]:
    """A notice under way."""
    found = Notice.objects.exclude(slug="").order_by("pk").first() or notices.published()
    return {"slug": found.slug}


def _read(then: Callable[[Things], dict[str, Any]] = lambda _things: {}) -> Row:
    return Row(PUBLIC, "", {"GET": SHOWN}, _taken(then))


ROWS: dict[str, Row] = {
    "portal:home": _read(),
    "portal:place": _read(lambda _things: {"code": "140932000000"}),
    "portal:search": _read(),
    "portal:labels": _read(),
    "portal:label": _read(lambda things: {"code": things.asset().code}),
    "portal:notices": _read(),
    "portal:notice": _read(notice),
    "portal:object": Row(PUBLIC, "", {"GET": SHOWN, "POST": {422}}, _taken(notice)),
    "portal:answers": _read(),
    "portal:report": Row(PUBLIC, "", {"GET": SHOWN, "POST": {422}}),
    "portal:follow": Row(PUBLIC, "", {"GET": SHOWN, "POST": {422}}),
    "portal:plan": _read(),
    "portal:phones": _read(),
    "portal:certificate": _read(),
    "portal:language": Row(PUBLIC, "", {"GET": DONE}, lambda _things: {"code": "en"}),
    "portal:lost": Row(PUBLIC, "", {"GET": {404}}, lambda _things: {"rest": "nowhere"}),
}
