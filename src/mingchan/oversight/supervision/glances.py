"""What supervision gives to the overview (总览): goals as scores, families of risk, how findings go (1.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import filters
from mingchan.kernel.ui.glance import TOWN, Glance, Headline, Scope
from mingchan.kernel.ui.parts import Series
from mingchan.oversight.supervision import permissions, queries
from mingchan.oversight.supervision.choices import Family


def _list(scope: Scope, **more: str) -> str:
    parts = {"state": "standing", **more, **({"town": scope.key} if scope.kind == TOWN else {})}
    return f"{reverse('supervision:list')}?{'&'.join(f'{name}={value}' for name, value in parts.items())}"


def _goals_of(scope: Scope, actor: Actor) -> list[queries.Goal]:
    return queries.goals(actor, scope.day, scope.key if scope.kind == TOWN else "")


def _goals(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    found = _goals_of(scope, actor)
    return {"goals": [(goal, _points(goal.points), [one for one in goal.parts if one.missing]) for goal in found]}


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100 // 10}"


def _say_goals(scope: Scope, actor: Actor) -> Sequence[str]:
    lines = []
    for goal in _goals_of(scope, actor):
        missing = "、".join(
            _("未达到“%(part)s”%(count)s 项") % {"part": one.label, "count": filters.number(one.missing)}
            for one in goal.parts
            if one.missing
        )
        words = _("%(goal)s：%(points)s 分，%(missing)s。") if missing else _("%(goal)s：%(points)s 分。")
        lines.append(words % {"goal": goal.title, "points": _points(goal.points), "missing": missing})
    return lines


def _head(scope: Scope, actor: Actor) -> Sequence[Headline]:
    found = queries.counts(actor, scope.day)
    note = _("严重 %(high)s，逾期 %(overdue)s") % {"high": found.high, "overdue": found.overdue}
    tone = "bad" if found.high else "neutral"
    standing = found.standing - found.warnings
    return [Headline(_("未销号的问题"), standing, unit=_("个"), url=_list(scope), tone=tone, note=note)]


def _families(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    rows = [
        (Family(family).label, whole, high, warnings, _list(scope, family=family))
        for family, whole, high, warnings in queries.by_family(actor)
    ]
    return {"rows": rows} if any(row[1] for row in rows) else None


def _say_families(scope: Scope, actor: Actor) -> Sequence[str]:
    found = queries.counts(actor, scope.day)
    parts = [
        _("%(family)s %(count)s 个（严重 %(high)s 个）")
        % {"family": Family(family).label, "count": filters.number(whole - warnings), "high": filters.number(high)}
        for family, whole, high, warnings in queries.by_family(actor)
        if whole - warnings
    ]
    if not parts:
        return [_("没有未销号的问题。")]
    head = _("未销号的问题 %(standing)s 个，其中严重 %(high)s 个、逾期 %(overdue)s 个；另有预警 %(warnings)s 个。") % {
        "standing": filters.number(found.standing - found.warnings),
        "high": filters.number(found.high),
        "overdue": filters.number(found.overdue),
        "warnings": filters.number(found.warnings),
    }
    return [head, _("按类别：%(parts)s。") % {"parts": "、".join(parts)}]


def _trend(scope: Scope, actor: Actor) -> Mapping[str, Any] | None:
    rows = queries.trend(actor, scope.day)
    if not any(standing or opened or closed for _day, standing, opened, closed in rows):
        return None
    return {
        "labels": [f"{day.year}-{day.month:02d}" for day, *_counts in rows],
        "series": [
            Series(_("月末未销号"), [standing for _day, standing, _opened, _closed in rows]),
            Series(_("当月发现"), [opened for _day, _standing, opened, _closed in rows]),
            Series(_("当月销号"), [closed for _day, _standing, _opened, closed in rows]),
        ],
    }


def _say_trend(scope: Scope, actor: Actor) -> Sequence[str]:
    (_first, before, _opened, _closed), (_last, now, opened, closed) = queries.trend(actor, scope.day, 2)
    return [
        _("上月末未销号 %(before)s 个，本月发现 %(opened)s 个、销号 %(closed)s 个，现有 %(now)s 个。")
        % {"before": before, "opened": opened, "closed": closed, "now": now}
    ]


GLANCES = (
    Glance(
        "goal-scores", gettext_lazy("六个目标"), "goals", 10, permissions.VIEW, "supervision/_glance_goals.html",
        _goals, head=_head, say=_say_goals, instead_of="goals",
    ),
    Glance(
        "families", gettext_lazy("风险"), "risk", 10, permissions.VIEW, "supervision/_glance_families.html", _families,
        say=_say_families,
    ),
    Glance(
        "findings-trend", gettext_lazy("问题走势"), "trend", 10, permissions.VIEW, "supervision/_glance_trend.html",
        _trend, knows_past=True, say=_say_trend,
    ),
)  # fmt: skip
