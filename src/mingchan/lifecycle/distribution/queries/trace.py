"""Where each yuan came from and went (收益去向): asset, contract, receipt, plan, use, village, household (1.2b, 2.5a).

Links carry fen and conserve them: what flows into the plan flows out of it. References of contracts and receipts are
text, named by whoever knows them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Sum

from mingchan.lifecycle.distribution import pack
from mingchan.lifecycle.distribution.choices import OVER, PaymentStatus
from mingchan.lifecycle.distribution.models import Payment, Plan, PlanLine, PoolRow, Share


class Stream(NamedTuple):
    """Money from one node to another, in fen; a node is a word and what it is about (`contract:12`, `use:ASSETS`)."""

    source: str
    target: str
    fen: int


AssetsOf = Callable[[Sequence[str]], Mapping[str, Sequence[tuple[int, int]]]]
"""Assets of contracts by their references: ids with the weight by which a receipt counts for each."""


def _no_assets(_contracts: Sequence[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
    return {}


_assets_of: AssetsOf = _no_assets


def assets_from(reader: AssetsOf) -> None:
    """Say which assets earn by a contract."""
    global _assets_of
    _assets_of = reader


def assets_of(contracts: Sequence[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Assets of contracts with their weights."""
    return _assets_of(contracts)


def streams(plan: Plan) -> list[Stream]:
    """The plan's money from contracts over receipts, uses and villages."""
    found: dict[tuple[str, str], int] = {}

    def flow(source: str, target: str, fen: int) -> None:
        if fen:
            found[source, target] = found.get((source, target), 0) + fen

    centre = str(plan.ref)
    for contract, receipt, fen in PoolRow.objects.filter(plan=plan).values_list("contract", "receipt", "fen"):
        flow(contract, receipt, fen)
        flow(receipt, centre, fen)
    household_use = pack.household_use()
    for use, fen in PlanLine.objects.filter(plan=plan, round=plan.round).values_list("use", "fen"):
        flow(centre, f"use:{use}", fen)
    shares = Share.objects.filter(plan=plan, round=plan.round).values_list("household__division_code")
    for division, fen in shares.annotate(fen=Sum("fen")).order_by("household__division_code"):
        flow(f"use:{household_use}", f"village:{division}", fen)
    return [Stream(source, target, fen) for (source, target), fen in found.items()]


class VillageRow(NamedTuple):
    """What a village's households get and have by a plan, in fen."""

    division: str
    households: int
    fen: int
    paid_fen: int


def villages(plan: Plan) -> list[VillageRow]:
    """Households of a plan by village."""
    shares = Share.objects.filter(plan=plan, round=plan.round).values_list("household__division_code")
    paid = dict(
        Payment.objects.filter(payout__plan=plan, status=PaymentStatus.PAID)
        .values_list("share__household__division_code")
        .annotate(fen=Sum("fen"))
        .order_by()
    )
    rows = shares.annotate(count=Count("pk"), fen=Sum("fen")).order_by("household__division_code")
    return [VillageRow(division, count, fen, paid.get(division, 0)) for division, count, fen in rows]


class ContractRow(NamedTuple):
    """What was received by a contract and distributed by a plan, in fen."""

    plan: int
    contract: str
    fen: int


def plans_of_contracts(contracts: Sequence[str]) -> list[ContractRow]:
    """Plans that distribute what contracts brought, newest first: forwards from an asset to the households."""
    rows = PoolRow.objects.filter(contract__in=list(contracts), released_on__isnull=True)
    rows = rows.exclude(plan__status__in=OVER)
    found = rows.values_list("plan_id", "contract").annotate(fen=Sum("fen")).order_by("-plan_id", "contract")
    return [ContractRow(*row) for row in found]
