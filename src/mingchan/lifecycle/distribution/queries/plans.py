"""Reading plans (分配方案查询): lists cut to the actor's divisions, one plan with pool, uses, households."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.distribution import pack, permissions, rules
from mingchan.lifecycle.distribution.choices import OVER, PaymentStatus, PlanStatus
from mingchan.lifecycle.distribution.models import (
    Household,
    Payment,
    PayoutList,
    Plan,
    PlanLine,
    PoolRow,
    Share,
    Spending,
)

PAGE = 50
_PRESENT = ("DRAFT", "PROPOSED", "FILED", "DONE")


class PlanRow(NamedTuple):
    """A plan as lists show it; money in fen."""

    id: int
    year: int
    number: int
    title: str
    division: str
    holder: str
    period_start: date
    last_day: date
    pool_fen: int
    status: str
    filed_on: date | None
    is_sample: bool


_ROW = (
    "id", "year", "number", "title", "division_code", "holder__name", "period_start", "last_day", "pool_fen", "status",
    "filed_on", "is_sample",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans: by year of the period's end, division prefix, status, holder."""

    year: int | None = None
    division: str = ""
    status: str = ""
    holder: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "PlanFilter":
        """The filter of a query string; what can't be read doesn't narrow."""
        year, status, division = given.get("year", ""), given.get("status", ""), given.get("division", "")
        holder = given.get("holder", "")
        return cls(
            year=int(year) if year.isdecimal() and 1900 < int(year[:5]) < 2200 else None,
            division=division if division.isascii() and division.isdecimal() and len(division) <= 12 else "",
            status=status if status in PlanStatus.values else "",
            holder=int(holder) if holder.isdecimal() and len(holder) < 19 else None,
        )


def visible_to(actor: Actor) -> QuerySet[Plan]:
    """Plans of the actor's divisions, and wider plans of which a household of theirs has a share."""
    inside = Q(pk__in=())
    for scope in actor.scopes(permissions.VIEW):
        inside |= Q(division_code__startswith=scope)
        if len(scope) > 6:
            wider = sorted({scope[:6].ljust(12, "0"), scope[:9].ljust(12, "0")})
            own = Share.objects.filter(plan=OuterRef("pk"), household__division_code__startswith=scope)
            inside |= Q(division_code__in=wider) & Q(Exists(own))
    return Plan.objects.filter(inside, county=actor.county)


def page(asked: PlanFilter, actor: Actor, before: str = "") -> tuple[list[PlanRow], str]:
    """A page of plans, newest first, and where the next begins."""
    rows = visible_to(actor)
    if asked.year is not None:
        rows = rows.filter(last_day__year=asked.year)
    if asked.division:
        rows = rows.filter(division_code__startswith=asked.division)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.holder is not None:
        rows = rows.filter(holder=asked.holder)
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = [PlanRow(*row) for row in rows.order_by("-id").values_list(*_ROW)[: PAGE + 1]]
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def plan(actor: Actor, plan_id: int) -> Plan:
    """One plan. Raises NotFound out of the actor's sight."""
    found = visible_to(actor).select_related("holder", "policy", "case").filter(pk=plan_id).first()
    if found is None:
        raise NotFound(_("没有这个分配方案"))
    return found


def number_of(plan: Plan | PlanRow) -> str:
    """The number as papers name it: 偏分配〔2020〕3号."""
    return f"{pack.plan_word()}〔{plan.year}〕{plan.number}号"


def pool_of(plan: Plan) -> list[PoolRow]:
    """Receipts of its pool."""
    return list(PoolRow.objects.filter(plan=plan).select_related("holder").order_by("received_on", "id"))


class LineRow(NamedTuple):
    """A use of a plan with what is paid or spent of it, in fen."""

    line: PlanLine
    label: str
    is_households: bool
    carried_fen: int


def lines_of(plan: Plan) -> list[LineRow]:
    """The plan's uses in the pack's order, with what was paid or spent of each."""
    spent = dict(Spending.objects.filter(line__plan=plan).values_list("line_id").annotate(fen=Sum("fen")).order_by())
    paid = paid_fen(plan)
    order = list(pack.uses())
    rows = PlanLine.objects.filter(plan=plan, round=plan.round)
    found = sorted(rows, key=lambda line: order.index(line.use) if line.use in order else len(order))
    return [
        LineRow(
            line,
            pack.uses()[line.use].text if line.use in pack.uses() else line.use,
            line.use == pack.household_use(),
            paid if line.use == pack.household_use() else spent.get(line.pk, 0),
        )
        for line in found
    ]


