"""What desks tell of inspections and repairs (工作台): rounds due and late, repairs that wait, warranties that end."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.maintenance import permissions, queries


def of_maintenance(actor: Actor, on: date) -> Card | None:
    """The card of inspections and repairs; None for who sees none (2.6.1b)."""
    if not actor.may(permissions.VIEW):
        return None
    rounds, orders = queries.rounds.round_counts(actor, on), queries.orders.order_counts(actor, on)
    ending, first = queries.orders.warranties_ending(actor, on)
    of_rounds, of_orders = reverse("maintenance:rounds"), reverse("maintenance:orders")
    waiting = []
    if actor.may(permissions.ORDER):
        waiting = [
            Figure(_("待派工的报修"), orders.reported, tone="warn", url=f"{of_orders}?state=REPORTED"),
            Figure(_("待验收的维修"), orders.repaired, tone="warn", url=f"{of_orders}?state=REPAIRED"),
        ]
    if actor.may(permissions.INSPECT):
        waiting.append(
            Figure(_("一周内应做的巡查"), rounds.due - rounds.late, tone="info", url=f"{of_rounds}?state=due")
        )
    return Card(
        "maintenance",
        _("巡查维修"),
        _("按周期巡查站点，故障报修、派工、验收，费用入账"),
        "settings",
        figures=(
            Figure(_("维修中"), orders.assigned, url=f"{of_orders}?state=ASSIGNED"),
            Figure(_("本年维修费用"), orders.year_fen, kind="money", url=f"{of_orders}?state=ACCEPTED"),
        ),
        waiting=waiting,
        ending=(
            Figure(_("保修即将到期"), ending, url=f"{reverse('maintenance:warranties')}?state=ending", next_on=first),
        ),
        lapsed=(
            Figure(_("逾期未做的巡查"), rounds.late, tone="bad", url=f"{of_rounds}?state=late"),
            Figure(_("逾期未修好的维修"), orders.late, tone="bad", url=f"{of_orders}?state=late"),
        ),
        links=desk.links(
            actor,
            ("maintenance:orders", _("维修单"), permissions.VIEW),
            ("maintenance:rounds", _("巡查"), permissions.VIEW),
        ),
    )
