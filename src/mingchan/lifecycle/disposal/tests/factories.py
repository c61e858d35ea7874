"""Things the tests of disposal start from: cards of the bureau, proposals at each step, people of the sample county."""

from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as directory_services
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.drafts import (
    AppraisalDraft,
    IncomingDraft,
    PaperDraft,
    ProposalDraft,
    ResultDraft,
)
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.queries import ways
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft

COUNTY = "140932"
TOWN = "140932100000"
DAY = date(2020, 3, 10)
AFTER = date(2020, 3, 18)
"""The day after the seven days of a notice that was published on DAY."""
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REVIEWS = (
    ("finance_review", "finance"), ("poverty_review", "poverty"), ("audit_review", "audit"),
    ("bureau_review", "bureau_reviewer"),
)  # fmt: skip


def actor(role: str, on: date = DAY) -> Actor:
    """The actor of a role's sample account."""
    return directory.actor_for(Account.objects.get(username=role), on)


def office(role: str) -> Party:
    """The office of a role's sample account."""
    return Account.objects.select_related("office").get(username=role).office


def person(name: str = "董改花") -> Party:
    """Somebody by name."""
    found = Party.objects.filter(county=COUNTY, kind="PERSON", name=name, division_code=TOWN).first()
    return found or directory_services.create_party("PERSON", name, TOWN, actor=actor("bureau_clerk"), on=DAY)


def cards(count: int = 3, *, cost_fen: int = 398_001, on: date = DAY, **changes: Any) -> list[int]:
    """Cards of the bureau; the first is furniture, the others computers."""
    values: dict[str, Any] = {
        "system": "PUBLIC_SERVICE", "tier": "TOWN", "division_code": TOWN, "quantity_milli": 2000, "unit": "台",
        "acquired_on": date(2019, 5, 10), "condition": "停用", "owner": office("bureau_clerk").pk,
        "keeper": person().pk, **changes,
    }  # fmt: skip
    drafts = [
        CardDraft(
            name="货架" if index == 0 else f"台式电脑{index}",
            class_code="A05010000" if index == 0 else "A02010105",
            cost_fen=cost_fen + index,
            **values,
        )
        for index in range(count)
    ]
    done = assets.register([drafts], source=Ref("batch", 1), summary="明细表", actor=actor("bureau_clerk"), on=on)
    return list(range(done.first_id, done.last_id + 1))


def head(kind: str = "SCRAP", **changes: Any) -> ProposalDraft:
    """A head that is complete for its kind."""
    values: dict[str, Any] = {"kind": kind, "reason": "已不能使用", "proceeds_use": "上缴财政，用于设备更新"}
    if kind == "SCRAP":
        values |= {"finding_by": "县计算机服务站（示例）", "finding_on": DAY, "finding": "主板烧毁，无修复价值"}
    if kind in ("TRANSFER", "DONATION"):
        values |= (
            {"recipient": office("town_keeper").pk} if kind == "TRANSFER" else {"recipient_name": "县一中（示例）"}
        )
    if kind == "MONETARY":
        values |= {"loss": "OTHER_RECEIVABLE", "amount_fen": 500_000, "debtor": "某公司（示例）"}
    return ProposalDraft(**{**values, **changes})


def paper(name: str = "材料.pdf") -> PaperDraft:
    """A small paper."""
    return PaperDraft(name, PDF)


def appraised(disposal: Disposal, value_fen: int, *, base_on: date = DAY, on: date = DAY, **changes: Any) -> None:
    """Record an appraisal with its report."""
    values = {"firm": "晋西北资产评估有限公司（示例）", "report_no": "评报字〔2020〕7号", "method": "成本法", **changes}
    draft = AppraisalDraft(base_on=base_on, value_fen=value_fen, **values)
    services.record_appraisal(disposal.pk, draft, paper("评估报告.pdf"), actor=actor("bureau_clerk", on), on=on)


def drafted(
    ids: Sequence[int], kind: str = "SCRAP", *, papers: bool = True, on: date = DAY, **changes: Any
) -> Disposal:
    """A proposal with its papers and, where the kind asks for one, an appraisal at its cost."""
    clerk = actor("bureau_clerk", on)
    made = services.draft(ids, head(kind, **changes), actor=clerk, on=on)
    if papers:
        for spec in ways.kind(kind).papers:
            if spec.code != "appraisal":
                services.attach_paper(made.pk, spec.code, paper(f"{spec.label}.pdf"), actor=clerk, on=on)
        if ways.kind(kind).needs_appraisal:
            appraised(made, made.cost_fen, base_on=on, on=on)
    return fresh(made)


def submitted(ids: Sequence[int], kind: str = "SCRAP", on: date = DAY, **changes: Any) -> Disposal:
    """A proposal in its joint review."""
    made = drafted(ids, kind, on=on, **changes)
    return services.submit(made.pk, actor=actor("bureau_clerk", on), on=on)


