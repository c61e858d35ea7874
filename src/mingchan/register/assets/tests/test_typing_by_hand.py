"""What a registrar types: classes that exist, serial numbers borne once, lots taken to pieces, photographs that are."""

import io

import pytest
from django.test import Client
from PIL import Image

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.ledger.models import Voucher
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make
from mingchan.register.assets.tests.test_changing import LATER, booked, held
from mingchan.register.assets.tests.test_pages import login

pytestmark = pytest.mark.django_db
HAND = Ref("account", 1)


@pytest.fixture
def bureau(db: None) -> int:
    make.divisions()
    return make.party("偏关县工业和信息化局")


def by_hand(**changes: object) -> int:
    return assets.register_one(make.draft(**changes), source=HAND, actor=make.clerk(), on=make.DAY)


def test_a_serial_number_stands_on_one_card_that_counts(bureau: int) -> None:
    first, other = by_hand(serial_no="SN-1"), by_hand(serial_no="")
    by_hand(serial_no="")
    with pytest.raises(Refusal, match=r"SN-1.*140932-2018-000001"):
        by_hand(serial_no="SN-1")
    with pytest.raises(Refusal, match="SN-1") as refused:
        assets.correct(other, {"serial_no": "SN-1"}, 1, "核对", actor=make.clerk(), on=LATER)
    assert refused.value.field == "serial_no"
    assets.correct(first, {"serial_no": "SN-1", "brand": "联想"}, 1, "核对", actor=make.clerk(), on=LATER)
    assets.withdraw_card(other, "重复", actor=make.clerk(), on=LATER)
    assets.correct(first, {"serial_no": "SN-2"}, 2, "核对", actor=make.clerk(), on=LATER)
    assert Asset.objects.get(pk=by_hand(serial_no="SN-1")).serial_no == "SN-1"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([PartDraft(1000, serial_no="SN-1"), PartDraft(2000)], "已在资产卡片"),
        ([PartDraft(1000, serial_no="SN-7"), PartDraft(1000, serial_no="SN-7"), PartDraft(1000)], "填了两次"),
        ([PartDraft(1000), PartDraft(2000, serial_no="SN-7")], "数量应为 1"),
    ],
)
def test_a_split_gives_each_serial_number_to_one_thing(bureau: int, parts: list[PartDraft], words: str) -> None:
    by_hand(serial_no="SN-1")
    lot = by_hand(quantity_milli=3000, serial_no="SN-0")
    with pytest.raises(Refusal, match=words):
        assets.split(lot, parts, 1, "分到站点", actor=make.clerk(), on=LATER)
    ids = assets.split(lot, [PartDraft(1000, serial_no="SN-0"), PartDraft(2000)], 1, "拆", actor=make.clerk(), on=LATER)
    assert list(Asset.objects.filter(pk__in=ids).order_by("pk").values_list("serial_no", flat=True)) == ["SN-0", ""]


@pytest.mark.parametrize("code", ["XXXX", "A0201", "a02010105", "B02010105", "2010105"])
def test_a_class_that_is_no_class_is_refused_and_the_words_say_what_to_do(bureau: int, code: str) -> None:
    card = by_hand()
    with pytest.raises(Refusal, match=r"8 位数字.*留空") as refused:
        by_hand(class_code=code)
    assert refused.value.field == "class_code"
    with pytest.raises(Refusal, match=r"8 位数字.*留空"):
        assets.correct(card, {"class_code": code}, 1, "核对", actor=make.clerk(), on=LATER)


def test_a_legacy_class_may_stay_and_give_way(bureau: int) -> None:
    card = make.register([make.draft(class_code="2010104")]).first_id
    for version, changes in enumerate(
        ({"class_code": "2010104", "note": "旧码不变"}, {"class_code": "A02010105"}, {"class_code": ""}), start=1
    ):
        assert assets.correct(card, changes, version, "核对", actor=make.clerk(), on=LATER) == version + 1


@pytest.fixture
def clerk(client: Client, bureau: int) -> Client:
    return login(client, "bureau_clerk")


def test_a_lot_is_taken_to_single_pieces(clerk: Client, bureau: int) -> None:
    lot = by_hand(owner=bureau, quantity_milli=1_000_000, cost_fen=100_000_001, unit_price_fen=None)
    assert "拆成单件" in clerk.get(f"/assets/{lot}/split/").content.decode()
    data = {"version": 1, "reason": "逐件贴码", "single": "1"}
    assert clerk.post(f"/assets/{lot}/split/", {**data, "reason": ""}).status_code == 422
    assert clerk.post(f"/assets/{lot}/split/", data).status_code == 302
    parts = list(Asset.objects.filter(parent_id=lot).order_by("pk").values_list("code", "quantity_milli", "cost_fen"))
    assert len(parts) == 1000
    assert {quantity for _code, quantity, _cost in parts} == {1000}
    assert sum(cost for _code, _quantity, cost in parts) == 100_000_001
    assert {cost for _code, _quantity, cost in parts} == {100_000, 100_001}
    assert (parts[0][0][-5:], parts[-1][0][-5:]) == ("-0001", "-1000")
    assert booked() == held()
    found = evidence.verify(queries.PROTECTED).findings
    assert [finding for finding in found if finding.obj.startswith("asset:")] == []


