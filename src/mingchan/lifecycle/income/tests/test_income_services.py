"""Issuing, receiving, using, returning, remitting, giving up: on a real database, with the books beside."""

from datetime import date

import pytest

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Book, Voucher
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.lifecycle.income import queries, services
from mingchan.lifecycle.income.models import Billing, Entry, Receipt, Receivable, Refund
from mingchan.lifecycle.income.queries import documents, receipts, receivables, reconciling
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import COUNTY, ON, cashier, clerk, issue, receive
from mingchan.lifecycle.operation.models import Charge
from mingchan.register.assets.tests.factories import party

pytestmark = pytest.mark.django_db
OCTOBER = date(2020, 10, 20)


@pytest.fixture
def let():
    """A running contract, billed up to the end of July: the deposit and one quarter's rent."""
    made = make.contract()
    issue()
    return made


def agrees(day: date = date.max) -> None:
    """Income and books say the same, and every sum is that of its entries."""
    assert reconciling.differences(COUNTY, day) == []
    assert list(documents.faults()) == []
    assert [row.difference for row in reconciling.balances(COUNTY, day)] == [0, 0, 0, 0]


def rent(contract) -> Receivable:
    return Receivable.objects.filter(contract=contract, kind="RENT", cancelled_on__isnull=True).earliest("due_on")


def deposit(contract) -> Receivable:
    return Receivable.objects.get(contract=contract, kind="DEPOSIT")


def test_all_dues_of_a_day_are_issued_in_one_act_and_booked_in_one_voucher(let):
    billing = Billing.objects.get()
    rows = list(Receivable.objects.order_by("number"))
    assert [(row.number, row.kind, row.fen) for row in rows] == [(1, "DEPOSIT", 200_000), (2, "RENT", 300_000)]
    assert (billing.count, billing.fen) == (2, 500_000)
    voucher = Voucher.objects.get(source=f"billing:{billing.pk}")
    assert voucher.total_fen == 300_000, "a deposit is due without being income"
    books = Book.objects.all()
    assert ledger.balance_of_role("RENT_RECEIVABLE", books) == 300_000
    assert ledger.balance_of_role("DUE_TO_TREASURY", books) == -300_000
    agrees()


def test_nothing_is_billed_twice_and_the_preview_shows_only_what_is_left(let):
    assert services.preview(clerk(), date(2020, 7, 31)) == []
    with pytest.raises(Refusal):
        issue()
    left = services.preview(clerk(), OCTOBER)
    assert [row.due.key for row in left] == ["RENT-20201001"]
    with pytest.raises(Refusal, match="变动"):
        services.issue(OCTOBER, count=2, actor=clerk(), on=ON)
    assert services.issue(OCTOBER, count=1, actor=clerk(), on=ON).count == 1


def test_the_sole_holder_of_the_income_right_is_the_creditor_with_a_book_of_its_own():
    village = party("窑头村经济合作社", "COLLECTIVE", "140932101201")
    made = make.contract(make.cards(2, income_holder=village))
    issue()
    row = rent(made)
    assert row.creditor_id == village
    book = Book.objects.get(owner=village)
    assert book.system == "VILLAGE"
    receive(row.operator_id, 500_000)
    assert ledger.balance_of_role("RENT_EARNED", Book.objects.filter(pk=book.pk)) == -300_000
    assert receipts.to_remit(COUNTY, ON) == [], "a village's income stays its own"
    agrees()
    found = queries.received(county=COUNTY, period_start=ON, last_day=ON)
    assert found == [("140932101201", village, 300_000)]


def test_parts_come_in_the_oldest_first_and_the_rest_is_an_advance(let):
    operator = let.operator_id
    first = receive(operator, 250_000)
    assert (deposit(let).open_fen, rent(let).open_fen) == (0, 250_000)
    second = receive(operator, 300_000, "0002")
    assert rent(let).open_fen == 0
    assert second.credit_fen == 50_000
    assert receipts.credit_of(COUNTY, operator) == 50_000
    books = Book.objects.all()
    assert ledger.balance_of_role("DEPOSIT_WITHHELD", books) == -200_000
    assert ledger.balance_of_role("RENT_IN_ADVANCE", books) == -50_000
    assert first.used_fen == first.fen
    agrees()


