"""What income gives to desks (工作台): dues to issue, money to claim and remit, arrears, the year to settle."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.lifecycle.income import permissions
from mingchan.lifecycle.income.choices import INCOME_KINDS, LineState, SettlementState
from mingchan.lifecycle.income.models import StatementLine
from mingchan.lifecycle.income.queries import billable, receipts, receivables, years


def of_income(actor: Actor, on: date) -> Card | None:
    """The card of income: what waits for the reader, what is overdue, the figures of the year."""
    if not actor.may(permissions.VIEW):
        return None
    arrears = reverse("income:arrears")
    late = receivables.visible_to(actor).filter(receivables.overdue(on), kind__in=INCOME_KINDS)
    this = years.figures(actor, on.year, on.year)[0]
    lapsed = [Figure(_("欠收款项"), late.count(), tone="bad", url=arrears)]
    waiting: list[Figure] = []
    if actor.may(permissions.BILL, actor.county):
        due = len(billable.unbilled(actor, on))
        waiting.append(Figure(_("待开具的应收"), due, url=reverse("income:issue")))
    if actor.may(permissions.RECEIVE, actor.county):
        lines = StatementLine.objects.filter(county=actor.county, state=LineState.WAITING).count()
        waiting.append(Figure(_("待认领的到账"), lines, url=reverse("income:statement")))
    if permissions.sees_county(actor):
        lapsed += _of_county(actor, on)
        waiting += _to_sign(actor, on)
    return Card(
        "income",
        _("收益"),
        _("应收、收款、上缴和年度清算"),
        "coin",
        figures=(
            Figure(_("本年应收"), this.due_fen, "money", url=reverse("income:receivables")),
            Figure(_("本年实收"), this.received_fen, "money", url=reverse("income:receipts")),
        ),
        links=desk.links(
            actor,
            ("income:overview", _("收益概况"), permissions.VIEW),
            ("income:receive", _("登记收款"), permissions.RECEIVE),
        ),
        waiting=waiting,
        lapsed=lapsed,
    )


def _of_county(actor: Actor, on: date) -> list[Figure]:
    """Money kept back and years not settled (R16, R17)."""
    kept = sum(row.overdue_fen for row in receipts.to_remit(actor.county, on))
    unsettled = sum(row.is_overdue for row in years.settlements(actor.county, on))
    return [
        Figure(
            _("收到超过 %(days)s 天未上缴") % {"days": policy.figure("income.remit_days")},
            kept,
            "money",
            tone="bad",
            url=reverse("income:remittances"),
        ),
        Figure(_("逾期未清算的年度"), unsettled, tone="bad", url=reverse("income:settlements")),
    ]


def _to_sign(actor: Actor, on: date) -> list[Figure]:
    """Settlements that wait for the reader's signature."""
    found = []
    for right, state, label in (
        (permissions.CLEAR, SettlementState.PREPARED, _("待确认的收益清算")),
        (permissions.COUNTERSIGN, SettlementState.CONFIRMED, _("待会签的收益清算")),
    ):
        if actor.may(right, actor.county):
            waiting = [
                row
                for row in years.settlements(actor.county, on)
                if row.settlement is not None and row.settlement.state == state
            ]
            found.append(Figure(label, len(waiting), url=reverse("income:settlements")))
    return found
