"""Policies and plans: within the uses, poor households first, to the fen, a receipt once, filed before paid."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.foundation.procedures import queries as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.queries import definitions
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.lifecycle.distribution import queries, sections, services
from mingchan.lifecycle.distribution.drafts import FixedShare, PaperDraft, SpendingDraft
from mingchan.lifecycle.distribution.models import Payment, Plan, PlanLine, PoolRow, Share, Spending
from mingchan.lifecycle.distribution.queries import plans, policies
from mingchan.lifecycle.distribution.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_county")]
POOL = 100_001


@pytest.fixture
def who() -> dict:
    return make.staff()


@pytest.fixture
def ready(who: dict):
    """Three households, a filed policy, one holder with two receipts."""
    make.enter([make.household(place) for place in (1, 2, 3)], who["clerk"])
    policy = make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    with make.receipts(make.source(1, POOL - 1, holder.pk), make.source(2, 1, holder.pk)):
        yield policy, holder


# ---- Policies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": " "}, "名称"),
        ({"method": "LOTTERY"}, "方式"),
        ({"categories": ()}, "受益"),
        ({"categories": ("LIFTED", "GENERAL")}, "一般农户"),
        ({"bounds": {"HOUSEHOLDS": (5000, 10000)}}, "不得低于 60%"),
        ({"bounds": {"HOUSEHOLDS": (6000, 8000), "BONUS": (2000, 4000)}}, "BONUS"),
        ({"bounds": {"HOUSEHOLDS": (6000, 8000)}}, "不足"),
        ({"method": "NEED"}, "系数"),
        ({"division_code": "140932999999"}, "区划"),
    ],
)
def test_a_policy_keeps_to_the_clause(who: dict, given: dict, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        make.policy(who["clerk"], None, **given)


def test_a_policy_is_to_be_filed_within_its_term_and_is_marked_when_it_is_late(who: dict) -> None:
    draft = make.policy(who["clerk"], None)
    last = make.ON + timedelta(days=30)
    assert policies.file_until(draft) == last
    assert policies.unfiled(who["finance"], last) == (1, 0, last)
    assert not policies.is_late(draft, last)
    late = last + timedelta(days=1)
    assert policies.unfiled(who["finance"], late) == (0, 1, None)
    assert policies.is_late(draft, late)
    told = {str(figure.label): figure.value for figure in sections.card(who["finance"], late).lapsed}
    assert told == {"逾期未备案的分配办法": 1}
    filed = services.file_policy(draft.pk, "备1", late, actor=who["finance"], on=late)
    assert policies.file_until(filed) is None
    assert policies.unfiled(who["finance"], late) == (0, 0, None)


def test_a_policy_counts_from_its_day_once_it_is_filed(who: dict) -> None:
    draft = make.policy(who["clerk"], None)
    assert policies.in_force("140932", make.VILLAGE, make.ON) is None
    with pytest.raises(NotAllowed):
        services.file_policy(draft.pk, "备1", make.ON, actor=who["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="备案号"):
        services.file_policy(draft.pk, " ", make.ON, actor=who["finance"], on=make.ON)
    filed = services.file_policy(draft.pk, "备1", make.ON, actor=who["finance"], on=make.ON)
    assert policies.in_force("140932", make.VILLAGE, make.ON) == filed
    assert policies.in_force("140932", make.VILLAGE, date(2019, 12, 31)) is None
    assert policies.in_force("140932", make.OTHER_VILLAGE, make.ON) is None
    with pytest.raises(Refusal, match="已经备案"):
        services.drop_policy(filed.pk, reason="改主意", actor=who["clerk"], on=make.ON)
    filed.status, filed.filed_on, filed.filing_number = "DRAFT", None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        filed.save()


def test_the_nearest_division_and_the_newest_edition_hold(who: dict) -> None:
    county = make.policy(who["clerk"], who["finance"], division_code="140932000000", title="县办法")
    assert policies.in_force("140932", make.VILLAGE, make.ON) == county
    own = make.policy(who["clerk"], who["finance"])
    assert policies.in_force("140932", make.VILLAGE, make.ON) == own
    newer = make.policy(who["clerk"], who["finance"], starts_on=date(2020, 7, 1), title="新办法")
    assert newer.edition == 2
    assert policies.in_force("140932", make.VILLAGE, make.ON) == newer
    assert policies.in_force("140932", make.VILLAGE, date(2020, 6, 30)) == own
    with pytest.raises(Refusal, match="同日施行"):
        make.policy(who["clerk"], who["finance"], starts_on=date(2020, 7, 1))


# ---- Plans --------------------------------------------------------------------------------------------------------


def test_a_plan_divides_its_receipts_to_the_fen(who: dict, ready: tuple) -> None:
    policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    assert (plan.pool_fen, plan.policy, plan.status) == (POOL, policy, "DRAFT")
    lines = {row.line.use: row.line.fen for row in plans.lines_of(plan)}
    assert lines == {"HOUSEHOLDS": 70_001, "FACILITIES": 10_000, "ASSETS": 20_000}
    assert [row.fen for row in plans.every_share(plan)] == [23_334, 23_334, 23_333]
    assert sum(row.fen for row in plans.pool_of(plan)) == POOL
    assert plans.number_of(plan) == "偏分配〔2020〕1号"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"shares": {"HOUSEHOLDS": 5900, "ASSETS": 3000, "FACILITIES": 1100}}, "低于"),
        ({"shares": {"HOUSEHOLDS": 8100, "ASSETS": 1900}}, "高于"),
        ({"shares": {"HOUSEHOLDS": 7000, "ASSETS": 2000, "CAPACITY": 1000}}, "没有列入"),
        ({"shares": {"HOUSEHOLDS": 7000, "ASSETS": 2000}}, "百分之百"),
        ({"shares": {"HOUSEHOLDS": 7000, "BONUS": 3000}}, "用途清单"),
        ({"title": " "}, "名称"),
        ({"last_day": date(2020, 12, 31)}, "期间"),
        ({"as_of": date(2019, 12, 31)}, "名册"),
        ({"fixed": {1: FixedShare(100, " ")}}, "理由"),
        ({"fixed": {999_999: FixedShare(100, "大病")}}, "不在"),
        ({"period_start": date(2020, 5, 1)}, "没有尚未分配"),
    ],
)
def test_a_plan_outside_the_policy_is_refused(who: dict, ready: tuple, given: dict, words: str) -> None:
    _policy, holder = ready
    with pytest.raises(Refusal, match=words):
        services.draft_plan(make.plan_draft(holder.pk, **given), actor=who["clerk"], on=make.ON)
    assert not Plan.objects.exists()


def test_without_a_policy_in_force_there_is_no_plan(who: dict) -> None:
    make.enter([make.household(1)], who["clerk"])
    make.policy(who["clerk"], None)
    holder = make.holder()
    with make.receipts(make.source(1, POOL, holder.pk)), pytest.raises(Refusal, match="分配办法"):
        services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)


def test_a_redraft_outside_the_policy_is_refused_too(who: dict, ready: tuple) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    outside = make.plan_draft(holder.pk, shares={"HOUSEHOLDS": 5900, "ASSETS": 3000, "FACILITIES": 1100})
    with pytest.raises(Refusal, match="低于"):
        services.redraft_plan(plan.pk, outside, reason="调整", actor=who["clerk"], on=make.ON)
    fixed = make.plan_draft(
        holder.pk, fixed={Share.objects.filter(plan=plan).first().household_id: FixedShare(0, "放弃")}
    )
    services.redraft_plan(plan.pk, fixed, reason="一户放弃", actor=who["clerk"], on=make.ON)
    plan.refresh_from_db()
    assert plan.round == 2
    assert [(row.fen, row.reason) for row in plans.every_share(plan)] == [(0, "放弃"), (35_001, ""), (35_000, "")]
    assert Share.objects.filter(plan=plan).count() == 6


def test_the_database_refuses_a_plan_outside_its_policy_or_out_of_balance(who: dict, ready: tuple) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    with connection.cursor() as cursor:
        for table, column in (("planline", "share"), ("planline", "fen"), ("share", "fen"), ("poolrow", "fen")):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"UPDATE distribution_{table} SET {column} = {column} + 1 WHERE plan_id = %s", [plan.pk])
    for round_, shares, words in (
        (2, {"HOUSEHOLDS": 10_000}, "filed policy|agree to the fen"),
        (3, {"HOUSEHOLDS": 7_000, "CAPACITY": 3_000}, "filed policy|agree to the fen"),
        (4, {"HOUSEHOLDS": 7_000, "ASSETS": 3_000}, "agree to the fen"),
    ):
        for use, share in shares.items():
            PlanLine(plan=plan, round=round_, use=use, share=share, fen=POOL * share // 10_000).save()
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(round=round_, status="PROPOSED")


def test_a_receipt_is_never_distributed_twice(who: dict, ready: tuple) -> None:
    _policy, holder = ready
    first = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="没有尚未分配"):
        services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    row = PoolRow.objects.filter(plan=first).first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolRow.objects.filter(plan=first).update(released_on=make.ON)
    services.withdraw_plan(first.pk, reason="另拟", actor=who["clerk"], on=make.ON)
    again = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    assert again.pool_fen == POOL
    assert again.number == 2


@pytest.mark.parametrize("method", ["HEADS", "NEED", "LABOUR", "POSTS"])
def test_every_method_divides_the_households_share(who: dict, method: str) -> None:
    found = make.enter(
        [make.household(1, people=4), make.household(2, category="UNSTABLE"), make.household(3)], who["clerk"]
    )
    make.policy(who["clerk"], who["finance"], method=method, weights={"UNSTABLE": 3, "LIFTED": 1})
    holder = make.holder()
    counted = {found[0].pk: 10, found[1].pk: 30}
    with make.receipts(make.source(1, 1_000_000, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk, counted=counted), actor=who["clerk"], on=make.ON)
    expected = {
        "HEADS": [350_000, 175_000, 175_000],
        "NEED": [140_000, 420_000, 140_000],
        "LABOUR": [175_000, 525_000],
        "POSTS": [175_000, 525_000],
    }
    assert [row.fen for row in plans.every_share(plan)] == expected[method]


def test_households_of_another_category_or_a_later_day_have_no_share(who: dict) -> None:
    make.enter([make.household(1), make.household(2, category="ALLOWANCE")], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    holder = make.holder()
    with make.receipts(make.source(1, 1_000, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    assert [row.number for row in plans.every_share(plan)] == ["001"]


# ---- The people decide --------------------------------------------------------------------------------------------


def test_the_village_the_town_the_bureau_the_notice_and_finance_in_this_order(
    who: dict, ready: tuple, pass_notice: Any
) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="备案"):
        services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.ON)
    plan = make.to_notice(plan, who)
    assert plan.status == "PROPOSED"
    assert set(make.waiting(plan.case_id)) == {"notice"}
    with pytest.raises(Refusal, match="备案"):
        services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.ON)
    pass_notice(plan.case, make.ON)
    make.decide(plan.case_id, "filing", who["finance"], "DONE", document_no="偏财备〔2020〕12号", on=make.LATER)
    plan.refresh_from_db()
    assert (plan.status, plan.filing_number, plan.filed_on) == ("FILED", "偏财备〔2020〕12号", make.LATER)
    assert set(make.waiting(plan.case_id)) == {"payout"}
    with pytest.raises(Refusal, match="不能"):
        services.withdraw_plan(plan.pk, reason="改主意", actor=who["clerk"], on=make.ON)


def test_a_village_that_says_no_frees_the_receipts(who: dict, ready: tuple) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = services.propose_plan(plan.pk, actor=who["clerk"], on=make.ON)
    make.vote(plan.case_id, who["village"], "REJECT", "比例不合适")
    plan.refresh_from_db()
    assert plan.status == "REJECTED"
    assert not PoolRow.objects.filter(plan=plan, released_on=None).exists()


def test_an_upheld_objection_leads_back(who: dict) -> None:
    drawing = definitions.drawing_of(procedures.in_force("distribution", "140932", make.ON).content)
    ways = {flow.target: flow.condition for flow in drawing.leaving("noticed")}
    assert ways == {"filing": "", "revise": 'notice_outcome == "UPHELD"'}


def test_what_finance_returns_is_redrafted_and_begins_anew(who: dict, ready: tuple, pass_notice: Any) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.to_notice(plan, who)
    pass_notice(plan.case, make.ON)
    make.decide(plan.case_id, "filing", who["finance"], "RETURN", text="到户比例偏低", on=make.LATER)
    assert set(make.waiting(plan.case_id)) == {"revise"}
    other = make.plan_draft(holder.pk, shares={"HOUSEHOLDS": 8000, "ASSETS": 1000, "FACILITIES": 1000})
    services.redraft_plan(plan.pk, other, reason="提高到户比例", actor=who["clerk"], on=make.LATER)
    assert set(make.waiting(plan.case_id)) == {"meeting"}
    plan.refresh_from_db()
    assert (plan.round, plan.status) == (2, "PROPOSED")


def test_a_newer_policy_stops_a_plan_that_isnt_proposed_yet(who: dict, ready: tuple) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    make.policy(who["clerk"], who["finance"], starts_on=date(2020, 7, 1), title="新办法")
    with pytest.raises(Refusal, match="新的一版"):
        services.propose_plan(plan.pk, actor=who["clerk"], on=make.ON)


def test_a_countys_plan_skips_the_village(who: dict) -> None:
    make.enter([make.household(1), make.household(2, make.OTHER_VILLAGE)], who["clerk"])
    make.policy(who["clerk"], who["finance"], division_code="140932000000")
    holder = make.holder("县工信局（示例）", "OFFICE", "140932000000")
    with make.receipts(make.source(1, 1_000, holder.pk)):
        draft = make.plan_draft(holder.pk, division_code="140932000000")
        plan = services.draft_plan(draft, actor=who["clerk"], on=make.ON)
    plan = services.propose_plan(plan.pk, actor=who["clerk"], on=make.ON)
    assert set(make.waiting(plan.case_id)) == {"bureau"}
    assert plans.visible_to(who["village"]).filter(pk=plan.pk).exists()
    rows, _following = plans.shares_of(plan, who["village"])
    assert [row.division for row in rows] == [make.VILLAGE]


# ---- Paying -------------------------------------------------------------------------------------------------------


def _lines(plan: Plan) -> list[tuple[str, int, int]]:
    rows = Line.objects.filter(voucher__source=str(plan.ref)).order_by("voucher", "line_no")
    return list(rows.values_list("account__code", "debit_fen", "credit_fen"))


def test_households_are_paid_once_and_again_only_what_came_back(who: dict, ready: tuple, pass_notice: Any) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    with pytest.raises(NotAllowed):
        services.make_list(plan.pk, "BANK", actor=who["clerk"], on=make.LATER)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    assert (payout.count, payout.fen) == (3, 70_001)
    assert _lines(plan) == [("322", 70_001, 0), ("202", 0, 70_001)]
    with pytest.raises(Refusal, match="没有待发放"):
        services.make_list(plan.pk, "CASH", actor=who["cashier"], on=make.LATER)
    with pytest.raises(Refusal, match="凭据"):
        services.mark_paid(payout.pk, None, paid_on=make.LATER, proof=" ", actor=who["cashier"], on=make.LATER)
    given = {"paid_on": make.LATER, "proof": "代发批次 20200720-01", "actor": who["cashier"], "on": make.LATER}
    assert services.mark_paid(payout.pk, None, **given) == 3
    with pytest.raises(Refusal, match="已经发放"):
        services.mark_paid(payout.pk, None, **given)
    assert _lines(plan)[2:] == [("202", 70_001, 0), ("102", 0, 70_001)]
    first = Payment.objects.order_by("id").first()
    services.mark_returned(first.pk, returned_on=make.LATER, reason="账户已销", actor=who["cashier"], on=make.LATER)
    assert _lines(plan)[4:] == [("102", 23_334, 0), ("202", 0, 23_334)]
    with pytest.raises(Refusal, match="已经登记退回"):
        services.mark_returned(first.pk, returned_on=make.LATER, reason="账户已销", actor=who["cashier"], on=make.LATER)
    again = services.make_list(plan.pk, "CASH", actor=who["cashier"], on=make.LATER)
    assert (again.count, again.fen, again.voucher) == (1, 23_334, "")
    services.mark_paid(again.pk, None, **given | {"proof": "签领表 1 号"})
    assert plans.paid_fen(plan) == 70_001
    debts = [fen for code, debit, credit in _lines(plan) if code == "202" for fen in (debit - credit,)]
    assert sum(debts) == 0


def _share_of_another(who: dict) -> Share:
    """A share of a plan that nobody has filed."""
    holder = make.holder("另一合作社（示例）")
    with make.receipts(make.source(7, POOL, holder.pk)):
        other = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    return Share.objects.filter(plan=other).order_by("id").first()


def test_the_database_refuses_a_second_payment_and_one_before_the_filing(
    who: dict, ready: tuple, pass_notice: Any
) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    payment = Payment.objects.order_by("id").first()
    twin = Payment(county=payment.county, payout=payment.payout, share=payment.share, fen=payment.fen)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    early = Payment(county=payment.county, payout=payment.payout, share=_share_of_another(who), fen=payment.fen)
    with pytest.raises(IntegrityError, match="filed plan"), transaction.atomic():
        early.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(fen=payment.fen + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).delete()


def test_uses_are_spent_with_paper_within_the_line_and_the_plan_ends_when_all_is_used(
    who: dict, ready: tuple, pass_notice: Any
) -> None:
    _policy, holder = ready
    plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    paper = PaperDraft("发票.pdf", make.PDF)
    draft = SpendingDraft("ASSETS", 20_000, "偏关县某维修部（示例）", "冷库压缩机维修", make.LATER, paper)
    for wrong, words in (
        (replace(draft, fen=20_001), "剩余的 200.00"),
        (replace(draft, fen=0), "大于零"),
        (replace(draft, use="HOUSEHOLDS"), "发放表"),
        (replace(draft, use="CAPACITY"), "没有这项用途"),
        (replace(draft, paper=None), "票据"),
        (replace(draft, spent_on=date(2020, 8, 9)), "备案之后"),
    ):
        with pytest.raises(Refusal, match=words):
            services.spend(plan.pk, wrong, actor=who["clerk"], on=make.LATER)
    spent = services.spend(plan.pk, draft, actor=who["clerk"], on=make.LATER)
    assert _lines(plan) == [("322", 20_000, 0), ("102", 0, 20_000)]
    spent.pk, spent.fen = None, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        spent.save(force_insert=True)
    services.spend(plan.pk, replace(draft, use="FACILITIES", fen=10_000), actor=who["clerk"], on=make.LATER)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    services.mark_paid(payout.pk, None, paid_on=make.LATER, proof="批次 1", actor=who["cashier"], on=make.LATER)
    plan.refresh_from_db()
    assert (plan.status, plan.ended_on) == ("DONE", make.LATER)
    assert Case.objects.get(pk=plan.case_id).status == "APPROVED"
    figures = plans.by_year(who["clerk"])[0]
    assert figures == plans.YearFigures(2020, 1, POOL, POOL, POOL, 70_001, 30_000)
    assert Spending.objects.count() == 2
    returned = Payment.objects.order_by("id").first()
    services.mark_returned(returned.pk, returned_on=make.LATER, reason="户名不符", actor=who["cashier"], on=make.LATER)
    services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    kinds = {protected.kind for protected in queries.PROTECTED}
    report = evidence.verify(queries.PROTECTED)
    assert [found for found in report.findings if found.obj.partition(":")[0] in kinds] == []
    assert Voucher.objects.filter(source=str(plan.ref)).count() == 5


def test_the_bureaus_book_carries_what_the_bureau_holds(who: dict, pass_notice: Any) -> None:
    make.enter([make.household(1)], who["clerk"])
    make.policy(who["clerk"], who["finance"])
    holder = make.holder("县工信局（示例）", "OFFICE", "140932000000")
    with make.receipts(make.source(1, 1_000, holder.pk)):
        plan = services.draft_plan(make.plan_draft(holder.pk), actor=who["clerk"], on=make.ON)
    plan = make.filed(plan, who, pass_notice)
    payout = services.make_list(plan.pk, "BANK", actor=who["cashier"], on=make.LATER)
    services.mark_paid(payout.pk, None, paid_on=make.LATER, proof="批次 1", actor=who["cashier"], on=make.LATER)
    paid = [
        ("5001", 700, 0), ("2307", 0, 700), ("2307", 700, 0), ("1002", 0, 700), ("7101", 700, 0), ("8001", 0, 700),
    ]  # fmt: skip
    assert _lines(plan) == paid
    first = Payment.objects.filter(payout=payout).earliest("pk")
    back = {"returned_on": make.LATER, "reason": "账号有误", "actor": who["cashier"], "on": make.LATER}
    services.mark_returned(first.pk, **back)
    assert _lines(plan) == [
        *paid, ("1002", 700, 0), ("2307", 0, 700), ("8001", 700, 0), ("7101", 0, 700),
    ]  # fmt: skip


def test_another_countys_plan_is_not_there(who: dict, ready: tuple, pass_notice: Any) -> None:
    with pytest.raises(NotFound):
        services.propose_plan(999_999, actor=who["clerk"], on=make.LATER)
    with pytest.raises(NotFound):
        services.mark_returned(999_999, returned_on=make.LATER, reason="无", actor=who["cashier"], on=make.LATER)
