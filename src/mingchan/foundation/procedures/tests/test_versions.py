"""What a county brings itself: drawings that keep what the plan demands, decision tables without gap or overlap."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.procedures import pack, queries, services
from mingchan.foundation.procedures.models import Case, TableVersion
from mingchan.foundation.procedures.tests import factories as make
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db

LEVEL = """code: matter_level
title: 一般事项由谁批
clauses: ["2.4.2c"]
columns:
  - {name: value_fen, type: amount, label: 金额}
  - {name: kind, type: text, label: 类别, values: [BUY, LET], labels: {BUY: 购置, LET: 出租}}
rows:
  - {when: {value_fen: "< 5000000"}, then: HEAD}
  - {when: {value_fen: ">= 5000000"}, then: MEETING}
results: {HEAD: 局长批准, MEETING: 局务会研究}
"""


@pytest.fixture
def staff() -> dict[str, Actor]:
    return make.staff()


def put(text: str, staff: dict[str, Actor], **given: Any) -> TableVersion:
    values = {"valid_from": make.DAY, "reason": "试行", "actor": staff["clerk"], "on": make.DAY, **given}
    return services.add_table(text, **values)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('"< 5000000"', '"< 4000000"', "有空档"),
        ('">= 5000000"', '">= 4000000"', "有重叠"),
        ("type: amount", "type: date", "既不是数额"),
        ('"2.4.2c"', '"9.9"', "不在方案中"),
        ("code: matter_level", "code: 一般", "没有代码"),
        ("code: matter_level", "code: matter_level\nrows: &x []", "引用或标签"),
        ("then: HEAD", "that: HEAD", "没有写明结果"),
        ("columns:", "columns: 5\nold:", "结构不对"),
        ('"< 5000000"', '"less"', "条件看不懂"),
        ("code: matter_level", "code: [", "YAML 无法读取"),
    ],
)
def test_a_table_that_would_leave_a_case_without_an_answer_is_refused(
    staff: dict[str, Actor], was: str, now: str, words: str
) -> None:
    assert was in LEVEL
    with pytest.raises(Refusal, match=words):
        put(LEVEL.replace(was, now, 1), staff)
    assert not TableVersion.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "a: &a [x]\nb: [*a, *a]", "!!python/object/apply:os.system ['true']", "x" * 70_000, "\x00", "- " * 3000],
)
def test_a_hostile_or_empty_file_is_refused_in_words(staff: dict[str, Actor], text: str) -> None:
    with pytest.raises(Refusal):
        put(text, staff)


def test_a_table_is_in_force_from_its_day_and_never_changed(staff: dict[str, Actor]) -> None:
    first = put(LEVEL, staff)
    later = put(
        LEVEL.replace("5000000", "9000000"), staff, code="matter_level", valid_from=make.DAY + timedelta(days=9)
    )
    assert [first.number, later.number] == [1, 2]
    assert queries.table("matter_level", make.COUNTY, make.DAY).number == 1
    assert queries.table("matter_level", make.COUNTY, make.DAY + timedelta(days=9)).number == 2
    assert queries.table("matter_level", make.COUNTY, make.DAY, 2).content == later.content
    with pytest.raises(NotFound):
        queries.table("nothing", make.COUNTY, make.DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        TableVersion.objects.filter(pk=first.pk).update(content="x")
    for given in (
        {"reason": " "},
        {"valid_from": make.DAY - timedelta(days=1)},
        {"code": "another"},
    ):
        with pytest.raises(Refusal):
            put(LEVEL, staff, **given)
    with pytest.raises(NotAllowed):
        put(LEVEL, staff, actor=staff["finance"])
    assert make.is_intact()


def asking() -> str:
    """The general drawing, where the table says whether the head's approval is asked at all or the file goes back."""
    drawing = pack.procedure_files()["general"]
    was = 'review == "RETURN"'
    return drawing.replace(was, f'{was} or decision("matter_level") == "MEETING"', 1)


def test_a_running_case_keeps_the_table_it_began_with(staff: dict[str, Actor]) -> None:
    put(LEVEL, staff)
    given: dict[str, Any] = {"valid_from": make.DAY, "reason": "分级", "actor": staff["clerk"], "on": make.DAY}
    services.add_definition("general", asking().encode(), **given)
    facts = {"value_fen": 6_000_000, "kind": "BUY"}
    old = make.start(staff["clerk"], facts=facts, title="甲")
    put(LEVEL.replace("5000000", "9000000"), staff)
    new = make.start(staff["clerk"], facts=facts, title="乙")
    make.decide(old, "review", staff["reviewer"])
    make.decide(new, "review", staff["reviewer"])
    assert set(make.waiting(old)) == {"revise"}
    assert set(make.waiting(new)) == {"head"}
    assert make.is_intact()


