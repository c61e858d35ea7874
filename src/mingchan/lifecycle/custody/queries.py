"""Reading custody (管护查询): what nobody keeps, who keeps how much, terms, leavers; by divisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.custody import permissions, rules
from mingchan.lifecycle.custody.choices import ENDING_DAYS, TermState
from mingchan.lifecycle.custody.models import Departure, OneSided
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries.filtering import TOWN_DIGITS, VILLAGE_DIGITS, apply, between

PROTECTED = (
    Protected("departure", Departure, label=("reason",)),
    Protected("one_sided", OneSided, label=("approval",)),
)
"""What the verifier compares with the log."""

PAGE = 50
KEPT = 16
_kept: dict[tuple[Any, ...], tuple[tuple[int, str], list["Keeper"]]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True, order=True)
class Unkept:
    """Cards without a keeper in one town and system: how many, what they cost in fen."""

    town: str
    system: str
    count: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps things: how many cards, what they cost in fen, the first end of a term, and terms by state."""

    person: int
    count: int
    cost_fen: int
    first_due: date | None
    over: int
    ending: int
    unset: int


class Held(NamedTuple):
    """One card in somebody's custody, as lists show it; cost in fen, quantity in thousandths."""

    right: int
    asset: int
    code: str
    name: str
    model: str
    unit: str
    quantity_milli: int
    cost_fen: int
    tier: str
    condition: str
    site: int | None
    place: str
    division: str
    person: int
    organisation: int | None
    since: date
    due_on: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Leaver:
    """An open departure with what the person still keeps; cost in fen."""

    departure: Departure
    count: int
    cost_fen: int


class Page(NamedTuple):
    """A page of cards in custody, and where the next one begins, None at the end."""

    rows: list[Held]
    following: str | None


@dataclass(frozen=True, slots=True)
class CustodyFilter:
    """Which custody: by keeper, body, division prefix, system, site, how the term stands, or of leavers only."""

    keeper: int | None = None
    organisation: int | None = None
    division: str = ""
    system: str = ""
    site: int | None = None
    state: str = ""
    leavers: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "CustodyFilter":
        """The filter that a query string names; what can't be read does not narrow."""
        state, division = parameters.get("state", ""), parameters.get("division", "")
        return cls(
            keeper=_whole(parameters.get("keeper")),
            organisation=_whole(parameters.get("organisation")),
            division=division if division.isascii() and division.isdecimal() and len(division) <= 12 else "",
            system=parameters.get("system", "")[:20],
            site=_whole(parameters.get("site")),
            state=state if state in TermState.values else "",
            leavers=parameters.get("leavers") == "1",
        )

    def parameters(self) -> dict[str, str]:
        """The query string parameters that name this filter."""
        found = {
            name: str(value)
            for name in ("keeper", "organisation", "division", "system", "site", "state")
            if (value := getattr(self, name)) not in ("", None)
        }
        return found | ({"leavers": "1"} if self.leavers else {})

    def but(self, **changes: Any) -> "CustodyFilter":
        """The same filter with changes."""
        return replace(self, **changes)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _cards(actor: Actor, right: str = permissions.VIEW) -> "QuerySet[Asset]":
    """Cards that count and that the actor may see by the right."""
    return Asset.objects.filter(assets.visible_to(actor, right), status=Status.ACTIVE)


def _sees_county(actor: Actor) -> bool:
    return actor.everywhere(permissions.VIEW)


def _rights(actor: Actor) -> "QuerySet[Right]":
    """Custody in force of the cards the actor may see."""
    held = Right.objects.filter(kind=RightKind.CUSTODY, valid_to__isnull=True)
    held = held.filter(asset__county=actor.county, asset__status=Status.ACTIVE)
    return held if _sees_county(actor) else held.filter(asset__in=_cards(actor))


def without_keeper(actor: Actor) -> list[Unkept]:
    """Cards that nobody keeps, by town and system, today: each is a finding the same day (2.6.1b)."""
    waiting = _cards(actor).filter(keeper__isnull=True)
    rows = (
        waiting.annotate(town=Substr("division_code", 1, TOWN_DIGITS))
        .order_by()
        .values_list("town", "system")
        .annotate(n=Count("pk"), fen=Sum("cost_fen"))
    )
    return sorted(Unkept(town, system, count, int(fen)) for town, system, count, fen in rows)