def paid_fen(plan: Plan) -> int:
    """What households have in their hands."""
    rows = Payment.objects.filter(payout__plan=plan, status=PaymentStatus.PAID)
    return rows.aggregate(fen=Sum("fen"))["fen"] or 0


class ShareRow(NamedTuple):
    """A household's share as lists show it, with its latest payment; money in fen."""

    id: int
    household: int
    division: str
    number: str
    head: str
    category: str
    weight: int
    fen: int
    reason: str


_SHARE = (
    "id", "household_id", "household__division_code", "household__number", "household__head", "category", "weight",
    "fen", "reason",
)  # fmt: skip


def shares_of(plan: Plan, actor: Actor, after: str = "", size: int = PAGE) -> tuple[list[ShareRow], str]:
    """A page of the plan's shares in the order of the list, cut to villages whose households the actor may see."""
    rows = Share.objects.filter(_inside(actor), plan=plan, round=plan.round)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = [ShareRow(*row) for row in rows.order_by("id").values_list(*_SHARE)[: size + 1]]
    return found[:size], str(found[size - 1].id) if len(found) > size else ""


def _inside(actor: Actor) -> Q:
    inside = Q(pk__in=())
    for scope in actor.scopes(permissions.VIEW_HOUSEHOLDS):
        inside |= Q(household__division_code__startswith=scope)
    return inside


def every_share(plan: Plan) -> list[ShareRow]:
    """All shares in the order of the list, for papers and notices."""
    rows = Share.objects.filter(plan=plan, round=plan.round)
    return [ShareRow(*row) for row in rows.order_by("id").values_list(*_SHARE)]


def share_totals(plan: Plan) -> tuple[int, int, int]:
    """How many households have a share, what they get together in fen, how many were set by hand."""
    rows = Share.objects.filter(plan=plan, round=plan.round)
    found = rows.aggregate(count=Count("pk"), fen=Sum("fen"), fixed=Count("pk", filter=~Q(reason="")))
    return found["count"], found["fen"] or 0, found["fixed"]


def latest_payments(shares: list[int]) -> dict[int, str]:
    """The state of the last payment of each share."""
    rows = Payment.objects.filter(share__in=shares).order_by("id")
    return dict(rows.values_list("share_id", "status"))


def spendings_of(plan: Plan) -> list[Spending]:
    """Money of uses that was spent, in order."""
    return list(Spending.objects.filter(line__plan=plan).select_related("line").order_by("spent_on", "id"))


# ---- Payouts ------------------------------------------------------------------------------------------------------


def payouts_of(plan: Plan) -> list[dict[str, Any]]:
    """The plan's lists with what of each is paid and what came back."""
    rows = PayoutList.objects.filter(plan=plan).order_by("number")
    counts: dict[int, dict[str, tuple[int, int]]] = {}
    for key, status, count, fen in (
        Payment.objects.filter(payout__plan=plan).values_list("payout_id", "status")
        .annotate(count=Count("pk"), fen=Sum("fen")).order_by()
    ):  # fmt: skip
        counts.setdefault(key, {})[status] = (count, fen)
    return [
        {
            "payout": row,
            **{status.lower(): counts.get(row.pk, {}).get(status, (0, 0)) for status in PaymentStatus.values},
        }
        for row in rows
    ]


def payout(actor: Actor, payout_id: int) -> PayoutList:
    """One list. Raises NotFound out of the actor's sight."""
    found = PayoutList.objects.select_related("plan", "plan__holder").filter(pk=payout_id, county=actor.county).first()
    if found is None or not visible_to(actor).filter(pk=found.plan_id).exists():
        raise NotFound(_("没有这份发放表"))
    return found


class PaymentRow(NamedTuple):
    """A payment as lists show it: masks only; money in fen."""

    id: int
    household: int
    division: str
    number: str
    head: str
    account: str
    bank: str
    fen: int
    status: str
    paid_on: date | None
    proof: str | None
    returned_on: date | None
    return_reason: str | None


