"""Handovers of the sample county (示例移交): one that both have signed, one that is being checked on the spot.

The bureau has handed the station of a village over to the village's committee, and that of a town is being checked.
Comes after the rights are confirmed, for a handover begins where they stand.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO

from django.conf import settings
from django.db.models import Max
from PIL import Image, ImageDraw

from mingchan.config.county import SAMPLE_PASSWORD
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Asset, Right
from mingchan.register.handover import queries, services
from mingchan.register.handover.choices import HandoverKind, Resolution, Result, Side
from mingchan.register.handover.drafts import HandoverDraft, Photo, TickDraft
from mingchan.register.handover.models import Handover, Line

EARLIEST = date(2020, 5, 11)
"""In the plan's third stage, 确权认定、产权移交, which ends on 15 May."""
MISSING = "扫码枪"


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _office(role: str) -> Party:
    return Account.objects.select_related("office").get(username=role).office


def _cards(owner: Party, division: str, site: str = "") -> list[int]:
    """The owner's counting cards in a division that stand on no list, of one site when it's named."""
    found = Asset.objects.filter(county=owner.county, owner=owner, division_code=division, status="ACTIVE")
    if site:
        found = found.filter(site__name__contains=site)
    listed = Line.objects.filter(is_open=True).values("asset")
    return list(found.exclude(pk__in=listed).order_by("code").values_list("pk", flat=True))


def _day(assets: Sequence[int], *after: date) -> date:
    """A day on which nothing about the cards lies ahead."""
    since: date = Asset.objects.filter(pk__in=assets).aggregate(last=Max("state_since"))["last"]
    rights: date = Right.objects.filter(asset__in=assets).aggregate(last=Max("valid_from"))["last"]
    return max(EARLIEST, since, rights, *after)


def _keeper(assets: Sequence[int]) -> int | None:
    return Asset.objects.filter(pk__in=assets, keeper__isnull=False).values_list("keeper", flat=True).first()


def _head(source: Party, target: Party, assets: Sequence[int], reason: str) -> HandoverDraft:
    return HandoverDraft(
        HandoverKind.OWNERSHIP,
        source.pk,
        target.pk,
        reason,
        basis="偏工信字〔2020〕12号（示例）",
        keeper=_keeper(assets),
        organisation=target.pk,
        due_on=date(2023, 6, 15),
        witness=_office("finance").pk,
    )


def _sign(handover: Handover, side: Side, role: str, on: date) -> None:
    digest = queries.content_digest(Handover.objects.get(pk=handover.pk))
    services.sign(handover.pk, side, SAMPLE_PASSWORD, digest, actor=_actor(role, on), on=on)


def _photo(text: str) -> Photo:
    """A picture that says of itself that it is a sample."""
    picture = Image.new("RGB", (320, 240), "#d9dee0")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((60, 70, 260, 190), outline="#14505c", width=6)
    drawing.text((70, 205), text, fill="#14505c")
    content = BytesIO()
    picture.save(content, "JPEG")
    return Photo(content.getvalue(), "sample.jpg")


def _finished(bureau: Party, village: Party) -> Handover | None:
    """The village's station, checked and signed by both."""
    assets = _cards(bureau, village.division_code)
    if not assets or _keeper(assets) is None:
        return None
    day = _day(assets)
    clerk, keeper = _actor("bureau_clerk", day), _actor("village_keeper", day)
    reason = "项目验收合格，村级站点资产移交村集体管理使用（示例）"
    made = services.draft(assets, _head(bureau, village, assets, reason), actor=clerk, on=day, is_sample=True)
    services.open_checking(made.pk, actor=clerk, on=day)
    for line in Line.objects.filter(handover=made).order_by("line_no"):
        services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=keeper, on=day)
    _sign(made, Side.FROM, "bureau_clerk", day)
    _sign(made, Side.TO, "village_keeper", day + timedelta(days=1))
    return made


def _under_way(bureau: Party, town: Party) -> Handover | None:
    """The town's station, being checked: most is there, one thing is broken and accepted so, one isn't to be found."""
    assets = _cards(bureau, town.division_code, town.name.removesuffix("人民政府"))
    if not assets or _keeper(assets) is None:
        return None
    day = _day(assets, EARLIEST + timedelta(days=3))
    clerk, keeper = _actor("bureau_clerk", day), _actor("town_keeper", day)
    reason = "乡镇站点资产移交属地管理（示例）"
    made = services.draft(assets, _head(bureau, town, assets, reason), actor=clerk, on=day, is_sample=True)
    services.open_checking(made.pk, actor=clerk, on=day)
    lines = list(Line.objects.filter(handover=made).order_by("line_no"))
    broken = next((line for line in lines if line.condition == "在用"), lines[0])
    for line in lines[: len(lines) * 3 // 4]:
        found, photo = TickDraft(Result.MATCHES), None
        if line.name == MISSING:
            found = TickDraft(Result.NOT_FOUND, remark="站点负责人称去年借出，未归还")
        elif line is broken:
            found = TickDraft(Result.DIFFERS, "损坏", remark="屏幕开裂，不能显示")
            photo = _photo("SAMPLE")
        services.tick(made.pk, line.pk, found, photo=photo, actor=keeper, on=day)
    services.resolve(made.pk, broken.pk, Resolution.ACCEPTED, "已报修，按现状接收", actor=keeper, on=day)
    return made


def load() -> Iterator[str]:
    """Make what isn't there yet; gives a line for each list."""
    if Handover.objects.filter(county=settings.COUNTY, is_sample=True).exists():
        return
    bureau = _office("bureau_clerk")
    for made in (_finished(bureau, _office("village_keeper")), _under_way(bureau, _office("town_keeper"))):
        if made is not None:
            made.refresh_from_db()
            sums = queries.sums(made)
            words = "handed over" if made.executed_on else "being checked"
            yield f"Handover of {sums.items:,} cards, {money.format_yuan(sums.cost_fen)} yuan: {words}."
