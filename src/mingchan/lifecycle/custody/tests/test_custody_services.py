"""Assigning, renewing, ending, leaving: what is refused, what the card, the log and the findings say."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.custody import queries, services
from mingchan.lifecycle.custody.drafts import PaperDraft
from mingchan.lifecycle.custody.models import Departure, OneSided
from mingchan.lifecycle.custody.queries import CustodyFilter
from mingchan.lifecycle.custody.tests.factories import BASIS, DUE, ON, VILLAGE, assign, body, cards, person
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset, FormerCard, Right

LATER = date(2020, 6, 8)


@pytest.fixture
def clerk(actor_of) -> Actor:
    return actor_of("bureau_clerk")


@pytest.fixture
def village(sample_county) -> int:
    return body()


def test_assigning_gives_person_body_term_and_leaves_a_record(clerk, village):
    ids, who = cards(3, clerk), person("刘二")
    assert assign(ids, who, village, clerk) == 3
    card = Asset.objects.get(pk=ids[0])
    right = Right.objects.get(asset=card, kind="CUSTODY")
    assert card.keeper_id == who
    assert (right.party_id, right.organisation_id, right.valid_from, right.due_on) == (who, village, ON, DUE)
    assert right.basis == BASIS
    assert "落实管护责任人" in log.history(Ref("asset", ids[0]))[-1].sentence
    assert FormerCard.objects.filter(asset=card).count() == 1


def test_many_cards_take_as_many_statements_as_few(clerk, village):
    few, many = cards(2, clerk), cards(60, clerk)
    assign(few, person("刘二"), village, clerk)
    with CaptureQueriesContext(connection) as one:
        assign(few, person("刘三"), village, clerk, on=LATER)
    with CaptureQueriesContext(connection) as other:
        assign(many, person("刘四"), village, clerk)
    assert len(other) <= len(one) + 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": "body"}, "应是主体清单中的个人"),
        ({"organisation": "person"}, "应是主体清单中的单位"),
        ({"due_on": date(2020, 5, 1)}, "任期止"),
        ({"due_on": date(2060, 5, 1)}, "30 年"),
        ({"basis": "  "}, "依据"),
    ],
)
def test_a_custody_that_says_nothing_is_refused(clerk, village, change, words):
    ids, who = cards(1, clerk), person("刘二")
    given = {"person": who, "organisation": village, "due_on": DUE, "basis": BASIS} | change
    given = {name: {"body": village, "person": who}.get(value, value) for name, value in given.items()}
    with pytest.raises(Refusal, match=words):
        services.assign(
            ids, given["person"], given["organisation"], given["due_on"], basis=given["basis"], actor=clerk, on=ON
        )
    assert not Right.objects.filter(kind="CUSTODY").exists()


def test_a_town_assigns_in_its_own_villages_only(clerk, village, actor_of):
    keeper = actor_of("town_keeper")
    ids = cards(1, clerk, division="140932101201")
    with pytest.raises(NotFound):
        assign(ids, person("刘二"), village, keeper)
    with pytest.raises(NotAllowed):
        assign(ids, person("刘二"), village, actor_of("finance"))


def test_a_term_is_renewed_for_each_keeper_and_body(clerk, village):
    one, other = cards(2, clerk), cards(1, clerk)
    assign(one, person("刘二"), village, clerk)
    assign(other, person("刘三"), body("新关村民委员会"), clerk)
    due = date(2026, 5, 17)
    assert services.renew([*one, *other], due, basis="续签", actor=clerk, on=LATER) == 3
    rights = Right.objects.filter(kind="CUSTODY", valid_to__isnull=True)
    assert {right.due_on for right in rights} == {due}
    assert {right.organisation_id for right in rights} == {village, body("新关村民委员会")}
    assert Right.objects.filter(kind="CUSTODY", valid_to=LATER).count() == 3


def test_what_has_no_keeper_or_no_body_is_not_renewed(clerk, village):
    with pytest.raises(Refusal, match="还没有管护责任人"):
        services.renew(cards(1, clerk), DUE, basis="续签", actor=clerk, on=ON)
    with pytest.raises(Refusal, match="没有管护主体"):
        services.renew(cards(1, clerk, keeper=person("刘二")), DUE, basis="续签", actor=clerk, on=ON)


def test_custody_that_ends_without_a_successor_is_a_finding_the_same_day(clerk, village):
    ids = cards(2, clerk)
    assign(ids, person("刘二"), village, clerk)
    assert queries.without_keeper(clerk) == []
    services.end(ids[:1], basis="站点撤销", actor=clerk, on=LATER)
    found = queries.without_keeper(clerk)
    assert [(row.town, row.count, row.cost_fen) for row in found] == [("140932101", 1, 398000)]
    assert assets.totals(assets.RegisterFilter(problem="NO_KEEPER"), clerk, LATER).count == 1


def test_a_leaver_keeps_things_visibly_until_they_have_another_keeper(clerk, village):
    ids, who = cards(2, clerk), person("刘二")
    assign(ids, who, village, clerk)
    services.leave(who, LATER, "MOVED", reason="调往县城", actor=clerk, on=LATER)
    found = queries.leavers(clerk)
    assert [(row.departure.person_id, row.count, row.cost_fen) for row in found] == [(who, 2, 796000)]
    assert len(queries.page(CustodyFilter(leavers=True), clerk, LATER).rows) == 2
    with pytest.raises(Refusal, match="移交清单"):
        assign(ids, person("刘三"), village, clerk, on=LATER)
    with pytest.raises(Refusal, match="移交清单"):
        services.end(ids, basis="离任", actor=clerk, on=LATER)
    assert Asset.objects.filter(keeper=who).count() == 2


def test_one_blocked_card_blocks_them_all(clerk, village):
    kept, free, who = cards(1, clerk), cards(2, clerk), person("刘二")
    assign(kept, who, village, clerk)
    services.leave(who, LATER, "LEFT", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match=r"刘二（1 张）"):
        assign([*kept, *free], person("刘三"), village, clerk, on=LATER)
    assert Asset.objects.filter(pk__in=free, keeper__isnull=True).count() == 2


def test_the_dead_and_the_unreachable_are_handed_over_by_one_side_once_that_is_approved(clerk, village):
    ids, who = cards(1, clerk), person("刘二")
    assign(ids, who, village, clerk)
    gone = services.leave(who, LATER, "DIED", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="离任"):
        assign(ids, person("刘三"), village, clerk, on=LATER)
    paper = PaperDraft("批准.csv", "批准单位,日期\n县工信局,2020-06-08\n".encode())
    services.allow_one_sided(gone.pk, "县工信局批准，村委会在场清点", paper=paper, actor=clerk, on=LATER)
    assert assign(ids, person("刘三"), village, clerk, on=LATER) == 1
    assert queries.leavers(clerk)[0].count == 0
    allowed = OneSided.objects.get()
    assert log.attachment_for(Ref.parse(allowed.document).id, clerk).name == "批准.csv"


def test_who_moved_to_another_post_can_sign_and_so_must(clerk, village):
    gone = services.leave(person("刘二"), LATER, "MOVED", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="双方签字"):
        services.allow_one_sided(gone.pk, "图方便", actor=clerk, on=LATER)


def test_an_approval_needs_words_and_stands_once(clerk, village):
    gone = services.leave(person("刘二"), LATER, "UNREACHABLE", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="写明"):
        services.allow_one_sided(gone.pk, "  ", actor=clerk, on=LATER)
    services.allow_one_sided(gone.pk, "批准", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="已批准"):
        services.allow_one_sided(gone.pk, "再批准", actor=clerk, on=LATER)


def test_a_leaver_gets_nothing_new_and_no_longer_term(clerk, village):
    ids, who = cards(1, clerk), person("刘二")
    assign(ids, who, village, clerk)
    services.leave(who, LATER, "MOVED", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="已登记离任"):
        assign(cards(1, clerk), who, village, clerk, on=LATER)
    with pytest.raises(Refusal, match="已登记离任"):
        services.renew(ids, date(2026, 1, 1), basis="续签", actor=clerk, on=LATER)


def test_somebody_leaves_once_and_may_come_back(clerk, village):
    who = person("刘二")
    gone = services.leave(who, LATER, "MOVED", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="已登记离任"):
        services.leave(who, LATER, "LEFT", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="说明"):
        services.come_back(gone.pk, reason="", actor=clerk, on=LATER)
    services.come_back(gone.pk, reason="登记有误", actor=clerk, on=LATER)
    assert queries.leavers(clerk) == []
    with pytest.raises(Refusal, match="已登记复任"):
        services.come_back(gone.pk, reason="再次", actor=clerk, on=LATER)
    services.leave(who, date(2020, 7, 1), "RETIRED", actor=clerk, on=date(2020, 7, 1))
    assert len(queries.departures_of(who)) == 2


@pytest.mark.parametrize(
    ("who", "cause", "successor", "words"),
    [
        ("刘二", "TIRED", None, "离任原因"),
        ("刘二", "LEFT", "刘二", "另一个人"),
        ("刘二", "LEFT", "村委会", "另一个人"),
        ("村委会", "LEFT", None, "只有个人"),
    ],
)
def test_a_departure_must_make_sense(clerk, village, who, cause, successor, words):
    def key(name: str | None) -> int | None:
        return None if name is None else village if name == "村委会" else person(name)

    with pytest.raises(Refusal, match=words):
        services.leave(key(who), LATER, cause, successor=key(successor), actor=clerk, on=LATER)
    assert not Departure.objects.exists()


def test_a_leaver_cannot_be_followed_by_a_leaver(clerk, village):
    services.leave(person("刘三"), LATER, "LEFT", actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="接任人自己"):
        services.leave(person("刘二"), LATER, "LEFT", successor=person("刘三"), actor=clerk, on=LATER)


def test_departures_are_noted_by_those_who_assign_there(village, actor_of):
    with pytest.raises(NotAllowed):
        services.leave(person("刘二"), LATER, "LEFT", actor=actor_of("finance"), on=LATER)
    with pytest.raises(NotAllowed):
        services.leave(person("刘二"), LATER, "LEFT", actor=actor_of("town_keeper"), on=LATER)


def test_the_database_keeps_departures_as_they_are(clerk, village):
    gone = services.leave(person("刘二"), LATER, "DIED", actor=clerk, on=LATER)
    services.allow_one_sided(gone.pk, "批准", actor=clerk, on=LATER)
    for statement in (
        "UPDATE custody_departure SET cause = 'LEFT'",
        "DELETE FROM custody_onesided",
        "UPDATE custody_onesided SET approval = 'x'",
        "DELETE FROM custody_departure",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_verifier_finds_the_rows_as_they_were_recorded(clerk, village):
    who = person("刘二")
    assign(cards(1, clerk), who, village, clerk)
    gone = services.leave(who, LATER, "DIED", actor=clerk, on=LATER)
    services.allow_one_sided(gone.pk, "批准", actor=clerk, on=LATER)
    services.come_back(gone.pk, reason="登记有误", actor=clerk, on=LATER)
    report = evidence.verify([*queries.PROTECTED, *assets.PROTECTED])
    assert report.ok, report.lines()


def test_keepers_are_summed_with_their_terms(clerk, village):
    big, small = person("刘二"), person("刘三")
    assign(cards(3, clerk), big, village, clerk, due=date(2020, 7, 1))
    assign(cards(1, clerk), small, village, clerk)
    cards(1, clerk, keeper=person("刘四"))
    found = queries.keepers(clerk, ON)
    assert [(k.person, k.count, k.ending, k.over, k.unset) for k in found] == [
        (big, 3, 3, 0, 0), (small, 1, 0, 0, 0), (person("刘四"), 1, 0, 0, 1),
    ]  # fmt: skip
    assert queries.keeper(clerk, big, date(2020, 7, 2)).over == 3
    with CaptureQueriesContext(connection) as again:
        queries.keepers(clerk, ON)
    assert len(again) == 1


def test_the_list_goes_on_page_by_page_in_both_orders(clerk, village):
    for n in range(7):
        assign(cards(1, clerk), person(f"刘{n}"), village, clerk, due=date(2020, 6, 1 + n % 3))
    for filtered in (CustodyFilter(), CustodyFilter(state="ENDING")):
        seen: list[int] = []
        after: str | None = ""
        while after is not None:
            found = queries.page(filtered, clerk, ON, after=after, limit=3)
            seen += [row.asset for row in found.rows]
            after = found.following
        assert len(seen) == len(set(seen)) == 7
    dues = [row.due_on for row in queries.page(CustodyFilter(state="ENDING"), clerk, ON).rows]
    assert dues == sorted(dues)


def test_the_list_narrows_by_everything_it_offers(clerk, village):
    ids, who = cards(2, clerk), person("刘二")
    assign(ids, who, village, clerk)
    assign(cards(1, clerk, division="140932100000"), person("刘三"), body("新关镇人民政府", "140932100000"), clerk)

    def count(**narrowed) -> int:
        return queries.totals(CustodyFilter(**narrowed), clerk, ON)[0]

    assert count() == 3
    assert (
        count(keeper=who) == count(organisation=village) == count(division=VILLAGE) == count(division="140932101") == 2
    )
    assert count(state="RUNNING", system="PUBLIC_SERVICE") == 3
    assert count(state="OVER") == count(site=999) == count(leavers=True) == 0
    read = CustodyFilter.read({"keeper": "x", "state": "NEVER", "division": "14a", "leavers": "1", "site": "5"})
    assert read == CustodyFilter(site=5, leavers=True)
    assert CustodyFilter.read(read.parameters()) == read


def test_a_village_sees_its_own_keepers_only(clerk, village, actor_of):
    assign(cards(1, clerk), person("刘二"), village, clerk)
    keeper = actor_of("village_keeper")
    assert queries.keepers(keeper, ON) == []
    assert queries.without_keeper(keeper) == []
    with pytest.raises(NotFound):
        queries.person(keeper, person("刘二"))


def test_an_account_finds_the_person_of_its_name_in_its_village(clerk, actor_of):
    keeper = actor_of("village_keeper")
    assert queries.mine(keeper) == []
    here = keeper.grants[0].scope
    mine = person(keeper.name, here)
    person(keeper.name, "140932101201")
    assert [party.pk for party in queries.mine(keeper)] == [mine]


def test_names_that_several_bear_are_told_apart_by_division(clerk):
    person("王伟"), person("王伟", "140932100000"), person("李独")
    names = queries.suggestions(clerk, people=True)
    assert "李独" in names
    assert "王伟" not in names
    assert "王伟（新关镇）" in names
