"""Receivables as lists and sums (应收清单、欠收账龄): filters, keyset pages, totals, ages. Any number of rows."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income import permissions, rules
from mingchan.lifecycle.income.choices import INCOME_KINDS, Age, DueKind, Standing
from mingchan.lifecycle.income.models import Entry, Receivable, Reminder, Remission

PAGE = 50
TOWN_DIGITS = 9
LIST = Ref("income", "list")
"""What an export is about."""
SORTS = {"due": ("due_on", "id"), "-due": ("-due_on", "-id"), "fen": ("fen", "id"), "-fen": ("-fen", "-id")}


@dataclass(frozen=True, slots=True)
class ReceivableFilter:
    """What a list of receivables is limited to; empty means all. `year` is of the due day."""

    state: str = ""
    age: str = ""
    kind: str = ""
    year: int | None = None
    contract: int | None = None
    operator: int | None = None
    division: str = ""
    billing: int | None = None

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> "ReceivableFilter":
        """From the parameters of an address; what is not understood is left out."""

        def whole(name: str) -> int | None:
            text = str(params.get(name, ""))
            return int(text) if text.isdecimal() and len(text) < 19 else None

        def one_of(name: str, known: Any) -> str:
            return str(params.get(name, "")) if params.get(name, "") in known else ""

        division = str(params.get("division", ""))
        return cls(
            state=one_of("state", Standing.values),
            age=one_of("age", Age.values),
            kind=one_of("kind", DueKind.values),
            year=whole("year"),
            contract=whole("contract"),
            operator=whole("operator"),
            division=division if division.isdecimal() and len(division) <= 12 else "",
            billing=whole("billing"),
        )

    def parameters(self) -> dict[str, Any]:
        """The parameters of its address."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


class Row(NamedTuple):
    """A receivable in a list."""

    id: int
    year: int
    number: int
    kind: str
    contract: int
    contract_number: str
    operator: int
    operator_name: str
    starts_on: date
    last_day: date
    due_on: date
    fen: int
    settled_fen: int
    cancelled_on: date | None
    division: str

    @property
    def label(self) -> str:
        """The number as papers name it."""
        return f"应收{self.year}-{self.number:06d}"

    @property
    def open_fen(self) -> int:
        """What is still to come in."""
        return self.fen - self.settled_fen


_FIELDS = (
    "id", "year", "number", "kind", "contract_id", "contract__number", "operator_id", "operator__name", "starts_on",
    "last_day", "due_on", "fen", "settled_fen", "cancelled_on", "division_code",
)  # fmt: skip


class Page(NamedTuple):
    """A page of receivables; `following` is the cursor of the next one, None at the end."""

    rows: list[Row]
    following: str | None


def standing(row: "Row | Receivable", on: date) -> Standing:
    """How a receivable stands on a day."""
    if row.cancelled_on is not None:
        return Standing.CANCELLED
    if row.settled_fen >= row.fen:
        return Standing.PAID
    if row.due_on < on:
        return Standing.OVERDUE
    return Standing.PARTLY if row.settled_fen else Standing.OPEN


def visible_to(actor: Actor) -> QuerySet[Receivable]:
    """Receivables the actor may see: of its divisions, an operator its own."""
    return Receivable.objects.filter(permissions.reach(actor, party="operator"), county=actor.county)


def unsettled() -> Q:
    """Receivables of which something is still to come in."""
    return Q(settled_fen__lt=F("fen"))


def overdue(on: date) -> Q:
    """Receivables that are past their day and not settled (欠收)."""
    return unsettled() & Q(due_on__lt=on)


def filtered(wanted: ReceivableFilter, actor: Actor, on: date) -> QuerySet[Receivable]:
    """Receivables inside the filter that the actor may see."""
    rows = visible_to(actor)
    if wanted.state:
        rows = rows.filter(
            {
                Standing.PAID: Q(settled_fen=F("fen"), cancelled_on__isnull=True),
                Standing.PARTLY: unsettled() & Q(settled_fen__gt=0),
                Standing.OPEN: unsettled() & Q(due_on__gte=on),
                Standing.OVERDUE: overdue(on),
                Standing.CANCELLED: Q(cancelled_on__isnull=False),
            }[Standing(wanted.state)]
        )
    if wanted.age:
        first, last = rules.age_span(wanted.age, on)
        rows = rows.filter(unsettled())
        rows = rows.filter(due_on__gte=first) if first else rows
        rows = rows.filter(due_on__lte=last) if last else rows
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.year is not None:
        first_day = min(max(wanted.year, 1), 9998)
        rows = rows.filter(due_on__gte=date(first_day, 1, 1), due_on__lt=date(first_day + 1, 1, 1))
    if wanted.division:
        rows = rows.filter(division_code__startswith=wanted.division)
    for name in ("contract", "operator", "billing"):
        if (value := getattr(wanted, name)) is not None:
            rows = rows.filter(**{name: value})
    return rows


