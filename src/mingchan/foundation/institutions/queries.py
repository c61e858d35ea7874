"""Reading the library (制度查询): what is in force on a day, versions, who has read and who still has to."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q

from mingchan.foundation.directory.models import Grant
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.institutions import permissions, rules
from mingchan.foundation.institutions.choices import Standing
from mingchan.foundation.institutions.models import Document, Reading, Version
from mingchan.kernel.actor import Actor

PROTECTED = (
    Protected("institution", Document, label=("title",)),
    Protected("institution_version", Version, label=("document_no",)),
    Protected("institution_reading", Reading),
)
"""What the verifier compares with the log."""
_BY_MODEL = {item.model: item for item in PROTECTED}


def document_of(row: Document | Version | Reading) -> dict[str, Any]:
    """A row as the log holds it."""
    return protection.document(_BY_MODEL[type(row)], row)


class Row(NamedTuple):
    """An institution with the version that counts on the day (or the one to come), and how many have read it."""

    document: Document
    version: Version | None
    standing: str
    versions: int
    read: int
    must: int
    own: str


class Duty(NamedTuple):
    """A version its reader has to read until a day."""

    version: Version
    title: str
    due_on: date
    late: bool


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _roles(version: Version) -> list[str]:
    return version.readers.split()


def must_read(county: str, roles: Iterable[str], on: date) -> dict[str, set[int]]:
    """Accounts that hold each role on a day, by role."""
    found: dict[str, set[int]] = {role: set() for role in roles}
    grants = Grant.objects.filter(
        Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on)),
        account__county=county, account__is_active=True, role__in=list(found),
    )  # fmt: skip
    for role, account in grants.values_list("role", "account_id"):
        found[role].add(account)
    return found


def library(actor: Actor, on: date) -> list[Row]:
    """The county's institutions by field and title, in a fixed number of statements."""
    documents = list(Document.objects.filter(county=actor.county).order_by("field", "title"))
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(document__in=documents).order_by("number"):
        versions.setdefault(version.document_id, []).append(version)
    shown = {key: _shown(found, on) for key, found in versions.items()}
    keys = [version.pk for version in shown.values()]
    own = set(Reading.objects.filter(version__in=keys, account=actor.account_id or 0).values_list("version", flat=True))
    holders = must_read(actor.county, {role for version in shown.values() for role in _roles(version)}, on)
    read = Reading.objects.filter(version__in=keys).values("version").annotate(n=Count("pk"))
    counts = dict(read.values_list("version", "n"))
    rows = []
    for document in documents:
        version = shown.get(document.pk)
        if version is None:
            rows.append(Row(document, None, "", 0, 0, 0, ""))
            continue
        must = set().union(*(holders[role] for role in _roles(version)))
        state = "READ" if version.pk in own else "DUE" if (actor.account_id or 0) in must else ""
        standing = rules.standing(version.valid_from, version.valid_to, on)
        rows.append(
            Row(document, version, standing, len(versions[document.pk]), counts.get(version.pk, 0), len(must), state)
        )
    return rows


def _shown(versions: list[Version], on: date) -> Version:
    """The version in force on the day, else the one to come, else the last."""
    in_force = [one for one in versions if rules.standing(one.valid_from, one.valid_to, on) == Standing.IN_FORCE]
    return in_force[-1] if in_force else versions[-1]


def document(document_id: int, actor: Actor) -> Document:
    """An institution. Raises NotFound."""
    return permissions.document(actor, Document.objects.filter(pk=document_id).first())


def versions(document: Document, on: date) -> list[tuple[Version, str]]:
    """Its versions, newest first, each with how it stands on the day."""
    found = Version.objects.filter(document=document).order_by("-number")
    return [(one, rules.standing(one.valid_from, one.valid_to, on)) for one in found]


def readings(version: Version) -> list[Reading]:
    """Who has read a version, by day."""
    return list(Reading.objects.filter(version=version).order_by("read_on", "id"))


def awaited(version: Version, county: str, on: date) -> list[tuple[str, str]]:
    """Accounts that have to read a version and haven't, as (name, office), by office."""
    holders = must_read(county, _roles(version), on)
    accounts = set().union(*holders.values()) - set(
        Reading.objects.filter(version=version).values_list("account", flat=True)
    )
    names = Grant.objects.filter(account__in=accounts).order_by("account__office__name", "account__name")
    return list(dict.fromkeys(names.values_list("account__name", "account__office__name")))


def duties(actor: Actor, on: date) -> list[Duty]:
    """What the actor still has to read, the earliest term first."""
    roles = {grant.role for grant in actor.grants}
    if actor.account_id is None or not roles:
        return []
    unread = Version.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), document__county=actor.county, read_by__isnull=False
    ).exclude(pk__in=Reading.objects.filter(account=actor.account_id).values("version"))
    return [
        Duty(one, one.document.title, one.read_by, one.read_by < on)
        for one in unread.select_related("document").order_by("read_by", "pk")
        if one.read_by is not None and roles & set(_roles(one))
    ]


def by_clause(county: str, on: date) -> dict[str, list[tuple[int, str]]]:
    """Institutions in force on a day by the clause they carry out, as (id, title)."""
    found: dict[str, list[tuple[int, str]]] = {}
    in_force = Version.objects.filter(_in_force(on), document__county=county).select_related("document")
    for version in in_force.order_by("document__title"):
        for clause in version.document.clauses.split():
            found.setdefault(clause, []).append((version.document_id, version.document.title))
    return found
