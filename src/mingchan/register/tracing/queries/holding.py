"""What tracing hangs on payments and assets (依赖): asked before a card is withdrawn, or a payment taken back."""

from collections.abc import Mapping, Sequence

from django.db.models import Sum
from django.utils.translation import gettext as _

from mingchan.kernel.database import one_of
from mingchan.kernel.holds import Hold
from mingchan.register.tracing.queries.shares import live


def _holds(side: str, ids: Sequence[int], why: str) -> dict[int, Hold]:
    rows = live().filter(**{f"{side}__in": one_of(ids, "bigint")}).order_by()
    return {key: Hold(why, int(fen)) for key, fen in rows.values_list(side).annotate(fen=Sum("amount_fen"))}


def holds_on_assets(ids: Sequence[int]) -> Mapping[int, Hold]:
    """Cards to which payments are linked, with the fen they must at least cost."""
    return _holds("asset", ids, _("已关联支出"))


def holds_on_uses(ids: Sequence[int]) -> Mapping[int, Hold]:
    """Payments that are linked to assets, with the fen that must at least have become assets."""
    return _holds("use", ids, _("已关联到资产，请先解除关联"))
