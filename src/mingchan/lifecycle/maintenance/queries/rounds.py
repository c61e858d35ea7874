"""Reading rounds (巡查查询): lists by key, what a round has found so far, what the field takes along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.maintenance import permissions, rules
from mingchan.lifecycle.maintenance.choices import RoundState
from mingchan.lifecycle.maintenance.models import FieldEvent, Line, Rhythm, Round
from mingchan.lifecycle.maintenance.queries import packs
from mingchan.lifecycle.maintenance.rules import Outcome, Seen
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, Site

PAGE = 50
COUNT_CAP = 10_000
SOON_DAYS = 7
_SEEN_KINDS = ("check", "fault", "found", "not_found", "scan")


@dataclass(frozen=True, slots=True)
class RoundFilter:
    """What the list of rounds is narrowed to: a state, `due` for those due within a week or late, `late`; a site."""

    state: str = "open"
    site: int | None = None
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "RoundFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, site = given.get("state", "open"), given.get("site", "")
        return cls(
            state=state if state in ("open", "due", "late", "all", *RoundState.values) else "open",
            site=int(site) if site.isascii() and site.isdecimal() and len(site) < 16 else None,
            words=given.get("q", "").replace("\x00", "").strip()[:40],
        )


class RoundRow(NamedTuple):
    """A round as lists show it."""

    id: int
    site_id: int
    site: str
    division_code: str
    number: int
    due_on: date
    state: str
    closed_on: date | None
    closed_by: str
    total: int
    sound: int
    faulty: int
    missing: int
    is_sample: bool


_FIELDS = (
    "id", "site_id", "site__name", "division_code", "number", "due_on", "state", "closed_on", "closed_by", "total",
    "sound", "faulty", "missing", "is_sample",
)  # fmt: skip


def narrowed(wanted: RoundFilter, actor: Actor, on: date) -> QuerySet[Round]:
    """Rounds the actor may see, inside the filter."""
    found = Round.objects.filter(permissions.in_reach(actor))
    if wanted.state in ("open", "due", "late"):
        found = found.filter(state=RoundState.OPEN)
        if wanted.state == "due":
            found = found.filter(due_on__lte=on + timedelta(days=SOON_DAYS))
        elif wanted.state == "late":
            found = found.filter(due_on__lt=on)
    elif wanted.state != "all":
        found = found.filter(state=wanted.state)
    if wanted.site is not None:
        found = found.filter(site=wanted.site)
    if wanted.words:
        found = found.filter(site__name__icontains=wanted.words)
    return found


def rounds(
    wanted: RoundFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[RoundRow], str | None]:
    """A page of rounds: open ones the next due first, others the newest first; and the key after which it goes on."""
    found, down = narrowed(wanted, actor, on), wanted.state not in ("open", "due", "late")
    day, _dot, number = after.partition("~")
    if number.isascii() and number.isdecimal() and len(number) < 19 and (last := _date(day)) is not None:
        sign = "lt" if down else "gt"
        found = found.filter(Q(**{f"due_on__{sign}": last}) | Q(due_on=last, **{f"pk__{sign}": int(number)}))
    order = ("-due_on", "-pk") if down else ("due_on", "pk")
    page = [RoundRow(*row) for row in found.order_by(*order).values_list(*_FIELDS)[: limit + 1]]
    more = len(page) > limit
    return page[:limit], f"{page[limit - 1].due_on}~{page[limit - 1].id}" if more else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def rounds_count(wanted: RoundFilter, actor: Actor, on: date) -> int:
    """How many rounds, exact up to the cap."""
    return int(narrowed(wanted, actor, on).order_by()[: COUNT_CAP + 1].count())


class RoundCounts(NamedTuple):
    """Open rounds, those due within a week, those late, those closed."""

    open: int
    due: int
    late: int
    closed: int


def round_counts(actor: Actor, on: date) -> RoundCounts:
    """How many rounds stand where."""
    is_open = Q(state=RoundState.OPEN)
    found = Round.objects.filter(permissions.in_reach(actor)).aggregate(
        open=Count("pk", filter=is_open),
        due=Count("pk", filter=is_open & Q(due_on__lte=on + timedelta(days=SOON_DAYS))),
        late=Count("pk", filter=is_open & Q(due_on__lt=on)),
        closed=Count("pk", filter=Q(state=RoundState.CLOSED)),
    )
    return RoundCounts(**found)


def round_of(round_id: int, actor: Actor) -> Round:
    """A round the actor may see. Raises NotFound otherwise."""
    found = Round.objects.select_related("site", "rhythm").filter(permissions.in_reach(actor), pk=round_id).first()
    if found is None:
        raise NotFound(_("没有这次巡查"))
    return found


def seen_of(round_id: int) -> list[Seen]:
    """The events of a round as the rules see them."""
    rows = FieldEvent.objects.filter(round=round_id).order_by("id")
    fields = ("key", "device", "seq", "kind", "at", "skew_seconds", "asset_id", "data")
    return [Seen._make((*row[:-1], orjson.loads(row[-1]))) for row in rows.values_list(*fields)]


def outcome_of(round_id: int) -> Outcome:
    """What a round has found so far."""
    return rules.outcome(seen_of(round_id), packs.checklists())


def things_at(found: Round) -> QuerySet[Asset]:
    """What is to be looked at: cards that count at the round's site."""
    return Asset.objects.filter(county=found.county, site=found.site_id, status=Status.ACTIVE)


