"""Later versions of a workbook: each difference shown, the chosen ones applied, one withdrawn (2.2)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.interfaces.exchange import services
from mingchan.interfaces.exchange.choices import BatchState, Difference
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.tests.conftest import ON, line
from mingchan.kernel.errors import Refusal
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset

BringIn = Callable[..., Batch]
Workbook = Callable[..., Path]
ActorOf = Callable[[str], Any]


FIRST = [line(1), line(2, "货架", unit="组"), line(3, "电子秤")]
SECOND = [
    line(1, keeper="王伟", condition="闲置"),
    line(2, "货架", unit="组"),
    line(4, "冷柜", quantity=1, cost=3980),
]


def versions(workbook: Workbook) -> tuple[Path, Path]:
    """A register workbook and its next version: one row changed, one new, one gone."""
    return workbook(FIRST, name="第一版.xlsx"), workbook(SECOND, name="第二版.xlsx")


def entered(batch: Batch, kinds: list[str], clerk: Any) -> Batch:
    """A batch with those kinds of its differences chosen and applied."""
    services.choose_kinds(batch.pk, kinds, actor=clerk, on=ON)
    services.confirm(batch.pk, actor=clerk, on=ON)
    return services.apply(batch.pk, actor=clerk, on=ON)


def counts() -> tuple[int, int, int]:
    """Cards that count, vouchers, and lines: what an import changes."""
    return Asset.objects.filter(status="ACTIVE").count(), Voucher.objects.count(), Line.objects.count()


def test_a_change_left_out_is_shown_again_with_the_next_version(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    bring_in(first)
    entered(bring_in(second), ["ADDED"], clerk)
    batch = bring_in(workbook([*SECOND, line(5, "冰箱", quantity=1, cost=3980, price=3980)], name="第三版.xlsx"))
    found = {(d.kind, d.title): [c["field"] for c in d.changes] for d in batch.differences.all()}
    assert found == {
        ("CHANGED", "台式电脑"): ["condition", "keeper"],
        ("ADDED", "冰箱"): [],
        ("GONE", "电子秤"): [],
    }


def test_what_a_version_corrected_is_corrected_back_when_it_is_withdrawn(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    bring_in(first)
    batch = entered(bring_in(second), ["CHANGED", "ADDED"], clerk)
    services.withdraw(batch.pk, "交错了版本", actor=clerk, on=ON)
    card = Asset.objects.select_related("keeper").get(name="台式电脑")
    assert (card.condition, card.keeper.name) == ("在用", "袁爱珍")
    assert Asset.objects.get(name="冷柜").status == "WITHDRAWN"


def test_a_version_that_would_change_an_operator_is_refused_with_its_row(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    bring_in(workbook([line(1), line(2, "货架")]))
    before = Asset.objects.get(name="货架").operator_id
    batch = bring_in(workbook([line(1), line(2, "货架", operator="另一家公司")], name="第二版.xlsx"))
    assert {(d.kind, tuple(c["field"] for c in d.changes)) for d in batch.differences.all()} == {
        ("CHANGED", ("operator",))
    }
    with pytest.raises(Refusal, match=r"“乡镇村级站点”第 \d+ 行“货架”：.*未经审批不得变更"):
        entered(batch, ["CHANGED"], clerk)
    assert Asset.objects.get(name="货架").operator_id == before


def test_a_version_is_not_withdrawn_over_a_later_correction(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    bring_in(first)
    batch = entered(bring_in(second), ["CHANGED"], clerk)
    card = Asset.objects.get(name="台式电脑")
    assets.correct(card.pk, {"note": "换了位置"}, card.version, "现场核对", actor=clerk, on=ON)
    with pytest.raises(Refusal, match="台式电脑"):
        services.withdraw(batch.pk, "交错了版本", actor=clerk, on=ON)


def test_a_workbook_handed_in_changed_shows_each_difference(bring_in: BringIn, workbook: Workbook) -> None:
    first, second = versions(workbook)
    before = bring_in(first)
    batch = bring_in(second, preview=True)
    assert batch.predecessor_id == before.pk
    found = {(d.kind, d.title): [c["field"] for c in d.changes] for d in batch.differences.all()}
    assert found == {
        (Difference.CHANGED, "台式电脑"): ["condition", "keeper"],
        (Difference.ADDED, "冷柜"): [],
        (Difference.GONE, "电子秤"): [],
    }


def test_only_what_was_chosen_of_a_changed_workbook_is_applied(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    before = bring_in(first)
    batch = bring_in(second, preview=True)
    every = list(batch.differences.values_list("pk", flat=True))
    wanted = list(batch.differences.exclude(kind=Difference.ADDED).values_list("pk", flat=True))
    services.choose_differences(batch.pk, wanted, every, actor=clerk, on=ON)
    services.confirm(batch.pk, actor=clerk, on=ON)
    batch = services.apply(batch.pk, actor=clerk, on=ON)
    assert (batch.result["count"], batch.result["corrected"], batch.result["gone"]) == (0, 1, 1)
    cards = {card.name: card for card in Asset.objects.filter(source=f"batch:{before.pk}").select_related("keeper")}
    assert (cards["台式电脑"].condition, cards["台式电脑"].keeper.name) == ("闲置", "王伟")
    assert cards["电子秤"].status == "WITHDRAWN"
    assert not Asset.objects.filter(name="冷柜").exists()


def test_nothing_chosen_is_nothing_to_apply(actor_of: ActorOf, bring_in: BringIn, workbook: Workbook) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    bring_in(first)
    batch = bring_in(second, preview=True)
    services.choose_differences(batch.pk, [], list(batch.differences.values_list("pk", flat=True)), actor=clerk, on=ON)
    with pytest.raises(Refusal, match="没有选中"):
        services.confirm(batch.pk, actor=clerk, on=ON)


def test_nothing_is_chosen_of_a_next_version_until_somebody_does(bring_in: BringIn, workbook: Workbook) -> None:
    first, second = versions(workbook)
    bring_in(first)
    before = counts()
    batch = bring_in(second)
    assert batch.state == BatchState.READY
    assert not batch.differences.filter(chosen=True).exists()
    assert counts() == before


def test_a_next_version_is_applied_as_far_as_it_is_accepted(bring_in: BringIn, workbook: Workbook) -> None:
    first, second = versions(workbook)
    bring_in(first)
    batch = bring_in(second, accept=("changed", "added"))
    assert (batch.result["count"], batch.result["corrected"], batch.result["gone"]) == (1, 1, 0)


def test_a_third_version_finds_the_cards_of_both_before_it(
    actor_of: ActorOf, bring_in: BringIn, workbook: Workbook
) -> None:
    clerk = actor_of("bureau_clerk")
    first, second = versions(workbook)
    bring_in(first)
    entered(bring_in(second), ["CHANGED", "ADDED"], clerk)
    third = [
        SECOND[0],
        line(2, "货架", unit="组", keeper="李梅"),
        line(4, "冷柜", quantity=1, cost=3980, note="已保修"),
    ]
    batch = bring_in(workbook(third, name="第三版.xlsx"))
    found = {(d.kind, d.title): d.asset_id for d in batch.differences.all()}
    assert set(found) == {("CHANGED", "货架"), ("CHANGED", "冷柜"), ("GONE", "电子秤")}
    assert all(found.values())
    batch = entered(batch, ["CHANGED"], clerk)
    assert Asset.objects.get(pk=found["CHANGED", "冷柜"]).note == "已保修"
