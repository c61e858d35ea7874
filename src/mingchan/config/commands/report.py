"""`mingchan report totals`: the register's figures and the books' figure for the same things, which must be equal."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from django.db.models import Q, Sum

from mingchan.config.command import DONE
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.ledger.models import AccountRole, MonthBalance
from mingchan.kernel import money, period
from mingchan.kernel.actor import Actor
from mingchan.register.assets import queries as assets
from mingchan.register.assets.queries import RegisterFilter

COST_ROLES = Q(role__startswith="ASSET_COST") | Q(role__startswith="INTANGIBLE_COST")


def ledger_fen(county: str) -> int:
    """What the books of a county hold as the cost of assets, in fen."""
    accounts = AccountRole.objects.filter(COST_ROLES, book__county=county).values("account_id")
    moved = MonthBalance.objects.filter(account_id__in=accounts).aggregate(d=Sum("debit_fen"), c=Sum("credit_fen"))
    return int(moved["d"] or 0) - int(moved["c"] or 0)


def totals(actor: Actor) -> dict[str, Any]:
    """Count, quantity in thousandths, cost and net value in fen of what the actor sees; the books' if it sees them."""
    found = assets.totals(RegisterFilter(), actor, period.today())
    figures: dict[str, Any] = asdict(found)
    if actor.may("ledger.view", actor.county):
        figures["ledger_fen"] = ledger_fen(actor.county)
    return figures


def run(options: argparse.Namespace) -> int:
    """Print the figures. Rights are those of today."""
    found = totals(directory.local_actor(options.user, period.today()))
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return DONE
    sys.stdout.write(
        f"{found['count']:,} cards, quantity {money.format_quantity(found['quantity_milli'])}, "
        f"cost {money.format_yuan(found['cost_fen'])} yuan, "
        f"net value of the {found['valued']:,} that can have one {money.format_yuan(found['net_fen'])} yuan\n"
    )
    if "ledger_fen" in found:
        sys.stdout.write(f"books {money.format_yuan(found['ledger_fen'])} yuan\n")
    return DONE
