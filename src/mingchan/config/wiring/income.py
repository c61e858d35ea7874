"""Connections of income (收益)."""

from django.urls import reverse

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, glance, sections
from mingchan.lifecycle.disposal.queries import performing
from mingchan.lifecycle.income import duties, glances
from mingchan.lifecycle.income import sections as own_sections
from mingchan.lifecycle.income.models import Receipt, Receivable, Reminder, Remittance
from mingchan.lifecycle.income.queries import documents, reconciling, yielding
from mingchan.lifecycle.income.services import remissions

PROTECTED: tuple[Protected, ...] = documents.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {
    "income.Receivable.settled_fen": "the sum of its entries, kept by a trigger; the check of income adds it up again",
    "income.Receipt.used_fen": "the sum of its entries and refunds, kept by a trigger; the check adds it up again",
    "income.ReminderLine.id": "the row's own number means nothing; a line is known by reminder and receivable",
    "income.SettlementLine.id": "the row's own number means nothing; a line is known by year, contract and holder",
}


def _receivable(ref: Ref) -> Link | None:
    found = Receivable.objects.filter(pk=ref.id).first()
    return Link(found.label, reverse("income:receivable", args=[ref.id])) if found else None


def _receipt(ref: Ref) -> Link | None:
    found = Receipt.objects.filter(pk=ref.id).first()
    return Link(found.label, reverse("income:receipt", args=[ref.id])) if found else None


def _remittance(ref: Ref) -> Link | None:
    found = Remittance.objects.filter(pk=ref.id).first()
    return Link(found.label, reverse("income:remittances")) if found else None


def _reminder(ref: Ref) -> Link | None:
    found = Reminder.objects.filter(pk=ref.id).first()
    return Link(found.label, reverse("income:reminders")) if found else None


def connect() -> None:
    """Make them."""
    protection.register_check(documents.faults)
    protection.register_check(reconciling.faults)
    links.register("receivable", _receivable)
    links.register("receipt", _receipt)
    links.register("remittance", _remittance)
    links.register("reminder", _reminder)
    outcomes.register("remission", Outcome(on_approved=remissions.on_approved))
    sections.register("asset", own_sections.OF_ASSET)
    sections.register("party", own_sections.OF_PARTY)
    sections.register("contract", own_sections.OF_CONTRACT)
    desk.register("income", duties.of_income, order=30)
    performing.register("income", yielding.performing)
    for one in glances.GLANCES:
        glance.register(one)