def keepers(actor: Actor, on: date) -> list[Keeper]:
    """Everybody who keeps something, the greatest value first; summed once and kept until the log has a new record."""
    log = evidence.latest_checkpoint()
    mark = (log.size, log.root)
    key = (actor.county, actor.scopes(permissions.VIEW), actor.parties(permissions.VIEW), on)
    found = _kept.get(key)
    if found is None or found[0] != mark:
        found = (mark, _summed(actor, on))
        with _lock:
            _kept.pop(key, None)
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found[1]


def _summed(actor: Actor, on: date) -> list[Keeper]:
    last = on + timedelta(days=ENDING_DAYS)
    rows = (
        _rights(actor)
        .order_by()
        .values_list("party_id")
        .annotate(
            n=Count("pk"),
            fen=Sum("asset__cost_fen"),
            first=Min("due_on"),
            over=Count("pk", filter=Q(due_on__lt=on)),
            ending=Count("pk", filter=Q(due_on__gte=on, due_on__lte=last)),
            unset=Count("pk", filter=Q(due_on__isnull=True)),
        )
    )
    found = [Keeper(person, n, int(fen), *rest) for person, n, fen, *rest in rows]
    return sorted(found, key=lambda keeper: (-keeper.cost_fen, keeper.person))


def keeper(actor: Actor, person: int, on: date) -> Keeper:
    """What one person keeps, zero of everything when nothing the actor may see."""
    own = CustodyFilter(keeper=person)
    last = on + timedelta(days=ENDING_DAYS)
    found = held(own, actor, on).aggregate(
        n=Count("pk"),
        fen=Sum("asset__cost_fen"),
        first=Min("due_on"),
        over=Count("pk", filter=Q(due_on__lt=on)),
        ending=Count("pk", filter=Q(due_on__gte=on, due_on__lte=last)),
        unset=Count("pk", filter=Q(due_on__isnull=True)),
    )
    return Keeper(
        person, found["n"], int(found["fen"] or 0), found["first"], found["over"], found["ending"], found["unset"]
    )


def term_of(state: str, on: date) -> Q:
    """Terms that stand so on a day."""
    last = on + timedelta(days=ENDING_DAYS)
    return {
        TermState.OVER: Q(due_on__lt=on),
        TermState.ENDING: Q(due_on__gte=on, due_on__lte=last),
        TermState.RUNNING: Q(due_on__gt=last),
        TermState.UNSET: Q(due_on__isnull=True),
    }[TermState(state)]


def held(filtered: CustodyFilter, actor: Actor, on: date) -> "QuerySet[Right]":
    """Custody in force inside the filter, as rights."""
    rows = _rights(actor)
    if filtered.keeper is not None:
        rows = rows.filter(party=filtered.keeper, asset__keeper=filtered.keeper)
    if filtered.organisation is not None:
        rows = rows.filter(organisation=filtered.organisation)
    if len(filtered.division) == VILLAGE_DIGITS:
        rows = rows.filter(asset__division_code=filtered.division)
    elif filtered.division:
        rows = rows.filter(between("asset__division_code", filtered.division))
    if filtered.system:
        rows = rows.filter(asset__system=filtered.system)
    if filtered.site is not None:
        rows = rows.filter(asset__site=filtered.site)
    if filtered.state:
        rows = rows.filter(term_of(filtered.state, on))
    if filtered.leavers:
        rows = rows.filter(asset__keeper__in=_open(actor.county).filter(left_on__lte=on).values("person"))
    return rows


_FIELDS = (
    "id", "asset_id", "asset__code", "asset__name", "asset__model", "asset__unit", "asset__quantity_milli",
    "asset__cost_fen", "asset__tier", "asset__condition", "asset__site_id", "asset__place", "asset__division_code",
    "party_id", "organisation_id", "valid_from", "due_on", "basis",
)  # fmt: skip


