"""Registering project money on a real database: rows, entries, log, findings, and taking a batch back."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.models import Book, Line, Voucher
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.funding import queries, services
from mingchan.register.funding.models import Appropriation, FundUse, ProjectLine
from mingchan.register.funding.tests.factories import (
    CENTRAL_PAPER,
    COUNTY_PAPER,
    ON,
    actor,
    appropriation,
    bureau,
    fund_use,
    training,
)

pytestmark = pytest.mark.django_db

BATCH = Ref("batch", 1)
TRUTH = Path(__file__).with_name("funding_truth.json")


def _send(*drafts, source=BATCH, **given):
    return services.record_appropriations(drafts or [appropriation()], source=source, actor=actor(), on=ON, **given)


def _pay(*drafts, source=BATCH, **given):
    given.setdefault("spender_id", None)
    return services.record_fund_uses(drafts, source=source, actor=actor(), on=ON, **given)


def test_the_county_workbook_comes_out_to_the_fen():
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    papers = {"central": CENTRAL_PAPER, "county": COUNTY_PAPER}
    sent = [
        appropriation(funding=funding, document=papers[funding], amount_fen=amount)
        for funding, amount in truth["received_fen"].items()
    ]
    paid = [
        fund_use(
            funding=item["source"], document=papers[item["source"]], **{k: v for k, v in item.items() if k != "source"}
        )
        for item in truth["items"]
    ]
    assert _send(*sent).findings == ()
    done = _pay(*paid, spender_id=bureau().pk)
    assert (done.count, done.findings) == (27, ())
    who = actor()
    assert {row.key: row.paid_fen for row in queries.sums_by_source(who)} == truth["spent_fen"]
    assert {row.funding: row.received_fen for row in queries.reconciliation(who)} == truth["received_fen"]
    assert all(row.agrees and row.received_fen == row.spent_fen + row.left_fen for row in queries.reconciliation(who))
    written = FundUse.objects.order_by("id").values_list(
        "line__name", "funding", "paid_fen", "asset_fen", "expense_fen"
    )
    assert list(written) == [
        (item["line"], item["source"], item["paid_fen"], item["asset_fen"], item["expense_fen"])
        for item in truth["items"]
    ]
    expense = sum(item["expense_fen"] for item in truth["items"])
    debit = Line.objects.filter(account__code="5001").values_list("debit_fen", flat=True)
    credit = Line.objects.filter(account__code="4001").values_list("credit_fen", flat=True)
    assert sum(debit) == sum(credit) == expense


def test_a_payment_is_matched_to_its_appropriation_by_source_and_document():
    sent = _send(appropriation(), appropriation(funding="county", document=COUNTY_PAPER))
    done = _pay(fund_use(document="晋财建[2018] 000号（示例）"), fund_use(funding="county", document=CENTRAL_PAPER))
    matched = FundUse.objects.order_by("id").values_list("appropriation_id", flat=True)
    assert list(matched) == [sent.first_id, None]
    assert [(finding.code, finding.index) for finding in done.findings] == [("NO_APPROPRIATION", 1)]


def test_a_payment_registered_first_is_matched_when_its_appropriation_comes():
    _pay(fund_use())
    sent = _send(source=Ref("batch", 2))
    use = FundUse.objects.get()
    assert use.appropriation_id == sent.first_id
    last = Record.objects.filter(obj=f"fund_use:{use.pk}").order_by("-seq").values_list("act", flat=True)
    assert list(last) == ["funding.use.matched", "funding.use.recorded"]


def test_only_the_expense_part_is_booked_and_in_the_month_of_the_payment():
    done = _pay(fund_use(), training(), training(paid_on=date(2019, 8, 31)), spender_id=bureau().pk)
    vouchers = Voucher.objects.exclude(key__endswith=":budget").order_by("month")
    beside = Voucher.objects.filter(key__endswith=":budget").order_by("month")
    assert [(v.month, v.total_fen) for v in beside] == [(201906, 125_000_000), (201908, 125_000_000)]
    codes = Line.objects.filter(voucher__in=beside).values_list("account__code", "debit_fen", "credit_fen")
    assert set(codes) == {("7101", 125_000_000, 0), ("6001", 0, 125_000_000)}
    assert [(v.month, v.day, v.total_fen, v.source) for v in vouchers] == [
        (201906, date(2019, 6, 4), 125_000_000, "batch:1"),
        (201908, date(2019, 8, 31), 125_000_000, "batch:1"),
    ]
    assert done.voucher_ids == tuple(v.pk for v in vouchers)
    assert not Line.objects.filter(account__code__startswith="1601").exists()
    linked = FundUse.objects.order_by("id").values_list("voucher_id", flat=True)
    assert list(linked) == [None, *done.voucher_ids]


def test_a_batch_without_expense_opens_no_book():
    assert _pay(fund_use()).voucher_ids == ()
    assert not Book.objects.exists()


def test_expense_without_an_office_to_carry_it_is_refused():
    with pytest.raises(Refusal, match="支出单位"):
        _pay(training())
    assert not FundUse.objects.exists()


def test_a_bad_row_refuses_the_whole_batch_and_names_its_place():
    with pytest.raises(Refusal, match=r"资金投向 第 9 行.*共 1 处") as refused:
        _pay(fund_use(), fund_use(row=9, paid_fen=1))
    assert refused.value.clauses == ("3.1",)
    assert not FundUse.objects.exists()
    assert not ProjectLine.objects.exists()


def test_money_from_outside_the_scope_needs_a_reason():
    with pytest.raises(Refusal) as refused:
        _send(appropriation(funding="province"))
    assert refused.value.clauses == ("2.1.1",)
    done = _send(appropriation(funding="province", scope_reason="省级配套，经县政府同意"))
    assert [finding.code for finding in done.findings] == ["OUT_OF_SCOPE"]


def test_overspending_is_recorded_and_reported_not_refused():
    _send(appropriation(amount_fen=30_000_000))
    done = _pay(fund_use(), fund_use())
    assert [(finding.code, finding.amount_fen) for finding in done.findings] == [("OVERSPENT", 57_427_200)]
    assert [(row.left_fen, row.agrees) for row in queries.reconciliation(actor())] == [(-27_427_200, False)]


def test_lines_are_opened_once_for_all_batches():
    _pay(fund_use(), fund_use(line="物流配送体系"), source=BATCH)
    _pay(fund_use(), source=Ref("batch", 2))
    assert list(ProjectLine.objects.order_by("id").values_list("name", "system", "tiers")) == [
        ("县级公共服务中心", "PUBLIC_SERVICE", "COUNTY"),
        ("物流配送体系", "LOGISTICS", ""),
    ]


def test_every_row_leaves_its_record():
    sent = _send()
    done = _pay(fund_use(), training(), spender_id=bureau().pk)
    objects = set(Record.objects.filter(act__startswith="funding.").values_list("obj", flat=True))
    lines = {f"project_line:{pk}" for pk in ProjectLine.objects.values_list("id", flat=True)}
    assert objects == lines | {
        f"appropriation:{sent.first_id}",
        f"fund_use:{done.first_id}",
        f"fund_use:{done.last_id}",
    }


def test_nobody_registers_money_without_the_right_or_outside_its_scope():
    for who in (actor("funding.view"), actor("funding.register", "funding.view", scope="140932101")):
        with pytest.raises(NotAllowed):
            services.record_appropriations([appropriation()], source=BATCH, actor=who, on=ON)
        with pytest.raises(NotAllowed):
            services.record_fund_uses([fund_use()], source=BATCH, actor=who, on=ON)
    assert not Record.objects.filter(act__startswith="funding.").exists()


def test_a_batch_taken_back_counts_no_more_and_its_entries_are_reversed():
    _send()
    done = _pay(fund_use(), training(), spender_id=bureau().pk)
    back = services.withdraw(BATCH, "导错文件", actor=actor(), on=ON)
    assert (back.count, len(back.voucher_ids)) == (3, 1)
    who = actor()
    assert queries.reconciliation(who) == []
    assert not queries.visible_to(who).exists()
    assert Voucher.objects.get(pk=back.voucher_ids[0]).reverses_id == done.voucher_ids[0]
    assert set(FundUse.objects.values_list("status", flat=True)) == {"WITHDRAWN"}
    kinds = Record.objects.filter(obj=f"fund_use:{done.first_id}").order_by("seq").values_list("act", flat=True)
    assert list(kinds) == ["funding.use.recorded", "funding.use.withdrawn"]
    with pytest.raises(NotFound):
        services.withdraw(BATCH, "再来一次", actor=who, on=ON)


def test_money_that_other_payments_draw_on_is_not_taken_back():
    _send()
    _pay(fund_use(), source=Ref("batch", 2))
    with pytest.raises(Refusal, match="另有 1 笔支出"):
        services.withdraw(BATCH, "导错文件", actor=actor(), on=ON)
    assert Appropriation.objects.get().status == "ACTIVE"


def test_a_withdrawal_needs_its_reason_and_its_right():
    _send()
    with pytest.raises(Refusal, match="理由"):
        services.withdraw(BATCH, " ", actor=actor(), on=ON)
    with pytest.raises(NotAllowed):
        services.withdraw(BATCH, "导错文件", actor=actor("funding.view"), on=ON)


@pytest.mark.parametrize(
    "change", [{"paid_fen": F("paid_fen") + 1}, {"asset_fen": -1, "paid_fen": -1}, {"status": "GONE"}]
)
def test_the_database_itself_keeps_amounts_true(change):
    _pay(fund_use())
    with pytest.raises(IntegrityError), transaction.atomic():
        FundUse.objects.update(**change)


def test_an_appropriation_can_not_be_negative_in_the_database():
    _send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appropriation.objects.update(amount_fen=-1)


def test_a_large_batch_takes_as_many_statements_as_a_small_one(django_assert_max_num_queries):
    _send()
    _pay(fund_use())
    with django_assert_max_num_queries(40):
        done = _pay(*(fund_use(paid_fen=n, asset_fen=n, row=n) for n in range(1, 3001)), source=Ref("batch", 2))
    assert done.count == 3000
    assert FundUse.objects.filter(appropriation__isnull=True).count() == 0


def test_entries_reversed_before_are_not_reversed_again():
    done = _pay(fund_use(), training(), spender_id=bureau().pk)
    ledger.reverse(done.voucher_ids[0], "与卡片一并撤回", actor=actor(), on=ON)
    back = services.withdraw(BATCH, "导错文件", actor=actor("exchange.withdraw"), on=ON)
    assert (back.count, back.voucher_ids) == (2, ())


def test_every_row_equals_the_log_whatever_was_done_and_a_raw_edit_is_named():
    office = bureau().pk
    _pay(fund_use(), training(), spender_id=office, is_sample=True)
    _send(appropriation(issued_on=None), source=Ref("batch", 2))
    _pay(fund_use(payee_id=office, paid_on=None, division_code="140932101000"), source=Ref("batch", 3))
    services.withdraw(Ref("batch", 3), "导错文件", actor=actor(), on=ON)
    assert _findings() == []
    FundUse.objects.filter(expense_fen=0).update(item="改了内容")
    names = {(finding.obj, finding.field) for finding in _findings()}
    assert names == {
        (f"fund_use:{pk}", "item") for pk in FundUse.objects.filter(item="改了内容").values_list("id", flat=True)
    }


def _findings():
    """What the verifier says about the rows of this context."""
    report = evidence.verify(queries.PROTECTED)
    kinds = {item.kind for item in queries.PROTECTED}
    return [finding for finding in report.findings if finding.obj.partition(":")[0] in kinds]
