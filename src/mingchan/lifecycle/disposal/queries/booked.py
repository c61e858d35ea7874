"""Assets as the books hold them (账面): cost, and what was charged on them so far, by account (3.4.1)."""

from collections.abc import Sequence

from django.db.models import F, Sum

from mingchan.foundation.ledger.models import AccountRole, Line
from mingchan.kernel.database import one_of
from mingchan.lifecycle.disposal.postings import Booked
from mingchan.register.assets.models import Asset

CHARGED = ("ACCUMULATED_DEPRECIATION", "ACCUMULATED_AMORTISATION")
_PREFIX = len("asset:")


def cards(asset_ids: Sequence[int]) -> list[Booked]:
    """The cards as the books hold them, in the order of their ids.

    What leaves the books is what is in them: nothing is charged where no depreciation was posted yet.
    """
    charged = _charged(asset_ids)
    rows = Asset.objects.filter(pk__in=one_of(asset_ids, "bigint")).order_by("pk")
    return [
        Booked(key, six_class, cost, tuple(charged.get(key, ())))
        for key, six_class, cost in rows.values_list("id", "six_class", "cost_fen")
    ]


def _charged(asset_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    accounts = AccountRole.objects.filter(role__startswith=CHARGED[0]) | AccountRole.objects.filter(
        role__startswith=CHARGED[1]
    )
    subjects = [f"asset:{key}" for key in asset_ids]
    rows = (
        Line.objects.filter(subject__in=one_of(subjects, "text"), account__in=accounts.values("account"))
        .order_by()
        .values_list("subject", "account__code")
        .annotate(fen=Sum(F("credit_fen") - F("debit_fen")))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for subject, code, fen in rows:
        if fen:
            found.setdefault(int(subject[_PREFIX:]), []).append((code, int(fen)))
    return found
