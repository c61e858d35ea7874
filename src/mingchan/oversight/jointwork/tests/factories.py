"""People, cards and books that tests of joint supervision share."""

from datetime import date
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.directory.tests import factories as people
from mingchan.kernel.actor import Actor
from mingchan.oversight.jointwork import services
from mingchan.oversight.jointwork.drafts import CaseDraft, OrderDraft, PaperDraft, PersonDraft, PlanDraft
from mingchan.oversight.jointwork.models import Case, Plan
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as assets

COUNTY = "140932"
DAY, LATER, LATEST = date(2025, 11, 3), date(2025, 11, 20), date(2025, 12, 1)
PASSWORD = people.PASSWORD
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def actor(role: str, *roles: str, on: date = DAY) -> Actor:
    """The account of a role over the county, made once."""
    found = Account.objects.filter(username=role).first() or people.account(role, role, *roles)
    return directory.actor_for(found, on)


def cards(*costs: int) -> list[Asset]:
    """Cards of the register, with a cost each."""
    people.load_county()
    assets.register([assets.draft(cost_fen=cost) for cost in costs])
    return list(Asset.objects.order_by("code"))


def plan(size: int = 3, **given: Any) -> Plan:
    draft = {
        "year": 2024, "title": "2024年度监测方案", "aims": "账实是否相符", "due_on": LATER, "sample_size": size,
        "weighting": "COST",
    }  # fmt: skip
    return services.make_plan(PlanDraft(**{**draft, **given}), actor=actor("finance"), on=DAY)


def drawn(size: int = 3, **given: Any) -> Plan:
    return services.draw(plan(size, **given).pk, seen=1, actor=actor("finance"), on=DAY)


def case(**given: Any) -> Case:
    draft = {"violation": "OCCUPIED", "title": "电脑被搬回家", "text": "站点电脑长期放在私人家中", "happened_on": DAY}
    return services.open_case(CaseDraft(**{**draft, **given}), actor=actor("discipline"), on=DAY)


def seen(case: Case) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)


def named(case: Case, name: str = "李某某", **given: Any) -> int:
    draft = PersonDraft(name, "DIRECT", "站点负责人", **given)
    return services.add_person(case.pk, draft, seen=seen(case), actor=actor("discipline"), on=DAY).pk


def found(case: Case, fen: int = 300_000) -> Case:
    return services.find_loss(case.pk, fen, "损坏不能修复", seen=seen(case), actor=actor("discipline"), on=DAY)


def ordered(case: Case, person: int, fen: int = 300_000, creditor: Party | None = None) -> int:
    owner = creditor or people.office()
    draft = OrderDraft(person, fen, LATER, "偏纪监赔〔2025〕1号", owner.pk, PaperDraft("决定.pdf", PDF))
    return services.order(case.pk, draft, seen=seen(case), actor=actor("discipline"), on=DAY).pk


def paid(case: Case, order: int, fen: int) -> int:
    return services.pay(
        case.pk, order, fen, LATER, "偏财收0117", seen=seen(case), actor=actor("cashier", on=LATER), on=LATER
    ).pk
