"""What rests on a card by depreciation (依赖): a charged card stays, and costs no less than is charged."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from mingchan.kernel.database import one_of
from mingchan.kernel.holds import Hold
from mingchan.register.depreciation.choices import RunState
from mingchan.register.depreciation.models import Term
from mingchan.register.depreciation.queries import charged


def on_assets(ids: Sequence[int]) -> Mapping[int, Hold]:
    """The cards on which depreciation was charged, each with the fen charged in the book of its owner."""
    terms = Term.objects.filter(asset__in=one_of(ids, "bigint"), run__state=RunState.POSTED)
    found = sorted(set(terms.values_list("asset", flat=True)))
    if not found:
        return {}
    fen = charged.totals(found)
    return {key: Hold(_("已计提折旧"), fen.get(key, 0)) for key in found}
