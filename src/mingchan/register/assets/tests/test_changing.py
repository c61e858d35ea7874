"""Correcting, splitting and withdrawing: what was stays to be seen, and the books follow to the fen."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger.models import Line
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import FundingPart, PartDraft
from mingchan.register.assets.models import Asset, FormerCard, FundingShare, Right
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.services.withdrawal import Depends
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db
LATER = date(2020, 4, 1)


@pytest.fixture
def bureau(db: None) -> int:
    make.divisions()
    return make.party("偏关县工业和信息化局")


def booked() -> dict[str, int]:
    """Cost by subject as the books have it, on the accounts of assets."""
    found: dict[str, int] = {}
    for subject, debit, credit, code in Line.objects.values_list("subject", "debit_fen", "credit_fen", "account__code"):
        if code.startswith(("16", "17", "15")):
            found[subject] = found.get(subject, 0) + debit - credit
    return {subject: fen for subject, fen in found.items() if fen}


def held() -> dict[str, int]:
    """Cost by card as the register has it."""
    cards = Asset.objects.filter(status="ACTIVE", owner__isnull=False).values_list("id", "cost_fen")
    return {f"asset:{key}": fen for key, fen in cards if fen}


def one(**changes: object) -> int:
    return make.register([make.draft(**changes)]).first_id


def test_a_correction_keeps_the_old_card_and_moves_the_books(bureau: int) -> None:
    card = one(owner=bureau)
    version = assets.correct(
        card, {"cost_fen": 400001, "class_code": "A05010201"}, 1, "发票核对", actor=make.clerk(), on=LATER
    )
    now, was = Asset.objects.get(pk=card), FormerCard.objects.get(asset_id=card)
    assert (version, now.version, now.cost_fen, now.six_class, now.state_since) == (2, 2, 400001, "FURNITURE", LATER)
    assert (was.cost_fen, was.six_class, was.left_on, was.state_since) == (398000, "GENERAL", LATER, make.DAY)
    assert booked() == held() == {f"asset:{card}": 400001}
    assert evidence.verify(queries.PROTECTED).ok


def test_a_correction_on_the_day_of_registration_leaves_no_former_card(bureau: int) -> None:
    card = one()
    assets.correct(card, {"name": "笔记本"}, 1, "笔误", actor=make.clerk(), on=make.DAY)
    assert not FormerCard.objects.exists()
    with pytest.raises(Refusal):
        assets.correct(card, {"name": "平板"}, 2, "笔误", actor=make.clerk(), on=date(2020, 3, 9))


def test_a_new_holder_ends_one_right_and_begins_another(bureau: int) -> None:
    village = make.party("窑头村经济合作社", "COLLECTIVE", make.VILLAGE)
    card = one(owner=bureau)
    assets.correct(card, {"owner": village, "keeper": bureau}, 1, "确权到村", actor=make.clerk(), on=LATER)
    rights = (
        Right.objects.filter(asset_id=card).order_by("id").values_list("kind", "party_id", "valid_from", "valid_to")
    )
    assert list(rights) == [
        ("OWNERSHIP", bureau, date(2019, 5, 10), LATER),
        ("OWNERSHIP", village, LATER, None),
        ("CUSTODY", bureau, LATER, None),
    ]
    assert booked() == held()
    by_book = dict(Line.objects.filter(account__code__startswith="151").values_list("book__owner_id", "debit_fen"))
    assert by_book == {village: 398000}
    assert evidence.verify(queries.PROTECTED).ok


def test_a_stale_correction_is_refused_with_both_versions(bureau: int) -> None:
    card = one()
    assets.correct(card, {"name": "笔记本"}, 1, "笔误", actor=make.clerk(), on=make.DAY)
    with pytest.raises(Stale) as stale:
        assets.correct(card, {"name": "平板"}, 1, "笔误", actor=make.clerk(), on=make.DAY)
    assert (stale.value.theirs, stale.value.yours) == ({"name": "笔记本"}, {"name": "平板"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"cost_fen": -1}, "cost_fen"),
        ({"quantity_milli": 1500}, "quantity_milli"),
        ({"acquired_on": date(2021, 1, 1)}, "acquired_on"),
        ({"status": "WITHDRAWN"}, "status"),
        ({"version": 9}, "version"),
    ],
)
def test_a_faulty_correction_is_refused_with_its_field(bureau: int, changes: dict, field: str) -> None:
    card = one()
    with pytest.raises(Refusal) as refused:
        assets.correct(card, changes, 1, "核对", actor=make.clerk(), on=LATER)
    assert refused.value.field == field
    assert Asset.objects.get(pk=card).version == 1


def test_a_correction_needs_a_reason_a_change_and_a_right(bureau: int) -> None:
    card = one()
    with pytest.raises(Refusal):
        assets.correct(card, {"name": "笔记本"}, 1, " ", actor=make.clerk(), on=LATER)
    with pytest.raises(Refusal):
        assets.correct(card, {"name": "台式电脑"}, 1, "核对", actor=make.clerk(), on=LATER)
    with pytest.raises(NotAllowed):
        assets.correct(card, {"name": "x"}, 1, "核对", actor=make.clerk(rights=frozenset({"asset.view"})), on=LATER)
    with pytest.raises(NotFound):
        assets.correct(card, {"name": "x"}, 1, "核对", actor=make.clerk("140932100"), on=LATER)
    with pytest.raises(NotAllowed):
        assets.correct(card, {"division_code": make.TOWN}, 1, "核对", actor=make.clerk("140932101"), on=LATER)


def test_shares_of_a_mixed_funding_follow_a_new_cost(bureau: int) -> None:
    card = one(
        funding="", cost_fen=300, funding_shares=(FundingPart("central", 200), FundingPart("county", 100, "文号"))
    )
    assets.correct(card, {"cost_fen": 100}, 1, "核对", actor=make.clerk(), on=LATER)
    assert list(FundingShare.objects.values_list("source", "amount_fen", "document")) == [
        ("central", 67, ""), ("county", 33, "文号")]  # fmt: skip
    given_shares = [FundingPart("county", 100)]
    assets.correct(card, {}, 2, "核对", actor=make.clerk(), on=LATER, funding_shares=given_shares)
    assert Asset.objects.get(pk=card).funding == "county"
    with pytest.raises(Refusal):
        assets.correct(card, {}, 3, "核对", actor=make.clerk(), on=LATER, funding_shares=[FundingPart("county", 99)])
    assert evidence.verify(queries.PROTECTED).ok


def test_a_renamed_card_is_found_by_its_new_name_only(bureau: int) -> None:
    card = one()
    assets.correct(card, {"name": "货架"}, 1, "核对", actor=make.clerk(), on=LATER)
    found = [queries.count(RegisterFilter(text=text), make.clerk()) for text in ("货架", "hj", "台式", "tsdn")]
    assert found == [1, 1, 0, 0]
    assets.rebuild_search(make.COUNTY)
    assert queries.count(RegisterFilter(text="货架"), make.clerk()) == 1


def test_a_lot_is_split_between_places_and_nothing_is_lost(bureau: int) -> None:
    keeper = make.party("王伟", "PERSON", make.VILLAGE)
    lot = one(owner=bureau, quantity_milli=3000, cost_fen=100, unit_price_fen=None, keeper=keeper)
    parts = [PartDraft(1000), PartDraft(2000, division_code=make.TOWN, place="镇政府", keeper=bureau)]
    ids = assets.split(lot, parts, 1, "分到站点", actor=make.clerk(), on=LATER)
    cards = Asset.objects.filter(pk__in=ids).order_by("id")
    assert [(c.quantity_milli, c.cost_fen, c.division_code, c.keeper_id, c.parent_id) for c in cards] == [
        (1000, 33, make.VILLAGE, keeper, lot), (2000, 67, make.TOWN, bureau, lot)]  # fmt: skip
    assert [card.code for card in cards] == ["140932-2018-000001-01", "140932-2018-000001-02"]
    assert Asset.objects.get(pk=lot).status == "SPLIT"
    assert booked() == held()
    assert not Right.objects.filter(asset_id=lot, valid_to__isnull=True).exists()
    assert set(Right.objects.filter(asset_id=ids[0]).values_list("valid_from", flat=True)) == {LATER}
    assert [row.id for row in queries.rows(RegisterFilter(as_of=make.DAY), make.clerk()).rows] == [lot]
    assert [row.id for row in queries.rows(RegisterFilter(), make.clerk()).rows] == ids
    assert evidence.verify(queries.PROTECTED).ok


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    quantities=st.lists(st.integers(1, 50), min_size=2, max_size=6),
    cost=st.integers(0, 10**9),
    share=st.integers(0, 100),
)
def test_a_split_keeps_cost_and_every_funding_share_to_the_fen(
    bureau: int, quantities: list[int], cost: int, share: int
) -> None:
    first = cost * share // 100
    lot = one(owner=bureau, quantity_milli=sum(quantities) * 1000, cost_fen=cost, funding="",
              funding_shares=(FundingPart("central", first), FundingPart("county", cost - first)))  # fmt: skip
    parts = [PartDraft(quantity * 1000) for quantity in quantities]
    ids = assets.split(lot, parts, 1, "分到站点", actor=make.clerk(), on=LATER)
    cards = list(Asset.objects.filter(pk__in=ids))
    assert sum(card.cost_fen for card in cards) == cost
    for source, whole in (("central", first), ("county", cost - first)):
        assert (
            sum(FundingShare.objects.filter(asset_id__in=ids, source=source).values_list("amount_fen", flat=True))
            == whole
        )
    for card in cards:
        assert sum(FundingShare.objects.filter(asset_id=card.pk).values_list("amount_fen", flat=True)) == card.cost_fen


@pytest.mark.parametrize("quantities", [[3000], [1000, 1000], [1500, 1500], [4000, -1000]])
def test_a_split_that_loses_or_cuts_pieces_is_refused(bureau: int, quantities: list[int]) -> None:
    lot = one(quantity_milli=3000)
    with pytest.raises(Refusal):
        assets.split(lot, [PartDraft(quantity) for quantity in quantities], 1, "拆", actor=make.clerk(), on=LATER)
    assert Asset.objects.count() == 1


def test_a_batch_is_withdrawn_with_its_vouchers(bureau: int) -> None:
    make.register([make.draft(owner=bureau), make.draft("货架", owner=bureau)])
    assert assets.withdraw(make.BATCH, "重复导入", actor=make.clerk(), on=LATER) == 2
    assert booked() == held() == {}
    assert queries.count(RegisterFilter(), make.clerk()) == 0
    assert queries.count(RegisterFilter(as_of=make.DAY), make.clerk()) == 2
    assert not Right.objects.filter(valid_to__isnull=True).exists()
    assert evidence.verify(queries.PROTECTED).ok
    with pytest.raises(Depends):
        assets.withdraw(make.BATCH, "重复导入", actor=make.clerk(), on=LATER)


def test_a_batch_something_rests_on_stays_and_says_what(bureau: int) -> None:
    done = make.register(
        [make.draft(owner=bureau), make.draft("货架", owner=bureau, quantity_milli=2000), make.draft("椅")]
    )
    assets.correct(done.first_id, {"cost_fen": 1}, 1, "核对", actor=make.clerk(), on=LATER)
    assets.split(done.first_id + 1, [PartDraft(1000), PartDraft(1000)], 1, "拆", actor=make.clerk(), on=LATER)
    with pytest.raises(Depends) as refused:
        assets.withdraw(make.BATCH, "重复导入", actor=make.clerk(), on=LATER)
    assert {(card[0], card[3]) for card in refused.value.cards} >= {
        (done.first_id, "已更正"), (done.first_id + 1, "已拆分")}  # fmt: skip
    with pytest.raises(NotFound):
        assets.withdraw(make.BATCH._replace(id=9), "重复导入", actor=make.clerk(), on=LATER)
