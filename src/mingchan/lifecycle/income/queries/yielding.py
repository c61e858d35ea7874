"""What assets bring (经营效益, 2.4.1, 2.4.2d): income beside cost and wear, by site, town, system or mode, and by card.

Income is what came in for rent and shares in a year, spread over a contract's assets by original value. Wear is a
year's depreciation on a straight line over the card's useful life. Groups add up to the receipts, to the fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Substr

from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.income import permissions
from mingchan.lifecycle.income.choices import PAID, POOL_KINDS
from mingchan.lifecycle.income.models import Entry
from mingchan.lifecycle.operation.models import Contract, Covered
from mingchan.register.assets.choices import AssetType, Status
from mingchan.register.assets.models import Asset

MONTHS = 12
GROUPS = ("town", "site", "system", "mode", "contract")
PRODUCTIVE = (AssetType.INDUSTRY,)
"""Types of assets that are meant to bring income; the others are not blamed for bringing none."""


@dataclass(frozen=True, slots=True)
class Yield:
    """A group in a year: its key and name, cards under contract, their cost, a year's wear, what came in, in fen."""

    key: Any
    name: str
    count: int
    cost_fen: int
    wear_fen: int
    income_fen: int

    @property
    def result_fen(self) -> int:
        """Income without wear; below zero the group costs more than it brings."""
        return self.income_fen - self.wear_fen

    @property
    def is_loss(self) -> bool:
        """Whether the group brings less than it wears off."""
        return self.result_fen < 0


def _wear() -> Any:
    """A year's depreciation of a card: cost over its life; none without a life."""
    return Case(
        When(asset__life_months__gt=0, then=F("asset__cost_fen") * MONTHS / F("asset__life_months")),
        default=Value(0),
    )


def _covered(actor: Actor, first: date, last: date) -> QuerySet[Covered]:
    """Cards that were under a contract in a period, as the actor may see them."""
    reach = permissions.reach(actor, party="contract__operator", division="contract__division_code")
    return Covered.objects.filter(
        reach, contract__county=actor.county, starts_on__lte=last, last_day__gte=first
    ).exclude(contract__status__in=("DRAFT", "PROCEDURE", "DROPPED"))


def received_by_contract(actor: Actor, first: date, last: date) -> dict[int, int]:
    """Rent and shares that came in during a period, by contract."""
    reach = permissions.reach(actor, party="receivable__operator", division="receivable__division_code")
    rows = Entry.objects.filter(
        reach, county=actor.county, day__gte=first, day__lte=last, kind__in=PAID, receivable__kind__in=POOL_KINDS
    )
    summed = rows.order_by().values_list("receivable__contract_id").annotate(whole=Sum("fen"))
    return {contract: int(fen) for contract, fen in summed if fen}


_KEYS = {
    "town": (Substr("asset__division_code", 1, 9), F("asset__division_code")),
    "site": (F("asset__site_id"), F("asset__site__name")),
    "system": (F("asset__system"), F("asset__system")),
    "mode": (F("contract__mode"), F("contract__mode")),
    "contract": (F("contract_id"), F("contract__number")),
}


