"""What depreciation gives to desks (工作台): the run of last month that is due, and books that were never charged."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.register.depreciation import permissions
from mingchan.register.depreciation.queries import books


def of_runs(actor: Actor, on: date) -> Card | None:
    """The accountant's card, None for everybody else."""
    if not actor.may(permissions.RUN):
        return None
    url = reverse("depreciation:runs")
    return Card(
        "depreciation",
        _("折旧"),
        _("按月计提，计提后才能结账"),
        "calendar",
        waiting=(
            Figure(_("上月折旧未计提的账套"), books.behind(actor, on), url=url),
            Figure(_("尚未开始计提折旧的账套"), books.not_begun(actor), url=url),
        ),
        links=desk.links(
            actor,
            ("depreciation:runs", _("折旧计提"), permissions.VIEW),
            ("depreciation:reconciliation", _("账账账实核对"), permissions.VIEW),
        ),
    )
