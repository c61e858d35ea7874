"""Rules of handing over as tables: who may give what, what a check may say, who may sign."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.register.handover import rules
from mingchan.register.handover.choices import Fault, HandoverKind, Resolution, Result, State
from mingchan.register.handover.drafts import HandoverDraft, TickDraft
from mingchan.register.handover.rules import CardFact, Progress, SignerFact

ON = date(2020, 3, 10)
BUREAU, TOWN, KEEPER = 1, 2, 3


def head(**changes: Any) -> HandoverDraft:
    values: dict[str, Any] = {"kind": HandoverKind.OWNERSHIP, "from_party": BUREAU, "to_party": TOWN, "reason": "移交"}
    return HandoverDraft(**{**values, "keeper": KEEPER, **changes})


@pytest.mark.parametrize(
    ("changes", "to_is_person", "keeper_is_person", "faults"),
    [
        ({}, False, True, []),
        ({"to_party": BUREAU}, False, True, [Fault.SAME_SIDES]),
        ({"reason": " "}, False, True, [Fault.NO_REASON]),
        ({"rights": ("USE", "OPERATION")}, False, True, [Fault.OPERATION_APART]),
        ({"keeper": None}, False, False, [Fault.NO_KEEPER]),
        ({}, False, False, [Fault.KEEPER_NOT_PERSON]),
        ({"kind": HandoverKind.CUSTODY, "keeper": None}, False, False, [Fault.KEEPER_NOT_PERSON]),
        ({"kind": HandoverKind.CUSTODY, "keeper": None}, True, False, []),
        ({"kind": HandoverKind.USE, "keeper": None}, False, False, []),
        ({"due_on": ON}, False, True, [Fault.TERM_IN_PAST]),
        ({"due_on": date(2020, 3, 11)}, False, True, []),
    ],
)
def test_a_head_is_judged(changes: Any, to_is_person: bool, keeper_is_person: bool, faults: list[Fault]) -> None:
    found = rules.faults_of_head(head(**changes), ON, to_is_person=to_is_person, keeper_is_person=keeper_is_person)
    assert found == faults


@pytest.mark.parametrize(
    ("kind", "rights", "keeper", "moved"),
    [
        (HandoverKind.OWNERSHIP, (), True, ("OWNERSHIP", "CUSTODY")),
        (HandoverKind.OWNERSHIP, ("INCOME", "USE"), True, ("OWNERSHIP", "USE", "INCOME", "CUSTODY")),
        (HandoverKind.OWNERSHIP, ("SUPERVISION",), False, ("OWNERSHIP", "SUPERVISION")),
        (HandoverKind.USE, ("INCOME",), False, ("USE",)),
        (HandoverKind.USE, (), True, ("USE", "CUSTODY")),
        (HandoverKind.CUSTODY, ("USE",), True, ("CUSTODY",)),
    ],
)
def test_each_kind_moves_its_own_rights(kind: str, rights: Any, keeper: bool, moved: tuple[str, ...]) -> None:
    assert rules.moved(kind, rights, keeper=keeper) == moved


@pytest.mark.parametrize(
    ("kind", "card", "fault"),
    [
        ("OWNERSHIP", CardFact(True, BUREAU, None, None), None),
        ("OWNERSHIP", CardFact(True, TOWN, BUREAU, BUREAU), Fault.NOT_OWNER),
        ("OWNERSHIP", CardFact(True, None, None, None), Fault.NOT_OWNER),
        ("USE", CardFact(True, TOWN, BUREAU, None), None),
        ("USE", CardFact(True, BUREAU, None, None), None),
        ("USE", CardFact(True, BUREAU, TOWN, None), Fault.NOT_USER),
        ("CUSTODY", CardFact(True, TOWN, None, BUREAU), None),
        ("CUSTODY", CardFact(True, BUREAU, BUREAU, TOWN), Fault.NOT_KEEPER),
        ("CUSTODY", CardFact(False, BUREAU, BUREAU, BUREAU), Fault.NOT_ACTIVE),
    ],
)
def test_one_gives_only_what_one_has(kind: str, card: CardFact, fault: Fault | None) -> None:
    assert rules.fault_of_card(kind, BUREAU, card) is fault


@pytest.mark.parametrize(
    ("tick", "fault"),
    [
        (TickDraft(Result.MATCHES), None),
        (TickDraft(Result.MATCHES, "闲置"), None),
        (TickDraft(Result.MATCHES, "", 3000), Fault.COUNT_DIFFERS),
        (TickDraft(Result.MATCHES, "", 0), Fault.NO_COUNT),
        (TickDraft(Result.DIFFERS), Fault.SAME_COUNT_SAME_STATE),
        (TickDraft(Result.DIFFERS, "在用", 2000), Fault.SAME_COUNT_SAME_STATE),
        (TickDraft(Result.DIFFERS, "损坏"), None),
        (TickDraft(Result.DIFFERS, "", 1000), None),
        (TickDraft(Result.DIFFERS, "", None, "型号不同"), None),
        (TickDraft(Result.DIFFERS, "损坏", -1), Fault.NO_COUNT),
        (TickDraft(Result.NOT_FOUND, "", 0), None),
    ],
)
def test_a_tick_says_one_thing(tick: TickDraft, fault: Fault | None) -> None:
    assert rules.fault_of_tick(tick, 2000, "在用") is fault


@pytest.mark.parametrize(
    ("resolution", "note", "result", "fault"),
    [
        (Resolution.ACCEPTED, "已报修", Result.DIFFERS, None),
        (Resolution.ACCEPTED, "已报修", Result.NOT_FOUND, Fault.MISSING_LEFT_ONLY),
        (Resolution.ACCEPTED, "已报修", Result.MATCHES, Fault.NO_DIFFERENCE),
        (Resolution.ACCEPTED, "已报修", "", Fault.NO_DIFFERENCE),
        (Resolution.ACCEPTED, " ", Result.DIFFERS, Fault.NO_NOTE),
        (Resolution.LEFT_OUT, "另行处理", Result.NOT_FOUND, None),
        (Resolution.LEFT_OUT, "另行处理", "", None),
        (Resolution.LEFT_OUT, "", Result.NOT_FOUND, Fault.NO_NOTE),
    ],
)
def test_a_difference_is_decided_with_a_reason(resolution: str, note: str, result: str, fault: Fault | None) -> None:
    assert rules.fault_of_resolution(resolution, note, result) is fault


@pytest.mark.parametrize(
    ("progress", "faults"),
    [
        (Progress(3, 3, 3, 0, 0, 0), []),
        (Progress(3, 3, 2, 1, 0, 2), []),
        (Progress(0, 0, 0, 0, 0, 3), [Fault.NO_ITEMS]),
        (Progress(3, 2, 2, 0, 0, 0), [Fault.UNTICKED]),
        (Progress(3, 3, 2, 1, 1, 0), [Fault.UNRESOLVED]),
        (Progress(3, 3, 3, 0, 0, 0, changed=1), [Fault.CHANGED]),
        (Progress(3, 2, 1, 1, 1, 0, changed=1), [Fault.UNTICKED, Fault.UNRESOLVED, Fault.CHANGED]),
    ],
)
def test_a_list_is_signed_when_nothing_is_open(progress: Progress, faults: list[Fault]) -> None:
    assert rules.before_signing(progress) == faults


def signer(**changes: Any) -> SignerFact:
    values: dict[str, Any] = {
        "account": 10, "office": BUREAU, "side_office": BUREAU, "side_person": None, "other_person": None,
        "signed_other": frozenset(), "side_is_signed": False,
    }  # fmt: skip
    return SignerFact(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"office": TOWN}, Fault.WRONG_OFFICE),
        ({"side_is_signed": True}, Fault.SIGNED_ALREADY),
        ({"signed_other": frozenset({10})}, Fault.BOTH_SIDES),
        ({"signed_other": frozenset({10}), "side_person": 10}, Fault.BOTH_SIDES),
        ({"side_person": 10, "office": TOWN}, None),
        ({"side_person": 11}, Fault.NOT_THE_PERSON),
        ({"other_person": 10}, Fault.OTHER_PERSON),
        ({"other_person": 11}, None),
    ],
)
def test_who_may_sign_for_a_side(changes: Any, fault: Fault | None) -> None:
    assert rules.fault_of_signer(signer(**changes)) is fault


@given(st.integers(1, 5), st.integers(1, 3), st.sets(st.integers(1, 5)), st.booleans())
def test_nobody_who_signed_one_side_signs_the_other(account: int, office: int, others: set[int], person: bool) -> None:
    fact = signer(
        account=account,
        office=office,
        side_person=account if person else None,
        signed_other=frozenset(others),
    )
    assert not (rules.fault_of_signer(fact) is None and account in others)


@pytest.mark.parametrize(
    ("act", "states"),
    [
        ("open", {State.DRAFT}),
        ("remove", {State.DRAFT}),
        ("tick", {State.CHECKING, State.SIGNING}),
        ("sign", {State.CHECKING, State.SIGNING}),
        ("retract", {State.SIGNING}),
        ("cancel", {State.DRAFT, State.CHECKING, State.SIGNING}),
    ],
)
def test_acts_have_their_states(act: str, states: set[State]) -> None:
    assert {state for state in State if rules.may(act, state)} == states


def test_nothing_is_done_to_a_finished_list() -> None:
    assert not [act for act in rules.STATES for state in ("EXECUTED", "CANCELLED") if rules.may(act, state)]


@given(st.lists(st.tuples(st.integers(), st.text(max_size=5)), max_size=5), st.integers(0, 4))
def test_the_digest_tells_every_change(items: list[tuple[int, str]], at: int) -> None:
    whole = rules.digest({"number": "1"}, items)
    assert whole == rules.digest({"number": "1"}, items)
    assert whole != rules.digest({"number": "2"}, items)
    if at < len(items):
        changed = [*items[:at], (items[at][0], items[at][1] + "改"), *items[at + 1 :]]
        assert whole != rules.digest({"number": "1"}, changed)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("140932100201", "140932100201", "140932100201"),
        ("140932100201", "140932100203", "140932100000"),
        ("140932100000", "140932100203", "140932100000"),
        ("140932101000", "140932100203", "140932000000"),
        ("140932000000", "140932100203", "140932000000"),
    ],
)
def test_a_list_lies_in_the_division_that_holds_both(one: str, other: str, found: str) -> None:
    assert rules.common_division(one, other) == found
