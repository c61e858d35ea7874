"""What desks tell of labels (工作台): assets without one, labels that wait to be stuck on."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.register.labels import permissions, queries


def of_labels(actor: Actor, on: date) -> Card | None:
    """For those who print or claim labels; None for others (2.6.1b, 3.4.1)."""
    if not (actor.may(permissions.PRINT) or actor.may(permissions.CLAIM)):
        return None
    found, address = queries.counts(actor), reverse("labels:list")
    return Card(
        "labels",
        _("资产标签"),
        _("标签预印、粘贴、扫码认领；破损的换贴"),
        "tag",
        figures=(
            Figure(_("在用标签"), found.live, url=f"{address}?state=LIVE"),
            Figure(_("未认领标签"), found.free, url=f"{address}?state=FREE"),
            Figure(
                _("未贴标签的资产"),
                found.missing,
                tone="warn" if found.missing else "neutral",
                url=reverse("labels:missing"),
            ),
        ),
        links=desk.links(
            actor,
            ("labels:scan", _("扫码"), permissions.VIEW),
            ("labels:batches", _("印制标签"), permissions.PRINT),
        ),
    )
