"""Reading the directory (组织查询): actors, divisions, parties, accounts and grants."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import permissions, rules
from mingchan.foundation.directory.models import Account, Division, DivisionName, Grant, Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import actor as kernel_actor
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.parts import Branch

LOCAL = "local"
CHUNK = 500
PAGE = 50


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def actor_for(account: Account, on: date, session: str = "", source: str = "", request: str = "") -> Actor:
    """The actor an account is on a day: its grants in force, with the rights the policy pack gives their roles."""
    specs = policy.roles()
    grants = tuple(
        kernel_actor.Grant(role=role, scope=scope, rights=specs[role].rights, party_id=party_id)
        for role, scope, party_id in Grant.objects.filter(_valid(on), account_id=account.pk)
        .order_by("id")
        .values_list("role", "scope", "party_id")
        if role in specs
    )
    return Actor(
        account_id=account.pk,
        name=account.name,
        county=account.county,
        grants=grants,
        session=session,
        source=source,
        request=request,
    )


def local_actor(username: str | None, on: date) -> Actor:
    """The actor of a command: the account named by `--as`, else `local`. Raises NotFound when there is none in use."""
    account = Account.objects.filter(username=username or LOCAL, is_active=True).first()
    if account is None:
        raise NotFound(_("没有账号 %(username)s，或已停用。") % {"username": username or LOCAL})
    return actor_for(account, on, source="command")


def installer(county: str) -> Actor:
    """The system itself while it sets up a county: every right, no account. For `init` and the sample county only."""
    grant = kernel_actor.Grant(role="installer", scope=county, rights=frozenset(policy.rights()))
    return Actor(account_id=None, name="", county=county, grants=(grant,), source="command")


def nobody(county: str) -> Actor:
    """Who acts before a login: no account, no right."""
    return Actor(account_id=None, name="", county=county)


def division(code: str) -> Division | None:
    """The division of a code, or None."""
    return Division.objects.filter(code=code).first()


def children(code: str) -> list[Division]:
    """Present divisions directly under a code, by code."""
    return list(Division.objects.filter(parent_code=code, is_current=True).order_by("code"))


def divisions_under(prefix: str) -> list[Division]:
    """Present divisions whose code begins with the prefix, by code."""
    return list(Division.objects.filter(code__startswith=prefix, is_current=True).order_by("code"))


def division_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of divisions by code."""
    return dict(Division.objects.filter(code__in=set(codes)).values_list("code", "name"))


def tree(prefix: str) -> tuple[Branch, ...]:
    """Present divisions under the prefix as a tree for choosing; its roots are those whose parent is outside."""
    rows = divisions_under(prefix)
    under: dict[str, list[Division]] = {}
    for row in rows:
        under.setdefault(row.parent_code, []).append(row)
    known = {row.code for row in rows}

    def branch(row: Division) -> Branch:
        return Branch(row.code, row.name, tuple(branch(child) for child in under.get(row.code, ())))

    return tuple(branch(row) for row in rows if row.parent_code not in known)


def former_towns(actor: Actor) -> list[tuple[Division, str]]:
    """Towns of the county that are no more, each with the name of where it went (empty when that isn't known)."""
    gone = list(Division.objects.filter(code__startswith=actor.county, level="TOWN", is_current=False).order_by("code"))
    names = division_names(row.successor_code for row in gone)
    return [(row, names.get(row.successor_code, "")) for row in gone]


