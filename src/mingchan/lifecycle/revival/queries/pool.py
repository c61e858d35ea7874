"""The pool of idle assets as a list (闲置资产池): one filter for page, figures and desk, as of any day (2.6.2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Substr

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import Trigger
from mingchan.lifecycle.revival.models import Part, Reason, Spell
from mingchan.register.assets.choices import System, Tier

PAGE = 50
COUNT_CAP = 10_000
SORTS = {"since": ("since", "id"), "-cost": ("-cost_fen", "-id")}
DEFAULT_SORT = "since"


class PoolRow(NamedTuple):
    """An idle asset in the list."""

    id: int
    asset_id: int
    code: str
    name: str
    cost_fen: int
    since: date
    entered_on: date
    left_on: date | None
    division_code: str
    site_id: int | None
    site: str | None
    operator: str | None
    keeper: str | None
    measure_id: int | None
    measure: str | None


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """What narrows the pool; empty values narrow nothing. `day`: the pool as it was on a past day."""

    q: str = ""
    trigger: str = ""
    town: str = ""
    site: int | None = None
    system: str = ""
    tier: str = ""
    busy: str = ""
    day: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "PoolFilter":
        """The filter in an address; what can't be read narrows nothing."""
        town, site, busy = params.get("town", ""), params.get("site", ""), params.get("busy", "")
        return cls(
            q=params.get("q", "").strip()[:60],
            trigger=params.get("trigger", "") if params.get("trigger", "") in Trigger.values else "",
            town=town[:9] if town.isascii() and town.isdecimal() else "",
            site=int(site) if site.isascii() and site.isdecimal() and len(site) < 16 else None,
            system=params.get("system", "") if params.get("system", "") in System.values else "",
            tier=params.get("tier", "") if params.get("tier", "") in Tier.values else "",
            busy=busy if busy in ("yes", "no") else "",
            day=params.get("day", "") if _day(params.get("day", "")) else "",
        )

    def parameters(self) -> dict[str, str]:
        """The filter as an address has it."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}

    def but(self, **changes: Any) -> "PoolFilter":
        """The filter with some values changed."""
        return replace(self, **changes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def narrowed(wanted: PoolFilter, actor: Actor) -> "QuerySet[Spell]":
    """Spells that the filter finds within the actor's reach."""
    rows = Spell.objects.filter(permissions.reach(actor, "asset__division_code"), county=actor.county)
    day = _day(wanted.day)
    if day is None:
        rows = rows.filter(left_on__isnull=True)
        of_day = Q(valid_to__isnull=True)
    else:
        rows = rows.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), entered_on__lte=day)
        of_day = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    if wanted.trigger:
        rows = rows.filter(Exists(Reason.objects.filter(of_day, spell=OuterRef("pk"), trigger=wanted.trigger)))
    if wanted.q:
        rows = rows.filter(
            Q(asset__code__contains=wanted.q)
            | Q(asset__name__contains=wanted.q)
            | Q(asset__site__name__contains=wanted.q)
        )
    if wanted.town:
        rows = rows.filter(asset__division_code__startswith=wanted.town)
    if wanted.site is not None:
        rows = rows.filter(asset__site=wanted.site)
    if wanted.system:
        rows = rows.filter(asset__system=wanted.system)
    if wanted.tier:
        rows = rows.filter(asset__tier=wanted.tier)
    if wanted.busy:
        held = Exists(Part.objects.filter(asset=OuterRef("asset"), is_open=True))
        rows = rows.filter(held if wanted.busy == "yes" else ~held)
    return rows


_NAMES = (
    "id", "asset_id", "asset__code", "asset__name", "cost_fen", "since", "entered_on", "left_on",
    "asset__division_code", "asset__site_id", "asset__site__name", "asset__operator__name", "asset__keeper__name",
)  # fmt: skip


def page(
    wanted: PoolFilter, actor: Actor, *, sort: str = DEFAULT_SORT, after: str = ""
) -> tuple[list[PoolRow], dict[int, list[Reason]], str]:
    """A page of the pool, the reasons of its rows by spell, and where the next one begins: three statements."""
    order = SORTS.get(sort, SORTS[DEFAULT_SORT])
    rows = narrowed(wanted, actor)
    key = _read(after, order[0].lstrip("-"))
    if key is not None:
        value, spell = key
        field = order[0].lstrip("-")
        word = "lt" if order[0].startswith("-") else "gt"
        rows = rows.filter(Q(**{f"{field}__{word}": value}) | Q(**{field: value, f"id__{word}": spell}))
    found = list(rows.order_by(*order).values_list(*_NAMES)[: PAGE + 1])
    following = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        place = _NAMES.index(order[0].lstrip("-"))
        following = f"{last[place]}.{last[0]}"
        found = found[:PAGE]
    parts = Part.objects.filter(asset__in=[row[1] for row in found], is_open=True)
    busy = {asset: (key, number) for asset, key, number in parts.values_list("asset", "measure", "measure__number")}
    shown = [PoolRow(*row, *busy.get(row[1], (None, None))) for row in found]
    return shown, reasons_of([row.id for row in shown], _day(wanted.day)), following


