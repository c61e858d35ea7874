"""Giving up by a case, the yearly settlement by two bodies, bank statements, what assets bring."""

import io
from datetime import date

import pytest
import xlsxwriter

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.tests import factories as procedures_make
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.lifecycle.income import queries, services
from mingchan.lifecycle.income.drafts import PaperDraft
from mingchan.lifecycle.income.models import Entry, Receivable, Remission, Settlement, StatementLine
from mingchan.lifecycle.income.queries import documents, receivables, reconciling, years, yielding
from mingchan.lifecycle.income.tests import factories as make
from mingchan.lifecycle.income.tests.factories import COUNTY, ON, cashier, issue, receive
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests.factories import party

pytestmark = pytest.mark.django_db
LATER = date(2021, 2, 10)
MINUTES = procedures.PaperDraft("minutes", "会议纪要.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@pytest.fixture
def let():
    made = make.contract(make.cards(2, life_months=72))
    issue()
    return made


@pytest.fixture
def staff():
    return procedures_make.staff()


def findings() -> list[object]:
    """What the verifier finds of income; the accounts of these tests have no sealed password."""
    return [row for row in evidence.verify(documents.PROTECTED).findings if not row.obj.startswith("account:")]


def rent(contract) -> Receivable:
    return Receivable.objects.filter(contract=contract, kind="RENT").earliest("due_on")


def step(case: Case, who, answer="AGREE", *, on=LATER, **given) -> Case:
    task = Task.objects.get(case=case, status="WAITING")
    case.refresh_from_db()
    return procedures.decide(task.pk, answer=answer, version=case.version, actor=who, on=on, **given)


def vote(case: Case, head, on=LATER) -> Case:
    procedures.add_paper(case.pk, MINUTES, actor=head, on=on)
    return step(case, head, on=on, votes=Votes(5, 5, 0, 0))


def test_a_due_is_given_up_by_a_finished_case_only(let, staff):
    row = rent(let)
    made = services.ask(row.pk, "REMISSION", 100_000, "疫情期间停业两个月", actor=staff["clerk"], on=LATER)
    assert rent(let).open_fen == 300_000, "asking changes nothing"
    with pytest.raises(Refusal, match="正在办理"):
        services.ask(row.pk, "REMISSION", 100_000, "再次", actor=staff["clerk"], on=LATER)
    step(made.case, staff["reviewer"])
    vote(made.case, staff["head"])
    assert Task.objects.get(case=made.case, status="WAITING").node == "finance"
    step(made.case, staff["finance"])
    row = rent(let)
    assert (row.open_fen, row.settled_fen) == (200_000, 100_000)
    assert Entry.objects.get(remission=made).day == LATER
    assert reconciling.differences(COUNTY, LATER) == []
    assert findings() == []


def test_a_large_write_off_goes_to_the_county_first(let, staff):
    issue(date(2023, 6, 30), LATER)
    row = Receivable.objects.filter(kind="RENT").latest("due_on")
    Receivable.objects.filter(pk=row.pk)
    made = services.ask(row.pk, "WRITE_OFF", 300_000, "经营者注销", actor=staff["clerk"], on=LATER)
    assert made.fen < 500_000
    step(made.case, staff["reviewer"])
    vote(made.case, staff["head"])
    assert Task.objects.get(case=made.case, status="WAITING").node == "finance"
    big = make.contract([], operator=party("大公司", "COMPANY"), serial=9, yearly_fen=4_000_000)
    issue(LATER, LATER)
    row = Receivable.objects.filter(contract=big, kind="RENT").earliest("due_on")
    other = services.ask(row.pk, "WRITE_OFF", 900_000, "经营者注销", actor=staff["clerk"], on=LATER)
    step(other.case, staff["reviewer"])
    vote(other.case, staff["head"])
    assert Task.objects.get(case=other.case, status="WAITING").node == "county"
    step(other.case, staff["county"], document_no="偏政函〔2021〕3号")
    step(other.case, staff["finance"])
    row.refresh_from_db()
    assert row.open_fen == 100_000


def test_what_was_paid_meanwhile_is_not_given_up(let, staff):
    row = rent(let)
    made = services.ask(row.pk, "REMISSION", 300_000, "停业", actor=staff["clerk"], on=LATER)
    step(made.case, staff["reviewer"])
    vote(made.case, staff["head"])
    receive(let.operator_id, 400_000, on=LATER)
    with pytest.raises(Refusal, match="只剩"):
        step(made.case, staff["finance"])
    assert rent(let).settled_fen == 200_000
    step(made.case, staff["finance"], "REJECT", text="已缴")
    assert rent(let).settled_fen == 200_000
    assert Remission.objects.get().case.status == "REJECTED"


def test_a_deposit_is_not_given_up_and_no_more_than_is_open(let, staff):
    deposit = Receivable.objects.get(kind="DEPOSIT")
    with pytest.raises(Refusal, match="保证金不是收入"):
        services.ask(deposit.pk, "REMISSION", 1, "减免", actor=staff["clerk"], on=LATER)
    with pytest.raises(Refusal, match="不超过未收数"):
        services.ask(rent(let).pk, "REMISSION", 300_001, "减免", actor=staff["clerk"], on=LATER)
    with pytest.raises(NotAllowed):
        services.ask(rent(let).pk, "REMISSION", 1, "减免", actor=cashier(), on=LATER)


@pytest.fixture
def two_bodies():
    bureau = make.account("复核", make.BUREAU)
    finance = make.account("财政", "偏关县财政局")
    return (
        make.actor("income.view", "income.clear", account=bureau.pk),
        make.actor("income.view", "income.countersign", account=finance.pk),
    )


def test_a_year_adds_up_and_is_closed_by_two_bodies(let, two_bodies):
    bureau, finance = two_bodies
    receive(let.operator_id, 350_000)
    make.remit(100_000)
    issue(date(2020, 12, 31), date(2020, 10, 9))
    receive(let.operator_id, 300_000, "0002", date(2020, 10, 12))
    on = LATER
    made = services.prepare(2020, actor=bureau, on=on)
    # dues 600,000 without the deposit; 450,000 came in for them
    assert (made.opening_fen, made.due_fen, made.received_fen, made.arrears_fen) == (0, 600_000, 450_000, 150_000)
    assert made.remitted_fen == 100_000
    (line,) = years.settlement_lines(made)
    assert (line.holder_id, line.distributable_fen) == (make.bureau(), 450_000)
    received = queries.received(county=COUNTY, period_start=date(2020, 1, 1), last_day=date(2020, 12, 31))
    assert sum(row.fen for row in received) == line.distributable_fen
    with pytest.raises(NotAllowed):
        services.confirm(2020, made.digest, actor=finance, on=on)
    with pytest.raises(Refusal, match="没有由县工信局确认"):
        services.countersign(2020, made.digest, actor=finance, on=on)
    services.confirm(2020, made.digest, actor=bureau, on=on)
    with pytest.raises(Refusal, match="已确认"):
        services.prepare(2020, actor=bureau, on=on)
    services.send_back(2020, "补录收款", actor=finance, on=on)
    made = services.prepare(2020, actor=bureau, on=on)
    services.confirm(2020, made.digest, actor=bureau, on=on)
    with pytest.raises(Refusal, match="重新编制"):
        services.countersign(2020, "0" * 64, actor=finance, on=on)
    both = make.actor("income.countersign", account=bureau.account_id)
    with pytest.raises(Refusal, match="另一单位"):
        services.countersign(2020, made.digest, actor=both, on=on)
    closed = services.countersign(2020, made.digest, actor=finance, on=on)
    assert closed.state == "CLOSED"
    with pytest.raises(Refusal):
        services.send_back(2020, "再改", actor=finance, on=on)
    assert findings() == []
    assert years.digest(2020, years.kept(closed)) == closed.digest


def test_a_year_is_not_settled_before_its_end_nor_confirmed_over_changed_rows(let, two_bodies):
    bureau, _finance = two_bodies
    with pytest.raises(Refusal, match="没有结束"):
        services.prepare(2021, actor=bureau, on=LATER)
    made = services.prepare(2020, actor=bureau, on=LATER)
    Settlement.objects.filter(pk=made.pk).update(digest="0" * 64)
    with pytest.raises(Refusal, match="数据有变动"):
        services.confirm(2020, "0" * 64, actor=bureau, on=LATER)


def test_shares_of_several_holders_add_up_to_the_years_figures(two_bodies):
    village = party("窑头村经济合作社", "COLLECTIVE", "140932101201")
    cards = [*make.cards(1, cost_fen=100_001), *make.cards(2, income_holder=village, cost_fen=333_333)]
    made = make.contract(cards, yearly_fen=1_000_003)
    issue()
    receive(made.operator_id, 333_331)
    settlement = services.prepare(2020, actor=two_bodies[0], on=LATER)
    lines = years.settlement_lines(settlement)
    assert len(lines) == 2
    for name in years.AMOUNTS[:-1]:
        assert sum(getattr(line, name) for line in lines) == getattr(settlement, name)
    assert sum(line.distributable_fen for line in lines) == settlement.received_fen


def test_a_year_without_settlement_is_overdue_after_31_march(let):
    assert [(row.year, row.is_overdue) for row in years.settlements(COUNTY, date(2021, 3, 31))] == [(2020, False)]
    assert [(row.year, row.is_overdue) for row in years.settlements(COUNTY, date(2021, 4, 1))] == [(2020, True)]


CSV = """农业银行对账单,,,,
账号：6228,,,,
交易日期,交易流水号,贷方发生额,借方发生额,对方户名,摘要
2020-07-14,L001,"2,000.00",,晋西电子商务有限公司,保证金
2020/7/14,L002,300.05,,不认识的人,
20200714,L003,,50.00,水电公司,付款
"""


def test_a_statement_is_read_once_and_claimed_by_a_person(let):
    paper = PaperDraft("对账单.csv", CSV.encode("gb18030"))
    assert services.take("农行6228", paper, actor=cashier(), on=ON) == (2, 0)
    assert services.take("农行6228", paper, actor=cashier(), on=ON) == (0, 2)
    line = StatementLine.objects.get(reference="L001")
    assert (line.day, line.fen, line.payer_name) == (date(2020, 7, 14), 200_000, "晋西电子商务有限公司")
    receipt = services.claim(line.pk, let.operator_id, actor=cashier(), on=ON)
    assert (receipt.fen, receipt.voucher_no, receipt.received_on) == (200_000, "L001", date(2020, 7, 14))
    with pytest.raises(Refusal, match="已处理"):
        services.claim(line.pk, let.operator_id, actor=cashier(), on=ON)
    other = StatementLine.objects.get(reference="L002")
    with pytest.raises(Refusal, match="不是本业务"):
        services.set_aside(other.pk, " ", actor=cashier(), on=ON)
    services.set_aside(other.pk, "个人汇错", actor=cashier(), on=ON)
    assert findings() == []


def test_a_workbook_of_the_bank_is_read_too(let):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, text in enumerate(("日期", "流水号", "收入金额（元）", "对方户名")):
        sheet.write(0, column, text)
    sheet.write_datetime(1, 0, date(2020, 7, 13), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_number(1, 1, 20200713001)
    sheet.write_number(1, 2, 1234.5)
    sheet.write_string(1, 3, "晋西电子商务有限公司")
    book.close()
    services.take("农行6228", PaperDraft("七月.xlsx", out.getvalue()), actor=cashier(), on=ON)
    line = StatementLine.objects.get()
    assert (line.reference, line.fen, line.day) == ("20200713001", 123_450, date(2020, 7, 13))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"a,b,c\n1,2,3\n", "表头"),
        ("a.xlsx", b"no workbook", "打不开"),
        ("a.csv", "日期,流水号,金额\n昨天,L1,5\n".encode(), "第 2 行日期"),
        ("a.csv", "日期,流水号,金额\n2020-07-01,L1,5.001\n".encode(), "整数分"),
        ("a.csv", "日期,流水号,金额\n2020-07-01,L1,五元\n".encode(), "不是数字"),
        ("a.csv", "日期,流水号,金额\n2020-07-16,L1,5\n".encode(), "今天以后"),
    ],
)
def test_a_statement_that_is_not_understood_is_refused_by_row(name, content, words):
    with pytest.raises(Refusal, match=words):
        services.take("农行6228", PaperDraft(name, content), actor=cashier(), on=ON)


