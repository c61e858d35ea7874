"""Repairs: from the report to acceptance and payment, and what the books and the card say afterwards."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.lifecycle.maintenance import queries, services
from mingchan.lifecycle.maintenance.drafts import AcceptDraft, AssignDraft, FaultDraft, WorkDraft
from mingchan.lifecycle.maintenance.models import Order, Step, Warranty
from mingchan.lifecycle.maintenance.tests.factories import DAY, LATER, cards, keeper
from mingchan.lifecycle.operation import services as operation
from mingchan.lifecycle.operation.models import Claim
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset, FormerCard, FundingShare

pytestmark = pytest.mark.django_db
FAULT = FaultDraft("不能开机", "STOPPED", down_since=DAY)
GOOD = AcceptDraft("试用正常", "PAID", condition="在用")


@pytest.fixture
def who(sample_county):
    return keeper()


def _done(asset, who, *, cost=26_000, nature="KEEP", verdict=GOOD):
    order = services.report(asset, FAULT, condition="损坏", actor=who, on=DAY)
    order = services.assign(order.pk, AssignDraft("维修部"), seen=1, actor=who, on=DAY)
    order = services.repair(order.pk, WorkDraft("更换电源", LATER, cost, nature), seen=2, actor=who, on=LATER)
    return services.accept(order.pk, verdict, seen=3, actor=who, on=LATER)


def _posted(voucher):
    key = int(voucher.removeprefix("voucher:"))
    rows = Line.objects.filter(voucher=key).order_by("id")
    return [(row.account.code, row.debit_fen, row.credit_fen) for row in rows]


def test_a_daily_repair_is_an_expense(who):
    [asset] = cards(1)
    order = _done(asset, who)
    assert (order.state, order.treatment, order.number) == ("ACCEPTED", "EXPENSE", "偏维修〔2020〕1号")
    assert _posted(order.voucher) == [("5001", 26_000, 0), ("1002", 0, 26_000)]
    card = Asset.objects.get(pk=asset)
    assert (card.cost_fen, card.condition) == (400_000, "在用")
    assert list(Step.objects.values_list("act", flat=True)) == ["REPORT", "ASSIGN", "REPAIR", "ACCEPT"]


def test_a_large_improvement_raises_the_cost_of_the_card_from_that_day(who):
    [asset] = cards(1, unit_price_fen=400_000)
    verdict = AcceptDraft("试用正常", "OWED", funding="other", warranty_until=LATER + timedelta(days=90))
    order = _done(asset, who, cost=150_000, nature="IMPROVE", verdict=verdict)
    assert order.treatment == "CAPITAL"
    assert _posted(order.voucher) == [("160102", 150_000, 0), ("2302", 0, 150_000)]
    card = Asset.objects.get(pk=asset)
    assert (card.cost_fen, card.unit_price_fen, card.funding, card.state_since) == (550_000, 550_000, "MIXED", LATER)
    assert dict(FundingShare.objects.filter(asset=asset).values_list("source", "amount_fen")) == {
        "central": 400_000, "other": 150_000,
    }  # fmt: skip
    assert FormerCard.objects.filter(asset=asset, left_on=LATER).get().cost_fen == 400_000
    assets.correct(asset, {"note": "已改造"}, card.version, "补记", actor=who, on=LATER)
    assert Warranty.objects.get().provider == "维修部"
    order = services.pay(order.pk, seen=4, actor=who, on=LATER)
    assert order.paid_on == LATER
    paid = Voucher.objects.get(key=f"maintenance_order:{order.pk}:pay")
    assert _posted(f"voucher:{paid.pk}") == [("2302", 150_000, 0), ("1002", 0, 150_000)]
    with pytest.raises(Refusal, match="没有未付"):
        services.pay(order.pk, seen=5, actor=who, on=LATER)


def test_shares_of_a_mixed_card_stay_equal_to_its_cost(who):
    [asset] = cards(1)
    for number in range(2):
        voucher = assets.add_cost(
            asset, 100_000, right="maintenance.order", credit_role="BANK", funding=("other", "county")[number],
            basis="改造", source=_ref(asset), actor=who, on=LATER,
        )  # fmt: skip
        assert voucher
    assert sum(FundingShare.objects.filter(asset=asset).values_list("amount_fen", flat=True)) == 600_000
    with pytest.raises(Refusal, match="大于零"):
        assets.add_cost(
            asset, 0, right="maintenance.order", credit_role="BANK", funding="", basis="改造", source=_ref(asset),
            actor=who, on=LATER,
        )  # fmt: skip


def _ref(asset):
    from mingchan.kernel.refs import Ref

    return Ref("maintenance_order", asset)


def test_a_repair_under_warranty_costs_nothing(who):
    [asset] = cards(1)
    order = services.report(asset, FAULT, actor=who, on=DAY)
    free = AssignDraft("供应商", by_warranty=True)
    with pytest.raises(Refusal, match="没有有效的保修"):
        services.assign(order.pk, free, seen=1, actor=who, on=DAY)
    services.warrant(asset, "供应商", DAY, LATER, actor=who, on=DAY)
    order = services.assign(order.pk, free, seen=1, actor=who, on=DAY)
    with pytest.raises(Refusal, match="应为零"):
        services.repair(order.pk, WorkDraft("换件", DAY, 1, "KEEP"), seen=2, actor=who, on=DAY)
    order = services.repair(order.pk, WorkDraft("换件", DAY, 0, "KEEP"), seen=2, actor=who, on=DAY)
    order = services.accept(order.pk, AcceptDraft("完好", ""), seen=3, actor=who, on=DAY)
    assert (order.treatment, order.voucher, order.payment) == ("NONE", "", "")


def test_work_that_is_not_good_enough_goes_back(who):
    [asset] = cards(1)
    order = services.report(asset, FAULT, actor=who, on=DAY)
    services.assign(order.pk, AssignDraft("维修部"), seen=1, actor=who, on=DAY)
    services.repair(order.pk, WorkDraft("换件", DAY, 100, "KEEP"), seen=2, actor=who, on=DAY)
    with pytest.raises(Refusal, match="理由"):
        services.send_back(order.pk, " ", seen=3, actor=who, on=DAY)
    order = services.send_back(order.pk, "仍有异响", seen=3, actor=who, on=DAY)
    assert (order.state, order.cost_fen) == ("ASSIGNED", None)


def test_the_order_of_steps_is_kept(who):
    [asset] = cards(1)
    order = services.report(asset, FAULT, actor=who, on=LATER)
    with pytest.raises(Refusal, match="不能验收"):
        services.accept(order.pk, GOOD, seen=1, actor=who, on=LATER)
    with pytest.raises(Stale):
        services.assign(order.pk, AssignDraft("维修部"), seen=9, actor=who, on=LATER)
    with pytest.raises(Refusal, match="早于上一步"):
        services.assign(order.pk, AssignDraft("维修部"), seen=1, actor=who, on=DAY)
    order = services.decline(order.pk, "已无修理价值", seen=1, actor=who, on=LATER)
    assert (order.state, order.closed_on) == ("DECLINED", LATER)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (FaultDraft(" ", "MAJOR"), "故障情况"),
        (FaultDraft("坏了", "x"), "程度"),
        (FaultDraft("坏了", "MAJOR", down_since=LATER), "晚于今天"),
    ],
)
def test_a_report_says_what_is_wrong(who, draft, words):
    with pytest.raises(Refusal, match=words):
        services.report(cards(1)[0], draft, actor=who, on=DAY)


def test_who_is_elsewhere_reports_nothing(who):
    with pytest.raises(NotFound):
        services.report(cards(1)[0], FAULT, actor=keeper("140932100"), on=DAY)


def test_without_an_owner_a_cost_has_no_book(who):
    [asset] = cards(1, owner=None)
    with pytest.raises(Refusal, match="先确权"):
        _done(asset, who)
    assert Order.objects.get().state == "REPAIRED"


def test_warranties_warn_before_they_end(who):
    first, second = cards(2)
    services.warrant(first, "甲", DAY, DAY + timedelta(days=20), actor=who, on=DAY)
    made = services.warrant(second, "乙", DAY, DAY + timedelta(days=200), actor=who, on=DAY)
    assert queries.orders.warranties_ending(who, DAY) == (1, DAY + timedelta(days=20))
    assert queries.in_warranty([first, second], DAY + timedelta(days=100)).keys() == {second}
    with pytest.raises(Refusal, match="原因"):
        services.end_warranty(made.pk, reason="", actor=who, on=DAY)
    services.end_warranty(made.pk, reason="供应商注销", actor=who, on=LATER)
    assert queries.in_warranty([second], LATER) == {}
    with pytest.raises(Refusal, match="早于起日"):
        services.warrant(first, "甲", LATER, DAY, actor=who, on=DAY)


def test_an_insurance_claim_is_linked_when_it_covers_the_asset(who):
    [asset] = cards(1)
    order = services.report(asset, FAULT, actor=who, on=DAY)
    with pytest.raises(Refusal, match="没有这件保险理赔"):
        services.link_claim(order.pk, 1, seen=1, actor=who, on=DAY)
    assert queries.orders.claims_for(asset, "140932") == []
    assert Claim.objects.count() == 0
    assert operation


def _refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_keeps_a_repair_that_is_over(who):
    [asset] = cards(1)
    order = _done(asset, who)
    row = Order.objects.filter(pk=order.pk)
    _refused(lambda: row.update(cost_fen=1))
    _refused(lambda: row.update(what="别的"))
    _refused(lambda: row.update(paid_on=None))
    _refused(lambda: row.delete())
    _refused(lambda: Step.objects.update(text="改"))
    other = services.report(asset, FAULT, actor=who, on=LATER)
    _refused(lambda: Order.objects.filter(pk=other.pk).update(severity="MINOR"))
