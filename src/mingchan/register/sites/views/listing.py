"""The list of sites (站点清单), its map by town, and its export."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import format_quantity
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Tile
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.queries import choosing
from mingchan.register.sites import permissions, queries, services, sheets
from mingchan.register.sites.choices import Doubt, State
from mingchan.register.sites.queries import SiteFilter
from mingchan.register.sites.views import words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked(request: HttpRequest) -> tuple[SiteFilter, str]:
    """The filter and the order that an address asks for."""
    sort = request.GET.get("sort", queries.DEFAULT_SORT)
    found = queries.from_params(request.GET.dict(), request.GET.getlist("division"))
    return found, sort if sort in queries.SORTS else queries.DEFAULT_SORT


@page("asset.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """Sites inside a filter, with what they hold and lack (2.1.2)."""
    actor = request.actor
    want, sort = asked(request)
    found = queries.rows(want, actor, sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "filter": want,
        "sort": sort,
        "rows": found.rows,
        "previous": found.previous,
        "following": found.following,
        "totals": queries.totals(want, actor) if queries.are_at_hand(actor) else None,
        "totals_url": f"{reverse('sites:totals')}?{want.query()}",
        "tiles": _tiles(want, actor),
        "chips": _chips(want),
        "labels": words.values(),
        "kinds": words.kind_choices(),
        "systems": System.choices,
        "tiers": Tier.choices,
        "states": State.choices,
        "doubts": Doubt.choices,
        "operators": choosing.holders("operator", actor),
        "divisions": choosing.tree(actor),
        "kind_text": queries.standards.kind_text,
        "state_text": words.state_text,
        "tones": words.TONES,
        "cards_url": words.cards_url,
        "list_url": words.list_url,
        **_links(want),
        "may": {
            right: actor.may(right) for right in (permissions.MANAGE, permissions.EXPORT, permissions.SPLIT)
        },
    }  # fmt: skip
    return render(request, "sites/list.html", context)


@page("asset.view")
def totals(request: HttpRequest) -> HttpResponse:
    """The figures above the list, asked for after the page when there is much to add up."""
    want, _sort = asked(request)
    context = {"totals": queries.totals(want, request.actor), **_links(want)}
    return render(request, "sites/_totals.html", context)


def _links(want: SiteFilter) -> dict[str, str]:
    """Where the figures lead."""
    return {"lacking_url": _with(want, "LACKING"), "unkept_url": _with(want, "NO_KEEPER"), "query": want.query()}


def _with(want: SiteFilter, doubt: str) -> str:
    return f"{reverse('sites:list')}?{want.but(doubt=doubt).query()}"


def _chips(want: SiteFilter) -> list[tuple[str, str, str]]:
    labels, texts = words.field_labels(), words.values()
    base, empty = reverse("sites:list"), SiteFilter()
    names = directory.division_names(want.division.split(",")) if want.division else {}
    found = []
    for name, value in want.params().items():
        field = "text" if name == "q" else name
        text = texts.get(name, {}).get(value, value)
        if name == "division":
            text = "、".join(names.get(code, code) for code in value.split(","))
        elif name == "operator":
            text = directory.party_names([int(value)]).get(int(value), value)
        url = f"{base}?{want.but(**{field: getattr(empty, field)}).query()}"
        found.append((labels[name], text, url))
    return found


def _tiles(want: SiteFilter, actor: Actor) -> list[Tile]:
    """How many of the filtered sites stand in each town, on the county's grid."""
    counted = queries.by_town(want.but(division=""), actor)
    names = directory.division_names(f"{town}000" for town in counted)
    places = policy.tile_places()
    columns = max((col for col, _row in places.values()), default=3) + 1
    below = max((row for _col, row in places.values()), default=-1) + 1
    loose = [town for town in sorted(counted) if town not in places]
    spots = dict(places) | {code: (at % columns, below + at // columns) for at, code in enumerate(loose)}
    return [
        Tile(
            names.get(f"{town}000", town),
            *spots[town],
            count,
            _("%(count)s 个") % {"count": count},
            f"{reverse('sites:list')}?{want.but(division=f'{town}000').query()}",
        )
        for town, count in sorted(counted.items())
    ]


@page("asset.export")
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the sites that the list shows, as a workbook; recorded as an act."""
    actor = request.actor
    want, sort = asked(request)
    texts = words.values()
    counted = [0]

    def lines() -> Iterator[list[Any]]:
        for number, row in enumerate(queries.every_row(want, actor, sort), start=1):
            counted[0] = number
            yield [
                number, row.name, queries.standards.kind_text(row.kind or row.proposed), row.division,
                texts["system"].get(row.system, row.system), texts["tier"].get(row.tier, row.tier),
                words.state_text(row.state), row.operator, row.keeper, row.holding.cards,
                format_quantity(row.holding.quantity_milli), row.holding.cost_fen, "、".join(row.holding.lacking),
            ]  # fmt: skip

    title = f"{policy.county_name()}{_('站点清单')}"
    content = sheets.workbook(title, _headings(), lines(), (11,))
    text = "；".join(f"{label} {value}" for label, value, _url in _chips(want))
    services.record_export(counted[0], text, actor=actor, on=request.on)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="sites-{request.on:%Y%m%d}.xlsx"'
    return response


def _headings() -> list[str]:
    return [
        _("序号"), _("站点名称"), _("站点类型"), _("所在区划"), _("建设体系"), _("层级"), _("站点状态"), _("经营主体"),
        _("管护责任人"), _("资产卡片"), _("数量"), _("原值（元）"), _("缺少的配置"),
    ]  # fmt: skip
