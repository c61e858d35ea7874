"""What disclosure gives to desks (工作台): drafts, boards to photograph, objections to answer, what is late (4.3)."""

from datetime import date, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.oversight.disclosure import permissions
from mingchan.oversight.disclosure.choices import NoticeState
from mingchan.oversight.disclosure.queries import listing

SOON_DAYS = 3
"""A notice that ends within so many days stands among what runs out."""


def of_notices(actor: Actor, on: date) -> Card | None:
    """The card of notices and objections; None for who sees none."""
    if not actor.may(permissions.VIEW):
        return None
    notices = listing.notice_counts(actor, on)
    address = reverse("disclosure:list")

    def figure(tab: str, label: str, tone: str = "neutral") -> Figure:
        return Figure(label, notices[tab], tone=tone, url=f"{address}?tab={tab}")

    waiting, lapsed = [], []
    if actor.may(permissions.PUBLISH):
        waiting.append(figure(listing.DRAFTS, _("待发布的公示稿"), "info"))
        lapsed.append(figure(listing.TO_CLOSE, _("期满还没有办结的公示"), "warn"))
    if actor.may(permissions.POST):
        waiting.append(figure(listing.TO_POST, _("待张贴留证的公示"), "warn"))
    if actor.may(permissions.SEE_OBJECTIONS):
        found = listing.objection_counts(actor, on)
        objections = reverse("disclosure:objections")
        if actor.may(permissions.HANDLE):
            open_ones = Figure(_("待办理的异议"), found[listing.OPEN], tone="warn", url=f"{objections}?tab=open")
            waiting.append(open_ones)
        late = Figure(_("超期未答复的异议"), found[listing.OVERDUE], tone="bad", url=f"{objections}?tab=overdue")
        lapsed.append(late)
    soon = listing.visible_to(actor).filter(
        state=NoticeState.PUBLISHED, last_day__gte=on, last_day__lte=on + timedelta(days=SOON_DAYS)
    )
    return Card(
        "notices",
        _("公示与异议"),
        _("公示期、张贴留证、异议办理"),
        "file-text",
        figures=(figure(listing.RUNNING, _("公示中")),),
        links=desk.links(
            actor,
            ("disclosure:list", _("公示"), permissions.VIEW),
            ("disclosure:objections", _("异议"), permissions.SEE_OBJECTIONS),
        ),
        waiting=waiting,
        ending=(
            Figure(
                _("3 天内到期的公示"),
                soon.count(),
                url=f"{address}?tab={listing.RUNNING}",
                next_on=soon.aggregate(first=Min("last_day"))["first"],
            ),
        ),
        lapsed=lapsed,
    )
