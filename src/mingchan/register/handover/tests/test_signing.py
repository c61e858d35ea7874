"""Both sides sign what they saw; the second signature moves everything, or nothing moves (3.3, 2.6.1b, 3.4.1)."""

from datetime import date
from typing import Any

import pytest
from django.db.models import Sum

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as directory_services
from mingchan.foundation.directory.models import Account, Grant, LoginAttempt
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Line as VoucherLine
from mingchan.foundation.ledger.models import Voucher
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset, Right
from mingchan.register.handover import queries, services
from mingchan.register.handover.choices import Resolution, Result, State
from mingchan.register.handover.drafts import TickDraft
from mingchan.register.handover.models import Handover, Line, Signature
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
DAY = make.DAY


def vouchers_of(handover: Handover) -> list[Voucher]:
    return list(ledger.of_source(Ref("handover", handover.pk)).select_related("book"))


def entries(voucher: Voucher) -> dict[str, tuple[int, int]]:
    rows = VoucherLine.objects.filter(voucher=voucher).values("account__code")
    summed = rows.annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    return {row["account__code"]: (row["debit"], row["credit"]) for row in summed}


def holders(asset: int, on: date = DAY) -> dict[str, str]:
    rights = Right.objects.filter(asset_id=asset, valid_to__isnull=True).select_related("party")
    return {right.kind: right.party.name for right in rights}


def test_two_signatures_move_rights_custody_and_books_to_the_fen() -> None:
    ids = make.cards(3)
    done = make.handed_over(ids, due_on=date(2022, 3, 10), organisation=make.office("town_keeper").pk)
    assert (done.state, done.executed_on) == (State.EXECUTED, DAY)
    town = make.office("town_keeper").name
    for asset in ids:
        assert holders(asset) == {"OWNERSHIP": town, "USE": town, "CUSTODY": "董改花"}
    custody = Right.objects.get(asset_id=ids[0], kind="CUSTODY", valid_to__isnull=True)
    assert (custody.organisation, custody.due_on) == (make.office("town_keeper"), date(2022, 3, 10))
    assert custody.source == f"handover:{done.pk}"
    assert custody.basis == f"{done.number}，偏工信字〔2020〕12号（示例）"
    total = queries.sums(done).cost_fen
    assert total == sum(Asset.objects.filter(pk__in=ids).values_list("cost_fen", flat=True))
    given, taken = vouchers_of(done)
    assert (given.book.owner_id, taken.book.owner_id) == (done.from_party_id, done.to_party_id)
    assert given.total_fen == taken.total_fen == total
    assert entries(given) == {"3401": (total, 0), "160106": (0, 398_001), "160102": (0, total - 398_001)}
    assert entries(taken) == {"160106": (398_001, 0), "160102": (total - 398_001, 0), "3401": (0, total)}
    assert not list(ledger.faults())
    assert evidence.verify().ok


def test_a_villages_book_takes_what_the_bureau_gives() -> None:
    village = make.office("village_keeper")
    keeper = make.person("卢三", village.division_code)
    ids = make.cards(2, division=village.division_code)
    made = make.checking(ids, to_party=village.pk, rights=(), keeper=keeper.pk)
    make.tick_all(made, "village_keeper")
    make.sign(made, "TO", "village_keeper")
    make.sign(made, "FROM", "bureau_clerk")
    given, taken = vouchers_of(made)
    assert entries(given)["3401"] == (796_003, 0)
    assert entries(taken) == {"15106": (398_001, 0), "15102": (398_002, 0), "311": (0, 796_003)}


def test_things_from_the_centre_go_to_a_town_under_both_sides_rights() -> None:
    ids = make.cards(1, division=make.CENTRE)
    done = make.handed_over(ids, division_code=make.TOWN, place="政府院内东库")
    card = Asset.objects.get(pk=ids[0])
    assert (card.division_code, card.place, card.owner_id) == (make.TOWN, "政府院内东库", done.to_party_id)