@pytest.mark.parametrize("quantity", [1000, 2500, 1_001_000])
def test_what_has_no_single_pieces_is_not_taken_to_them(clerk: Client, quantity: int) -> None:
    lot = by_hand(quantity_milli=quantity, unit="公斤")
    assert "拆成单件" not in clerk.get(f"/assets/{lot}/split/").content.decode()
    answer = clerk.post(f"/assets/{lot}/split/", {"version": 1, "reason": "拆", "single": "1"})
    assert answer.status_code == 409
    assert Asset.objects.count() == 1


def test_one_line_of_the_form_makes_many_parts_of_the_like(clerk: Client) -> None:
    lot = by_hand(quantity_milli=50_000, cost_fen=1_000)
    data = {
        "version": 1, "reason": "分到站点", "p0-quantity": "2", "p0-times": "20", "p0-place": "村委会",
        "p1-quantity": "10", "p1-division_code": make.TOWN,
    }  # fmt: skip
    assert clerk.post(f"/assets/{lot}/split/", {**data, "p0-times": "1001"}).status_code == 422
    assert clerk.post(f"/assets/{lot}/split/", {**data, "p0-times": "21"}).status_code == 409
    assert clerk.post(f"/assets/{lot}/split/", data).status_code == 302
    parts = list(Asset.objects.filter(parent_id=lot).order_by("pk").values_list("quantity_milli", "cost_fen", "place"))
    assert parts == [(2000, 40, "村委会")] * 20 + [(10_000, 200, "")]


def test_numbers_of_parts_that_are_taken_or_too_long_are_refused_in_words(bureau: int) -> None:
    taken = by_hand(code="甲-1", quantity_milli=2000)
    by_hand(code="甲-1-02")
    long = by_hand(code="9" * 39, quantity_milli=2000)
    for lot, words in ((taken, "已被占用"), (long, "太长")):
        with pytest.raises(Refusal, match=words):
            assets.split(lot, [PartDraft(1000)] * 2, 1, "拆", actor=make.clerk(), on=LATER)
    assert Asset.objects.filter(status="ACTIVE").count() == 3


def test_a_photograph_is_a_picture(clerk: Client) -> None:
    card = by_hand()
    url = f"/assets/{card}/papers/"
    paper = io.BytesIO(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    paper.name = "合同.pdf"
    answer = clerk.post(url, {"file": paper, "kind": "PHOTO"}, follow=True)
    assert "照片应为 PNG、JPEG 或 WebP 图片" in answer.content.decode()
    assert not Attachment.objects.exists()
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "JPEG")
    picture.seek(0)
    picture.name = "门口.jpg"
    assert "已附上文件" in clerk.post(url, {"file": picture, "kind": "PHOTO"}, follow=True).content.decode()


def test_a_towns_registrar_keeps_its_cards_in_the_book_of_the_county(bureau: int) -> None:
    rights = frozenset({"asset.view", "asset.register", "asset.correct", "asset.split", "exchange.withdraw"})
    town = make.clerk("140932101", rights=rights)
    inside = make.draft(owner=bureau, quantity_milli=2000)
    done = make.register([inside, inside._replace(division_code="140932101000")], actor=town)
    assert set(Voucher.objects.values_list("division_code", flat=True)) == {"140932101000"}
    assets.correct(done.first_id, {"cost_fen": 500}, 1, "核对发票", actor=town, on=LATER)
    assets.split(done.first_id, [PartDraft(1000)] * 2, 2, "分开", actor=town, on=LATER)
    assets.withdraw_card(done.last_id, "登记有误", actor=town, on=LATER)
    assert booked() == held()
    with pytest.raises(NotAllowed):
        make.register([inside._replace(division_code=make.TOWN)], actor=town)
    outside = make.register([make.draft(owner=bureau, division_code=make.TOWN)]).first_id
    with pytest.raises(NotFound):
        assets.correct(outside, {"cost_fen": 1}, 1, "核对", actor=town, on=LATER)
    batch = Ref("batch", 7)
    make.register([inside], actor=town, source=batch)
    assert assets.withdraw(batch, "重复导入", actor=town, on=LATER) == 1
    assert booked() == held()
