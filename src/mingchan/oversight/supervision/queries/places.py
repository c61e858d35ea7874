"""How places do in supervision (监督排名): townships and sites by findings for their assets, and what follows (3.4.2)."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import Substr

from mingchan.foundation.directory.models import Division
from mingchan.kernel.actor import Actor
from mingchan.oversight.supervision import pack, permissions, rules
from mingchan.oversight.supervision.choices import STANDING, Severity
from mingchan.oversight.supervision.models import Finding
from mingchan.register.assets.models import Asset, Site


class PlaceScore(NamedTuple):
    """A township: assets, standing findings by weight, its score in hundredths, whether a talk or cut is proposed."""

    code: str
    name: str
    assets: int
    high: int
    medium: int
    overdue: int
    warnings: int
    points: int
    is_for_talk: bool
    cut_percent: int


class SiteScore(NamedTuple):
    """A site: assets and standing findings about them or itself, with its score in hundredths."""

    id: int
    name: str
    division_code: str
    assets: int
    high: int
    medium: int
    overdue: int
    points: int


def _counted(on: date) -> dict[str, Count]:
    open_ = Q(state__in=STANDING)
    return {
        "high": Count("pk", filter=open_ & Q(severity=Severity.HIGH)),
        "medium": Count("pk", filter=open_ & Q(severity=Severity.MEDIUM)),
        "overdue": Count("pk", filter=open_ & Q(due_on__lt=on) & ~Q(severity=Severity.WARNING)),
        "warnings": Count("pk", filter=open_ & Q(severity=Severity.WARNING)),
    }


def places(actor: Actor, on: date) -> list[PlaceScore]:
    """Townships the actor may see, worst first. Findings of the county's own offices count for no township."""
    town = Substr("division_code", 1, 9)
    scope = Q()
    for prefix in actor.scopes(permissions.VIEW):
        scope |= Q(division_code__startswith=prefix)
    held = dict(
        Asset.objects.filter(scope, county=actor.county, status="ACTIVE")
        .annotate(town=town)
        .order_by()
        .values_list("town")
        .annotate(count=Count("pk"))
    )
    found = {
        row[0]: row[1:]
        for row in Finding.objects.filter(permissions.visible_to(actor), state__in=STANDING)
        .annotate(town=town)
        .order_by()
        .values_list("town")
        .annotate(**_counted(on))
    }
    names = dict(
        Division.objects.filter(level="TOWN", is_current=True, code__startswith=actor.county).values_list(
            "code", "name"
        )
    )
    weights, below, cut = pack.weights(), pack.number("talk_below"), pack.number("cut_percent")
    result = []
    for code, name in names.items():
        key = code[:9]
        if key not in held and key not in found:
            continue
        high, medium, overdue, warnings = found.get(key, (0, 0, 0, 0))
        points = rules.rank_points(held.get(key, 0), high, medium, overdue, weights)
        low = points < below
        result.append(
            PlaceScore(code, name, held.get(key, 0), high, medium, overdue, warnings, points, low, cut if low else 0)
        )
    return sorted(result, key=lambda row: (row.points, -row.high, row.code))


def sites(actor: Actor, on: date, limit: int = 50) -> list[SiteScore]:
    """Sites with standing findings, worst first."""
    found = Finding.objects.filter(permissions.visible_to(actor), state__in=STANDING)
    by_card = {
        row[0]: row[1:]
        for row in found.filter(asset__site__isnull=False)
        .order_by()
        .values_list("asset__site")
        .annotate(**_counted(on))
    }
    own = {
        int(row[0].rpartition(":")[2]): row[1:]
        for row in found.filter(subject__startswith="site:").order_by().values_list("subject").annotate(**_counted(on))
    }
    keys = {*by_card, *own}
    held = dict(
        Asset.objects.filter(site__in=keys, status="ACTIVE").order_by().values_list("site").annotate(count=Count("pk"))
    )
    weights, result = pack.weights(), []
    for key, name, division in Site.objects.filter(pk__in=keys).values_list("pk", "name", "division_code"):
        high, medium, overdue, _warnings = (
            a + b for a, b in zip(by_card.get(key, (0,) * 4), own.get(key, (0,) * 4), strict=True)
        )
        points = rules.rank_points(held.get(key, 0), high, medium, overdue, weights)
        result.append(SiteScore(key, name, division, held.get(key, 0), high, medium, overdue, points))
    return sorted(result, key=lambda row: (row.points, -row.high, row.id))[:limit]
