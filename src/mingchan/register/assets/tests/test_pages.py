"""The pages: what they show, what they change, and files with nothing in them that a spreadsheet would run."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import OriginDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db
FORMULA = "=cmd|' /C calc'!A0"


def login(client: Client, role: str, scope: str = make.COUNTY, party: int | None = None) -> Client:
    office = Party.objects.get(pk=make.party("偏关县工业和信息化局"))
    account = Account.objects.create(
        username=f"{role}{scope}", county=make.COUNTY, name="张三", office=office, is_sample=True, created_on=make.DAY,
        must_change_password=False,
    )  # fmt: skip
    Grant.objects.create(
        account=account, role=role, scope=scope, party_id=party, valid_from=make.DAY, basis="任命", given_by="系统"
    )
    client.force_login(account)
    return client


@pytest.fixture
def county(db: None) -> dict[str, int]:
    make.divisions()
    bureau = make.party("偏关县工业和信息化局")
    keeper = make.party("王伟", "PERSON", make.VILLAGE)
    done = make.register(
        [
            make.draft("办公电脑", owner=bureau, keeper=keeper, site=make.site(), model="启天M415", quantity_milli=2000,
                       unit_price_fen=199000,
                       origin=OriginDraft("村级站点", 9, {"cost_fen": "３９８０元"}, {"cost_fen": "G"})),
            make.draft("展示冷库", owner=bureau, cost_fen=9900000, division_code=make.TOWN, tier="TOWN",
                       acquired_precision="M"),
            make.draft(FORMULA, cost_fen=1, model="<script>alert(1)</script>", place="+1", funding=""),
        ]
    )  # fmt: skip
    return {"bureau": bureau, "keeper": keeper, "first": done.first_id}


@pytest.fixture
def clerk(client: Client, county: dict[str, int]) -> Client:
    return login(client, "bureau_clerk")


def test_the_list_shows_rows_totals_and_what_filters_it(clerk: Client) -> None:
    text = clerk.get("/assets/").content.decode()
    assert "办公电脑" in text
    assert "102,980.01" in text
    assert "<script>alert" not in text
    text = clerk.get("/assets/?q=冷库&tier=TOWN&sort=-cost&owner=x").content.decode()
    assert "展示冷库" in text
    assert "办公电脑" not in text
    assert "乡级" in text
    assert "2019年5月<" in text


def test_htmx_gets_the_list_alone(clerk: Client) -> None:
    answer = clerk.get("/assets/?q=冷库", headers={"HX-Request": "true", "HX-Target": "register"})
    assert answer.content.decode().lstrip().startswith('<div id="register">')


def test_an_empty_register_says_so(client: Client, db: None) -> None:
    make.divisions()
    assert "没有符合条件的资产卡片" in login(client, "bureau_clerk").get("/assets/").content.decode()


def test_the_list_takes_as_many_statements_for_ten_cards_as_for_a_thousand(
    clerk: Client, county: dict[str, int], django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clerk.get("/assets/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        clerk.get("/assets/")
    make.register([make.draft(f"椅{n}", owner=county["bureau"], keeper=county["keeper"]) for n in range(1000)])
    with CaptureQueriesContext(connection) as many:
        clerk.get("/assets/")
    assert len(many) <= len(few)


@pytest.mark.parametrize("tab", ["card", "rights", "origin", "books", "trace", "papers"])
def test_every_tab_of_a_card_opens(clerk: Client, county: dict[str, int], tab: str) -> None:
    text = clerk.get(f"/assets/{county['first']}/?tab={tab}").content.decode()
    assert "办公电脑" in text
    if tab == "origin":
        assert "３９８０元" in text


def test_a_card_is_shown_as_of_a_past_day(clerk: Client, county: dict[str, int]) -> None:
    assets.correct(county["first"], {"place": "二楼"}, 1, "核对", actor=make.clerk(), on=date(2020, 4, 1))
    assert "二楼" in clerk.get(f"/assets/{county['first']}/").content.decode()
    then = clerk.get(f"/assets/{county['first']}/?on=2020-03-31").content.decode()
    assert "二楼" not in then
    assert "2020年3月31日" in then
    assert "还没有这张卡片" in clerk.get(f"/assets/{county['first']}/?on=2020-03-01").content.decode()


def values(**changes: object) -> dict[str, object]:
    return {
        "name": "条码打印机", "asset_type": "INDUSTRY", "system": "LOGISTICS", "tier": "COUNTY",
        "division_code": make.TOWN, "unit": "台", "quantity_milli": "2", "unit_price_fen": "1,200.50",
        "cost_fen": "2401", "funding": "central", "acquired": "2019-07", "owner": "偏关县工业和信息化局", **changes,
    }  # fmt: skip


def test_a_card_is_registered_by_hand(clerk: Client, county: dict[str, int]) -> None:
    answer = clerk.post("/assets/new/", values())
    card = Asset.objects.latest("id")
    assert (answer.status_code, answer["Location"]) == (302, f"/assets/{card.pk}/")
    assert (card.cost_fen, card.quantity_milli, card.acquired_on, card.acquired_precision, card.owner_id) == (
        240100, 2000, date(2019, 7, 1), "M", county["bureau"])  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "必填"),
        ({"cost_fen": "2401.5"}, "单价乘以数量不等于原值"),
        ({"cost_fen": "2401.005"}, "小数"),
        ({"owner": "某人"}, "没有这个主体"),
        ({"acquired": "2019-13"}, "日期写作"),
        ({"quantity_milli": "NaN", "unit_price_fen": ""}, "数字"),
    ],
)
def test_a_faulty_card_is_told_at_its_field(clerk: Client, changes: dict, told: str) -> None:
    count = Asset.objects.count()
    answer = clerk.post("/assets/new/", values(**changes))
    assert answer.status_code in (409, 422)
    assert told in answer.content.decode()
    assert Asset.objects.count() == count


def typed(client: Client, card: int, **changes: object) -> dict[str, object]:
    form = client.get(f"/assets/{card}/correct/").context_data if False else None
    assert form is None
    asset = Asset.objects.get(pk=card)
    from mingchan.register.assets.forms import CorrectionForm

    first = {**CorrectionForm.initial_of(asset), "version": asset.version, "reason": "核对实物"}
    fields = CorrectionForm.base_fields
    return {name: fields[name].prepare_value(value) for name, value in first.items() if value is not None} | changes


def test_a_correction_is_saved_and_a_stale_one_shows_both(clerk: Client, county: dict[str, int]) -> None:
    card = county["first"]
    old = typed(clerk, card, name="旧名")
    assert clerk.get(f"/assets/{card}/correct/").status_code == 200
    answer = clerk.post(f"/assets/{card}/correct/", typed(clerk, card, name="办公用电脑", owner="王伟"))
    assert answer.status_code == 302, answer.content.decode()
    now = Asset.objects.get(pk=card)
    assert (now.name, now.owner_id, now.version, now.acquired_on) == (
        "办公用电脑",
        county["keeper"],
        2,
        date(2019, 5, 10),
    )
    answer = clerk.post(f"/assets/{card}/correct/", old)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "办公用电脑" in text
    assert "旧名" in text
    assert Asset.objects.get(pk=card).name == "办公用电脑"


def test_a_lot_is_split_on_its_page(clerk: Client, county: dict[str, int]) -> None:
    card = county["first"]
    assert clerk.get(f"/assets/{card}/split/").status_code == 200
    data = {"version": 1, "reason": "分到站点", "p0-quantity": "1", "p1-quantity": "1", "p1-division_code": make.TOWN}
    assert clerk.post(f"/assets/{card}/split/", {**data, "p1-quantity": "2"}).status_code == 409
    assert clerk.post(f"/assets/{card}/split/", data).status_code == 302
    assert list(Asset.objects.filter(parent_id=card).values_list("cost_fen", "division_code")) == [
        (199000, make.VILLAGE), (199000, make.TOWN)]  # fmt: skip
    assert "拆分出的卡片" in clerk.get(f"/assets/{card}/").content.decode()


def test_chosen_cards_are_changed_together_or_not_at_all(clerk: Client, county: dict[str, int]) -> None:
    first = county["first"]
    data = {
        "selected": [first, first + 1],
        f"version-{first}": 1,
        f"version-{first + 1}": 1,
        "condition": "闲置",
        "reason": "清查",
    }
    assert clerk.get(f"/assets/bulk/?selected={first}").status_code == 200
    assert clerk.post("/assets/bulk/", {**data, f"version-{first + 1}": 7}).status_code == 409
    assert not Asset.objects.filter(condition="闲置").exists()
    assert clerk.post("/assets/bulk/", data).status_code == 302
    assert Asset.objects.filter(condition="闲置").count() == 2


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_plain_workbook_holds_exactly_what_is_filtered_and_no_formula(clerk: Client) -> None:
    content = body(clerk.get("/assets/export/?kind=xlsx&sort=-cost"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["展示冷库", "办公电脑", FORMULA]
    assert [row[12] for row in rows[1:]] == [99000, 3980, 0.01]
    assert (rows[1][13], rows[2][13]) == ("2019-05", "2019-05-10")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} == {
        "s",
        "n",
    }


def test_the_text_table_makes_formulas_inert_and_keeps_numbers(clerk: Client) -> None:
    content = body(clerk.get("/assets/export/?kind=csv&q=cmd")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[1][1] == f"'{FORMULA}"
    assert Decimal(rows[1][12]) == Decimal("0.01")


def test_the_county_form_has_title_unit_subtotals_and_signatures(clerk: Client) -> None:
    content = body(clerk.get("/assets/export/?kind=form"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    flat = [text for row in texts for text in row if text is not None]
    assert "偏关县电子商务示范项目资产台账" in str(texts[0][0])
    assert "单位：元" in flat
    assert (texts[2][6], texts[3][6], texts[3][7]) == ("价值", "单价", "原值")
    assert flat.count("小计") == 3
    total = next(row for row in texts if row[2] == "合计")
    assert (total[5], total[7]) == (4, 102980.01)
    assert any(str(text).startswith("填表人") for text in flat)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_chosen_cards_are_exported_alone(clerk: Client, county: dict[str, int]) -> None:
    content = body(clerk.get(f"/assets/export/?kind=csv&selected={county['first']}")).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(content))][1:] == ["办公电脑"]


def test_the_ledger_by_item_and_year_equals_register_and_books(clerk: Client, county: dict[str, int]) -> None:
    text = clerk.get("/assets/ledger/").content.decode()
    assert "账卡相符" in text
    assert "合计" in text
    assert "102,980.01" in text
    Asset.objects.filter(pk=county["first"]).update(cost_fen=1)
    text = clerk.get("/assets/ledger/").content.decode()
    assert "账卡不符" in text
    assert "不符的资产" in text


def test_a_paper_is_kept_with_its_card(clerk: Client, county: dict[str, int]) -> None:
    file = io.BytesIO(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    file.name = "验收单.pdf"
    url = f"/assets/{county['first']}/papers/"
    assert clerk.post(url, {"file": file, "kind": "ACCEPTANCE"}).status_code == 302
    assert "验收单.pdf" in clerk.get(f"/assets/{county['first']}/?tab=papers").content.decode()


def test_a_card_outside_the_own_scope_is_not_there(client: Client, county: dict[str, int]) -> None:
    town = login(client, "town_keeper", "140932100")
    assert town.get(f"/assets/{county['first']}/").status_code == 404
    assert town.get("/assets/999999999/").status_code == 404
    assert "办公电脑" not in town.get("/assets/").content.decode()
