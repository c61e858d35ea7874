"""What a stocktake found is checked, settled and closed (清查处理), on a real database (3.4.1, 3.4.3b)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.ledger.models import Line as LedgerLine
from mingchan.foundation.procedures import services as cases
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.models import Task as Step
from mingchan.foundation.procedures.tests import factories as procedures
from mingchan.kernel import holds
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.fieldwork import Event as FieldEvent
from mingchan.lifecycle.disposal.models import Disposal, Item
from mingchan.lifecycle.stocktake import queries, services
from mingchan.lifecycle.stocktake.choices import DifferenceState, PlanState
from mingchan.lifecycle.stocktake.drafts import SettleDraft
from mingchan.lifecycle.stocktake.models import Difference, Event, Line, Plan, Task
from mingchan.lifecycle.stocktake.tests import factories as f
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def settle(plan: Plan, kind: str, decision: str, **given: Any) -> Difference:
    row = f.difference(plan, kind)
    draft = SettleDraft(decision, "查明原因", **given)
    return services.settle(row.pk, draft, version=row.version, actor=f.clerk(f.SETTLED), on=f.SETTLED)


def close(plan: Plan) -> Plan:
    plan.refresh_from_db()
    return services.close(
        plan.pk, conclusion="账实基本相符。", version=plan.version, actor=f.clerk(f.SETTLED), on=f.SETTLED
    )


def two_counters() -> tuple[Plan, Task, list[Asset]]:
    cards = f.cards(3)
    plan = f.counting(("zhao", "qian"))
    task = f.only_task(plan)
    f.take(task, [*f.found([card.code for card in cards]), f.event(9, "finish")])
    other = f.found([cards[0].code, cards[1].code], "phone-qian")
    f.take(task, [*other, f.event(3, "not_found", cards[2].code, "phone-qian")], f.counter("qian"))
    return f.checking(plan), task, cards


def test_two_counts_that_disagree_wait_for_the_checker() -> None:
    plan, _task, cards = two_counters()
    assert f.difference(plan, "DISAGREE").code == cards[2].code
    with pytest.raises(Refusal, match="两次清点不一致"):
        f.settling(plan)
    standing = queries.truth_of_codes(plan.pk, [cards[2].code]).of(cards[2].code)
    given = {"note": "到场复看，确在", "received_at": f.NOON, "on": f.COUNTED}
    with pytest.raises(NotAllowed):
        services.decide(plan.pk, cards[2].code, "phone-zhao", seen=standing.events, actor=f.counter(), **given)
    with pytest.raises(Refusal, match="新的清点记录"):
        services.decide(plan.pk, cards[2].code, "phone-zhao", seen=standing.events[:1], actor=f.checker(), **given)
    services.decide(plan.pk, cards[2].code, "phone-zhao", seen=standing.events, actor=f.checker(), **given)
    row = f.difference(plan, "DISAGREE")
    assert (row.state, row.decision) == ("SETTLED", "VIEW")
    plan = f.settling(plan)
    assert (plan.state, plan.matched_count, plan.counted_count) == (PlanState.SETTLING, 3, 3)


def test_a_recount_sets_the_counts_aside_and_takes_new_ones() -> None:
    plan, task, cards = two_counters()
    given = {"received_at": f.NOON, "on": f.COUNTED}
    services.recount(plan.pk, [cards[2].code], note="再看一次", actor=f.checker(), **given)
    with pytest.raises(Refusal, match="等待复盘"):
        f.settling(plan)
    f.take(task, [f.event(10, "not_found", cards[2].code, note="确实没有")])
    assert f.difference(plan, "SHORTAGE").code == cards[2].code
    assert f.difference(plan, "DISAGREE").state == DifferenceState.LAPSED


def test_late_events_move_the_differences_with_them() -> None:
    cards = f.cards(2)
    plan = f.counting()
    task = f.only_task(plan)
    f.take(task, [f.event(1, "found", cards[0].code), f.event(2, "finish")])
    plan = f.checking(plan)
    assert f.difference(plan, "UNSEEN").code == cards[1].code
    f.take(task, [f.event(3, "found", cards[1].code)])
    assert f.difference(plan, "UNSEEN").state == DifferenceState.LAPSED
    f.take(task, [f.event(4, "undo", event="phone-zhao-000003")])
    assert f.difference(plan, "UNSEEN").state == DifferenceState.OPEN


def test_places_that_are_not_finished_need_a_reason() -> None:
    f.cards(1)
    plan = f.counting()
    with pytest.raises(Refusal, match="没有清点完毕"):
        f.checking(plan)
    assert f.checking(plan, reason="道路不通，年后补盘").state == PlanState.CHECKING


def test_a_place_that_must_be_signed_for_is_confirmed_with_its_signature() -> None:
    card = f.cards(1)[0]
    plan = f.counting(needs_signature=True)
    task = f.only_task(plan)
    f.take(task, [f.event(1, "found", card.code), f.event(2, "finish")])
    f.checking(plan)
    with pytest.raises(Refusal, match="没有签字"):
        f.settling(plan)
    f.take(task, [f.event(3, "signature", role="counter", name="赵", strokes=[[[1, 2], [3, 4]]])])
    f.settling(plan)
    assert [one.name for one in queries.signatures(plan.pk)] == ["赵"]


def test_comparing_asks_as_many_statements_for_many_as_for_few() -> None:
    counts: list[int] = []
    for number in (2, 80):
        site = make.site(f"站点{number}")
        made = f.cards(number, site=site)
        plan = f.counting(scope=f"site={site}")
        task = f.only_task(plan)
        f.take(task, [*f.found([card.code for card in made[1:]], device=f"phone-{number}"),
                      f.event(900, "finish", device=f"phone-{number}")])  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            f.checking(plan)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_shortage_becomes_a_proposal_of_disposal() -> None:
    plan = f.differing([("not_found", {"note": "被盗"})])
    row = settle(plan, "SHORTAGE", "LOSS")
    disposal = Disposal.objects.get()
    assert row.result == f"disposal:{disposal.pk}"
    assert (disposal.kind, Item.objects.get().asset_id) == ("DAMAGE", row.asset_id)
    assert close(plan).state == PlanState.CLOSED


def test_a_missing_part_of_a_lot_is_split_off_and_proposed() -> None:
    plan = f.differing([("count", {"quantity": 9})], cards={"quantity_milli": 12_000, "cost_fen": 120_000})
    settle(plan, "QUANTITY", "PART_LOSS")
    assert Item.objects.get().quantity_milli == 3_000
    assert sorted(Asset.objects.filter(status="ACTIVE").values_list("quantity_milli", flat=True)) == [3_000, 9_000]


def test_a_wrong_quantity_is_put_right_on_the_card() -> None:
    plan = f.differing([("count", {"quantity": 2})])
    settle(plan, "QUANTITY", "QUANTITY")
    assert Asset.objects.get().quantity_milli == 2_000


def test_a_thing_seen_elsewhere_is_moved_there_on_its_card() -> None:
    other = make.site("新关镇服务站", make.TOWN)
    f.cards(1, names=["在镇上"], site=other)
    made = f.cards(1)
    plan = f.counting()
    here = Task.objects.get(plan=plan, site=made[0].site_id)
    there = Task.objects.get(plan=plan, site=other)
    f.take(here, [f.event(1, "elsewhere", made[0].code, place=str(there.pk), text="库房"), f.event(2, "finish")])
    town = Line.objects.get(task=there)
    f.take(there, [f.event(3, "found", town.code), f.event(4, "finish")])
    plan = f.settling(f.checking(plan))
    settle(plan, "PLACE", "MOVE")
    card = Asset.objects.get(pk=made[0].pk)
    assert (card.site_id, card.division_code) == (other, make.TOWN)


def test_a_damaged_thing_takes_its_state() -> None:
    plan = f.differing([("damaged", {"note": "屏裂"})])
    settle(plan, "STATE", "STATE")
    assert Asset.objects.get().condition == "损坏"


def _balance(role_code: str) -> int:
    sums = LedgerLine.objects.filter(account__code=role_code).aggregate(
        debit=Sum("debit_fen"), credit=Sum("credit_fen")
    )
    return (sums["debit"] or 0) - (sums["credit"] or 0)


SURPLUS = ("surplus", {"name": "冰柜", "unit": "台", "quantity": 1, "note": "前厅"})


def register(plan: Plan, **given: Any) -> Difference:
    owner = make.party("偏关县工业和信息化局")
    return settle(
        plan, "SURPLUS", "REGISTER", appraised_fen=250_000, appraiser="县价格认定中心", class_code="A02061806",
        owner=owner, **given,
    )  # fmt: skip


def test_a_thing_without_a_card_is_appraised_and_taken_up_through_the_pending_account() -> None:
    plan = f.differing([SURPLUS, ("found", {})], cards={"names": ["占位", "电脑"]})
    settle(plan, "UNSEEN", "FOUND_LATER")
    row = register(plan)
    card = Asset.objects.get(name="冰柜")
    assert (row.result, card.cost_fen, card.acquire_way) == (f"asset:{card.pk}", 250_000, "盘盈")
    assert (_balance("190201"), _balance("3501")) == (0, -250_000)
    assert close(plan).state == PlanState.CLOSED


def test_where_the_plan_asks_a_case_the_value_waits_for_its_approval() -> None:
    plan = f.differing([SURPLUS, ("found", {})], cards={"names": ["占位", "电脑"]}, asks_case=True)
    settle(plan, "UNSEEN", "FOUND_LATER")
    row = register(plan)
    assert (row.state, _balance("190201")) == (DifferenceState.DECIDED, -250_000)
    plan.refresh_from_db()
    with pytest.raises(Refusal, match="须审批"):
        close(plan)
    plan = services.send(
        plan.pk, conclusion="账实基本相符。", version=plan.version, actor=f.clerk(f.SETTLED), on=f.SETTLED
    )
    case = plan.case
    assert case is not None
    procedures.decide(case, "bureau", f.head(f.SETTLED), on=f.SETTLED)
    procedures.open_gate()
    facts = {"notice_outcome": "PASSED", "objections": 0}
    cases.signal(case.pk, "notice", facts=facts, actor=f.clerk(f.SETTLED), on=f.SETTLED)
    procedures.decide(case, "finance", f.actor("finance", "finance", f.SETTLED), on=f.SETTLED)
    plan.refresh_from_db()
    row.refresh_from_db()
    assert (plan.state, row.state) == (PlanState.CLOSED, DifferenceState.SETTLED)
    assert row.voucher.startswith("voucher:")
    assert (_balance("190201"), _balance("3501")) == (0, -250_000)


def test_a_rejected_result_is_settled_anew() -> None:
    plan = f.differing([("found", {})], asks_case=True)
    plan = services.send(plan.pk, conclusion="相符。", version=plan.version, actor=f.clerk(f.SETTLED), on=f.SETTLED)
    assert plan.case is not None
    procedures.decide(plan.case, "bureau", f.head(f.SETTLED), "REJECT", text="差异没有查清", on=f.SETTLED)
    plan.refresh_from_db()
    assert plan.state == PlanState.SETTLING
    assert Case.objects.get(pk=plan.case_id).status == "REJECTED"
    assert not Step.objects.filter(case=plan.case_id, status="WAITING").exists()


def test_a_plan_does_not_close_with_an_open_difference() -> None:
    plan = f.differing([("not_found", {})])
    with pytest.raises(Refusal, match="没有处理"):
        close(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state="CLOSED", ended_on=f.SETTLED)
    settle(plan, "SHORTAGE", "FOUND_LATER")
    plan = close(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(conclusion="另有结论")


def test_who_counted_does_not_settle_and_a_decision_must_fit() -> None:
    plan = f.differing([("not_found", {})])
    row = f.difference(plan, "SHORTAGE")
    with pytest.raises(Refusal, match="不能这样处理"):
        settle(plan, "SHORTAGE", "MOVE")
    with pytest.raises(NotAllowed):
        services.settle(
            row.pk, SettleDraft("FOUND_LATER", "找到"), version=row.version, actor=f.counter(), on=f.SETTLED
        )
    services.explain(row.pk, "外借未还", version=row.version, actor=f.counter(on=f.SETTLED), on=f.SETTLED)
    row.refresh_from_db()
    assert (row.explanation, row.state) == ("外借未还", "OPEN")


def test_a_card_with_an_open_difference_is_not_withdrawn() -> None:
    plan = f.differing([("not_found", {})])
    card = Asset.objects.get()
    assert card.pk in holds.on_things("asset", [card.pk])
    settle(plan, "SHORTAGE", "FOUND_LATER")
    assert not queries.holds_on_assets([card.pk])


def test_a_sample_states_its_bound() -> None:
    made = f.cards(60, cost_fen=100_000)
    plan = f.counting(kind="SAMPLE", precision_bp=2000, seed="s")
    task = f.only_task(plan)
    drawn = f.codes_of(plan)
    f.take(task, [*f.found(drawn[1:]), f.event(800, "not_found", drawn[0]), f.event(801, "finish")])
    plan = f.settling(f.checking(plan))
    assert plan.likely_fen > 100_000
    assert plan.whole_fen == 6_000_000 > plan.most_fen > plan.likely_fen
    assert len(made) == 60


def test_the_latest_count_is_the_third_figure_beside_register_and_ledger() -> None:
    plan = f.differing(
        [("found", {}), ("not_found", {}), ("count", {"quantity": 6}), SURPLUS],
        cards={"quantity_milli": 12_000, "cost_fen": 120_000, "names": ["甲", "乙", "丙", "丁"]},
    )
    owner = make.party("偏关县工业和信息化局")
    rows = {row.kind: row for row in Difference.objects.filter(plan=plan).exclude(kind="QUANTITY")}
    clerk = f.clerk(f.SETTLED)
    for kind, decision in (("SHORTAGE", "FOUND_LATER"), ("UNSEEN", "LOSS")):
        services.settle(
            rows[kind].pk, SettleDraft(decision, "查明原因"), version=rows[kind].version, actor=clerk, on=f.SETTLED
        )
    for row in Difference.objects.filter(plan=plan, kind="QUANTITY"):
        services.settle(row.pk, SettleDraft("QUANTITY", "点错"), version=row.version, actor=clerk, on=f.SETTLED)
    register(plan)
    assert queries.latest_count(clerk, on=f.SETTLED)[owner].cards == 0, "before it is closed nothing is counted"
    close(plan)
    make.register([make.draft("没盘过", owner=owner, cost_fen=7)], on=f.SETTLED)
    with CaptureQueriesContext(connection) as asked:
        counted = queries.latest_count(clerk, [owner], on=f.SETTLED)[owner]
    assert len(asked) == 4
    assert (counted.cards, counted.uncounted, counted.uncounted_fen) == (5, 1, 7)
    assert counted.found_fen == 3 * 120_000 + 250_000, (
        "found, found later, put right, taken up; the lost one is missing"
    )
    assert counted.last_on == f.BASE
    latest = queries.latest(clerk, owner, f.SETTLED)
    assert latest is not None
    assert (latest.day, sum(latest.fen.values()), sum(latest.pieces.values())) == (f.BASE, counted.found_fen, 5)
    assert [(one.name, one.registered_fen) for one in latest.differences] == [("没盘过", 7)]
    assert latest.difference_count == 1


def test_the_verifier_finds_a_line_that_was_changed_behind_the_services() -> None:
    plan = f.differing([("found", {})])
    close(plan)
    assert list(queries.faults()) == []
    with connection.cursor() as cursor:
        drop = "DROP TRIGGER stocktake_line_over" + (" ON stocktake_line" if connection.vendor != "sqlite" else "")
        cursor.execute(drop)
        cursor.execute("UPDATE stocktake_line SET found_milli = 7")
    assert [fault.field for fault in queries.faults()] == ["outcome_digest"]


def test_a_fault_in_the_middle_of_taking_in_or_settling_leaves_nothing_half_written(monkeypatch: Any) -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    task = f.only_task(plan)

    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr("mingchan.foundation.evidence.services.record_many", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            f.take(task, f.found([card.code]))
    assert not Event.objects.exists()
    f.take(task, [f.event(1, "not_found", card.code), f.event(2, "finish")])
    plan = f.settling(f.checking(plan))
    row = f.difference(plan, "SHORTAGE")
    with monkeypatch.context() as cut:
        cut.setattr("mingchan.lifecycle.stocktake.services.settling._save", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            settle(plan, "SHORTAGE", "LOSS")
    row.refresh_from_db()
    assert (row.state, Disposal.objects.count()) == ("OPEN", 0)


def test_a_cancelled_plan_takes_nothing_in() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    with pytest.raises(NotAllowed):
        services.cancel(plan.pk, reason="撤并", version=plan.version, actor=f.clerk(), on=f.BEGUN)
    plan = f.draft()
    plan = services.cancel(plan.pk, reason="范围有误", version=plan.version, actor=f.clerk(), on=f.BEGUN)
    assert plan.state == PlanState.CANCELLED
    assert card.pk


def test_an_event_keeps_both_clocks() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    slow = FieldEvent(
        id="phone-zhao-000001", device="phone-zhao", seq=1, kind="found", at=f.NOON - timedelta(hours=9),
        skew_seconds=-32_400, code=card.code,
    )  # fmt: skip
    f.take(f.only_task(plan), [slow])
    row = Event.objects.get()
    assert (row.at, row.skew_seconds, row.received_at) == (f.NOON - timedelta(hours=9), -32_400, f.NOON)
