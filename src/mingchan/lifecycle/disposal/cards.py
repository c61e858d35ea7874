"""What disposal gives to desks (工作台): what may be carried out, money not remitted, appraisals that end (2.6.3)."""

from datetime import date, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.disposal import permissions
from mingchan.lifecycle.disposal.choices import State
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.queries import by_state, listing, standing


def of_disposals(actor: Actor, on: date) -> Card | None:
    """The card of disposals; None for who sees none. Three statements, however many there are."""
    if not actor.may(permissions.VIEW):
        return None
    address = reverse("disposal:list")
    seen = Disposal.objects.filter(permissions.visible_to(actor))
    states = by_state(actor)
    owed = standing.owed(seen)
    late = [row for row in owed if standing.is_late(row, on)]
    inside = standing.appraised(None, on + timedelta(days=listing.SOON_DAYS)).filter(disposal__in=seen)
    over = inside.aggregate(
        soon=Count("pk", filter=Q(valid_to__gte=on)),
        first=Min("valid_to", filter=Q(valid_to__gte=on)),
        over=Count("pk", filter=Q(valid_to__lt=on)),
    )

    def figure(state: str, label: str, value: int, tone: str = "neutral", next_on: date | None = None) -> Figure:
        return Figure(label, value, tone=tone, url=f"{address}?state={state}", next_on=next_on)

    waiting, ending, lapsed = [], [], []
    if actor.may(permissions.PROPOSE):
        waiting.append(figure("DRAFT", _("拟定中的处置方案"), states.get(State.DRAFT, 0), "info"))
    if actor.may(permissions.EXECUTE):
        waiting.append(figure("MAY_PROCEED", _("待实施的处置"), states.get(State.MAY_PROCEED, 0), "warn"))
    if actor.may(permissions.SETTLE):
        first = min((row.since for row in owed if row.since is not None and row not in late), default=None)
        term = timedelta(days=policy.figure("disposal.remit_days"))
        ending.append(
            figure(
                "owing", _("处置收入待上缴"), len(owed) - len(late), "warn", first + term if first is not None else None
            )
        )
    if actor.may(permissions.APPRAISE):
        ending.append(figure("expiring", _("处置评估即将到期"), over["soon"], "warn", over["first"]))
        lapsed.append(figure("expired", _("处置评估已过期"), over["over"], "bad"))
    lapsed.append(figure("overdue", _("处置收入逾期未上缴"), len(late), "bad"))
    running = sum(states.get(state, 0) for state in (State.REVIEW, State.NOTICE))
    return Card(
        "disposals",
        _("资产处置"),
        _("评审、公示、实施和收入上缴"),
        "archive",
        figures=(figure("running", _("办理中"), running + states.get(State.MAY_PROCEED, 0)),),
        links=desk.links(actor, ("disposal:list", _("资产处置"), permissions.VIEW)),
        waiting=waiting,
        ending=ending,
        lapsed=lapsed,
    )