def page(
    wanted: ReceivableFilter, actor: Actor, on: date, *, sort: str = "-due", after: str = "", limit: int = PAGE
) -> Page:
    """A page of receivables by key, in the order asked for."""
    column, _key = SORTS.get(sort, SORTS["-due"])
    rows = filtered(wanted, actor, on)
    name, down = column.lstrip("-"), column.startswith("-")
    value, _mark, key = after.rpartition("~")
    cursor = _cursor(name, value)
    if cursor is not None and key.isdecimal() and len(key) < 19:
        way = "lt" if down else "gt"
        rows = rows.filter(Q(**{f"{name}__{way}": cursor}) | Q(**{name: cursor, f"id__{way}": int(key)}))
    ordered = rows.order_by(*SORTS.get(sort, SORTS["-due"]))
    found = [Row(*values) for values in ordered.values_list(*_FIELDS)[: limit + 1]]
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], f"{getattr(last, name)}~{last.id}")


def _cursor(name: str, text: str) -> date | int | None:
    try:
        return date.fromisoformat(text) if name == "due_on" else int(text)
    except ValueError:
        return None


def every(wanted: ReceivableFilter, actor: Actor, on: date, sort: str = "due") -> Iterator[list[Row]]:
    """All pages, for a workbook."""
    after: str | None = ""
    while after is not None:
        found = page(wanted, actor, on, sort=sort, after=after, limit=2000)
        yield found.rows
        after = found.following


@dataclass(frozen=True, slots=True)
class Totals:
    """How many, and in fen: due, settled, open."""

    count: int
    fen: int
    settled_fen: int

    @property
    def open_fen(self) -> int:
        """What is still to come in."""
        return self.fen - self.settled_fen


def totals(wanted: ReceivableFilter, actor: Actor, on: date) -> Totals:
    """Sums over the filter; what was cancelled isn't due unless it is asked for."""
    rows = filtered(wanted, actor, on)
    if wanted.state != Standing.CANCELLED:
        rows = rows.filter(cancelled_on__isnull=True)
    found = rows.aggregate(n=Count("pk"), fen=Sum("fen"), settled=Sum("settled_fen"))
    return Totals(found["n"], int(found["fen"] or 0), int(found["settled"] or 0))


@dataclass(frozen=True, slots=True)
class Arrears:
    """Open amounts of one contract, operator or town: what it is, how many, fen, the earliest due day."""

    key: Any
    name: str
    count: int
    fen: int
    oldest: date


_GROUPS = {
    "contract": ("contract_id", "contract__number"),
    "operator": ("operator_id", "operator__name"),
}


def arrears_by(group: str, actor: Actor, on: date, limit: int = 200) -> list[Arrears]:
    """Arrears by contract, operator or town, the greatest first."""
    rows = visible_to(actor).filter(overdue(on), kind__in=INCOME_KINDS)
    if group == "town":
        rows = rows.annotate(town=Substr("division_code", 1, TOWN_DIGITS))
        names: tuple[str, ...] = ("town", "town")
    else:
        names = _GROUPS[group]
    summed = (
        rows.order_by()
        .values_list(*dict.fromkeys(names))
        .annotate(n=Count("pk"), fen=Sum(F("fen") - F("settled_fen")), oldest=Min("due_on"))
    )
    found = [Arrears(row[0], str(row[len(dict.fromkeys(names)) - 1]), *row[-3:]) for row in summed]
    return sorted(found, key=lambda row: (-row.fen, row.name))[:limit]


def ages(actor: Actor, on: date) -> list[tuple[Age, int, int]]:
    """Open income by step of age: how many receivables and how much, every step once."""
    aggregates: dict[str, Any] = {}
    for age in Age:
        first, last = rules.age_span(age, on)
        inside = Q(due_on__gte=first) if first else Q()
        inside &= Q(due_on__lte=last) if last else Q()
        aggregates[f"n_{age}"] = Count("pk", filter=inside)
        aggregates[f"f_{age}"] = Sum(F("fen") - F("settled_fen"), filter=inside)
    found = visible_to(actor).filter(unsettled(), kind__in=INCOME_KINDS).aggregate(**aggregates)
    return [(age, found[f"n_{age}"], int(found[f"f_{age}"] or 0)) for age in Age]


def receivable(actor: Actor, receivable_id: int) -> Receivable:
    """One receivable. Raises NotFound when there is none or the actor may not see it."""
    found = (
        visible_to(actor).select_related("contract", "operator", "creditor", "billing").filter(pk=receivable_id).first()
    )
    if found is None:
        raise NotFound(_("没有这笔应收。"))
    return found


def entries(receivable_id: int) -> list[Entry]:
    """What made a receivable smaller, in order."""
    rows = Entry.objects.filter(receivable=receivable_id).select_related("receipt", "remission", "cancellation")
    return list(rows.order_by("day", "id"))


def reminders_of(receivable_id: int) -> list[Reminder]:
    """Reminders that name a receivable, newest first."""
    return list(Reminder.objects.filter(lines__receivable=receivable_id).order_by("-id"))


def remissions_of(receivable_id: int) -> list[Remission]:
    """Requests to give a receivable up, newest first."""
    return list(Remission.objects.filter(receivable=receivable_id).select_related("case").order_by("-id"))


def open_rows(county: str, operator: int, creditor: int | None = None) -> list[rules.Open]:
    """What an operator still owes, the oldest first."""
    rows = Receivable.objects.filter(unsettled(), county=county, operator=operator)
    if creditor is not None:
        rows = rows.filter(creditor=creditor)
    found = rows.order_by("due_on", "id").values_list("id", "due_on", "fen", "settled_fen")
    return [rules.Open(key, due, fen - settled) for key, due, fen, settled in found]
