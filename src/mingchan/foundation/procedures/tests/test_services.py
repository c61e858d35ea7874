"""Matters on their way: who may say what, what binds to what, and what follows in the end."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.procedures import outcomes, pack, queries, services
from mingchan.foundation.procedures.models import Case, Opinion, Task
from mingchan.foundation.procedures.outcomes import Outcome
from mingchan.foundation.procedures.queries import documents
from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.services import PaperDraft
from mingchan.foundation.procedures.tests import factories as make
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db

PASSED = Votes(members=7, agreed=5, against=1, abstained=0)
MINUTES = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def staff(db: None) -> dict[str, Actor]:
    return make.staff()


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What followed from the disposal's cases."""
    said: list[str] = []
    before = outcomes.of("disposal")
    outcomes.register(
        "disposal",
        Outcome(
            on_approved=lambda case, _actor, _on: said.append(f"approved {case.subject}"),
            on_rejected=lambda case, _actor, _on: said.append(f"rejected {case.subject}"),
            on_withdrawn=lambda case, _actor, _on: said.append(f"withdrawn {case.subject}"),
            on_waiting=lambda _case, task, _actor, _on: said.append(f"waits for {task.waits}"),
        ),
    )
    yield said
    outcomes.register("disposal", before)


def test_a_general_matter_goes_from_clerk_over_reviewer_to_head(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    assert case.reference == "2020-0001"
    assert set(make.waiting(case)) == {"review"}
    assert make.waiting(case)["review"].due_on == date(2020, 5, 25), "five working days"
    case = make.decide(case, "review", staff["reviewer"])
    case = make.decide(case, "head", staff["head"], document_no="偏工信字〔2020〕8号")
    assert (case.status, case.ended_on) == ("APPROVED", make.DAY)
    assert [o.office_name for o in queries.opinions_of(case)] == ["县工信局", "县工信局"]
    assert make.is_intact()


def test_nobody_decides_on_their_own_proposal_nor_twice(staff: dict[str, Actor]) -> None:
    both = make.actor("both", "bureau_reviewer")
    make.actor("both", "bureau_head")
    both = make.actor("both", "bureau_clerk")
    own = make.start(both)
    with pytest.raises(NotAllowed, match="自己提交"):
        make.decide(own, "review", both)
    other = make.start(staff["clerk"])
    other = make.decide(other, "review", both)
    with pytest.raises(NotAllowed, match="两个席位"):
        make.decide(other, "head", both, document_no="1号")
    with pytest.raises(NotAllowed, match="不由您办理"):
        make.decide(other, "head", staff["finance"], document_no="1号")


def test_who_has_an_interest_stands_back(staff: dict[str, Actor], heard: list[str]) -> None:
    case = make.start(staff["clerk"], "disposal", interested=[make.office("县财政局").pk])
    with pytest.raises(NotAllowed, match="回避"):
        make.decide(case, "finance_review", staff["finance"])


def test_a_returned_matter_is_revised_and_old_opinions_count_no_more(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    first = case.file_digest
    with pytest.raises(Refusal, match="理由"):
        make.decide(case, "review", staff["reviewer"], "RETURN")
    case = make.decide(case, "review", staff["reviewer"], "RETURN", text="数量不实")
    with pytest.raises(NotAllowed):
        make.decide(case, "revise", staff["head"], "DONE")
    case = make.decide(case, "revise", staff["clerk"], "DONE", revised="拟购货架十组。")
    assert (case.round, case.file_digest != first) == (2, True)
    case = make.decide(case, "review", staff["reviewer"])
    opinions = queries.opinions_of(case)
    assert [(o.answer, o.round) for o in opinions] == [("RETURN", 1), ("DONE", 2), ("AGREE", 2)]
    assert opinions[0].file_digest == first
    assert opinions[2].file_digest == case.file_digest


def test_a_changed_file_voids_what_was_said_and_begins_anew(staff: dict[str, Actor]) -> None:
    case = make.decide(make.start(staff["clerk"]), "review", staff["reviewer"])
    with pytest.raises(NotAllowed):
        services.amend(case.pk, reason="改", version=case.version, text="x", actor=staff["head"], on=make.DAY)
    with pytest.raises(Refusal, match="没有改动"):
        services.amend(case.pk, reason="改", version=case.version, text=case.text, actor=staff["clerk"], on=make.DAY)
    plan = PaperDraft("plan", "方案.pdf", MINUTES)
    case = services.amend(
        case.pk, reason="补方案", version=case.version, papers=[plan], actor=staff["clerk"], on=make.DAY
    )
    assert (case.round, set(make.waiting(case))) == (2, {"review"})
    assert Task.objects.get(case=case, node="head").status == "VOID"
    case = make.decide(case, "review", staff["reviewer"])
    assert set(make.waiting(case)) == {"head"}
    assert make.is_intact()


def test_a_collective_decision_needs_its_minutes_and_its_majority(staff: dict[str, Actor]) -> None:
    case = make.decide(make.start(staff["clerk"], "operator_change"), "review", staff["reviewer"])
    with pytest.raises(Refusal, match="材料还没有上传"):
        make.decide(case, "meeting", staff["head"], votes=PASSED)
    head = replace(staff["head"], grants=(*staff["head"].grants, *staff["clerk"].grants))
    with pytest.raises(Refusal, match="不需要这种材料"):
        services.add_paper(case.pk, PaperDraft("appraisal", "a.pdf", MINUTES), actor=head, on=make.DAY)
    services.add_paper(case.pk, PaperDraft("minutes", "纪要.pdf", MINUTES), actor=head, on=make.DAY)
    for votes, words in (
        (None, "票数"),
        (Votes(7, 3, 0, 0), "未超过应到人数的一半"),
        (Votes(7, 3, 4, 0), "表决结果与意见不一致"),
        (Votes(7, 9, 0, 0), "票数"),
    ):
        with pytest.raises(Refusal, match=words):
            make.decide(case, "meeting", staff["head"], votes=votes)
    case = make.decide(case, "meeting", staff["head"], votes=PASSED)
    assert make.waiting(case)["notice"].waits == "notice"
    assert Opinion.objects.get(case=case, task__node="meeting").votes == "7,5,1,0"


def test_a_joint_review_goes_on_when_every_body_agreed(
    staff: dict[str, Actor], heard: list[str], pass_notice: Callable[[Case, date], Case]
) -> None:
    facts = {"kind": "SCRAP", "sum_fen": 1000}
    case = make.start(staff["clerk"], "disposal", subject=Ref("asset", 7), facts=facts)
    with pytest.raises(Refusal, match="正在办理"):
        make.start(staff["clerk"], "disposal", subject=Ref("asset", 7), facts=facts)
    assert len(make.waiting(case)) == 4
    clerk = staff["clerk"]
    for seat, who in (("finance", "finance"), ("poverty", "poverty"), ("audit", "audit"), ("bureau", "reviewer")):
        case = make.decide(case, f"{seat}_review", staff[who])
    assert set(make.waiting(case)) == {"county"}
    with pytest.raises(Refusal, match="文号"):
        make.decide(case, "county", staff["county"])
    case = make.decide(case, "county", staff["county"], document_no="偏政函〔2020〕3号")
    assert heard == ["waits for notice"]
    with pytest.raises(Refusal, match="没有在等待"):
        services.signal(case.pk, "execution", actor=clerk, on=make.DAY)
    with pytest.raises(NotAllowed):
        make.decide(case, "notice", staff["head"], "DONE")
    with pytest.raises(IntegrityError), transaction.atomic():
        services.signal(case.pk, "notice", facts={"objections": 0}, actor=clerk, on=make.DAY)
    case = pass_notice(case, make.DAY)
    case = services.signal(case.pk, "execution", actor=clerk, on=make.DAY)
    case = make.decide(case, "filing", staff["head"], "DONE", document_no="备案1号")
    case = services.signal(case.pk, "notice", actor=clerk, on=make.DAY)
    assert (case.status, heard[-1]) == ("APPROVED", "approved asset:7")
    seats = set(Opinion.objects.filter(case=case).values_list("office_name", flat=True))
    assert {"县财政局", "县乡村振兴局", "县审计局", "县工信局", "县人民政府"} == seats


def test_one_body_against_ends_a_joint_review(staff: dict[str, Actor], heard: list[str]) -> None:
    case = make.start(staff["clerk"], "disposal", subject=Ref("asset", 7))
    for seat, who in (("finance", "finance"), ("poverty", "poverty"), ("bureau", "reviewer")):
        case = make.decide(case, f"{seat}_review", staff[who])
    case = make.decide(case, "audit_review", staff["audit"], "REJECT", text="效益良好")
    assert (case.status, heard) == ("REJECTED", ["rejected asset:7"])
    with pytest.raises((Stale, Refusal)):
        services.signal(case.pk, "notice", actor=staff["clerk"], on=make.DAY)


def test_what_follows_may_refuse_and_then_nothing_happened(staff: dict[str, Actor]) -> None:
    def refuse(_case: Case, _actor: Actor, _on: date) -> None:
        raise Refusal("后续不能办理")

    before = outcomes.of("general")
    outcomes.register("general", Outcome(on_approved=refuse))
    try:
        case = make.decide(make.start(staff["clerk"]), "review", staff["reviewer"])
        with pytest.raises(Refusal, match="后续不能办理"):
            make.decide(case, "head", staff["head"], document_no="1号")
    finally:
        outcomes.register("general", before)
    case.refresh_from_db()
    assert (case.status, set(make.waiting(case)), Opinion.objects.filter(case=case).count()) == ("RUNNING", {"head"}, 1)


def test_a_stale_answer_is_refused(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    services.amend(case.pk, reason="改", version=case.version, text="改过了", actor=staff["clerk"], on=make.DAY)
    with pytest.raises(Stale):
        make.decide(case, "review", staff["reviewer"], version=case.version)


def test_a_matter_is_withdrawn_by_its_drafter_and_stays_to_be_seen(staff: dict[str, Actor], heard: list[str]) -> None:
    case = make.start(staff["clerk"], "disposal", subject=Ref("asset", 7))
    case = services.withdraw(case.pk, reason="不再处置", version=case.version, actor=staff["clerk"], on=make.DAY)
    assert (case.status, make.waiting(case), heard) == ("WITHDRAWN", {}, ["withdrawn asset:7"])
    assert make.start(staff["clerk"], "disposal", subject=Ref("asset", 7)).number == 2


def test_a_colleague_acts_for_another_for_a_term_but_not_for_the_drafter(staff: dict[str, Actor]) -> None:
    deputy = make.actor("deputy", "bureau_clerk")
    head_before = staff["head"]
    services.delegate(
        deputy.account_id or 0, valid_from=make.DAY, last_day=make.DAY + timedelta(days=3), reason="出差",
        actor=head_before, on=make.DAY,
    )  # fmt: skip
    case = make.decide(make.start(staff["clerk"]), "review", staff["reviewer"])
    assert queries.todo_count(deputy, make.DAY) == 1
    case = make.decide(case, "head", deputy, document_no="1号")
    opinion = Opinion.objects.get(case=case, task__node="head")
    assert (opinion.account_name, opinion.delegator_id) == ("deputy", staff["head"].account_id)
    own = make.decide(make.start(deputy), "review", staff["reviewer"])
    with pytest.raises(NotAllowed, match="自己提交"):
        make.decide(own, "head", deputy, document_no="2号")
    later = make.DAY + timedelta(days=4)
    with pytest.raises(NotAllowed):
        make.decide(make.decide(make.start(staff["clerk"]), "review", staff["reviewer"]), "head", deputy, on=later)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"taker": "head"}, "本单位"),
        ({"taker": "finance"}, "本单位"),
        ({"last_day": date(2020, 12, 31)}, "不超过 60 天"),
        ({"valid_from": date(2020, 5, 1)}, "今天或以后"),
        ({"reason": " "}, "事由"),
    ],
)
def test_a_delegation_that_may_not_be_is_refused(
    staff: dict[str, Actor], change: dict[str, object], words: str
) -> None:
    given = {"taker": "clerk", "valid_from": make.DAY, "last_day": make.DAY, "reason": "出差", **change}
    taker = staff[str(given.pop("taker"))].account_id or 0
    with pytest.raises(Refusal, match=words):
        services.delegate(taker, actor=staff["head"], on=make.DAY, **given)  # type: ignore[arg-type]