def test_groups_bring_what_came_in_to_the_fen(let):
    receive(let.operator_id, 400_001)
    viewer = make.actor("income.view")
    for group in yielding.GROUPS:
        rows = yielding.by_group(group, viewer, 2020)
        assert sum(row.income_fen for row in rows) == 200_001, group
        assert sum(row.cost_fen for row in rows) == 796_000
        assert all(row.is_loss is (row.income_fen < row.wear_fen) for row in rows)
    assets = list(Asset.objects.order_by("pk"))
    assert sum(yielding.of_asset(asset)[0].income_fen for asset in assets) == 200_001
    assert yielding.performs_well([asset.pk for asset in assets], 2020) == {asset.pk for asset in assets}
    assert yielding.performs_well([asset.pk for asset in assets], 2021) == set()


def test_cards_that_nobody_runs_stand_out(let):
    make.cards(3)
    viewer = make.actor("income.view")
    found = yielding.idle(viewer, 2020)
    assert sum(row.count for row in found) == 3
    operator = make.actor("income.view", party=let.operator_id)
    assert yielding.idle(operator, 2020) == []


def test_figures_of_a_year_are_those_of_the_rows(let):
    receive(let.operator_id, 400_000)
    (row,) = years.figures(make.actor("income.view"), 2020, 2020)
    assert (row.due_fen, row.received_fen, row.reduced_fen) == (300_000, 200_000, 0)
    assert receivables.totals(receivables.ReceivableFilter(kind="RENT"), make.actor("income.view"), ON).fen == 300_000
