"""A contract under evaluation and the people who take part, for tests of performance."""

from datetime import date
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.tests import factories as procedures
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.tests import factories as operation
from mingchan.lifecycle.performance import pack, queries, rules, services
from mingchan.lifecycle.performance.drafts import ScoreDraft
from mingchan.lifecycle.performance.models import Evaluation
from mingchan.register.assets.tests.factories import party

COUNTY = "140932"
YEAR = 2020
COMMISSIONED, SCORED, ANNOUNCED, SENT = date(2021, 2, 1), date(2021, 3, 1), date(2021, 3, 8), date(2021, 3, 16)
DUE = date(2021, 3, 31)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def contract(**given: Any) -> Contract:
    """A contract that runs from July 2020 to June 2023."""
    return operation.contract(**given)


def company(name: str = "忻州诚信绩效评价有限公司") -> int:
    return party(name, "COMPANY", COUNTY)


def for_body(username: str, role: str, body: int, *, own: bool = False) -> Account:
    """An account of a body with one role, over the county or over its own things."""
    found, _new = Account.objects.get_or_create(
        username=username,
        defaults={"county": COUNTY, "name": username, "office_id": body, "created_on": COMMISSIONED, "password": "!"},
    )
    Grant.objects.get_or_create(
        account=found,
        role=role,
        scope=COUNTY,
        defaults={
            "valid_from": date(2020, 1, 1), "basis": "测试", "given_by": "测试", "party_id": body if own else None,
        },
    )  # fmt: skip
    return found


def acting(account: Account, on: date) -> Actor:
    return directory.actor_for(account, on, source="test")


def finance(on: date) -> Actor:
    return procedures.actor("finance", "finance", "县财政局", on=on)


def clerk(on: date) -> Actor:
    return procedures.actor("clerk", "bureau_clerk", on=on)


def reviewer(on: date) -> Actor:
    return procedures.actor("reviewer", "bureau_reviewer", on=on)


def head(on: date) -> Actor:
    return procedures.actor("head", "bureau_head", on=on)


def evaluator(on: date) -> Actor:
    return acting(for_body("evaluator", "evaluator", company()), on)


def operator(of: Contract, on: date) -> Actor:
    return acting(for_body("operator", "operator", of.operator_id, own=True), on)


def commissioned(of: Contract) -> Evaluation:
    """The evaluation of a contract for 2020, commissioned."""
    made = services.commission(
        YEAR,
        [of.pk],
        company(),
        document_no="偏财绩〔2021〕3号",
        due_on=DUE,
        actor=finance(COMMISSIONED),
        on=COMMISSIONED,
    )
    return made[0]


def drafts(found: Evaluation, share: int = 100) -> list[ScoreDraft]:
    """A score for each indicator: `share` percent where the evaluator judges or changes a figure."""
    made = []
    for one in pack.read(found.indicators).indicators:
        if not one.measure:
            made.append(ScoreDraft(one.code, one.weight * share // 100, "现场核查与问卷"))
            continue
        part, whole = share, 100
        earned = rules.points(one.weight, rules.Measured(part, whole), one.full_bp)
        made.append(ScoreDraft(one.code, earned, "按核实数据", part, whole))
    return made


def current(found: Evaluation) -> Evaluation:
    """The evaluation as it stands."""
    return Evaluation.objects.select_related("contract__operator", "evaluator", "case").get(pk=found.pk)


def submitted(of: Contract, share: int = 100) -> Evaluation:
    """Scored, checked on the spot and handed in."""
    found, who = commissioned(of), evaluator(SCORED)
    found = services.score(found.pk, drafts(found, share), version=found.version, actor=who, on=SCORED)
    services.note_visit(
        found.pk,
        visited_on=SCORED,
        place="窑头村服务站",
        checked=20,
        matching=19,
        found="一件挪作他用",
        actor=who,
        on=SCORED,
    )
    return services.submit(found.pk, opinion="运行平稳，带动不足。", version=found.version, actor=who, on=SCORED)


def announced(of: Contract, share: int = 100) -> Evaluation:
    found = submitted(of, share)
    return services.announce(found.pk, version=found.version, actor=finance(ANNOUNCED), on=ANNOUNCED)


def sent(of: Contract, share: int = 100) -> Evaluation:
    found = announced(of, share)
    return services.send(found.pk, version=found.version, actor=finance(SENT), on=SENT)


def decided(found: Evaluation) -> Evaluation:
    """Agreed to by the bureau and the office for rural revitalisation, up to the notice."""
    case = current(found).case
    assert case is not None
    procedures.decide(case, "bureau", head(SENT), on=SENT)
    procedures.decide(case, "poverty", procedures.actor("poverty", "poverty", "县乡村振兴局", on=SENT), on=SENT)
    return current(found)


__all__ = [
    "Party", "acting", "announced", "clerk", "commissioned", "company", "contract", "current", "decided", "drafts",
    "evaluator", "finance", "for_body", "head", "operator", "policy", "queries", "reviewer", "sent", "submitted",
]  # fmt: skip
