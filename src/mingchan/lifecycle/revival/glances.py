"""What revival gives to the overview (总览): idle assets by reason and town, measures and what they brought (2.6.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import filters
from mingchan.kernel.ui.glance import COUNTY, SITE, TOWN, Glance, Headline, Scope
from mingchan.kernel.ui.parts import Series
from mingchan.lifecycle.revival import permissions
from mingchan.lifecycle.revival.choices import OPEN, State, Trigger
from mingchan.lifecycle.revival.queries import PoolFilter, effects, measures, pool
from mingchan.lifecycle.revival.queries.pool import Share
from mingchan.lifecycle.revival.views import words


def _day(scope: Scope) -> str:
    return scope.day.isoformat() if scope.is_past else ""


def _wanted(scope: Scope, **more: Any) -> PoolFilter:
    where: dict[str, Any] = {}
    if scope.kind == TOWN:
        where["town"] = scope.key
    if scope.kind == SITE:
        where["site"] = int(scope.key)
    return PoolFilter(day=_day(scope), **where, **more)


def _whole(scope: Scope, actor: Actor) -> Share:
    site = int(scope.key) if scope.kind == SITE else None
    return pool.whole(actor, _day(scope), site=site)


def _by_trigger(scope: Scope, actor: Actor) -> list[Share]:
    site = int(scope.key) if scope.kind == SITE else None
    return pool.by_trigger(actor, _day(scope), site=site)


def _head(scope: Scope, actor: Actor) -> Sequence[Headline]:
    whole = _whole(scope, actor)
    note = _("原值 %(cost)s 万元") % {"cost": filters.wan(whole.cost_fen)} if whole.cards else ""
    return [
        Headline(
            _("闲置资产"), whole.cards, unit=_("项"), url=words.pool_url(_wanted(scope)),
            tone="warn" if whole.cards else "good", note=note,
        )
    ]  # fmt: skip


def _build(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    shares = _by_trigger(scope, actor)
    rows = [
        (Trigger(share.key).label, share, words.pool_url(_wanted(scope, trigger=share.key)))
        for share in shares
        if share.cards
    ]
    counts = measures.by_state(actor) if scope.kind != SITE and not scope.is_past else {}
    listed = reverse("revival:measures")
    return {
        "rows": rows,
        "labels": [str(label) for label, _share, _url in rows],
        "series": [Series(_("资产"), [share.cards for _label, share, _url in rows])],
        "urls": [url for _label, _share, url in rows],
        "measures": [
            (State(state).label, counts[state], f"{listed}?state={state}", words.TONES[State(state)])
            for state in (*OPEN, State.DONE.value)
            if counts.get(state)
        ],
    }


def _say(scope: Scope, actor: Actor) -> Sequence[str]:
    whole = _whole(scope, actor)
    if not whole.cards:
        return [_("没有闲置资产。")]
    parts = [
        _("%(reason)s %(cards)s 项") % {"reason": Trigger(share.key).label, "cards": filters.number(share.cards)}
        for share in _by_trigger(scope, actor)
        if share.cards
    ]
    lines = [
        _("闲置资产 %(cards)s 项，入池时原值 %(cost)s 元，其中%(parts)s（一项资产可有几种情形）。")
        % {"cards": filters.number(whole.cards), "cost": filters.yuan(whole.cost_fen), "parts": "、".join(parts)}
    ]
    if scope.kind == SITE or scope.is_past:
        return lines
    counts = measures.by_state(actor)
    lines.append(
        _("盘活措施办理中 %(open)s 项，已落实 %(done)s 项。")
        % {
            "open": filters.number(sum(counts.get(state, 0) for state in OPEN)),
            "done": filters.number(counts.get(State.DONE.value, 0)),
        }
    )
    lines += [
        _("%(days)s 天成效评价 %(reviews)s 项：在用 %(before)s 项变为 %(after)s 项，收益 %(was)s 元变为 %(now)s 元。")
        % {
            "days": one.days,
            "reviews": filters.number(one.reviews),
            "before": filters.number(one.used_before),
            "after": filters.number(one.used_after),
            "was": filters.yuan(one.income_before_fen),
            "now": filters.yuan(one.income_after_fen),
        }
        for one in effects.sums(actor)
    ]
    return lines


GLANCE = Glance(
    "revival", gettext_lazy("闲置与盘活"), "idle", 10, permissions.VIEW, "revival/_glance.html", _build,
    frozenset({COUNTY, TOWN, SITE}), knows_past=True, head=_head, say=_say,
)  # fmt: skip
