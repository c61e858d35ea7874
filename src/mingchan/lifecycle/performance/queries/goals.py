"""Goals by contract and year (绩效目标), as lists show them."""

from typing import NamedTuple

from django.db.models import Count, Q

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import permissions
from mingchan.lifecycle.performance.models import Goal

PAGE = 50


class Row(NamedTuple):
    """A contract with the goals of a year: how many were set, how many have a figure."""

    id: int
    number: str
    title: str
    operator: str
    operator_id: int
    set: int
    reported: int


def visible_contracts(actor: Actor) -> Q:
    """Contracts whose goals the actor may see: of its divisions, and its own."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(permissions.VIEW):
        if actor.county.startswith(scope):
            return Q(county=actor.county)
        reach |= Q(division_code__startswith=scope)
    return Q(county=actor.county) & (reach | Q(operator__in=actor.parties(permissions.VIEW)))


def lists(actor: Actor, year: int, *, after: int = 0) -> tuple[list[Row], int]:
    """Contracts that run in a year with their goals, a page of them, and the key of the next page (0: none)."""
    running = Q(starts_on__year__lte=year, last_day__year__gte=year) & ~Q(status__in=("DRAFT", "PROCEDURE", "DROPPED"))
    found = (
        Contract.objects.filter(visible_contracts(actor), running, pk__gt=after)
        .order_by("pk")
        .values_list("id", "number", "title", "operator__name", "operator_id")[: PAGE + 1]
    )
    contracts = list(found)
    counted = {
        contract: (whole, reported)
        for contract, whole, reported in Goal.objects.filter(contract__in=[row[0] for row in contracts], year=year)
        .order_by()
        .values_list("contract_id")
        .annotate(whole=Count("pk"), reported=Count("actual"))
    }
    rows = [Row(*row, *counted.get(row[0], (0, 0))) for row in contracts[:PAGE]]
    return rows, rows[-1].id if len(contracts) > PAGE else 0


def goals_of(contract: int, year: int) -> dict[str, Goal]:
    """The goals of a contract for a year by kind."""
    return {goal.kind: goal for goal in Goal.objects.filter(contract=contract, year=year)}
