"""Measures from proposal to effect: through the procedures that 2.4.2b demands, never past them (2.6.2)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.services import PaperDraft, Votes, add_paper
from mingchan.foundation.procedures.tests import factories as cases
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.lifecycle.operation.models import Change, ModePeriod
from mingchan.lifecycle.operation.tests import factories as operation
from mingchan.lifecycle.revival import services
from mingchan.lifecycle.revival.models import Measure, Part, Review, Step
from mingchan.lifecycle.revival.queries import effects, matching, publication
from mingchan.lifecycle.revival.tests import factories as make
from mingchan.register.assets.models import Asset
from mingchan.register.handover.models import Handover

pytestmark = pytest.mark.django_db
LATER = make.LATER


def proposed(kind: str, ids: list[int], people: dict[str, Any], **given: Any) -> Measure:
    return services.propose(kind, ids, reason="长期闲置，拟盘活", actor=people["clerk"], on=LATER, **given)


def transfer(pass_notice: Any) -> tuple[Measure, int, dict[str, Any]]:
    """A transfer that was carried out, its asset, the people."""
    asset = make.idle("电脑", site=make.station("窑头村站", make.VILLAGE))[0]
    make.sweep()
    people = make.staff()
    measure = make.agree(proposed("TRANSFER", [asset], people, site=make.station()), people, pass_notice)
    day = LATER + timedelta(days=20)
    measure = services.carry_out(measure.pk, version=measure.version, actor=people["clerk"], on=day)
    return measure, asset, people


def test_a_transfer_is_decided_published_and_moves_the_thing(pass_notice: Any) -> None:
    asset = make.idle("电脑", site=make.station("窑头村站", make.VILLAGE))[0]
    make.sweep()
    people, target = make.staff(), make.station()
    measure = proposed("TRANSFER", [asset], people, site=target)
    with pytest.raises(Refusal, match="不能这样办理"):
        services.carry_out(measure.pk, version=measure.version, actor=people["clerk"], on=LATER)
    measure = make.agree(measure, people, pass_notice)
    assert measure.state == "APPROVED"
    assert measure.case is not None
    said = publication(measure.case)
    assert "楼沟村电商服务站" in said.title
    assert [row[1] for row in said.rows] == ["电脑"]
    assert Asset.objects.get(pk=asset).site_id != target
    day = LATER + timedelta(days=20)
    services.carry_out(measure.pk, version=measure.version, actor=people["clerk"], on=day)
    measure.refresh_from_db()
    assert (measure.state, measure.done_on) == ("DONE", day)
    assert Asset.objects.get(pk=asset).site_id == target
    assert not Part.objects.filter(is_open=True).exists()
    assert make.unproved() == []


def test_another_user_takes_over_by_a_list_that_both_sides_sign(pass_notice: Any) -> None:
    user, other = cases.office("窑头村委会").pk, cases.office("楼沟村委会").pk
    asset = make.idle("电脑", user=user)[0]
    make.sweep()
    people = make.staff()
    measure = make.agree(proposed("USER", [asset], people, party=other), people, pass_notice)
    day = LATER + timedelta(days=20)
    measure = services.carry_out(measure.pk, version=measure.version, actor=people["clerk"], on=day)
    assert measure.state == "ACTING"
    found = Handover.objects.get()
    assert (found.kind, found.from_party_id, found.to_party_id) == ("USE", user, other)
    assert Asset.objects.get(pk=asset).user_id == user
    with pytest.raises(Refusal, match="没有新的进展"):
        services.settle(measure.pk, actor=people["clerk"], on=day)
    with pytest.raises(Refusal, match="先撤回"):
        services.stop(measure.pk, reason="不办了", version=measure.version, actor=people["clerk"], on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(state="DONE", done_on=day)


def test_entrusting_goes_to_the_county_government_and_through_the_change_of_operator(pass_notice: Any) -> None:
    one, two = make.company("甲公司"), make.company("乙公司")
    asset = make.idle("电脑", operator=one)[0]
    make.sweep()
    people = make.staff()
    measure = proposed("ENTRUST", [asset], people, party=two)
    assert (measure.state, measure.case_id) == ("ACTING", None)
    assert sorted(Step.objects.values_list("kind", flat=True)) == ["MODE", "OPERATOR"]
    assert sorted(Case.objects.values_list("code", flat=True)) == ["mode_change", "operator_change"]
    for change in Change.objects.order_by("kind"):
        case = change.case
        assert case is not None
        cases.decide(case, "review", people["reviewer"], on=LATER)
        minutes = PaperDraft("minutes", "会议纪要.pdf", make.PDF)
        add_paper(case.pk, minutes, actor=people["head"], on=LATER)
        case = Case.objects.get(pk=case.pk)
        cases.decide(case, "meeting", people["head"], votes=Votes(7, 6, 0, 0), text="同意", on=LATER)
        if change.kind == "MODE":
            assert Asset.objects.get(pk=asset).operator_id == one
            case = Case.objects.get(pk=case.pk)
            cases.decide(case, "county", people["county"], document_no="偏政函〔2020〕9号", on=LATER)
        pass_notice(Case.objects.get(pk=case.pk), LATER)
        services.settle(measure.pk, actor=people["clerk"], on=LATER + timedelta(days=30))
    measure.refresh_from_db()
    assert measure.state == "DONE"
    assert Asset.objects.get(pk=asset).operator_id == two
    assert ModePeriod.objects.get(asset=asset).mode == "ENTRUSTED"
    assert make.unproved() == []


def test_a_measure_whose_change_is_refused_ends_and_lets_its_assets_go() -> None:
    asset = make.idle("电脑", operator=make.company("甲公司"))[0]
    make.sweep()
    people = make.staff()
    measure = proposed("COOPERATE", [asset], people, party=make.company("乙公司"))
    case = Change.objects.get(kind="OPERATOR").case
    assert case is not None
    cases.decide(case, "review", people["reviewer"], "REJECT", text="不合适", on=LATER)
    assert services.follow(actor=people["clerk"], on=LATER) == 1
    measure.refresh_from_db()
    assert measure.state == "STOPPED"
    assert not Part.objects.filter(is_open=True).exists()


def test_a_refused_decision_lets_the_assets_go() -> None:
    asset = make.idle("电脑", site=make.station("窑头村站", make.VILLAGE))[0]
    make.sweep()
    people = make.staff()
    measure = proposed("TRANSFER", [asset], people, site=make.station())
    assert measure.case is not None
    cases.decide(measure.case, "review", people["reviewer"], "REJECT", text="另有安排", on=LATER)
    measure.refresh_from_db()
    assert measure.state == "REJECTED"
    proposed("TRANSFER", [asset], people, site=measure.site_id)


def test_what_is_proposed_must_fit() -> None:
    company = make.company("甲公司")
    site = make.station("窑头村站", make.VILLAGE)
    idle, used = make.idle("电脑", site=site)[0], make.idle("电脑", condition="在用")[0]
    let = make.idle("打印机", site=site)[0]
    operation.contract([let], operator=company)
    make.sweep()
    people = make.staff()
    for kind, ids, given, why in (
        ("TRANSFER", [used], {"site": make.station()}, "不在闲置资产池"),
        ("TRANSFER", [idle], {"site": site}, "已在该站点"),
        ("TRANSFER", [idle], {}, "选择接收的站点"),
        ("TRANSFER", [let], {"site": make.station()}, "仍在履行"),
        ("ENTRUST", [let], {"party": make.company("乙公司")}, "经营合同"),
        ("USER", [idle], {"party": company}, "先确权"),
        ("USER", [idle], {}, "接手主体"),
        ("USER", [], {"party": company}, "选择闲置资产"),
    ):
        with pytest.raises(Refusal, match=why):
            proposed(kind, ids, people, **given)
    proposed("TRANSFER", [idle], people, site=make.station())
    with pytest.raises(Refusal, match="已在盘活措施"):
        proposed("TRANSFER", [idle], people, site=make.station())
    with pytest.raises(NotAllowed):
        services.propose("TRANSFER", [idle], site=make.station(), reason="拟盘活", actor=people["finance"], on=LATER)


def test_no_statement_carries_out_what_no_case_agreed_to() -> None:
    asset = make.idle("电脑", site=make.station("窑头村站", make.VILLAGE))[0]
    make.sweep()
    people = make.staff()
    measure = proposed("TRANSFER", [asset], people, site=make.station())
    for statement in (
        f"UPDATE revival_measure SET state = 'APPROVED' WHERE id = {measure.pk}",
        f"UPDATE revival_measure SET reason = 'x' WHERE id = {measure.pk}",
        f"DELETE FROM revival_measure WHERE id = {measure.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_idle_things_are_offered_to_the_site_that_lacks_them_until_a_measure_takes_them(actor_of: Any) -> None:
    surplus = make.station("窑头村站", make.VILLAGE)
    asset, _broken = (*make.idle("台式电脑", site=surplus), *make.idle("台式电脑", site=surplus, condition="损坏"))
    target = make.station()
    make.sweep()
    clerk, people = actor_of("bureau_clerk"), make.staff()
    found = matching.matched(clerk)
    assert [(row.card.id, row.site, row.ring) for row in found.rows] == [(asset, target, 1)]
    proposed("TRANSFER", [asset], people, site=target)
    assert matching.matched(clerk).rows == []


def test_the_effect_is_looked_at_after_ninety_days_with_the_figures_of_both_spans(pass_notice: Any) -> None:
    measure, asset, people = transfer(pass_notice)
    assert measure.done_on is not None
    make.correct(asset, measure.done_on + timedelta(days=10), condition="在用")
    due = measure.done_on + timedelta(days=90)
    given = {"outcome": "GOOD", "opinion": "已投入使用", "actor": people["reviewer"]}
    with pytest.raises(Refusal, match="还没有到"):
        services.review(measure.pk, 90, on=due - timedelta(days=1), **given)
    assert effects.due(people["reviewer"], due - timedelta(days=1)) == []
    assert [(row.measure_id, row.days) for row in effects.due(people["reviewer"], due)] == [(measure.pk, 90)]
    made = services.review(measure.pk, 90, on=due, **given)
    assert (made.cards, made.used_before, made.used_after) == (1, 0, 1)
    assert effects.due(people["reviewer"], due) == []
    with pytest.raises(Refusal, match="已经评价"):
        services.review(measure.pk, 90, on=due, **given)
    with pytest.raises(NotAllowed):
        services.review(measure.pk, 365, outcome="GOOD", opinion="好", actor=people["clerk"], on=date(2022, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(used_after=0)
    assert make.unproved() == []


def test_the_pages_of_a_measure_show_what_was_done(pass_notice: Any, log_in: Any) -> None:
    measure, _asset, people = transfer(pass_notice)
    assert measure.done_on is not None
    day = measure.done_on + timedelta(days=91)
    services.review(measure.pk, 90, outcome="SOME", opinion="有人管了", actor=people["reviewer"], on=day)
    client = log_in("bureau_reviewer")
    shown = client.get(f"/revival/{measure.pk}/").content.decode()
    for words in ("村间调剂", "楼沟村电商服务站", "有所改善", "有人管了", "盘活审批", "调整存放地点"):
        assert words in shown
    assert "有所改善" in client.get("/revival/effects/").content.decode()
    assert client.get(f"/revival/{measure.pk}/review/365/").status_code == 200
    assert client.get(f"/revival/{measure.pk}/review/30/").status_code == 404
