"""Gaps of rights (权属状况): each kind whole, short or missing, by system and town, now or on a past day (2.3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.ui.page import page
from mingchan.register.assets.choices import Cover, Problem, RightKind, System
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.rights import permissions
from mingchan.register.rights.queries import batches, gaps
from mingchan.register.rights.queries.gaps import Cell
from mingchan.register.rights.views.framing import day_in, tabs

PROBLEMS = {
    "OWNERSHIP": Problem.NO_OWNER,
    "USE": Problem.NO_USER,
    "OPERATION": Problem.NO_OPERATOR,
    "INCOME": Problem.NO_INCOME,
    "SUPERVISION": Problem.NO_SUPERVISION,
    "CUSTODY": Problem.NO_KEEPER,
}
"""The list's own word for a kind of right without holder."""


@page("asset.view")
def coverage(request: HttpRequest) -> HttpResponse:
    """Counts by kind × (whole, short, missing), and missing by system and by town; each figure opens its list."""
    day, bad_day = day_in(request)
    found = gaps.coverage(request.actor, request.on, day)
    towns = list(gaps.towns(found))
    names = directory.division_names(town.ljust(12, "0") for town in towns)
    kinds = list(RightKind)
    context = {
        "tabs": tabs("coverage"),
        "day": day,
        "bad_day": bad_day,
        "total": next(iter(found.total.values())),
        "rows": [_row(kind, found.total[kind], RegisterFilter(as_of=day)) for kind in kinds],
        "kinds": [(kind, kind.label) for kind in kinds],
        "systems": [
            (System(system).label, _line(kinds, found.by_system, system, RegisterFilter(as_of=day, system=system)))
            for system in System.values
            if any((kind.value, system) in found.by_system for kind in kinds)
        ],
        "towns": [
            (
                names.get(town.ljust(12, "0"), town),
                _line(kinds, found.by_town, town, RegisterFilter(as_of=day, division=town)),
            )
            for town in towns
        ],
        "waiting": batches.by_state(request.actor),
        "may_propose": request.actor.may(permissions.PROPOSE),
        "list_url": reverse("assets:list"),
    }
    return render(request, "rights/coverage.html", context)


def _link(asked: RegisterFilter) -> str:
    return f"{reverse('assets:list')}?{asked.query()}"


def _missing(kind: str, asked: RegisterFilter) -> str:
    return _link(asked.but(problem=PROBLEMS[kind].value))


def _row(kind: RightKind, cell: Cell, asked: RegisterFilter) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "label": kind.label,
        "cell": cell,
        "whole_url": _link(asked.but(right=kind.value, cover=Cover.WHOLE.value)),
        "partial_url": _link(asked.but(right=kind.value, cover=Cover.PARTIAL.value)),
        "none_url": _missing(kind, asked),
        "propose_url": f"{reverse('rights:propose')}?{asked.but(problem=PROBLEMS[kind].value).query()}&all=1",
    }


def _line(
    kinds: list[RightKind], cells: dict[tuple[str, str], Cell], part: str, asked: RegisterFilter
) -> dict[str, Any]:
    """One system or town: all its cards, and for each kind those without a whole right."""
    count = max((cells[kind.value, part].count for kind in kinds if (kind.value, part) in cells), default=0)
    return {
        "count": count,
        "url": _link(asked),
        "gaps": [
            (
                cells[kind.value, part].none,
                _missing(kind, asked),
                cells[kind.value, part].partial,
                _link(asked.but(right=kind.value, cover=Cover.PARTIAL.value)),
            )
            for kind in kinds
        ],
    }
