"""How findings go over time and how old they are (趋势、账龄): from their dated periods."""

from datetime import date, timedelta

from django.db.models import Case as When_
from django.db.models import Count, IntegerField, Q, Value, When

from mingchan.kernel.actor import Actor
from mingchan.oversight.supervision import permissions, rules
from mingchan.oversight.supervision.choices import STANDING, Family, Severity
from mingchan.oversight.supervision.models import Finding, Period


def month_ends(on: date, months: int) -> list[date]:
    """The last days of so many months up to a day; the day itself stands for its own month."""
    found, day = [on], on
    for _month in range(months - 1):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found[::-1]


def trend(actor: Actor, on: date, months: int = 12) -> list[tuple[date, int, int, int]]:
    """For each month: its last day, findings standing then, and how many were opened and closed in it."""
    seen = Finding.objects.filter(permissions.visible_to(actor)).exclude(severity=Severity.WARNING).values("pk")
    days = month_ends(on, months)
    wanted: dict[str, Count] = {}
    for index, day in enumerate(days):
        first = day.replace(day=1)
        still = Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))
        wanted[f"standing{index}"] = Count("pk", filter=still)
        wanted[f"opened{index}"] = Count("pk", filter=Q(opened_on__gte=first, opened_on__lte=day))
        wanted[f"closed{index}"] = Count("pk", filter=Q(closed_on__gte=first, closed_on__lte=day))
    found = Period.objects.filter(finding__in=seen).aggregate(**wanted)
    return [
        (day, found[f"standing{index}"], found[f"opened{index}"], found[f"closed{index}"])
        for index, day in enumerate(days)
    ]


def ages(actor: Actor, on: date) -> list[int]:
    """Standing findings by age: how many in each group of `rules.AGES` and beyond."""
    whens = [
        When(found_on__gte=on - timedelta(days=bound), then=Value(index)) for index, bound in enumerate(rules.AGES)
    ]
    grouped = (
        Finding.objects.filter(permissions.visible_to(actor), state__in=STANDING)
        .annotate(age_group=When_(*whens, default=Value(len(rules.AGES)), output_field=IntegerField()))
        .order_by()
        .values_list("age_group")
        .annotate(count=Count("pk"))
    )
    counted = dict(grouped)
    return [int(counted.get(index, 0)) for index in range(len(rules.AGES) + 1)]


def by_family(actor: Actor) -> list[tuple[str, int, int, int]]:
    """Standing findings of each family: all, grave, warnings."""
    found = Finding.objects.filter(permissions.visible_to(actor), state__in=STANDING).order_by().values_list("family")
    counted = {
        family: (whole, high, warnings)
        for family, whole, high, warnings in found.annotate(
            whole=Count("pk"),
            high=Count("pk", filter=Q(severity=Severity.HIGH)),
            warnings=Count("pk", filter=Q(severity=Severity.WARNING)),
        )
    }
    return [(family, *counted.get(family, (0, 0, 0))) for family in Family.values]
