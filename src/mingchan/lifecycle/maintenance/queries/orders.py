"""Reading repairs and warranties (维修、保修查询)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.maintenance import permissions
from mingchan.lifecycle.maintenance.choices import UNDER_WAY, OrderState
from mingchan.lifecycle.maintenance.models import Order, Step, Warranty
from mingchan.lifecycle.operation.models import Claim, Covered, Insured

PAGE = 50
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list of repairs is narrowed to: a state, `open` for all under way, `late`, `owed`; words; an origin."""

    state: str = ""
    words: str = ""
    asset: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "OrderFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, asset = given.get("state", ""), given.get("asset", "")
        return cls(
            state=state if state in ("open", "late", "owed", *OrderState.values) else "",
            words=given.get("q", "").replace("\x00", "").strip()[:40],
            asset=int(asset) if asset.isascii() and asset.isdecimal() and len(asset) < 19 else None,
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(bool(value) for value in (self.state, self.words, self.asset))


class OrderRow(NamedTuple):
    """A repair as the list shows it."""

    id: int
    number: str
    state: str
    what: str
    severity: str
    asset_id: int
    asset_code: str
    asset: str
    site: str | None
    supplier: str
    due_on: date | None
    reported_on: date
    closed_on: date | None
    cost_fen: int | None
    treatment: str
    is_sample: bool


_FIELDS = (
    "id", "number", "state", "what", "severity", "asset_id", "asset__code", "asset__name", "asset__site__name",
    "supplier", "due_on", "reported_on", "closed_on", "cost_fen", "treatment", "is_sample",
)  # fmt: skip
_LATE = Q(state=OrderState.ASSIGNED, due_on__isnull=False)
_OWED = Q(state=OrderState.ACCEPTED, payment="OWED", paid_on__isnull=True) & ~Q(treatment="NONE")


def narrowed(wanted: OrderFilter, actor: Actor, on: date) -> QuerySet[Order]:
    """Repairs the actor may see, inside the filter."""
    found = Order.objects.filter(permissions.orders_of(actor))
    if wanted.state == "open":
        found = found.filter(state__in=UNDER_WAY)
    elif wanted.state == "late":
        found = found.filter(_LATE, due_on__lt=on)
    elif wanted.state == "owed":
        found = found.filter(_OWED)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.asset is not None:
        found = found.filter(asset=wanted.asset)
    if text := wanted.words:
        found = found.filter(
            Q(number__contains=text) | Q(what__contains=text) | Q(asset__code__icontains=text)
            | Q(asset__name__icontains=text) | Q(supplier__contains=text)
        )  # fmt: skip
    return found


def orders(
    wanted: OrderFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[OrderRow], str | None]:
    """A page of repairs, newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor, on)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    page = [OrderRow(*row) for row in found.order_by("-pk").values_list(*_FIELDS)[: limit + 1]]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


def orders_count(wanted: OrderFilter, actor: Actor, on: date) -> int:
    """How many repairs, exact up to the cap."""
    return int(narrowed(wanted, actor, on).order_by()[: COUNT_CAP + 1].count())


class OrderCounts(NamedTuple):
    """Repairs that wait for somebody, are under way, wait for acceptance, are late, are owed for; and their cost."""

    reported: int
    assigned: int
    repaired: int
    late: int
    owed: int
    year_fen: int


def order_counts(actor: Actor, on: date) -> OrderCounts:
    """How many repairs stand where, and what those accepted this year cost."""
    found = Order.objects.filter(permissions.orders_of(actor)).aggregate(
        reported=Count("pk", filter=Q(state=OrderState.REPORTED)),
        assigned=Count("pk", filter=Q(state=OrderState.ASSIGNED)),
        repaired=Count("pk", filter=Q(state=OrderState.REPAIRED)),
        late=Count("pk", filter=_LATE & Q(due_on__lt=on)),
        owed=Count("pk", filter=_OWED),
        year_fen=Sum("cost_fen", filter=Q(state=OrderState.ACCEPTED, closed_on__year=on.year)),
    )
    return OrderCounts(**{**found, "year_fen": int(found["year_fen"] or 0)})


def order(order_id: int, actor: Actor) -> Order:
    """A repair the actor may see. Raises NotFound otherwise."""
    found = Order.objects.select_related("asset", "asset__site", "asset__owner", "claim")
    one = found.filter(permissions.orders_of(actor), pk=order_id).first()
    if one is None:
        raise NotFound(_("没有这张维修单"))
    return one


def steps(order_id: int) -> list[Step]:
    """What was done, in order."""
    return list(Step.objects.filter(order=order_id).order_by("number"))


def of_asset(asset_id: int, actor: Actor) -> list[OrderRow]:
    """Repairs of an asset that the actor may see, newest first."""
    found = Order.objects.filter(permissions.orders_of(actor), asset=asset_id).order_by("-pk")
    return [OrderRow(*row) for row in found.values_list(*_FIELDS)[:PAGE]]


def of_origin(origin: str, actor: Actor) -> list[OrderRow]:
    """Repairs that came from somewhere (`complaint:12`), newest first."""
    found = Order.objects.filter(permissions.orders_of(actor), origin=origin).order_by("-pk")
    return [OrderRow(*row) for row in found.values_list(*_FIELDS)[:PAGE]]


def claims_for(asset_id: int, county: str) -> list[Claim]:
    """Insurance claims under policies that cover the asset: by name, or with everything under its contract."""
    named = Insured.objects.filter(asset=asset_id).values("insurance")
    whole = Covered.objects.filter(asset=asset_id).values("contract")
    some = Insured.objects.values("insurance")
    found = Claim.objects.filter(county=county).filter(
        Q(insurance__in=named) | Q(insurance__contract__in=whole) & ~Q(insurance__in=some)
    )
    return list(found.select_related("insurance").order_by("-happened_on", "-id")[:PAGE])


def warranties_of(asset_id: int) -> list[Warranty]:
    """Warranties of an asset, the longest first."""
    return list(Warranty.objects.filter(asset=asset_id).order_by("-last_day", "-id"))


def in_warranty(asset_ids: Sequence[int], on: date) -> dict[int, Warranty]:
    """The warranty that holds on a day, by asset: the one that lasts longest."""
    found = Warranty.objects.filter(asset__in=list(asset_ids), starts_on__lte=on, last_day__gte=on)
    held = found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)).order_by("last_day", "id")
    return {one.asset_id: one for one in held}


def _ending(actor: Actor, on: date) -> QuerySet[Warranty]:
    last = on + timedelta(days=policy.figure("warranty.ahead_days"))
    return Warranty.objects.filter(
        permissions.in_reach(actor), last_day__gte=on, last_day__lte=last, ended_on__isnull=True
    )  # fmt: skip


def warranties_ending(actor: Actor, on: date) -> tuple[int, date | None]:
    """How many warranties end within the days of the policy pack, and the first day (2.6.1b)."""
    found = _ending(actor, on).aggregate(n=Count("pk"), first=Min("last_day"))
    return found["n"], found["first"]


def warranties(
    state: str, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[Warranty], str | None]:
    """A page of warranties by their last day: `ending` soon, `over`, or those that hold."""
    found = Warranty.objects.filter(permissions.in_reach(actor))
    if state == "ending":
        found = _ending(actor, on)
    elif state == "over":
        found = found.filter(Q(last_day__lt=on) | Q(ended_on__lte=on))
    else:
        found = found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), last_day__gte=on)
    day, _dot, number = after.partition("~")
    try:
        last = date.fromisoformat(day)
    except ValueError:
        last = None
    if last is not None and number.isascii() and number.isdecimal() and len(number) < 19:
        found = found.filter(Q(last_day__gt=last) | Q(last_day=last, pk__gt=int(number)))
    page = list(found.select_related("asset", "order").order_by("last_day", "pk")[: limit + 1])
    more = len(page) > limit
    return page[:limit], f"{page[limit - 1].last_day}~{page[limit - 1].pk}" if more else None
