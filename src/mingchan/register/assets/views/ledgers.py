"""Ledgers by item and by year (分项、分年度台账): each figure leads to its cards; the whole against the books."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingchan.kernel.ui.page import page
from mingchan.register.assets import queries
from mingchan.register.assets.choices import SixClass, System, Tier
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.queries.ledgers import Figure
from mingchan.register.assets.views.listing import asked, chips_of
from mingchan.register.assets.views.showing import labels

YEARS = 12
"""The newest years stand in columns of their own; what is older is in the whole."""


@dataclass
class Line:
    """One line of the ledger: its place in the order, its names, its sums, and its cost by year."""

    level: int
    names: tuple[str, str, str]
    filter: RegisterFilter
    count: int = 0
    quantity_milli: int = 0
    cost_fen: int = 0
    years: dict[int, int] = field(default_factory=dict)

    def add(self, figure: Figure) -> None:
        self.count += figure.count
        self.quantity_milli += figure.quantity_milli
        self.cost_fen += figure.cost_fen
        self.years[figure.year] = self.years.get(figure.year, 0) + figure.cost_fen


@page("asset.view")
def ledger(request: HttpRequest) -> HttpResponse:
    """System × tier × class × year of the filtered cards, with sums; the whole county against the general ledger."""
    want = asked(request.GET)
    actor = request.actor
    found = queries.figures(want.filter, actor)
    years = sorted({figure.year for figure in found}, reverse=True)[:YEARS]
    whole = actor.may("asset.view", actor.county) and actor.may("ledger.view", actor.county) and want.filter.is_empty()
    comparison = queries.against_ledger(actor) if whole else None
    differences = queries.differences(actor) if comparison is not None and not comparison.is_equal else []
    base = reverse("assets:list")
    context = {
        "lines": [
            (
                line,
                f"{base}?{line.filter.query()}",
                [(_fen(line, year), _link(base, line.filter, year)) for year in years],
            )
            for line in lines_of(found, want.filter)
        ],
        "years": [year or "—" for year in years],
        "comparison": comparison,
        "class_names": labels(SixClass),
        "differences": differences,
        "chips": chips_of(want.filter, want.sort, "assets:ledger"),
        "as_of": want.filter.as_of,
    }
    return render(request, "assets/ledger.html", context)


def _fen(line: Line, year: int) -> int | None:
    return line.years.get(year)


def _link(base: str, asked_for: RegisterFilter, year: int) -> str:
    return f"{base}?{asked_for.but(year_from=year, year_to=year).query()}"


def lines_of(figures: list[Figure], asked_for: RegisterFilter) -> list[Line]:
    """Lines by system, tier and class, each system and the whole with its sum (小计、合计)."""
    systems, tiers, classes = labels(System), labels(Tier), labels(SixClass)
    total = Line(0, ("", "", ""), asked_for)
    sums: dict[str, Line] = {}
    parts: dict[str, dict[tuple[str, str], Line]] = {}
    for figure in figures:
        system, tier, kind = figure.system, figure.tier, figure.six_class
        if system not in sums:
            sums[system] = Line(1, (systems[system], "", ""), asked_for.but(system=system))
            parts[system] = {}
        line = parts[system].get((tier, kind))
        if line is None:
            line = Line(
                2,
                (systems[system], tiers[tier], classes[kind]),
                asked_for.but(system=system, tier=tier, six_class=kind),
            )
            parts[system][tier, kind] = line
        for target in (total, sums[system], line):
            target.add(figure)
    order, ranks, kinds = System.values, Tier.values, SixClass.values
    found: list[Line] = []
    for system in sorted(sums, key=order.index):
        found += [
            parts[system][key]
            for key in sorted(parts[system], key=lambda key: (ranks.index(key[0]), kinds.index(key[1])))
        ]
        found.append(sums[system])
    return [*found, total]