def test_a_case_keeps_the_drawing_that_it_began_with(staff: dict[str, Actor]) -> None:
    before = make.start(staff["clerk"])
    changed = pack.procedure_files()["general"].replace("县工信局批准", "局长办公会批准").encode()
    definition = services.add_definition(
        "general", changed, valid_from=make.DAY, reason="机构调整", actor=staff["clerk"], on=make.DAY
    )
    after = make.start(staff["clerk"])
    assert (before.definition, after.definition, definition.number) == (0, 1, 1)
    before = make.decide(before, "review", staff["reviewer"])
    after = make.decide(after, "review", staff["reviewer"])
    assert [make.waiting(case)["head"].name for case in (before, after)] == ["县工信局批准", "局长办公会批准"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('mc:role="bureau_head"', 'mc:role="king"', "不在制度包中"),
        ('mc:clause="2.4.2c"', 'mc:clause="9.9"', "不在方案中"),
        ('mc:clause="2.4.2c"', "", "不能删去"),
        ('review == "RETURN"', 'decision("nothing") == "X"', "不存在"),
        ('review == "RETURN"', "__import__('os')", "看不懂"),
    ],
)
def test_a_drawing_that_would_break_the_plan_is_refused(
    staff: dict[str, Actor], old: str, new: str, words: str
) -> None:
    text = pack.procedure_files()["general"]
    content = text.replace(old, new.replace('"', "&quot;") if "decision" in new else new)
    assert content != text
    with pytest.raises(services.BadFile) as caught:
        services.add_definition(
            "general", content.encode(), valid_from=make.DAY, reason="改", actor=staff["clerk"], on=make.DAY
        )
    assert any(words in reason for reason in caught.value.reasons)


