"""Rows of income (收益)."""

from datetime import date

from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.drafts import PaperDraft, ReceiptDraft, RemittanceDraft
from mingchan.lifecycle.income.models import Receivable
from mingchan.lifecycle.operation.tests import factories as make
from tests.architecture.url_table import Things

ON, NEXT = date(2020, 7, 15), date(2021, 2, 10)
STATEMENT = "日期,流水号,金额,对方户名\n2020-07-14,L1,5,某人\n"


def fill(things: Things) -> None:
    """A contract billed, paid, remitted, reminded; one due cancelled, one asked to be given up; a year settled."""
    clerk, cashier, reviewer = (things.actor(role) for role in ("bureau_clerk", "cashier", "bureau_reviewer"))
    contract = make.contract([things.asset().pk], operator=make.company("收益示例公司"), serial=921)
    services.issue(date(2020, 7, 31), actor=clerk, on=ON)
    receipt = services.receive(ReceiptDraft(contract.operator_id, 600_000, ON, "农行", "1"), actor=cashier, on=ON)
    services.refund(receipt.pk, 100_000, "T1", "多缴", actor=cashier, on=ON)
    services.remit(RemittanceDraft(receipt.creditor_id, 100_000, ON, "103", "J1"), actor=cashier, on=ON)
    services.take("农行", PaperDraft("对账单.csv", STATEMENT.encode()), actor=cashier, on=ON)
    services.issue(date(2021, 1, 31), actor=clerk, on=date(2020, 10, 9))
    services.remind(contract.operator_id, actor=clerk, on=NEXT)
    open_ones = Receivable.objects.filter(contract=contract, kind="RENT", settled_fen=0).order_by("due_on")
    services.cancel(open_ones[1].pk, "金额有误", actor=clerk, on=NEXT)
    services.ask(open_ones[0].pk, "REMISSION", 100, "停业", actor=clerk, on=NEXT)
    services.prepare(2020, actor=reviewer, on=NEXT)
