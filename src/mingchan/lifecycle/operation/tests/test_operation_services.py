"""The life of a contract: four parts, four gates, dues, amendment, renewal, end (2.4.2a to 2.4.2c)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.tests import factories as cases
from mingchan.kernel import holds
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.operation import queries, services
from mingchan.lifecycle.operation.drafts import InsuranceDraft, ReturnDraft, StepDraft
from mingchan.lifecycle.operation.models import Charge, Contract, Covered, Edition, ModePeriod
from mingchan.lifecycle.operation.tests import factories as make
from mingchan.register.assets import queries as assets
from mingchan.register.assets import services as splitting
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.models import Asset, Right

pytestmark = pytest.mark.django_db
BEGINS = date(2020, 7, 1)


@pytest.fixture
def staff() -> dict[str, Actor]:
    """One person for each part."""
    return cases.staff()


def intact() -> bool:
    """Whether the verifier finds rows of contracts and cards as the log says."""
    kinds = {protected.kind for protected in (*queries.PROTECTED, *assets.PROTECTED)}
    found = evidence.verify((*queries.PROTECTED, *assets.PROTECTED)).findings
    return not [finding for finding in found if finding.obj.partition(":")[0] in kinds]


def operators(ids: list[int]) -> set[int | None]:
    return set(Asset.objects.filter(pk__in=ids).values_list("operator_id", flat=True))


def test_a_contract_through_its_procedure_lets_the_assets_on_its_first_day(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    ids = make.cards(3)
    contract = make.concluded(make.drafted(ids, staff), staff, pass_notice)
    assert contract.status == "SIGNED"
    assert operators(ids) == {None}
    assert services.by_the_clock(make.COUNTY, on=BEGINS - timedelta(days=1)) == 0
    assert services.by_the_clock(make.COUNTY, on=BEGINS) == 1
    contract.refresh_from_db()
    assert contract.status == "RUNNING"
    assert operators(ids) == {contract.operator_id}
    rights = Right.objects.filter(asset__in=ids, kind="OPERATION", valid_to__isnull=True)
    assert set(rights.values_list("party_id", "valid_from", "basis")) == {
        (contract.operator_id, BEGINS, contract.number)
    }
    assert set(ModePeriod.objects.values_list("asset_id", "mode", "valid_from", "valid_to")) == {
        (key, "LEASE", BEGINS, None) for key in ids
    }
    owed = queries.dues(county=make.COUNTY, until=date(2020, 12, 31))
    assert [(due.key, due.fen) for due in owed] == [
        ("DEPOSIT", 200_000), ("RENT-20200701", 300_000), ("RENT-20201001", 300_000),
    ]  # fmt: skip
    assert intact()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mode": ""}, "经营方式"),
        ({"mode": "FRANCHISE"}, "经营方式"),
        ({"starts_on": None}, "期限"),
        ({"last_day": date(2020, 6, 30)}, "期限"),
        ({"last_day": date(2025, 7, 1)}, "本县规定"),
        ({"last_day": date(2040, 7, 1)}, "二十年"),
        ({"yearly_fen": 0}, "收益分配"),
        ({"share_of": "PROFIT"}, "分成"),
        ({"measures": " "}, "风险防控"),
        ({"steps": (StepDraft(1, 100),)}, "递增"),
    ],
)
def test_a_contract_that_lacks_a_part_says_which(staff: dict[str, Actor], changes: dict, said: str) -> None:
    contract = make.drafted(make.cards(1), staff, **changes)
    with pytest.raises(Refusal, match=said):
        services.submit(contract.pk, contract.version, actor=staff["clerk"], on=make.ON)
    contract.refresh_from_db()
    assert contract.status == "DRAFT"


def test_a_contract_without_assets_is_no_contract(staff: dict[str, Actor]) -> None:
    contract = make.drafted([], staff)
    with pytest.raises(Refusal, match="资产"):
        services.submit(contract.pk, contract.version, actor=staff["clerk"], on=make.ON)


def test_the_database_takes_no_terms_without_a_part(staff: dict[str, Actor]) -> None:
    contract = make.drafted(make.cards(1), staff, measures="")
    edition = Edition.objects.get(contract=contract)
    edition.status = "AGREED"
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(status="SIGNED", signed_on=make.ON)


def test_setting_the_mode_goes_to_the_county_and_a_renewal_does_not(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    ids = make.cards(1)
    contract = make.concluded(make.drafted(ids, staff, last_day=date(2021, 6, 30)), staff, pass_notice)
    assert "county" in {task.node for task in Edition.objects.get(contract=contract).case.tasks.all()}
    services.by_the_clock(make.COUNTY, on=BEGINS)
    following = services.renew(contract.pk, date(2022, 6, 30), actor=staff["clerk"], on=date(2021, 5, 1))
    following = make.concluded(following, staff, pass_notice, on=date(2021, 5, 1))
    assert "county" not in {task.node for task in Edition.objects.get(contract=following).case.tasks.all()}
    assert services.by_the_clock(make.COUNTY, on=date(2021, 7, 1)) == 2
    for row in (contract, following):
        row.refresh_from_db()
    assert (contract.status, following.status) == ("EXPIRED", "RUNNING")
    assert operators(ids) == {contract.operator_id}, "the same operator goes on without a gap"
    assert intact()


def test_parts_of_a_lot_keep_the_mode_that_a_former_contract_set(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    (lot,) = make.cards(1, quantity_milli=3000, unit="台")
    contract = make.concluded(make.drafted([lot], staff, last_day=date(2021, 6, 30)), staff, pass_notice)
    services.by_the_clock(make.COUNTY, on=BEGINS)
    following = services.renew(contract.pk, date(2022, 6, 30), actor=staff["clerk"], on=date(2021, 5, 1))
    make.concluded(following, staff, pass_notice, on=date(2021, 5, 1))
    on = date(2021, 7, 1)
    services.by_the_clock(make.COUNTY, on=on)
    version = Asset.objects.get(pk=lot).version
    parts = splitting.split(lot, [PartDraft(1000), PartDraft(2000)], version, "分到村", actor=staff["clerk"], on=on)
    assert operators(parts) == {contract.operator_id}
    open_modes = ModePeriod.objects.filter(valid_to__isnull=True).values_list("asset_id", "mode", "case")
    former = Edition.objects.get(contract=contract)
    assert set(open_modes) == {(key, former.mode, former.case_id) for key in parts}
    assert intact()


def test_no_asset_is_let_twice(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    ids = make.cards(2)
    first = make.concluded(make.drafted(ids, staff), staff, pass_notice)
    other = make.drafted(ids[1:], staff, operator=make.company("另一家公司"), starts_on=date(2023, 6, 30))
    with pytest.raises(Refusal, match=first.number):
        services.submit(other.pk, other.version, actor=staff["clerk"], on=make.ON)
    row = make.contract(serial=77, starts_on=date(2022, 1, 1), operator=make.company("第三家公司"))
    with pytest.raises(IntegrityError, match="let twice"), transaction.atomic():
        Covered.objects.create(
            contract=row, asset_id=ids[0], starts_on=date(2022, 1, 1), last_day=date(2022, 2, 1), is_let=True
        )
    Covered.objects.create(
        contract=row, asset_id=ids[0], starts_on=date(2023, 7, 1), last_day=date(2024, 2, 1), is_let=True
    )


def test_signing_needs_the_procedure_and_the_very_terms_that_were_decided(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    ids = make.cards(1)
    contract = make.drafted(ids, staff)
    with pytest.raises(Refusal, match="还不能签订"):
        services.sign(contract.pk, make.SIGNED_COPY, version=contract.version, actor=staff["head"], on=make.ON)
    make.decided(contract, staff, pass_notice)
    contract.refresh_from_db()
    with pytest.raises(Refusal, match="上传"):
        services.sign(contract.pk, None, version=contract.version, actor=staff["head"], on=make.ON)
    Edition.objects.filter(contract=contract).update(yearly_fen=1)
    with pytest.raises(Refusal, match="不一致"):
        services.sign(contract.pk, make.SIGNED_COPY, version=contract.version, actor=staff["head"], on=make.ON)


def test_a_revision_begins_the_way_anew(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    contract = make.drafted(make.cards(1), staff)
    case = make.decided(contract, staff, pass_notice)
    contract.refresh_from_db()
    better = make.terms(yearly_fen=1_300_000)
    services.revise(
        contract.pk,
        better,
        reason="异议成立，提高租金",
        version=contract.version,
        actor=staff["clerk"],
        on=make.signing_day(case),
    )
    case.refresh_from_db()
    assert case.round == 2
    assert set(cases.waiting(case)) == {"meeting"}
    assert Edition.objects.get(contract=contract).yearly_fen == 1_300_000


def test_a_refused_contract_is_a_draft_again(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    contract = make.drafted(make.cards(1), staff)
    case = services.submit(contract.pk, contract.version, actor=staff["clerk"], on=make.ON)
    procedures.withdraw(case.pk, reason="条款不全", version=case.version, actor=staff["clerk"], on=make.ON)
    contract.refresh_from_db()
    assert contract.status == "DRAFT"
    assert list(Edition.objects.order_by("number").values_list("status", flat=True)) == ["DROPPED", "DRAFT"]
    assert make.concluded(contract, staff, pass_notice).status == "SIGNED"


def test_an_amendment_keeps_the_former_version_and_changes_what_is_owed(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    contract = make.concluded(make.drafted(make.cards(1), staff), staff, pass_notice)
    services.by_the_clock(make.COUNTY, on=BEGINS)
    on = date(2020, 11, 2)
    given = {"reason": "疫情减免", "actor": staff["clerk"], "on": on}
    with pytest.raises(Refusal, match="缴付期首日"):
        services.amend(contract.pk, make.terms(yearly_fen=600_000), effective_on=date(2021, 2, 1), **given)
    services.amend(contract.pk, make.terms(yearly_fen=600_000), effective_on=date(2021, 1, 1), **given)
    contract = make.concluded(contract, staff, pass_notice, on=on)
    assert (contract.status, contract.edition) == ("RUNNING", 2)
    owed = {due.key: due.fen for due in queries.dues(county=make.COUNTY, until=date(2021, 5, 1))}
    assert owed == {
        "DEPOSIT": 200_000, "RENT-20200701": 300_000, "RENT-20201001": 300_000, "RENT-20210101.2": 150_000,
        "RENT-20210401.2": 150_000,
    }  # fmt: skip
    assert Edition.objects.get(contract=contract, number=1).yearly_fen == 1_200_000
    assert intact()


def test_an_early_end_cuts_the_rent_and_settles_the_deposit(
    staff: dict[str, Actor], pass_notice: make.PassNotice
) -> None:
    ids = make.cards(2)
    contract = make.concluded(make.drafted(ids, staff), staff, pass_notice)
    services.by_the_clock(make.COUNTY, on=BEGINS)
    contract.refresh_from_db()
    on = date(2020, 8, 15)
    given = {"version": contract.version, "actor": staff["head"], "on": on, "reason": "经营者歇业"}
    with pytest.raises(Refusal, match="保证金"):
        services.end(contract.pk, deposit_back_fen=1, **given)
    returns = [ReturnDraft(ids[0], "在用"), ReturnDraft(ids[1], "损坏", "屏幕碎裂")]
    services.end(
        contract.pk, deposit_back_fen=150_000, deposit_kept_fen=50_000, owed_fen=10_000, returns=returns, **given
    )
    contract.refresh_from_db()
    assert (contract.status, contract.ended_on) == ("ENDED", on)
    owed = {due.key: due.fen for due in queries.dues(county=make.COUNTY, until=date(2023, 12, 31))}
    assert owed == {"DEPOSIT": 200_000, "RENT-20200701.E": 150_000, "SETTLEMENT": 10_000}
    assert operators(ids) == {None}
    assert not ModePeriod.objects.filter(valid_to__isnull=True).exists()
    assert set(Covered.objects.values_list("last_day", "condition")) == {(on, "在用"), (on, "损坏")}
    assert not holds.on_things("asset", ids)
    following = make.drafted(ids, staff, operator=make.company("另一家公司"), starts_on=date(2020, 9, 1), on=on)
    following = make.concluded(following, staff, pass_notice, on=on)
    services.by_the_clock(make.COUNTY, on=date(2020, 9, 1))
    assert operators(ids) == {following.operator_id}
    assert intact()


def test_a_contract_in_force_rests_on_its_assets(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    ids = make.cards(2)
    contract = make.concluded(make.drafted(ids[:1], staff), staff, pass_notice)
    found = holds.on_things("asset", ids)
    assert list(found) == ids[:1]
    assert contract.number in found[ids[0]][0].why


def test_a_share_becomes_due_when_the_report_is_accepted(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    shared = {"share_of": "TURNOVER", "share_bp": 1250, "share_every": "QUARTER", "yearly_fen": 0, "deposit_fen": 0}
    contract = make.concluded(make.drafted(make.cards(1), staff, **shared), staff, pass_notice)
    services.by_the_clock(make.COUNTY, on=BEGINS)
    own = replace(
        staff["clerk"], grants=tuple(replace(g, party_id=contract.operator_id, scope="") for g in staff["clerk"].grants)
    )
    on = date(2020, 10, 9)
    given = {"turnover_fen": 999_999, "profit_fen": 1000, "actor": own, "on": on}
    with pytest.raises(Refusal, match="尚未结束"):
        services.report(contract.pk, BEGINS, **{**given, "on": date(2020, 9, 30)})
    row = services.report(contract.pk, BEGINS, **given)
    assert queries.dues(county=make.COUNTY, until=date(2021, 1, 1)) == []
    with pytest.raises(Refusal, match="写明"):
        services.answer(row.pk, accept=False, actor=staff["clerk"], on=on)
    services.answer(row.pk, accept=False, text="缺流水", actor=staff["clerk"], on=on)
    row = services.report(contract.pk, BEGINS, **given)
    services.answer(row.pk, accept=True, actor=staff["clerk"], on=on)
    owed = queries.dues(county=make.COUNTY, until=date(2021, 1, 1))
    assert [(due.key, due.kind, due.fen) for due in owed] == [("SHARE-20200701", "SHARE", 125_000)]
    with pytest.raises(Refusal, match="已经申报"):
        services.report(contract.pk, BEGINS, **given)
    assert intact()


def test_another_operator_finds_no_contract(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    contract = make.concluded(make.drafted(make.cards(1), staff), staff, pass_notice)
    rival = replace(
        staff["clerk"],
        grants=tuple(replace(g, party_id=make.company("别家公司"), scope="") for g in staff["clerk"].grants),
    )
    with pytest.raises(NotFound):
        services.report(contract.pk, BEGINS, turnover_fen=1, profit_fen=1, actor=rival, on=date(2020, 10, 9))


def test_insurance_and_claims(staff: dict[str, Actor], pass_notice: make.PassNotice) -> None:
    ids = make.cards(2)
    contract = make.concluded(make.drafted(ids, staff), staff, pass_notice)
    policy = InsuranceDraft(
        "人保财险偏关支公司", "PICC-2020-1", "财产一切险", 5_000_000, 20_000, BEGINS, date(2021, 6, 30), ids[:1]
    )
    row = services.insure(contract.pk, policy, actor=staff["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="已经登记"):
        services.insure(contract.pk, policy, actor=staff["clerk"], on=make.ON)
    with pytest.raises(Refusal, match="保险期间"):
        services.claim(
            row.pk, happened_on=make.ON, event="水淹", claimed_fen=1, actor=staff["clerk"], on=date(2020, 8, 2)
        )
    loss = services.claim(
        row.pk, happened_on=date(2020, 8, 1), event="暴雨进水", claimed_fen=90_000, actor=staff["clerk"],
        on=date(2020, 8, 2),
    )  # fmt: skip
    with pytest.raises(Refusal, match="赔付"):
        services.close_claim(loss.pk, paid_fen=90_001, actor=staff["clerk"], on=date(2020, 9, 2))
    assert services.close_claim(loss.pk, paid_fen=80_000, actor=staff["clerk"], on=date(2020, 9, 2)).status == "PAID"
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.update(fen=1)
    assert intact()