def test_a_changed_table_of_a_case_is_found(staff: dict[str, Actor]) -> None:
    put(LEVEL, staff)
    given: dict[str, Any] = {"valid_from": make.DAY, "reason": "分级", "actor": staff["clerk"], "on": make.DAY}
    services.add_definition("general", asking().encode(), **given)
    case = make.start(staff["clerk"], facts={"value_fen": 1, "kind": "BUY"})
    Case.objects.filter(pk=case.pk).update(tables='{"matter_level":"x"}')
    assert [fault.field for fault in queries.documents.faults()] == ["tables"]


def test_a_missing_fact_is_told_in_words_and_nothing_happens(staff: dict[str, Actor]) -> None:
    put(LEVEL, staff)
    given: dict[str, Any] = {"valid_from": make.DAY, "reason": "分级", "actor": staff["clerk"], "on": make.DAY}
    services.add_definition("general", asking().encode(), **given)
    case = make.start(staff["clerk"])
    with pytest.raises(Refusal, match="缺少“金额”"):
        make.decide(case, "review", staff["reviewer"])
    assert set(make.waiting(case)) == {"review"}


DISPOSAL = pack.procedure_files()["disposal"]


def refused(text: str, code: str = "disposal") -> list[str]:
    with pytest.raises(services.BadFile) as error:
        services.check(code, text.encode(), county=make.COUNTY, on=make.DAY)
    return list(error.value.reasons)


@pytest.mark.parametrize("code", sorted(pack.procedure_files()))
def test_the_drawings_of_the_pack_do_what_the_plan_demands(code: str) -> None:
    assert code in pack.required_steps()
    services.check(code, pack.procedure_files()[code].encode(), county=make.COUNTY, on=make.DAY)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('mc:role="poverty"', 'mc:role="agriculture"', "缺少方案要求的环节：县扶贫部门联审（3.4.3a）"),
        ('mc:role="audit"', 'mc:role="discipline"', "缺少方案要求的环节：县审计局联审（3.4.3a）"),
        ('mc:role="county_government"', 'mc:role="bureau_head"', "缺少方案要求的环节：县人民政府批复（3.4.3a）"),
        ('mc:kind="filing"', 'mc:kind="opinion"', "缺少方案要求的环节：处置情况上报备案（3.4.3a）"),
        ('mc:waits="notice"', 'mc:waits="nothing"', "缺少方案要求的环节：处置实施前公示（3.4.3a）"),
    ],
)
def test_a_drawing_that_drops_a_step_of_the_plan_is_refused_with_its_clause(was: str, now: str, words: str) -> None:
    assert was in DISPOSAL
    assert any(words in reason for reason in refused(DISPOSAL.replace(was, now)))


def test_a_step_that_can_be_gone_round_is_refused() -> None:
    shortcut = """<sequenceFlow id="round_about" sourceRef="decided" targetRef="execution">
      <conditionExpression xsi:type="tFormalExpression">county == "HURRY"</conditionExpression>
      </sequenceFlow></process>"""
    reasons = refused(DISPOSAL.replace("</process>", shortcut))
    assert any("次序不对" in reason and "公示" in reason for reason in reasons)


def test_a_review_after_the_approval_is_refused_for_its_order() -> None:
    general = pack.procedure_files()["general"]
    assert not any(
        "次序" in reason for reason in refused(general.replace('mc:role="bureau_head"', 'mc:role="audit"'), "general")
    )
    early = """<sequenceFlow id="early" sourceRef="reviewed" targetRef="notice">
      <conditionExpression xsi:type="tFormalExpression">finance_review == "HURRY"</conditionExpression>
      </sequenceFlow></process>"""
    reasons = refused(DISPOSAL.replace("</process>", early))
    assert any("次序" in reason and "批复" in reason for reason in reasons)


def test_a_drawing_that_passes_over_a_no_is_refused() -> None:
    deaf = DISPOSAL.replace('"REJECT" in (finance_review', '"REJECT" in (poverty_review')
    assert deaf != DISPOSAL
    assert [reason for reason in refused(deaf) if "不同意时仍会走到" in reason and "财政" in reason]
