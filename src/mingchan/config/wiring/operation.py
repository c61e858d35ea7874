"""Connections of operation (经营)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.procedures import outcomes
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import events, queries, services
from mingchan.lifecycle.operation.models import Change, Contract
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
    contract = services.CONTRACT_OUTCOME
    outcomes.register("contract", Outcome(*contract))
    for code in ("operator_change", "mode_change"):
        outcomes.register(code, Outcome(*services.CHANGE_OUTCOME))
