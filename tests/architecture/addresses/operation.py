"""Addresses of operation (经营)."""

from datetime import date
from typing import Any

from mingchan.lifecycle.operation.models import Change, Changed, Claim, Contract, Edition, Insurance, Report
from mingchan.lifecycle.operation.tests import factories as make
from tests.architecture.url_table import ASKED_AGAIN, SHOWN, Row, Things, page

TOWN = "140932100000"
SENT = {302, 303}
FIRST = date(2020, 1, 1)


def _running(things: Things) -> Contract:
    """A contract in force of the sample operator over the card, with a share to be reported."""
    found = Contract.objects.filter(serial=901).first()
    if found is None:
        operator = things.actor("operator").parties("contract.view")[0]
        found = make.contract([things.asset().pk], operator=operator, starts_on=FIRST, division=TOWN, serial=901)
    return found


def _draft(_things: Things) -> Contract:
    """A draft that has no assets yet."""
    found = Contract.objects.filter(serial=902).first()
    if found is None:
        found = Contract.objects.create(
            county="140932", division_code=TOWN, year=2020, serial=902, number="草902", title="草稿",
            lessor_id=make.bureau(), operator_id=make.company(), drafted_on=FIRST, drafted_by="王会计",
        )  # fmt: skip
        Edition.objects.create(county="140932", contract=found, number=1, drafted_on=FIRST, drafted_by="王会计")
    return found


def _insurance(things: Things) -> Insurance:
    contract = _running(things)
    return Insurance.objects.get_or_create(
        county="140932", contract=contract, insurer="人保", number="1", cover="一切险", sum_fen=1, premium_fen=0,
        starts_on=FIRST, last_day=date(2021, 1, 1), noted_on=FIRST, noted_by="王会计",
    )[0]  # fmt: skip


def a_contract(things: Things) -> dict[str, Any]:
    """A contract in force."""
    return {"contract_id": _running(things).pk}


def a_draft(things: Things) -> dict[str, Any]:
    """A contract that is being drafted."""
    return {"contract_id": _draft(things).pk}


def a_policy(things: Things) -> dict[str, Any]:
    """A policy of the contract."""
    return {"insurance_id": _insurance(things).pk}


def a_claim(things: Things) -> dict[str, Any]:
    """A claim under it."""
    found, _new = Claim.objects.get_or_create(
        county="140932", insurance=_insurance(things), happened_on=FIRST, event="进水", claimed_fen=1, noted_on=FIRST,
        noted_by="王会计",
    )  # fmt: skip
    return {"claim_id": found.pk}


def a_report(things: Things) -> dict[str, Any]:
    """A report that waits for its answer."""
    found, _new = Report.objects.get_or_create(
        county="140932", contract=_running(things), starts_on=FIRST, last_day=date(2020, 3, 31), turnover_fen=1,
        profit_fen=1, reported_on=FIRST, reported_by="陈海燕",
    )  # fmt: skip
    return {"report_id": found.pk}


def a_change(things: Things) -> dict[str, Any]:
    """A change of mode that is being decided."""
    found = Change.objects.filter(reason="示例变更").first()
    if found is None:
        found = Change.objects.create(
            county="140932", division_code=TOWN, kind="MODE", mode="LEASE", reason="示例变更", proposed_on=FIRST,
            proposed_by="王会计",
        )  # fmt: skip
        Changed.objects.create(change=found, asset=things.asset())
    return {"change_id": found.pk}


ROWS: dict[str, Row] = {
    "operation:list": page("contract.view"),
    "operation:terms": page("contract.view"),
    "operation:export": page("contract.view"),
    "operation:mine": page("contract.view"),
    "operation:create": page("contract.draft", GET=SHOWN, POST=ASKED_AGAIN),
    "operation:changes": page("contract.view"),
    "operation:propose": page("contract.draft", GET=SHOWN, POST=ASKED_AGAIN),
    "operation:change": page("contract.view", a_change, hidden_from=frozenset({"operator"})),
    "operation:carry_out": page("contract.sign", a_change, POST=SENT),
    "operation:contract": page("contract.view", a_contract),
    "operation:paper": page("contract.view", a_contract),
    "operation:word": page("contract.view", a_contract),
    "operation:signed": page(
        "contract.view", lambda things: a_contract(things) | {"number": 1}, GET={404}, scoped=False
    ),
    "operation:edit": page("contract.draft", a_draft, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:assets": page("contract.draft", a_draft, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:submit": page("contract.draft", a_draft, POST=SENT),
    "operation:drop": page("contract.draft", a_draft, POST=SENT),
    "operation:amend": page("contract.draft", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:renew": page("contract.draft", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:sign": page("contract.sign", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:begin": page("contract.sign", a_contract, POST=SENT),
    "operation:end": page("contract.sign", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:returns": page("contract.sign", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:report": page("turnover.report", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:answer": page("contract.draft", a_report, POST=SENT),
    "operation:insure": page("insurance.manage", a_contract, GET=SHOWN, POST=ASKED_AGAIN),
    "operation:end_insurance": page("insurance.manage", a_policy, POST=SENT),
    "operation:claim": page("insurance.manage", a_policy, POST=SENT),
    "operation:close_claim": page("insurance.manage", a_claim, POST=SENT),
}
