"""The list of contracts (合同清单): one filter for page, figures, export and desk, the newest first (2.4.2a)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.desk import SOON_DAYS
from mingchan.lifecycle.operation.choices import AHEAD, LIVE, Grade, ReportStatus, Status
from mingchan.lifecycle.operation.models import Contract, Covered, Insurance, Report
from mingchan.lifecycle.operation.permissions import reach
from mingchan.lifecycle.operation.queries import packs

PAGE = 50
EXPORT_MOST = 20_000
GAP, COVER_ENDS, REPORTED, RETURNING = "uninsured", "cover_ends", "reported", "returning"
WATCHES = (GAP, COVER_ENDS, REPORTED, RETURNING)
"""What needs somebody's eye: no insurance, insurance about to end, a report to answer, assets not given back."""


class ContractRow(NamedTuple):
    """A contract in a list."""

    id: int
    number: str
    title: str
    operator_id: int
    operator: str
    mode: str
    starts_on: date | None
    last_day: date | None
    status: str
    grade: str
    value_fen: int
    division_code: str
    ended_on: date | None
    is_sample: bool
    uninsured: bool


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What narrows the list; empty values narrow nothing. `ahead`: ends within so many days."""

    q: str = ""
    state: str = ""
    mode: str = ""
    operator: int | None = None
    town: str = ""
    ahead: int | None = None
    watch: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "ContractFilter":
        """The filter in an address; what can't be read narrows nothing."""
        whole = {
            name: int(value)
            for name in ("operator", "ahead")
            if (value := params.get(name, "")).isascii() and value.isdecimal() and len(value) < 16
        }
        state, watch, town = params.get("state", ""), params.get("watch", ""), params.get("town", "")
        return cls(
            q=params.get("q", "").strip()[:60],
            state=state if state in Status.values else "",
            mode=params.get("mode", "") if params.get("mode", "") in packs.modes() else "",
            operator=whole.get("operator"),
            town=town[:9] if town.isascii() and town.isdecimal() else "",
            ahead=whole.get("ahead") if whole.get("ahead") in (*AHEAD, SOON_DAYS) else None,
            watch=watch if watch in WATCHES else "",
        )

    def parameters(self) -> dict[str, str]:
        """The filter as an address has it."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}


def visible_to(actor: Actor) -> "QuerySet[Contract]":
    """Contracts within the actor's reach: by division, or as the operator whose account it is (1.2b)."""
    return Contract.objects.filter(reach(actor), county=actor.county)


def _insured(on: date) -> Exists:
    return Exists(
        Insurance.objects.filter(contract=OuterRef("pk"), starts_on__lte=on, last_day__gte=on, ended_on__isnull=True)
    )


def uninsured(on: date) -> Q:
    """Contracts that bind, of high risk, without a policy on the day (2.4.2e)."""
    return Q(status__in=LIVE, grade=Grade.HIGH) & ~Q(_insured(on))


def _cover_ends(on: date) -> Q:
    """Contracts of high risk that are insured, but by no policy that goes on beyond the county's warning."""
    later = on + timedelta(days=policy.figure("insurance.ahead_days"))
    return Q(status__in=LIVE, grade=Grade.HIGH) & Q(_insured(on)) & ~Q(_insured(later))


def narrowed(wanted: ContractFilter, actor: Actor, on: date) -> "QuerySet[Contract]":
    """Contracts that the filter finds."""
    rows = visible_to(actor)
    if wanted.q:
        words = Q(number__contains=wanted.q) | Q(title__contains=wanted.q) | Q(operator__name__contains=wanted.q)
        rows = rows.filter(words)
    if wanted.state:
        rows = rows.filter(status=wanted.state)
    if wanted.mode:
        rows = rows.filter(mode=wanted.mode)
    if wanted.operator is not None:
        rows = rows.filter(operator=wanted.operator)
    if wanted.town:
        rows = rows.filter(division_code__startswith=wanted.town)
    if wanted.ahead is not None:
        rows = rows.filter(status__in=LIVE, last_day__gte=on, last_day__lte=on + timedelta(days=wanted.ahead))
    if wanted.watch == GAP:
        rows = rows.filter(uninsured(on))
    elif wanted.watch == COVER_ENDS:
        rows = rows.filter(_cover_ends(on))
    elif wanted.watch == REPORTED:
        rows = rows.filter(Exists(Report.objects.filter(contract=OuterRef("pk"), status=ReportStatus.SENT)))
    elif wanted.watch == RETURNING:
        open_items = Covered.objects.filter(contract=OuterRef("pk"), is_let=True, returned_on__isnull=True)
        rows = rows.filter(Exists(open_items), status=Status.ENDED)
    return rows


_NAMES = (
    "id", "number", "title", "operator_id", "operator__name", "mode", "starts_on", "last_day", "status", "grade",
    "value_fen", "division_code", "ended_on", "is_sample", "is_uninsured",
)  # fmt: skip


def _marked(rows: "QuerySet[Contract]", on: date) -> "QuerySet[Contract, Any]":
    """Each contract with whether it is of high risk and uninsured."""
    return rows.annotate(is_uninsured=Exists(Contract.objects.filter(uninsured(on), pk=OuterRef("pk"))))


def page(wanted: ContractFilter, actor: Actor, on: date, *, after: str = "") -> tuple[list[ContractRow], str]:
    """A page of the list and where the next one begins."""
    rows = _marked(narrowed(wanted, actor, on), on)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = [ContractRow(*row) for row in rows.order_by("-id").values_list(*_NAMES)[: PAGE + 1]]
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def every(wanted: ContractFilter, actor: Actor, on: date) -> list[ContractRow]:
    """All that the filter finds, for an export."""
    rows = _marked(narrowed(wanted, actor, on), on)
    return [ContractRow(*row) for row in rows.order_by("-id").values_list(*_NAMES)[: EXPORT_MOST + 1]]


def totals(wanted: ContractFilter, actor: Actor, on: date) -> tuple[int, int]:
    """How many contracts, and the value of their assets in fen."""
    found = narrowed(wanted, actor, on).aggregate(count=Count("pk"), value=Coalesce(Sum("value_fen"), 0))
    return found["count"], found["value"]


class Watch(NamedTuple):
    """A figure that leads to the contracts it counts."""

    name: str
    contracts: int
    wanted: ContractFilter


def watches(actor: Actor, on: date) -> list[Watch]:
    """What needs an eye, for the head of the list and the desk: running, ending, uninsured, reports to answer."""
    asked = [
        ("running", ContractFilter(state=Status.RUNNING)),
        ("ending", ContractFilter(ahead=AHEAD[-1])),
        *((name, ContractFilter(watch=name)) for name in WATCHES),
        ("procedure", ContractFilter(state=Status.PROCEDURE)),
    ]
    return [Watch(name, narrowed(wanted, actor, on).count(), wanted) for name, wanted in asked]


def operators(actor: Actor) -> list[tuple[int, str]]:
    """Parties that the visible contracts name as operators, by name."""
    rows = visible_to(actor).order_by("operator__name").values_list("operator_id", "operator__name").distinct()
    return list(rows[:500])


def towns(actor: Actor) -> list[str]:
    """Towns of the visible contracts, as the first nine digits."""
    codes = visible_to(actor).values_list("division_code", flat=True).distinct()
    return sorted({code[:9] for code in codes if code[6:9] != "000"})


def but(wanted: ContractFilter, **changes: Any) -> ContractFilter:
    """The filter with some values changed."""
    return replace(wanted, **changes)
