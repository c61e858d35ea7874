"""Gaps, ledgers, lines and certificates as they are read: today and on past days (2.3, 3.3, 2.4.1)."""

from datetime import date, timedelta

import pytest

from mingchan.kernel.errors import NotFound
from mingchan.register.assets import queries as assets
from mingchan.register.assets import services as asset_services
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.rights import rules, services
from mingchan.register.rights.choices import Force
from mingchan.register.rights.drafts import HolderDraft
from mingchan.register.rights.queries import certificates, gaps, holders, lines
from mingchan.register.rights.tests import factories
from mingchan.register.rights.tests.factories import DAY, People

LATER = DAY + timedelta(days=40)


@pytest.fixture
def people(db: None) -> People:
    return People()


def approved_later(people: People, ids: list[int], *given: HolderDraft) -> None:
    batch = factories.checked(people, ids, *given)
    services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=LATER)


def codes(asked: RegisterFilter, people: People) -> list[int]:
    return [row.id for row in assets.rows(asked, people.maker).rows]


def test_gaps_are_counted_by_kind_system_and_town(people: People) -> None:
    owned = factories.cards(2, owner=factories.bureau())
    free = factories.cards(3, division_code="140932101000", system="LOGISTICS")
    found = gaps.coverage(people.maker, DAY)
    total = found.total["OWNERSHIP"]
    assert (total.count, total.whole, total.none, total.partial) == (5, 2, 3, 0)
    assert total.none_fen == 3 * 398000
    assert found.by_system["OWNERSHIP", "LOGISTICS"].none == 3
    assert found.by_town["OWNERSHIP", "140932100"].whole == 2
    assert found.total["SUPERVISION"].none == 5
    assert codes(RegisterFilter(problem="NO_OWNER"), people) == free
    assert codes(RegisterFilter(right="OWNERSHIP", cover="WHOLE"), people) == owned


def test_the_gaps_of_a_past_day_stay_as_they_were(people: People) -> None:
    ids = factories.cards(4)
    approved_later(people, ids[:3], HolderDraft("SUPERVISION", factories.party("财政局")))
    assert gaps.coverage(people.maker, LATER).total["SUPERVISION"].none == 1
    before = LATER - timedelta(days=1)
    assert gaps.coverage(people.maker, LATER, before).total["SUPERVISION"].none == 4
    assert codes(RegisterFilter(problem="NO_SUPERVISION"), people) == ids[3:]
    assert codes(RegisterFilter(problem="NO_SUPERVISION", as_of=before), people) == ids


def test_figures_follow_a_confirmation_at_once(people: People) -> None:
    ids = factories.cards(2)
    assert gaps.coverage(people.maker, DAY).total["OWNERSHIP"].none == 2
    factories.approved(people, ids)
    assert gaps.coverage(people.maker, DAY).total["OWNERSHIP"].none == 0


def test_shares_that_fall_short_are_a_finding_of_their_own(people: People) -> None:
    ids = factories.cards(2)
    party = factories.party("甲村")
    Right.objects.create(
        asset_id=ids[0], kind="SUPERVISION", party_id=party, share_numerator=1, share_denominator=3, valid_from=DAY
    )
    total = gaps.coverage(people.maker, DAY).total["SUPERVISION"]
    assert (total.whole, total.partial, total.none) == (0, 1, 1)
    assert codes(RegisterFilter(right="SUPERVISION", cover="PARTIAL"), people) == ids[:1]
    assert codes(RegisterFilter(right="SUPERVISION", cover="NONE"), people) == ids[1:]


def test_a_town_sees_the_gaps_of_its_own(people: People) -> None:
    factories.cards(2)
    factories.cards(3, division_code="140932101000")
    town = factories.directory.actor("town", "town_keeper", scope="140932101")
    assert gaps.coverage(town, DAY).total["OWNERSHIP"].count == 3


def test_a_holders_ledger_by_share_and_by_day(people: People) -> None:
    ids = factories.cards(3)
    two = [factories.party(name) for name in ("甲局", "乙局")]
    approved_later(people, ids, HolderDraft("INCOME", two[0], 1, 3), HolderDraft("INCOME", two[1], 2, 3))
    for party, part in zip(two, (1, 2), strict=True):
        asked = holders.filter_of(party, "INCOME", None)
        totals = assets.totals(asked, people.maker, LATER)
        assert (totals.count, totals.cost_fen) == (3, 3 * 398000)
        assert holders.share_fen(party, "INCOME", people.maker, None, totals.cost_fen) == 398000 * part
        assert holders.shares_of(party, "INCOME", ids, None) == dict.fromkeys(ids, (part, 3))
        assert holders.held_by([party], people.maker)[party]["INCOME"].share_fen == 398000 * part
    assert assets.count(holders.filter_of(two[0], "INCOME", LATER - timedelta(days=1)), people.maker) == 0
    assert assets.count(holders.filter_of(two[0], "INCOME", LATER), people.maker) == 3