def lines_of(round_id: int) -> list[Line]:
    """Results of a closed round, what is wrong first."""
    order = {"NOT_FOUND": 0, "FAULT": 1, "UNSEEN": 2, "SOUND": 3}
    found = Line.objects.filter(round=round_id).select_related("asset").order_by("asset__code")
    return sorted(found, key=lambda line: order[line.finding])


def events_of(round_id: int) -> list[FieldEvent]:
    """What came in for a round, the newest first."""
    return list(FieldEvent.objects.filter(round=round_id).select_related("asset").order_by("-id")[:200])


def rhythms(actor: Actor, *, after: str = "", limit: int = PAGE) -> tuple[list[Rhythm], str | None]:
    """A page of rhythms in force, by division."""
    found = Rhythm.objects.filter(permissions.in_reach(actor), ended_on__isnull=True).select_related("site")
    code, _dot, number = after.partition("~")
    if number.isascii() and number.isdecimal() and len(number) < 19 and "\x00" not in code:
        found = found.filter(Q(division_code__gt=code) | Q(division_code=code, pk__gt=int(number)))
    page = list(found.order_by("division_code", "pk")[: limit + 1])
    more = len(page) > limit
    return page[:limit], f"{page[limit - 1].division_code}~{page[limit - 1].pk}" if more else None


def sites_to_plan(actor: Actor) -> list[tuple[int, str]]:
    """Sites with assets over which the actor plans and that have no rhythm."""
    planned = Rhythm.objects.filter(county=actor.county, ended_on__isnull=True).values("site")
    holding = Asset.objects.filter(county=actor.county, status=Status.ACTIVE, site__isnull=False).values("site")
    found = Site.objects.filter(county=actor.county, closed_on__isnull=True, pk__in=holding).exclude(pk__in=planned)
    rows = found.order_by("division_code", "name").values_list("pk", "name", "division_code")
    return [(key, name) for key, name, code in rows if actor.may(permissions.PLAN, code or actor.county)]


class Taken(NamedTuple):
    """An open round for who may go: its assets, and how many of them events speak of."""

    row: RoundRow
    total: int
    done: int


def to_take(actor: Actor, *, limit: int = 200) -> list[Taken]:
    """Open rounds that the actor may inspect, the next due first; three statements."""
    found = Round.objects.filter(permissions.in_reach(actor, permissions.INSPECT), state=RoundState.OPEN)
    rows = [RoundRow(*row) for row in found.order_by("due_on", "pk").values_list(*_FIELDS)[:limit]]
    at = Asset.objects.filter(county=actor.county, status=Status.ACTIVE, site__in={row.site_id for row in rows})
    totals = dict(at.order_by().values_list("site_id").annotate(n=Count("pk")))
    seen = FieldEvent.objects.filter(round__in=[row.id for row in rows], kind__in=_SEEN_KINDS, asset__isnull=False)
    done = dict(seen.order_by().values_list("round_id").annotate(n=Count("asset", distinct=True)))
    return [Taken(row, totals.get(row.site_id, 0), done.get(row.id, 0)) for row in rows]


def known(round_id: int, keys: Sequence[str], county: str) -> set[str]:
    """Which ids of events are there already, of this round."""
    return set(
        FieldEvent.objects.filter(county=county, round=round_id, key__in=list(keys)).values_list("key", flat=True)
    )


def data_of(event: FieldEvent) -> Mapping[str, Any]:
    """What an event says."""
    found: Mapping[str, Any] = orjson.loads(event.data)
    return found
