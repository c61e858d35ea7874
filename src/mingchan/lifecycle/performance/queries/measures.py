"""Figures that indicators are worked out from (指标数据): the register, goals and income of a contract in a year.

The register's figures are those of the day they are asked on; money is in fen.
"""

from datetime import date

from django.db.models import Count, Q, Sum

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.income.queries import years
from mingchan.lifecycle.operation.models import Contract, Covered
from mingchan.lifecycle.performance.choices import MONEY, GoalKind
from mingchan.lifecycle.performance.models import Goal
from mingchan.lifecycle.performance.rules import Measured

WANTED_GOALS = 4
"""So many goals a contract should have for a year: the measure of 绩效目标设定."""


MONEY_MEASURES = frozenset({"in_use", "intact", "collected", "yield", *(f"goal.{kind}" for kind in MONEY)})
"""Measures whose figures are fen."""


def _groups(*names: str) -> list[str]:
    """Conditions, as cards write them, that count as one of the groups."""
    return [name for name, condition in policy.conditions().items() if condition.counts_as in names]


def measured(contract: Contract, year: int, on: date) -> dict[str, Measured]:
    """Every measure of the pack for a contract and a year, as known on a day."""
    found = {**_register(contract, year, on), **_goals(contract.pk, year)}
    due, received = income_of(contract.county, year).get(contract.pk, (0, 0))
    found["collected"] = Measured(received, due)
    found["yield"] = Measured(received, _cost(contract.pk, year))
    return found


def _covered(contract: int, year: int) -> Q:
    """Assets that stood under the contract in the year."""
    return Q(contract=contract, starts_on__lte=date(year, 12, 31)) & (
        Q(last_day__isnull=True) | Q(last_day__gte=date(year, 1, 1))
    )


def _cost(contract: int, year: int) -> int:
    return Covered.objects.filter(_covered(contract, year)).aggregate(whole=Sum("asset__cost_fen"))["whole"] or 0


def _register(contract: Contract, year: int, on: date) -> dict[str, Measured]:
    of = "asset__"
    owned = Q(**{f"{of}owner__isnull": False, f"{of}user__isnull": False})
    kept = Q(**{f"{of}keeper__isnull": False})
    complete = kept & ~Q(**{f"{of}class_code": ""}) & (Q(**{f"{of}site__isnull": False}) | ~Q(**{f"{of}place": ""}))
    used = Q(**{f"{of}condition__in": _groups("in_use")})
    broken = Q(**{f"{of}condition__in": _groups("damaged", "missing")})
    row = Covered.objects.filter(_covered(contract.pk, year)).aggregate(
        count=Count("pk"),
        owned=Count("pk", filter=owned),
        kept=Count("pk", filter=kept),
        complete=Count("pk", filter=complete),
        cost=Sum("asset__cost_fen"),
        used=Sum("asset__cost_fen", filter=used),
        broken=Sum("asset__cost_fen", filter=broken),
    )
    cost = row["cost"] or 0
    return {
        "owned": Measured(row["owned"], row["count"]),
        "kept": Measured(row["kept"], row["count"]),
        "complete": Measured(row["complete"], row["count"]),
        "in_use": Measured(row["used"] or 0, cost),
        "intact": Measured(cost - (row["broken"] or 0), cost),
    }


def _goals(contract: int, year: int) -> dict[str, Measured]:
    found = {f"goal.{kind}": Measured(0, 0) for kind in GoalKind.values}
    goals = Goal.objects.filter(contract=contract, year=year).values_list("kind", "actual", "target")
    for kind, actual, target in goals:
        found[f"goal.{kind}"] = Measured(actual or 0, target)
    found["goals_set"] = Measured(min(len(goals), WANTED_GOALS), WANTED_GOALS)
    return found


def income_of(county: str, year: int) -> dict[int, tuple[int, int]]:
    """What was due and what was received in a year by contract, in fen: two statements for every contract."""
    found: dict[int, tuple[int, int]] = {}
    for (contract, _creditor), row in years.by_contract(county, year).items():
        due, received = found.get(contract, (0, 0))
        found[contract] = (due + row.due, received + row.received)
    return found