def test_the_ledger_of_a_past_day_has_the_cost_of_that_day(people: People) -> None:
    (card,) = factories.cards(1)
    finance = factories.party("财政局")
    factories.approved(people, [card], HolderDraft("SUPERVISION", finance))
    asset = Asset.objects.get(pk=card)
    asset_services.correct(card, {"cost_fen": 999}, asset.version, "核对", actor=people.clerk, on=LATER)
    then = holders.filter_of(finance, "SUPERVISION", LATER - timedelta(days=1))
    assert assets.totals(then, people.maker, LATER).cost_fen == 398000
    assert assets.totals(holders.filter_of(finance, "SUPERVISION", None), people.maker, LATER).cost_fen == 999


def test_holders_are_listed_with_what_they_hold(people: People) -> None:
    ids = factories.cards(2)
    factories.approved(people, ids)
    factories.party("什么也没有的局")
    found, _more = holders.holders(people.maker)
    assert [(one.party.name, one.held["OWNERSHIP"].count) for one in found] == [("偏关县工业和信息化局", 2)]
    assert holders.holders(people.maker, kind="USE")[0] == []
    with pytest.raises(NotFound):
        holders.holder(10**9, people.maker)


def test_a_certificate_loses_force_as_its_rights_move(people: People) -> None:
    ids = factories.cards(3)
    _batch, (first,) = factories.approved(people, ids)
    assert certificates.standing(first, DAY).force == Force.IN_FORCE
    finance = HolderDraft("OWNERSHIP", factories.party("财政局"))
    approved_later(people, ids[:1], finance)
    standing = certificates.standing(first, LATER)
    assert (standing.force, standing.assets, standing.cost_fen) == (Force.PARTLY, 2, 2 * 398000)
    assert [(one.kind, one.count, one.still) for one in standing.kinds] == [("OWNERSHIP", 3, 2)]
    assert certificates.standing(first, LATER - timedelta(days=1)).force == Force.IN_FORCE
    approved_later(people, ids[1:], finance)
    assert certificates.standing(first, LATER).force == Force.SUPERSEDED


def test_a_certificate_is_genuine_with_number_and_code_only(people: People) -> None:
    _batch, (first,) = factories.approved(people, factories.cards(1))
    _batch, (second,) = factories.approved(people, factories.cards(1))
    assert certificates.genuine(first.token, 2020, 1, "140932") == first
    assert certificates.genuine(first.token, 2020, 2, "140932") is None
    assert certificates.genuine(second.token, 2020, 1, "140932") is None
    assert certificates.genuine("", 2020, 1, "140932") is None
    assert first.digest != second.digest


def test_lines_show_who_held_when_and_the_gaps_between(people: People) -> None:
    (card,) = factories.cards(1, owner=factories.bureau())
    approved_later(people, [card], HolderDraft("OWNERSHIP", factories.party("财政局")))
    axis, found = lines.lines(card, date(2019, 5, 10), LATER + timedelta(days=100))
    owners = next(line for line in found if line.kind == "OWNERSHIP")
    assert [(one.right.party.name, one.is_open) for one in owners.stretches] == [
        ("偏关县工业和信息化局", False), ("财政局", True),
    ]  # fmt: skip
    first, second = owners.stretches
    assert (first.x, second.x) == (0, first.width)
    assert second.x + second.width == lines.WIDTH
    assert owners.gaps == ()
    income = next(line for line in found if line.kind == "INCOME")
    assert [(gap.since, gap.until, gap.width) for gap in income.gaps] == [(date(2019, 5, 10), None, lines.WIDTH)]
    assert axis.years[0][0] == 2020


@pytest.mark.parametrize(
    ("text", "share"),
    [("", (1, 1)), ("全部", (1, 1)), ("1/3", (1, 3)), ("２／３", (2, 3)), ("50%", (1, 2)), ("0.25", (1, 4)),
     ("4/3", None), ("0", None), ("-1/2", None), ("1/0", None), ("一半", None)],
)  # fmt: skip
def test_a_share_as_typed(text: str, share: tuple[int, int] | None) -> None:
    assert rules.share_of(text) == share


def test_a_name_for_strangers() -> None:
    assert rules.masked("董改花") == "董**"
    assert rules.masked("王") == "王*"
