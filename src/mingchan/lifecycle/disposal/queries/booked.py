"""Assets as the books hold them (账面): cost, and what was charged on them so far, by account (3.4.1)."""

from collections.abc import Sequence
from datetime import date

from mingchan.kernel.database import one_of
from mingchan.lifecycle.disposal.postings import Booked
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import valuing


def cards(asset_ids: Sequence[int], on: date) -> list[Booked]:
    """The cards as the books hold them, in the order of their ids, to leave the books on a day.

    What leaves the books is what is in them. Raises Refusal while a month before `on` is not charged.
    """
    charged = valuing.leaving(asset_ids, on)
    rows = Asset.objects.filter(pk__in=one_of(asset_ids, "bigint")).order_by("pk")
    return [
        Booked(key, six_class, cost, tuple(charged.get(key, ())))
        for key, six_class, cost in rows.values_list("id", "six_class", "cost_fen")
    ]
