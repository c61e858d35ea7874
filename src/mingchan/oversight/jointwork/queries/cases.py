"""Reading accountability cases (追责查询): the list with sums, one case with its people, orders, steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.oversight.jointwork import permissions, rules
from mingchan.oversight.jointwork.choices import ONGOING, CaseState, Violation
from mingchan.oversight.jointwork.models import (
    Case,
    CaseAsset,
    Order,
    Payment,
    Person,
    Step,
    Transfer,
)

PAGE = 50
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to. `ongoing` and `owed` stand for cases with something to come, and to pay."""

    state: str = ""
    violation: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "CaseFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, violation = given.get("state", ""), given.get("violation", "")
        return cls(
            state=state if state in (*CaseState.values, "ongoing", "owed") else "",
            violation=violation if violation in Violation.values else "",
            words=given.get("q", "").replace("\x00", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(bool(value) for value in (self.state, self.violation, self.words))


class Row(NamedTuple):
    """A case as the list shows it; sums in fen."""

    id: int
    number: str
    violation: str
    title: str
    state: str
    opened_on: date
    closed_on: date | None
    loss_fen: int | None
    is_sample: bool
    ordered_fen: int
    paid_fen: int


class Sums(NamedTuple):
    """What the county's cases come to."""

    ongoing: int
    loss_fen: int
    ordered_fen: int
    paid_fen: int
    transferred: int


def _ordered() -> Subquery:
    sums = Order.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(sum=Sum("fen"))
    return Subquery(sums.values("sum"))


def _paid() -> Subquery:
    sums = Payment.objects.filter(order__case=OuterRef("pk")).order_by().values("order__case").annotate(sum=Sum("fen"))
    return Subquery(sums.values("sum"))


def _filtered(wanted: CaseFilter, actor: Actor) -> QuerySet[Case]:
    permissions.require(actor, permissions.SEE_CASES)
    found = Case.objects.filter(county=actor.county)
    if wanted.state == "ongoing":
        found = found.filter(state__in=ONGOING)
    elif wanted.state == "owed":
        owed = Order.objects.filter(case__county=actor.county)
        paid = Payment.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum("fen"))
        open_orders = owed.annotate(paid=Subquery(paid.values("sum"))).filter(Q(paid=None) | Q(paid__lt=F("fen")))
        found = found.filter(pk__in=open_orders.values("case"))
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.violation:
        found = found.filter(violation=wanted.violation)
    if wanted.words:
        found = found.filter(Q(number__icontains=wanted.words) | Q(title__icontains=wanted.words))
    return found


def rows(wanted: CaseFilter, actor: Actor, *, after: str = "") -> tuple[list[Row], str]:
    """A page of cases, newest first, and the key of the next page (empty at the end)."""
    found = _filtered(wanted, actor)
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    columns = ("id", "number", "violation", "title", "state", "opened_on", "closed_on", "loss_fen", "is_sample")
    values = found.annotate(ordered=_ordered(), paid=_paid()).order_by("-id").values_list(*columns, "ordered", "paid")
    page = [Row(*row[:-2], row[-2] or 0, row[-1] or 0) for row in values[: PAGE + 1]]
    return page[:PAGE], str(page[PAGE - 1].id) if len(page) > PAGE else ""


def count(wanted: CaseFilter, actor: Actor) -> int:
    """How many cases the filter finds; one more than the cap when there are more."""
    return _filtered(wanted, actor).order_by()[: COUNT_CAP + 1].count()


def sums(actor: Actor) -> Sums:
    """The county's cases in figures."""
    county = Case.objects.filter(county=actor.county)
    found = county.aggregate(ongoing=Count("pk", filter=Q(state__in=ONGOING)), loss=Sum("loss_fen"))
    ordered = Order.objects.filter(case__county=actor.county).aggregate(sum=Sum("fen"))["sum"]
    paid = Payment.objects.filter(order__case__county=actor.county).aggregate(sum=Sum("fen"))["sum"]
    transferred = Transfer.objects.filter(case__county=actor.county).values("case").distinct().count()
    return Sums(found["ongoing"], found["loss"] or 0, ordered or 0, paid or 0, transferred)


def late_orders(actor: Actor, on: date) -> int:
    """Orders whose term is over and that aren't paid in full."""
    paid = Payment.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum("fen"))
    orders = Order.objects.filter(case__county=actor.county, due_on__lt=on).annotate(paid=Subquery(paid.values("sum")))
    return orders.filter(Q(paid=None) | Q(paid__lt=F("fen"))).count()


def case(case_id: int, actor: Actor) -> Case:
    """A case. Raises NotFound."""
    return permissions.case(actor, Case.objects.filter(pk=case_id).first())


def balance(case: Case) -> rules.Balance:
    """Loss, ordered and paid."""
    ordered = Order.objects.filter(case=case).aggregate(sum=Sum("fen"))["sum"]
    paid = Payment.objects.filter(order__case=case).aggregate(sum=Sum("fen"))["sum"]
    return rules.Balance(case.loss_fen or 0, ordered or 0, paid or 0)


def people(case: Case) -> list[Person]:
    """Those responsible, in order."""
    return list(Person.objects.filter(case=case).order_by("number"))


def assets(case: Case) -> list[CaseAsset]:
    """The cards the case is about."""
    return list(CaseAsset.objects.filter(case=case).order_by("code"))


class OrderRow(NamedTuple):
    """An order with its payments, and what is still owed, in fen."""

    order: Order
    payments: list[Payment]
    owed_fen: int


def orders(case: Case) -> list[OrderRow]:
    """Orders with what was paid on them."""
    paid: dict[int, list[Payment]] = {}
    for payment in Payment.objects.filter(order__case=case).order_by("number"):
        paid.setdefault(payment.order_id, []).append(payment)
    rows = Order.objects.filter(case=case).select_related("person", "creditor").order_by("number")
    return [
        OrderRow(one, paid.get(one.pk, []), one.fen - sum(payment.fen for payment in paid.get(one.pk, [])))
        for one in rows
    ]


def transfers(case: Case) -> list[Transfer]:
    """To whom the case went."""
    return list(Transfer.objects.filter(case=case).order_by("number"))


def steps(case: Case) -> list[Step]:
    """What was done, in order."""
    return list(Step.objects.filter(case=case).order_by("number"))


def of_asset(asset_id: int, actor: Actor) -> list[Case]:
    """Cases about a card that the actor may see, newest first."""
    if not actor.may(permissions.SEE_CASES, actor.county):
        return []
    found = CaseAsset.objects.filter(asset_id=asset_id, case__county=actor.county).values("case")
    return list(Case.objects.filter(pk__in=found).order_by("-id")[:20])


def creditors(county: str) -> list[tuple[int, str]]:
    """Owners of books, to whom compensation may go, by name."""
    return list(Book.objects.filter(county=county).order_by("owner__name").values_list("owner_id", "owner__name"))
