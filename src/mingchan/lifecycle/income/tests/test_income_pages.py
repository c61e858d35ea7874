"""Pages of income, asked for by accounts of the sample county."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.directory.models import Account, Grant
from mingchan.lifecycle.income.models import (
    Receipt,
    Receivable,
    Reminder,
    Remission,
    Remittance,
    Settlement,
    StatementLine,
)
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import issue, receive
from mingchan.register.assets.tests.factories import party

TODAY = date(2021, 2, 10)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: TODAY)


@pytest.fixture
def let(sample_county):
    """A contract billed until the end of 2020, of which the deposit and half a quarter's rent came in."""
    made = make.contract(make.cards(2, life_months=72))
    issue(date(2020, 12, 31))
    receive(made.operator_id, 350_000)
    return made


def _text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def _send(client, route, data, *args):
    answer = client.post(reverse(route, args=args), data, follow=True)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return answer.content.decode()


@pytest.mark.parametrize(
    "route",
    ["overview", "receivables", "receipts", "arrears", "reminders", "remittances", "settlements", "reconciliation",
     "yields"],
)  # fmt: skip
def test_every_page_opens_empty_and_filled(route, sample_county, log_in, request):
    client = log_in("bureau_head")
    _text(client.get(reverse(f"income:{route}")))
    request.getfixturevalue("let")
    assert "收益" in _text(client.get(reverse(f"income:{route}")))


def test_the_overview_leads_from_every_number_to_its_list(let, log_in):
    page = _text(log_in("bureau_head").get(reverse("income:overview") + "?year=2020"))
    assert reverse("income:arrears") in page
    assert f"{reverse('income:receivables')}?age=D180" in page
    assert f"{reverse('income:receipts')}?year=2020" in page
    assert "4,500.00" in page, "600 thousand fen due without the deposit, 150 came in"


def test_receivables_are_issued_once_from_the_preview(let, log_in):
    client = log_in("bureau_clerk")
    page = _text(client.get(reverse("income:issue"), {"until": "2021-03-31"}))
    assert "RENT" not in page
    assert "将开具 1 笔" in page
    done = _send(client, "income:issue", {"until": "2021-03-31", "count": "1"})
    assert "已开具应收 1 笔" in done
    answer = client.post(reverse("income:issue"), {"until": "2021-03-31", "count": "1"})
    assert "没有需要开具的应收" in _text(answer, 422)
    answer = client.post(reverse("income:issue"), {"until": "2021-06-30", "count": "7"})
    assert "刚有变动" in _text(answer, 422)


def test_the_cashier_records_money_as_chosen(let, log_in):
    client = log_in("cashier")
    row = Receivable.objects.filter(kind="RENT").latest("due_on")
    page = _text(client.get(reverse("income:receive"), {"payer": let.operator_id}))
    assert row.label in page
    data = {
        "payer": let.operator_id, "fen": "1,000.50", "received_on": "2021-02-09", "bank_account": "农行6228",
        "voucher_no": "W1", f"part_{row.pk}": "900.50",
    }  # fmt: skip
    page = _send(client, "income:receive", data)
    receipt = Receipt.objects.latest("pk")
    row.refresh_from_db()
    assert (receipt.fen, receipt.credit_fen, row.settled_fen) == (100_050, 10_000, 90_050)
    assert receipt.label in page
    again = client.post(reverse("income:receive"), data)
    assert "已登记过收款" in _text(again, 422)
    page = _send(client, "income:use_credit", {}, receipt.pk)
    assert "抵缴 100.00 元" in page
    page = _send(client, "income:return_payment", {"reason": "退票"}, receipt.pk)
    assert "已冲回" in page


def test_money_goes_to_the_treasury_and_back(let, log_in):
    client = log_in("cashier")
    data = {
        "payer": make.bureau(),
        "fen": "1500",
        "remitted_on": "2021-02-10",
        "treasury_account": "103",
        "voucher_no": "J1",
    }
    assert "已登记上缴2021-000001" in _send(client, "income:remit", data)
    assert Remittance.objects.get().fen == 150_000
    assert "待上缴 0.00" in _send(client, "income:remit", data | {"fen": "1", "voucher_no": "J2"})
    deposit = Receivable.objects.get(kind="DEPOSIT")
    data = {"fen": "2000", "voucher_no": "T1", "reason": "期满"}
    assert "已登记退还保证金" in _send(client, "income:return_deposit", data, deposit.pk)


