"""Addresses of what is told and of decision tables (消息、抄送、督办、决策表), and of an account's person."""

from typing import Any

from mingchan.foundation.procedures import queries
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Copy
from tests.architecture.url_table import COUNTY_ONLY, DAY, SHOWN, Row, Things, a_case, a_task, an_account, page

A_TABLE = """code: matter_level
title: 一般事项由谁批
clauses: ["2.4.2c"]
columns:
  - {name: value_fen, type: amount, label: 金额}
rows:
  - {when: {value_fen: "< 5000000"}, then: BUREAU}
  - {when: {value_fen: ">= 5000000"}, then: MEETING}
results: {BUREAU: 县工信局审批, MEETING: 局务会集体研究}
"""


def a_table(things: Things) -> dict[str, Any]:
    """The county's own table."""
    clerk = things.actor("bureau_clerk")
    if "matter_level" not in queries.tables(clerk.county, DAY):
        procedures.add_table(A_TABLE, valid_from=DAY, reason="试行", actor=clerk, on=DAY)
    return {"code": "matter_level"}


def a_copy(things: Things) -> dict[str, Any]:
    """A copy of the matter to the head of the bureau."""
    case = things.case()
    found = Copy.objects.filter(case=case).first()
    if found is None:
        (found,) = procedures.copy(
            case.pk, accounts=[things.account("bureau_head").pk], actor=things.actor("bureau_clerk"), on=DAY
        )
    return {"copy_id": found.pk}


def a_message(_things: Things) -> dict[str, Any]:
    """No message of the reader: whoever asks is led back to the list."""
    return {"message_id": 1}


ROWS: dict[str, Row] = {
    "procedures:copies": page("case.view"),
    "procedures:read_copy": page("case.view", a_copy, POST={302, 404, 409}),
    "procedures:escalated": page("case.view"),
    "procedures:messages": page("case.view"),
    "procedures:see_all": page("case.view", POST={302}),
    "procedures:see": page("case.view", a_message, POST={302}, scoped=False),
    "procedures:copy": page("case.view", a_case, POST={400, 403}, hidden_from=COUNTY_ONLY),
    "procedures:urge": page("case.view", a_task, POST={302, 403, 409}, hidden_from=COUNTY_ONLY),
    "procedures:tables": page("case.view"),
    "procedures:new_table": page("procedure.manage", GET=SHOWN, POST=SHOWN),
    "procedures:table": page("case.view", a_table, scoped=False),
    "procedures:add_table": page("procedure.manage", a_table, POST={400}, scoped=False),
    "directory:account_person": page("account.manage", an_account, POST={400}),
}
