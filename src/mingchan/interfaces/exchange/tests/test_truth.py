"""Both sample workbooks, imported by the services, equal their truth in every record and field (2.2, 3.1)."""

import json
from collections.abc import Callable
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.ledger import queries as ledger
from mingchan.interfaces.exchange.choices import BatchState
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.tests.conftest import ON, SAMPLES
from mingchan.register.assets.models import Asset, Origin, Right
from mingchan.register.funding.models import Appropriation, FundUse

REGISTER = next(SAMPLES.glob("*资产明细表*.xlsx"))
MONEY = next(SAMPLES.glob("*资金投向*.xlsx"))


def truth(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def registered(batch: Batch) -> dict[str, list[dict[str, Any]]]:
    """The register's cards of a batch in the form of the truth, by sheet in the order of its rows."""
    resolver = directory.DivisionResolver(batch.county, ON)
    found: dict[str, list[dict[str, Any]]] = {}
    cards = Asset.objects.filter(source=f"batch:{batch.pk}").select_related(
        "site", "owner", "user", "operator", "income_holder", "keeper"
    )
    origins = {origin.asset_id: origin for origin in Origin.objects.filter(asset__in=cards)}
    for card in sorted(cards, key=lambda card: origins[card.pk].row):
        village = resolver.name(card.division_code) if not card.division_code.endswith("000") else None
        found.setdefault(origins[card.pk].sheet, []).append(
            {
                "site": card.site.name,
                "town": resolver.name(card.division_code[:9] + "000"),
                "village": village,
                "name": card.name,
                "model": card.model,
                "unit": card.unit,
                "quantity": card.quantity_milli / 1000,
                "unit_price_fen": card.unit_price_fen,
                "amount_fen": card.cost_fen,
                "source": card.funding,
                "date": card.acquired_on.isoformat(),
                "owner": card.owner.name,
                "user": card.user.name,
                "operator": card.operator.name,
                "income": card.income_holder.name,
                "custodian": card.keeper.name,
                "phone": card.keeper.phone_mask,
                "status": card.condition,
            }
        )
    return found


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
    assert (origin.sheet, origin.row) == ("县级公共服务中心", 5)
    assert "１６８０００．００" in origin.originals


def test_the_money_equals_its_truth(bring_in: Callable[..., Batch]) -> None:
    batch = bring_in(MONEY, is_sample=True)
    assert batch.state == BatchState.APPLIED, batch.refusal
    expected = truth("资金投向-truth.json")
    received = dict(Appropriation.objects.values_list("funding", "amount_fen"))
    assert received == expected["received_fen"]
    uses = FundUse.objects.select_related("line").order_by("id")
    found = [
        {
            "line": use.line.name,
            "source": use.funding,
            "paid_fen": use.paid_fen,
            "asset_fen": use.asset_fen,
            "expense_fen": use.expense_fen,
        }
        for use in uses
    ]
    assert found == expected["items"]
    spent: dict[str, int] = {}
    for use in uses:
        spent[use.funding] = spent.get(use.funding, 0) + use.paid_fen
    assert spent == expected["spent_fen"]
