"""What pages of other contexts show of income (栏目): what a card brought, what a party owes, a contract's dues."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.income import permissions
from mingchan.lifecycle.income.queries import receipts, receivables, yielding
from mingchan.lifecycle.income.queries.receivables import ReceivableFilter
from mingchan.lifecycle.income.views import showing
from mingchan.lifecycle.operation.models import Contract
from mingchan.register.assets.models import Asset


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """What the card brought by year and contract, beside a year's wear; nothing for one that never brought anything."""
    actor = request.actor  # type: ignore[attr-defined]
    if not any(asset.division_code.startswith(scope) for scope in actor.scopes(permissions.VIEW)):
        return None
    rows = yielding.of_asset(asset)
    if not rows:
        return None
    return {
        "rows": [{"row": row, "url": showing.receivables_url(contract=row.contract)} for row in rows],
        "income_fen": sum(row.income_fen for row in rows),
    }


def _figures(wanted: ReceivableFilter, request: HttpRequest) -> dict[str, Any]:
    """Due, settled and overdue of a filter."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    late = ReceivableFilter(contract=wanted.contract, operator=wanted.operator, state="OVERDUE")
    return {
        "totals": receivables.totals(wanted, actor, on),
        "late": receivables.totals(late, actor, on),
        "url": showing.receivables_url(**wanted.parameters()),
        "late_url": showing.receivables_url(**late.parameters()),
    }


def of_party(party: Party, request: HttpRequest) -> Mapping[str, Any] | None:
    """What a party owes and has paid ahead; nothing for one to which nothing was ever billed."""
    found = _figures(ReceivableFilter(operator=party.pk), request)
    if not found["totals"].count:
        return None
    return found | {
        "credit": receipts.credit_of(party.county, party.pk),
        "credit_url": showing.receipts_url(payer=party.pk),
    }


def of_contract(contract: Contract, request: HttpRequest) -> Mapping[str, Any] | None:
    """A contract's receivables with their state, the newest first; nothing while none was issued."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    wanted = ReceivableFilter(contract=contract.pk)
    found = receivables.page(wanted, actor, on, limit=12)
    if not found.rows:
        return None
    return _figures(wanted, request) | {
        "rows": showing.rows(found.rows, on),
        "reminders_url": reverse("income:reminders"),
        "credit": 0,
    }


OF_ASSET = Section("income", _("收益"), "rights", 60, permissions.VIEW, "income/_asset.html", of_asset)
OF_PARTY = Section("income", _("应缴收益"), "", 40, permissions.VIEW, "income/_party.html", of_party)
OF_CONTRACT = Section("income", _("应收和收款"), "", 20, permissions.VIEW, "income/_contract.html", of_contract)