def test_the_order_of_the_sides_is_free_and_one_signature_moves_nothing() -> None:
    ids = make.cards(1)
    made = make.ticked(ids)
    assert not make.sign(made, "TO", "town_keeper").is_executed
    made.refresh_from_db()
    assert made.state == State.SIGNING
    assert Asset.objects.get(pk=ids[0]).owner_id == made.from_party_id
    assert not vouchers_of(made)
    signed = make.sign(made, "FROM", "bureau_head")
    assert signed.is_executed
    assert len(signed.voucher_ids) == 2


def test_custody_passes_between_persons_and_the_owner_stays() -> None:
    one, other = make.person("王改花"), make.person("李二小")
    ids = make.cards(2, keeper=one.pk)
    made = make.ticked(
        ids, kind="CUSTODY", from_party=one.pk, to_party=other.pk, rights=(), keeper=None,
        from_office=make.office("bureau_clerk").pk,
    )  # fmt: skip
    make.sign(made, "FROM", "bureau_clerk")
    make.sign(made, "TO", "town_keeper")
    assert holders(ids[0])["CUSTODY"] == "李二小"
    assert Asset.objects.get(pk=ids[1]).owner == make.office("bureau_clerk")
    assert not vouchers_of(made)


def test_what_was_found_goes_on_the_card_and_what_was_left_out_stays() -> None:
    keeper = make.actor("town_keeper")
    ids = make.cards(3)
    made = make.checking(ids)
    first, second, third = Line.objects.filter(handover=made).order_by("line_no")
    services.tick(made.pk, first.pk, TickDraft(Result.DIFFERS, "损坏"), actor=keeper, on=DAY)
    services.resolve(made.pk, first.pk, Resolution.ACCEPTED, "已报修", actor=keeper, on=DAY)
    services.tick(made.pk, second.pk, TickDraft(Result.NOT_FOUND), actor=keeper, on=DAY)
    services.resolve(made.pk, second.pk, Resolution.LEFT_OUT, "另行追查", actor=keeper, on=DAY)
    services.tick(made.pk, third.pk, TickDraft(Result.MATCHES), actor=keeper, on=DAY)
    make.sign(made, "FROM", "bureau_clerk")
    make.sign(made, "TO", "town_keeper")
    cards = {card.pk: card for card in Asset.objects.filter(pk__in=ids)}
    assert [cards[pk].condition for pk in ids] == ["损坏", "在用", "在用"]
    assert [cards[pk].owner_id for pk in ids] == [made.to_party_id, made.from_party_id, made.to_party_id]
    assert vouchers_of(made)[0].total_fen == 398_001 + 398_003
    assert make.drafted([ids[1]]).state == State.DRAFT
    assert evidence.verify().ok


@pytest.mark.parametrize(
    ("side", "role"),
    [("TO", "bureau_clerk"), ("TO", "bureau_head"), ("FROM", "town_keeper"), ("FROM", "agriculture")],
)
def test_an_office_signs_for_its_own_side_only(side: str, role: str) -> None:
    made = make.ticked(make.cards(1))
    with pytest.raises(NotAllowed, match="只有这一方单位的账号"):
        make.sign(made, side, role)
    assert not Signature.objects.exists()


def test_those_without_the_right_sign_nothing() -> None:
    made = make.ticked(make.cards(1))
    for role in ("bureau_reviewer", "accountant", "audit"):
        with pytest.raises(NotAllowed):
            make.sign(made, "FROM", role)


def test_one_account_never_signs_for_both_sides_of_one_office() -> None:
    bureau = make.office("bureau_clerk")
    one, other = make.person("王改花"), make.person("李二小")
    made = make.ticked(
        make.cards(1, keeper=one.pk), kind="CUSTODY", from_party=one.pk, to_party=other.pk, rights=(), keeper=None,
        from_office=bureau.pk, to_office=bureau.pk,
    )  # fmt: skip
    make.sign(made, "FROM", "bureau_clerk")
    with pytest.raises(NotAllowed, match="同一个人不能为双方签署"):
        make.sign(made, "TO", "bureau_clerk")
    assert make.sign(made, "TO", "bureau_head").is_executed


