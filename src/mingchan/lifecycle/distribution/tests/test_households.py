"""Households from workbooks: refused with place and words, entered whole, compared with the next year's, encrypted."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.drafts import HouseholdDraft, MemberDraft
from mingchan.lifecycle.distribution.models import Household, Member, Roster, Standing
from mingchan.lifecycle.distribution.queries import households as reading
from mingchan.lifecycle.distribution.queries.households import HouseholdFilter
from mingchan.lifecycle.distribution.services.rosters import check, content_of
from mingchan.lifecycle.distribution.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_county")]


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"number": ""}, "户号", "户号"),
        ({"category": "RICH"}, "户类型", "户类型"),
        ({"members": ()}, "户主", "没有户主"),
        ({"people": 1}, "家庭人口", "少于"),
        ({"phone": "12345"}, "联系电话", "联系电话"),
        ({"account": "6228-ABCD"}, "银行账号", "银行账号"),
        ({"division_code": "140932999999"}, "村", "没有这个村"),
    ],
)
def test_a_problem_is_told_by_its_place(changes: dict[str, object], column: str, words: str) -> None:
    found = check([replace(make.household(7), **changes)], "140932", make.ON)
    assert [(issue.column, issue.row, issue.sheet) for issue in found] == [(column, 14, "名册")]
    assert words in found[0].words


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ("142234196503120081", "校验位"),
        ("140932199902290012", "出生日期"),
        ("142234650312001", "15 位"),
        ("1422", "18 位"),
        ("14223419650312001Z", "字符"),
    ],
)
def test_a_wrong_number_is_told_without_repeating_it(identity: str, words: str) -> None:
    wrong = replace(make.household(7), members=(MemberDraft("赵示", identity, "户主", 3),))
    found = check([wrong], "140932", make.ON)
    assert [(issue.column, issue.row) for issue in found] == [("身份证号", 3)]
    assert words in found[0].words
    assert identity not in found[0].words


def test_a_person_or_an_account_twice_is_a_problem() -> None:
    one, other = make.household(1), make.household(2)
    twins = check([one, replace(other, members=one.members, account=one.account)], "140932", make.ON)
    assert [issue.column for issue in twins] == ["身份证号", "身份证号", "银行账号"]


def test_a_workbook_is_previewed_encrypted_and_changes_nothing() -> None:
    who = make.staff()
    drafts = [make.household(1), make.household(2)]
    roster = services.import_households(
        drafts, (), file_name="名册.xlsx", sha256="0" * 64, as_of=make.ROSTER_DAY, actor=who["clerk"], on=make.ON
    )
    assert (roster.household_count, roster.person_count, roster.added, roster.issue_count) == (2, 4, 2, 0)
    assert not Household.objects.exists()
    assert drafts[0].members[0].identity.encode() not in bytes(roster.content or b"")
    assert content_of(roster)[0] == drafts
    services.discard_roster(roster.pk, actor=who["clerk"], on=make.ON)
    assert Roster.objects.get(pk=roster.pk).content is None


def test_a_confirmed_workbook_becomes_households_members_and_standings() -> None:
    who = make.staff()
    found = make.enter([make.household(1), make.household(2, category="UNSTABLE")], who["clerk"])
    assert [(one.number, one.head, one.joined_on) for one in found] == [
        ("001", "赵示1", make.ROSTER_DAY),
        ("002", "赵示2", make.ROSTER_DAY),
    ]
    assert found[0].phone_mask.count("*") == 4
    assert found[0].account_mask.startswith("****")
    assert Member.objects.filter(household=found[0], left_on=None).count() == 2
    assert list(Standing.objects.values_list("category", flat=True).order_by("household")) == ["LIFTED", "UNSTABLE"]
    assert Roster.objects.get().content is None
    assert Record.objects.filter(act="distribution.household.entered").count() == 2 + 4 + 2


def test_problems_keep_a_workbook_from_being_entered() -> None:
    who = make.staff()
    roster = services.import_households(
        [replace(make.household(1), phone="1")], (), file_name="名册.xlsx", sha256="0" * 64, as_of=make.ROSTER_DAY,
        actor=who["clerk"], on=make.ON,
    )  # fmt: skip
    with pytest.raises(Refusal, match="1 处问题"):
        services.apply_roster(roster.pk, with_leavers=True, actor=who["clerk"], on=make.ON)
    assert not Household.objects.exists()


def test_next_years_workbook_is_compared_and_dated() -> None:
    who = make.staff()
    first = make.enter([make.household(1), make.household(2), make.household(3)], who["clerk"])
    kept = replace(make.household(1))
    grown = replace(
        make.household(2, category="HARDSHIP", people=3),
        members=(*make.household(2).members[:1], MemberDraft("孙新", make.number(88, born="20190808"), "子女", 9)),
        phone="13900000000",
    )
    drafts = [kept, grown, make.household(4)]
    later = date(2020, 6, 1)
    roster = services.import_households(
        drafts, (), file_name="名册2.xlsx", sha256="1" * 64, as_of=later, actor=who["clerk"], on=make.ON
    )
    assert (roster.added, roster.changed, roster.left) == (1, 1, 1)
    services.apply_roster(roster.pk, with_leavers=True, actor=who["clerk"], on=make.ON)
    second = Household.objects.get(number="002")
    assert (second.phone_mask, second.people, second.version) == ("139****0000", 3, 2)
    assert list(
        Standing.objects.filter(household=second).order_by("id").values_list("category", "starts_on", "ended_on")
    ) == [
        ("LIFTED", make.ROSTER_DAY, later),
        ("HARDSHIP", later, None),
    ]
    spouse = Member.objects.get(household=second, relation="配偶")
    assert spouse.left_on == later
    gone = Household.objects.get(number="003")
    assert (gone.left_on, first[2].pk) == (later, gone.pk)
    assert not Standing.objects.filter(household=gone, ended_on=None).exists()
    assert Household.objects.get(number="001").version == 1
    back = make.enter([make.household(3)], who["clerk"], as_of=date(2020, 7, 1), leavers=False)
    assert next(one for one in back if one.number == "003").left_on is None


def test_an_older_workbook_a_taken_number_and_a_person_elsewhere_are_refused() -> None:
    who = make.staff()
    make.enter([make.household(1), make.household(2)], who["clerk"])

    def entering(*drafts: HouseholdDraft, as_of: date = date(2020, 6, 1)) -> None:
        make.enter(drafts, who["clerk"], as_of=as_of, leavers=False)

    with pytest.raises(Refusal, match="更早"):
        entering(make.household(1), as_of=date(2019, 12, 31))
    with pytest.raises(Refusal, match="另一户所用"):
        entering(replace(make.household(9), number="001"))
    with pytest.raises(Refusal, match="另一受益户"):
        entering(replace(make.household(1), members=(make.household(1).members[0], make.household(2).members[0])))


def test_the_database_keeps_a_person_in_one_household() -> None:
    who = make.staff()
    one, other = make.enter([make.household(1), make.household(2)], who["clerk"])
    member = Member.objects.filter(household=one).first()
    assert member is not None
    member.pk, member.household = None, other
    with pytest.raises(IntegrityError), transaction.atomic():
        member.save(force_insert=True)


def test_a_household_leaves_on_a_day_with_a_reason() -> None:
    who = make.staff()
    (one,) = make.enter([make.household(1)], who["clerk"])
    with pytest.raises(Refusal, match="原因"):
        services.leave(one.pk, left_on=date(2020, 5, 1), reason=" ", actor=who["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="日期"):
        services.leave(one.pk, left_on=date(2019, 5, 1), reason="自愿退出", actor=who["clerk"], on=make.ON)
    services.leave(one.pk, left_on=date(2020, 5, 1), reason="自愿退出", actor=who["clerk"], on=make.ON)
    one.refresh_from_db()
    assert (one.left_on, one.left_reason) == (date(2020, 5, 1), "自愿退出")
    with pytest.raises(Refusal, match="已经退出"):
        services.leave(one.pk, left_on=date(2020, 5, 1), reason="自愿退出", actor=who["clerk"], on=make.ON)


def test_a_village_sees_its_own_households_only() -> None:
    who = make.staff()
    make.enter([make.household(1), make.household(2, make.OTHER_VILLAGE)], who["clerk"])
    everything = HouseholdFilter()
    assert reading.totals(everything, who["clerk"]) == (2, 4)
    assert [row.division for row in reading.page(everything, who["village"])[0]] == [make.VILLAGE]
    elsewhere = Household.objects.get(division_code=make.OTHER_VILLAGE)
    with pytest.raises(NotFound):
        reading.household(who["village"], elsewhere.pk)
    with pytest.raises(NotAllowed):
        make.enter([make.household(5)], who["village"])


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [({"q": "赵示2"}, ["002"]), ({"q": "zs"}, ["001", "002"]), ({"q": "002"}, ["002"]), ({"category": "UNSTABLE"}, ["001"]),
     ({"division": "140932102"}, []), ({"left": "1"}, [])],
)  # fmt: skip
def test_households_are_found_by_name_initials_number_category_and_place(
    asked: dict[str, str], numbers: list[str]
) -> None:
    who = make.staff()
    make.enter([make.household(1, category="UNSTABLE"), make.household(2)], who["clerk"])
    rows, _following = reading.page(HouseholdFilter.read(asked), who["clerk"])
    assert [row.number for row in rows] == numbers


def test_a_page_goes_on_where_the_last_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    who = make.staff()
    make.enter([make.household(place) for place in (1, 2, 3)], who["clerk"])
    first, following = reading.page(HouseholdFilter(), who["clerk"])
    second, end = reading.page(HouseholdFilter(), who["clerk"], following)
    assert [row.number for row in first + second] == ["001", "002", "003"]
    assert end == ""
