"""The four triggers of 2.6.2 over the whole register (入池事由的认定): which assets, since when, by which figures.

Every trigger is one statement or a few, however many cards there are. Cards that no longer count are in none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.database import one_of
from mingchan.lifecycle.income.choices import PAID, POOL_KINDS
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.operation.choices import LIVE
from mingchan.lifecycle.operation.models import Contract, Covered
from mingchan.lifecycle.performance import queries as performance
from mingchan.lifecycle.performance.models import Goal
from mingchan.lifecycle.revival.choices import GOALS, Gauge, Trigger
from mingchan.lifecycle.revival.drafts import Hit
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.models import Asset, FormerCard, Right
from mingchan.register.sites.choices import Duty
from mingchan.register.sites.choices import State as SiteState
from mingchan.register.sites.models import Profile, Term
from mingchan.register.sites.models import SiteState as SiteStates

Found = dict[int, list[Hit]]
BP = 10_000


def hits(county: str, on: date) -> Found:
    """Every asset that a trigger holds for on a day, with what it rests on (2.6.2)."""
    found: Found = defaultdict(list)
    _idle(found, county, on)
    _vacant(found, county, on)
    by_contract: dict[int, list[Hit]] = defaultdict(list)
    for contract, hit in (*_failed(county, on), *_short_of_goals(county, on), *_stalled(county, on)):
        by_contract[contract].append(hit)
    _under(found, by_contract, on)
    return found


def idle_words() -> list[str]:
    """Conditions, as cards write them, that mean idle or out of use."""
    return [word for word, condition in policy.conditions().items() if condition.counts_as == "idle"]


def _active(county: str) -> Any:
    return Asset.objects.filter(county=county, status=Status.ACTIVE)


def _days(trigger: str, since: date, least: int, on: date, basis: str = "") -> Hit:
    return Hit(trigger, Gauge.DAYS.value, (on - since).days, least, basis, since)


def _idle(found: Found, county: str, on: date) -> None:
    """Long idle: the card says so for so many days, or its site has been suspended for so long."""
    least = policy.figure("asset.idle_days")
    words = idle_words()
    before = on - timedelta(days=least)
    used = FormerCard.objects.filter(asset=OuterRef("pk")).exclude(condition__in=words).order_by("-left_on")
    rows = (
        _active(county)
        .filter(condition__in=words, registered_on__lte=before)
        .order_by()
        .annotate(idle_since=Coalesce(Subquery(used.values("left_on")[:1]), F("registered_on")))
        .filter(idle_since__lte=before)
    )
    for asset, since in rows.values_list("pk", "idle_since").iterator(chunk_size=5000):
        found[asset].append(_days(Trigger.IDLE.value, since, least, on))
    shut = dict(
        SiteStates.objects.filter(
            profile__county=county, state=SiteState.SUSPENDED, valid_to__isnull=True, valid_from__lte=before
        ).values_list("profile_id", "valid_from")
    )
    for asset, site in _at(county, shut):
        found[asset].append(_days(Trigger.IDLE.value, shut[site], least, on, f"site:{site}"))


def _at(county: str, sites: Iterable[int]) -> list[tuple[int, int]]:
    """Active cards at sites, each with its site."""
    keys = list(sites)
    if not keys:
        return []
    rows = _active(county).filter(site__in=one_of(keys, "bigint")).order_by()
    return list(rows.values_list("pk", "site_id"))


def _vacant(found: Found, county: str, on: date) -> None:
    """Nobody answers: a card at a site has had no keeper for so long, or nobody has run its site for so long."""
    least = policy.figure("revival.vacant_days")
    before = on - timedelta(days=least)
    ended = (
        Right.objects.filter(asset=OuterRef("pk"), kind=RightKind.CUSTODY, valid_to__isnull=False)
        .order_by()
        .values("asset")
        .annotate(last=Max("valid_to"))
        .values("last")
    )
    rows = (
        _active(county)
        .filter(site__isnull=False, keeper__isnull=True, registered_on__lte=before)
        .order_by()
        .annotate(vacant_since=Coalesce(Subquery(ended), F("registered_on")))
        .filter(vacant_since__lte=before)
    )
    for asset, since in rows.values_list("pk", "vacant_since").iterator(chunk_size=5000):
        found[asset].append(_days(Trigger.VACANT.value, since, least, on))
    left = (
        Term.objects.filter(duty=Duty.OPERATOR, profile=OuterRef("pk"), valid_to__isnull=False)
        .order_by()
        .values("profile")
        .annotate(last=Max("valid_to"))
        .values("last")
    )
    nobody = Profile.objects.filter(county=county, state=SiteState.OPERATING, operator__isnull=True)
    empty = dict(nobody.annotate(left=Subquery(left)).filter(left__lte=before).values_list("site_id", "left"))
    for asset, site in _at(county, empty):
        found[asset].append(_days(Trigger.VACANT.value, empty[site], least, on, f"site:{site}"))


def _failed(county: str, on: date) -> list[tuple[int, Hit]]:
    """Contracts whose last evaluation didn't pass."""
    return [
        (
            row.contract_id,
            Hit(
                Trigger.WEAK.value, Gauge.POINTS.value, row.points, row.passing, f"evaluation:{row.evaluation_id}",
                row.confirmed_on,
            ),
        )
        for row in performance.failing(county, on)
    ]  # fmt: skip


