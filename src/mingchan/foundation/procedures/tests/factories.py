"""Things the tests of procedures start from: a bureau, a county, their accounts with the pack's roles."""

from datetime import date
from typing import Any

from django.db import connection

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures import queries, services
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor

COUNTY = "140932"
DAY = date(2020, 5, 18)


def office(name: str) -> Party:
    found, _new = Party.objects.get_or_create(
        county=COUNTY,
        kind="OFFICE",
        name=name,
        division_code=f"{COUNTY}000000",
        phone_mask="",
        defaults={"created_on": DAY},
    )
    return found


def person(name: str) -> Party:
    """A person of the directory."""
    found, _new = Party.objects.get_or_create(
        county=COUNTY, kind="PERSON", name=name, division_code=f"{COUNTY}000000", defaults={"created_on": DAY}
    )
    return found


def account(username: str, role: str, of: str = "县工信局", scope: str = COUNTY) -> Account:
    """An account with one role over a scope."""
    found, _new = Account.objects.get_or_create(
        username=username,
        defaults={"county": COUNTY, "name": username, "office": office(of), "created_on": DAY, "password": "!"},
    )
    Grant.objects.get_or_create(
        account=found,
        role=role,
        scope=scope,
        defaults={"valid_from": date(2020, 1, 1), "basis": "测试", "given_by": "测试"},
    )
    return found


def actor(username: str, role: str, of: str = "县工信局", scope: str = COUNTY, on: date = DAY) -> Actor:
    """Who acts for such an account."""
    return directory.actor_for(account(username, role, of, scope), on, source="test")


def staff() -> dict[str, Actor]:
    """One person for each part in the county's procedures."""
    return {
        "clerk": actor("clerk", "bureau_clerk"),
        "reviewer": actor("reviewer", "bureau_reviewer"),
        "head": actor("head", "bureau_head"),
        "finance": actor("finance", "finance", "县财政局"),
        "poverty": actor("poverty", "poverty", "县乡村振兴局"),
        "audit": actor("audit", "audit", "县审计局"),
        "county": actor("county", "county_government", "县人民政府"),
    }


def open_gate() -> None:
    """Take away, in this transaction, the gate that lets a case go on only after its notice.

    It belongs to disclosure and is tried there; what is tried here ends cases without publishing anything.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS disclosure_task_after_notice")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP TRIGGER IF EXISTS disclosure_task_after_notice ON procedures_task")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def start(clerk: Actor, code: str = "general", **given: Any) -> Case:
    values = {"title": "购置村级站点货架", "text": "拟购货架二十组。", "on": DAY, **given}
    return services.start(code, actor=clerk, **values)


def is_intact() -> bool:
    """Whether the verifier finds nothing wrong with rows of procedures (these accounts have no sealed passwords)."""
    kinds = {protected.kind for protected in queries.PROTECTED}
    return not [f for f in evidence.verify(queries.PROTECTED).findings if f.obj.partition(":")[0] in kinds]


def waiting(case: Case) -> dict[str, Task]:
    """Waiting tasks by their step."""
    return {task.node: task for task in Task.objects.filter(case=case, status="WAITING")}


def decide(case: Case, node: str, who: Actor, answer: str = "AGREE", **given: Any) -> Case:
    """Decide a waiting step of the case as it stands."""
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    values = {"on": DAY, "version": version, **given}
    return services.decide(waiting(case)[node].pk, answer=answer, actor=who, **values)
