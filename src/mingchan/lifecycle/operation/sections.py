"""What pages of other contexts show of operation (栏目): an asset's contracts, a party's, a case's subject."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui.bulk import BulkAct
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.operation import permissions, queries, services
from mingchan.lifecycle.operation.choices import Status
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.queries import showing
from mingchan.lifecycle.operation.views import showing as words
from mingchan.register.assets.models import Asset


def _row(contract: Contract) -> dict[str, Any]:
    return {
        "contract": contract,
        "url": reverse("operation:contract", args=[contract.pk]),
        "mode": queries.mode_label(contract.mode) if contract.mode else "—",
        "tone": words.TONES[Status(contract.status)],
    }


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The contracts over an asset and its modes through time; nothing for one that was never let."""
    covered = showing.of_asset(asset.pk, request.actor)  # type: ignore[attr-defined]
    modes = showing.modes_of(asset.pk)
    if not covered and not modes:
        return None
    return {
        "rows": [
            {**_row(row.contract), "first": row.starts_on, "last": row.last_day if row.is_let else None}
            for row in covered
        ],
        "modes": [{"period": period, "mode": queries.mode_label(period.mode)} for period in modes],
    }


def of_party(party: Party, request: HttpRequest) -> Mapping[str, Any] | None:
    """The contracts that a party operates under; nothing for one without any."""
    found = showing.of_party(party.pk, request.actor)  # type: ignore[attr-defined]
    return {"rows": [_row(contract) for contract in found]} if found else None


def of_case(case: Case, _actor: Actor) -> Mapping[str, Any]:
    """What a case is about: a contract with its terms, or a change."""
    found = showing.contract_of(case)
    if found is not None:
        contract, edition = found
        return {
            "contract": contract,
            "edition": edition,
            "mode": queries.mode_label(edition.mode),
            "income": services.income_words(edition),
        }
    change = showing.change_of(case)
    if change is None:
        return {}
    what = change.operator.name if change.operator is not None else queries.mode_label(change.mode)
    return {"change": change, "what": what}


OF_ASSET = Section("operation", _("经营"), "rights", 40, permissions.VIEW, "operation/_asset.html", of_asset)
OF_PARTY = Section("operation", _("经营合同"), "", 30, permissions.VIEW, "operation/_party.html", of_party)
CONTRACT = BulkAct(_("签订经营合同"), "operation:create", permissions.DRAFT, "file-text")
CHANGE = BulkAct(_("变更经营者或方式"), "operation:propose", permissions.DRAFT, "git-branch")
"""Beside the other acts on chosen cards of the register."""