def _short_of_goals(county: str, on: date) -> list[tuple[int, Hit]]:
    """Contracts that reached less than the county's share of a goal of bringing others along in the last whole year."""
    rows = (
        Goal.objects.filter(county=county, year=on.year - 1, kind__in=GOALS, actual__isnull=False, reported_on__lte=on)
        .annotate(reached=F("actual") * 100)
        .filter(reached__lt=F("target") * policy.figure("revival.goal_percent"))
        .order_by("contract_id", "kind")
    )
    names = ("contract_id", "kind", "actual", "target", "reported_on")
    return [
        (contract, Hit(Trigger.WEAK.value, kind, actual or 0, target, f"contract:{contract}", reported_on or on))
        for contract, kind, actual, target, reported_on in rows.values_list(*names)
    ]


def _stalled(county: str, on: date) -> list[tuple[int, Hit]]:
    """Contracts that ran through the last two whole years, whose income didn't rise and is small beside the cost."""
    last, first = on.year - 1, on.year - 2
    begin, end = date(first, 1, 1), date(last, 12, 31)
    running = Contract.objects.filter(county=county, status__in=LIVE, starts_on__lte=begin)
    costs = dict(
        Covered.objects.filter(contract__in=running, is_let=True, last_day__gte=end)
        .order_by()
        .values_list("contract_id")
        .annotate(whole=Sum("asset__cost_fen"))
    )
    if not costs:
        return []
    rows = (
        Entry.objects.filter(
            county=county,
            day__gte=begin,
            day__lte=end,
            kind__in=PAID,
            receivable__kind__in=POOL_KINDS,
            receivable__contract__in=one_of(sorted(costs), "bigint"),
        )
        .order_by()
        .values_list("receivable__contract_id", "day__year")
        .annotate(whole=Sum("fen"))
    )
    income: dict[tuple[int, int], int] = {(contract, year): int(fen) for contract, year, fen in rows}
    least = policy.figure("revival.yield_bp")
    found = []
    for contract, cost in sorted(costs.items()):
        now, then = income.get((contract, last), 0), income.get((contract, first), 0)
        if now <= then and now * BP < int(cost) * least:
            hit = Hit(Trigger.STALLED.value, Gauge.INCOME.value, now, then, f"contract:{contract}", end)
            found.append((contract, hit))
    return found


def _under(found: Found, by_contract: Mapping[int, list[Hit]], on: date) -> None:
    """Give what holds for a contract to the assets that are let under it on the day."""
    if not by_contract:
        return
    rows = Covered.objects.filter(
        contract__in=one_of(sorted(by_contract), "bigint"),
        contract__status__in=LIVE,
        is_let=True,
        starts_on__lte=on,
        last_day__gte=on,
        asset__status=Status.ACTIVE,
    ).order_by()
    for contract, asset in rows.values_list("contract_id", "asset_id").iterator(chunk_size=5000):
        found[asset] += by_contract[contract]


def first_since(found: Iterable[Hit]) -> date:
    """The day from which the oldest of the hits has held."""
    return min(hit.since for hit in found)
