"""Joint supervision of the sample county (示例联合监管): a year with two opinions given and two awaited, a case.

In the case a computer was taken home; the loss was found, the whole of it ordered, a part of it paid.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.config.county import SAMPLE_PASSWORD
from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.jointwork import services
from mingchan.oversight.jointwork.choices import Conclusion, Look, Office, Share, Violation, Weighting
from mingchan.oversight.jointwork.drafts import (
    CaseDraft,
    OpinionDraft,
    OrderDraft,
    PaperDraft,
    PersonDraft,
    PlanDraft,
    TransferDraft,
)
from mingchan.oversight.jointwork.models import Case, Order, Plan
from mingchan.oversight.jointwork.queries import plans
from mingchan.register.assets.models import Asset

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LOSS = 460_000


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def load() -> Iterator[str]:
    """Bring them in, once."""
    if Plan.objects.filter(county=settings.COUNTY).exists() or not Asset.objects.filter(status="ACTIVE").exists():
        return
    today = period.today()
    _tracking(today)
    yield "Made a year's joint supervision: two offices have signed, two are awaited."
    if _case(today):
        yield "Opened an accountability case, whose compensation is partly paid."
    services.count_log()


def _tracking(today: date) -> None:
    """Last year's tracking, made a month ago, looked at by finance and audit."""
    made, looked = today - timedelta(days=30), today - timedelta(days=12)
    year = made.year - 1
    draft = PlanDraft(
        year=year,
        title=f"{year}年度电商示范项目资产联合监管跟踪监测方案（示例）",
        aims="账实是否相符，管护责任是否落实，收益是否到位，处置是否报批",
        due_on=today + timedelta(days=15),
        sample_size=12,
        weighting=Weighting.COST,
    )
    finance = _actor("finance", made)
    plan = services.make_plan(draft, actor=finance, on=made, is_sample=True)
    plan = services.draw(plan.pk, seen=plan.version, actor=finance, on=made)
    for row in plans.samples(plan):
        faulty = row.sample.place == 5
        for role in ("finance", "audit") if row.sample.place % 2 else ("audit",):
            services.look(
                row.sample.pk, role, Look.DIFFERS if faulty else Look.RIGHT,
                "设备封存在库房，未按合同使用（示例）" if faulty else "", actor=_actor(role, looked), on=looked,
            )  # fmt: skip
    _sign(plan, Office.FINANCE, OpinionDraft(
        Conclusion.FAULTS, "抽查资产账实基本相符，收益按期入账；有一处设备闲置，未按合同使用（示例）。",
        "三十日内恢复使用或变更使用者，结果报县财政局（示例）。",
    ), looked + timedelta(days=2))  # fmt: skip
    _sign(plan, Office.AUDIT, OpinionDraft(
        Conclusion.SOUND, "账、册、实相互核对，未发现账外资产；一处闲置已另行提出（示例）。",
    ), looked + timedelta(days=4))  # fmt: skip


def _sign(plan: Plan, office: Office, draft: OpinionDraft, on: date) -> None:
    seen = plans.content_digest(plan, office.value)
    services.sign(plan.pk, office.value, draft, SAMPLE_PASSWORD, seen, actor=_actor(office.value, on), on=on)


def _case(today: date) -> bool:
    """A computer taken home, told by the public."""
    opened = today - timedelta(days=18)
    who = _actor("discipline", opened)
    card = (
        Asset.objects.filter(county=who.county, status="ACTIVE", name__contains="电脑", owner__isnull=False)
        .order_by("id")
        .first()
    )
    if card is None:
        return False
    complaint = Complaint.objects.filter(county=who.county, kind="MISUSE").order_by("id").first()
    case = services.open_case(
        CaseDraft(
            violation=Violation.OCCUPIED,
            title="村级站点电脑被搬到私人家中使用（示例）",
            text="群众反映站点的一台电脑被搬到私人家里使用。经查，该电脑自去年起长期不在站点，归还时已损坏，不能修复（示例）。",
            happened_on=opened - timedelta(days=90),
            asset_codes=(card.code,),
            source_ref=f"complaint:{complaint.pk}" if complaint else "",
        ),
        actor=who, on=opened, is_sample=True,
    )  # fmt: skip
    day = opened + timedelta(days=3)
    who = _actor("discipline", day)
    services.add_person(
        case.pk, PersonDraft("贾示例", Share.DIRECT, "原村级站点负责人"), seen=_seen(case), actor=who, on=day
    )
    services.add_person(
        case.pk, PersonDraft("卢示例", Share.OVERSEEING, "村级管护人"), seen=_seen(case), actor=who, on=day
    )
    services.find_loss(
        case.pk, LOSS, "电脑损坏不能修复，按评估价认定损失（示例）。", seen=_seen(case), actor=who, on=day
    )
    order_day = opened + timedelta(days=5)
    who = _actor("discipline", order_day)
    people = list(case.people.order_by("number"))
    paper = PaperDraft("责令赔偿决定书.pdf", PAPER)
    for person, fen, number in ((people[0], 360_000, 1), (people[1], 100_000, 2)):
        services.order(
            case.pk,
            OrderDraft(
                person.pk, fen, order_day + timedelta(days=30), f"偏纪监赔〔{order_day.year}〕{number}号",
                card.owner_id, paper if number == 1 else None,
            ),
            seen=_seen(case), actor=who, on=order_day,
        )  # fmt: skip
    transferred = opened + timedelta(days=6)
    services.transfer(
        case.pk,
        TransferDraft(
            "DISCIPLINE", "偏关县纪委监委案件审理室（示例）", f"偏纪监移〔{transferred.year}〕1号",
            PaperDraft("移送书.pdf", PAPER), "另有违纪问题线索，一并移送（示例）",
        ),
        seen=_seen(case), actor=_actor("discipline", transferred), on=transferred,
    )  # fmt: skip
    paid = opened + timedelta(days=10)
    first = Order.objects.filter(case=case).order_by("number").first()
    assert first is not None
    services.pay(
        case.pk,
        first.pk,
        160_000,
        paid,
        f"偏财收{paid.year}0117",
        seen=_seen(case),
        actor=_actor("cashier", paid),
        on=paid,
    )
    return True


def _seen(case: Case) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)
