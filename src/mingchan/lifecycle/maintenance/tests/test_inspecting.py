"""Rounds: taken along, sent back in any order, closed; the next one listed; faults become repairs."""

import pytest
from django.db import IntegrityError, transaction

from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.lifecycle.maintenance import queries, services
from mingchan.lifecycle.maintenance.models import FieldEvent, Line, Order, Rhythm, Round
from mingchan.lifecycle.maintenance.provider import InspectionRounds
from mingchan.lifecycle.maintenance.tests.factories import DAY, LATER, cards, due, event, finish, keeper, site
from mingchan.register.assets.models import Asset
from mingchan.register.labels import services as labels
from mingchan.register.labels.models import Link, Scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(sample_county):
    return keeper()


def _codes(ids):
    return dict(Asset.objects.filter(pk__in=ids).values_list("pk", "code"))


def test_a_round_that_a_phone_sends_whole_closes_itself(who):
    ids = cards(3)
    codes, found = _codes(ids), due()
    sent = [
        event("1", "found", codes[ids[0]], seq=1),
        event("2", "fault", codes[ids[1]], seq=2, what="不能开机", severity="STOPPED"),
        event("3", "not_found", codes[ids[2]], seq=3, note="未见"),
        finish(4),
    ]
    answers = services.take_in(found.pk, sent, actor=who, on=LATER)
    assert [answer.taken for answer in answers] == [True] * 4
    found.refresh_from_db()
    assert (found.state, found.closed_on, found.total, found.sound, found.faulty, found.missing) == (
        "CLOSED", LATER, 3, 1, 1, 1,
    )  # fmt: skip
    assert dict(Line.objects.values_list("asset_id", "finding")) == dict(
        zip(ids, ["SOUND", "FAULT", "NOT_FOUND"], strict=True)
    )
    order = Order.objects.get()
    assert (order.asset_id, order.origin, order.down_since) == (ids[1], f"inspection_round:{found.pk}", LATER)
    assert Asset.objects.get(pk=ids[1]).condition == "损坏"
    following = Round.objects.get(state="OPEN")
    assert (following.number, (following.due_on - LATER).days) == (2, 30)


def test_events_may_come_twice_and_in_any_order_and_again_after_the_end(who):
    ids = cards(1)
    code, found = _codes(ids)[ids[0]], due()
    last, first = finish(2), event("1", "found", code, seq=1)
    assert services.take_in(found.pk, [last, last], actor=who, on=DAY)[1].taken
    assert Round.objects.get(pk=found.pk).state == "OPEN"
    services.take_in(found.pk, [first], actor=who, on=DAY)
    assert Round.objects.get(pk=found.pk).state == "CLOSED"
    assert all(answer.taken for answer in services.take_in(found.pk, [first, last], actor=who, on=DAY))
    assert FieldEvent.objects.count() == 2
    with pytest.raises(Refusal, match="不再接收"):
        services.take_in(found.pk, [event("new", "found", code, seq=3)], actor=who, on=DAY)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (event("1", "dance"), "不认识"),
        (event("1", "found", "XX-1"), "没有编号"),
        (event("1", "found"), "没有编号"),
        (event("1", "finish", seq=0), "序号"),
        (event("", "finish"), "记录号"),
        (event("1", "undo"), "撤销"),
        (event("1", "signature", strokes=[]), "笔迹"),
    ],
)
def test_what_can_never_be_kept_is_refused_with_its_reason(who, bad, reason):
    cards(1)
    found = due()
    [answer] = services.take_in(found.pk, [bad], actor=who, on=DAY)
    assert not answer.taken
    assert reason in answer.reason
    assert not FieldEvent.objects.exists()


def test_an_id_belongs_to_one_round(who):
    cards(1)
    found = due()
    services.take_in(found.pk, [event("1", "finish", seq=2)], actor=who, on=DAY)
    other = site("另一站点")
    [rhythm] = services.plan([other], 7, DAY, actor=who, on=DAY)
    second = Round.objects.get(rhythm=rhythm)
    [answer] = services.take_in(second.pk, [event("1", "finish", seq=2)], actor=who, on=DAY)
    assert "另一次巡查" in answer.reason


def test_a_label_scanned_on_a_round_stands_for_its_asset_and_the_scan_is_kept(who):
    ids = cards(1)
    found = due()
    labels.for_assets(ids, actor=keeper(rights=frozenset({"label.print"})), on=DAY)
    code = Link.objects.get().label.code
    services.take_in(found.pk, [event("1", "scan", text=f"https://x/labels/s/{code}")], actor=who, on=DAY)
    assert queries.rounds.outcome_of(found.pk).results[ids[0]].finding == "SOUND"
    assert (Scan.objects.get().asset_id, Scan.objects.get().way) == (ids[0], "FIELD")