def test_who_signed_and_took_it_back_does_not_sign_the_other_side() -> None:
    bureau = make.office("bureau_clerk")
    one, other = make.person("王改花"), make.person("李二小")
    made = make.ticked(
        make.cards(1, keeper=one.pk), kind="CUSTODY", from_party=one.pk, to_party=other.pk, rights=(), keeper=None,
        from_office=bureau.pk, to_office=bureau.pk,
    )  # fmt: skip
    make.sign(made, "FROM", "bureau_clerk")
    services.retract(made.pk, "核对后再签", actor=make.actor("bureau_clerk"), on=DAY)
    with pytest.raises(NotAllowed, match="同一个人不能为双方签署"):
        make.sign(made, "TO", "bureau_clerk")


def test_a_person_with_an_account_signs_in_person() -> None:
    head = Account.objects.get(username="bureau_head")
    leaver, successor = make.person(head.name), make.person("李二小")
    bureau = make.office("bureau_clerk")
    made = make.ticked(
        make.cards(1, keeper=leaver.pk), kind="CUSTODY", from_party=leaver.pk, to_party=successor.pk, rights=(),
        keeper=None, from_office=bureau.pk, to_office=bureau.pk,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="须由本人签署"):
        make.sign(made, "FROM", "bureau_clerk")
    with pytest.raises(NotAllowed, match="对方本人不能为这一方签署"):
        make.sign(made, "TO", "bureau_head")
    make.sign(made, "FROM", "bureau_head")
    assert make.sign(made, "TO", "bureau_clerk").is_executed


def test_a_wrong_password_signs_nothing_and_locks_in_the_end() -> None:
    made = make.ticked(make.cards(1))
    for _attempt in range(5):
        with pytest.raises(Refusal, match="口令不对"):
            make.sign(made, "FROM", "bureau_clerk", password="x")
    assert LoginAttempt.objects.filter(username="bureau_clerk").count() == 5
    assert Record.objects.filter(act="directory.login.refused").count() == 5
    with pytest.raises(Refusal, match="已锁定"):
        make.sign(made, "FROM", "bureau_clerk")
    assert not Signature.objects.exists()


def test_a_list_that_is_not_ready_is_not_signed() -> None:
    made = make.checking(make.cards(2))
    with pytest.raises(Refusal, match="还有资产没有清点"):
        make.sign(made, "FROM", "bureau_clerk")
    line = Line.objects.filter(handover=made).first()
    assert line is not None
    make.tick_all(made)
    services.tick(made.pk, line.pk, TickDraft(Result.NOT_FOUND), actor=make.actor("town_keeper"), on=DAY)
    with pytest.raises(Refusal, match="还有清点差异没有处理"):
        make.sign(made, "FROM", "bureau_clerk")
    services.resolve(made.pk, line.pk, Resolution.LEFT_OUT, "追查", actor=make.actor("town_keeper"), on=DAY)
    with pytest.raises(Refusal, match="请重新核对后再签署"):
        make.sign(made, "FROM", "bureau_clerk", seen="0" * 64)


def test_a_changed_card_is_named_with_what_to_do() -> None:
    ids = make.cards(2)
    made = make.ticked(ids)
    make.sign(made, "FROM", "bureau_clerk")
    card = Asset.objects.get(pk=ids[0])
    assets.correct(ids[0], {"name": "双层货架"}, card.version, "更名", actor=make.actor("bureau_clerk"), on=DAY)
    with pytest.raises(Refusal, match="按最新卡片更新") as refused:
        make.sign(made, "TO", "town_keeper")
    assert card.code in str(refused.value)
    assert Asset.objects.get(pk=ids[1]).owner_id == made.from_party_id
    assert Signature.objects.filter(voided_on__isnull=True).count() == 1


