"""Rows of papers (清单行): the assets of a certificate as confirmed, or their sums; plain values for forms."""

from typing import Any

from django.db.models import Count, Sum

from mingchan.kernel.money import MILLI
from mingchan.register.assets.choices import SixClass, System
from mingchan.register.assets.queries import names_by_key
from mingchan.register.rights.models import Certificate, Member


def rows_of(certificate: Certificate) -> list[dict[str, Any]]:
    """Every asset of a certificate with quantity and cost as confirmed."""
    members = Member.objects.filter(confirmation_id=certificate.confirmation_id).order_by("asset__code")
    columns = (
        "asset__code", "asset__name", "asset__model", "asset__unit", "quantity_milli", "cost_fen", "asset__site_id",
        "asset__division_code",
    )  # fmt: skip
    found = list(members.values_list(*columns))
    names = names_by_key({row[6] for row in found if row[6]}, set(), {row[7] for row in found if row[7]})
    return [
        {
            "code": code, "name": name, "model": model, "unit": unit, "quantity_milli": quantity, "cost_fen": cost,
            "place": names.sites.get(site, "") or names.divisions.get(division, ""),
        }
        for code, name, model, unit, quantity, cost, site, division in found
    ]  # fmt: skip


def sums_of(certificate: Certificate) -> list[dict[str, Any]]:
    """The assets of a certificate too many to list: how many and their cost by system and class."""
    members = Member.objects.filter(confirmation_id=certificate.confirmation_id).order_by()
    grouped = members.values_list("asset__system", "asset__six_class").annotate(n=Count("pk"), c=Sum("cost_fen"))
    return [
        {
            "code": "", "name": f"{System(system).label} · {SixClass(six_class).label}", "model": "", "unit": "项",
            "quantity_milli": count * MILLI, "cost_fen": int(cost), "place": "",
        }
        for system, six_class, count, cost in sorted(grouped)
    ]  # fmt: skip
