"""How distribution is written on pages: tabs, tones, names of divisions, refusals beside their form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.distribution import permissions
from mingchan.lifecycle.distribution.choices import PaymentStatus, PlanStatus, PolicyStatus, RosterStatus

PLAN_TONES = {
    PlanStatus.DRAFT: "neutral",
    PlanStatus.PROPOSED: "info",
    PlanStatus.FILED: "warn",
    PlanStatus.DONE: "good",
    PlanStatus.REJECTED: "bad",
    PlanStatus.WITHDRAWN: "neutral",
}
POLICY_TONES = {PolicyStatus.DRAFT: "warn", PolicyStatus.FILED: "good", PolicyStatus.DROPPED: "neutral"}
PAYMENT_TONES = {PaymentStatus.ISSUED: "warn", PaymentStatus.PAID: "good", PaymentStatus.RETURNED: "bad"}
ROSTER_TONES = {RosterStatus.PREVIEW: "warn", RosterStatus.APPLIED: "good", RosterStatus.DISCARDED: "neutral"}


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The pages of distribution that the actor may open."""
    pages = [
        ("overview", _("分配概况"), permissions.VIEW),
        ("plans", _("分配方案"), permissions.VIEW),
        ("policies", _("分配办法"), permissions.VIEW),
        ("households", _("受益户"), permissions.VIEW_HOUSEHOLDS),
        ("rosters", _("名册导入"), permissions.IMPORT),
    ]
    return [
        {"label": label, "url": reverse(f"distribution:{name}"), "active": name == active}
        for name, label, right in pages
        if actor.may(right)
    ]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of divisions by their codes."""
    return directory.division_names(set(codes))


def tell(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal beside its field. Raises it again when it says that the thing isn't there or isn't theirs."""
    if refusal.status != Refusal.status:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