def page(filtered: CustodyFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE) -> Page:
    """A page of custody by key: by the end of the term where terms are asked for, else by the number of the card."""
    rows = held(filtered, actor, on)
    by_term = filtered.state in (TermState.OVER, TermState.ENDING)
    if by_term:
        day, _separator, number = after.rpartition("~")
        last, due = _whole(number), _date(day)
        if last is not None and due is not None:
            rows = rows.filter(Q(due_on__gt=due) | Q(due_on=due, id__gt=last))
    elif after and "\x00" not in after:
        rows = rows.filter(asset__code__gt=after[:40])
    ordered = rows.order_by("due_on", "id") if by_term else rows.order_by("asset__code")
    found = [Held(*values) for values in ordered.values_list(*_FIELDS)[: limit + 1]]
    if len(found) <= limit:
        return Page(found, None)
    if by_term:
        return Page(found[:limit], f"{found[limit - 1].due_on}~{found[limit - 1].right}")
    kept = [row for row in found if row.asset != found[limit].asset]  # shares of one card stay on one page
    return Page(kept, kept[-1].code)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def every(filtered: CustodyFilter, actor: Actor, on: date) -> Iterator[list[Held]]:
    """All pages, for a workbook."""
    after: str | None = ""
    while after is not None:
        found = page(filtered, actor, on, after=after, limit=2000)
        yield found.rows
        after = found.following


def totals(filtered: CustodyFilter, actor: Actor, on: date) -> tuple[int, int]:
    """How many cards are inside the filter, and what they cost in fen."""
    if filtered == CustodyFilter():
        kept = keepers(actor, on)  # summed once and kept, where adding up a whole register would take seconds
        return sum(keeper.count for keeper in kept), sum(keeper.cost_fen for keeper in kept)
    found = held(filtered, actor, on).aggregate(n=Count("pk"), fen=Sum("asset__cost_fen"))
    return found["n"], int(found["fen"] or 0)


def by_site(actor: Actor, person: int) -> list[tuple[int | None, str, int, int]]:
    """What a person keeps by site: the site, its division, cards, cost in fen."""
    rows = (
        _cards(actor)
        .filter(keeper=person)
        .order_by()
        .values_list("site_id", "division_code")
        .annotate(n=Count("pk"), fen=Sum("cost_fen"))
    )
    return sorted(((site, code, n, int(fen)) for site, code, n, fen in rows), key=lambda row: (-row[3], row[0] or 0))


def bodies(actor: Actor, person: int) -> dict[int, str]:
    """Bodies for which a person keeps things, by id, in the order of their names."""
    rows = _rights(actor).filter(party=person, asset__keeper=person, organisation__isnull=False)
    return dict(rows.order_by("organisation__name").values_list("organisation_id", "organisation__name").distinct())


def tiers(actor: Actor, person: int) -> list[str]:
    """Tiers of what a person keeps."""
    return sorted(_cards(actor).filter(keeper=person).order_by().values_list("tier", flat=True).distinct())


def _open(county: str) -> "QuerySet[Departure]":
    return Departure.objects.filter(county=county, returned_on__isnull=True)


def leavers(actor: Actor) -> list[Leaver]:
    """Open departures in the actor's divisions with what the persons still keep, those who keep most first."""
    inside = reach.inside(actor, permissions.VIEW)
    found = list(_open(actor.county).filter(inside).select_related("person", "successor", "one_sided"))
    kept = {
        person: (n, int(fen))
        for person, n, fen in _cards(actor)
        .filter(keeper__in=[departure.person_id for departure in found])
        .order_by()
        .values_list("keeper_id")
        .annotate(n=Count("pk"), fen=Sum("cost_fen"))
    }
    rows = [Leaver(departure, *kept.get(departure.person_id, (0, 0))) for departure in found]
    return sorted(rows, key=lambda row: (-row.count, row.departure.left_on, row.departure.pk))


def open_departure(county: str, person: int) -> Departure | None:
    """The person's departure, unless there is none or it came back."""
    return _open(county).filter(person=person).select_related("person", "successor", "one_sided").first()


def departures_of(person: int) -> list[Departure]:
    """All departures of a person, newest first."""
    found = Departure.objects.filter(person=person).select_related("successor", "one_sided")
    return list(found.order_by("-left_on", "-id"))


