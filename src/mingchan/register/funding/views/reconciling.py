"""The reconciliation (勾稽) of project money; upper contexts add how assets and payments agree."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.kernel.ui import sections
from mingchan.kernel.ui.page import page
from mingchan.register.funding import queries
from mingchan.register.funding.views import showing


@page("funding.view")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Received = spent + left and spent = assets + expense, by document and by source, project or year (3.1)."""
    rows = queries.reconciliation(request.actor)
    group = request.GET.get("by", "source")
    group = group if group in queries.GROUPS else "source"
    context = {
        "tabs": showing.tabs("reconciliation"),
        "rows": rows,
        "group": group,
        "groups": _groups(),
        "balances": [_shown(group, row) for row in queries.balances(group, request.actor)],
        "sources": showing.source_names(),
        "uses_url": showing.uses_url,
        "appropriations_url": showing.appropriations_url,
        "problems": [row for row in rows if not row.agrees],
        "total": {
            "received": sum(row.received_fen for row in rows),
            "spent": sum(row.spent_fen for row in rows),
            "left": sum(row.left_fen for row in rows),
            "asset": sum(row.asset_fen for row in rows),
            "expense": sum(row.expense_fen for row in rows),
        },
        "sections": sections.build("reconciliation", group, None, request),
    }
    return render(request, "funding/reconciliation.html", context)


def _groups() -> list[tuple[str, str]]:
    return [("source", _("按资金来源")), ("project", _("按项目")), ("line", _("按子项目")), ("year", _("按年度"))]


def _shown(group: str, row: queries.Balance) -> dict[str, Any]:
    """A balance with the addresses of what each figure counts."""
    parameter = {"source": "funding", "project": "project", "line": "line", "year": "paid_year"}[group]
    if group == "source":
        label = showing.source_names().get(row.key, row.key)
    elif group == "year":
        label = str(row.key) if row.key else _("未注明日期")
    else:
        label = row.label or _("未归入项目")
    received = {"funding": row.key} if group == "source" else {"project": row.key} if group == "project" else {}
    return {
        "row": row,
        "label": label,
        "received_url": showing.appropriations_url(**received),
        "url": showing.uses_url(**{parameter: row.key}),
        "asset_url": showing.uses_url(**{parameter: row.key, "part": "asset"}),
        "expense_url": showing.uses_url(**{parameter: row.key, "part": "expense"}),
        "has_received": group != "line",
    }
