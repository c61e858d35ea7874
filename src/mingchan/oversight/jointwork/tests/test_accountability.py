"""A case goes from the sign of a violation to compensation paid, each step dated, each fen in the books."""

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.directory.tests import factories as people
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Detail, Record
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.oversight.jointwork import queries, services
from mingchan.oversight.jointwork.choices import Violation
from mingchan.oversight.jointwork.drafts import OrderDraft, PaperDraft, TransferDraft
from mingchan.oversight.jointwork.models import Case, Order, Payment, Person, Step
from mingchan.oversight.jointwork.queries.cases import CaseFilter
from mingchan.oversight.jointwork.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def sums() -> dict[str, int]:
    """Debit less credit by account code."""
    found: dict[str, int] = {}
    for line in Line.objects.select_related("account"):
        found[line.account.code] = found.get(line.account.code, 0) + line.debit_fen - line.credit_fen
    return {code: fen for code, fen in found.items() if fen}


def closed(case: Case) -> Case:
    return services.close(
        case.pk, "处理完毕", seen=make.seen(case), actor=make.actor("discipline", on=make.LATER), on=make.LATER
    )


def test_a_case_runs_from_opening_to_the_treasury_account() -> None:
    case = make.case(asset_codes=[make.cards(500_000)[0].code])
    before = sums()
    person = make.named(make.found(case))
    order = make.ordered(case, person)
    make.paid(case, order, 100_000)
    with pytest.raises(Refusal, match=r"还欠 2,000\.00 元"):
        closed(case)
    make.paid(case, order, 200_000)
    closed(case)
    case.refresh_from_db()
    assert (case.state, case.closed_on) == ("CLOSED", make.LATER)
    assert [step.act for step in Step.objects.filter(case=case)] == [
        "OPEN", "FIND", "ADD_PERSON", "ORDER", "PAY", "PAY", "CLOSE",
    ]  # fmt: skip
    moved = {code: fen - before.get(code, 0) for code, fen in sums().items() if fen != before.get(code, 0)}
    assert moved == {"1002": 300_000, "2103": -300_000}
    assert not list(ledger.faults())
    assert evidence.verify(queries.PROTECTED).ok


def test_between_order_and_payment_the_claim_stands_in_the_books() -> None:
    case = make.case()
    person = make.named(make.found(case))
    make.ordered(case, person)
    assert sums() == {"1218": 300_000, "190202": -300_000}
    assert Voucher.objects.get().source == f"accountability:{case.pk}"


def test_a_collective_keeps_the_compensation_as_its_own_income() -> None:
    village = people.services.propose_parties if False else None
    assert village is None
    owner = make.Party.objects.create(
        county=make.COUNTY, kind="COLLECTIVE", name="窑头村股份经济合作社", division_code="140932101201",
        is_confirmed=True, created_on=make.DAY,
    )  # fmt: skip
    case = make.case()
    person = make.named(make.found(case))
    make.paid(case, make.ordered(case, person, creditor=owner), 300_000)
    closed(case)
    assert sums() == {"102": 300_000, "531": -300_000}


@pytest.mark.parametrize("violation", Violation.values)
def test_each_of_the_seven_violations_can_be_opened_and_nothing_else(violation: str) -> None:
    assert make.case(violation=violation).violation == violation
    with pytest.raises(Refusal, match="违规情形"):
        make.case(violation="RUDE")


def test_a_case_needs_words_a_past_day_and_known_assets() -> None:
    for wrong in ({"title": " "}, {"text": "短"}, {"happened_on": make.LATER}, {"asset_codes": ["没有"]}):
        with pytest.raises(Refusal):
            make.case(**wrong)
    with pytest.raises(NotAllowed):
        services.open_case(
            make.CaseDraft("OCCUPIED", "电脑", "在私人家中", make.DAY), actor=make.actor("audit"), on=make.DAY
        )


def test_no_more_is_ordered_than_was_lost_and_no_more_paid_than_ordered() -> None:
    case = make.case()
    person = make.named(make.found(case))
    with pytest.raises(Refusal, match="不超过"):
        make.ordered(case, person, 300_001)
    order = make.ordered(case, person, 200_000)
    with pytest.raises(Refusal, match="不能少于已责令"):
        make.found(case, 199_999)
    with pytest.raises(Refusal, match="不超过"):
        make.paid(case, order, 200_001)
    with pytest.raises(Refusal, match="没有责令赔偿"):
        make.paid(case, order, 200_000)
        closed(case)


def test_an_order_names_somebody_of_its_own_case_a_term_and_a_document() -> None:
    case, other = make.case(), make.case()
    person, stranger = make.named(make.found(case)), make.named(make.found(other))
    owner = people.office().pk

    def order(draft: OrderDraft) -> None:
        services.order(case.pk, draft, seen=make.seen(case), actor=make.actor("discipline"), on=make.DAY)

    for wrong in (
        OrderDraft(stranger, 1, make.LATER, "1号", owner),
        OrderDraft(person, 1, make.DAY.replace(day=1), "1号", owner),
        OrderDraft(person, 1, make.LATER, " ", owner),
        OrderDraft(person, 1, make.LATER, "1号", 0),
    ):
        with pytest.raises(Refusal):
            order(wrong)
    assert not Order.objects.exists()
    assert not Voucher.objects.exists()


