"""By no door does an operator or a mode change without its finished procedure (2.4.2b): services, doors, raw SQL."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.tests import factories as cases
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import services
from mingchan.lifecycle.operation.models import Change, ModePeriod
from mingchan.lifecycle.operation.services import changing
from mingchan.lifecycle.operation.tests import factories as make
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, PartDraft, ShareDraft
from mingchan.register.assets.models import Asset, Permit, Right
from mingchan.register.rights import events as rights_events

ON = date(2020, 6, 1)
RIGHTS = frozenset({"asset.view", "asset.correct", "asset.split", "right.approve", "ledger.post", "ledger.view"})
CLERK = Actor(None, "经办人", make.COUNTY, (Grant("bureau_clerk", make.COUNTY, RIGHTS),), source="test")


def move(asset: int, parties: tuple[int, ...], on: date = ON) -> None:
    """As a confirmation of rights or any other context moves a card."""
    shares = tuple(ShareDraft(party, 1, len(parties)) for party in parties)
    assets.move(
        [asset], MoveDraft(holders={"OPERATION": shares}), kind=rights_events.CONFIRMED, right="right.approve",
        basis="批复", source=Ref("confirmation", 1), actor=CLERK, on=on,
    )  # fmt: skip


def correct(asset: int, party: int | None, on: date = ON) -> None:
    """As the card's page, a later workbook or a survey corrects it."""
    version = Asset.objects.get(pk=asset).version
    assets.correct(asset, {"operator_id": party}, version, "更正", actor=CLERK, on=on)


def agreed(kind: str, ids: list[int], *, on: date = ON, number: int = 1, **new: Any) -> Change:
    """A change whose case ended in the affirmative, as rows, with what follows from it."""
    clerk = cases.account("clerk", "bureau_clerk")
    code = {"OPERATOR": "operator_change", "MODE": "mode_change"}[kind]
    case = Case.objects.create(
        county=make.COUNTY, division_code=make.VILLAGE, year=2020, number=5000 + number, code=code, content="",
        content_digest="0" * 64, title="变更", drafter=clerk, office_id=clerk.office_id, run="", run_digest="0" * 64,
        opened_on=on,
    )  # fmt: skip
    change = Change.objects.create(
        county=make.COUNTY, division_code=make.VILLAGE, kind=kind, reason="无起色", case=case, proposed_on=on,
        proposed_by="经办人", **new,
    )  # fmt: skip
    changing.Changed.objects.bulk_create(changing.Changed(change=change, asset_id=key) for key in ids)
    Case.objects.filter(pk=case.pk).update(status="APPROVED", ended_on=on)
    case.refresh_from_db()
    changing.on_approved(case, CLERK, on)
    change.refresh_from_db()
    return change


@pytest.mark.django_db
def test_the_first_operator_is_the_starting_state_and_every_other_needs_a_case() -> None:
    one, two = make.company("甲公司"), make.company("乙公司")
    (asset,) = make.cards(1)
    correct(asset, one)
    for door in (lambda: correct(asset, two), lambda: move(asset, (two,)), lambda: correct(asset, None)):
        with pytest.raises(Refusal, match="未经审批"):
            door()
    with pytest.raises(Refusal, match="未经审批"):
        move(asset, (one, two))
    with pytest.raises(Refusal, match="未经审批"):
        move(asset, ())
    move(asset, (one,))
    agreed("OPERATOR", [asset], operator_id=two)
    assert Asset.objects.get(pk=asset).operator_id == two
    with pytest.raises(Refusal, match="未经审批"):
        correct(asset, one)


@pytest.mark.django_db
def test_a_stated_operator_of_an_import_counts_too() -> None:
    (asset,) = make.cards(1, operator=make.company("甲公司"))
    with pytest.raises(Refusal, match="未经审批"):
        move(asset, (make.company("乙公司"),), date(2020, 7, 1))


