"""Labels in the sample county (资产标签): most assets labelled, some printed ahead, one changed, some scans."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.labels import services as labels
from mingchan.register.labels.choices import Cause, Way
from mingchan.register.labels.drafts import ScanDraft
from mingchan.register.labels.models import Batch, Label, Link

PRINTED_ON, AHEAD_ON = date(2020, 7, 6), date(2020, 7, 8)


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def load() -> Iterator[str]:
    """Print and stick them on, once."""
    county = settings.COUNTY
    if Batch.objects.filter(county=county).exists():
        return
    clerk = _actor("bureau_clerk", PRINTED_ON)
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE, registered_on__lte=PRINTED_ON)
    keys = [key for place, key in enumerate(cards.order_by("code").values_list("id", flat=True)) if place % 10]
    for start in range(0, len(keys), labels.MOST):
        chunk = keys[start : start + labels.MOST]
        labels.for_assets(chunk, note="全县首次贴签（示例）", actor=clerk, on=PRINTED_ON, is_sample=True)
    yield f"Labelled {len(keys):,} assets."
    batch = labels.draw(60, note="预印，发各乡镇备用（示例）", actor=clerk, on=AHEAD_ON, is_sample=True)
    free = list(Label.objects.filter(batch=batch).order_by("code").values_list("code", flat=True))
    keeper = _actor("town_keeper", AHEAD_ON)
    town = Account.objects.select_related("office").get(username="town_keeper").office.division_code[:9]
    bare = cards.filter(division_code__startswith=town).exclude(
        pk__in=Link.objects.filter(valid_to__isnull=True).values("asset")
    )
    claimed = list(bare.order_by("code").values_list("id", flat=True)[:4])
    for code, asset in zip(free, claimed, strict=False):
        labels.claim(code, asset, actor=keeper, on=AHEAD_ON)
    spoilt = Link.objects.filter(asset__division_code__startswith=town, valid_to__isnull=True).order_by("id").first()
    if spoilt is not None:
        on = AHEAD_ON + timedelta(days=20)
        labels.relink(
            spoilt.asset_id, free[10], Cause.SPOILT, reason="雨淋后字迹模糊（示例）",
            actor=_actor("town_keeper", on), on=on,
        )  # fmt: skip
    labels.void(free[59], Cause.SPOILT, actor=clerk, on=AHEAD_ON)
    today = period.today()
    moment = datetime(today.year, today.month, today.day, 1, 30, tzinfo=UTC) - timedelta(days=1)
    scans = [ScanDraft(code, moment, Way.PHONE, 39_436_300, 111_500_800) for code in free[: len(claimed)]]
    labels.note_scans(scans, actor=_actor("town_keeper", today), on=today)
    yield f"Printed {len(free)} labels ahead, {len(claimed)} of them claimed, one in place of a spoilt one."
