"""`mingchan check`: run the checks; as of a past day or with --dry only tell what they would find."""

import argparse
import json
import sys
from datetime import timedelta

from django.conf import settings

from mingchan.config.command import DONE, REFUSED
from mingchan.foundation.directory import queries as directory
from mingchan.kernel import period
from mingchan.oversight.supervision import queries, services
from mingchan.oversight.supervision.choices import Cause
from mingchan.register.assets.models import Asset


def run(options: argparse.Namespace) -> int:
    """Status 0; 1 for an asset that isn't there or a day ahead. A past day changes nothing."""
    today = period.today()
    on = options.as_of or today
    if on > today:
        sys.stderr.write("The day lies ahead.\n")
        return REFUSED
    asset = None
    if options.asset:
        asset = Asset.objects.filter(county=settings.COUNTY, code=options.asset).values_list("pk", flat=True).first()
        if asset is None:
            sys.stderr.write(f"No asset {options.asset}.\n")
            return REFUSED
    past = on < today
    if not past and not options.dry:
        actor = directory.installer(settings.COUNTY)
        done = services.run(actor=actor, on=on, asset=asset, cause=Cause.ASKED)
        if not options.json:
            sys.stdout.write(
                f"{done.checks} checks, {done.found:,} facts stand, {done.opened:,} new, {done.gone:,} gone, "
                f"{timedelta(milliseconds=done.milliseconds).total_seconds():.1f} s\n"
            )
            return DONE
    found = list(queries.examine(settings.COUNTY, on, past=past, asset=asset))
    if options.json:
        rows = [queries.as_row(check, hit) for check, hits in found for hit in hits]
        sys.stdout.write(json.dumps({"on": on.isoformat(), "hits": rows}, ensure_ascii=False, default=str) + "\n")
        return DONE
    for check, hits in found:
        if hits:
            sys.stdout.write(f"{check.code} {len(hits):,}\n")
    sys.stdout.write(f"{sum(len(hits) for _check, hits in found):,} facts on {on.isoformat()}\n")
    return DONE
