"""Things the tests of distribution start from: a village with households, receipts, a policy, the people who decide."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.directory.tests import factories as people
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.services import Votes
from mingchan.foundation.procedures.services.filing import PaperDraft
from mingchan.kernel import identity
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.drafts import HouseholdDraft, MemberDraft, PlanDraft, PolicyDraft
from mingchan.lifecycle.distribution.models import Household, Plan, Policy
from mingchan.lifecycle.distribution.queries import pool
from mingchan.lifecycle.distribution.queries.pool import Source

PassNotice = Callable[[Case, date], Case]
"""What carries a case over its notice step; it belongs to a context above and comes from the test."""
DAY = date(2020, 3, 10)
ON, LATER = date(2020, 7, 20), date(2020, 8, 10)
"""The days on which plans are drafted and decided upon, and on which they are filed and paid."""
VILLAGE = "140932100201"
OTHER_VILLAGE = "140932100203"
ROSTER_DAY = date(2020, 1, 10)
START, LAST = date(2020, 1, 1), date(2020, 6, 30)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def number(serial: int, prefix: str = "142234", born: str = "19651203") -> str:
    """An invented identity number with a right check digit."""
    body = f"{prefix}{born}{serial:03d}"
    return body + identity.check_character(body)


def household(
    place: int, village: str = VILLAGE, category: str = "LIFTED", *, people: int = 2, **given: Any
) -> HouseholdDraft:
    """An invented household with a head and a spouse."""
    members = (
        MemberDraft(f"赵示{place}", number(place, born="19651203"), "户主", place * 2),
        MemberDraft(f"钱例{place}", number(place, "140932", "20000229"), "配偶", place * 2 + 1),
    )
    values: dict[str, Any] = {
        "members": members,
        "people": people,
        "phone": f"139{village[-4:]}{place:04d}",
        "account": f"62284801{village[-4:]}{place:07d}",
        "bank": "农村信用社（示例）",
        "sheet": "名册",
        "row": place * 2,
        **given,
    }
    return HouseholdDraft(village, f"{place:03d}", category, **values)


def actor_of(username: str, *roles: str, scope: str = people.COUNTY, on: date = ON) -> Actor:
    """The actor of an account, made on first use."""
    from mingchan.foundation.directory import queries

    found = Account.objects.filter(username=username).first() or people.account(username, *roles, scope=scope)
    return queries.actor_for(found, on)


def staff() -> dict[str, Actor]:
    """One person for each part of a distribution."""
    return {
        "clerk": actor_of("clerk", "bureau_clerk"),
        "village": actor_of("village", "village_keeper", scope=VILLAGE),
        "town": actor_of("town", "town_keeper", scope=VILLAGE[:9]),
        "head": actor_of("head", "bureau_head"),
        "finance": actor_of("finance", "finance"),
        "cashier": actor_of("cashier", "cashier"),
    }


def enter(
    drafts: Sequence[HouseholdDraft], clerk: Actor, *, as_of: date = ROSTER_DAY, leavers: bool = True
) -> list[Household]:
    """Households brought in by a workbook and confirmed."""
    roster = services.import_households(
        drafts, (), file_name="名册.xlsx", sha256="0" * 64, as_of=as_of, actor=clerk, on=ON
    )
    services.apply_roster(roster.pk, with_leavers=leavers, actor=clerk, on=ON)
    return list(Household.objects.order_by("division_code", "number"))


def holder(name: str = "窑头村经济合作社", kind: str = "COLLECTIVE", division: str = VILLAGE) -> Party:
    """Who holds the income right."""
    found = Party.objects.filter(name=name).first()
    return found or Party.objects.create(
        county=people.COUNTY, kind=kind, name=name, division_code=division, created_on=DAY, is_confirmed=True
    )


def source(place: int, fen: int, holder_id: int, day: date = date(2020, 4, 2), division: str = VILLAGE) -> Source:
    """A receipt's part."""
    return Source(f"income_entry:{place}", f"receipt:{place}", "contract:1", holder_id, division, day, fen)