def test_a_case_is_transferred_with_day_and_paper_and_goes_on() -> None:
    case = make.case()
    draft = TransferDraft("JUSTICE", "偏关县公安局", "偏纪监移〔2025〕1号", PaperDraft("移送书.pdf", make.PDF))
    made = services.transfer(case.pk, draft, seen=1, actor=make.actor("discipline"), on=make.DAY)
    assert (made.transferred_on, made.receiver) == (make.DAY, "JUSTICE")
    assert Record.objects.filter(act="evidence.file.attach").count() == 1
    for wrong in (draft._replace(document_no="") if hasattr(draft, "_replace") else None,):
        assert wrong is None
    with pytest.raises(Refusal, match="文号"):
        services.transfer(
            case.pk, TransferDraft("JUSTICE", "偏关县公安局", " ", PaperDraft("x.pdf", make.PDF)),
            seen=2, actor=make.actor("discipline"), on=make.DAY,
        )  # fmt: skip
    assert make.found(case).state == "FOUND"


def test_a_case_is_dropped_with_a_reason_only_before_a_loss_is_found() -> None:
    case = make.case()
    with pytest.raises(Refusal, match="理由"):
        services.drop(case.pk, "无", seen=1, actor=make.actor("discipline"), on=make.DAY)
    services.drop(case.pk, "查无实据，不予追究", seen=1, actor=make.actor("discipline"), on=make.DAY)
    other = make.found(make.case())
    with pytest.raises(Refusal, match="已认定"):
        services.drop(other.pk, "查无实据，不予追究", seen=2, actor=make.actor("discipline"), on=make.DAY)


def test_whoever_saw_an_older_state_or_dates_an_act_back_is_told() -> None:
    case = make.found(make.case())
    with pytest.raises(Stale):
        services.find_loss(case.pk, 1, "认定事实", seen=1, actor=make.actor("discipline"), on=make.DAY)
    with pytest.raises(Refusal, match="不能早于上一步"):
        services.find_loss(case.pk, 1, "认定事实", seen=2, actor=make.actor("discipline"), on=make.DAY.replace(day=1))


def test_names_and_identity_numbers_are_in_no_column_and_no_record() -> None:
    case = make.case()
    make.named(case, "欧阳某某", identity="140932198001010017")
    person = Person.objects.get()
    assert (person.name_mask, person.id_mask[:6]) == ("欧***", "140932")
    whole = b"".join(bytes(body) for body in Detail.objects.values_list("body", flat=True))
    assert "欧阳某某".encode() not in whole
    assert b"198001010017" not in whole
    assert services.reveal(case.pk, person.pk, "核对身份", actor=make.actor("discipline"), on=make.DAY) == (
        "欧阳某某", "140932198001010017",
    )  # fmt: skip
    assert Record.objects.filter(act="jointwork.person.revealed").count() == 1


def test_a_look_at_a_person_needs_a_reason_and_a_right_and_a_refused_one_is_recorded() -> None:
    case = make.case()
    person = make.named(case)
    with pytest.raises(Refusal, match="理由"):
        services.reveal(case.pk, person, "", actor=make.actor("audit"), on=make.DAY)
    with pytest.raises(NotAllowed):
        services.reveal(case.pk, person, "核对身份", actor=make.actor("cashier"), on=make.DAY)
    assert Record.objects.filter(act="jointwork.person.revealed").count() == 1
    with pytest.raises(NotFound):
        services.reveal(case.pk, person, "核对身份", actor=make.actor("town_keeper"), on=make.DAY)
    with pytest.raises(Refusal, match="身份证号不对"):
        make.named(case, identity="140932198001010010")


def test_the_list_finds_cases_by_state_violation_and_what_is_owed() -> None:
    reader = make.actor("audit")
    paying = make.case()
    order = make.ordered(paying, make.named(make.found(paying)))
    make.paid(paying, order, 100_000)
    make.case(violation="DIVERTED", title="挪用收益")

    def numbers(**wanted: str) -> list[int]:
        return [row.id for row in queries.cases.rows(CaseFilter.read(wanted), reader)[0]]

    assert numbers(state="owed") == [paying.pk]
    assert numbers(violation="DIVERTED") == [paying.pk + 1]
    assert numbers(q="挪用") == [paying.pk + 1]
    assert len(numbers(state="ongoing")) == 2
    row = queries.cases.rows(CaseFilter(state="owed"), reader)[0][0]
    assert (row.loss_fen, row.ordered_fen, row.paid_fen) == (300_000, 300_000, 100_000)
    assert queries.cases.sums(reader) == (2, 300_000, 300_000, 100_000, 0)
    assert queries.cases.late_orders(reader, make.LATEST) == 1


def test_the_database_keeps_what_was_ordered_paid_and_done() -> None:
    case = make.case()
    person = make.named(make.found(case))
    order = make.ordered(case, person)
    make.paid(case, order, 100_000)

    def refused(change: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()  # type: ignore[operator]

    refused(lambda: Order.objects.update(fen=1))
    refused(lambda: Payment.objects.all().delete())
    refused(lambda: Step.objects.update(text="改"))
    refused(lambda: Person.objects.update(name_mask="张**"))
    refused(lambda: Case.objects.update(text="改"))
    refused(lambda: Case.objects.update(state="CLOSED", closed_on=make.LATER))
    refused(
        lambda: Payment.objects.create(
            order_id=order, number=9, fen=200_001, paid_on=make.LATER, receipt_no="x", voucher="x"
        )
    )
    refused(
        lambda: Order.objects.create(
            case=case, number=9, person_id=person, fen=1, ordered_on=make.DAY, due_on=make.LATER, document_no="x",
            creditor=people.office(), voucher="x",
        )
    )  # fmt: skip
