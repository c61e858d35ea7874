"""One of two processes that write rights over the same assets at once; run by test_two_writers."""

import sys
import time

import django
from django.db import IntegrityError, transaction

ASSETS = 25
PAUSE = 1
"""Thousandths of a second between writing and committing, in which the other writer comes along."""


def insert(worker: int) -> None:
    """Open two thirds of a right on each asset behind the program's back; print how many the database took."""
    from mingchan.register.assets.models import Asset, Right

    done = 0
    for asset in Asset.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                Right.objects.create(
                    asset_id=asset, kind="USE", party_id=worker, share_numerator=2, share_denominator=3,
                    valid_from="2020-03-10",
                )  # fmt: skip
                time.sleep(PAUSE / 1000)
            done += 1
        except IntegrityError:
            continue
    print(done)


def move(worker: int) -> None:
    """Give every asset other holders of the income right again and again, half each, through the service."""
    from mingchan.kernel.actor import Actor, Grant
    from mingchan.kernel.refs import Ref
    from mingchan.register.assets import services
    from mingchan.register.assets.drafts import MoveDraft, ShareDraft
    from mingchan.register.assets.models import Asset
    from mingchan.register.assets.tests.factories import DAY
    from mingchan.register.rights import events

    rights = frozenset({"asset.view", "right.approve"})
    actor = Actor(None, f"第{worker}人", "140932", (Grant("bureau_head", "140932", rights),), source="test")
    ids = list(Asset.objects.values_list("pk", flat=True))
    holders = {"INCOME": (ShareDraft(worker, 1, 2), ShareDraft(3 - worker, 1, 2))}
    for turn in range(6):
        services.move(
            ids[turn % 3 :], MoveDraft(holders=holders), kind=events.CONFIRMED, right="right.approve", basis="批复",
            source=Ref("confirmation", worker), actor=actor, on=DAY,
        )  # fmt: skip
    print(len(ids))


def prepare() -> None:
    """An empty database with some assets and two parties."""
    from django.core.management import call_command

    from mingchan.register.rights.tests import factories

    call_command("migrate", verbosity=0)
    for name in ("甲局", "乙局"):
        factories.party(name)
    factories.cards(ASSETS)


def report() -> None:
    """Print the number of shares of use, the largest sum of them, and the sums of income."""
    from fractions import Fraction

    from mingchan.register.assets.models import Asset, Right

    sums: dict[str, list[Fraction]] = {"USE": [], "INCOME": []}
    for asset in Asset.objects.order_by("pk").values_list("pk", flat=True):
        for kind, found in sums.items():
            rights = Right.objects.filter(asset_id=asset, kind=kind, valid_to__isnull=True)
            shares = rights.values_list("share_numerator", "share_denominator")
            found.append(sum((Fraction(part, whole) for part, whole in shares), Fraction(0)))
    print(Right.objects.filter(kind="USE").count(), max(sums["USE"]), sorted(set(sums["INCOME"])))


if __name__ == "__main__":
    django.setup()
    ways = {"insert": insert, "move": move}
    if sys.argv[1] in ways:
        ways[sys.argv[1]](int(sys.argv[2]))
    else:
        {"prepare": prepare, "report": report}[sys.argv[1]]()