_PAYMENT = (
    "id", "share__household_id", "share__household__division_code", "share__household__number",
    "share__household__head", "share__household__account_mask", "share__household__bank", "fen", "status", "paid_on",
    "proof", "returned_on", "return_reason",
)  # fmt: skip


def payments_of(payout: PayoutList, actor: Actor, after: str = "", size: int = PAGE) -> tuple[list[PaymentRow], str]:
    """A page of a list's payments, cut to villages whose households the actor may see."""
    inside = Q(pk__in=())
    for scope in actor.scopes(permissions.VIEW_HOUSEHOLDS):
        inside |= Q(share__household__division_code__startswith=scope)
    rows = Payment.objects.filter(inside, payout=payout)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = [PaymentRow(*row) for row in rows.order_by("id").values_list(*_PAYMENT)[: size + 1]]
    return found[:size], str(found[size - 1].id) if len(found) > size else ""


def unpaid(plan: Plan) -> tuple[int, int]:
    """Households that have a share and no payment under way: how many, and fen."""
    rows = unpaid_shares(plan)
    found = rows.aggregate(count=Count("pk"), fen=Sum("fen"))
    return found["count"], found["fen"] or 0


def unpaid_shares(plan: Plan) -> QuerySet[Share]:
    """Shares of the plan's round that no payment stands for: none yet, or the last one came back."""
    standing = Payment.objects.filter(share=OuterRef("pk")).exclude(status=PaymentStatus.RETURNED)
    return Share.objects.filter(~Exists(standing), plan=plan, round=plan.round, fen__gt=0).order_by("id")


# ---- Figures ------------------------------------------------------------------------------------------------------


class YearFigures(NamedTuple):
    """One year's distribution in fen: pooled, decided upon, filed, in the households' hands, spent for other uses."""

    year: int
    plans: int
    pool_fen: int
    planned_fen: int
    filed_fen: int
    paid_fen: int
    spent_fen: int


def by_year(actor: Actor) -> list[YearFigures]:
    """Distribution by the year in which a plan's period ends, newest first."""
    plans = visible_to(actor).exclude(status__in=OVER)
    found: dict[int, list[int]] = {}
    for year, status, fen in plans.values_list(F("last_day__year"), "status", "pool_fen"):
        row = found.setdefault(year, [0] * 6)
        row[0] += 1
        row[1] += fen
        row[2] += fen if status != PlanStatus.DRAFT else 0
        row[3] += fen if status in (PlanStatus.FILED, PlanStatus.DONE) else 0
    paid = Payment.objects.filter(payout__plan__in=plans.values("pk"), status=PaymentStatus.PAID)
    for year, fen in paid.values_list(F("payout__plan__last_day__year")).annotate(fen=Sum("fen")).order_by():
        found.setdefault(year, [0] * 6)[4] += fen
    spent = Spending.objects.filter(line__plan__in=plans.values("pk"))
    for year, fen in spent.values_list(F("line__plan__last_day__year")).annotate(fen=Sum("fen")).order_by():
        found.setdefault(year, [0] * 6)[5] += fen
    return [YearFigures(year, *row) for year, row in sorted(found.items(), reverse=True)]


def by_use(actor: Actor, year: int | None = None) -> list[tuple[str, int]]:
    """What plans give each use, in the pack's order."""
    rows = PlanLine.objects.filter(
        plan__in=visible_to(actor).exclude(status__in=OVER).values("pk"), round=F("plan__round")
    )
    if year is not None:
        rows = rows.filter(plan__last_day__year=year)
    sums = dict(rows.values_list("use").annotate(fen=Sum("fen")).order_by())
    return [(use, sums[use]) for use in pack.uses() if sums.get(use)]


def households_count(county: str, division: str) -> int:
    """How many households of a division stand in the register."""
    rows = Household.objects.filter(county=county, left_on__isnull=True)
    return rows.filter(division_code__startswith=rules.scope_of(division)).count()


def waiting_for(actor: Actor, right: str, statuses: tuple[str, ...]) -> QuerySet[Plan]:
    """Plans in some states over which the actor holds a right, oldest first."""
    inside = Q(pk__in=())
    for scope in actor.scopes(right):
        inside |= Q(division_code__startswith=scope)
    return Plan.objects.filter(inside, county=actor.county, status__in=statuses).order_by("id")