def test_cases_are_seen_by_those_they_concern(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    stranger = make.actor("stranger", "accountant")
    assert queries.case(case.pk, staff["reviewer"], make.DAY) == case
    with pytest.raises(NotFound):
        queries.case(case.pk, stranger, make.DAY)
    assert queries.todo(staff["reviewer"], make.DAY)[0][0].case_id == case.pk
    assert queries.todo(staff["clerk"], make.DAY)[0] == []
    assert queries.running_count(staff["clerk"]) == 1


def test_what_was_said_and_what_ended_cannot_be_changed(staff: dict[str, Actor]) -> None:
    case = make.decide(make.start(staff["clerk"]), "review", staff["reviewer"], "REJECT", text="不需要")
    for change in (
        lambda: Opinion.objects.filter(case=case).update(answer="AGREE"),
        lambda: Opinion.objects.filter(case=case).delete(),
        lambda: Case.objects.filter(pk=case.pk).update(status="APPROVED"),
        lambda: Task.objects.filter(case=case).update(status="WAITING", closed_on=None),
        lambda: Case.objects.filter(pk=case.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_changed_run_is_found(staff: dict[str, Actor]) -> None:
    case = make.start(staff["clerk"])
    Case.objects.filter(pk=case.pk).update(run=case.run.replace("review", "reviex"))
    assert [fault.field for fault in documents.faults()] == ["run"]


def test_working_days_are_counted_as_published_and_as_the_county_says(staff: dict[str, Actor]) -> None:
    from mingchan.foundation.procedures import rules

    published = queries.exceptions(make.COUNTY)
    assert rules.after_working_days(date(2020, 4, 29), 5, published) == date(2020, 5, 9)
    assert rules.after_working_days(date(2020, 4, 24), 20, published) == date(2020, 5, 25)
    services.set_day(date(2020, 5, 19), is_working=False, note="本县活动", actor=staff["clerk"], on=make.DAY)
    assert rules.after_working_days(make.DAY, 1, queries.exceptions(make.COUNTY)) == date(2020, 5, 20)
    assert make.waiting(make.start(staff["clerk"]))["review"].due_on == date(2020, 5, 26)
