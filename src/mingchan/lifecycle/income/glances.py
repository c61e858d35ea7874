"""What income gives to the overview (总览): income by year, and what assets bring by township and mode (2.4.1, 2.5a).

What came in is counted up to the overview's day; what assets bring is that of the last whole year.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import filters
from mingchan.kernel.ui.glance import COUNTY, Glance, Headline, Scope
from mingchan.kernel.ui.parts import Series
from mingchan.lifecycle.income import permissions
from mingchan.lifecycle.income.queries import years, yielding
from mingchan.lifecycle.operation import queries as operation

YEARS = 6
SHOWN = 6


def _figures(scope: Scope, actor: Actor) -> list[years.Figures]:
    last = scope.day.year
    return years.figures(actor, max(years.first_year(actor.county, scope.day), last - YEARS + 1), last)


def _head(scope: Scope, actor: Actor) -> Sequence[Headline]:
    this = _figures(scope, actor)[-1]
    url = f"{reverse('income:receipts')}?year={this.year}"
    return [Headline(_("%(year)s 年收益") % {"year": this.year}, this.received_fen, "money", url=url)]


def _build(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    found = _figures(scope, actor)
    if not any(row.due_fen or row.received_fen for row in found):
        return None
    return {
        "labels": [str(row.year) for row in found],
        "series": [
            Series(_("应收"), [row.due_fen for row in found]),
            Series(_("已收"), [row.received_fen for row in found]),
        ],
        "urls": [f"{reverse('income:receivables')}?year={row.year}" for row in found],
    }


def _say(scope: Scope, actor: Actor) -> Sequence[str]:
    found = [row for row in _figures(scope, actor) if row.due_fen or row.received_fen]
    return [
        _("%(year)s 年应收 %(due)s 元，已收 %(received)s 元，减免 %(reduced)s 元。")
        % {
            "year": row.year,
            "due": filters.yuan(row.due_fen),
            "received": filters.yuan(row.received_fen),
            "reduced": filters.yuan(row.reduced_fen),
        }
        for row in found[-2:]
    ]


def _year(scope: Scope, actor: Actor) -> int:
    return max(scope.day.year - 1, years.first_year(actor.county, scope.day))


def _groups(scope: Scope, actor: Actor, group: str) -> list[tuple[str, yielding.Yield]]:
    rows = yielding.by_group(group, actor, _year(scope, actor))
    if group == "mode":
        return [(operation.mode_label(row.key) if row.key else _("未注明"), row) for row in rows]
    names = directory.division_names(str(row.key or "").ljust(12, "0") for row in rows)
    return [(names.get(str(row.key or "").ljust(12, "0"), _("未注明区划")), row) for row in rows]


def _yields(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    year = _year(scope, actor)
    towns, modes = _groups(scope, actor, "town"), _groups(scope, actor, "mode")
    idle = yielding.idle(actor, year)
    if not towns and not idle:
        return None
    address = f"{reverse('income:yields')}?year={year}&by="
    cuts = [("town", _("按乡镇"), towns if scope.kind == COUNTY else []), ("mode", _("按经营方式"), modes)]
    return {
        "year": year,
        "cuts": [
            {
                "id": f"glance-yield-{name}",
                "title": title,
                "labels": [label for label, _row in rows],
                "series": [
                    Series(_("收益"), [row.income_fen for _label, row in rows]),
                    Series(_("年折旧"), [row.wear_fen for _label, row in rows]),
                ],
                "urls": [address + name] * len(rows),
            }
            for name, title, rows in cuts
            if rows
        ],
        "losses": [(label, row) for label, row in towns if row.is_loss][:SHOWN] if scope.kind == COUNTY else [],
        "address": address,
        "idle_cards": sum(row.count for row in idle),
        "idle_cost": sum(row.cost_fen for row in idle),
    }


def _say_yields(scope: Scope, actor: Actor) -> Sequence[str]:
    year = _year(scope, actor)
    rows = _groups(scope, actor, "mode")
    cost, income = sum(row.cost_fen for _label, row in rows), sum(row.income_fen for _label, row in rows)
    lines = []
    if cost:
        lines.append(
            _("%(year)s 年经营资产原值 %(cost)s 元，收益 %(income)s 元，收益率 %(rate)s。")
            % {
                "year": year,
                "cost": filters.yuan(cost),
                "income": filters.yuan(income),
                "rate": filters.percent(income, cost),
            }
        )
    lines += [
        _("%(mode)s：收益 %(income)s 元，年折旧 %(wear)s 元%(loss)s。")
        % {
            "mode": label,
            "income": filters.yuan(row.income_fen),
            "wear": filters.yuan(row.wear_fen),
            "loss": _("，入不敷出") if row.is_loss else "",
        }
        for label, row in rows
    ]
    idle = yielding.idle(actor, year)
    if idle:
        lines.append(
            _("全年未经营的产业类资产 %(cards)s 项，原值 %(cost)s 元。")
            % {
                "cards": filters.number(sum(row.count for row in idle)),
                "cost": filters.yuan(sum(row.cost_fen for row in idle)),
            }
        )
    return lines


GLANCES = (
    Glance(
        "income", gettext_lazy("历年收益"), "yield", 10, permissions.VIEW, "income/_glance.html", _build,
        head=_head, say=_say,
    ),
    Glance(
        "yields", gettext_lazy("资产效益"), "bring", 20, permissions.VIEW, "income/_glance_yields.html", _yields,
        say=_say_yields,
    ),
)  # fmt: skip