def _read(after: str, field: str) -> tuple[Any, int] | None:
    value, _dot, spell = after.rpartition(".")
    if not (spell.isascii() and spell.isdecimal() and len(spell) < 19):
        return None
    if field == "since":
        day = _day(value)
        return None if day is None else (day, int(spell))
    return (int(value), int(spell)) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def reasons_of(spells: list[int], day: date | None = None) -> dict[int, list[Reason]]:
    """Reasons of spells, those that hold (on a past day), by spell."""
    held = Q(valid_to__isnull=True)
    if day is not None:
        held = Q(valid_from__lte=day) & (held | Q(valid_to__gt=day))
    found: dict[int, list[Reason]] = {}
    for row in Reason.objects.filter(held, spell__in=spells).order_by("since", "id"):
        found.setdefault(row.spell_id, []).append(row)
    return found


class Totals(NamedTuple):
    """How many assets a filter finds, capped, and what they cost in fen (None when there are more)."""

    cards: int
    cost_fen: int | None

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.cost_fen is None


def totals(wanted: PoolFilter, actor: Actor) -> Totals:
    """The figures above the list; the pool of a whole county adds up by its own index, narrowed ones are capped."""
    rows = narrowed(wanted, actor)
    count = rows.order_by()[: COUNT_CAP + 1].count()
    if count > COUNT_CAP:
        return Totals(COUNT_CAP, None)
    return Totals(count, int(rows.aggregate(whole=Coalesce(Sum("cost_fen"), 0))["whole"]))


class Share(NamedTuple):
    """A part of the pool: assets and their cost in fen."""

    key: str
    cards: int
    cost_fen: int


def by_trigger(actor: Actor, day: str = "", site: int | None = None) -> list[Share]:
    """The pool (of a site) by reason, an asset counted under each of its reasons: one statement."""
    of_day = _day(day)
    held = Q(valid_to__isnull=True)
    if of_day is not None:
        held = Q(valid_from__lte=of_day) & (held | Q(valid_to__gt=of_day))
    rows = (
        Reason.objects.filter(held, permissions.reach(actor, "spell__asset__division_code"), spell__county=actor.county)
        .filter(Q() if site is None else Q(spell__asset__site=site))
        .order_by()
        .values_list("trigger")
        .annotate(n=Count("pk"), cost=Sum("spell__cost_fen"))
    )
    found = {trigger: Share(trigger, int(n), int(cost)) for trigger, n, cost in rows}
    return [found.get(trigger, Share(trigger, 0, 0)) for trigger in Trigger.values]


def whole(actor: Actor, day: str = "", within: str = "", site: int | None = None) -> Share:
    """The whole pool within the actor's reach (and a division, or a site): one statement."""
    rows = narrowed(PoolFilter(day=day, site=site), actor)
    if within:
        rows = rows.filter(asset__division_code__startswith=within)
    row = rows.aggregate(n=Count("pk"), cost=Coalesce(Sum("cost_fen"), 0))
    return Share(within, int(row["n"]), int(row["cost"]))


def by_town(actor: Actor, day: str = "") -> dict[str, Share]:
    """The pool by town (nine digits): one statement."""
    rows = (
        narrowed(PoolFilter(day=day), actor)
        .annotate(town=Substr("asset__division_code", 1, 9))
        .order_by()
        .values_list("town")
        .annotate(n=Count("pk"), cost=Sum("cost_fen"))
    )
    return {town: Share(town, int(n), int(cost)) for town, n, cost in rows}


def towns(actor: Actor) -> list[str]:
    """Towns of the pool, as the first nine digits."""
    return sorted(code for code in by_town(actor) if code and code[6:9] != "000")


def spells_of(asset: int) -> list[Spell]:
    """The times that an asset spent in the pool, newest first."""
    return list(Spell.objects.filter(asset=asset).prefetch_related("reasons").order_by("-entered_on", "-pk"))


def updated_on(county: str) -> date | None:
    """The newest day that the pool knows of a change."""
    return (
        Spell.objects.filter(county=county)
        .order_by(F("entered_on").desc())
        .values_list("entered_on", flat=True)
        .first()
    )
