"""Processes of test_a_killed_disposal: one carries a disposal out and is killed in the middle of it."""

import json
import os
import signal
import sys
from typing import Any

import django


def prepare() -> None:
    """A sample county with a disposal that may be carried out; prints its id."""
    from django.core.management import call_command

    from mingchan.config import county
    from mingchan.lifecycle.disposal.tests import factories as make

    call_command("migrate", verbosity=0)
    county.prepare(sample=True, on=make.DAY)
    print(make.may_proceed(make.cards(6)).pk)


def killed(disposal_id: int, moment: str) -> None:
    """Carry it out; at the moment named the process is killed without a word."""
    from mingchan.foundation.ledger.services import posting
    from mingchan.lifecycle.disposal.services import executing
    from mingchan.register.assets.services import leaving

    places: dict[str, tuple[Any, str]] = {
        "leaving": (leaving, "keep_former"),
        "rights": (leaving.rights, "close_all"),
        "vouchers": (posting.database, "insert_short_rows"),
        "result": (executing.locking, "add"),
        "case": (executing.procedures, "signal"),
    }
    owner, name = places[moment]
    real, calls = getattr(owner, name), []

    def deadly(*arguments: Any, **named: Any) -> Any:
        calls.append(name)
        if len(calls) == (2 if moment in ("vouchers", "result") else 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)

    setattr(owner, name, deadly)
    executed(disposal_id)


def executed(disposal_id: int) -> None:
    """Carry it out, undisturbed."""
    from mingchan.lifecycle.disposal.models import Disposal
    from mingchan.lifecycle.disposal.tests import factories as make

    make.executed(Disposal.objects.get(pk=disposal_id))


def report() -> None:
    """Print the disposal's state, its cards, rights, books and the verdict."""
    from django.db.models import Count

    from mingchan.foundation.evidence import services as evidence
    from mingchan.foundation.ledger import queries as ledger
    from mingchan.foundation.ledger.models import Voucher
    from mingchan.lifecycle.disposal.models import Disposal, Paper, Result
    from mingchan.lifecycle.disposal.tests import factories as make
    from mingchan.register.assets import queries as assets
    from mingchan.register.assets.models import Asset, Right

    made = Disposal.objects.get()
    cards = Asset.objects.values_list("status", "frozen_by").annotate(n=Count("pk"))
    print(
        json.dumps(
            {
                "state": made.state,
                "cards": [[status, bool(by), n] for status, by, n in cards],
                "open_rights": Right.objects.filter(valid_to__isnull=True).count(),
                "vouchers": Voucher.objects.filter(source=f"disposal:{made.pk}").count(),
                "results": Result.objects.count(),
                "papers": Paper.objects.count(),
                "faults": len(list(ledger.faults())),
                "equal": assets.against_ledger(make.actor("audit")).is_equal,
                "intact": evidence.verify().ok,
            }
        )
    )


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "killed":
        killed(int(sys.argv[2]), sys.argv[3])
    elif sys.argv[1] == "executed":
        executed(int(sys.argv[2]))
    else:
        {"prepare": prepare, "report": report}[sys.argv[1]]()
