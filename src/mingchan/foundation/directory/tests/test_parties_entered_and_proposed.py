"""Parties are entered once, proposed by lists in one pass, and their personal data stay behind masks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.drafts import PartyDraft
from mingchan.foundation.directory.models import Party
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref

TOWN = "140932100000"
OTHER_TOWN = "140932102000"
DAY = factories.DAY


@pytest.fixture
def clerk(db: None):
    factories.load_county()
    return factories.actor("clerk", "bureau_clerk")


def enter(actor, **changes) -> Party:
    given = {"kind": PartyKind.COMPANY, "name": "关河电子商务有限公司", "division_code": TOWN} | changes
    return services.create_party(**given, actor=actor, on=DAY)


def test_a_party_is_entered_with_initials_and_recorded(clerk) -> None:
    party = enter(clerk, uscc="91140932MA0K00001U")
    assert (party.initials, party.version, party.is_confirmed) == ("ghdzswyxgs", 1, True)
    last = Record.objects.order_by("-seq").first()
    assert last is not None
    assert last.obj == str(Ref("party", party.pk))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"kind": "GHOST"}, "kind"),
        ({"division_code": "140932999000"}, "division_code"),
        ({"uscc": "91140932MA0K00002U"}, "uscc"),
        ({"kind": "PERSON", "id_number": "140932199001010018"}, "id_number"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(clerk, changes, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        enter(clerk, **changes)
    assert refusal.value.field == field
    assert not Party.objects.filter(kind=PartyKind.COMPANY).exists()


def test_the_same_party_is_not_entered_twice(clerk) -> None:
    enter(clerk)
    with pytest.raises(Refusal):
        enter(clerk)


def test_phone_and_identity_number_are_stored_encrypted_and_shown_masked(clerk) -> None:
    party = enter(clerk, kind="PERSON", name="董改花", phone="13912346279", id_number="142234196503120018")
    assert (party.phone_mask, party.id_mask) == ("139****6279", "142234************")
    stored = Party.objects.values_list("phone_cipher", "id_cipher").get(pk=party.pk)
    assert all(b"13912346279" not in bytes(one) and b"142234" not in bytes(one) for one in stored)


def test_a_look_at_a_whole_number_needs_the_right_and_a_reason_and_is_recorded_before_it_is_shown(clerk) -> None:
    party = enter(clerk, kind="PERSON", name="董改花", phone="13912346279")
    before = Record.objects.filter(act="directory.personal.revealed").count()
    with pytest.raises(Refusal):
        services.reveal_personal(party.pk, "phone", "看", actor=clerk, on=DAY)
    assert Record.objects.filter(act="directory.personal.revealed").count() == before
    assert services.reveal_personal(party.pk, "phone", "联系盘点时间", actor=clerk, on=DAY) == "13912346279"
    assert Record.objects.filter(act="directory.personal.revealed").count() == before + 1


def test_a_refused_look_is_recorded_too(clerk) -> None:
    party = enter(clerk, kind="PERSON", name="董改花", phone="13912346279")
    keeper = factories.actor("keeper", "town_keeper", scope="140932100")
    with pytest.raises(NotAllowed):
        services.reveal_personal(party.pk, "phone", "联系盘点时间", actor=keeper, on=DAY)
    assert Record.objects.filter(act="directory.personal.revealed").count() == 1


def test_a_number_moved_to_another_row_by_raw_sql_is_not_shown(clerk) -> None:
    party = enter(clerk, kind="PERSON", name="董改花", phone="13912346279", id_number="142234196503120018")
    Party.objects.filter(pk=party.pk).update(phone_cipher=party.id_cipher)
    with pytest.raises(Refusal):
        services.reveal_personal(party.pk, "phone", "联系盘点时间", actor=clerk, on=DAY)


def test_a_list_proposes_new_parties_once_and_finds_the_known_ones(clerk) -> None:
    known = enter(clerk)
    drafts = [
        PartyDraft("COMPANY", "关河电子商务有限公司", TOWN),
        PartyDraft("PERSON", "董改花", TOWN, "139****6279"),
        PartyDraft("PERSON", "董改花", TOWN, "13912346279"),
        PartyDraft("PERSON", "董改花", OTHER_TOWN),
        PartyDraft("STATION", " 马梁村 电子商务服务站", TOWN),
    ]
    found = services.ensure_parties(drafts, actor=clerk, on=DAY, source="batch:1")
    assert found[drafts[0]] == known.pk
    assert found[drafts[1]] == found[drafts[2]]
    assert len(set(found.values())) == 4
    assert services.ensure_parties(reversed(drafts), actor=clerk, on=DAY, source="batch:2") == found
    proposed = Party.objects.get(pk=found[drafts[4]])
    assert (proposed.name, proposed.is_confirmed, proposed.source) == ("马梁村电子商务服务站", False, "batch:1")


def test_an_office_is_one_office_whatever_division_a_list_gives_it(clerk) -> None:
    office = factories.office()
    draft = PartyDraft("OFFICE", office.name, TOWN)
    assert services.ensure_parties([draft], actor=clerk, on=DAY, source="x") == {draft: office.pk}


def test_a_person_without_a_phone_means_the_only_one_of_that_name_there(clerk) -> None:
    one = enter(clerk, kind="PERSON", name="董改花", phone="13912346279")
    draft = PartyDraft("PERSON", "董改花", TOWN)
    assert services.ensure_parties([draft], actor=clerk, on=DAY, source="x") == {draft: one.pk}
    enter(clerk, kind="PERSON", name="董改花", phone="13812340001")
    assert services.ensure_parties([draft], actor=clerk, on=DAY, source="x")[draft] not in (None, one.pk)


def test_many_parties_cost_a_handful_of_statements(clerk) -> None:
    def statements(start: int, count: int) -> int:
        drafts = [PartyDraft("PERSON", f"村民{number}", TOWN) for number in range(start, start + count)]
        with CaptureQueriesContext(connection) as context:
            services.ensure_parties(drafts, actor=clerk, on=DAY, source="x")
        return len(context)

    few = statements(0, 10)
    assert statements(100, 400) <= few + 2


def test_every_proposed_party_has_its_own_record(clerk) -> None:
    drafts = [PartyDraft("PERSON", f"村民{number}", TOWN) for number in range(7)]
    before = Record.objects.count()
    found = services.ensure_parties(drafts, actor=clerk, on=DAY, source="x")
    records = Record.objects.filter(seq__gte=before).values_list("obj", flat=True)
    assert sorted(records) == sorted(f"party:{pk}" for pk in found.values())


def test_a_keeper_may_not_propose_parties(clerk) -> None:
    keeper = factories.actor("keeper", "town_keeper", scope="140932100")
    with pytest.raises(NotAllowed):
        services.ensure_parties([PartyDraft("PERSON", "新人", TOWN)], actor=keeper, on=DAY, source="x")
    assert not Party.objects.filter(name="新人").exists()


def test_a_party_outside_the_scope_looks_like_none(clerk) -> None:
    inside = enter(clerk, name="本镇公司")
    outside = enter(clerk, name="外镇公司", division_code=OTHER_TOWN)
    keeper = factories.actor("keeper", "town_keeper", scope="140932100")
    assert queries.party(keeper, inside.pk) == inside
    assert [row.name for row in queries.parties(keeper, q="公司").rows] == ["本镇公司"]
    for missing in (outside.pk, 10**9):
        with pytest.raises(NotFound, match="没有这个主体"):
            queries.party(keeper, missing)


def test_a_correction_needs_a_reason_and_the_newest_version(clerk) -> None:
    party = enter(clerk)
    with pytest.raises(Refusal):
        services.correct_party(party.pk, {"name": "新名"}, 1, " ", actor=clerk, on=DAY)
    corrected = services.correct_party(party.pk, {"name": "新名公司"}, 1, "更名", actor=clerk, on=DAY)
    assert (corrected.name, corrected.initials, corrected.version) == ("新名公司", "xmgs", 2)
    with pytest.raises(Stale) as stale:
        services.correct_party(party.pk, {"name": "又一名"}, 1, "更名", actor=clerk, on=DAY)
    assert (stale.value.theirs, stale.value.yours) == ({"name": "新名公司"}, {"name": "又一名"})


def test_a_field_that_is_not_correctable_is_a_mistake_of_the_caller(clerk) -> None:
    with pytest.raises(ValueError, match="county"):
        services.correct_party(enter(clerk).pk, {"county": "140000"}, 1, "x", actor=clerk, on=DAY)


def test_a_party_can_not_be_moved_out_of_the_writers_scope(clerk) -> None:
    party = enter(clerk)
    local = factories.actor("local2", "bureau_clerk", scope="140932100")
    with pytest.raises(NotAllowed):
        services.correct_party(party.pk, {"division_code": OTHER_TOWN}, 1, "迁移", actor=local, on=DAY)
    party.refresh_from_db()
    assert party.division_code == TOWN


def test_pages_of_parties_follow_one_another_without_gaps(clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(7):
        enter(clerk, name=f"第{number}公司")
    seen, after = [], ""
    while True:
        page = queries.parties(clerk, q="公司", after=after)
        seen += [row.name for row in page.rows]
        after = page.next_key
        if not after:
            break
    assert seen == [f"第{number}公司" for number in range(6, -1, -1)]


def test_parties_are_found_by_part_of_a_name_and_by_initials(clerk) -> None:
    enter(clerk, name="关外物流有限公司")
    assert [row.name for row in queries.parties(clerk, q="物流").rows] == ["关外物流有限公司"]
    assert [row.name for row in queries.parties(clerk, q="gwwl").rows] == ["关外物流有限公司"]
    assert queries.party_names([queries.parties(clerk, q="物流").rows[0].pk]).popitem()[1] == "关外物流有限公司"
