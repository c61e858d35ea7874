"""The list (资产清单), its totals, and what is exported of it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.period import today
from mingchan.kernel.ui import bulk
from mingchan.kernel.ui.page import page
from mingchan.kernel.ui.parts import Column
from mingchan.register.assets import queries, words
from mingchan.register.assets.choices import (
    MIXED,
    AssetType,
    Cover,
    Problem,
    RightKind,
    SixClass,
    Status,
    System,
    Tier,
)
from mingchan.register.assets.queries import COUNT_CAP, DEFAULT_SORT, SORTS, Place, RegisterFilter, choosing
from mingchan.register.assets.views import showing

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What an address of the list asks for."""

    filter: RegisterFilter
    sort: str
    after: Place | None
    before: Place | None
    bad: list[str]


def asked(params: QueryDict) -> Asked:
    """Read the list's address. What can't be read is left out and named on the page."""
    found, bad = queries.from_params({**params.dict(), "division": ",".join(filter(None, params.getlist("division")))})
    sort = params.get("sort", DEFAULT_SORT)
    after, before = params.get("after", ""), params.get("before", "")
    return Asked(
        found, sort if sort in SORTS else DEFAULT_SORT, Place.parse(after), Place.parse(before), bad
    )  # fmt: skip


@page("asset.view")
def list_page(request: HttpRequest) -> HttpResponse:
    """The list; htmx gets only what changes with a filter, a sort or a page."""
    want = asked(request.GET)
    actor = request.actor
    count = queries.count(want.filter, actor)
    found = queries.rows(want.filter, actor, want.sort, after=want.after, before=want.before, limit=PAGE, of=count)
    names = queries.names_of(found.rows)
    hidden = [*want.filter.pairs(), ("sort", want.sort)]
    query = urlencode(hidden)
    context = {
        "filter": want.filter,
        "sort": want.sort,
        "bad": [showing.field_labels()[name] for name in want.bad],
        "rows": showing.shown(found.rows, names),
        "previous": found.previous,
        "following": found.next,
        "count": count,
        "many": count > COUNT_CAP,
        "totals": None if count > COUNT_CAP else queries.totals(want.filter, actor, today()),
        "totals_url": f"{reverse('assets:totals')}?{query}",
        "chips": chips_of(want.filter, want.sort),
        "columns": _columns(),
        "export_url": reverse("assets:export"),
        "query": query,
        "hidden": hidden,
        "hints": hints_of(want.filter),
        **_options(actor),
        "bulk_acts": bulk.of("asset", actor),
        "may": {right: actor.may(right) for right in ("asset.register", "asset.correct", "asset.export")},
    }
    fragment = request.htmx and not request.htmx.history_restore_request and request.htmx.target == "register"
    return render(request, "assets/_list.html" if fragment else "assets/list.html", context)


@page("asset.view")
def totals(request: HttpRequest) -> HttpResponse:
    """What `queries.totals` says of everything filtered, asked for after the page when there is much to add up."""
    want = asked(request.GET)
    found = queries.totals(want.filter, request.actor, today())
    return render(request, "assets/_totals.html", {"totals": found})


def _columns() -> list[Column]:
    return [
        Column("name", _("资产"), "text", "code"),
        Column("class", _("分类"), "text"),
        Column("site", _("站点与区划"), "text"),
        Column("quantity", _("数量"), "quantity"),
        Column("cost", _("原值"), "money", "cost"),
        Column("acquired", _("取得日期"), "day", "date"),
        Column("condition", _("使用状况"), "text"),
        Column("owner", _("所有权人"), "text"),
        Column("operator", _("经营权人"), "text"),
        Column("keeper", _("管护责任人"), "text"),
    ]


def chips_of(filter: RegisterFilter, sort: str, target: str = "assets:list") -> list[tuple[str, str, str]]:  # noqa: A002 - the name of the trade
    """The filters in force: what, which value, and the address without it."""
    labels = showing.field_labels()
    words = showing.written(filter, showing.names_for_filter(filter))
    base, empty = reverse(target), RegisterFilter()
    return [
        (
            labels[name],
            text,
            f"{base}?{urlencode([*filter.but(**{name: getattr(empty, name)}).pairs(), ('sort', sort)])}",
        )
        for name, text in words.items()
    ]


def _options(actor: Any) -> dict[str, Any]:
    """What the select boxes and the tree of the filter offer."""
    return {
        "systems": System.choices,
        "tiers": Tier.choices,
        "types": AssetType.choices,
        "classes": SixClass.choices,
        "problems": Problem.choices,
        "right_kinds": RightKind.choices,
        "covers": Cover.choices,
        "statuses": Status.choices,
        "conditions": [
            (word, state.label_en if policy.english() else word) for word, state in policy.conditions().items()
        ],
        "fundings": [(code, source.text) for code, source in policy.funding_sources().items()]
        + [(MIXED, showing.funding_name(MIXED))],
        "divisions": choosing.tree(actor),
        "owners": choosing.holders("owner", actor),
        "operators": choosing.holders("operator", actor),
    }


def hints_of(filter: RegisterFilter) -> list[str]:  # noqa: A002 - the name of the trade
    """What the page says about words too short to search by as a word is."""
    single = [word for word in words.words_of(filter.text) if len(word) == 1]
    letters = "、".join(word for word in single if word.isascii())
    found = []
    if letters:
        found.append(_("“%(words)s”只有一个字母或数字，请至少输入两个") % {"words": letters})
    if len(letters) < len("、".join(single)):
        found.append(_("单个汉字只在资产名称和站点名称中查找，其他内容请至少输入两个字"))
    return found