def test_a_reminder_is_issued_printed_and_delivered(let, log_in):
    client = log_in("bureau_clerk")
    assert "已开具催缴2021-0001" in _send(client, "income:remind", {"payer": let.operator_id})
    made = Reminder.objects.get()
    answer = client.get(reverse("income:reminder", args=[made.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    data = {"delivered_on": "2021-02-10", "delivery": "IN_PERSON", "delivered_to": "李经理"}
    assert "李经理" in _send(client, "income:deliver", data, made.pk)


def test_a_request_to_give_up_goes_into_a_case(let, log_in):
    client = log_in("bureau_clerk")
    row = Receivable.objects.filter(kind="RENT").latest("due_on")
    data = {"kind": "REMISSION", "fen": "500", "reason": "停业"}
    page = _send(client, "income:ask", data, row.pk)
    assert Remission.objects.get().case.reference in page
    assert "办理中" in page
    other = Receivable.objects.filter(kind="RENT").earliest("due_on")
    assert "不超过未收数" in _send(client, "income:ask", data | {"fen": "99999"}, other.pk)


def test_a_wrong_receivable_is_cancelled_on_its_page(let, log_in):
    row = Receivable.objects.filter(kind="RENT").latest("due_on")
    page = _send(log_in("accountant"), "income:cancel", {"reason": "重复"}, row.pk)
    assert "已作废" in page


def test_a_year_is_prepared_confirmed_and_countersigned(let, log_in):
    assert "已编制" in _send(log_in("bureau_reviewer"), "income:prepare", {"note": ""}, 2020)
    digest = {"digest": Settlement.objects.get().digest}
    assert log_in("finance").post(reverse("income:confirm", args=[2020]), digest).status_code == 403
    assert "待财政局会签" in _send(log_in("bureau_reviewer"), "income:confirm", digest, 2020)
    assert "退回重新编制" in _send(log_in("finance"), "income:send_back", {"reason": "补充"}, 2020)
    _send(log_in("bureau_reviewer"), "income:confirm", digest, 2020)
    page = _send(log_in("finance"), "income:countersign", digest, 2020)
    assert "清算完成" in page
    assert digest["digest"] in page


CSV = "日期,流水号,金额,对方户名\n2021-02-01,L1,2000,晋西电子商务有限公司\n2021-02-02,L2,5,某人\n"


def test_a_statement_is_claimed_on_its_page(let, log_in):
    client = log_in("cashier")
    file = io.BytesIO(CSV.encode())
    file.name = "对账单.csv"
    page = _send(client, "income:statement", {"bank_account": "农行6228", "paper": file})
    assert "建议：户名相同" in page
    line, other = StatementLine.objects.order_by("pk")
    assert "已登记收款" in _send(client, "income:claim", {"payer": let.operator_id}, line.pk)
    assert "非本业务" in _send(client, "income:set_aside", {"reason": "错汇"}, other.pk)


def test_the_lists_and_their_workbooks_are_the_same(let, log_in):
    client = log_in("bureau_clerk")
    for name, rows in (("receivables", 3), ("receipts", 1)):
        answer = client.get(reverse(f"income:export_{name}"))
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        found = list(sheet.iter_rows(values_only=True))
        assert len(found) == rows + 1
        assert found[1][0].startswith("应收" if name == "receivables" else "收款")


def test_lists_ask_as_often_for_many_as_for_few(let, log_in):
    client = log_in("bureau_head")
    routes = [reverse(f"income:{name}") for name in ("receivables", "receipts", "arrears", "overview", "settlements")]
    for route in routes:
        client.get(route)
    few = []
    for route in routes:
        with CaptureQueriesContext(connection) as asked:
            client.get(route)
        few.append(len(asked))
    for n in range(6):
        more = make.contract([], operator=party(f"公司{n}", "COMPANY"), serial=n + 2)
        issue(date(2020, 12, 31), date(2020, 7, 20))
        receive(more.operator_id, 1_000, f"N{n}", date(2020, 7, 21))
    for route, count in zip(routes, few, strict=True):
        with CaptureQueriesContext(connection) as asked:
            client.get(route)
        assert len(asked) <= count, route


def test_an_operator_sees_its_own_on_a_phone_and_nothing_of_the_county(let, log_in):
    other = make.contract([], operator=party("另一公司", "COMPANY"), serial=2)
    issue(date(2020, 12, 31), date(2020, 7, 20))
    receive(other.operator_id, 1_000, "X1", date(2020, 7, 21))
    account = Account.objects.get(username="operator")
    Grant.objects.filter(account=account).update(party=let.operator_id)
    client = log_in("operator")
    page = _text(client.get(reverse("income:receivables")))
    assert "晋西电子商务有限公司" in page
    assert "另一公司" not in page
    assert reverse("income:settlements") not in page
    for route in ("settlements", "reconciliation", "yields"):
        assert client.get(reverse(f"income:{route}")).status_code == 404
    foreign = Receivable.objects.filter(operator=other.operator_id).earliest("pk")
    assert client.get(reverse("income:receivable", args=[foreign.pk])).status_code == 404
    own = Receivable.objects.filter(operator=let.operator_id).earliest("pk")
    assert "凭证" not in _text(client.get(reverse("income:receivable", args=[own.pk])))
