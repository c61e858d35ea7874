"""Disposals from proposal to remittance, on a real database: what goes on, what is refused, what the books say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from mingchan.foundation.directory.models import Account, Grant
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import queries, services
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item
from mingchan.lifecycle.disposal.queries import performing
from mingchan.lifecycle.disposal.tests import factories as make
from mingchan.register.assets import queries as assets_queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, PartDraft, ShareDraft
from mingchan.register.assets.models import Asset, Right
from mingchan.register.handover import events as handover_events
from mingchan.register.handover.tests import factories as handovers

pytestmark = pytest.mark.usefixtures("sample_county")
CLERK = "bureau_clerk"


def account(code: str) -> int:
    """Balance of an account in fen, debits above credits."""
    lines = Line.objects.filter(account__code=code).values_list("debit_fen", "credit_fen")
    return sum(debit - credit for debit, credit in lines)


def register_equals_books() -> None:
    county = make.actor("audit")
    compared = assets_queries.against_ledger(county)
    assert compared.is_equal, compared
    assert not assets_queries.differences(county)
    assert not list(ledger.faults())


def intact() -> bool:
    return bool(evidence.verify().ok)


def test_a_scrapped_batch_goes_the_whole_road() -> None:
    ids = make.cards(3)
    total = sum(Asset.objects.filter(pk__in=ids).values_list("cost_fen", flat=True))
    made = make.submitted(ids)
    assert (made.state, made.count, made.cost_fen) == ("REVIEW", 3, total)
    assert set(Asset.objects.filter(pk__in=ids).values_list("frozen_by", flat=True)) == {f"disposal:{made.pk}"}
    made = make.approved(made)
    assert made.state == "NOTICE"
    made = make.notice_ends(made)
    assert made.state == "MAY_PROCEED"
    made = make.executed(made)
    assert (made.state, made.executed_on) == ("EXECUTED", make.AFTER)
    assert set(Asset.objects.filter(pk__in=ids).values_list("status", "frozen_by")) == {("DISPOSED", None)}
    assert not Right.objects.filter(asset__in=ids, valid_to__isnull=True).exists()
    assert (account("5301"), account("190201")) == (total, 0)
    register_equals_books()
    made = make.filed(made)
    assert (made.state, Case.objects.get(pk=made.case_id).status) == ("FILED", "APPROVED")
    money = {"actor": make.actor("accountant"), "on": make.AFTER}
    services.receive(made.pk, 30_000, "收1", make.AFTER, **money)
    services.pay(made.pk, "COST", 5_000, "费1", make.AFTER, **money)
    with pytest.raises(Refusal, match="先结清"):
        services.remit(made.pk, 25_000, "缴1", make.AFTER, **money)
    services.close_account(made.pk, **money)
    assert (account("190202"), account("2103")) == (0, -25_000)
    services.remit(made.pk, 20_000, "缴1", make.AFTER, **money)
    assert queries.purse(made).outstanding == 5_000
    with pytest.raises(Refusal, match=r"50\.00"):
        services.remit(made.pk, 5_001, "缴2", make.AFTER, **money)
    services.remit(made.pk, 5_000, "缴2", make.AFTER, **money)
    assert (account("2103"), queries.purse(made).outstanding) == (0, 0)
    assert intact()


@pytest.mark.parametrize("kind", ["SALE", "AUCTION", "SWAP", "DONATION", "DAMAGE", "SCRAP", "TRANSFER"])
def test_after_each_kind_the_books_equal_the_register(kind: str) -> None:
    ids = make.cards(2)
    made = make.executed(make.may_proceed(ids, kind))
    assert made.state == "EXECUTED"
    register_equals_books()
    if kind == "TRANSFER":
        assert set(Asset.objects.filter(pk__in=ids).values_list("status", "owner__name", "frozen_by")) == {
            ("ACTIVE", "新关镇人民政府", None)
        }
        assert Voucher.objects.filter(source=f"disposal:{made.pk}").count() == 2
    else:
        assert set(Asset.objects.filter(pk__in=ids).values_list("status", flat=True)) == {"DISPOSED"}
    assert intact()


def test_a_swap_registers_what_came_in_and_books_gain_and_evening_out() -> None:
    ids = make.cards(1, cost_fen=1_000_000)
    made = make.drafted(ids, "SWAP")
    make.appraised(made, 1_200_000)
    services.submit(made.pk, actor=make.actor(CLERK), on=make.DAY)
    made = make.executed(make.notice_ends(make.approved(made)), price_fen=150_000)
    done = queries.result(made)
    assert done is not None
    assert done.incoming is not None
    assert (done.incoming.cost_fen, done.incoming.acquire_way) == (1_050_000, "置换")
    assert (account("190201"), account("4609"), account("5301")) == (0, -50_000, 0)
    money = {"actor": make.actor("accountant"), "on": make.AFTER}
    services.receive(made.pk, 150_000, "收1", make.AFTER, **money)
    services.close_account(made.pk, **money)
    assert (account("2103"), Disposal.objects.get(pk=made.pk).due_fen) == (-150_000, 150_000)
    register_equals_books()


def test_money_that_is_lost_is_written_off_without_a_card() -> None:
    made = make.executed(make.may_proceed([], "MONETARY"))
    assert (account("5301"), account("1218")) == (500_000, -500_000)
    assert queries.title(made) == "关于货币性资产损失核销 5,000.00 元的方案"


def test_a_transfer_out_of_the_county_leaves_the_register() -> None:
    ids = make.cards(2)
    made = make.executed(make.may_proceed(ids, "TRANSFER", recipient=None, recipient_name="河曲县工信局（示例）"))
    assert made.state == "EXECUTED"
    assert set(Asset.objects.filter(pk__in=ids).values_list("status", flat=True)) == {"DISPOSED"}
    assert account("3401") == made.cost_fen
    register_equals_books()


def test_what_is_missing_is_named_before_the_plan_goes_out() -> None:
    clerk = make.actor(CLERK)
    bare = make.drafted(make.cards(1), "SALE", papers=False)
    with pytest.raises(Refusal, match="须先评估"):
        services.submit(bare.pk, actor=clerk, on=make.DAY)
    make.appraised(bare, 300_000)
    with pytest.raises(Refusal, match="还缺少材料：资产处置方案、单位集体研究会议纪要、资产权属或购置凭证"):
        services.submit(bare.pk, actor=clerk, on=make.DAY)
    scrap = make.drafted(make.cards(1), finding="", papers=False)
    with pytest.raises(Refusal, match="技术鉴定"):
        services.submit(scrap.pk, actor=clerk, on=make.DAY)
    gift = make.drafted(make.cards(1), "DONATION", recipient_name="", papers=False)
    with pytest.raises(Refusal, match="接收单位"):
        services.submit(gift.pk, actor=clerk, on=make.DAY)
    empty = make.drafted([], "SCRAP")
    with pytest.raises(Refusal, match="还没有资产"):
        services.submit(empty.pk, actor=clerk, on=make.DAY)


@pytest.fixture
def well() -> Iterator[set[int]]:
    """Assets that perform well, as somebody above knows."""
    ids: set[int] = set()
    performing.register("test", lambda asked, _on: {key: "2019年度绩效评价“优”" for key in asked if key in ids})
    yield ids
    performing.forget("test")


def test_a_well_performing_asset_needs_a_stated_exception(well: set[int]) -> None:
    ids = make.cards(2)
    well.add(ids[1])
    made = make.drafted(ids)
    with pytest.raises(Refusal, match="台式电脑1（2019年度绩效评价“优”）"):
        services.submit(made.pk, actor=make.actor(CLERK), on=make.DAY)
    services.edit(made.pk, make.head(exception="站点拆迁"), made.version, actor=make.actor(CLERK), on=make.DAY)
    made = services.submit(made.pk, actor=make.actor(CLERK), on=make.DAY)
    assert (made.performs_well, made.performance) == (True, "2019年度绩效评价“优”")
    assert Case.objects.get(pk=made.case_id).facts.count('"well_performing":true') == 1
    assert any("站点拆迁" in text for text in queries.publication(Case.objects.get(pk=made.case_id)).paragraphs)


def test_splitting_does_not_stay_below_the_limit() -> None:
    first = make.submitted(make.cards(2, cost_fen=6_000_000))
    assert (first.split_suspected, first.sum_fen) == (False, first.cost_fen)
    later = make.DAY + timedelta(days=60)
    second = make.submitted(make.cards(2, cost_fen=7_000_000), on=later)
    assert (second.split_suspected, second.sum_fen) == (True, first.cost_fen + second.cost_fen)
    assert [one.pk for one in queries.others_of(second)] == [first.pk]
    make.reviewed(second, later)
    assert set(make.waiting(second)) == {"meeting"}
    far = make.DAY + timedelta(days=200)
    third = make.submitted(make.cards(2, cost_fen=7_000_000), on=far)
    assert (third.split_suspected, third.sum_fen) == (False, third.cost_fen)


def test_a_large_disposal_goes_through_the_countys_meeting_with_its_minutes() -> None:
    made = make.reviewed(make.submitted(make.cards(1, cost_fen=30_000_000)))
    assert set(make.waiting(made)) == {"meeting"}
    with pytest.raises(Refusal, match="材料"):
        make.decide(made, "meeting", "county_government", document_no="1号")
    assert make.approved(made).state == "NOTICE"


def test_frozen_cards_do_not_move_by_any_door() -> None:
    ids = make.cards(2)
    made = make.submitted(ids)
    clerk = make.actor(CLERK)
    card = Asset.objects.get(pk=ids[0])
    with pytest.raises(Refusal, match=r"已冻结.*撤回"):
        assets.correct(card.pk, {"name": "新名"}, card.version, "改", actor=clerk, on=make.DAY)
    with pytest.raises(Refusal, match=made.number):
        assets.split(card.pk, [PartDraft(1000), PartDraft(1000)], card.version, "拆", actor=clerk, on=make.DAY)
    with pytest.raises(assets.Depends) as stopped:
        assets.withdraw(Ref("batch", 1), "错", actor=clerk, on=make.DAY)
    assert "正在办理" in stopped.value.cards[0][3]
    with pytest.raises(Refusal, match="已冻结"):
        assets.move(
            ids, MoveDraft({"USE": (ShareDraft(make.office("finance").pk),)}),
            kind=handover_events.HANDED_OVER, right="asset.correct",
            basis="x", source=Ref("asset", 1), actor=clerk, on=make.DAY,
        )  # fmt: skip
    services.withdraw(made.pk, "不处置了", actor=clerk, on=make.DAY)
    assert assets.correct(card.pk, {"name": "新名"}, card.version, "改", actor=clerk, on=make.DAY) == card.version + 1
    assert intact()


def test_a_handover_under_way_keeps_an_asset_from_being_disposed_of() -> None:
    ids = make.cards(2)
    handovers.drafted(ids)
    with pytest.raises(Refusal, match=r"移交清单.*正在办理"):
        make.drafted(ids)


def test_an_asset_stands_on_one_living_proposal_only() -> None:
    ids = make.cards(2)
    first = make.drafted(ids)
    with pytest.raises(Refusal, match=r"已在其他处置方案中.*台式电脑1"):
        make.drafted(ids[1:])
    services.cancel(first.pk, "重拟", actor=make.actor(CLERK), on=make.DAY)
    assert make.drafted(ids[1:]).count == 1


def test_one_proposal_is_about_one_owner() -> None:
    mine = make.cards(1)
    other = make.cards(1, owner=make.office("town_keeper").pk)
    with pytest.raises(Refusal, match="同一产权单位"):
        make.drafted([*mine, *other])


def test_a_part_of_a_lot_is_split_off_first() -> None:
    lot = make.cards(1, quantity_milli=5000, cost_fen=500_000)[0]
    made = make.drafted([lot])
    part = services.take_part(made.pk, lot, 2000, 1, actor=make.actor(CLERK), on=make.DAY)
    assert list(Item.objects.filter(disposal=made).values_list("asset_id", "quantity_milli", "cost_fen")) == [
        (part, 2000, 200_000)
    ]
    assert Asset.objects.get(pk=lot).status == "SPLIT"
    make.executed(make.notice_ends(make.approved(services.submit(made.pk, actor=make.actor(CLERK), on=make.DAY))))
    assert list(Asset.objects.filter(parent=lot).order_by("code").values_list("status", flat=True)) == [
        "DISPOSED",
        "ACTIVE",
    ]
    register_equals_books()


def test_a_material_change_voids_the_opinions_and_begins_anew() -> None:
    ids = make.cards(3)
    made = make.approved(make.submitted(ids))
    item = Item.objects.get(disposal=made, asset=ids[2])
    before = made.digest
    with pytest.raises(NotAllowed):
        services.amend(made.pk, reason="改", remove=[item.pk], actor=make.actor("bureau_reviewer"), on=make.DAY)
    made = services.amend(made.pk, reason="一项找回", remove=[item.pk], actor=make.actor(CLERK), on=make.DAY)
    made = make.fresh(made)
    assert (made.state, made.count, made.digest != before, made.case.round) == ("REVIEW", 2, True, 2)
    assert len(make.waiting(made)) == 4
    assert Asset.objects.get(pk=ids[2]).frozen_by is None
    with pytest.raises(Refusal, match="审批中"):
        make.executed(made)
    made = make.executed(make.notice_ends(make.approved(made)))
    assert list(Asset.objects.filter(pk__in=ids).order_by("pk").values_list("status", flat=True)) == [
        "DISPOSED", "DISPOSED", "ACTIVE",
    ]  # fmt: skip
    assert intact()


def test_an_upheld_objection_goes_back_to_revision() -> None:
    made = make.notice_ends(make.approved(make.submitted(make.cards(1))), "UPHELD")
    assert (made.state, set(make.waiting(made))) == ("REVIEW", {"revise"})
    with pytest.raises(Refusal, match="审批中"):
        make.executed(made)


def test_a_rejected_plan_lets_the_assets_go() -> None:
    ids = make.cards(1)
    made = make.submitted(ids)
    for node, role in make.REVIEWS[:-1]:
        make.decide(made, node, role)
    make.decide(made, "bureau_review", "bureau_reviewer", "REJECT")
    assert (make.fresh(made).state, Asset.objects.get(pk=ids[0]).frozen_by) == ("REJECTED", None)
    assert make.drafted(ids).count == 1
    assert intact()


def test_a_price_below_nine_tenths_goes_back_to_the_county() -> None:
    made = make.may_proceed(make.cards(1, cost_fen=1_000_000), "SALE")
    clerk, later = make.actor(CLERK), make.AFTER + timedelta(days=10)
    assert queries.floor(made) == 900_000
    with pytest.raises(Refusal, match="再批复"):
        make.executed(made, price_fen=899_999)
    with pytest.raises(Refusal, match="直接成交"):
        services.ask_price(made.pk, 900_000, "某公司", "无人问津", actor=clerk, on=make.AFTER)
    services.ask_price(made.pk, 700_000, "某公司", "两次流拍", actor=clerk, on=make.AFTER)
    made = make.fresh(made)
    assert (made.state, set(make.waiting(made))) == ("REVIEW", {"county"})
    made = make.approved(made, make.AFTER)
    assert (made.state, queries.approved_price(made)) == ("NOTICE", None)
    made = make.notice_ends(made, on=make.AFTER)
    assert (made.state, queries.approved_price(made), queries.floor(made)) == ("MAY_PROCEED", 700_000, 700_000)
    with pytest.raises(Refusal, match="再批复"):
        make.executed(made, later, price_fen=699_999)
    assert make.executed(made, later, price_fen=700_000).state == "EXECUTED"


def test_an_appraisal_that_is_over_stops_the_sale_and_the_old_one_stays() -> None:
    made = make.may_proceed(make.cards(1), "SALE")
    late = date(2021, 3, 10)
    with pytest.raises(Refusal, match="有效期"):
        services.execute(made.pk, make.result("SALE"), [make.paper()], actor=make.actor(CLERK, late), on=late)
    make.appraised(made, 300_000, base_on=late, on=late, report_no="评报字〔2021〕1号")
    made = make.fresh(made)
    assert (made.state, len(make.waiting(made))) == ("REVIEW", 4)
    assert list(Appraisal.objects.order_by("pk").values_list("report_no", "replaced_on")) == [
        ("评报字〔2020〕7号", late),
        ("评报字〔2021〕1号", None),
    ]


def test_results_ask_for_what_their_kind_needs() -> None:
    made = make.may_proceed(make.cards(1), "AUCTION")
    for changes, words in (
        ({"confirmation_no": ""}, "成交确认书"),
        ({"notice_on": date(2020, 3, 15)}, "不足规定天数"),
        ({"other_party": ""}, "受让人"),
        ({"price_fen": 0}, "成交价"),
    ):
        with pytest.raises(Refusal, match=words):
            make.executed(made, **changes)
    with pytest.raises(Refusal, match="附上"):
        services.execute(made.pk, make.result("AUCTION"), [], actor=make.actor(CLERK), on=make.AFTER)


def test_who_recorded_the_result_does_not_settle_its_money() -> None:
    clerk = Account.objects.get(username=CLERK)
    Grant.objects.create(
        account=clerk, role="accountant", scope=make.COUNTY, valid_from=date(2020, 1, 1), basis="x", given_by="x"
    )
    made = make.executed(make.may_proceed(make.cards(1)))
    with pytest.raises(NotAllowed, match="不能登记收支"):
        services.receive(made.pk, 30_000, "收1", make.AFTER, actor=make.actor(CLERK), on=make.AFTER)
    with pytest.raises(NotAllowed):
        services.receive(made.pk, 30_000, "收1", make.AFTER, actor=make.actor("cashier"), on=make.AFTER)
    with pytest.raises(Refusal, match="不能超过"):
        services.receive(made.pk, 30_001, "收1", make.AFTER, actor=make.actor("accountant"), on=make.AFTER)


def test_a_loss_on_costs_is_an_expense_and_what_is_late_is_overdue() -> None:
    accountant: dict[str, Any] = {"actor": make.actor("accountant"), "on": make.AFTER}
    made = make.executed(make.may_proceed(make.cards(1)), price_fen=1_000)
    spent = account("5301")
    services.receive(made.pk, 1_000, "收1", make.AFTER, **accountant)
    services.pay(made.pk, "COST", 1_500, "费1", make.AFTER, **accountant)
    services.close_account(made.pk, **accountant)
    assert (account("5301") - spent, account("190202"), account("2103")) == (500, 0, 0)
    assert (account("7901"), account("8001")) == (500, -500)
    sold = make.executed(make.may_proceed(make.cards(1), "SALE"))
    services.receive(sold.pk, 2_000_000, "收1", make.AFTER, **accountant)
    assert not queries.overdue(make.COUNTY, make.AFTER + timedelta(days=15))
    assert [one.pk for one, _purse in queries.overdue(make.COUNTY, make.AFTER + timedelta(days=16))] == [sold.pk]


def test_nothing_is_carried_out_on_a_day_before_the_notice_ended() -> None:
    made = make.may_proceed(make.cards(1))
    with pytest.raises(Refusal, match="公示结束之前"):
        make.executed(made, make.AFTER - timedelta(days=1))
    assert make.executed(made, make.AFTER).executed_on == make.AFTER


def test_what_was_carried_out_is_not_amended_nor_withdrawn() -> None:
    made = make.executed(make.may_proceed(make.cards(1)))
    clerk = make.actor(CLERK)
    case = Case.objects.get(pk=made.case_id)
    with pytest.raises(Refusal, match="已经实施"):
        procedures.withdraw(case.pk, reason="x", version=case.version, actor=clerk, on=make.AFTER)
    with pytest.raises(Refusal, match="已经实施"):
        procedures.amend(case.pk, reason="x", version=case.version, text="y", actor=clerk, on=make.AFTER)
    with pytest.raises(Refusal, match="已实施"):
        services.withdraw(made.pk, "x", actor=clerk, on=make.AFTER)


def test_amending_the_case_itself_shuts_the_gate() -> None:
    made = make.may_proceed(make.cards(1))
    case = Case.objects.get(pk=made.case_id)
    procedures.amend(case.pk, reason="x", version=case.version, text="y", actor=make.actor(CLERK), on=make.AFTER)
    assert make.fresh(made).state == "REVIEW"
    with pytest.raises(Refusal):
        make.executed(made)


def test_the_register_of_an_earlier_day_still_shows_what_left() -> None:
    ids = make.cards(2)
    later = make.DAY + timedelta(days=30)
    made = make.may_proceed(ids)
    make.executed(made, on=later)
    county = make.actor("audit")
    of = assets_queries.RegisterFilter
    assert assets_queries.count(of(), county) == 0
    assert assets_queries.count(of(as_of=make.DAY + timedelta(days=29)), county) == 2
    assert assets_queries.count(of(status="DISPOSED"), county) == 2
    assert intact()


def test_out_of_sight_is_not_found_and_stale_is_said() -> None:
    made = make.drafted(make.cards(1))
    with pytest.raises(NotFound):
        services.submit(made.pk, actor=make.actor("operator"), on=make.DAY)
    with pytest.raises(NotAllowed):
        services.submit(made.pk, actor=make.actor("audit"), on=make.DAY)
    with pytest.raises(Stale):
        services.edit(made.pk, make.head(), made.version - 1, actor=make.actor(CLERK), on=make.DAY)


def test_the_publication_says_the_plan_and_then_the_result() -> None:
    made = make.approved(make.submitted(make.cards(2), "SALE"))
    plan = queries.publication(Case.objects.get(pk=made.case_id))
    assert (plan.kind, len(plan.rows), plan.subject) == ("DISPOSAL_PLAN", 2, Ref("disposal", made.pk))
    assert any("评估价值：7,960.03 元" in text for text in plan.paragraphs)
    made = make.executed(make.notice_ends(made))
    result = queries.publication(Case.objects.get(pk=made.case_id))
    assert result.kind == "DISPOSAL_RESULT"
    assert any("成交价：20,000.00 元" in text for text in result.paragraphs)