def test_an_advance_is_used_for_the_next_due(let):
    receive(let.operator_id, 550_000)
    issue(OCTOBER, OCTOBER)
    assert services.use_credit(let.operator_id, actor=cashier(), on=OCTOBER) == 50_000
    open_ones = receivables.open_rows(COUNTY, let.operator_id)
    assert [row.open_fen for row in open_ones] == [250_000]
    agrees()
    agrees(ON)
    with pytest.raises(Refusal, match="没有可抵用"):
        services.use_credit(let.operator_id, actor=cashier(), on=OCTOBER)


def test_the_cashier_may_choose_what_a_payment_settles(let):
    row = rent(let)
    receive(let.operator_id, 100_000, chosen={row.pk: 100_000})
    assert (deposit(let).settled_fen, rent(let).settled_fen) == (0, 100_000)
    with pytest.raises(Refusal, match="未收数"):
        receive(let.operator_id, 900_000, "0002", chosen={row.pk: 200_001})
    with pytest.raises(Refusal, match="超过收款金额"):
        receive(let.operator_id, 1_000, "0002", chosen={row.pk: 1_001})
    other = make.contract([], operator=party("另一公司", "COMPANY"), serial=2)
    issue(on=OCTOBER)
    with pytest.raises(Refusal, match="不属于"):
        receive(let.operator_id, 1_000, "0002", OCTOBER, chosen={rent(other).pk: 1_000})


def test_a_voucher_is_recorded_once_an_account(let):
    receive(let.operator_id, 1_000)
    with pytest.raises(Refusal, match="已登记过收款"):
        receive(let.operator_id, 1_000)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"fen": 0}, "大于 0"), ({"received_on": date(2020, 7, 16)}, "晚于今天"), ({"voucher": " "}, "凭证号")],
)
def test_a_receipt_that_is_wrong_is_refused(let, changes, words):
    given = {"fen": 1_000, "voucher": "0009"} | changes
    with pytest.raises(Refusal, match=words):
        receive(let.operator_id, given.pop("fen"), given.pop("voucher"), **given)


def test_unused_credit_goes_back_but_no_more(let):
    receipt = receive(let.operator_id, 550_000)
    with pytest.raises(Refusal, match="最多可退"):
        services.refund(receipt.pk, 50_001, "T1", "多缴", actor=cashier(), on=ON)
    services.refund(receipt.pk, 50_000, "T1", "多缴", actor=cashier(), on=ON)
    receipt.refresh_from_db()
    assert receipt.credit_fen == 0
    agrees()
    with pytest.raises(Refusal, match="已有退款"):
        services.return_payment(receipt.pk, "退票", actor=cashier(), on=ON)


def test_a_deposit_goes_back_as_far_as_it_is_held(let):
    receive(let.operator_id, 200_000)
    held = deposit(let)
    services.return_deposit(held.pk, 150_000, "T1", "合同期满", actor=cashier(), on=ON)
    with pytest.raises(Refusal, match=r"现存保证金 500\.00"):
        services.return_deposit(held.pk, 50_001, "T2", "合同期满", actor=cashier(), on=ON)
    with pytest.raises(NotFound):
        services.return_deposit(rent(let).pk, 1, "T2", "不是保证金", actor=cashier(), on=ON)
    agrees()
    assert queries.received(county=COUNTY, period_start=ON, last_day=ON) == []