def test_a_round_is_closed_by_hand_when_something_came_in(who):
    ids = cards(2)
    found = due()
    with pytest.raises(Refusal, match="还没有任何"):
        services.close(found.pk, actor=who, on=DAY)
    services.take_in(found.pk, [event("1", "found", _codes(ids)[ids[0]])], actor=who, on=DAY)
    services.close(found.pk, actor=who, on=DAY)
    assert set(Line.objects.values_list("finding", flat=True)) == {"SOUND", "UNSEEN"}
    with pytest.raises(Refusal, match="已经结束"):
        services.close(found.pk, actor=who, on=DAY)


def test_a_round_is_dropped_with_a_reason_and_a_rhythm_stopped(who):
    cards(1)
    found = due()
    with pytest.raises(Refusal, match="原因"):
        services.drop(found.pk, reason=" ", actor=who, on=DAY)
    services.drop(found.pk, reason="大雪封路", actor=who, on=LATER)
    assert Round.objects.get(state="OPEN").number == 2
    services.stop(found.rhythm_id, reason="站点停业", actor=who, on=LATER)
    assert not Round.objects.filter(state="OPEN").exists()
    with pytest.raises(Refusal, match="已经停止"):
        services.stop(found.rhythm_id, reason="再停", actor=who, on=LATER)


def test_a_site_has_one_rhythm(who):
    cards(1)
    due()
    with pytest.raises(Refusal, match="已经安排"):
        services.plan([site()], 10, DAY, actor=who, on=DAY)
    with pytest.raises(Refusal, match="366"):
        services.plan([site("另一站点")], 400, DAY, actor=who, on=DAY)
    with pytest.raises(NotFound):
        services.plan([10**9], 30, DAY, actor=who, on=DAY)
    with pytest.raises(NotAllowed):
        services.plan([site("另一站点")], 30, DAY, actor=keeper(rights=frozenset()), on=DAY)


def test_the_capsule_has_what_a_phone_needs_and_nothing_else(who):
    ids = cards(2, class_code="A02010105", quantity_milli=2000, unit_price_fen=200_000)
    found, provider = due(), InspectionRounds()
    labels.for_assets(ids[:1], actor=keeper(rights=frozenset({"label.print"})), on=DAY)
    [errand] = provider.errands(actor=who, on=DAY)
    assert (errand.ref, errand.total, errand.done) == (f"inspection_round:{found.pk}", 2, 0)
    capsule = provider.capsule(errand.key, actor=who, on=DAY)
    assert set(capsule) == {
        "format", "kind", "key", "ref", "title", "county", "base_date", "due", "rules", "places", "lines", "codes",
        "elsewhere", "checklists", "choices",
    }  # fmt: skip
    assert capsule["format"] == "mingchan-capsule-1"
    assert set(capsule["rules"]) == {"blind", "photo_for", "signature", "position"}
    line = capsule["lines"][0]
    assert set(line) == {
        "code", "name", "model", "unit", "quantity", "place", "keeper", "serial", "lot", "photo", "checklist",
    }  # fmt: skip
    assert (line["lot"], line["photo"], line["checklist"], line["place"]) == (
        True,
        None,
        "electric",
        str(found.site_id),
    )
    assert list(capsule["codes"].values()) == [_codes(ids)[ids[0]]]
    assert [one["key"] for one in capsule["checklists"]] == ["electric"]
    assert set(capsule["checklists"][0]["items"][0]) == {"key", "text", "answer"}
    assert "损坏" in capsule["choices"]["conditions"]
    assert provider.known(errand.key, ["1"], actor=who) == set()
    assert provider.take_in(errand.key, [event("1", "found", line["code"])], actor=who, on=DAY)[0].taken
    assert provider.known(errand.key, ["1", "2"], actor=who) == {"1"}
    assert provider.errands(actor=who, on=DAY)[0].done == 1


def test_nobody_takes_along_what_lies_elsewhere(who):
    cards(1)
    found, provider, other = due(), InspectionRounds(), keeper("140932100")
    assert provider.errands(actor=other, on=DAY) == []
    for key in (str(found.pk), "x", "0"):
        with pytest.raises(NotFound):
            provider.capsule(key, actor=other, on=DAY)
    with pytest.raises(NotAllowed):
        provider.capsule(str(found.pk), actor=keeper(rights=frozenset({"maintenance.view"})), on=DAY)


def _refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_keeps_what_was_found(who):
    ids = cards(1)
    found = due()
    services.take_in(found.pk, [event("1", "found", _codes(ids)[ids[0]]), finish(2)], actor=who, on=DAY)
    closed = Round.objects.filter(pk=found.pk)
    _refused(lambda: closed.update(sound=9))
    _refused(lambda: closed.delete())
    _refused(lambda: FieldEvent.objects.update(kind="fault"))
    _refused(lambda: FieldEvent.objects.all().delete())
    _refused(lambda: Line.objects.update(finding="FAULT"))
    _refused(lambda: Rhythm.objects.update(every_days=3))
    row = FieldEvent.objects.first()
    row.pk, row.key = None, "late"
    _refused(lambda: row.save(force_insert=True))
