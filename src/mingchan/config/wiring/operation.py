"""Connections of operation (经营)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk, desk, sections
from mingchan.lifecycle.operation import cards, events, queries, services
from mingchan.lifecycle.operation import sections as own_sections
from mingchan.lifecycle.operation.models import Change, Contract
from mingchan.oversight.disclosure import publications
from mingchan.register.assets.queries import summing

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}


def _contract(ref: Ref) -> Link | None:
    found = Contract.objects.filter(pk=ref.id).values_list("number", "title").first()
    return Link(f"{found[0]} {found[1]}", reverse("operation:contract", args=[ref.id])) if found else None


def _change(ref: Ref) -> Link | None:
    found = Change.objects.filter(pk=ref.id).first()
    if found is None:
        return None
    return Link(_("经营变更 %(number)s") % {"number": found.pk}, reverse("operation:change", args=[ref.id]))


def connect() -> None:
    """Make them."""
    links.register("contract", _contract)
    links.register("operation_change", _change)
    holds.register("asset", "operation", queries.holds_on_assets, services.follow_split)
    summing.changed_by(events.OPERATES, events.GIVEN_BACK, events.OPERATOR_CHANGED)
    sections.register("asset", own_sections.OF_ASSET)
    sections.register("party", own_sections.OF_PARTY)
    bulk.register("asset", own_sections.CONTRACT)
    bulk.register("asset", own_sections.CHANGE)
    followed = dict.fromkeys(("operator_change", "mode_change"), services.CHANGE_OUTCOME)
    for code, (approved, rejected, withdrawn) in {"contract": services.CONTRACT_OUTCOME, **followed}.items():
        shown = Outcome(approved, rejected, withdrawn, template="operation/_case.html", subject=own_sections.of_case)
        outcomes.register(code, shown)
        publications.register(code, queries.publication)
    desk.register("contracts", cards.of_contracts, order=20)