@contextmanager
def receipts(*sources: Source) -> Iterator[None]:
    """The receipts that income tells of, for the time of a test."""

    def received(county: str, period_start: date, last_day: date) -> list[Source]:
        return [one for one in sources if period_start <= one.received_on <= last_day]

    with patch.object(pool, "received", received):
        yield


BOUNDS = {"HOUSEHOLDS": (6000, 8000), "ASSETS": (1000, 3000), "FACILITIES": (0, 2000)}
SHARES = {"HOUSEHOLDS": 7000, "ASSETS": 2000, "FACILITIES": 1000}


def policy(clerk: Actor, finance: Actor | None, **given: Any) -> Policy:
    """A village's policy, filed unless there is nobody to file it."""
    values: dict[str, Any] = {
        "division_code": VILLAGE,
        "title": "窑头村收益分配办法",
        "starts_on": date(2020, 1, 1),
        "method": "EQUAL",
        "categories": ("POOR", "LIFTED", "UNSTABLE"),
        "bounds": BOUNDS,
        **given,
    }
    made = services.make_policy(PolicyDraft(**values), actor=clerk, on=ON)
    if finance is None:
        return made
    return services.file_policy(made.pk, f"偏财备〔2020〕{made.pk}号", ON, actor=finance, on=ON)


def plan_draft(holder_id: int, **given: Any) -> PlanDraft:
    """A plan of the first half of 2020."""
    values: dict[str, Any] = {
        "holder": holder_id,
        "division_code": VILLAGE,
        "period_start": START,
        "last_day": LAST,
        "as_of": date(2020, 6, 30),
        "title": "窑头村 2020 年上半年收益分配",
        "shares": SHARES,
        **given,
    }
    return PlanDraft(**values)


def waiting(case_id: int) -> dict[str, Task]:
    """Waiting tasks of a case by their step."""
    return {task.node: task for task in Task.objects.filter(case=case_id, status="WAITING")}


def decide(case_id: int, node: str, who: Actor, answer: str = "AGREE", **given: Any) -> Case:
    """Decide a waiting step of a case as it stands."""
    version = Case.objects.values_list("version", flat=True).get(pk=case_id)
    return procedures.decide(
        waiting(case_id)[node].pk, answer=answer, version=version, actor=who, on=given.pop("on", ON), **given
    )


def vote(case_id: int, who: Actor, answer: str = "AGREE", text: str = "") -> Case:
    """The village votes, with its minutes."""
    procedures.add_paper(case_id, PaperDraft("minutes", "会议纪要.pdf", PDF), actor=who, on=ON)
    agreed = 28 if answer == "AGREE" else 3
    votes = Votes(members=40, agreed=agreed, against=31 - agreed, abstained=0)
    return decide(case_id, "meeting", who, answer, votes=votes, text=text)


def to_notice(plan: Plan, people_of: dict[str, Actor]) -> Plan:
    """A drafted plan brought before the people up to its notice."""
    proposed = services.propose_plan(plan.pk, actor=people_of["clerk"], on=ON)
    assert proposed.case_id is not None
    vote(proposed.case_id, people_of["village"])
    decide(proposed.case_id, "town", people_of["town"])
    decide(proposed.case_id, "bureau", people_of["head"], document_no="偏工信〔2020〕9号")
    plan.refresh_from_db()
    return plan


def filed(plan: Plan, people_of: dict[str, Actor], pass_notice: PassNotice) -> Plan:
    """A drafted plan up to its filing with the finance bureau."""
    to_notice(plan, people_of)
    assert plan.case_id is not None
    pass_notice(Case.objects.get(pk=plan.case_id), ON)
    decide(plan.case_id, "filing", people_of["finance"], "DONE", document_no="偏财备〔2020〕12号", on=LATER)
    plan.refresh_from_db()
    return plan
