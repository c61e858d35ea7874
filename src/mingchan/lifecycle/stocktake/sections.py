"""What stocktakes show on pages of others (盘点栏目): in an asset's dossier, on a case, on desks."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.stocktake import permissions, queries
from mingchan.lifecycle.stocktake.choices import DifferenceKind, Outcome
from mingchan.lifecycle.stocktake.models import Plan
from mingchan.register.assets.models import Asset

OUTCOME_TONES = {"": "neutral", "MATCH": "good", "DIFFERS": "warn", "MISSING": "bad", "UNSEEN": "warn"}


def _of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The stocktakes in which the asset was counted, with what was found."""
    rows = queries.of_asset(asset.pk, request.actor)  # type: ignore[attr-defined]
    if not rows:
        return None
    return {"rows": rows, "outcomes": dict(Outcome.choices), "tones": OUTCOME_TONES}


OF_ASSET = Section("stocktakes", _("清查盘点"), "rights", 70, permissions.VIEW, "stocktake/_asset.html", _of_asset)


def of_case(case: Case, _actor: Actor) -> Mapping[str, Any]:
    """What a case is about: the stocktake's figures, its differences by kind and what was decided."""
    plan = Plan.objects.filter(case=case).first()
    if plan is None:
        return {"plan": None}
    return {
        "plan": plan,
        "summary": queries.summary(plan),
        "kinds": [
            (DifferenceKind(kind).label, every, left) for kind, (every, left) in queries.by_kind(plan.pk).items()
        ],
    }


def of_desk(actor: Actor, on: date) -> desk.Card | None:
    """Places to count, stocktakes to check, differences to settle, and last year's stocktake that is missing."""
    if not any(actor.may(right) for right in (permissions.VIEW, permissions.COUNT)):
        return None
    found = queries.waiting(actor, on)
    plans = reverse("stocktake:list")
    waiting = [
        desk.Figure(_("待清点的地点"), found.tasks, url=reverse("stocktake:mine"), next_on=found.first_due),
        desk.Figure(_("待复核的盘点"), found.to_check, url=f"{plans}?state=CHECKING"),
        desk.Figure(_("待处理的盘点差异"), found.to_settle, url=f"{plans}?state=SETTLING"),
    ]
    if actor.may(permissions.APPROVE):
        waiting.append(desk.Figure(_("待批准的盘点方案"), found.to_approve, url=f"{plans}?state=DRAFT"))
    ending: list[desk.Figure] = []
    lapsed = [desk.Figure(_("逾期未办结的盘点"), found.late, tone="bad", url=f"{plans}?state=overdue")]
    if actor.may(permissions.PLAN) or actor.may(permissions.APPROVE):
        year = queries.yearly(actor, on)
        where = plans if year.begun or not actor.may(permissions.PLAN) else reverse("stocktake:new")
        if not year.closed and on > year.deadline:
            lapsed.append(desk.Figure(_("上年资产清查逾期未完成"), 1, tone="bad", url=where))
        elif not year.begun:
            waiting.append(desk.Figure(_("上年资产清查尚未拟定方案"), 1, url=where, next_on=year.deadline))
        elif not year.closed and year.deadline - on <= timedelta(days=desk.SOON_DAYS):
            ending.append(desk.Figure(_("上年资产清查即将到期"), 1, url=where, next_on=year.deadline))
    return desk.Card(
        "stocktake",
        _("清查盘点"),
        _("定期清查盘点，账物相符"),
        "scale",
        links=desk.links(
            actor,
            ("stocktake:list", _("盘点方案"), permissions.VIEW),
            ("stocktake:mine", _("我的盘点任务"), permissions.COUNT),
        ),
        waiting=tuple(waiting),
        ending=tuple(ending),
        lapsed=tuple(lapsed),
    )
