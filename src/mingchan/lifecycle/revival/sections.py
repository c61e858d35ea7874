"""What revival shows on pages of others (盘活栏目): on an asset, a case, a desk, and the way from the register."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import State
from mingchan.lifecycle.revival.queries import PoolFilter, effects, measures, pool
from mingchan.lifecycle.revival.views import words
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The asset's times in the pool with their reasons, and its measures; nothing for one that was never idle."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    spells, found = pool.spells_of(asset.pk), measures.of_asset(asset.pk, actor)
    if not spells and not found:
        return None
    return {
        "spells": [
            (spell, [(reason, words.figures(reason, on)) for reason in spell.reasons.all()]) for spell in spells
        ],
        "measures": [(row, words.target(row), words.TONES[State(row.state)]) for row in found],
        "tones": words.TRIGGERS,
    }


def of_case(case: Case, _actor: Actor) -> Mapping[str, Any]:
    """What a case is about: the measure, its assets and their cost."""
    found = measures.of_case(case)
    if found is None:
        return {}
    count, cost = measures.size(found)
    return {"measure": found, "target": words.target(found), "count": count, "cost": cost}


OF_ASSET = Section("revival", _("盘活"), "rights", 50, permissions.VIEW, "revival/_asset.html", of_asset)
BULK = BulkAct(_("提出盘活措施"), "revival:propose", permissions.PROPOSE, "refresh")
"""Beside the other acts on chosen cards of the register."""


def of_desk(actor: Actor, on: date) -> desk.Card | None:
    """The pool, what waits to be carried out, and effects to be looked at."""
    if not actor.scopes(permissions.VIEW):
        return None
    whole, counts = pool.whole(actor), measures.by_state(actor)
    listed = reverse("revival:measures")
    waiting, ending = [], []
    if actor.may(permissions.PROPOSE):
        waiting.append(
            desk.Figure(
                _("待落实的盘活措施"), counts.get(State.APPROVED, 0), tone="warn", url=f"{listed}?state=APPROVED"
            )
        )
    if actor.may(permissions.REVIEW):
        awaited = effects.awaited(actor)
        due = [row for row in awaited if row.due_on <= on]
        soon = [row for row in awaited if on < row.due_on <= on + timedelta(days=desk.SOON_DAYS)]
        results = reverse("revival:effects")
        waiting.append(desk.Figure(_("待评价的盘活成效"), len(due), tone="warn", url=f"{results}#due"))
        ending.append(
            desk.Figure(_("60 天内到期的成效评价"), len(soon), url=results, next_on=soon[0].due_on if soon else None)
        )
    return desk.Card(
        "revival",
        _("资产盘活"),
        _("闲置资产、盘活措施和成效"),
        "refresh",
        figures=(
            desk.Figure(_("闲置资产"), whole.cards, tone="warn", url=words.pool_url(PoolFilter())),
            desk.Figure(_("落实中的措施"), counts.get(State.ACTING, 0), url=f"{listed}?state=ACTING"),
        ),
        links=desk.links(
            actor,
            ("revival:pool", _("闲置资产池"), permissions.VIEW),
            ("revival:matching", _("调剂匹配"), permissions.VIEW),
        ),
        waiting=tuple(waiting),
        ending=tuple(ending),
    )
