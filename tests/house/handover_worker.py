"""Processes of test_a_killed_handover: one signs and is killed in the middle of carrying the list out."""

import json
import os
import signal
import sys
from typing import Any

import django


def prepare() -> None:
    """A sample county with a list that one side has signed; prints its id."""
    from django.core.management import call_command

    from mingchan.config import county
    from mingchan.register.handover.tests import factories as make

    call_command("migrate", verbosity=0)
    county.prepare(sample=True, on=make.DAY)
    made = make.ticked(make.cards(40))
    make.sign(made, "FROM", "bureau_clerk")
    print(made.pk)


def _die(*_arguments: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(handover_id: int, moment: str) -> None:
    """Sign for the other side; at the moment named the process is killed without a word."""
    from mingchan.foundation.ledger.services import posting
    from mingchan.register.assets.services import moving
    from mingchan.register.handover.models import Handover
    from mingchan.register.handover.services import executing
    from mingchan.register.handover.tests import factories as make

    places = {
        "rights": (moving.rights, "open_shares"),
        "vouchers": (posting.database, "insert_short_rows"),
        "records": (moving.evidence, "record_many"),
        "closing": (executing.locking, "save"),
    }
    owner, name = places[moment]
    real, calls = getattr(owner, name), []

    def second_is_deadly(*arguments: Any, **named: Any) -> Any:
        calls.append(name)
        if len(calls) == (2 if moment in ("rights", "vouchers") else 1):
            _die()
        return real(*arguments, **named)

    setattr(owner, name, second_is_deadly)
    make.sign(Handover.objects.get(pk=handover_id), "TO", "town_keeper")


def signed(handover_id: int) -> None:
    """Sign for the other side, undisturbed."""
    from mingchan.register.handover.models import Handover
    from mingchan.register.handover.tests import factories as make

    make.sign(Handover.objects.get(pk=handover_id), "TO", "town_keeper")


def report() -> None:
    """Print who owns and keeps what, the books, the signatures and the verdict."""
    from django.db.models import Count, Sum

    from mingchan.foundation.evidence import services as evidence
    from mingchan.foundation.ledger import queries as ledger
    from mingchan.foundation.ledger.models import Voucher
    from mingchan.register.assets.models import Asset, Right
    from mingchan.register.handover.models import Handover, Signature

    made = Handover.objects.get()
    vouchers = Voucher.objects.filter(source=f"handover:{made.pk}")
    print(
        json.dumps(
            {
                "state": made.state,
                "owners": list(
                    Asset.objects.values("owner__name").annotate(n=Count("pk")).values_list("owner__name", "n")
                ),
                "versions": list(Asset.objects.values_list("version", flat=True).distinct()),
                "rights": Right.objects.filter(source=f"handover:{made.pk}").count(),
                "vouchers": vouchers.count(),
                "posted": vouchers.aggregate(sum=Sum("total_fen"))["sum"] or 0,
                "signatures": Signature.objects.filter(voided_on__isnull=True).count(),
                "faults": len(list(ledger.faults())),
                "intact": evidence.verify().ok,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "killed":
        killed(int(sys.argv[2]), sys.argv[3])
    elif sys.argv[1] == "signed":
        signed(int(sys.argv[2]))
    else:
        {"prepare": prepare, "report": report}[sys.argv[1]]()
