"""Services of performance on a real database: goals, commission, scores, appeal, case, rectification (2.4.2d)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.procedures import services as cases
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.tests.factories import open_gate
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.lifecycle.performance import pack, queries, services
from mingchan.lifecycle.performance.choices import FixState, State
from mingchan.lifecycle.performance.drafts import FileDraft, GoalDraft
from mingchan.lifecycle.performance.models import Evaluation, Goal, Rectification
from mingchan.lifecycle.performance.tests import factories as f

pytestmark = pytest.mark.django_db
DAY = date(2020, 9, 1)
PAPER = FileDraft("整改.pdf", f.PDF)


def passed_notice(found: Evaluation, outcome: str = "PASSED") -> Evaluation:
    """The notice of the case ended: disclosure would say so; its gate is tested where it stands."""
    found = f.decided(found)
    assert found.case is not None
    open_gate()
    facts = {"notice_outcome": outcome, "objections": 0}
    cases.signal(found.case.pk, "notice", facts=facts, actor=f.finance(f.SENT), on=f.SENT)
    return f.current(found)


def test_goals_are_set_by_the_bureau_and_reported_by_the_operator() -> None:
    contract = f.contract()
    clerk, operator = f.clerk(DAY), f.operator(contract, DAY)
    wanted = [GoalDraft("PARCELS", 12_000), GoalDraft("SALES", 5_000_000)]
    assert services.set_goals(contract.pk, 2020, wanted, actor=clerk, on=DAY) == 2
    services.report_goal(contract.pk, 2020, "PARCELS", 9_000, "收寄台账", actor=operator, on=DAY)
    known = queries.measured(contract, 2020, DAY)
    assert known["goal.PARCELS"] == (9_000, 12_000)
    assert known["goal.SALES"] == (0, 5_000_000)
    assert known["goals_set"] == (2, 4)


def test_a_changed_target_needs_its_reason_and_the_operator_sets_none() -> None:
    contract = f.contract()
    services.set_goals(contract.pk, 2020, [GoalDraft("PARCELS", 12_000)], actor=f.clerk(DAY), on=DAY)
    with pytest.raises(Refusal, match="理由"):
        services.set_goals(contract.pk, 2020, [GoalDraft("PARCELS", 6_000)], actor=f.clerk(DAY), on=DAY)
    with pytest.raises(NotAllowed):
        services.set_goals(contract.pk, 2020, [GoalDraft("TRAINED", 60)], actor=f.operator(contract, DAY), on=DAY)
    services.set_goals(contract.pk, 2020, [GoalDraft("PARCELS", 6_000)], reason="疫情影响", actor=f.clerk(DAY), on=DAY)
    assert Goal.objects.get().target == 6_000


@pytest.mark.parametrize(
    ("year", "drafts", "words"),
    [
        (2019, [GoalDraft("PARCELS", 1)], "合同期限"),
        (2020, [GoalDraft("PARCELS", 0)], "大于 0"),
        (2020, [GoalDraft("PARCELS", 1), GoalDraft("PARCELS", 2)], "只设一次"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(year: int, drafts: list[GoalDraft], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        services.set_goals(f.contract().pk, year, drafts, actor=f.clerk(DAY), on=DAY)


def test_finance_commissions_each_contract_once_a_year() -> None:
    contract = f.contract()
    found = f.commissioned(contract)
    assert (found.state, found.evaluator_id) == (State.ASSIGNED, f.company())
    with pytest.raises(Refusal, match="已经委托"):
        f.commissioned(contract)
    with pytest.raises(NotAllowed):
        services.commission(
            2021, [contract.pk], f.company(), document_no="x", due_on=f.DUE, actor=f.clerk(f.COMMISSIONED),
            on=f.COMMISSIONED,
        )  # fmt: skip


def test_nobody_evaluates_its_own_contract() -> None:
    contract = f.contract()
    with pytest.raises(Refusal, match="当事人"):
        services.commission(
            2020, [contract.pk], contract.operator_id, document_no="偏财绩〔2021〕3号", due_on=f.DUE,
            actor=f.finance(f.COMMISSIONED), on=f.COMMISSIONED,
        )  # fmt: skip


def test_the_evaluator_sees_only_what_it_was_commissioned_with() -> None:
    mine, other = f.contract(), f.contract(serial=2, operator=f.company("另一家经营公司"))
    found = f.commissioned(mine)
    services.commission(
        2020, [other.pk], f.company("另一家评价公司"), document_no="偏财绩〔2021〕4号", due_on=f.DUE,
        actor=f.finance(f.COMMISSIONED), on=f.COMMISSIONED,
    )  # fmt: skip
    who = f.evaluator(f.SCORED)
    rows, _following = queries.rows(queries.EvaluationFilter(), who, f.SCORED)
    assert [row.id for row in rows] == [found.pk]
    theirs = Evaluation.objects.exclude(pk=found.pk).get()
    with pytest.raises(NotFound):
        services.score(theirs.pk, [], version=1, actor=who, on=f.SCORED)
    with pytest.raises(NotAllowed):
        services.score(found.pk, [], version=1, actor=f.finance(f.SCORED), on=f.SCORED)


def test_a_result_is_handed_in_whole_or_not_at_all() -> None:
    found, who = f.commissioned(f.contract()), f.evaluator(f.SCORED)
    every = f.drafts(found)
    found = services.score(found.pk, every[1:], version=found.version, actor=who, on=f.SCORED)
    with pytest.raises(Refusal, match="确权完成率"):
        services.submit(found.pk, opinion="运行平稳。", version=found.version, actor=who, on=f.SCORED)
    found = services.score(found.pk, every[:1], version=found.version, actor=who, on=f.SCORED)
    with pytest.raises(Refusal, match="现场核查"):
        services.submit(found.pk, opinion="运行平稳。", version=found.version, actor=who, on=f.SCORED)


def test_points_add_up_and_make_the_grade() -> None:
    found = f.submitted(f.contract(), share=70)
    used = pack.read(found.indicators)
    assert found.points == sum(found.scores.values_list("points", flat=True))
    assert found.grade == used.grade(found.points or 0).code == "FAIR"


def test_an_upheld_appeal_sends_the_scores_back() -> None:
    contract = f.contract()
    found = f.announced(contract, share=50)
    assert found.appeal_until == date(2021, 3, 15)
    operator, finance = f.operator(contract, f.ANNOUNCED), f.finance(f.ANNOUNCED)
    services.appeal(found.pk, text="收寄量漏计十二月。", actor=operator, on=f.ANNOUNCED)
    with pytest.raises(Refusal, match="申诉"):
        services.send(found.pk, version=found.version, actor=f.finance(f.SENT), on=f.SENT)
    found = services.answer_appeal(
        found.pk, is_upheld=True, answer="漏计属实，重新评分。", version=found.version, actor=finance, on=f.ANNOUNCED
    )
    assert found.state == State.ASSIGNED


def test_a_result_is_sent_after_the_term_for_appeals() -> None:
    found = f.announced(f.contract())
    with pytest.raises(Refusal, match="申诉期"):
        services.send(found.pk, version=found.version, actor=f.finance(f.ANNOUNCED), on=f.ANNOUNCED + timedelta(days=7))
    with pytest.raises(Refusal, match="截止"):
        services.appeal(found.pk, text="过期申诉。", actor=f.operator(found.contract, f.SENT), on=f.SENT)
    sent = services.send(found.pk, version=found.version, actor=f.finance(f.SENT), on=f.SENT)
    assert sent.state == State.PROCEDURE


def test_a_passing_grade_counts_from_the_end_of_its_case() -> None:
    contract = f.contract()
    found = f.sent(contract, share=100)
    assert queries.last_grades([contract.pk], f.SENT) == {}
    found = passed_notice(found)
    assert (found.state, found.confirmed_on) == (State.CONFIRMED, f.SENT)
    assert queries.last_grades([contract.pk], f.SENT) == {contract.pk: "EXCELLENT"}
    assert not Rectification.objects.exists()


def test_a_failing_grade_orders_a_rectification_that_only_a_review_closes() -> None:
    contract = f.contract()
    passed_notice(f.sent(contract, share=40))
    fix = Rectification.objects.get()
    assert (fix.state, fix.due_on) == (FixState.OPEN, f.SENT + timedelta(days=60))
    operator, reviewer = f.operator(contract, f.SENT), f.reviewer(f.SENT)
    with pytest.raises(Refusal, match="证明材料"):
        services.report_fix(fix.pk, text="已整改。", is_done=True, version=fix.version, actor=operator, on=f.SENT)
    with pytest.raises(NotAllowed):
        services.report_fix(fix.pk, text="已整改。", is_done=False, version=fix.version, actor=reviewer, on=f.SENT)
    fix = services.report_fix(
        fix.pk, text="已配专人值守。", is_done=True, paper=PAPER, version=fix.version, actor=operator, on=f.SENT
    )
    fix = services.return_fix(fix.pk, text="营业时间仍不足。", version=fix.version, actor=reviewer, on=f.SENT)
    assert fix.state == FixState.OPEN
    fix = services.report_fix(
        fix.pk, text="已延长营业时间。", is_done=True, paper=PAPER, version=fix.version, actor=operator, on=f.SENT
    )
    fix = services.close_fix(fix.pk, text="现场复核属实。", version=fix.version, actor=reviewer, on=f.SENT)
    assert (fix.state, fix.closed_on) == (FixState.CLOSED, f.SENT)
    found = queries.consequences(f.finance(f.SENT), f.YEAR)
    assert [(one.grade.code, one.grade.talk, one.grade.allocation_bp) for one in found] == [("POOR", True, 7_000)]


@pytest.mark.parametrize("outcome", ["UPHELD"])
def test_an_objection_that_was_upheld_opens_the_scores_again(outcome: str) -> None:
    found = passed_notice(f.sent(f.contract()), outcome)
    assert (found.state, found.case) == (State.ASSIGNED, None)
    assert "重新提交" in found.returned_for


def test_what_is_made_public_names_no_person() -> None:
    found = f.sent(f.contract())
    assert found.case is not None
    told = queries.publication(found.case)
    assert told.kind == "EVALUATION"
    assert len(told.rows) == len(pack.read(found.indicators).indicators)
    assert f.current(found).submitted_by not in "".join(told.paragraphs)


def raw(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def test_the_database_lets_no_score_change_after_it_was_handed_in() -> None:
    found = f.submitted(f.contract())
    for sql in (
        "UPDATE performance_score SET points = 1",
        "DELETE FROM performance_score",
        "UPDATE performance_evaluation SET state = 'CONFIRMED', confirmed_on = '2021-03-16'",
        "UPDATE performance_evaluation SET year = 2021",
        "DELETE FROM performance_evaluation",
        "UPDATE performance_visit SET matching = 20",
    ):
        with pytest.raises(IntegrityError):
            raw(sql)
    assert f.current(found).state == State.SUBMITTED


def test_the_database_closes_no_rectification_without_a_review() -> None:
    passed_notice(f.sent(f.contract(), share=40))
    with pytest.raises(IntegrityError):
        raw("UPDATE performance_rectification SET state = 'CLOSED', closed_on = '2021-03-20'")
    with pytest.raises(IntegrityError):
        raw("DELETE FROM performance_rectification")
    assert not list(queries.faults())
    assert Case.objects.get(code="evaluation").status == "APPROVED"
