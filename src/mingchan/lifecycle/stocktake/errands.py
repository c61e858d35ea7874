"""Stocktake tasks as errands of the field (外业盘点): what a phone takes and brings back.

The contract is `mingchan.kernel.fieldwork`. What a phone brings is kept by `services.take_in`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer, Errand, Event
from mingchan.lifecycle.stocktake import permissions, rules, services
from mingchan.lifecycle.stocktake.choices import TAKING, PlanState
from mingchan.lifecycle.stocktake.models import Assignment, Line, Plan, Task
from mingchan.lifecycle.stocktake.models import Event as Kept
from mingchan.lifecycle.stocktake.services import taking
from mingchan.register.assets.models import Asset
from mingchan.register.labels import queries as labels

KIND = "stocktake_task"
FORMAT = "mingchan-capsule-1"
MOST_ELSEWHERE = 3_000
"""So many assets outside the task a capsule names at most, those of the same town first in their order."""


def _names(task: Task) -> str:
    return task.place or _("未注明地点")


class Provider:
    """Places to be counted, for whoever was assigned to count there."""

    kind = KIND

    def errands(self, *, actor: Actor, on: date) -> Sequence[Errand]:
        """The actor's places of stocktakes under way, the next due first."""
        if actor.account_id is None or not actor.may(permissions.COUNT):
            return []
        mine = Assignment.objects.filter(
            member__account=actor.account_id,
            member__left_on__isnull=True,
            ended_on__isnull=True,
            task__county=actor.county,
            task__plan__state__in=TAKING,
        )
        tasks = list(
            Task.objects.filter(pk__in=mine.values("task")).select_related("plan").order_by("plan__due_on", "pk")
        )
        seen = Kept.objects.filter(task__in=tasks, account=actor.account_id).exclude(code="").order_by()
        done = dict(seen.values_list("task_id").annotate(count=Count("code", distinct=True)))
        return [
            Errand(
                KIND,
                str(task.pk),
                task.plan.title,
                _names(task),
                task.plan.due_on,
                task.line_count,
                min(done.get(task.pk, 0), task.line_count),
            )
            for task in tasks
        ]

    def capsule(self, key: str, *, actor: Actor, on: date) -> Mapping[str, Any]:
        """Everything to count a place without a signal. Raises NotFound, Refusal when nothing is taken in any more."""
        task = _mine(key, actor)
        plan: Plan = task.plan
        if plan.state not in TAKING:
            raise Refusal(
                _("盘点%(number)s现在是“%(state)s”，不能清点")
                % {"number": plan.number, "state": PlanState(plan.state).label},
                clauses=permissions.CLAUSES,
            )
        return capsule_of(task, plan, actor)

    def known(self, key: str, ids: Collection[str], *, actor: Actor) -> set[str]:
        """Which of these events are kept."""
        _mine(key, actor)
        return taking.known_ids(ids)

    def take_in(self, key: str, events: Sequence[Event], *, actor: Actor, on: date) -> Sequence[Answer]:
        """Keep what came in."""
        task = _mine(key, actor)
        return services.take_in(task.pk, events, received_at=period.utc_now(), actor=actor, on=on)


def _mine(key: str, actor: Actor) -> Task:
    task = None
    if key.isascii() and key.isdecimal() and len(key) < 19:
        task = Task.objects.select_related("plan").filter(pk=int(key), county=actor.county).first()
    if task is None or not permissions.counts(actor, task):
        raise NotFound(_("没有指派给您的这项盘点任务"))
    return task


def capsule_of(task: Task, plan: Plan, actor: Actor) -> dict[str, Any]:
    """The capsule of a task, in a handful of statements."""
    places = Task.objects.filter(plan=plan).order_by("pk").values_list("pk", "place")
    rows = list(
        Line.objects.filter(task=task)
        .order_by("code")
        .values_list("code", "name", "model", "unit", "quantity_milli", "keeper__name", "serial_no", "place")
    )
    lines = [
        {
            "code": code,
            "name": name,
            "model": model,
            "unit": unit,
            "quantity": None if plan.is_blind else rules.plain_quantity(milli),
            "place": str(task.pk),
            "keeper": keeper or "",
            "serial": serial,
            "lot": milli != rules.MILLI,
            "photo": None,
        }
        for code, name, model, unit, milli, keeper, serial, _place in rows
    ]
    codes = [row[0] for row in rows]
    elsewhere = Asset.objects.filter(county=plan.county, status="ACTIVE").exclude(
        pk__in=Line.objects.filter(task=task).values("asset")
    )
    if len(task.division_code) >= 9:
        elsewhere = elsewhere.filter(division_code__startswith=task.division_code[:9])
    others = list(elsewhere.order_by("code").values_list("code", "name", "site__name", "place")[:MOST_ELSEWHERE])
    printed = {code: code for code in [*codes, *(row[0] for row in others)]}
    printed |= labels.on_assets(printed, actor.county)
    return {
        "format": FORMAT,
        "kind": KIND,
        "key": str(task.pk),
        "ref": str(task.ref),
        "title": f"{plan.title} {_names(task)}",
        "county": plan.county,
        "base_date": plan.base_on.isoformat(),
        "due": plan.due_on.isoformat(),
        "rules": {
            "blind": plan.is_blind,
            "photo_for": [kind for kind in plan.photo_for.split(",") if kind],
            "signature": plan.needs_signature,
            "position": plan.needs_position,
        },
        "places": [
            {"key": str(pk), "name": name or _("未注明地点")}
            for pk, name in sorted(places, key=lambda row: (row[0] != task.pk, row[0]))
        ],
        "lines": lines,
        "codes": printed,
        "elsewhere": [[code, name, site or place] for code, name, site, place in others],
        "checklists": [],
        "choices": {"conditions": list(policy.conditions())},
    }
