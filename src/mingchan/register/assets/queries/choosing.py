"""What can be chosen (可选项): owners, operators, towns, villages and sites that the actor's cards name."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mingchan.foundation.directory.models import Division, Party
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Asset, Site

MOST = 200
"""So many at most are offered; beyond it the search by words serves better."""


def holders(column: str, actor: Actor) -> list[tuple[int, str]]:
    """Parties standing in a holder's column, by name: found by skipping through its index, not by reading the cards.

    Whoever sees only a part of the county is offered nothing: the names would tell what lies outside.
    """
    if column not in ("owner", "user", "operator", "keeper"):
        raise ValueError(column)
    if not actor.everywhere("asset.view"):
        return []
    table = Asset._meta.db_table
    key = f"{column}_id"
    following = f'(SELECT MIN({key}) FROM "{table}" WHERE county = %s AND {key} > seen.id)'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH RECURSIVE seen(id) AS (SELECT MIN({key}) FROM "{table}" WHERE county = %s '  # noqa: S608 - own names
            f"UNION ALL SELECT {following} FROM seen WHERE seen.id IS NOT NULL) "
            f"SELECT id FROM seen WHERE id IS NOT NULL LIMIT {MOST}",
            [actor.county, actor.county],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return sorted(Party.objects.filter(pk__in=ids).values_list("pk", "name"), key=lambda pair: pair[1])


def tree(actor: Actor) -> list[dict[str, Any]]:
    """Today's divisions that the actor reaches as branches (value, label, children): county, towns, villages."""
    found = Division.objects.filter(
        code__startswith=actor.county, level__in=("COUNTY", "TOWN", "VILLAGE"), is_current=True
    ).order_by("code")
    scopes = actor.scopes("asset.view")
    roots: list[dict[str, Any]] = []
    towns_of: dict[str, dict[str, Any]] = {}
    for code, name, level in found.values_list("code", "name", "level"):
        if not any(code.startswith(scope) or (level != "VILLAGE" and scope.startswith(code[:9])) for scope in scopes):
            continue
        branch: dict[str, Any] = {"value": code, "label": name, "children": []}
        parent = towns_of.get(code[:9]) if level == "VILLAGE" else (roots[0] if level == "TOWN" and roots else None)
        if level == "TOWN":
            towns_of[code[:9]] = branch
        (roots if parent is None else parent["children"]).append(branch)
    return roots


def reaches(actor: Actor, code: str) -> bool:
    """Whether a division lies within the actor's divisions, or one of them within it."""
    town = code.rstrip("0") if not code.endswith("000") else code[:9]
    return any(code.startswith(scope) or scope.startswith(town) for scope in actor.scopes("asset.view"))


def sites(actor: Actor, division: str = "") -> list[tuple[int, str]]:
    """Sites of the county, or of a town, by name, without those that are closed."""
    found = Site.objects.filter(county=actor.county, closed_on__isnull=True)
    if division:
        found = found.filter(division_code__startswith=division[:9])
    rows: Sequence[tuple[int, str, str]] = list(
        found.order_by("name").values_list("pk", "name", "division_code")[:1000]
    )
    return [(key, name) for key, name, code in rows if not code or reaches(actor, code)]


def divisions(actor: Actor, right: str) -> list[tuple[str, str]]:
    """Today's county, towns and villages over which the actor holds the right, indented by level."""
    found = Division.objects.filter(code__startswith=actor.county, is_current=True).order_by("code")
    depth = {"COUNTY": "", "TOWN": "　", "VILLAGE": "　　"}
    return [
        (code, f"{depth.get(level, '')}{name}")
        for code, name, level in found.values_list("code", "name", "level")
        if actor.may(right, code)
    ]
