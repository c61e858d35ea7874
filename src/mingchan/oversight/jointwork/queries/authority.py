"""Who could have done a thing on a past day, and who did (历史权限查询): grants are dated, records name accounts."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import orjson
from django.db.models import Count, Q

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Grant
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.oversight.jointwork import permissions

MOST_ACTS = 300
_IN_USE = ("directory.account.opened", "directory.account.enabled", "directory.account.disabled")


class Held(NamedTuple):
    """One grant that carried the right: whose, by which role, over what, since when, on what basis.

    `acted` is how many acts the account recorded that day. `in_use` is whether the account was in use that day.
    """

    account: str
    username: str
    name: str
    office: str
    role: str
    scope: str
    scope_name: str
    party: str
    since: date
    until: date | None
    basis: str
    given_by: str
    in_use: bool
    acted: int


class Did(NamedTuple):
    """An act on a thing: who, in which roles, and whether a grant of those roles covered it that day."""

    entry: evidence.Entry
    roles: str
    region: str
    covered: bool


def roles_with(right: str) -> list[str]:
    """Roles that carry a right by the pack in force."""
    return [code for code, role in policy.roles().items() if right in role.rights]


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def holders(actor: Actor, right: str, division: str, on: date) -> list[Held]:
    """Who held a right over a division on a day, by office and name (3.4.2, 4.1).

    Raises NotAllowed without `log.view` over the county.
    """
    permissions.require(actor, permissions.LOG)
    scopes = [division[:length] for length in range(1, len(division) + 1)]
    grants = list(
        Grant.objects.filter(_in_force(on), account__county=actor.county, role__in=roles_with(right), scope__in=scopes)
        .select_related("account__office", "party")
        .order_by("account__office__name", "account__name", "pk")
    )
    accounts = {f"account:{grant.account_id}" for grant in grants}
    used = _in_use(accounts, on)
    acts = Record.objects.filter(actor__in=one_of(sorted(accounts)), on=on).values("actor").annotate(n=Count("seq"))
    acted = dict(acts.values_list("actor", "n"))
    places = directory.division_names({grant.scope.ljust(12, "0") for grant in grants})
    roles = policy.roles()
    return [
        Held(
            account=f"account:{grant.account_id}",
            username=grant.account.username,
            name=grant.account.name,
            office=grant.account.office.name,
            role=roles[grant.role].text if grant.role in roles else grant.role,
            scope=grant.scope,
            scope_name=places.get(grant.scope.ljust(12, "0"), grant.scope),
            party=grant.party.name if grant.party else "",
            since=grant.valid_from,
            until=grant.valid_to,
            basis=grant.basis,
            given_by=grant.given_by,
            in_use=f"account:{grant.account_id}" in used,
            acted=acted.get(f"account:{grant.account_id}", 0),
        )
        for grant in grants
    ]


def _in_use(accounts: set[str], on: date) -> set[str]:
    """Accounts whose last opening, enabling or disabling up to the day left them in use."""
    last: dict[str, str] = {}
    records = Record.objects.filter(obj__in=one_of(sorted(accounts)), act__in=_IN_USE, on__lte=on).order_by("seq")
    for obj, act in records.values_list("obj", "act"):
        last[obj] = act
    return {account for account, act in last.items() if act != "directory.account.disabled"}


def acts_on(actor: Actor, objects: Sequence[str]) -> list[Did]:
    """Every act on a thing and what belongs to it, newest first, each with whether its actor's grants covered it.

    Raises NotAllowed without `log.view` over the county.
    """
    permissions.require(actor, permissions.LOG)
    records = evidence.visible_to(actor).filter(obj__in=one_of(list(objects))).order_by("-seq")[:MOST_ACTS]
    rows = list(records.values_list(*evidence.ENTRY_COLUMNS, "region"))
    details = dict(Detail.objects.filter(id__in=one_of([row[0] for row in rows], "bigint")).values_list("id", "body"))
    grants: dict[str, list[Grant]] = {}
    numbers = {int(row[4].partition(":")[2]) for row in rows if row[4].startswith("account:")}
    for grant in Grant.objects.filter(account__in=one_of(sorted(numbers), "bigint")):
        grants.setdefault(f"account:{grant.account_id}", []).append(grant)
    known = policy.roles()
    found = []
    for row in rows:
        detail = orjson.loads(bytes(details[row[0]])) if details.get(row[0]) else {}
        entry = evidence.entry_of(row[:-1], detail)
        named = [role for role in str(orjson.loads(bytes(row[1])).get("role", "")).split(",") if role]
        covered = any(
            grant.role in named
            and row[-1].startswith(grant.scope)
            and grant.valid_from <= entry.on
            and (grant.valid_to is None or entry.on < grant.valid_to)
            for grant in grants.get(row[4], ())
        )
        roles = "、".join(known[role].text if role in known else role for role in named)
        found.append(Did(entry, roles, row[-1], covered or not row[4].startswith("account:")))
    return found