@pytest.mark.django_db
def test_a_permit_is_for_one_card_one_operator_and_one_time() -> None:
    one, two, three = make.company("甲公司"), make.company("乙公司"), make.company("丙公司")
    asset, other = make.cards(2, operator=one)
    change = agreed("OPERATOR", [asset], operator_id=two)
    assert (change.status, Asset.objects.get(pk=asset).operator_id) == ("DONE", two)
    for target, party in ((other, two), (asset, three), (asset, one)):
        with pytest.raises(Refusal, match="未经审批"):
            correct(target, party)
    agreed("OPERATOR", [asset], operator_id=one, number=2)
    with pytest.raises(Refusal, match="未经审批"):
        correct(asset, two)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assets_asset SET operator_id = %(two)s WHERE id = %(asset)s",
        "UPDATE assets_asset SET operator_id = NULL WHERE id = %(asset)s",
        "UPDATE assets_asset SET operator_id = %(two)s, version = version + 1 WHERE id = %(asset)s",
        "INSERT INTO assets_permit (asset_id, party_id, case_id, division_code, given_on, used_on, used_version)"
        " VALUES (%(asset)s, %(two)s, %(running)s, '', '2020-06-01', NULL, NULL)",
        "INSERT INTO assets_permit (asset_id, party_id, case_id, division_code, given_on, used_on, used_version)"
        " VALUES (%(asset)s, %(two)s, %(agreed)s, '', '2020-06-01', NULL, NULL)",
        "INSERT INTO operation_modeperiod (county, asset_id, mode, valid_from, case_id)"
        " VALUES ('140932', %(asset)s, 'LEASE', '2020-06-01', %(agreed)s)",
        "INSERT INTO operation_modeperiod (county, asset_id, mode, valid_from, case_id)"
        " VALUES ('140932', %(asset)s, 'LEASE', '2020-06-01', %(running)s)",
        "UPDATE assets_permit SET party_id = %(one)s",
        "UPDATE assets_permit SET used_version = NULL, used_on = NULL",
        "DELETE FROM assets_permit",
    ],
)
def test_the_database_refuses_whoever_writes_past_the_services(statement: str) -> None:
    one, two = make.company("甲公司"), make.company("乙公司")
    asset, other = make.cards(2, operator=one)
    done = agreed("OPERATOR", [other], operator_id=two)
    clerk = cases.account("clerk", "bureau_clerk")
    running = Case.objects.create(
        county=make.COUNTY, division_code=make.VILLAGE, year=2020, number=77, code="operator_change", content="",
        content_digest="0" * 64, title="变更", drafter=clerk, office_id=clerk.office_id, run="", run_digest="0" * 64,
        opened_on=ON,
    )  # fmt: skip
    values = {"asset": asset, "one": one, "two": two, "running": running.pk, "agreed": done.case_id}
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_the_right_of_another_operator_is_refused_by_the_database_too() -> None:
    one, two = make.company("甲公司"), make.company("乙公司")
    (asset,) = make.cards(1, operator=one)
    Right.objects.filter(asset=asset, kind="OPERATION").update(valid_to=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Right.objects.create(asset_id=asset, kind="OPERATION", party_id=two, valid_from=ON)


@pytest.mark.django_db
def test_a_mode_is_dated_and_changes_by_its_case() -> None:
    (asset,) = make.cards(1)
    agreed("MODE", [asset], mode="SELF")
    later = ON + timedelta(days=30)
    agreed("MODE", [asset], mode="LEASE", on=later, number=2)
    assert list(ModePeriod.objects.order_by("id").values_list("mode", "valid_from", "valid_to")) == [
        ("SELF", ON, later), ("LEASE", later, None),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ModePeriod.objects.filter(mode="SELF").update(mode="JOINT")


@pytest.mark.django_db
def test_an_approved_change_waits_for_the_end_of_the_contract_in_its_way(pass_notice: make.PassNotice) -> None:
    staff = cases.staff()
    ids = make.cards(1)
    contract = make.concluded(make.drafted(ids, staff), staff, pass_notice)
    services.by_the_clock(make.COUNTY, on=date(2020, 7, 1))
    contract.refresh_from_db()
    other, on = make.company("乙公司"), date(2020, 8, 1)
    change = agreed("OPERATOR", ids, operator_id=other, on=on)
    assert change.status == "APPROVED"
    with pytest.raises(Refusal, match=contract.number):
        services.carry_out(change.pk, actor=staff["head"], on=on)
    services.end(
        contract.pk, reason="变更经营者", deposit_back_fen=200_000, version=contract.version, actor=staff["head"], on=on
    )
    services.carry_out(change.pk, actor=staff["head"], on=on)
    assert Asset.objects.get(pk=ids[0]).operator_id == other


@pytest.mark.django_db
def test_parts_of_a_lot_keep_its_operator_and_mode() -> None:
    one = make.company("甲公司")
    (lot,) = make.cards(1, operator=one, quantity_milli=3000, unit="台")
    agreed("MODE", [lot], mode="LEASE")
    parts = assets.split(
        lot, [PartDraft(1000), PartDraft(2000)], Asset.objects.get(pk=lot).version, "分开", actor=CLERK, on=ON
    )
    assert set(Asset.objects.filter(pk__in=parts).values_list("operator_id", flat=True)) == {one}
    open_modes = ModePeriod.objects.filter(valid_to__isnull=True).values_list("asset_id", "mode")
    assert set(open_modes) == {(key, "LEASE") for key in parts}
    with pytest.raises(Refusal, match="未经审批"):
        correct(parts[0], make.company("乙公司"))


class Doors(RuleBasedStateMachine):
    """Every door in any order: what may be is kept in a model that knows of cases only."""

    def __init__(self) -> None:
        super().__init__()
        self.parties = [make.company(f"第{number}公司") for number in range(3)]
        self.cards = make.cards(2)
        self.shown: dict[int, int | None] = dict.fromkeys(self.cards)
        self.begun: set[int] = set()
        self.number = 0
        self.day = ON

    def _try(self, door: Callable[[], None], card: int, party: int | None) -> None:
        free = card not in self.begun or party == self.shown[card]
        said = ""
        try:
            with transaction.atomic():
                door()
        except Refusal as refusal:
            said = str(refusal)
        if said:
            assert not free or "没有改动" in said, said
            return
        assert free, "an operator changed without a case"
        self.shown[card] = party
        if party is not None:
            self.begun.add(card)

    @rule(card=st.integers(0, 1), party=st.integers(0, 2))
    def confirm(self, card: int, party: int) -> None:
        key, who = self.cards[card], self.parties[party]
        self._try(lambda: move(key, (who,), self.day), key, who)

    @rule(card=st.integers(0, 1), party=st.one_of(st.none(), st.integers(0, 2)))
    def correct(self, card: int, party: int | None) -> None:
        key, who = self.cards[card], None if party is None else self.parties[party]
        self._try(lambda: correct(key, who, self.day), key, who)

    @rule(card=st.integers(0, 1), party=st.one_of(st.none(), st.integers(0, 2)))
    def write_past_the_services(self, card: int, party: int | None) -> None:
        key, who = self.cards[card], None if party is None else self.parties[party]
        if key not in self.begun or who == self.shown[key]:
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            Asset.objects.filter(pk=key).update(operator=who)

    @rule(card=st.integers(0, 1), party=st.integers(0, 2))
    def finish_a_case(self, card: int, party: int) -> None:
        key, who = self.cards[card], self.parties[party]
        self.number += 1
        agreed("OPERATOR", [key], operator_id=who, on=self.day, number=self.number)
        self.shown[key] = who
        self.begun.add(key)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @invariant()
    def cards_rights_and_cases_agree(self) -> None:
        for key in self.cards:
            assert Asset.objects.get(pk=key).operator_id == self.shown[key]
            held = Right.objects.filter(asset=key, kind="OPERATION", valid_to__isnull=True)
            assert set(held.values_list("party_id", flat=True)) == {who for who in (self.shown[key],) if who}
            changed = Right.objects.filter(asset=key, kind="OPERATION").values_list("party_id", flat=True).distinct()
            assert Permit.objects.filter(asset=key, used_on__isnull=False).count() >= max(changed.count() - 1, 0)


class ByNoDoor(TestCase):
    """The machine in a transaction for each example."""

    def test_by_no_door(self) -> None:
        class InItsTransaction(Doors):
            def __init__(self) -> None:
                self.atomic = transaction.atomic()
                self.atomic.__enter__()
                super().__init__()

            def teardown(self) -> None:
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

        quick = settings(
            max_examples=15, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        )
        run_state_machine_as_test(InItsTransaction, settings=quick)
