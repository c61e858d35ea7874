"""What rests on assets (依赖): a contract that binds keeps its assets from disposal and withdrawal (2.4.2a, 2.6.3)."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from mingchan.kernel.database import one_of
from mingchan.kernel.holds import Hold
from mingchan.lifecycle.operation.choices import LIVE, Status
from mingchan.lifecycle.operation.models import Covered


def holds_on_assets(ids: Sequence[int]) -> Mapping[int, Hold]:
    """Assets of contracts that bind or are being decided, with the contract's number."""
    rows = Covered.objects.filter(
        asset__in=one_of(ids, "bigint"), contract__status__in=(*LIVE, Status.PROCEDURE)
    ).order_by("asset_id", "-contract_id")
    words = _("有经营合同 %(number)s 正在履行或办理，请先终止合同")
    return {
        asset: Hold(words % {"number": number}) for asset, number in rows.values_list("asset_id", "contract__number")
    }
