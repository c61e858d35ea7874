"""What desks tell of supervision (工作台): what an office must put right, what waits for review, what is late."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.oversight.supervision import permissions, queries


def of_supervision(actor: Actor, on: date) -> Card | None:
    """Findings of the reader's divisions: own ones to the office that answers, all to who supervises (1.2a, 4.1)."""
    if not actor.may(permissions.VIEW):
        return None
    address = reverse("supervision:list")
    found = queries.counts(actor, on)
    office = permissions.office_of(actor)
    own, late, first = queries.of_office(actor, on, office[0]) if office else (0, 0, None)
    key = office[0] if office else 0
    waiting = [
        Figure(_("本单位待整改的问题"), own, tone="warn", url=f"{address}?state=OPEN&office={key}", next_on=first)
    ]
    lapsed = [Figure(_("本单位逾期未整改"), late, tone="bad", url=f"{address}?state=overdue&office={key}")]
    if actor.may(permissions.REVIEW):
        waiting.append(Figure(_("待复核的整改"), found.to_review, tone="info", url=f"{address}?state=REPORTED"))
        lapsed.append(Figure(_("已提交联合监管"), found.joint, tone="bad", url=f"{address}?state=joint"))
    return Card(
        "supervision",
        _("监督检查"),
        _("系统每夜检查全部资产、合同、收益和处置，问题须整改销号"),
        "shield-check",
        figures=(
            Figure(_("未销号的问题"), found.standing - found.warnings, url=f"{address}?state=standing"),
            Figure(
                _("严重问题"),
                found.high,
                tone="bad" if found.high else "neutral",
                url=f"{address}?state=standing&severity=HIGH",
            ),
            Figure(_("预警"), found.warnings, url=f"{address}?state=standing&severity=WARNING"),
        ),
        waiting=waiting,
        lapsed=lapsed,
        links=desk.links(
            actor,
            ("supervision:list", _("问题清单"), permissions.VIEW),
            ("supervision:goals", _("六个目标"), permissions.VIEW),
        ),
    )
