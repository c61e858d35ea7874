"""Reconciling project money (勾稽): received = spent + left, spent = assets + expense (3.1)."""

from typing import Any, NamedTuple

from django.db.models import Count, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from mingchan.kernel.actor import Actor
from mingchan.register.funding.queries.money import appropriations_visible_to, visible_to


class Reconciliation(NamedTuple):
    """One source and document (勾稽): received = spent + left, spent = assets + expense; all fen.

    `unfunded` is true when payments name a document by which nothing was received.
    """

    funding: str
    document: str
    received_fen: int
    spent_fen: int
    left_fen: int
    asset_fen: int
    expense_fen: int
    use_count: int
    unfunded: bool

    @property
    def agrees(self) -> bool:
        """Whether nothing is overspent and every payment has its money."""
        return not self.unfunded and self.left_fen >= 0 and self.spent_fen == self.asset_fen + self.expense_fen


def reconciliation(actor: Actor) -> list[Reconciliation]:
    """Received, spent and left by source and document, differences included. Serves 3.1."""
    received = {
        (row["funding"], row["document"]): row["total"]
        for row in appropriations_visible_to(actor).values("funding", "document").annotate(total=Sum("amount_fen"))
    }
    spent = {
        (row["funding"], row["document"]): row
        for row in visible_to(actor)
        .values("funding", "document")
        .annotate(n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen"))
    }
    found = []
    for key in sorted({*received, *spent}):
        money = received.get(key, 0)
        uses = spent.get(key, {"n": 0, "p": 0, "a": 0, "e": 0})
        found.append(
            Reconciliation(
                *key, money, uses["p"], money - uses["p"], uses["a"], uses["e"], uses["n"], key not in received
            )
        )
    return found


GROUPS = ("source", "project", "line", "year")
"""What money is reconciled by besides the document: source, project, sub-project, year of payment or document."""


class Balance(NamedTuple):
    """One source, project or year: received = spent + left and spent = assets + expense, in fen.

    `key` is the source's code, the project's id (0 for none) or the year (0 where no date is known).
    """

    key: Any
    label: str
    received_fen: int
    uses: int
    spent_fen: int
    asset_fen: int
    expense_fen: int

    @property
    def left_fen(self) -> int:
        """What of the money received is not spent; negative when more was spent."""
        return self.received_fen - self.spent_fen

    @property
    def agrees(self) -> bool:
        """Whether no more was spent than received, and what was spent became assets or expense."""
        return self.left_fen >= 0 and self.spent_fen == self.asset_fen + self.expense_fen


def balances(group: str, actor: Actor) -> list[Balance]:
    """Money by one of GROUPS. A year stands for itself; money is sent down to projects, never to their sub-projects."""
    sent, spent = appropriations_visible_to(actor), visible_to(actor)
    if group == "project":
        keys = ("project_id", "project__name"), ("line__project_id", "line__project__name")
    elif group == "line":
        sent, keys = sent.none(), (("project_id", "project__name"), ("line_id", "line__name"))
    elif group == "year":
        sent = sent.annotate(year=Coalesce(ExtractYear("issued_on"), Value(0)))
        spent = spent.annotate(year=Coalesce(ExtractYear("paid_on"), Value(0)))
        keys = ("year", "year"), ("year", "year")
    else:
        keys = ("funding", "funding"), ("funding", "funding")
    labels: dict[Any, str] = {}
    received: dict[Any, int] = {}
    for key, label, total in sent.order_by().values_list(*keys[0]).annotate(total=Sum("amount_fen")):
        received[key or 0] = total
        labels[key or 0] = str(label or "")
    rows: dict[Any, tuple[int, int, int, int]] = {}
    grouped = spent.order_by().values_list(*keys[1])
    for key, label, *sums in grouped.annotate(
        n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen")
    ):
        rows[key or 0] = tuple(sums)
        labels[key or 0] = str(label or "")
    return [
        Balance(key, labels[key], received.get(key, 0), *rows.get(key, (0, 0, 0, 0)))
        for key in sorted({*received, *rows})
    ]