def in_the_way(county: str, asset_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Leavers who keep some of the cards and whose handover nobody has allowed to be one-sided: name, how many."""
    blocking = _open(county).filter(one_sided__isnull=True).values("person")
    rows = (
        Asset.objects.filter(county=county, pk__in=one_of(asset_ids, "bigint"), keeper__in=blocking)
        .order_by()
        .values_list("keeper__name")
        .annotate(n=Count("pk"))
    )
    return sorted((name, n) for name, n in rows)


def keepers_of(county: str, asset_ids: Sequence[int]) -> dict[tuple[int, int | None], list[int]]:
    """The cards by who keeps them and for which body; cards without a keeper are left out."""
    rows = Right.objects.filter(
        asset__in=one_of(asset_ids, "bigint"), asset__county=county, kind=RightKind.CUSTODY, valid_to__isnull=True
    )
    found: dict[tuple[int, int | None], list[int]] = {}
    for person, organisation, asset in rows.order_by("asset_id").values_list("party_id", "organisation_id", "asset_id"):
        found.setdefault((person, organisation), []).append(asset)
    return found


def chosen(
    actor: Actor, ids: Sequence[int], asked: assets.RegisterFilter | None, right: str = permissions.ASSIGN
) -> "QuerySet[Asset]":
    """The cards that are picked by number, else all that the register's filter asks for, where the right is held."""
    cards = _cards(actor, right)
    if ids:
        return cards.filter(pk__in=one_of(ids, "bigint"))
    return apply(asked, cards) if asked is not None else cards.none()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of cards in figures; `stamp` changes when any of them does."""

    count: int
    cost_fen: int
    stamp: str


def stamp(cards: "QuerySet[Asset]") -> Chosen:
    """How many cards, what they cost in fen, and a stamp by which a form knows that they are as they were shown."""
    found = cards.order_by().aggregate(n=Count("pk"), fen=Sum("cost_fen"), versions=Sum("version"), ids=Sum("pk"))
    return Chosen(found["n"], int(found["fen"] or 0), f"{found['n']}-{found['versions'] or 0}-{found['ids'] or 0}")


def person(actor: Actor, party_id: int) -> Party:
    """A keeper the actor may see: of its divisions, or one that keeps cards there. Raises NotFound otherwise."""
    found = Party.objects.filter(county=actor.county, pk=party_id).first()
    if found is None or not (
        any(found.division_code.startswith(scope) for scope in actor.scopes(permissions.VIEW))
        or _cards(actor).filter(keeper=party_id).exists()
    ):
        raise NotFound(_("没有这个管护人。"))
    return found


def known_by_name(county: str, names: Iterable[str], *, people: bool) -> dict[str, list[tuple[int, str]]]:
    """Persons, or organisations, of the names: ids and divisions by name."""
    found: dict[str, list[tuple[int, str]]] = {}
    parties = Party.objects.filter(county=county, name__in=list(names))
    parties = parties.filter(kind=PartyKind.PERSON) if people else parties.exclude(kind=PartyKind.PERSON)
    for name, key, division in parties.order_by("id").values_list("name", "id", "division_code"):
        found.setdefault(name, []).append((key, division))
    return found


def suggestions(actor: Actor, *, people: bool, most: int = 500) -> list[str]:
    """Names to choose from, each with its division where the county has several of the name."""
    parties = Party.objects.filter(county=actor.county)
    parties = parties.filter(kind=PartyKind.PERSON) if people else parties.exclude(kind=PartyKind.PERSON)
    rows = list(parties.order_by("name", "id").values_list("name", "division_code")[:most])
    divisions = directory.division_names(code for _name, code in rows)
    often = {name for name, n in _counted(name for name, _code in rows).items() if n > 1}
    return [f"{name}（{divisions.get(code, code)}）" if name in often else name for name, code in rows]


def _counted(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def mine(actor: Actor) -> list[Party]:
    """The person that the actor's account is; where none was noted, those of its name in its divisions.

    Without a noted person, a name that two people of one division bear shows both.
    """
    account = Account.objects.filter(pk=actor.account_id or 0).select_related("person").first()
    if account is None:
        return []
    if account.person is not None:
        return [account.person]
    inside = reach.inside(actor, permissions.VIEW)
    found = Party.objects.filter(inside, kind=PartyKind.PERSON, name=account.name)
    return list(found.order_by("id"))


def names_for(rows: Iterable[Held]) -> assets.Names:
    """The names that rows refer to: three statements whatever their number."""
    rows = list(rows)
    parties = {row.person for row in rows} | {row.organisation for row in rows if row.organisation is not None}
    return assets.names_by_key(
        {row.site for row in rows if row.site is not None}, parties, {row.division for row in rows if row.division}
    )


def term_state(due_on: date | None, on: date) -> TermState:
    """How a term stands on a day."""
    return TermState(rules.term_state(due_on, on, ENDING_DAYS))


def history(asset_id: int) -> "QuerySet[Right]":
    """Everybody who kept a card, newest first."""
    rights = Right.objects.filter(asset=asset_id, kind=RightKind.CUSTODY)
    return rights.select_related("party", "organisation").order_by(F("valid_from").desc(), "-id")