def by_group(group: str, actor: Actor, year: int) -> list[Yield]:
    """Every group of cards under contract in a year, those that bring least for their wear first."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    key, name = _KEYS[group]
    rows = (
        _covered(actor, first, last)
        .annotate(group=key)
        .order_by("contract_id", "group")
        .values_list("contract_id", "group")
        .annotate(n=Sum(Value(1)), cost=Sum("asset__cost_fen"), wear=Sum(_wear()))
    )
    by_contract: dict[int, list[tuple[Any, int, int, int]]] = {}
    for contract, of, count, cost, wear in rows:
        by_contract.setdefault(contract, []).append((of, int(count), int(cost), int(wear)))
    received = received_by_contract(actor, first, last)
    sums: dict[Any, list[int]] = {}
    for contract, parts in by_contract.items():
        weights = [cost for _of, _count, cost, _wear in parts]
        shares = money.split(received.get(contract, 0), weights if any(weights) else [1] * len(parts))
        for (of, *amounts), income in zip(parts, shares, strict=True):
            whole = sums.setdefault(of, [0, 0, 0, 0])
            for place, value in enumerate((*amounts, income)):
                whole[place] += value
    _without_assets(sums, received, by_contract, group)
    names = _names(group, actor, first, last, name)
    found = [Yield(of, names.get(of) or str(of or ""), *amounts) for of, amounts in sums.items()]
    return sorted(found, key=lambda row: (row.result_fen, row.name))


def _without_assets(
    sums: dict[Any, list[int]], received: Mapping[int, int], by_contract: Mapping[int, Any], group: str
) -> None:
    """Income of contracts whose term was over when they paid: by contract and mode it still has its place."""
    late = [contract for contract in received if contract not in by_contract]
    if not late:
        return
    facts = {pk: (mode, code) for pk, mode, code in _facts(late)}
    for contract in late:
        mode, code = facts[contract]
        of = {"contract": contract, "mode": mode, "town": code[:9]}.get(group)
        sums.setdefault(of, [0, 0, 0, 0])[3] += received[contract]


def _facts(ids: list[int]) -> list[tuple[int, str, str]]:
    return list(Contract.objects.filter(pk__in=ids).values_list("pk", "mode", "division_code"))


def _names(group: str, actor: Actor, first: date, last: date, name: Any) -> dict[Any, str]:
    if group not in ("site", "contract"):
        return {}
    rows = _covered(actor, first, last).annotate(group=_KEYS[group][0], called=name).order_by()
    found = dict(rows.values_list("group", "called").distinct())
    if group == "contract":
        received = received_by_contract(actor, first, last)
        found |= dict(Contract.objects.filter(pk__in=list(received)).values_list("pk", "number"))
    return found


@dataclass(frozen=True, slots=True)
class Idle:
    """Productive cards in a town that were under no contract all year: how many, their cost in fen."""

    town: str
    count: int
    cost_fen: int


def idle(actor: Actor, year: int) -> list[Idle]:
    """Productive cards that nobody ran in a year (闲置), by town, the greatest cost first (2.6.2)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if not actor.scopes(permissions.VIEW):
        return []
    reach = Q()
    if not permissions.sees_county(actor):
        for scope in actor.scopes(permissions.VIEW):
            reach |= Q(division_code__startswith=scope)
    let = Covered.objects.filter(asset=OuterRef("pk"), starts_on__lte=last, last_day__gte=first).exclude(
        contract__status__in=("DRAFT", "PROCEDURE", "DROPPED")
    )
    rows = Asset.objects.filter(
        reach, county=actor.county, status=Status.ACTIVE, asset_type__in=PRODUCTIVE, registered_on__lte=last
    ).filter(~Exists(let))
    summed = (
        rows.annotate(town=Substr("division_code", 1, 9))
        .order_by()
        .values_list("town")
        .annotate(n=Sum(Value(1)), cost=Sum("cost_fen"))
    )
    found = [Idle(town, int(count), int(cost)) for town, count, cost in summed]
    return sorted(found, key=lambda row: (-row.cost_fen, row.town))


@dataclass(frozen=True, slots=True)
class OfAsset:
    """What one card brought in a year under one contract, in fen."""

    year: int
    contract: int
    number: str
    income_fen: int
    wear_fen: int


def of_asset(asset: Asset) -> list[OfAsset]:
    """What a card brought, by year and contract, newest first."""
    contracts = list(Covered.objects.filter(asset=asset).values_list("contract_id", "contract__number"))
    wear = asset.cost_fen * MONTHS // asset.life_months if asset.life_months else 0
    found = []
    for contract, number in contracts:
        weights = dict(
            Covered.objects.filter(contract=contract).order_by("asset_id").values_list("asset_id", "asset__cost_fen")
        )
        rows = Entry.objects.filter(receivable__contract=contract, kind__in=PAID, receivable__kind__in=POOL_KINDS)
        for year, fen in rows.order_by().values_list(F("day__year")).annotate(whole=Sum("fen")):
            parts = money.split(int(fen), list(weights.values()) if any(weights.values()) else [1] * len(weights))
            income = dict(zip(weights, parts, strict=True))[asset.pk]
            found.append(OfAsset(int(year), contract, number, income, wear))
    return sorted(found, key=lambda row: (-row.year, row.number))


def performs_well(asset_ids: list[int], year: int) -> set[int]:
    """Cards that brought at least what they wore off in a year: in principle not to be disposed of (3.4.3a)."""
    contracts = Covered.objects.filter(asset__in=asset_ids).values("contract")
    weights: dict[int, list[tuple[int, int, int | None]]] = {}
    names = ("contract_id", "asset_id", "asset__cost_fen", "asset__life_months")
    covered = Covered.objects.filter(contract__in=contracts).order_by("contract_id", "asset_id")
    for contract, asset, cost, life in covered.values_list(*names):
        weights.setdefault(contract, []).append((asset, cost, life))
    rows = Entry.objects.filter(
        receivable__contract__in=contracts, kind__in=PAID, receivable__kind__in=POOL_KINDS, day__year=year
    )
    income: dict[int, int] = {}
    wear: dict[int, int] = {}
    for contract, fen in rows.order_by().values_list("receivable__contract_id").annotate(whole=Sum("fen")):
        of = weights[contract]
        costs = [cost for _asset, cost, _life in of]
        for (asset, cost, life), part in zip(
            of, money.split(int(fen), costs if any(costs) else [1] * len(of)), strict=True
        ):
            income[asset] = income.get(asset, 0) + part
            wear[asset] = cost * MONTHS // life if life else 0
    return {asset for asset in asset_ids if income.get(asset, 0) > 0 and income[asset] >= wear[asset]}
