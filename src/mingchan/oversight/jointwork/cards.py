"""What desks tell of joint supervision (工作台): opinions awaited, compensation owed, the auditors' pages."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.oversight.jointwork import permissions
from mingchan.oversight.jointwork.queries import cases, plans


def of_jointwork(actor: Actor, on: date) -> Card | None:
    """The reader's own opinions that are awaited, cases under way, orders unpaid past their term (3.4.2)."""
    if not actor.may(permissions.VIEW, actor.county) and not actor.may(permissions.SEE_CASES, actor.county):
        return None
    figures: list[Figure] = []
    waiting: list[Figure] = []
    lapsed: list[Figure] = []
    if actor.may(permissions.VIEW, actor.county):
        awaited, late, first = plans.waiting(actor, on)
        url = reverse("jointwork:plan", args=[first]) if first and awaited == 1 else reverse("jointwork:plans")
        waiting.append(Figure(_("待签署的监测意见"), awaited - late, tone="warn", url=url))
        lapsed.append(Figure(_("逾期未签署的监测意见"), late, tone="bad", url=url))
    if actor.may(permissions.SEE_CASES, actor.county):
        sums, address = cases.sums(actor), reverse("jointwork:cases")
        figures.append(Figure(_("在办追责案件"), sums.ongoing, url=f"{address}?state=ongoing"))
        owed = sums.ordered_fen - sums.paid_fen
        figures.append(Figure(_("尚欠赔偿"), owed, kind="money", url=f"{address}?state=owed"))
        late_orders = cases.late_orders(actor, on)
        lapsed.append(Figure(_("逾期未缴的赔偿"), late_orders, tone="bad", url=f"{address}?state=owed"))
    return Card(
        "jointwork",
        _("联合监管"),
        _("财政、扶贫、纪检监察、审计按年度跟踪监测，违规追责"),
        "shield-check",
        figures=tuple(figures),
        waiting=tuple(waiting),
        lapsed=tuple(lapsed),
        links=desk.links(
            actor,
            ("jointwork:plans", _("年度跟踪监测"), permissions.VIEW),
            ("jointwork:cases", _("追责"), permissions.SEE_CASES),
            ("jointwork:desk", _("审计工作台"), permissions.PACKAGE),
            ("jointwork:wall", _("条款墙"), permissions.VIEW),
        ),
    )
