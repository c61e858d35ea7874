"""`mingchan accounts`: list the accounts with their offices, roles and state."""

import argparse
import sys

from mingchan.config.command import DONE
from mingchan.foundation.directory.models import Account
from mingchan.foundation.policy import queries as policy


def run(_options: argparse.Namespace) -> int:
    """One line for each account."""
    roles = policy.roles()
    for account in Account.objects.select_related("office").prefetch_related("grants").order_by("username"):
        held = ", ".join(
            f"{roles[grant.role].label if grant.role in roles else grant.role} {grant.scope}"
            for grant in account.grants.all()
        )
        state = "" if account.is_active else "  [disabled]"
        sys.stdout.write(f"{account.username:20}{account.name}  {account.office.name}  {held}{state}\n")
    return DONE
