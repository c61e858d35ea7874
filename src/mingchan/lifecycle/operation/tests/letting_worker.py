"""One of two processes that let the same assets at once; run by test_two_lessors."""

import sys
import time

import django
from django.db import IntegrityError, transaction

ASSETS = 20
PAUSE = 1
"""Thousandths of a second between writing and committing, in which the other writer comes along."""


def let(worker: int) -> None:
    """Let each asset under the worker's own contract behind the program's back; print how many the database took."""
    from datetime import date

    from mingchan.lifecycle.operation.models import Contract, Covered
    from mingchan.register.assets.models import Asset

    contract = Contract.objects.get(serial=worker)
    first, last = date(2020 + worker, 1, 1), date(2022 + worker, 12, 31)
    done = 0
    for asset in Asset.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                Covered.objects.create(contract=contract, asset_id=asset, starts_on=first, last_day=last, is_let=True)
                time.sleep(PAUSE / 1000)
            done += 1
        except IntegrityError:
            continue
    print(done)


def prepare() -> None:
    """An empty database with some assets and two contracts whose terms overlap."""
    from django.core.management import call_command

    from mingchan.lifecycle.operation.tests import factories

    call_command("migrate", verbosity=0)
    factories.cards(ASSETS)
    for serial in (1, 2):
        factories.contract(serial=serial, operator=factories.company(f"第{serial}公司"))


def report() -> None:
    """Print how many assets are let, and how many of them twice."""
    from django.db.models import Count

    from mingchan.lifecycle.operation.models import Covered

    counts = Covered.objects.values("asset").annotate(times=Count("pk")).values_list("times", flat=True)
    print(len(counts), sum(times > 1 for times in counts))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "let":
        let(int(sys.argv[2]))
    else:
        {"prepare": prepare, "report": report}[sys.argv[1]]()
