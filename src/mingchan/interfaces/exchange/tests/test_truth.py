"""Both sample workbooks, imported by the services, equal their truth in every record and field (2.2, 3.1)."""

import json
from collections.abc import Callable
from typing import Any

from mingchan.foundation.ledger import queries as ledger
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.tests.conftest import SAMPLES
from mingchan.interfaces.exchange.tests.truth import paid, registered
from mingchan.register.assets.models import Asset, Origin, Right
from mingchan.register.funding.models import Appropriation

REGISTER = next(SAMPLES.glob("*资产明细表*.xlsx"))
MONEY = next(SAMPLES.glob("*资金投向*.xlsx"))


def truth(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def test_the_register_equals_its_truth(bring_in: Callable[..., Batch]) -> None:
    batch = bring_in(REGISTER, is_sample=True)
    assert batch.state == BatchState.APPLIED, batch.refusal
    expected = truth("资产明细表-truth.json")["sheets"]
    found = registered(batch)
    assert set(found) == set(expected)
    for name, sheet in expected.items():
        assert len(found[name]) == sheet["rows"]
        assert sum(record["quantity"] for record in found[name]) == sheet["quantity"]
        assert sum(record["amount_fen"] for record in found[name]) == sheet["amount_fen"]
        for number, (record, right) in enumerate(zip(found[name], sheet["records"], strict=True)):
            assert record == right, (name, number)


def test_every_card_of_the_register_is_in_the_books_and_every_right_has_a_holder(
    bring_in: Callable[..., Batch],
) -> None:
    batch = bring_in(REGISTER, is_sample=True)
    cards = Asset.objects.filter(source=f"batch:{batch.pk}")
    cost = sum(cards.values_list("cost_fen", flat=True))
    assert cost == batch.result["cost_fen"]
    booked = ledger.balances_by_subject_sum("ASSET_COST")
    assert sum(booked.values() if isinstance(booked, dict) else [fen for _subject, fen in booked]) == cost
    assert Right.objects.filter(asset__in=cards, kind="OWNERSHIP", valid_to=None).count() == cards.count()


def test_a_month_without_a_day_stays_a_month(bring_in: Callable[..., Batch]) -> None:
    batch = bring_in(REGISTER, is_sample=True)
    card = Asset.objects.get(source=f"batch:{batch.pk}", name="电子商务平台软件")
    assert (card.acquired_on.isoformat(), card.acquired_precision) == ("2018-12-01", "M")


def test_every_cell_that_was_changed_keeps_its_original_text(bring_in: Callable[..., Batch]) -> None:
    batch = bring_in(REGISTER, is_sample=True)
    origin = Origin.objects.get(asset__source=f"batch:{batch.pk}", asset__name="LED全彩显示屏")
    assert (origin.sheet.name, origin.row) == ("县级公共服务中心", 5)
    assert "１６８０００．００" in origin.originals


def test_the_money_equals_its_truth(bring_in: Callable[..., Batch]) -> None:
    batch = bring_in(MONEY, is_sample=True)
    assert batch.state == BatchState.APPLIED, batch.refusal
    expected = truth("资金投向-truth.json")
    received = dict(Appropriation.objects.values_list("funding", "amount_fen"))
    assert received == expected["received_fen"]
    items = paid(batch)
    assert items == expected["items"]
    spent: dict[str, int] = {}
    for item in items:
        spent[item["source"]] = spent.get(item["source"], 0) + item["paid_fen"]
    assert spent == expected["spent_fen"]