def test_a_returned_payment_opens_what_it_settled_and_may_be_recorded_again(let):
    receipt = receive(let.operator_id, 550_000)
    issue(OCTOBER, OCTOBER)
    services.use_credit(let.operator_id, actor=cashier(), on=OCTOBER)
    services.return_payment(receipt.pk, "银行退票", actor=cashier(), on=OCTOBER)
    assert sum(row.open_fen for row in receivables.open_rows(COUNTY, let.operator_id)) == 800_000
    assert ledger.balance_of_role("BANK", Book.objects.all()) == 0
    agrees()
    agrees(ON)
    with pytest.raises(Refusal, match="已冲回"):
        services.return_payment(receipt.pk, "又退", actor=cashier(), on=OCTOBER)
    receive(let.operator_id, 550_000, on=OCTOBER)
    agrees()


def test_a_wrong_receivable_is_taken_back_in_red_and_billed_anew(let):
    row = rent(let)
    other = make.contract([], operator=party("另一公司", "COMPANY"), serial=2)
    issue(OCTOBER, OCTOBER)
    Charge.objects.filter(contract=let, key=row.key).update(dropped_on=OCTOBER)
    assert [found.id for found in reconciling.mismatches(COUNTY, OCTOBER)] == [row.pk]
    services.cancel(row.pk, "金额有误", actor=clerk(), on=OCTOBER)
    assert reconciling.mismatches(COUNTY, OCTOBER) == []
    red = Voucher.objects.get(reverses__isnull=False)
    assert red.total_fen == -300_000
    agrees()
    agrees(ON)
    assert rent(other).fen == 300_000
    with pytest.raises(Refusal, match="已作废"):
        services.cancel(row.pk, "再次", actor=clerk(), on=OCTOBER)
    again = Receivable.objects.get(contract=let, key="RENT-20201001")
    services.cancel(again.pk, "开错", actor=clerk(), on=OCTOBER)
    assert services.issue(OCTOBER, actor=clerk(), on=OCTOBER).count == 1
    agrees()


def test_the_rest_of_an_act_is_booked_anew_when_one_of_it_is_cancelled(let):
    make.contract([], operator=party("另一公司", "COMPANY"), serial=2)
    issue(OCTOBER, OCTOBER)  # two quarters of the other, one of the first
    row = Receivable.objects.get(contract=let, key="RENT-20201001")
    services.cancel(row.pk, "金额有误", actor=clerk(), on=OCTOBER)
    assert Voucher.objects.filter(key__endswith=":rest").get().total_fen == 600_000
    agrees()


def test_what_was_paid_is_not_cancelled(let):
    receive(let.operator_id, 250_000)
    with pytest.raises(Refusal, match="不能作废"):
        services.cancel(rent(let).pk, "有误", actor=clerk(), on=ON)
    issue(OCTOBER, OCTOBER)
    with pytest.raises(Refusal, match="原因"):
        services.cancel(Receivable.objects.latest("due_on").pk, " ", actor=clerk(), on=OCTOBER)


def test_no_more_is_remitted_than_came_in(let):
    receive(let.operator_id, 400_000)
    found = receipts.to_remit(COUNTY, date(2020, 8, 1))[0]
    assert (found.received_fen, found.open_fen, found.overdue_fen) == (200_000, 200_000, 200_000)
    with pytest.raises(Refusal, match=r"待上缴 2,000\.00"):
        make.remit(200_001)
    make.remit(150_000)
    with pytest.raises(Refusal, match="缴款书号已登记"):
        make.remit(50_000)
    make.remit(50_000, "J2")
    with pytest.raises(Refusal):
        make.remit(1, "J3")
    agrees()


def test_each_duty_needs_its_right(let):
    with pytest.raises(NotAllowed):
        services.issue(OCTOBER, actor=cashier(), on=ON)
    with pytest.raises(NotAllowed):
        services.use_credit(let.operator_id, actor=clerk(), on=ON)
    with pytest.raises(NotAllowed):
        services.cancel(rent(let).pk, "有误", actor=cashier(), on=ON)


