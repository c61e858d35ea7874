"""The pool of idle assets, and where they could be of use (闲置资产池、调剂匹配, 2.6.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.ui.page import page
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import Trigger
from mingchan.lifecycle.revival.queries import PoolFilter
from mingchan.lifecycle.revival.queries import matching as offers
from mingchan.lifecycle.revival.queries import pool as reading
from mingchan.lifecycle.revival.views import words
from mingchan.register.assets.choices import System, Tier

SHOWN = 200


@page(permissions.VIEW)
def pool(request: HttpRequest) -> HttpResponse:
    """Idle assets with the figures that brought them there, as of today or a past day."""
    actor, on = request.actor, request.on
    wanted = PoolFilter.read(request.GET.dict())
    sort = request.GET.get("sort", "")
    sort = sort if sort in reading.SORTS else reading.DEFAULT_SORT
    rows, reasons, following = reading.page(wanted, actor, sort=sort, after=request.GET.get("after", ""))
    totals = reading.totals(wanted, actor)
    codes = {row.division_code for row in rows} | {f"{town}000" for town in reading.towns(actor)}
    divisions = directory.division_names(codes)
    context = {
        "tabs": words.tabs("pool", actor),
        "stats": [
            (share, Trigger(share.key).label, words.pool_url(PoolFilter(trigger=share.key, day=wanted.day)))
            for share in reading.by_trigger(actor, wanted.day)
        ],
        "rows": rows,
        "reasons": {
            spell: [(reason, words.figures(reason, on), words.basis(reason.basis)) for reason in found]
            for spell, found in reasons.items()
        },
        "tones": words.TRIGGERS,
        "totals": totals,
        "following": following,
        "wanted": wanted,
        "chosen": len(wanted.parameters()),
        "sort": sort,
        "triggers": Trigger.choices,
        "systems": System.choices,
        "tiers": Tier.choices,
        "busy": [("no", _("尚无措施")), ("yes", _("措施办理中"))],
        "towns": [(town, divisions.get(f"{town}000", town)) for town in reading.towns(actor)],
        "divisions": divisions,
        "may_propose": bool(actor.scopes(permissions.PROPOSE)) and not wanted.day,
    }
    return render(request, "revival/pool.html", context)


@page(permissions.VIEW)
def matching(request: HttpRequest) -> HttpResponse:
    """Idle things for the sites that lack such things, the nearest first."""
    actor = request.actor
    found = offers.matched(actor)
    town, item = request.GET.get("town", ""), request.GET.get("item", "")
    rows = [
        row for row in found.rows if (not town or row.site_division.startswith(town)) and (not item or row.item == item)
    ]
    divisions = directory.division_names(
        {row.site_division for row in rows[:SHOWN]}
        | {row.card.division_code for row in rows[:SHOWN]}
        | {f"{row.site_division[:9]}000" for row in found.rows}
    )
    towns = sorted({row.site_division[:9] for row in found.rows})
    context = {
        "tabs": words.tabs("matching", actor),
        "found": found,
        "rows": [(row, words.nearness(row.ring, row.metres)) for row in rows[:SHOWN]],
        "count": len(rows),
        "shown": SHOWN,
        "towns": [(code, divisions.get(f"{code}000", code)) for code in towns],
        "items": [(name, name) for name in sorted({row.item for row in found.rows})],
        "chosen": bool(town) + bool(item),
        "divisions": divisions,
        "may_propose": bool(actor.scopes(permissions.PROPOSE)),
    }
    return render(request, "revival/matching.html", context)
