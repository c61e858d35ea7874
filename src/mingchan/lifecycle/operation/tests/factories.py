"""Contracts that tests of operation and of contexts above it start from."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.queries import documents
from mingchan.foundation.procedures.services import PaperDraft as CasePaper
from mingchan.foundation.procedures.services import Votes, add_paper
from mingchan.foundation.procedures.tests import factories as cases
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation import schedule, services
from mingchan.lifecycle.operation.drafts import PaperDraft, TermsDraft
from mingchan.lifecycle.operation.models import Charge, Contract, Covered, Edition
from mingchan.register.assets.tests import factories as assets
from mingchan.register.assets.tests.factories import draft, party, register

PassNotice = Callable[[Case, date], Case]
"""What carries a case over its notice step; it belongs to a context above and comes from the test."""
COUNTY = "140932"
VILLAGE = "140932101201"
ON = date(2020, 6, 1)
SIGNED_COPY = PaperDraft("经营合同.pdf", b"%PDF-1.4\n% signed\n")


def bureau() -> int:
    """The bureau, lessor of every contract."""
    return cases.office("县工信局").pk


def company(name: str = "晋西电子商务有限公司", division: str = VILLAGE) -> int:
    """An operator."""
    return party(name, "COMPANY", division)


def cards(count: int, *, operator: int | None = None, **changes: Any) -> list[int]:
    """Cards of a village, registered on 10 March 2020."""
    assets.divisions()
    values = {"division_code": VILLAGE, "acquired_on": date(2019, 5, 10), "operator": operator, **changes}
    done = register([draft(f"物{number}", **values) for number in range(count)])
    return list(range(done.first_id, done.last_id + 1))


def terms(**changes: Any) -> TermsDraft:
    """Terms that lack nothing."""
    values = {
        "mode": "LEASE", "starts_on": date(2020, 7, 1), "last_day": date(2023, 6, 30), "yearly_fen": 1_200_000,
        "deposit_fen": 200_000, "measures": "按期缴纳租金，不得转租。",
        "emergency_plan": "停业三日内报告，启用备用站点。",
    }  # fmt: skip
    return TermsDraft(**{**values, **changes})


def drafted(
    ids: Sequence[int], staff: dict[str, Actor], *, operator: int | None = None, on: date = ON, **changes: Any
) -> Contract:
    """A draft of a contract over cards."""
    return services.draft(
        operator or company(), terms(**changes), title="窑头村电商服务站", lessor=bureau(), asset_ids=ids,
        actor=staff["clerk"], on=on,
    )  # fmt: skip


def decided(contract: Contract, staff: dict[str, Actor], pass_notice: PassNotice, *, on: date = ON) -> Case:
    """Bring a contract in and through its procedure up to the signatures; the notice runs from `on`."""
    contract.refresh_from_db()
    case = services.submit(contract.pk, contract.version, actor=staff["clerk"], on=on)
    minutes = CasePaper("minutes", "会议纪要.pdf", b"%PDF-1.4\n% minutes\n")
    add_paper(case.pk, minutes, actor=staff["reviewer"], on=on)
    cases.decide(case, "meeting", staff["reviewer"], votes=Votes(7, 6, 0, 0), text="同意", on=on)
    cases.decide(case, "bureau", staff["head"], document_no="偏工信批〔2020〕3号", on=on)
    if "county" in cases.waiting(case):
        cases.decide(case, "county", staff["county"], document_no="偏政函〔2020〕8号", on=on)
    return pass_notice(case, on)


def signing_day(case: Case) -> date:
    """The day from which the case waits for the signatures."""
    return Task.objects.filter(case=case, waits="signing").order_by("-id")[0].opened_on


def concluded(contract: Contract, staff: dict[str, Actor], pass_notice: PassNotice, *, on: date = ON) -> Contract:
    """A drafted contract through its whole procedure: decided, published from `on`, then signed and filed."""
    case = decided(contract, staff, pass_notice, on=on)
    on = signing_day(case)
    contract.refresh_from_db()
    services.sign(contract.pk, SIGNED_COPY, version=contract.version, actor=staff["head"], on=on)
    cases.decide(case, "filing", staff["finance"], "DONE", document_no="偏财备〔2020〕5号", on=on)
    contract.refresh_from_db()
    return contract


def contract(
    asset_ids: Sequence[int] = (),
    *,
    operator: int | None = None,
    starts_on: date = date(2020, 7, 1),
    last_day: date = date(2023, 6, 30),
    yearly_fen: int = 1_200_000,
    deposit_fen: int = 200_000,
    division: str = VILLAGE,
    serial: int = 1,
) -> Contract:
    """A running contract with its rent by quarters and a deposit, written as rows: quick, for contexts above."""
    common = {"mode": "LEASE", "starts_on": starts_on, "last_day": last_day}
    made = Contract.objects.create(
        county=COUNTY, division_code=division, year=starts_on.year, serial=serial,
        number=f"偏电商经营〔{starts_on.year}〕{serial}号", title="窑头村电商服务站", lessor_id=bureau(),
        operator_id=operator or company(division=division), drafted_on=starts_on, drafted_by="王会计", **common,
    )  # fmt: skip
    edition = Edition.objects.create(
        county=COUNTY, contract=made, number=1, yearly_fen=yearly_fen, deposit_fen=deposit_fen,
        measures="按期缴纳租金。",
        drafted_on=starts_on, drafted_by="王会计", **common,
    )  # fmt: skip
    edition.case, edition.signed_on, edition.effective_on = _finished(made, starts_on), starts_on, starts_on
    edition.paper_digest, edition.status = "0" * 64, "AGREED"
    edition.save()
    for status in ("PROCEDURE", "SIGNED", "RUNNING"):
        made.status, made.signed_on = status, starts_on
        made.save()
    Covered.objects.bulk_create(
        Covered(contract=made, asset_id=key, starts_on=starts_on, last_day=last_day, is_let=True) for key in asset_ids
    )
    plan = schedule.Terms(starts_on, last_day, yearly_fen, "QUARTER", "START", 10, 0)
    charges = [(schedule.key_of("RENT", row.starts_on, 1), "RENT", *row) for row in schedule.rent(plan)]
    if deposit_fen:
        charges.insert(0, ("DEPOSIT", "DEPOSIT", starts_on, last_day, starts_on, deposit_fen))
    Charge.objects.bulk_create(
        Charge(
            county=COUNTY, contract=made, edition=1, key=key, kind=kind, starts_on=first, last_day=last, due_on=due,
            fen=fen, made_on=starts_on,
        )
        for key, kind, first, last, due, fen in charges
    )  # fmt: skip
    return made


def _finished(made: Contract, on: date) -> Case:
    """A case that was agreed to, as a row."""
    clerk: Account = cases.account("clerk", "bureau_clerk")
    return Case.objects.create(
        county=COUNTY, division_code=made.division_code, year=on.year, number=9000 + made.serial, code="contract",
        content="", content_digest=documents.digest(""), title="签订经营合同", subject=f"contract:{made.pk}",
        drafter=clerk, office_id=clerk.office_id, run="", run_digest=documents.digest(""), status="APPROVED",
        opened_on=on, ended_on=on,
    )  # fmt: skip
