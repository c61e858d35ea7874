"""Registering: what was handed in stands in the register, in the books and in the log, to the fen."""

from datetime import date

import pytest

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import FundingPart, OriginDraft
from mingchan.register.assets.models import Asset, FundingShare, Origin, Right
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> dict[str, int]:
    make.divisions()
    return {
        "bureau": make.party("偏关县工业和信息化局"),
        "village": make.party("窑头村经济合作社", "COLLECTIVE", make.VILLAGE),
        "keeper": make.party("王伟", "PERSON", make.VILLAGE),
        "site": make.site(),
    }


def cards(county: dict[str, int]) -> list:
    return [
        make.draft(owner=county["bureau"], user=county["village"], keeper=county["keeper"], site=county["site"]),
        make.draft("展示冷库", owner=county["village"], cost_fen=1234567, class_code="A02052302", quantity_milli=12500,
                   unit="平方米", acquired_on=None),
        make.draft("追溯平台", owner=county["bureau"], cost_fen=42600000, class_code="A08060303", funding="",
                   funding_shares=(FundingPart("central", 40000000, "财建〔2018〕1号"), FundingPart("county", 2600000)),
                   origin=OriginDraft("追溯", 7, {"name": " 追溯平台 "}, {"name": "B"})),
        make.draft("旧桌", cost_fen=0, class_code=""),
    ]  # fmt: skip


def test_every_field_of_a_draft_stands_on_its_card(county: dict[str, int]) -> None:
    done = make.register(cards(county))
    assert (done.count, done.cost_fen, done.quantity_milli) == (4, 398000 + 1234567 + 42600000, 1000 + 12500 + 2000)
    assert done.last_id - done.first_id == 3
    first, second, third, fourth = Asset.objects.order_by("id")
    assert (first.name, first.owner_id, first.keeper_id, first.site_id) == (
        "台式电脑", county["bureau"], county["keeper"], county["site"])  # fmt: skip
    assert [card.six_class for card in (first, second, third, fourth)] == [
        "GENERAL",
        "GENERAL",
        "INTANGIBLE",
        "GENERAL",
    ]
    assert (first.acquired_on, first.acquired_precision, second.acquired_on) == (date(2019, 5, 10), "D", None)
    assert third.funding == "MIXED"
    assert list(FundingShare.objects.values_list("source", "amount_fen")) == [
        ("central", 40000000),
        ("county", 2600000),
    ]
    assert Origin.objects.get().asset_id == third.pk
    assert [card.code for card in (first, fourth)] == ["140932-2018-000001", "140932-2018-000004"]


def test_rights_begin_with_the_acquisition_and_copy_the_holders(county: dict[str, int]) -> None:
    done = make.register(cards(county))
    rights = Right.objects.filter(asset_id=done.first_id).order_by("id")
    assert [(right.kind, right.party_id, right.valid_from) for right in rights] == [
        ("OWNERSHIP", county["bureau"], date(2019, 5, 10)),
        ("USE", county["village"], date(2019, 5, 10)),
        ("CUSTODY", county["keeper"], date(2019, 5, 10)),
    ]
    assert Right.objects.get(asset_id=done.first_id + 1).valid_from == make.DAY


def test_the_books_hold_the_cost_of_each_owners_cards_to_the_fen(county: dict[str, int]) -> None:
    done = make.register(cards(county))
    assert len(done.voucher_ids) == 2
    booked: dict[str, int] = {}
    for subject, fen in Line.objects.values_list("subject", "debit_fen"):
        booked[subject] = booked.get(subject, 0) + fen
    held = {f"asset:{key}": fen for key, fen in Asset.objects.values_list("id", "cost_fen") if fen}
    assert booked == held
    assert sum(Voucher.objects.values_list("total_fen", flat=True)) == done.cost_fen


def test_the_log_agrees_with_every_row(county: dict[str, int]) -> None:
    make.register(cards(county))
    report = evidence.verify(queries.PROTECTED)
    assert report.ok, report
    Asset.objects.filter(name="展示冷库").update(cost_fen=1)
    assert not evidence.verify(queries.PROTECTED).ok


def test_numbers_go_on_after_a_number_a_paper_brought_along(county: dict[str, int]) -> None:
    make.register([make.draft(code="140932-2018-000041"), make.draft()])
    make.register([make.draft(), make.draft(code="旧-7")])
    codes = list(Asset.objects.order_by("id").values_list("code", flat=True))
    assert codes == ["140932-2018-000041", "140932-2018-000042", "140932-2018-000043", "旧-7"]


def test_a_number_is_given_once(county: dict[str, int]) -> None:
    make.register([make.draft(code="旧-7")])
    with pytest.raises(Refusal) as refused:
        make.register([make.draft(code="旧-7")])
    assert refused.value.field == "code"


def test_nobody_registers_outside_the_own_divisions(county: dict[str, int]) -> None:
    with pytest.raises(NotAllowed):
        make.register([make.draft()], actor=make.clerk("140932100"))
    assert not Asset.objects.exists()


def test_one_card_by_hand_is_checked(county: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refused:
        assets.register_one(make.draft(unit_price_fen=1), source=Ref("account", 1), actor=make.clerk(), on=make.DAY)
    assert refused.value.field == "unit_price_fen"
    card = assets.register_one(make.draft(), source=Ref("account", 1), actor=make.clerk(), on=make.DAY)
    assert Asset.objects.get(pk=card).version == 1
