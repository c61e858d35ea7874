"""Addresses of income (收益)."""

from datetime import date
from typing import Any

from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.drafts import PaperDraft, ReceiptDraft
from mingchan.lifecycle.income.models import Receipt, Receivable, Reminder, StatementLine
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.tests import factories as make
from tests.architecture.url_table import DAY, DONE, SHOWN, Row, Things, page

FIRST = date(2020, 1, 1)
BACK = {302, 303}
FORM = {400, 422}
ELSEWHERE = frozenset({"town_keeper", "operator"})
"""Roles that see income of other divisions or of another party only."""
COUNTY = frozenset({"town_keeper", "operator"})
"""Roles that see less than the county's income."""
VIEW, BILL, RECEIVE = "income.view", "income.bill", "income.receive"
STATEMENT = "日期,流水号,金额,对方户名\n2020-03-01,L1,5,某人\n"


def _contract(_things: Things) -> Contract:
    """A contract of an operator without an account, billed up to the day of the tests."""
    found = Contract.objects.filter(serial=911).first()
    if found is None:
        operator = make.company("应收示例公司", "140932000000")
        found = make.contract([], operator=operator, starts_on=FIRST, division="140932000000", serial=911)
        services.issue(DAY, actor=_things.actor("bureau_clerk"), on=DAY)
    return found


def a_receivable(things: Things) -> dict[str, Any]:
    """A quarter's rent."""
    row = Receivable.objects.filter(contract=_contract(things), kind="RENT").earliest("due_on")
    return {"receivable_id": row.pk}


def a_receipt(things: Things) -> dict[str, Any]:
    """Money that came in for it."""
    contract = _contract(things)
    found = Receipt.objects.filter(payer=contract.operator).first()
    if found is None:
        draft = ReceiptDraft(contract.operator_id, 100, DAY, "农行", "1")
        found = services.receive(draft, actor=things.actor("cashier"), on=DAY)
    return {"receipt_id": found.pk}


def a_reminder(things: Things) -> dict[str, Any]:
    """A demand for what is open."""
    contract = _contract(things)
    found = Reminder.objects.filter(operator=contract.operator).first()
    if found is None:
        found = services.remind(contract.operator_id, actor=things.actor("bureau_clerk"), on=DAY)
    return {"reminder_id": found.pk}


def a_line(things: Things) -> dict[str, Any]:
    """A line of a bank statement."""
    found = StatementLine.objects.first()
    if found is None:
        paper = PaperDraft("对账单.csv", STATEMENT.encode())
        services.take("农行", paper, actor=things.actor("cashier"), on=DAY)
        found = StatementLine.objects.get()
    return {"line_id": found.pk}


def a_year(_things: Things) -> dict[str, Any]:
    """The year before."""
    return {"year": DAY.year - 1}


ROWS: dict[str, Row] = {
    "income:overview": page(VIEW),
    "income:receivables": page(VIEW),
    "income:export_receivables": page(VIEW),
    "income:issue": page(BILL, GET=SHOWN, POST=FORM),
    "income:receivable": page(VIEW, a_receivable, hidden_from=ELSEWHERE),
    "income:cancel": page(BILL, a_receivable, POST=BACK),
    "income:ask": page(BILL, a_receivable, POST=BACK),
    "income:return_deposit": page(RECEIVE, a_receivable, POST=BACK),
    "income:receipts": page(VIEW),
    "income:export_receipts": page(VIEW),
    "income:receive": page(RECEIVE, GET=SHOWN, POST=FORM),
    "income:receipt": page(VIEW, a_receipt, hidden_from=ELSEWHERE),
    "income:use_credit": page(RECEIVE, a_receipt, POST=BACK),
    "income:refund": page(RECEIVE, a_receipt, POST=BACK),
    "income:return_payment": page(RECEIVE, a_receipt, POST=BACK),
    "income:statement": page(RECEIVE, GET=SHOWN, POST=FORM),
    "income:claim": page(RECEIVE, a_line, POST=BACK),
    "income:set_aside": page(RECEIVE, a_line, POST=BACK),
    "income:arrears": page(VIEW),
    "income:reminders": page(VIEW),
    "income:remind": page(BILL, POST=BACK),
    "income:reminder": page(VIEW, a_reminder, hidden_from=ELSEWHERE),
    "income:deliver": page(BILL, a_reminder, POST=BACK),
    "income:remittances": page(VIEW),
    "income:remit": page("income.remit", POST=BACK),
    "income:settlements": page(VIEW, hidden_from=COUNTY),
    "income:settlement": page(VIEW, a_year, scoped=False, hidden_from=COUNTY),
    "income:prepare": page("income.clear", a_year, scoped=False, POST=DONE),
    "income:confirm": page("income.clear", a_year, scoped=False, POST=BACK),
    "income:countersign": page("income.countersign", a_year, scoped=False, POST=BACK),
    "income:send_back": page(VIEW, a_year, scoped=False, POST=BACK),
    "income:reconciliation": page(VIEW, hidden_from=COUNTY),
    "income:yields": page(VIEW, hidden_from=COUNTY),
}
