"""Confirmations still on their way (示例在办确权): one batch waits for approval, one came back for its paper (3.3).

They come after what happens to cards in May and June, so that nothing they speak of changed since.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.config.demo import rights as confirmed
from mingchan.foundation.directory.models import Division
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.rights import services
from mingchan.register.rights.drafts import HolderDraft
from mingchan.register.rights.models import Confirmation

TITLE = "水泉镇村级站点资产确权（示例）"
RETURNED = "追溯设备使用权确权（示例）"
MONTH, RETURNED_ON = 6, date(2020, 6, 10)


def load() -> Iterator[str]:
    """Propose both, unless they are there; gives a line for each."""
    if Confirmation.objects.filter(county=settings.COUNTY, title=TITLE).exists():
        return
    bureau = confirmed.party_named("偏关县工业和信息化局")
    watched = HolderDraft("SUPERVISION", confirmed.party_named("偏关县财政局"))
    town = Division.objects.get(parent_code=f"{settings.COUNTY}000000", level="TOWN", name=confirmed.LEFT_OUT[0])
    asked = RegisterFilter(tier="VILLAGE", division=town.code[:9])
    waiting = confirmed.carry(TITLE, asked, (HolderDraft("OWNERSHIP", bureau), watched), (10, 11), month=MONTH)
    yield f"Confirmation {waiting.pk} (waits for approval): {waiting.count:,} assets."
    asked = RegisterFilter(system="TRACEABILITY")
    batch = confirmed.carry(RETURNED, asked, (HolderDraft("USE", bureau),), (9,), month=MONTH)
    reason = "未附设备交付使用单，请补充后重新提出"
    actor = confirmed.actor_of("bureau_reviewer", RETURNED_ON)
    batch = services.give_back(batch.pk, batch.version, reason, actor=actor, on=RETURNED_ON)
    yield f"Confirmation {batch.pk} (came back): {batch.count:,} assets."
