"""How the database answers every page and every declared query on a large register: no growing table is walked through.

    python bench/plans.py [--rows 100000] [--server postgres://…]

The same check runs on a small register in the tests (tests/architecture/test_plans.py).
"""

import argparse
import os
import sys

import place

ROLES = ("bureau_clerk", "accountant", "audit", "security_admin", "audit_admin")


def main() -> None:
    """Explain everything and print what walks; ends with 1 when anything does that isn't declared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--server", default="")
    asked = parser.parse_args()
    os.environ.update(place.standing(asked.server.rstrip("/") or "sqlite", asked.rows))
    place.set_up()
    sys.path.insert(0, str(place.ROOT))
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from tests.architecture import plans

    from mingchan.foundation.directory.models import Account
    from mingchan.register.assets import queries

    settings.ALLOWED_HOSTS = ["*"]
    explained: set[str] = set()
    walked: list[str] = []
    with transaction.atomic():
        for role in ROLES:
            client = Client()
            client.force_login(Account.objects.get(username=role))
            for address in plans.addresses():
                for statement in plans.asked_by(client, address):
                    if statement not in explained:
                        explained.add(statement)
                        walked += [f"{address} as {role}: {table}\n  {statement}" for table in plans.walks(statement)]
        for name, query in queries.declared_queries(settings.COUNTY):
            statement, values = query.query.sql_with_params()
            explained.add(name)
            walked += [f"{name}: {table}\n  {statement}" for table in plans.walks(statement, values)]
        transaction.set_rollback(True)
    print("\n".join(walked))
    print(f"{len(explained)} statements explained, {len(walked)} walk through a growing table undeclared")
    print(f"{len(plans.MEANT)} walks are declared:")
    for why in plans.MEANT:
        print(f"  {why}")
    sys.exit(bool(walked))


if __name__ == "__main__":
    main()