def test_an_operator_sees_its_own_and_nothing_else(let):
    other = make.contract([], operator=party("另一公司", "COMPANY"), serial=2)
    issue(on=OCTOBER)
    me = make.actor("income.view", party=let.operator_id)
    rows = receivables.page(receivables.ReceivableFilter(), me, ON).rows
    assert {row.operator for row in rows} == {let.operator_id}
    with pytest.raises(NotFound):
        receivables.receivable(me, rent(other).pk)
    receipt = receive(other.operator_id, 1_000, on=OCTOBER)
    with pytest.raises(NotFound):
        receipts.receipt(me, receipt.pk)
    assert receipts.remittances(me) == []


def test_receipts_fall_to_the_holders_of_the_day_and_add_up(let):
    receive(let.operator_id, 400_001)
    found = queries.received(county=COUNTY, period_start=ON, last_day=ON)
    assert sum(row.fen for row in found) == 200_001
    assert {row.holder_party_id for row in found} == {make.bureau()}
    assert queries.received(county=COUNTY, period_start=OCTOBER, last_day=OCTOBER) == []


def test_a_list_is_paged_by_key_in_every_order(let):
    issue(date(2023, 6, 30), OCTOBER)
    for sort in receivables.SORTS:
        after, seen = "", []
        while after is not None:
            page = receivables.page(receivables.ReceivableFilter(), clerk(), ON, sort=sort, after=after, limit=5)
            seen += [row.id for row in page.rows]
            after = page.following
        assert len(seen) == len(set(seen)) == Receivable.objects.count() == 13
    totals = receivables.totals(receivables.ReceivableFilter(kind="RENT"), clerk(), ON)
    assert (totals.count, totals.fen) == (12, 3_600_000)


def test_ages_and_arrears_count_what_is_open(let):
    on = date(2020, 9, 1)
    receive(let.operator_id, 300_000)
    ages = {age.value: (n, fen) for age, n, fen in receivables.ages(clerk(), on)}
    assert ages["D90"] == (1, 200_000)
    assert sum(n for n, _fen in ages.values()) == 1
    (row,) = receivables.arrears_by("operator", clerk(), on)
    assert (row.key, row.count, row.fen) == (let.operator_id, 1, 200_000)
    for group in ("contract", "town"):
        assert [found.fen for found in receivables.arrears_by(group, clerk(), on)] == [200_000]
    wanted = receivables.ReceivableFilter(age="D90")
    assert receivables.totals(wanted, clerk(), on).count == 1
    assert receivables.totals(receivables.ReceivableFilter(state="OVERDUE"), clerk(), on).count == 1


def test_a_reminder_names_what_is_open_and_is_delivered_once(let):
    on = date(2020, 9, 1)
    with pytest.raises(Refusal, match="没有逾期"):
        services.remind(let.operator_id, actor=clerk(), on=date(2020, 7, 1))
    made = services.remind(let.operator_id, actor=clerk(), on=on)
    assert made.fen == 500_000
    assert made.lines.count() == 2
    with pytest.raises(Refusal, match="送达日期"):
        services.note_delivery(made.pk, date(2020, 8, 31), "POST", actor=clerk(), on=on)
    services.note_delivery(made.pk, on, "IN_PERSON", "李经理", actor=clerk(), on=on)
    with pytest.raises(Refusal, match="已登记送达"):
        services.note_delivery(made.pk, on, "POST", actor=clerk(), on=on)


def test_every_row_equals_the_logs_last_word(let):
    receipt = receive(let.operator_id, 550_000)
    services.refund(receipt.pk, 10_000, "T1", "多缴", actor=cashier(), on=ON)
    make.remit(100_000)
    issue(OCTOBER, OCTOBER)
    services.cancel(Receivable.objects.latest("due_on").pk, "有误", actor=clerk(), on=OCTOBER)
    make.contract([], operator=party("又一公司", "COMPANY"), serial=3)
    issue(on=OCTOBER)
    services.remind(party("又一公司", "COMPANY"), actor=clerk(), on=OCTOBER)
    found = [row for row in evidence.verify(documents.PROTECTED).findings if not row.obj.startswith("account:")]
    assert found == [], "the account of the tests has no sealed password"
    assert Entry.objects.exists()
    assert Refund.objects.exists()