class DivisionResolver:
    """Finds today's division for the names a paper uses (区划解析), as of the paper's own date.

    One resolver holds the county's names in memory (two statements), so an import asks it for each row. A village
    counts when its town, under any name it ever bore, ever had it; then it is followed to where it is today. A town
    that was merged or renamed no longer tells, so there the village's name decides while it is unique in the county.
    """

    def __init__(self, county: str, on: date) -> None:
        self._county = county
        self._today = {row.code: row for row in Division.objects.filter(code__startswith=county)}
        names = [
            rules.NameRow(*row)
            for row in DivisionName.objects.filter(code__startswith=county)
            .order_by("code", "first_vintage")
            .values_list("code", "name", "level", "parent_code", "first_vintage", "last_vintage")
        ]
        whole = county.ljust(12, "0")
        self._county_name = self._today[whole].name if whole in self._today else ""
        names.sort(key=lambda row: (not row.first_vintage <= on <= row.last_vintage, _distance(row, on), row.code))
        self._towns: dict[str, list[str]] = {}
        self._villages: dict[tuple[str, str], list[str]] = {}
        for row in names:
            if row.level == "TOWN":
                self._towns.setdefault(self._without_county(row.name), []).append(row.code)
            elif row.level == "VILLAGE":
                for key in rules.name_keys(row.name):
                    self._villages.setdefault((row.parent_code, key), []).append(row.code)
        self._towns_now: dict[str, str] = {}
        self._villages_now: dict[str, set[str]] = {}
        for code, row_now in self._today.items():
            if row_now.is_current and row_now.level == "TOWN":
                self._towns_now[row_now.name] = code
            elif row_now.is_current and row_now.level == "VILLAGE":
                for key in rules.name_keys(row_now.name):
                    self._villages_now.setdefault(key, set()).add(code)
        self._short_towns = _unique_short(self._towns_now)
        self._memo: dict[tuple[str, str], str | None] = {}

    def _present(self, code: str) -> str | None:
        row = self._today.get(code)
        if row is None:
            return None
        return code if row.is_current else row.successor_code or None

    def _without_county(self, name: str) -> str:
        text = rules.plain_name(name)
        if self._county_name and text.startswith(self._county_name) and len(text) > len(self._county_name):
            return text[len(self._county_name) :]
        return text

    def town(self, name: str) -> str | None:
        """Code of today's town for a name of then or now, or None."""
        text = self._without_county(name)
        if text in self._towns_now:
            return self._towns_now[text]
        for code in self._towns.get(text, ()):
            if (now := self._present(code)) is not None:
                return now
        return self._short_towns.get(text)

    def village(self, town_name: str, village_name: str) -> str | None:
        """Code of today's village for a town and village of then or now, or None when it can't be known."""
        asked = (town_name, village_name)
        if asked not in self._memo:
            self._memo[asked] = self._find_village(self._without_county(town_name), rules.plain_name(village_name))
        return self._memo[asked]

    def _find_village(self, town: str, village: str) -> str | None:
        if town and village.startswith(town) and len(village) > len(town) + 1:
            village = village[len(town) :]
        keys = rules.name_keys(village)
        known_then = False
        towns_then = self._towns.get(town, [])
        for key in keys:
            for town_code in towns_then:
                for code in self._villages.get((town_code, key), ()):
                    known_then = True
                    if (now := self._present(code)) is not None:
                        return now
        town_now = self.town(town) if town else None
        for key in keys:
            here = {c for c in self._villages_now.get(key, ()) if town_now and self._today[c].parent_code == town_now}
            if len(here) == 1:
                return here.pop()
        if known_then or town in self._towns_now or (town and town_now is None):
            return None
        for key in keys:
            anywhere = self._villages_now.get(key, set())
            if len(anywhere) == 1:
                return next(iter(anywhere))
        return None

    def name(self, code: str) -> str:
        """The short name of a division, or the code itself when it is unknown."""
        row = self._today.get(code)
        return row.name if row else code


def _distance(row: rules.NameRow, on: date) -> timedelta:
    if on < row.first_vintage:
        return row.first_vintage - on
    return on - row.last_vintage if on > row.last_vintage else timedelta(0)


def _unique_short(towns: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice = set()
    for name, code in towns.items():
        short = name[:-1]
        if short in found:
            twice.add(short)
        found[short] = code
    return {short: code for short, code in found.items() if short not in twice}


def _reach(actor: Actor, right: str) -> Q:
    reach = Q(pk__in=actor.parties(right))
    for scope in actor.scopes(right):
        reach |= Q(division_code__startswith=scope)
    return reach


def parties_visible_to(actor: Actor) -> QuerySet[Party]:
    """Parties the actor may see: those in its scopes, and the ones it acts for."""
    return Party.objects.filter(_reach(actor, permissions.VIEW), county=actor.county)


class Page(NamedTuple):
    """One page of rows, with the key after which the next begins (empty when this is the last)."""

    rows: list[Party]
    next_key: str


def parties(actor: Actor, *, q: str = "", kind: str = "", unconfirmed: bool = False, after: str = "") -> Page:
    """A page of parties the actor may see, newest first; `after` is the last page's `next_key`."""
    found = parties_visible_to(actor)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(initials__startswith=q.lower()) | Q(uscc=q.upper()))
    if kind:
        found = found.filter(kind=kind)
    if unconfirmed:
        found = found.filter(is_confirmed=False)
    if after.isdecimal():
        found = found.filter(pk__lt=int(after))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def party(actor: Actor, party_id: int) -> Party:
    """A party the actor may see. Raises NotFound when it doesn't exist or lies outside the actor's scope."""
    found = parties_visible_to(actor).filter(pk=party_id).first()
    if found is None:
        raise NotFound(_("没有这个主体。"))
    return found


def party_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of parties by id."""
    return dict(Party.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


class PartyKey(NamedTuple):
    """What a party is known by."""

    id: int
    kind: str
    name: str
    division_code: str
    phone_mask: str


def parties_named(county: str, names: Iterable[str]) -> Iterator[PartyKey]:
    """What the county's parties bearing one of the names are known by, in one statement."""
    found = Party.objects.filter(county=county, name__in=database.one_of(names))
    return map(PartyKey._make, found.values_list(*PartyKey._fields).iterator(chunk_size=database.BATCH))


