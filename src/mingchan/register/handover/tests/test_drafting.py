"""A list is drafted: numbered in its year, of what the giving side has, on no other list, changed with a version."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset
from mingchan.register.handover import queries, services
from mingchan.register.handover.choices import State
from mingchan.register.handover.models import Handover, Line
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
DAY = make.DAY


def test_lists_are_numbered_in_their_year_without_gaps() -> None:
    one, two, three = make.cards(3)
    assert make.drafted([one]).number == "偏移交〔2020〕0001号"
    assert make.drafted([two]).number == "偏移交〔2020〕0002号"
    later = services.draft([three], make.head(), actor=make.actor("bureau_clerk"), on=date(2021, 1, 4))
    assert later.number == "偏移交〔2021〕0001号"


def test_a_list_keeps_its_cards_as_they_were() -> None:
    ids = make.cards(2)
    made = make.drafted(ids)
    lines = list(Line.objects.filter(handover=made).order_by("line_no"))
    assert [(line.asset_id, line.line_no, line.cost_fen) for line in lines] == [
        (ids[0], 1, 398_001),
        (ids[1], 2, 398_002),
    ]
    assert made.rights == "OWNERSHIP,USE,CUSTODY"
    assert (made.from_office_id, made.to_office_id) == (made.from_party_id, made.to_party_id)
    assert queries.sums(made) == (2, 4000, 796_003)


def test_thousands_take_as_many_statements_as_a_few() -> None:
    few, many = make.cards(2), make.cards(400)
    counts = []
    for ids in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            make.drafted(ids)
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 6


def test_an_asset_stands_on_one_unfinished_list() -> None:
    ids = make.cards(2)
    first = make.drafted(ids[:1])
    with pytest.raises(Refusal, match="已在另一份未办结的移交清单上") as refused:
        make.drafted(ids)
    assert first.number in str(refused.value)
    services.cancel(first.pk, "填错", actor=make.actor("bureau_clerk"), on=DAY)
    assert queries.sums(make.drafted(ids)).items == 2


def test_one_hands_over_what_one_owns() -> None:
    foreign = make.cards(1, owner=make.office("finance").pk)
    with pytest.raises(Refusal, match="不归移出方所有"):
        make.drafted(foreign)
    nobodys = make.cards(1, owner=None)
    with pytest.raises(Refusal, match="不归移出方所有"):
        make.drafted(nobodys)


def test_a_right_that_another_holds_does_not_pass() -> None:
    used = make.cards(1, user=make.office("operator").pk)
    with pytest.raises(Refusal, match="由其他主体持有"):
        make.drafted(used, rights=("USE",))
    assert make.drafted(used, rights=()).rights == "OWNERSHIP,CUSTODY"


def test_parties_cards_and_places_must_be_the_countys() -> None:
    ids = make.cards(1)
    with pytest.raises(NotFound):
        make.drafted(ids, to_party=10**9)
    with pytest.raises(NotFound):
        make.drafted([*ids, 10**9])
    with pytest.raises(NotFound):
        make.drafted(ids, site=10**9)
    with pytest.raises(Refusal, match="没有这个区划"):
        make.drafted(ids, division_code="140931000000")
    assert not Handover.objects.exists()


def test_a_town_drafts_over_its_own_assets_only() -> None:
    centre = make.cards(1, division=make.CENTRE)
    with pytest.raises(NotAllowed):
        services.draft(centre, make.head(), actor=make.actor("town_keeper"), on=DAY)
    with pytest.raises(NotAllowed):
        services.draft(make.cards(1), make.head(), actor=make.actor("village_keeper"), on=DAY)


def test_who_signs_for_a_person_is_told_by_place_or_must_be_named() -> None:
    here, there = make.person("王改花"), make.person("李二小", "140932100201")
    made = make.drafted(
        make.cards(1, keeper=here.pk), kind="CUSTODY", from_party=here.pk, to_party=there.pk, rights=(), keeper=None
    )
    assert made.from_office == make.office("town_keeper")
    assert made.to_office == make.office("village_keeper")
    far = make.person("张大", make.CENTRE)
    head = {"kind": "CUSTODY", "from_party": far.pk, "to_party": there.pk, "rights": (), "keeper": None}
    assert make.drafted(make.cards(1, keeper=far.pk), **head).from_office == make.office("bureau_clerk")
    nobodys = make.cards(1, keeper=far.pk, owner=None)
    with pytest.raises(Refusal, match="请指明签署单位"):
        make.drafted(nobodys, **head)
    named = make.drafted(nobodys, **head, from_office=make.office("finance").pk)
    assert named.from_office == make.office("finance")


def test_a_leaver_hands_over_everything_he_keeps() -> None:
    leaver, successor = make.person("王改花"), make.person("李二小")
    kept = make.cards(3, keeper=leaver.pk)
    make.cards(1, keeper=successor.pk)
    listed = make.drafted(kept[:1], rights=())
    made = services.draft_for_leaver(
        leaver.pk, successor.pk, reason="调离", actor=make.actor("bureau_clerk"), on=DAY, due_on=date(2022, 1, 1)
    )
    assert list(Line.objects.filter(handover=made).values_list("asset_id", flat=True)) == kept[1:]
    assert (made.kind, made.due_on) == ("CUSTODY", date(2022, 1, 1))
    assert queries.open_for(leaver.pk, make.actor("bureau_clerk")) == [made]
    assert listed not in queries.open_for(successor.pk, make.actor("bureau_clerk"))
    with pytest.raises(Refusal, match="都已在未办结的移交清单上"):
        services.draft_for_leaver(leaver.pk, successor.pk, reason="调离", actor=make.actor("bureau_clerk"), on=DAY)
    idle = make.person("无物")
    with pytest.raises(Refusal, match="没有需要交接的资产"):
        services.draft_for_leaver(idle.pk, successor.pk, reason="调离", actor=make.actor("bureau_clerk"), on=DAY)


def test_the_head_is_changed_with_a_version_and_a_stale_save_is_told() -> None:
    clerk = make.actor("bureau_clerk")
    made = make.drafted(make.cards(1))
    changed = services.edit(made.pk, make.head(reason="另有事由"), made.version, actor=clerk, on=DAY)
    assert (changed.reason, changed.version) == ("另有事由", 2)
    with pytest.raises(Stale) as stale:
        services.edit(made.pk, make.head(reason="又一事由"), 1, actor=clerk, on=DAY)
    assert (stale.value.theirs["reason"], stale.value.yours["reason"]) == ("另有事由", "又一事由")
    with pytest.raises(Refusal, match="没有改动"):
        services.edit(made.pk, make.head(reason="另有事由"), 2, actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="移交类别和移出方不能再改"):
        services.edit(made.pk, make.head(kind="USE", reason="x"), 2, actor=clerk, on=DAY)


def test_items_come_and_go_while_a_list_is_drafted() -> None:
    clerk = make.actor("bureau_clerk")
    ids = make.cards(3)
    made = make.drafted(ids[:1])
    assert services.add_assets(made.pk, ids, actor=clerk, on=DAY) == 2
    assert services.add_assets(made.pk, ids, actor=clerk, on=DAY) == 0
    first = Line.objects.get(handover=made, asset_id=ids[0])
    assert services.remove(made.pk, [first.pk], actor=clerk, on=DAY) == 1
    with pytest.raises(NotFound):
        services.remove(made.pk, [first.pk], actor=clerk, on=DAY)
    services.open_checking(made.pk, actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="现场清点"):
        services.remove(made.pk, [first.pk], actor=clerk, on=DAY)
    assert evidence.verify().ok


def test_an_empty_list_is_not_checked() -> None:
    made = make.drafted([])
    with pytest.raises(Refusal, match="没有要移交的资产"):
        services.open_checking(made.pk, actor=make.actor("bureau_clerk"), on=DAY)


def test_changed_cards_are_taken_as_they_are_and_checked_again() -> None:
    clerk = make.actor("bureau_clerk")
    ids = make.cards(2)
    made = make.ticked(ids)
    card = Asset.objects.get(pk=ids[0])
    assets.correct(ids[0], {"name": "双层货架"}, card.version, "更名", actor=clerk, on=DAY)
    assert queries.progress(made).changed == 1
    assert queries.changed(made) == [(card.code, "货架")]
    assert services.refresh(made.pk, actor=clerk, on=DAY) == 1
    line = Line.objects.get(handover=made, asset_id=ids[0])
    assert (line.name, line.asset_version) == ("双层货架", card.version + 1)
    after = queries.progress(made)
    assert (after.changed, after.unticked) == (0, 1)
    assert services.refresh(made.pk, actor=clerk, on=DAY) == 0
    assert evidence.verify().ok


def test_a_card_that_left_the_giving_side_is_left_out() -> None:
    clerk = make.actor("bureau_clerk")
    ids = make.cards(2)
    made = make.checking(ids)
    card = Asset.objects.get(pk=ids[0])
    assets.correct(ids[0], {"owner": make.office("finance").pk}, card.version, "更正", actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="不归移出方所有"):
        services.refresh(made.pk, actor=clerk, on=DAY)
    line = Line.objects.get(handover=made, asset_id=ids[0])
    services.resolve(made.pk, line.pk, "LEFT_OUT", "不归本单位", actor=clerk, on=DAY)
    assert queries.progress(made).changed == 0


def test_a_list_is_called_off_with_a_reason() -> None:
    clerk = make.actor("bureau_clerk")
    made = make.checking(make.cards(1))
    with pytest.raises(Refusal, match="请写明原因"):
        services.cancel(made.pk, " ", actor=clerk, on=DAY)
    done = services.cancel(made.pk, "项目另行安排", actor=clerk, on=DAY)
    assert (done.state, done.cancel_reason) == (State.CANCELLED, "项目另行安排")
    with pytest.raises(Refusal, match="已撤销"):
        services.cancel(made.pk, "再撤", actor=clerk, on=DAY)
    assert evidence.verify().ok


def test_out_of_reach_a_list_does_not_exist() -> None:
    made = make.drafted(make.cards(1), to_party=make.office("finance").pk)
    for role in ("town_keeper", "village_keeper"):
        with pytest.raises(NotFound):
            queries.handover(made.pk, make.actor(role))
        with pytest.raises(NotFound):
            services.cancel(made.pk, "x", actor=make.actor(role), on=DAY)
    assert queries.handover(made.pk, make.actor("audit")) == made
    with pytest.raises(NotAllowed):
        services.cancel(made.pk, "x", actor=make.actor("audit"), on=DAY)


def test_lists_come_by_key_with_their_sums() -> None:
    ids = make.cards(5)
    made = [make.drafted([pk]) for pk in ids]
    clerk = make.actor("bureau_clerk")
    seen, after = [], ""
    while after is not None:
        rows, after = queries.rows(queries.HandoverFilter(), clerk, after=after, limit=2)
        seen += rows
    assert [row.id for row in seen] == [one.pk for one in reversed(made)]
    assert [(row.items, row.cost_fen) for row in seen] == [(1, 398_001 + at) for at in (4, 3, 2, 1, 0)]
    wanted = queries.HandoverFilter.read({"state": "open", "kind": "OWNERSHIP", "q": "0003", "year": "2020"})
    assert [row.id for row in queries.rows(wanted, clerk)[0]] == [made[2].pk]
    assert queries.count(queries.HandoverFilter.read({"state": "EXECUTED"}), clerk) == 0
    assert queries.HandoverFilter.read({"state": "x", "year": "九", "party": "-1"}) == queries.HandoverFilter()