def _edit(made: Handover) -> None:
    head = make.head(reason="另有事由")
    services.edit(made.pk, head, made.version, actor=make.actor("bureau_clerk"), on=DAY)


def _add(made: Handover) -> None:
    services.add_assets(made.pk, make.cards(1), actor=make.actor("bureau_clerk"), on=DAY)


def _tick(made: Handover) -> None:
    line = Line.objects.filter(handover=made).order_by("line_no").first()
    assert line is not None
    services.tick(made.pk, line.pk, TickDraft(Result.MATCHES), actor=make.actor("town_keeper"), on=DAY)


def _leave_out(made: Handover) -> None:
    line = Line.objects.filter(handover=made).order_by("line_no").first()
    assert line is not None
    services.resolve(made.pk, line.pk, Resolution.LEFT_OUT, "暂缓", actor=make.actor("bureau_clerk"), on=DAY)


def _paper(made: Handover) -> None:
    services.attach_paper(made.pk, b"%PDF-1.4\n%%EOF\n", "批复.pdf", actor=make.actor("bureau_clerk"), on=DAY)


@pytest.mark.parametrize("change", [_edit, _add, _tick, _leave_out, _paper])
def test_a_change_after_the_first_signature_voids_it_visibly(change: Any) -> None:
    made = make.ticked(make.cards(2))
    make.sign(made, "FROM", "bureau_clerk")
    made.refresh_from_db()
    seen = queries.content_digest(made)
    change(made)
    made.refresh_from_db()
    assert made.state == State.CHECKING
    (signature,) = Signature.objects.all()
    assert (signature.voided_on, signature.digest) == (DAY, seen)
    assert signature.void_reason
    assert Record.objects.filter(act="handover.signature.voided").count() == 1
    if change is _add:
        make.tick_all(made)
    stale = "0" * 64 if change is _tick else seen  # a tick that finds the same leaves the content as it was
    with pytest.raises(Refusal, match="请重新核对"):
        make.sign(made, "TO", "town_keeper", seen=stale)
    make.sign(made, "TO", "town_keeper")
    assert make.sign(made, "FROM", "bureau_clerk").is_executed
    assert evidence.verify().ok


def test_a_signature_is_taken_back_by_its_own_side() -> None:
    made = make.ticked(make.cards(1))
    make.sign(made, "FROM", "bureau_clerk")
    with pytest.raises(NotAllowed):
        services.retract(made.pk, "不", actor=make.actor("town_keeper"), on=DAY)
    with pytest.raises(Refusal, match="请写明原因"):
        services.retract(made.pk, "", actor=make.actor("bureau_head"), on=DAY)
    assert services.retract(made.pk, "金额待核", actor=make.actor("bureau_head"), on=DAY).state == State.CHECKING


def test_a_right_taken_from_the_first_signer_no_longer_carries() -> None:
    ids = make.cards(1, division=make.CENTRE)
    made = make.ticked(ids)
    make.sign(made, "FROM", "bureau_clerk")
    grant = Grant.objects.get(account__username="bureau_clerk")
    security = directory.installer(make.COUNTY)
    directory_services.end_grant(grant.pk, "调离", actor=security, on=DAY)
    with pytest.raises(Refusal):
        make.sign(made, "TO", "town_keeper")
    assert Asset.objects.get(pk=ids[0]).owner_id == made.from_party_id
    assert Signature.objects.filter(handover=made).count() == 1


def test_what_the_register_refuses_leaves_nothing_behind() -> None:
    ids = make.cards(2)
    made = make.ticked(ids)
    make.sign(made, "FROM", "bureau_clerk")
    before = Voucher.objects.count(), Record.objects.count()
    with pytest.raises(Refusal):
        make.sign(made, "TO", "town_keeper", on=date(2020, 2, 20))
    made.refresh_from_db()
    assert made.state == State.SIGNING
    assert (Voucher.objects.count(), Record.objects.count()) == before
    assert Signature.objects.filter(handover=made).count() == 1
