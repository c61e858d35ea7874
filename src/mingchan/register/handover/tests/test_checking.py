"""On the spot each item is ticked by itself; a difference is decided before anybody signs; nothing said is lost."""

from io import BytesIO

import pytest
from PIL import Image

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence import services as evidence_services
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.handover import queries, services
from mingchan.register.handover.choices import Resolution, Result, Shown
from mingchan.register.handover.drafts import Photo, TickDraft
from mingchan.register.handover.models import Handover, Line, Tick
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
DAY = make.DAY


def lines_of(handover: Handover) -> list[Line]:
    return list(Line.objects.filter(handover=handover).order_by("line_no"))


def picture() -> Photo:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return Photo(content.getvalue(), "照片.png")


def test_a_tick_keeps_state_count_remark_and_photograph() -> None:
    made = make.checking(make.cards(1))
    line = lines_of(made)[0]
    found = TickDraft(Result.DIFFERS, "损坏", 1000, "缺一组")
    tick = services.tick(made.pk, line.pk, found, photo=picture(), actor=make.actor("town_keeper"), on=DAY)
    item = queries.item(made, line.pk)
    assert item is not None
    assert (item.result, item.found_condition, item.counted_milli, item.remark) == ("DIFFERS", "损坏", 1000, "缺一组")
    assert item.ticked_by == "万丽芳"
    photo = evidence.attachments_of(Ref("asset", line.asset_id))
    assert [file.pk for file in photo] == [item.photo_id]
    assert Record.objects.filter(act="handover.item.ticked", obj=f"handover_tick:{tick.pk}").count() == 1


def test_a_later_tick_replaces_and_the_earlier_stays() -> None:
    keeper = make.actor("town_keeper")
    made = make.checking(make.cards(1))
    line = lines_of(made)[0]
    first = services.tick(made.pk, line.pk, TickDraft(Result.NOT_FOUND), actor=keeper, on=DAY)
    second = services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=keeper, on=DAY)
    assert list(Tick.objects.filter(line=line).order_by("pk").values_list("pk", "replaced_on")) == [
        (first.pk, DAY),
        (second.pk, None),
    ]
    assert queries.progress(made).matches == 1
    assert evidence_services.verify().ok


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (TickDraft(Result.MATCHES, "", 1000), "请选“不符”"),
        (TickDraft(Result.DIFFERS), "至少一项应与清单不同"),
        (TickDraft(Result.DIFFERS, "", 0), "请选“未找到”"),
        (TickDraft(Result.MATCHES, "尚好"), "没有这种使用状况"),
    ],
)
def test_a_tick_that_says_two_things_is_refused(found: TickDraft, words: str) -> None:
    made = make.checking(make.cards(1))
    with pytest.raises(Refusal, match=words):
        services.tick(made.pk, lines_of(made)[0].pk, found, actor=make.actor("town_keeper"), on=DAY)
    assert not Tick.objects.exists()


def test_ticking_has_its_time_and_its_people() -> None:
    ids = make.cards(1)
    made = make.drafted(ids)
    line = lines_of(made)[0]
    with pytest.raises(Refusal, match="拟定中"):
        services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=make.actor("town_keeper"), on=DAY)
    services.open_checking(made.pk, actor=make.actor("bureau_clerk"), on=DAY)
    with pytest.raises(NotAllowed):
        services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=make.actor("audit"), on=DAY)
    with pytest.raises(NotFound):
        services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=make.actor("village_keeper"), on=DAY)
    with pytest.raises(NotFound):
        services.tick(made.pk, line.pk + 999, TickDraft(Result.MATCHES), actor=make.actor("town_keeper"), on=DAY)


def test_what_is_missing_is_left_out_and_what_differs_may_be_accepted() -> None:
    keeper = make.actor("town_keeper")
    made = make.checking(make.cards(3))
    missing, broken, right = lines_of(made)
    services.tick(made.pk, missing.pk, TickDraft(Result.NOT_FOUND), actor=keeper, on=DAY)
    services.tick(made.pk, broken.pk, TickDraft(Result.DIFFERS, "损坏"), actor=keeper, on=DAY)
    services.tick(made.pk, right.pk, TickDraft(Result.MATCHES), actor=keeper, on=DAY)
    assert queries.progress(made).unresolved == 2
    with pytest.raises(Refusal, match="不能按现状接收"):
        services.resolve(made.pk, missing.pk, Resolution.ACCEPTED, "以后再找", actor=keeper, on=DAY)
    with pytest.raises(Refusal, match="请写明原因"):
        services.resolve(made.pk, missing.pk, Resolution.LEFT_OUT, "", actor=keeper, on=DAY)
    services.resolve(made.pk, missing.pk, Resolution.LEFT_OUT, "另行追查", actor=keeper, on=DAY)
    services.resolve(made.pk, broken.pk, Resolution.ACCEPTED, "已报修", actor=keeper, on=DAY)
    progress = queries.progress(made)
    assert (progress.items, progress.unresolved, progress.left_out, progress.different) == (2, 0, 1, 1)
    shown = {which: [item.id for item in queries.items(made, which)[0]] for which in Shown.values}
    assert shown == {
        "all": [missing.pk, broken.pk, right.pk],
        "unticked": [],
        "matches": [right.pk],
        "different": [missing.pk, broken.pk],
        "left_out": [missing.pk],
    }
    with pytest.raises(Refusal, match="须先恢复"):
        services.tick(made.pk, missing.pk, TickDraft(Result.MATCHES), actor=keeper, on=DAY)
    assert evidence_services.verify().ok


def test_what_was_left_out_comes_back_unless_it_stands_elsewhere() -> None:
    keeper = make.actor("town_keeper")
    ids = make.cards(2)
    made = make.checking(ids)
    line = lines_of(made)[0]
    services.resolve(made.pk, line.pk, Resolution.LEFT_OUT, "暂缓", actor=keeper, on=DAY)
    other = make.drafted(ids[:1])
    with pytest.raises(Refusal, match="另一份未办结"):
        services.resolve(made.pk, line.pk, Resolution.NONE, "", actor=keeper, on=DAY)
    services.cancel(other.pk, "重复", actor=make.actor("bureau_clerk"), on=DAY)
    services.resolve(made.pk, line.pk, Resolution.NONE, "", actor=keeper, on=DAY)
    assert queries.progress(made).items == 2
    with pytest.raises(Refusal, match="没有改动"):
        services.resolve(made.pk, line.pk, Resolution.NONE, "", actor=keeper, on=DAY)


def test_ticking_anew_takes_an_acceptance_back() -> None:
    keeper = make.actor("town_keeper")
    made = make.checking(make.cards(1))
    line = lines_of(made)[0]
    services.tick(made.pk, line.pk, TickDraft(Result.DIFFERS, "损坏"), actor=keeper, on=DAY)
    services.resolve(made.pk, line.pk, Resolution.ACCEPTED, "已报修", actor=keeper, on=DAY)
    services.tick(made.pk, line.pk, TickDraft(Result.DIFFERS, "", 1000), actor=keeper, on=DAY)
    assert queries.progress(made).unresolved == 1
    assert evidence_services.verify().ok


def test_items_come_by_key() -> None:
    made = make.checking(make.cards(5))
    seen, after = [], 0
    while after is not None:
        items, after = queries.items(made, after=after, limit=2)
        seen += [item.line_no for item in items]
    assert seen == [1, 2, 3, 4, 5]
