"""What hangs on a card is protected with it: its origin, its former states; a raw edit is found and named."""

from datetime import date

import pytest
from django.db import connection

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import document
from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import OriginDraft, PartDraft
from mingchan.register.assets.models import Asset, FormerCard, Origin, OriginSheet
from mingchan.register.assets.services.rows import whole
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(db: None) -> dict[str, int]:
    """A card corrected twice, a lot that was split, a card that was withdrawn; all but one read from a sheet."""
    make.divisions()
    bureau = make.party("偏关县工业和信息化局")
    origin = OriginDraft("村级站点", 9, {"cost_fen": "３９８０元"}, {"cost_fen": "G"})
    done = make.register(
        [
            make.draft("电脑", owner=bureau, origin=origin),
            make.draft("货架", owner=bureau, quantity_milli=2000, origin=origin._replace(row=None, originals=None)),
            make.draft("椅子", owner=bureau, origin=origin._replace(sheet="乡级站点", columns=None)),
            make.draft("桌子"),
        ]
    )
    first = done.first_id
    actor = make.clerk()
    assets.correct(first, {"cost_fen": 400000}, 1, "核对", actor=actor, on=date(2020, 4, 1))
    assets.correct(first, {"cost_fen": 390000}, 2, "核对", actor=actor, on=date(2020, 5, 1))
    assets.split(first + 1, [PartDraft(1000)] * 2, 1, "分开", actor=actor, on=date(2020, 4, 1))
    assets.withdraw_card(first + 2, "登记有误", actor=actor, on=date(2020, 4, 1))
    return {"card": first, "lot": first + 1, "withdrawn": first + 2}


def test_an_honest_history_is_intact_and_read_back_as_it_was_written(cards: dict[str, int]) -> None:
    report = evidence.verify(queries.PROTECTED)
    assert (report.ok, list(report.findings)) == (True, [])
    assert (Origin.objects.count(), OriginSheet.objects.count(), FormerCard.objects.count()) == (3, 2, 4)
    protected = next(item for item in queries.PROTECTED if item.model is Asset)
    for card in Asset.objects.all():
        assert document(protected, card) == whole(card.pk)


@pytest.mark.parametrize(
    ("statement", "kind", "field"),
    [
        ("UPDATE assets_origin SET originals = '{}' WHERE asset_id = %s", "card", "origin[0].originals"),
        ("UPDATE assets_origin SET \"row\" = 10 WHERE asset_id = %s", "card", "origin[0].row"),
        ("DELETE FROM assets_origin WHERE asset_id = %s", "card", "origin[0]"),
        ("UPDATE assets_formercard SET cost_fen = 1 WHERE asset_id = %s AND left_on = '2020-05-01'", "card",
         "former[1].cost_fen"),
        ("DELETE FROM assets_formercard WHERE asset_id = %s", "lot", "former[0]"),
        ("UPDATE assets_formercard SET left_on = '2020-06-01' WHERE asset_id = %s", "withdrawn", "former[0].left_on"),
    ],
)  # fmt: skip
def test_a_raw_edit_of_what_hangs_on_a_card_is_found_and_named(
    cards: dict[str, int], statement: str, kind: str, field: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [cards[kind]])
    found = {(finding.obj, finding.field) for finding in evidence.verify(queries.PROTECTED).findings}
    assert found == {(f"asset:{cards[kind]}", field)}


def test_a_raw_edit_of_a_sheet_is_found_and_named(cards: dict[str, int]) -> None:
    sheet = OriginSheet.objects.get(name="村级站点")
    OriginSheet.objects.filter(pk=sheet.pk).update(name="县级站点", columns={"cost_fen": "H"})
    found = {(finding.obj, finding.field) for finding in evidence.verify(queries.PROTECTED).findings}
    assert found == {(f"sheet:{sheet.pk}", "name"), (f"sheet:{sheet.pk}", "columns")}
