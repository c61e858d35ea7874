"""Services of stocktakes on a real database: plan, team, counting, checking, settling, closing (3.4.1, 3.4.3b)."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.lifecycle.stocktake import queries, services
from mingchan.lifecycle.stocktake.choices import PlanState
from mingchan.lifecycle.stocktake.models import Event, Line, Task
from mingchan.lifecycle.stocktake.services import expecting
from mingchan.lifecycle.stocktake.tests import factories as f
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft
from mingchan.register.assets.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def test_an_approved_plan_expects_what_stood_there_on_its_base_date() -> None:
    first, second, third = f.cards(3)
    moved_to = make.site("新关镇服务站", make.TOWN)
    assets.move(
        [second.pk], MoveDraft(site=moved_to, division_code=make.TOWN), kind=services.settling.events.MOVED,
        right="asset.correct", basis="x", source=make.BATCH, actor=make.clerk(), on=date(2021, 1, 3),
    )  # fmt: skip
    make.register([make.draft("后来的")], on=date(2021, 1, 4))
    plan = f.approved()
    lines = {line.asset_id: line for line in Line.objects.filter(plan=plan)}
    assert set(lines) == {first.pk, second.pk, third.pk}
    assert lines[second.pk].site_id == lines[first.pk].site_id, "on the base date it stood where the others do"
    assert (plan.state, plan.line_count, plan.line_fen) == (PlanState.APPROVED, 3, 3 * 398_000)
    assert f.only_task(plan).line_count == 3


def test_things_without_a_site_are_counted_place_by_place() -> None:
    f.cards(2)
    make.register([make.draft("货架", site=None, place=place) for place in ("库房", "库房", "门厅")], on=f.REGISTERED)
    plan = f.approved()
    assert sorted(Task.objects.filter(plan=plan).values_list("place", "line_count")) == [
        ("库房", 2), ("窑头村电商服务站", 2), ("门厅", 1),
    ]  # fmt: skip
    assert not Line.objects.filter(plan=plan, task__isnull=True).exists()


def test_a_plan_takes_any_filter_of_the_register_as_its_scope() -> None:
    f.cards(2)
    f.cards(2, names=["货架1", "货架2"], cost_fen=5_000)
    plan = f.approved(kind="SPOT", scope="cost_from=100&tier=VILLAGE")
    assert set(Line.objects.filter(plan=plan).values_list("name", flat=True)) == {"台式电脑1", "台式电脑2"}
    with pytest.raises(Refusal, match="看不懂"):
        f.draft(scope="cost_from=viel")


def test_the_drafter_does_not_approve_and_nothing_is_approved_before_its_base_date() -> None:
    f.cards(1)
    plan = f.draft(base_on=date(2021, 1, 5), starts_on=date(2021, 1, 6))
    with pytest.raises(Refusal, match="基准日"):
        services.approve(plan.pk, version=plan.version, actor=f.head(), on=date(2021, 1, 4))
    with pytest.raises(NotAllowed):
        services.approve(plan.pk, version=plan.version, actor=f.clerk(), on=f.BEGUN)
    with pytest.raises(Stale):
        services.approve(plan.pk, version=plan.version + 1, actor=f.head(), on=f.BEGUN)
    empty = f.draft(scope="year_from=2030")
    with pytest.raises(Refusal, match="没有资产"):
        services.approve(empty.pk, version=empty.version, actor=f.head(), on=f.BEGUN)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"), ({"kind": "DAILY"}, "kind"), ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"kind": "SAMPLE"}, "precision"), ({"photo_for": ("dance",)}, "photo_for"),
        ({"kind": "SAMPLE", "precision_bp": 500, "confidence_percent": 50}, "confidence_percent"),
    ],
)  # fmt: skip
def test_a_plan_with_a_fault_is_refused_at_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        f.draft(**given)
    assert refused.value.field == field


def test_a_sample_is_drawn_by_its_seed_and_can_be_drawn_again() -> None:
    f.cards(60, cost_fen=100_000)
    plan = f.approved(kind="SAMPLE", precision_bp=2000, confidence_percent=95, seed="2021-偏关-1")
    drawn = dict(Line.objects.filter(plan=plan).values_list("asset_id", "weight"))
    assert 10 <= len(drawn) < 60
    assert plan.whole_count == 60
    assert expecting.draw(plan, f.head(), date(2021, 6, 1)).drawn == drawn, "drawn again later, as of the base date"


def test_what_should_be_there_is_written_in_as_many_statements_for_many_as_for_few() -> None:
    counts: list[int] = []
    for number in (3, 60):
        f.cards(number)
        plan, head = f.draft(), f.head()
        with CaptureQueriesContext(connection) as asked:
            services.approve(plan.pk, version=plan.version, actor=head, on=f.BEGUN)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_keeper_does_not_count_what_they_keep() -> None:
    made = f.cards(1, keeper=make.party("zhao", "PERSON", make.VILLAGE))
    plan = f.approved()
    added = f.member(plan, f.counter("zhao", f.BEGUN), "COUNTER")
    with pytest.raises(Refusal, match="管护责任人"):
        services.assign(plan.pk, [f.only_task(plan).pk], added.pk, actor=f.clerk(), on=f.BEGUN)
    assert made


def test_a_counter_cannot_be_checker_nor_anybody_take_a_part_that_their_office_does_not_give() -> None:
    f.cards(1)
    plan = f.approved()
    who = f.actor("both", "bureau_reviewer", f.BEGUN)
    f.member(plan, who, "COUNTER")
    with pytest.raises(Refusal, match="只能担任一项"):
        f.member(plan, who, "CHECKER")
    with pytest.raises(Refusal, match="没有监盘人的权限"):
        f.member(plan, f.counter("qian", f.BEGUN), "OBSERVER")
    assert f.member(plan, f.auditor(), "OBSERVER").role == "OBSERVER"


def test_counting_begins_when_every_place_has_a_counter_and_somebody_checks() -> None:
    f.cards(1)
    plan = f.approved()
    with pytest.raises(Refusal, match="没有复核人"):
        services.start(plan.pk, version=plan.version, actor=f.clerk(), on=f.BEGUN)
    f.member(plan, f.checker(f.BEGUN), "CHECKER")
    with pytest.raises(Refusal, match="没有指派盘点人"):
        services.start(plan.pk, version=plan.version, actor=f.clerk(), on=f.BEGUN)


def test_the_same_events_may_come_as_often_as_they_like() -> None:
    cards = f.cards(3)
    plan = f.counting()
    task = f.only_task(plan)
    events = f.found([card.code for card in cards])
    assert all(answer.taken for answer in f.take(task, events[1:]))
    assert all(answer.taken for answer in f.take(task, [*events, *reversed(events)]))
    assert Event.objects.count() == 3


def test_an_event_that_cannot_be_kept_is_told_and_the_others_are_kept() -> None:
    card = f.cards(1)[0]
    plan = f.counting(photo_for=("damaged",))
    task = f.only_task(plan)
    answers = f.take(
        task,
        [
            f.event(1, "found", card.code), f.event(2, "dance", card.code), f.event(3, "found", "140932-1999-000001"),
            f.event(4, "count", card.code, quantity="viel"), f.event(5, "damaged", card.code, note="屏裂"),
            f.event(6, "damaged", card.code, note="屏裂", photos=("a" * 64,)),
            f.event(7, "found", card.code, device="desk:1"),
        ],
    )  # fmt: skip
    assert [answer.taken for answer in answers] == [True, False, False, False, False, True, False]
    assert all(answer.reason for answer in answers if not answer.taken)
    changed = f.event(1, "not_found", card.code)
    assert "已用于另一条" in f.take(task, [changed])[0].reason


def test_only_who_was_sent_to_count_a_place_brings_anything_in() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    with pytest.raises(NotFound):
        f.take(f.only_task(plan), f.found([card.code]), f.counter("qian"))
    with pytest.raises(NotFound):
        f.take(f.only_task(plan), f.found([card.code]), f.checker())


def test_nothing_is_taken_in_before_the_start_and_after_the_confirmation() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    task = f.only_task(plan)
    f.take(task, [*f.found([card.code]), f.event(2, "finish")])
    f.settling(f.checking(plan))
    with pytest.raises(Refusal, match="差异处理中"):
        f.take(task, f.found([card.code], start=9))


def test_the_desk_makes_the_same_events() -> None:
    card, lot = f.cards(2)
    plan = f.counting()
    task = f.only_task(plan)
    given = {"received_at": f.NOON, "actor": f.counter(), "on": f.COUNTED}
    services.enter(task.pk, [("count", card.code, {"quantity": 1}), ("not_found", lot.code, {"note": "无"})], **given)
    services.enter(task.pk, [("found", lot.code, {}), ("finish", "", {})], **given)
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert queries.truth_of_task(task.pk).of(lot.code).verdict.present  # type: ignore[union-attr]
    with pytest.raises(Refusal, match="数量"):
        services.enter(task.pk, [("count", card.code, {"quantity": "viel"})], **given)
    assert Event.objects.count() == 4, "all or nothing"


def test_an_event_never_changes_and_never_goes() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    f.take(f.only_task(plan), f.found([card.code]))
    for statement in ("UPDATE stocktake_event SET code = 'x'", "DELETE FROM stocktake_event"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_takes_no_event_of_somebody_who_was_not_sent() -> None:
    card = f.cards(1)[0]
    plan = f.counting()
    stranger = f.counter("qian")
    row = Event(
        plan=plan, task=f.only_task(plan), event_id="x" * 8, device="p", seq=1, kind="found", code=card.code,
        account_id=stranger.account_id, account_name="qian", at=f.NOON, received_at=f.NOON, taken_on=f.COUNTED,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.kind = "decide"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
