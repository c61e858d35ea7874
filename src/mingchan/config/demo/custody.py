"""Keepers in the sample county (管护): bodies and terms for most things, some terms near their end, one who left."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as parties
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import services as custody
from mingchan.lifecycle.custody.choices import Cause
from mingchan.lifecycle.custody.models import Departure
from mingchan.register.assets.choices import RightKind, Status, Tier
from mingchan.register.assets.models import Asset, Right

ON, LEFT_ON = date(2020, 5, 18), date(2020, 6, 8)
LONG, MIDDLE = date(2029, 5, 17), date(2027, 5, 17)
BASIS = "偏电商管护〔2020〕示例号"
BUREAU = "偏关县工业和信息化局"


def _clerk(on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username="bureau_clerk"), on, source="command")


def load() -> Iterator[str]:
    """Give things their keepers, once."""
    if Departure.objects.filter(county=settings.COUNTY).exists():
        return
    clerk = _clerk(ON)
    bureau = Party.objects.get(county=settings.COUNTY, kind=PartyKind.OFFICE, name=BUREAU).pk
    count = 0
    for place, (person, tier, cards) in enumerate(_kept()):
        if place % 11 == 10:
            continue  # some terms are still to be settled
        body = bureau if tier == Tier.COUNTY else _body(cards[0][1], clerk) or bureau
        due = _due(place)
        count += custody.assign(
            [key for key, _division in cards], person, body, due, basis=BASIS, actor=clerk, on=ON
        ).count
    count += _account_holders(clerk)
    yield f"Gave {count:,} cards their keepers with body and term."
    leaver = _leaver()
    if leaver is not None:
        reason, on = "调往其他单位，资产待交接（示例）", LEFT_ON
        custody.leave(leaver, on, Cause.MOVED, reason=reason, actor=_clerk(on), on=on, is_sample=True)
        yield "Noted one keeper who left and still keeps things."


def _due(place: int) -> date:
    """Ends of terms: most far off, some in the next weeks, a few over."""
    today = date.today()
    soon = date(today.year, today.month, 28)
    return {3: soon, 7: MIDDLE}.get(place % 9, LONG)


def _kept() -> list[tuple[int, str, list[tuple[int, str]]]]:
    """Cards by keeper and tier, in the order of their numbers: what the lists of the county name."""
    rows = Asset.objects.filter(county=settings.COUNTY, status=Status.ACTIVE, keeper__kind=PartyKind.PERSON)
    found: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for key, person, tier, division in rows.order_by("id").values_list("id", "keeper_id", "tier", "division_code"):
        found.setdefault((person, tier), []).append((key, division))
    return [(person, tier, cards) for (person, tier), cards in found.items()]


def _body(division: str, actor: Actor) -> int | None:
    """The committee or government of a division, entered when the directory has none."""
    kinds = {"VILLAGE": PartyKind.VILLAGE_COMMITTEE, "TOWN": PartyKind.TOWN_GOVERNMENT}
    where = directory.division(division)
    if where is None or where.level not in kinds:
        return None
    kind = kinds[where.level]
    found = Party.objects.filter(county=settings.COUNTY, kind=kind, division_code=division).first()
    if found is not None:
        return found.pk
    name = (
        f"{where.name}人民政府"
        if kind == PartyKind.TOWN_GOVERNMENT
        else f"{where.name.removesuffix('村民委员会')}村民委员会"
    )
    return parties.create_party(kind, name, division, is_confirmed=True, is_sample=True, actor=actor, on=ON).pk


def _account_holders(actor: Actor) -> int:
    """The sample keepers' accounts keep something too, so that their pages show it."""
    count = 0
    for username in ("village_keeper", "town_keeper"):
        account = Account.objects.select_related("office").get(username=username)
        division = account.office.division_code
        cards = list(
            Asset.objects.filter(county=settings.COUNTY, status=Status.ACTIVE, division_code=division)
            .order_by("id")
            .values_list("pk", flat=True)[:12]
        )
        if not cards:
            continue
        person = Party.objects.filter(
            county=settings.COUNTY, kind=PartyKind.PERSON, name=account.name, division_code=division
        ).first() or parties.create_party(
            PartyKind.PERSON, account.name, division, is_confirmed=True, is_sample=True, actor=actor, on=ON
        )
        count += custody.assign(cards, person.pk, account.office_id, LONG, basis=BASIS, actor=actor, on=ON).count
    return count


def _leaver() -> int | None:
    """A village keeper with a handful of things."""
    rights = Right.objects.filter(kind=RightKind.CUSTODY, valid_to__isnull=True, asset__tier=Tier.VILLAGE)
    found = rights.filter(organisation__isnull=False).order_by("-asset_id").values_list("party_id", flat=True).first()
    return found
