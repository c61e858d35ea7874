"""The sample county's sites (示例站点): files, holders, states, photographs; one asset moved, one lot spread.

What an office would do in the plan's fourth stage, when custody is settled (3.4.1). People and papers are invented.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageDraw

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import MILLI
from mingchan.kernel.refs import Ref
from mingchan.register.assets.models import Asset, Site
from mingchan.register.sites import queries as sites_read
from mingchan.register.sites import services as sites
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import Details, HolderDraft, NewSite, Place, Portion
from mingchan.register.sites.models import Profile

CLERK = "bureau_clerk"
RUN_SINCE, FILED_ON = date(2019, 9, 1), date(2020, 5, 18)
CHANGED_ON, MOVED_ON = date(2020, 5, 28), date(2020, 6, 8)
CENTRE, LOGISTICS = "偏关县电子商务公共服务中心", "偏关县物流配送中心"
SUSPENDED, RENEWED, TWIN = "草垛山村电子商务服务站", "老营村电子商务服务站", "老营村电商服务站"
GIVER, TAKER = SUSPENDED, "乾坤湾村电子商务服务站"
SPREAD_OVER = "140932105000"
LOT, MOVED = "手持终端PDA", "液晶电视"
PHOTOGRAPHED = ((CENTRE, (208, 196, 176)), (RENEWED, (196, 204, 186)), ("万家寨镇电子商务服务站", (190, 200, 210)))


def load() -> Iterator[str]:
    """Open the files of the sample sites and let the rest happen to them, once. Gives a line for each thing done."""
    named = {site.name: site for site in Site.objects.filter(county=settings.COUNTY, closed_on__isnull=True)}
    if not directory.has_samples(settings.COUNTY) or CENTRE not in named:
        return
    if Profile.objects.filter(county=settings.COUNTY).exists():
        return
    count = sites.open_files(
        [site.pk for site in named.values()],
        RUN_SINCE,
        "电商示范项目站点验收移交记录（示例）",
        actor=_clerk(FILED_ON),
        on=FILED_ON,
    )
    yield f"Opened the files of {count} sites."
    _describe(named)
    _people(named)
    _own_requirements(named)
    for number, (name, wall) in enumerate(PHOTOGRAPHED, start=1):
        _photograph(named[name], wall, number)
    yield f"{len(PHOTOGRAPHED)} sites photographed, one closed for the time being, one merged, one in preparation."
    yield _move(named)
    yield _spread(named)


def _clerk(on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=CLERK), on, source="command")


def _version(site: Site) -> int:
    return Profile.objects.values_list("version", flat=True).get(pk=site.pk)


def _describe(named: dict[str, Site]) -> None:
    written = (
        (CENTRE, Details("新关镇文笔街示例 1 号", "工作日 8:30–18:00", 39_436_200, 111_508_400)),
        (LOGISTICS, Details("新关镇西关示例 8 号", "每天 7:00–20:00", 39_441_000, 111_495_300)),
        (RENEWED, Details("老营村委会一层", "每天 8:00–19:00")),
    )
    for name, details in written:
        if site := named.get(name):
            sites.correct(
                site.pk, {}, details, _version(site), "补录地址和开放时间", actor=_clerk(FILED_ON), on=FILED_ON
            )


def _people(named: dict[str, Site]) -> None:
    actor = _clerk(CHANGED_ON)
    bureau = Party.objects.get(county=settings.COUNTY, kind="OFFICE", name="偏关县工业和信息化局")
    centre, renewed, suspended = named[CENTRE], named[RENEWED], named[SUSPENDED]
    keeper = Profile.objects.get(pk=centre.pk).keeper_id
    if keeper is not None:
        sites.appoint(
            centre.pk, Duty.KEEPER.value, HolderDraft(keeper, bureau.pk), CHANGED_ON, "管护责任分工通知（示例）",
            _version(centre), actor=actor, on=CHANGED_ON,
        )  # fmt: skip
    others = Party.objects.filter(county=settings.COUNTY, kind="PERSON", division_code=renewed.division_code)
    former = Profile.objects.get(pk=renewed.pk).keeper_id
    next_keeper = others.exclude(pk=former or 0).order_by("pk").first()
    if next_keeper is not None:
        sites.appoint(
            renewed.pk, Duty.KEEPER.value, HolderDraft(next_keeper.pk), CHANGED_ON, "村委会会议纪要（示例）",
            _version(renewed), actor=actor, on=CHANGED_ON,
        )  # fmt: skip
    sites.change_state(
        suspended.pk, State.SUSPENDED.value, CHANGED_ON, "站长外出务工，暂停营业（示例）", _version(suspended),
        actor=actor, on=CHANGED_ON,
    )  # fmt: skip
    sites.appoint(
        suspended.pk, Duty.KEEPER.value, None, CHANGED_ON, "站长外出务工，尚未确定接任人（示例）", _version(suspended),
        actor=actor, on=CHANGED_ON,
    )  # fmt: skip
    twin = sites.open_site(
        NewSite(TWIN, renewed.division_code, "PUBLIC_SERVICE", "VILLAGE", "VILLAGE_STATION", State.OPERATING.value,
                FILED_ON),
        actor=actor, on=CHANGED_ON, is_sample=True,
    )  # fmt: skip
    sites.merge(twin, renewed.pk, 1, "与老营村电子商务服务站为同一处，重复登记", actor=actor, on=CHANGED_ON)
    sites.open_site(
        NewSite("偏关县电商仓储库（示例）", centre.division_code, "LOGISTICS", "COUNTY", "WAREHOUSE",
                State.PREPARING.value, CHANGED_ON, Details("新关镇西关示例 8 号院内"), HolderDraft(bureau.pk)),
        actor=actor, on=CHANGED_ON, is_sample=True,
    )  # fmt: skip


def _own_requirements(named: dict[str, Site]) -> None:
    site = named[RENEWED]
    given = {"actor": _clerk(CHANGED_ON), "on": CHANGED_ON}
    sites.require(site.pk, "CCTV", 0, "与村委会共用监控", _version(site), **given)  # type: ignore[arg-type]
    sites.require(
        site.pk,
        "收银机",
        MILLI,
        "本站兼办快递代收，需要收银",
        _version(site),
        unit="台",
        **given,  # type: ignore[arg-type]
    )


def _photograph(site: Site, wall: tuple[int, int, int], number: int) -> None:
    """A drawing in place of a photograph: a house with a sign, invented as everything else here."""
    picture = Image.new("RGB", (960, 720), (214, 226, 232))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 960, 720), fill=(170, 166, 154))
    draw.rectangle((140, 220, 820, 600), fill=wall, outline=(120, 116, 108), width=4)
    draw.rectangle((140, 220, 820, 300), fill=(20, 80, 92))
    for left in (190, 580):
        draw.rectangle((left, 360, left + 190, 510), fill=(120, 150, 160), outline=(250, 250, 246), width=8)
    draw.rectangle((420, 370, 540, 600), fill=(92, 74, 60), outline=(250, 250, 246), width=8)
    draw.ellipse((740 - 60 * number, 40, 820 - 60 * number, 120), fill=(246, 224, 160))
    content = BytesIO()
    picture.save(content, "JPEG", quality=80)
    evidence.attach(
        content.getvalue(),
        name=f"{site.name}门头（示例图）.jpg",
        owner=Ref("site", site.pk),
        division=site.division_code,
        kind=AttachmentKind.PHOTO,
        actor=_clerk(FILED_ON),
        on=FILED_ON,
    )


def _move(named: dict[str, Site]) -> str:
    giver, taker = named[GIVER], named[TAKER]
    card = Asset.objects.filter(site=giver, name=MOVED, status="ACTIVE").order_by("pk").first()
    if card is None:
        return f"No {MOVED} to move."
    actor = _clerk(MOVED_ON)
    sites.relocate(
        [card.pk], Place(taker.pk, "", "服务大厅"), "站点停业，电视调剂给缺电视的站点（示例）", actor=actor, on=MOVED_ON
    )
    return f"Moved {card.code} to another village."


def _spread(named: dict[str, Site]) -> str:
    lot = Asset.objects.filter(site=named[LOGISTICS], name=LOT, status="ACTIVE").order_by("pk").first()
    if lot is None:
        return f"No {LOT} to spread."
    actor = _clerk(MOVED_ON)
    targets = sites_read.targets(actor, [SPREAD_OVER], "VILLAGE_STATION")
    portions = [Portion(target.id, MILLI) for target in targets]
    portions.append(Portion(None, lot.quantity_milli - MILLI * len(targets)))
    done = sites.spread(
        lot.pk, portions, lot.version, "发放到村站点用于收寄扫码（示例）", with_keepers=True, actor=actor, on=MOVED_ON
    )
    return f"Spread {lot.code} over {len(done)} places."
