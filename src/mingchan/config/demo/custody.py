"""Keepers in the sample county (管护): bodies and terms for most things, some terms near their end, one who left."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as parties
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.custody import services as custody
from mingchan.lifecycle.custody.choices import Cause
from mingchan.lifecycle.custody.models import Departure
from mingchan.register.assets.choices import RightKind, Status, Tier
from mingchan.register.assets.models import Asset, Right

ON, VACANT_ON, LEFT_ON = date(2020, 5, 18), date(2020, 6, 2), date(2020, 6, 8)
LONG, OVER = date(2029, 5, 17), date(2023, 5, 17)
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
    count, holders = _account_holders(clerk)
    for place, (person, tier, cards) in enumerate(_kept()):
        if place % 11 == 10 or person in holders:
            continue  # some terms are still to be settled
        body = bureau if tier == Tier.COUNTY else _body(cards[0][1], clerk) or bureau
        due = _due(place)
        count += custody.assign(
            [key for key, _division in cards], person, body, due, basis=BASIS, actor=clerk, on=ON
        ).count
    yield f"Gave {count:,} cards their keepers with body and term."
    vacant = _vacant()
    custody.end(vacant, basis="责任人外出务工，待村委会另定（示例）", actor=_clerk(VACANT_ON), on=VACANT_ON)
    yield f"Left {len(vacant)} cards without a keeper."
    leaver = _leaver()
    if leaver is not None:
        reason, on = "调往其他单位，资产待交接（示例）", LEFT_ON
        custody.leave(leaver, on, Cause.MOVED, reason=reason, actor=_clerk(on), on=on, is_sample=True)
        yield "Noted one keeper who left and still keeps things."


def _due(place: int) -> date:
    """Ends of terms: most far off, some in the next weeks, a few over."""
    soon = period.today() + timedelta(days=40)
    return {3: soon, 7: OVER}.get(place % 9, LONG)


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


def _account_holders(actor: Actor) -> tuple[int, set[int]]:
    """The sample keepers' accounts keep something too, so that their pages show it: how many cards, who they are."""
    count, people = 0, set()
    for username, tier in (("village_keeper", Tier.VILLAGE), ("town_keeper", Tier.TOWN)):
        account = Account.objects.select_related("office").get(username=username)
        division = account.office.division_code
        cards = Asset.objects.filter(county=settings.COUNTY, status=Status.ACTIVE, division_code=division, tier=tier)
        ids = list(cards.order_by("id").values_list("pk", flat=True)[:12])
        if not ids:
            continue
        person = parties.create_party(
            PartyKind.PERSON, account.name, division, is_confirmed=True, is_sample=True, actor=actor, on=ON
        ).pk
        people.add(person)
        count += custody.assign(ids, person, account.office_id, LONG, basis=BASIS, actor=actor, on=ON).count
    return count, people


def _vacant() -> list[int]:
    """Some things of one village keeper, which nobody keeps for the time being."""
    cards = Asset.objects.filter(county=settings.COUNTY, status=Status.ACTIVE, tier=Tier.VILLAGE)
    elsewhere = cards.exclude(division_code__startswith=f"{settings.COUNTY}100")
    first = elsewhere.filter(keeper__isnull=False).order_by("id").values_list("keeper_id", flat=True).first()
    return list(cards.filter(keeper=first).order_by("id").values_list("pk", flat=True)[:5])


def _leaver() -> int | None:
    """A village keeper with a handful of things."""
    rights = Right.objects.filter(kind=RightKind.CUSTODY, valid_to__isnull=True, asset__tier=Tier.VILLAGE)
    return rights.filter(organisation__isnull=False).order_by("-asset_id").values_list("party_id", flat=True).first()