def fresh(disposal: Disposal) -> Disposal:
    """The disposal as it stands."""
    return Disposal.objects.select_related("case").get(pk=disposal.pk)


def waiting(disposal: Disposal) -> dict[str, Task]:
    """Waiting tasks of its case by step."""
    return {task.node: task for task in Task.objects.filter(case=fresh(disposal).case, status="WAITING")}


def decide(disposal: Disposal, node: str, role: str, answer: str = "AGREE", on: date = DAY, **given: Any) -> Case:
    """Say something at a waiting step."""
    case = fresh(disposal).case
    assert case is not None
    values = {"version": case.version, "on": on, "text": "" if answer in ("AGREE", "DONE") else "理由", **given}
    return procedures.decide(waiting(disposal)[node].pk, answer=answer, actor=actor(role, on), **values)


def reviewed(disposal: Disposal, on: date = DAY) -> Disposal:
    """All four offices agree."""
    for node, role in REVIEWS:
        decide(disposal, node, role, on=on)
    return fresh(disposal)


def approved(disposal: Disposal, on: date = DAY) -> Disposal:
    """The offices and the county agree; the plan waits for its notice."""
    if "finance_review" in waiting(disposal):
        reviewed(disposal, on)
    node = "meeting" if "meeting" in waiting(disposal) else "county"
    if node == "meeting":
        minutes = procedures.PaperDraft("minutes", "纪要.pdf", PDF)
        case_id = fresh(disposal).case_id or 0
        procedures.add_paper(case_id, minutes, actor=actor("county_government", on), on=on)
    decide(disposal, node, "county_government", document_no="偏政函〔2020〕3号", on=on)
    return fresh(disposal)


def notice_ends(disposal: Disposal, outcome: str = "PASSED", on: date = DAY) -> Disposal:
    """The notice is published on a day, proved, and closed when its days are over; an objection may be upheld.

    The layers don't let this context import the one above it, so its factories are fetched by name.
    """
    disclosure = import_module("mingchan.oversight.disclosure.tests.factories")
    case = fresh(disposal).case
    if outcome == "PASSED":
        disclosure.pass_notice(case, on)
        return fresh(disposal)
    notice = disclosure.notice_of(case)
    notice = disclosure.services.publish(notice.pk, notice.version, actor=actor("bureau_reviewer", on), on=on)
    disclosure.posted(notice)
    objection, _receipt = disclosure.object_to(notice, on + timedelta(days=1))
    disclosure.answered(objection, "UPHELD", on + timedelta(days=2))
    last = type(notice).objects.get(pk=notice.pk).last_day
    closed = last + timedelta(days=1)
    disclosure.services.close(notice.pk, actor=disclosure.actor("bureau_clerk", closed), on=closed)
    return fresh(disposal)


def may_proceed(ids: Sequence[int], kind: str = "SCRAP", on: date = DAY, **changes: Any) -> Disposal:
    """A disposal that may be carried out."""
    return notice_ends(approved(submitted(ids, kind, on=on, **changes), on), on=on)


def result(kind: str, **changes: Any) -> ResultDraft:
    """A result that is complete for its kind."""
    values: dict[str, Any] = {
        "TRANSFER": {"other_party": "新关镇人民政府", "contract_no": "交接1号"},
        "SALE": {"other_party": "某公司（示例）", "contract_no": "合同1号", "price_fen": 2_000_000},
        "AUCTION": {
            "other_party": "某公司（示例）", "price_fen": 2_000_000, "house": "某拍卖行（示例）", "place": "交易中心",
            "bidders": 3, "notice_on": date(2020, 3, 1), "confirmation_no": "2020-017",
        },
        "SWAP": {
            "other_party": "某单位（示例）", "contract_no": "协议1号", "incoming": IncomingDraft("投影仪", unit="台"),
        },
        "DONATION": {"other_party": "县一中（示例）", "contract_no": "受赠1号"},
        "DAMAGE": {"responsible": "某人，赔偿后结案", "price_fen": 20_000},
        "SCRAP": {"handled_by": "某回收公司（示例）", "contract_no": "回收1号", "price_fen": 30_000},
        "MONETARY": {"responsible": "债务人已注销"},
    }[kind]  # fmt: skip
    return ResultDraft(**{**values, **changes})


def executed(disposal: Disposal, on: date = AFTER, **changes: Any) -> Disposal:
    """Carry it out."""
    services.execute(
        disposal.pk, result(disposal.kind, **changes), [paper("凭据.pdf")], actor=actor("bureau_clerk", on), on=on
    )
    return fresh(disposal)


def filed(disposal: Disposal, on: date = AFTER) -> Disposal:
    """The bureau files it, and the notice of the result ends."""
    decide(disposal, "filing", "bureau_head", "DONE", document_no="备案1号", on=on)
    return notice_ends(disposal, on=on)
