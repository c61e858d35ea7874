"""A batch from draft to certificate: three people, one content, nothing half done (2.3, 3.3)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries as assets
from mingchan.register.assets import services as asset_services
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.rights import services
from mingchan.register.rights.choices import State
from mingchan.register.rights.drafts import HolderDraft
from mingchan.register.rights.models import Certificate, Confirmation, Member, Proposed, Step
from mingchan.register.rights.queries import preview
from mingchan.register.rights.services.deciding import Changed
from mingchan.register.rights.tests import factories
from mingchan.register.rights.tests.factories import DAY, People

LATER = DAY + timedelta(days=30)


@pytest.fixture
def people(db: None) -> People:
    return People()


def held(asset: int, kind: str = "OWNERSHIP") -> list[tuple[int, int, int, str]]:
    rights = Right.objects.filter(asset_id=asset, kind=kind, valid_to__isnull=True).order_by("id")
    return list(rights.values_list("party_id", "share_numerator", "share_denominator", "source"))


def test_a_batch_gives_its_assets_their_owner_and_a_certificate(people: People) -> None:
    ids = factories.cards(3)
    batch, issued = factories.approved(people, ids)
    source = f"confirmation:{batch.pk}"
    assert [held(asset) for asset in ids] == [[(factories.bureau(), 1, 1, source)]] * 3
    assert set(Asset.objects.values_list("owner_id", flat=True)) == {factories.bureau()}
    assert batch.state == State.APPROVED
    assert [(one.year, one.number, one.count, one.kinds) for one in issued] == [(2020, 1, 3, "OWNERSHIP 1/1")]
    assert issued[0].cost_fen == 3 * 398000
    acts = list(Step.objects.order_by("id").values_list("act", "account__username"))
    assert acts == [("DRAFTED", "clerk"), ("PROPOSED", "clerk"), ("CHECKED", "reviewer"), ("APPROVED", "head")]
    assert evidence.verify().verdict == "INTACT"


def test_owners_books_hold_what_was_confirmed(people: People) -> None:
    ids = factories.cards(2)
    factories.approved(people, ids)
    found = assets.against_ledger(people.clerk)
    assert found.is_equal
    assert found.register_fen == 2 * 398000
    assert found.unowned_count == 0


def test_several_holders_of_a_right_get_a_certificate_each(people: People) -> None:
    villages = [factories.party(name, "COLLECTIVE") for name in ("西关村", "南关村", "东关村")]
    ids = factories.cards(2)
    holders = [HolderDraft("INCOME", village, 1, 3) for village in villages]
    _batch, issued = factories.approved(people, ids, *holders, HolderDraft("OWNERSHIP", factories.bureau()))
    assert [one.number for one in issued] == [1, 2, 3, 4]
    assert [(party, part, whole) for party, part, whole, _source in held(ids[0], "INCOME")] == [
        (village, 1, 3) for village in villages
    ]
    assert len({one.token for one in issued}) == 4


def test_numbers_of_certificates_have_no_gap_when_an_approval_fails(people: People) -> None:
    factories.approved(people, factories.cards(1))
    batch = factories.checked(people, factories.cards(1))
    with transaction.atomic():
        services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
        assert Certificate.objects.count() == 2
        transaction.set_rollback(True)
    assert Certificate.objects.count() == 1
    _batch, issued = services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
    assert issued[0].number == 2


def test_all_that_a_filter_finds_is_taken_in_few_statements(people: People) -> None:
    factories.cards(5)
    factories.cards(40, division_code="140932101000")
    with CaptureQueriesContext(connection) as asked:
        batch = services.draft(factories.content(), RegisterFilter(division="140932101"), actor=people.maker, on=DAY)
    many = len(asked)
    assert batch.count == 40
    assert batch.division_code == "140932101000"
    with CaptureQueriesContext(connection) as asked:
        services.draft(factories.content(), RegisterFilter(division="140932100"), actor=people.maker, on=DAY)
    assert len(asked) == many


def test_approving_many_takes_as_many_statements_as_a_few(people: People) -> None:
    counts = []
    for size in (3, 60):
        batch = factories.checked(people, factories.cards(size))
        with CaptureQueriesContext(connection) as asked:
            services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2


@pytest.mark.parametrize("step", ["check", "approve"])
def test_nobody_checks_or_approves_his_own_batch(people: People, step: str) -> None:
    both = factories.directory.actor("both", "bureau_clerk", "bureau_reviewer", "bureau_head")
    ids = factories.cards(1)
    batch = services.draft(factories.content(), RegisterFilter(), ids, actor=both, on=DAY)
    batch = services.propose(batch.pk, batch.version, actor=both, on=DAY)
    if step == "approve":
        batch = services.check(batch.pk, batch.version, batch.digest, actor=people.checker, on=DAY)
    with pytest.raises(NotAllowed):
        getattr(services, step)(batch.pk, batch.version, batch.digest, actor=both, on=DAY)
    assert held(ids[0]) == []


def test_the_checker_does_not_approve(people: People) -> None:
    two = factories.directory.actor("two", "bureau_reviewer", "bureau_head")
    batch = factories.proposed(people, factories.cards(1))
    batch = services.check(batch.pk, batch.version, batch.digest, actor=two, on=DAY)
    with pytest.raises(NotAllowed):
        services.approve(batch.pk, batch.version, batch.digest, actor=two, on=DAY)


def test_two_accounts_of_one_person_are_one_person(people: People) -> None:
    batch = factories.proposed(people, factories.cards(1))
    Account.objects.filter(username="reviewer").update(name=people.maker.name)
    with pytest.raises(NotAllowed):
        services.check(batch.pk, batch.version, batch.digest, actor=people.checker, on=DAY)


def test_the_database_refuses_one_person_for_two_steps(people: People) -> None:
    batch = factories.proposed(people, factories.cards(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.filter(pk=batch.pk).update(state="CHECKED", checker_id=batch.maker_id)


def test_the_database_keeps_what_was_proposed(people: People) -> None:
    ids = factories.cards(2)
    batch = factories.proposed(people, ids)
    for act in (
        lambda: Member.objects.filter(confirmation=batch, asset_id=ids[0]).delete(),
        lambda: Member.objects.filter(confirmation=batch).update(cost_fen=1),
        lambda: Member.objects.create(
            confirmation=batch, asset_id=factories.cards(1)[0], version=1, quantity_milli=1, cost_fen=1
        ),
        lambda: Proposed.objects.filter(confirmation=batch).update(party_id=factories.party("别人")),
        lambda: Proposed.objects.filter(confirmation=batch).delete(),
        lambda: Step.objects.filter(confirmation=batch).update(reason="改"),
        lambda: Confirmation.objects.filter(pk=batch.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_database_keeps_what_was_approved_and_issued(people: People) -> None:
    batch, issued = factories.approved(people, factories.cards(1))
    for act in (
        lambda: Confirmation.objects.filter(pk=batch.pk).update(title="别的"),
        lambda: Certificate.objects.filter(pk=issued[0].pk).update(cost_fen=1),
        lambda: Certificate.objects.filter(pk=issued[0].pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_card_changed_since_is_named_and_stops_the_approval(people: People) -> None:
    ids = factories.cards(3)
    batch = factories.checked(people, ids)
    card = Asset.objects.get(pk=ids[1])
    asset_services.correct(card.pk, {"cost_fen": 500000}, card.version, "核对发票", actor=people.clerk, on=DAY)
    with pytest.raises(Changed) as refused:
        services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
    assert [one.code for one in refused.value.cards] == [card.code]
    assert card.code in str(refused.value)
    assert held(ids[0]) == []
    batch = services.give_back(batch.pk, batch.version, "卡片已更正，请重新提出", actor=people.approver, on=DAY)
    batch = services.propose(batch.pk, batch.version, actor=people.maker, on=DAY)
    assert batch.cost_fen == 2 * 398000 + 500000
    batch = services.check(batch.pk, batch.version, batch.digest, actor=people.checker, on=DAY)
    _batch, issued = services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
    assert issued[0].cost_fen == batch.cost_fen


def test_a_card_that_is_gone_must_be_taken_out(people: People) -> None:
    ids = factories.cards(2)
    batch = factories.drafted(people, ids)
    asset_services.withdraw_card(ids[0], "登记错误", actor=people.clerk, on=DAY)
    with pytest.raises(Refusal, match="已撤回"):
        services.propose(batch.pk, batch.version, actor=people.maker, on=DAY)
    assert services.drop_changed(batch.pk, batch.version, actor=people.maker, on=DAY) == 1
    batch.refresh_from_db()
    assert services.propose(batch.pk, batch.version, actor=people.maker, on=DAY).count == 1


def test_an_approval_counts_for_the_content_seen_only(people: People) -> None:
    batch = factories.checked(people, factories.cards(1))
    with pytest.raises(Refusal):
        services.approve(batch.pk, batch.version, "0" * 64, actor=people.approver, on=DAY)
    with pytest.raises(Stale):
        services.approve(batch.pk, batch.version - 1, batch.digest, actor=people.approver, on=DAY)


def test_steps_go_in_order(people: People) -> None:
    batch = factories.drafted(people, factories.cards(1))
    with pytest.raises(Refusal):
        services.check(batch.pk, batch.version, batch.digest, actor=people.checker, on=DAY)
    batch = services.propose(batch.pk, batch.version, actor=people.maker, on=DAY)
    with pytest.raises(Refusal):
        services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
    with pytest.raises(Refusal):
        services.change(batch.pk, factories.content(), batch.version, actor=people.maker, on=DAY)


def test_a_returned_batch_can_be_changed_and_proposed_again(people: People) -> None:
    batch = factories.proposed(people, factories.cards(1))
    with pytest.raises(Refusal, match="退回理由"):
        services.give_back(batch.pk, batch.version, " ", actor=people.checker, on=DAY)
    batch = services.give_back(batch.pk, batch.version, "权利人写错", actor=people.checker, on=DAY)
    other = HolderDraft("OWNERSHIP", factories.party("偏关县财政局"))
    batch = services.change(batch.pk, factories.content(other), batch.version, actor=people.maker, on=DAY)
    assert batch.digest == ""
    assert services.propose(batch.pk, batch.version, actor=people.maker, on=DAY).state == State.PROPOSED


def test_a_batch_is_withdrawn_by_its_maker_only(people: People) -> None:
    batch = factories.proposed(people, factories.cards(1))
    another = factories.directory.actor("another", "bureau_clerk")
    with pytest.raises(NotAllowed):
        services.withdraw(batch.pk, batch.version, "不再需要", actor=another, on=DAY)
    assert services.withdraw(batch.pk, batch.version, "不再需要", actor=people.maker, on=DAY).state == State.WITHDRAWN
    assert evidence.verify().verdict == "INTACT"


def test_the_same_right_waits_in_one_batch_only(people: People) -> None:
    ids = factories.cards(2)
    factories.proposed(people, ids)
    again = factories.drafted(people, ids[:1])
    with pytest.raises(Refusal, match="其他待办批次"):
        services.propose(again.pk, again.version, actor=people.maker, on=DAY)
    use = factories.drafted(people, ids[:1], HolderDraft("USE", factories.bureau()))
    assert services.propose(use.pk, use.version, actor=people.maker, on=DAY).state == State.PROPOSED


@pytest.mark.parametrize(
    ("shares", "words"),
    [([(1, 3), (1, 3)], "之和应等于 1"), ([(2, 3), (2, 3)], "之和应等于 1"), ([(3, 2)], "正分数"), ([], "至少填写")],
)
def test_shares_that_are_not_one_whole_are_refused(people: People, shares: list[tuple[int, int]], words: str) -> None:
    parties = [factories.party(name) for name in ("甲局", "乙局")]
    holders = [HolderDraft("USE", party, *share) for party, share in zip(parties, shares, strict=False)]
    content = factories.content(*holders) if holders else factories.ConfirmationDraft("批次", "依据", ())
    with pytest.raises(Refusal, match=words):
        services.draft(content, RegisterFilter(), factories.cards(1), actor=people.maker, on=DAY)
    assert not Confirmation.objects.exists()


def test_custody_is_not_shared(people: People) -> None:
    holders = [HolderDraft("CUSTODY", factories.party(name, "PERSON"), 1, 2) for name in ("王甲", "王乙")]
    with pytest.raises(Refusal, match="管护责任"):
        factories.drafted(people, factories.cards(1), *holders)


def test_nothing_is_proposed_outside_ones_divisions(people: People) -> None:
    town = factories.directory.actor("townclerk", "bureau_clerk", scope="140932101")
    factories.cards(2)
    with pytest.raises(Refusal, match="没有选到"):
        services.draft(factories.content(), RegisterFilter(), actor=town, on=DAY)
    batch = factories.proposed(people, factories.cards(1))
    far = factories.directory.actor("farreviewer", "bureau_reviewer", scope="140932101")
    with pytest.raises(NotFound):
        services.check(batch.pk, batch.version, batch.digest, actor=far, on=DAY)


def test_a_step_is_a_persons(people: People) -> None:
    system = factories.directory.queries.installer("140932")
    with pytest.raises(NotAllowed):
        services.draft(factories.content(), RegisterFilter(), factories.cards(1), actor=system, on=DAY)


def test_the_preview_says_what_will_change(people: People) -> None:
    finance = factories.party("偏关县财政局")
    owned = factories.cards(2, owner=finance)
    mine = factories.cards(1, owner=factories.bureau())
    free = factories.cards(4)
    batch = factories.drafted(people, [*owned, *mine, *free], HolderDraft("OWNERSHIP", factories.bureau()))
    (found,) = preview.by_kind(batch)
    assert (found.filled, found.replaced, found.kept) == (4, 2, 1)
    assert [(flow.name, flow.count, flow.cost_fen) for flow in found.flows if not flow.is_gap] == [
        ("偏关县财政局", 2, 2 * 398000), ("偏关县工业和信息化局", 1, 398000),
    ]  # fmt: skip
    books = preview.books(batch)
    assert [(book.name, book.leaving, book.entering) for book in books] == [
        ("偏关县工业和信息化局", 0, 6), ("偏关县财政局", 2, 0),
    ]  # fmt: skip


def test_the_paper_is_part_of_what_is_approved(people: People) -> None:
    batch = factories.drafted(people, factories.cards(1))
    batch = services.attach_paper(batch.pk, b"%PDF-1.4 paper", "pifu.pdf", batch.version, actor=people.maker, on=DAY)
    before = services.propose(batch.pk, batch.version, actor=people.maker, on=DAY)
    assert before.document.startswith("attachment:")
    batch = services.check(before.pk, before.version, before.digest, actor=people.checker, on=DAY)
    services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
    assert Right.objects.get(valid_to__isnull=True, kind="OWNERSHIP").document == batch.document


def test_a_raw_edit_of_a_batchs_assets_is_found(people: People) -> None:
    batch, _issued = factories.approved(people, factories.cards(2))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER rights_member_fixed_update")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE rights_member SET cost_fen = 1 WHERE confirmation_id = %s", [batch.pk])
    report = evidence.verify()
    assert report.verdict == "TAMPERED"
    assert [(one.obj, one.field) for one in report.findings] == [(f"confirmation:{batch.pk}", "digest")]


def test_every_card_has_a_record_of_its_confirmation(people: People) -> None:
    ids = factories.cards(2)
    factories.approved(people, ids)
    for asset in ids:
        sentences = [entry.sentence for entry in log.history(Ref("asset", asset))]
        assert any("确认" in sentence and "偏电商组办字〔2020〕1号" in sentence for sentence in sentences)
