"""The portal of the sample county (公示平台): its public figures, taken once everything else is there."""

from collections.abc import Iterator

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.portal import services as portal
from mingchan.kernel import period


def load() -> Iterator[str]:
    """Take them when the register changed since the last time."""
    found = portal.refresh(actor=directory.nobody(settings.COUNTY), on=period.today())
    if found is not None:
        yield f"Took the portal's figures: {found.cards:,} cards, {found.places:,} divisions, {found.labels:,} labels."