def offices(county: str) -> list[Party]:
    """Confirmed organisations that accounts may belong to, by name."""
    return list(
        Party.objects.filter(county=county, is_confirmed=True).exclude(kind__in=("PERSON", "STATION")).order_by("name")
    )


def operators(county: str) -> list[Party]:
    """Companies, stations and collectives that an operator's account may stand for, by name."""
    kinds = ("COMPANY", "STATION", "COLLECTIVE", "OTHER")
    return list(Party.objects.filter(county=county, kind__in=kinds).order_by("name")[:CHUNK])


def colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Accounts in use of the actor's own office, the actor's left out, as (id, name)."""
    office = Account.objects.filter(pk=actor.account_id or 0).values_list("office_id", flat=True).first()
    others = Account.objects.filter(office_id=office or 0, is_active=True, may_log_in=True).exclude(
        pk=actor.account_id or 0
    )
    return list(others.order_by("name").values_list("pk", "name"))


def accounts(actor: Actor, *, q: str = "", after: str = "") -> tuple[list[Account], str]:
    """A page of the county's accounts by login name, and the key of the next page."""
    found = Account.objects.filter(county=actor.county).select_related("office")
    if q:
        found = found.filter(Q(username__icontains=q) | Q(name__icontains=q))
    if after:
        found = found.filter(username__gt=after)
    rows = list(found.order_by("username")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].username if len(rows) > PAGE else ""


def account(actor: Actor, account_id: int) -> Account:
    """An account of the actor's county. Raises NotFound otherwise."""
    found = Account.objects.filter(county=actor.county, pk=account_id).select_related("office", "person").first()
    if found is None:
        raise NotFound(_("没有这个账号。"))
    return found


def other_accounts(found: Account) -> list[str]:
    """Login names of the other accounts of an account's person (一人多号)."""
    if found.person_id is None:
        return []
    rows = Account.objects.filter(person_id=found.person_id).exclude(pk=found.pk).order_by("username")
    return list(rows.values_list("username", flat=True))


def grants_of(account_ids: Iterable[int], on: date | None = None) -> list[Grant]:
    """Grants of accounts, newest first; only those in force on a day when one is given."""
    found = Grant.objects.filter(account_id__in=set(account_ids)).select_related("party")
    if on is not None:
        found = found.filter(_valid(on))
    return list(found.order_by("-pk"))


class Holder(NamedTuple):
    """An account that holds a role: who and of which office."""

    account: int
    name: str
    office: str


def holders(county: str, role: str, division: str, on: date) -> list[Holder]:
    """Accounts in use that hold a role over a division on a day, without a party's limit, by name."""
    scopes = [division[:digits] for digits in range(len(division) + 1)]
    found = Grant.objects.filter(
        _valid(on), role=role, scope__in=scopes, party__isnull=True, account__county=county,
        account__is_active=True, account__may_log_in=True,
    )  # fmt: skip
    rows = found.order_by("account__name", "account_id").values_list(
        "account_id", "account__name", "account__office__name"
    )
    return [Holder(*row) for row in dict.fromkeys(rows)]


def accounts_in_use(actor: Actor) -> list[Holder]:
    """Accounts of the county that may log in, by office and name; for choosing among them."""
    found = Account.objects.filter(county=actor.county, is_active=True, may_log_in=True)
    rows = found.order_by("office__name", "name", "pk").values_list("pk", "name", "office__name")
    return [Holder(*row) for row in rows[:CHUNK]]


def persons_named(county: str, name: str) -> list[Party]:
    """Persons of the directory that bear a name, those confirmed first."""
    found = Party.objects.filter(county=county, kind="PERSON", name=name.strip())
    return list(found.order_by("-is_confirmed", "id")[:PAGE])


def party_counts(actor: Actor) -> tuple[int, int]:
    """How many parties the actor may see, and how many of them nobody has confirmed yet."""
    found = parties_visible_to(actor).aggregate(total=Count("pk"), open=Count("pk", filter=Q(is_confirmed=False)))
    return found["total"], found["open"]


def account_count(actor: Actor) -> int:
    """How many accounts of the actor's county are in use."""
    return Account.objects.filter(county=actor.county, is_active=True).count()


def is_new(county: str) -> bool:
    """Whether an empty county still waits for its administrators: none of them has changed the first password."""
    return (
        not has_samples(county)
        and not Account.objects.filter(county=county, may_log_in=True, must_change_password=False).exists()
    )


def has_samples(county: str) -> bool:
    """Whether the county is the sample one."""
    return Account.objects.filter(county=county, is_sample=True).exists()
