"""How revival is written on pages: tones, tabs, the figures behind a reason, nearness (盘活用语)."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.kernel import links
from mingchan.kernel.actor import Actor
from mingchan.kernel.links import Link
from mingchan.kernel.ui import filters
from mingchan.lifecycle.revival import permissions, rules
from mingchan.lifecycle.revival.choices import MONEY, Gauge, Outcome, State, Trigger
from mingchan.lifecycle.revival.models import Measure, Reason
from mingchan.lifecycle.revival.queries import PoolFilter

TONES = {
    State.PROCEDURE: "info", State.APPROVED: "warn", State.ACTING: "info", State.DONE: "good",
    State.REJECTED: "neutral", State.STOPPED: "neutral",
}  # fmt: skip
OUTCOMES = {Outcome.GOOD: "good", Outcome.SOME: "info", Outcome.NONE: "warn"}
TRIGGERS = {Trigger.WEAK: "warn", Trigger.STALLED: "warn", Trigger.IDLE: "bad", Trigger.VACANT: "bad"}


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The pages of revival."""
    pages = [
        ("pool", _("闲置资产池")),
        ("matching", _("调剂匹配")),
        ("measures", _("盘活措施")),
        ("effects", _("成效")),
    ]
    return [
        {"label": label, "url": reverse(f"revival:{name}"), "active": name == active}
        for name, label in pages
        if actor.may(permissions.VIEW)
    ]


def pool_url(wanted: PoolFilter) -> str:
    """The pool, narrowed."""
    query = urlencode(wanted.parameters())
    return reverse("revival:pool") + (f"?{query}" if query else "")


def figures(reason: Reason, on: date) -> str:
    """The figures behind a reason, in one short line."""
    gauge = reason.gauge
    if gauge == Gauge.DAYS:
        end = min(reason.valid_to or on, on)
        return _("已 %(days)s 天（满 %(least)s 天认定）") % {
            "days": filters.number(max((end - reason.since).days, reason.figure)),
            "least": filters.number(reason.against),
        }
    if gauge == Gauge.POINTS:
        return _("得分 %(points)s，合格线 %(passing)s") % {
            "points": points(reason.figure), "passing": points(reason.against),
        }  # fmt: skip
    write = filters.yuan if gauge in MONEY else filters.number
    words = {
        Gauge.INCOME.value: _("上年 %(figure)s 元，前年 %(against)s 元"),
        Gauge.HOUSEHOLDS.value: _("带动 %(figure)s 户，目标 %(against)s 户"),
        Gauge.SALES.value: _("网络零售额 %(figure)s 元，目标 %(against)s 元"),
        Gauge.UPWARD.value: _("农产品上行额 %(figure)s 元，目标 %(against)s 元"),
    }[gauge]
    return words % {"figure": write(reason.figure), "against": write(reason.against)}


def points(value: int | None) -> str:
    """Hundredths of a point as people write them."""
    return filters.NOTHING if value is None else f"{value // 100}.{value % 100:02d}"


def basis(reference: str) -> Link | None:
    """Where what a reason or step rests on is opened."""
    return links.resolve(reference) if reference else None


def nearness(ring: int, metres: int | None) -> str:
    """How near a suggestion is."""
    word = {
        rules.SAME_VILLAGE: _("同村"),
        rules.SAME_TOWN: _("同乡镇"),
        rules.NEXT_TOWN: _("相邻乡镇"),
        rules.ELSEWHERE: _("县内其他乡镇"),
    }[ring]
    if metres is None:
        return word
    tenths = (metres + 50) // 100
    return _("%(ring)s，约 %(km)s 公里") % {"ring": word, "km": f"{tenths // 10}.{tenths % 10}"}


def target(measure: Measure) -> str:
    """Who takes over, or where the things go."""
    if measure.party is not None:
        return measure.party.name
    return measure.site.name if measure.site is not None else ""
