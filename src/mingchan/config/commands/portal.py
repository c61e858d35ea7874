"""`mingchan portal`: take the portal's public figures anew."""

import argparse
import sys

from django.conf import settings

from mingchan.config.command import DONE
from mingchan.foundation.directory import queries as directory
from mingchan.interfaces.portal import services as portal
from mingchan.kernel import money, period


def run(_options: argparse.Namespace) -> int:
    """Rebuild every snapshot of the county and say how much there is."""
    found = portal.rebuild(actor=directory.nobody(settings.COUNTY), on=period.today())
    sys.stdout.write(
        f"{found.cards:,} cards, cost {money.format_yuan(found.cost_fen)} yuan, in {found.places:,} divisions under "
        f"{found.names:,} names; {found.labels:,} labels changed\n"
    )
    return DONE
