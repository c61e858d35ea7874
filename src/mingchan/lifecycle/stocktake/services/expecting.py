"""What should be there (应盘清单): cards as they stood on the base date, place by place, in a handful of statements."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.stocktake import events, sampling
from mingchan.lifecycle.stocktake.choices import MOST_LINES, PlanKind
from mingchan.lifecycle.stocktake.models import Line, Plan, Task
from mingchan.lifecycle.stocktake.queries.documents import EXPECTED, TASK, lines_digest
from mingchan.lifecycle.stocktake.queries.scoping import cards_of
from mingchan.lifecycle.stocktake.services import keeping

_COPIED = (
    "code", "name", "model", "unit", "quantity_milli", "cost_fen", "division_code", "site_id", "place", "condition",
    "serial_no", "owner_id", "keeper_id",
)  # fmt: skip


def write_down(plan: Plan, *, actor: Actor, on: date) -> dict[str, Any]:
    """Write the lines and tasks of a plan; answers the plan's columns that follow. The caller holds the plan."""
    whole = cards_of(plan, actor, on)
    drawn: Mapping[int, int] | None = None
    sums: dict[str, Any] = {}
    if plan.kind == PlanKind.SAMPLE:
        made = draw(plan, actor, on)
        drawn = made.drawn
        sums = {"interval": made.interval, "whole_count": made.things, "whole_fen": made.fen}
    count = sum(_copy(plan, cards, key, drawn) for cards, key in whole)
    if count == 0:
        raise Refusal(_("盘点范围内没有资产"), clauses=keeping.CLAUSES, field="scope")
    if count > MOST_LINES:
        raise Refusal(_("一次盘点最多 %(count)s 项，请缩小范围") % {"count": MOST_LINES}, field="scope")
    if drawn is not None:
        _weigh(plan.pk, drawn)
    _make_tasks(plan, actor=actor, on=on)
    total = Line.objects.filter(plan=plan).aggregate(fen=Sum("cost_fen"))["fen"] or 0
    sums.setdefault("whole_count", count)
    sums.setdefault("whole_fen", total)
    return {
        "line_count": count,
        "line_fen": total,
        "lines_digest": lines_digest(plan.pk, EXPECTED),
        **sums,
    }


def draw(plan: Plan, actor: Actor, on: date) -> sampling.Draw:
    """Draw the sample of a plan from the cards of its scope on its base date; the same again whenever it is asked."""
    groups = {word: state.counts_as for state in policy.conditions().values() for word in (state.word, *state.synonyms)}
    items = []
    for cards, key in cards_of(plan, actor, on):
        columns = ("cost_fen", "condition", "keeper_id", "site_id", "place", "serial_no")
        for asset, fen, condition, keeper, site, place, serial in cards.order_by().values_list(key, *columns):
            risk = sampling.risk_of(
                condition_group=groups.get(condition, ""),
                has_keeper=keeper is not None,
                has_place=bool(site or place),
                is_serial=bool(serial),
            )
            items.append(sampling.Item(asset, fen, risk))
    if not items:
        return sampling.Draw(1, {}, 0, 0, 0)
    return sampling.draw(items, plan.seed, plan.precision_bp, plan.confidence_percent)


def _copy(plan: Plan, cards: QuerySet[Any], key: str, drawn: Mapping[int, int] | None) -> int:
    """Copy cards into lines by one statement; answers how many."""
    if drawn is not None:
        cards = cards.filter(**{f"{key}__in": one_of(drawn, "bigint")})
    chosen, params = cards.order_by().values_list(key, *_COPIED).query.sql_with_params()
    names = ", ".join(f'"{name}"' for name in ("asset_id", *_COPIED))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO stocktake_line (plan_id, weight, outcome, {names}) "  # noqa: S608 - names of columns
            f"SELECT %s, 0, '', q.* FROM ({chosen}) AS q",
            [plan.pk, *params],
        )
        return int(cursor.rowcount)


def _weigh(plan_id: int, drawn: Mapping[int, int]) -> None:
    """Write the weights of what was drawn."""
    rows = orjson.dumps([[key, weight] for key, weight in drawn.items()]).decode()
    if connection.vendor == "sqlite":
        given = (
            "(SELECT json_extract(value, '$[0]') AS asset_id, json_extract(value, '$[1]') AS weight "
            "FROM json_each(%s)) AS w"
        )
    else:
        given = (
            "(SELECT (value->>0)::bigint AS asset_id, (value->>1)::bigint AS weight "
            "FROM jsonb_array_elements(%s::jsonb)) AS w"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE stocktake_line SET weight = w.weight FROM {given} "  # noqa: S608 - one of two texts above
            "WHERE stocktake_line.plan_id = %s AND stocktake_line.asset_id = w.asset_id",
            [rows, plan_id],
        )


def _make_tasks(plan: Plan, *, actor: Actor, on: date) -> None:
    """A task for each site, and for each place of things that stand at none; then each line gets its task."""
    lines = Line.objects.filter(plan=plan).order_by()
    sums = {"count": Count("pk"), "fen": Sum("cost_fen")}
    sites = lines.filter(site__isnull=False).values_list("site_id", "site__name", "site__division_code")
    places = lines.filter(site__isnull=True).values_list("division_code", "place")
    tasks = [
        Task(
            plan=plan, county=plan.county, division_code=division, site_id=site, place=name, line_count=count,
            line_fen=fen,
        )
        for site, name, division, count, fen in sites.annotate(**sums).order_by("site__division_code", "site_id")
    ] + [
        Task(
            plan=plan, county=plan.county, division_code=division, place=place, line_count=count, line_fen=fen
        )
        for division, place, count, fen in places.annotate(**sums).order_by("division_code", "place")
    ]  # fmt: skip
    keeping.add_all(
        TASK,
        tasks,
        events.TASK_MADE,
        division=keeping.division_of,
        facts={"number": plan.number, "count": len(tasks)},
        actor=actor,
        on=on,
    )
    at_site = "t.site_id = stocktake_line.site_id"
    at_place = "t.site_id IS NULL AND t.division_code = stocktake_line.division_code AND t.place = stocktake_line.place"
    with connection.cursor() as cursor:
        for which, same in (("site_id IS NOT NULL", at_site), ("site_id IS NULL", at_place)):
            cursor.execute(
                "UPDATE stocktake_line SET task_id = (SELECT t.id FROM stocktake_task AS t "  # noqa: S608 - as above
                f"WHERE t.plan_id = %s AND {same}) WHERE plan_id = %s AND {which}",
                [plan.pk, plan.pk],
            )
