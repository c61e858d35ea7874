"""Setting up, putting off, confirming and closing: what is refused, what stays, what the log says."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.oversight.workplan import queries, services
from mingchan.oversight.workplan.drafts import PaperDraft
from mingchan.oversight.workplan.models import Closing, ClosingFigure, Confirmation, Output, StageDays, WorkPlan
from mingchan.oversight.workplan.tests.factories import BEGAN, offices, plan, stage
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Right
from mingchan.register.assets.tests.factories import draft, register, site

LATER = date(2020, 3, 20)


@pytest.fixture
def clerk(actor_of) -> Actor:
    return actor_of("bureau_clerk")


@pytest.fixture
def bureau(sample_county) -> Party:
    return Party.objects.get(name="偏关县工业和信息化局")


@pytest.fixture
def made(clerk, bureau) -> WorkPlan:
    return plan(clerk, bureau.pk)


def test_a_plan_is_set_up_with_stages_days_and_outputs_and_recorded(made, clerk):
    found = queries.view(made, clerk, BEGAN, BEGAN)
    assert [stage.stage.code for stage in found.stages] == ["sorting", "survey", "rights", "custody"]
    assert found.stages[0].state == "UNDER_WAY"
    assert found.stages[1].state == "AHEAD"
    assert len(found.stages[2].outputs) == 6
    assert [entry.kind for entry in log.history(Ref("workplan", made.pk))] == ["workplan.plan.set"]


def test_another_year_is_set_up_from_the_same_template(made, clerk, bureau):
    next_year = plan(clerk, bureau.pk, 2021, on=LATER)
    assert queries.view(next_year, clerk, LATER, LATER).stages[3].days.ends_on == date(2021, 6, 15)
    assert [one.year for one in queries.plans(clerk)] == [2021, 2020]


def test_a_year_has_one_plan(made, clerk, bureau):
    with pytest.raises(Refusal, match="已经设立"):
        plan(clerk, bureau.pk)
    assert WorkPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_on": date(2020, 2, 1)}, "日期有误"),
        ({"ends_on": date(2020, 3, 16)}, "日期有误"),
        ({"office": 999_999}, "责任单位"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(clerk, bureau, change, words):
    stages = services.proposed(2020, offices(bureau.pk))
    stages[0] = stages[0]._replace(**change)
    with pytest.raises(Refusal, match=words):
        services.set_up(2020, "计划", stages, actor=clerk, on=BEGAN)
    assert not WorkPlan.objects.exists()


def test_an_office_must_be_an_organisation(clerk, bureau):
    person = Party.objects.create(
        county=clerk.county, kind="PERSON", name="某人", division_code="140932000000", created_on=BEGAN
    )
    with pytest.raises(Refusal, match="责任单位"):
        plan(clerk, person.pk)


def test_only_who_arranges_the_stages_may_set_them_up(actor_of, bureau):
    with pytest.raises(NotAllowed):
        plan(actor_of("finance"), bureau.pk)


def test_new_days_are_an_entry_beside_the_old_ones(made, clerk):
    first = stage(made, "sorting")
    services.change_days(first.pk, BEGAN, date(2020, 4, 1), "疫情防控", 1, actor=clerk, on=LATER)
    found = queries.stage_view(made, "sorting", clerk, LATER, LATER)
    assert (found.days.ends_on, found.state) == (date(2020, 4, 1), "UNDER_WAY")
    assert [entry.ends_on for entry in found.entries] == [date(2020, 3, 15), date(2020, 4, 1)]
    before = queries.stage_view(made, "sorting", clerk, date(2020, 3, 19), LATER)
    assert (before.days.ends_on, before.state) == (date(2020, 3, 15), "OVERDUE")
    assert "疫情防控" in log.history(Ref("workplan_stage", first.pk))[-1].sentence


def test_days_changed_by_somebody_else_meanwhile_are_shown(made, clerk):
    first = stage(made, "sorting")
    services.change_days(first.pk, BEGAN, date(2020, 4, 1), "疫情防控", 1, actor=clerk, on=LATER)
    with pytest.raises(Stale) as stale:
        services.change_days(first.pk, BEGAN, date(2020, 4, 9), "另有安排", 1, actor=clerk, on=LATER)
    assert stale.value.theirs["ends_on"] == date(2020, 4, 1)
    assert StageDays.objects.filter(stage=first).count() == 2


@pytest.mark.parametrize(
    ("ends_on", "reason", "words"),
    [
        (date(2020, 4, 1), "  ", "理由"),
        (date(2020, 2, 1), "提前", "截止日期"),
        (date(2020, 3, 15), "照旧", "没有改动"),
    ],
)
def test_days_without_reason_or_sense_are_refused(made, clerk, ends_on, reason, words):
    with pytest.raises(Refusal, match=words):
        services.change_days(stage(made, "sorting").pk, BEGAN, ends_on, reason, 1, actor=clerk, on=LATER)


def test_an_output_is_confirmed_by_its_office_with_the_figure_and_the_paper(made, clerk, actor_of):
    register([draft(), draft(class_code="")], actor=clerk)
    output = Output.objects.get(stage__plan=made, measure="class_known")
    paper = PaperDraft("界定结果.csv", "序号,资产\n1,台式电脑\n".encode())
    services.confirm(output.pk, "一项待归类", paper=paper, actor=clerk, on=LATER)
    found = Confirmation.objects.get()
    assert (found.done, found.total, found.office.name) == (1, 2, "偏关县工业和信息化局")
    assert log.attachment_for(Ref.parse(found.document).id, clerk).name == "界定结果.csv"
    with pytest.raises(NotAllowed):
        services.confirm(output.pk, "代为确认", actor=actor_of("audit"), on=LATER)
    with pytest.raises(Refusal, match="说明"):
        services.confirm(output.pk, " ", actor=clerk, on=LATER)


def test_an_office_without_the_arranging_right_confirms_its_own_outputs(clerk, bureau, actor_of):
    finance = Account.objects.get(username="finance").office_id
    made = plan(clerk, finance)
    output = Output.objects.get(stage__plan=made, measure="fund_use_traced")
    services.confirm(output.pk, "已核对", actor=actor_of("finance"), on=LATER)
    assert Confirmation.objects.get().office_id == finance


def test_a_closed_stage_keeps_the_figures_as_they_stood(made, clerk):
    register([draft(), draft(class_code="")], actor=clerk)
    survey = stage(made, "survey")
    on = date(2020, 4, 10)
    closing = services.close(survey.pk, "界定完成", 0, actor=clerk, on=on)
    figures = {figure.output.measure: (figure.done, figure.total) for figure in closing.figures.all()}
    assert figures["class_known"] == (1, 2)
    register([draft(class_code="")], actor=clerk, on=on)
    found = queries.stage_view(made, "survey", clerk, on, on)
    assert (found.state, found.percent) == ("CLOSED", closing.percent)
    assert found.percent_now < closing.percent
    again = services.close(survey.pk, "补充界定", 1, actor=clerk, on=date(2020, 4, 20))
    found = queries.stage_view(made, "survey", clerk, date(2020, 4, 20), date(2020, 4, 20))
    assert found.closing == again
    assert found.state == "CLOSED"  # it was first closed in time
    assert Closing.objects.filter(stage=survey).count() == 2


def test_closing_is_refused_out_of_turn(made, clerk, actor_of):
    survey = stage(made, "survey")
    with pytest.raises(Refusal, match="没有开始"):
        services.close(survey.pk, "过早", 0, actor=clerk, on=BEGAN)
    with pytest.raises(Refusal, match="说明"):
        services.close(survey.pk, "", 0, actor=clerk, on=LATER)
    with pytest.raises(NotAllowed):
        services.close(survey.pk, "完成", 0, actor=actor_of("finance"), on=LATER)
    services.close(survey.pk, "完成", 0, actor=clerk, on=LATER)
    with pytest.raises(Stale):
        services.close(survey.pk, "完成", 0, actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="早于"):
        services.close(survey.pk, "倒填", 1, actor=clerk, on=date(2020, 3, 17))
    with pytest.raises(Refusal, match="已办结"):
        services.change_days(survey.pk, LATER, LATER, "改期", 1, actor=clerk, on=LATER)


def test_a_stage_of_another_county_does_not_exist(made):
    grant = Grant("bureau_clerk", "140931", frozenset({"workplan.view", "workplan.manage"}))
    stranger = Actor(None, "邻县", "140931", (grant,))
    with pytest.raises(NotFound):
        services.close(stage(made, "survey").pk, "完成", 0, actor=stranger, on=LATER)
    with pytest.raises(NotFound):
        queries.plan_of(stranger, 2020)


@pytest.mark.parametrize("model", [WorkPlan, StageDays, Output, Closing, ClosingFigure, Confirmation])
def test_the_database_refuses_to_change_or_delete(made, clerk, model):
    register([draft()], actor=clerk)
    survey = stage(made, "survey")
    services.close(survey.pk, "完成", 0, actor=clerk, on=LATER)
    services.confirm(Output.objects.filter(stage=survey)[0].pk, "已核", actor=clerk, on=LATER)
    assert model.objects.exists()
    for act in ("UPDATE {} SET id = id + 1000", "DELETE FROM {}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act.format(model._meta.db_table))


def test_the_verifier_finds_the_rows_as_they_were_recorded(made, clerk):
    register([draft()], actor=clerk)
    survey = stage(made, "survey")
    services.change_days(survey.pk, LATER, date(2020, 4, 18), "顺延", 1, actor=clerk, on=LATER)
    services.confirm(Output.objects.filter(stage=survey)[0].pk, "已核", actor=clerk, on=LATER)
    services.close(survey.pk, "完成", 0, actor=clerk, on=LATER)
    report = evidence.verify(queries.PROTECTED)
    assert report.ok, report.lines()


def _right(asset: int, kind: str, party: int, **fields) -> None:
    values = {"share_numerator": 1, "share_denominator": 1, "valid_from": date(2020, 3, 10), **fields}
    Right.objects.create(asset_id=asset, kind=kind, party_id=party, **values)


def test_rights_count_when_a_paper_or_an_act_gives_the_whole(clerk, bureau):
    def card(name: str) -> int:
        return register([draft(name, owner=None, keeper=None)], actor=clerk).first_id

    paper, act, half, bare, ended = (card(name) for name in ("甲", "乙", "丙", "丁", "戊"))
    _right(paper, "OWNERSHIP", bureau.pk, document="attachment:1")
    _right(act, "OWNERSHIP", bureau.pk, source="confirmation:7")
    _right(half, "OWNERSHIP", bureau.pk, document="attachment:1", share_denominator=2)
    _right(bare, "OWNERSHIP", bureau.pk, basis="资产明细表")
    _right(ended, "OWNERSHIP", bureau.pk, document="attachment:1", valid_to=LATER)
    now = queries.readings_of(["ownership_confirmed"], clerk, None)["ownership_confirmed"]
    assert (now.done, now.total) == (2, 5)
    then = queries.readings_of(["ownership_confirmed"], clerk, date(2020, 3, 19))["ownership_confirmed"]
    assert (then.done, then.total) == (3, 5)
    waiting, following = queries.missing("ownership_confirmed", clerk, None)
    assert [row.id for row in waiting] == [half, bare, ended]
    assert following is None


def test_figures_of_a_past_day_are_those_of_the_cards_of_that_day(clerk):
    done = register([draft(class_code="")], actor=clerk)
    assets.correct(done.first_id, {"class_code": "A02010105"}, 1, "归类", actor=clerk, on=LATER)
    assert queries.readings_of(["class_known"], clerk, None)["class_known"].done == 1
    then = queries.readings_of(["class_known"], clerk, date(2020, 3, 15))["class_known"]
    assert (then.done, then.total) == (0, 1)
    assert queries.readings_of(["class_known"], clerk, date(2020, 3, 1))["class_known"].total == 0
    assert [row.code for row in queries.missing("class_known", clerk, date(2020, 3, 15))[0]] != []


def test_a_town_sees_the_figures_of_its_own_cards_and_no_money(clerk, actor_of):
    register(
        [draft(division_code="140932101201"), draft(division_code="140932100000", site=site(actor=clerk))], actor=clerk
    )
    found = queries.readings_of(["place_known", "register", "books_agree"], actor_of("town_keeper"), None)
    assert found["place_known"].total == 1
    assert found["register"] is None
    assert found["books_agree"] is None


def test_the_books_agree_as_far_as_cards_have_owners(clerk, bureau):
    register([draft(owner=bureau.pk, cost_fen=300), draft(owner=None, cost_fen=100)], actor=clerk)
    found = queries.readings_of(["books_agree", "ledgers_by_holder"], clerk, None)
    assert (found["books_agree"].done, found["books_agree"].total) == (300, 400)
    assert (found["ledgers_by_holder"].done, found["ledgers_by_holder"].total) == (1, 2)


def test_figures_are_kept_until_the_log_goes_on(clerk, bureau):
    register([draft()], actor=clerk)
    codes = ["class_known", "ownership_confirmed", "register"]
    queries.readings_of(codes, clerk, None)
    with CaptureQueriesContext(connection) as again:
        queries.readings_of(codes, clerk, None)
    assert len(again) == 1
    register([draft(class_code="")], actor=clerk)
    assert queries.readings_of(codes, clerk, None)["class_known"].total == 2


def test_all_card_measures_take_one_statement(clerk):
    register([draft()], actor=clerk)
    codes = ["class_known", "ownership_confirmed", "use_confirmed", "keeper_assigned", "custody_settled", "scope_known"]
    with CaptureQueriesContext(connection) as asked:
        queries.readings_of(codes, clerk, None)
    assert len(asked) == 2  # the log's end, and the register
