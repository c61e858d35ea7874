"""Contracts of the sample county (示例经营合同): the centre, the logistics centre and village stations, 2020 to today.

Each goes through its whole procedure on its own dates: decided, published, signed, filed. One expired and was renewed,
one expired, one ended early, one ends in six weeks, one is of high risk and insured; a change of operator is under way.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.services import PaperDraft as CasePaper
from mingchan.foundation.procedures.services import Votes
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation import schedule
from mingchan.lifecycle.operation import services as operation
from mingchan.lifecycle.operation.drafts import InsuranceDraft, PaperDraft, ReturnDraft, StepDraft, TermsDraft
from mingchan.lifecycle.operation.models import Contract
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.register.assets.choices import Status, System, Tier
from mingchan.register.assets.models import Asset

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LEASE = "承租人按期缴纳租金和保证金；不得擅自转租、改变用途；每季度配合检查一次（示例）。"
PLAN = "停业、火灾、被盗等情形发生后二十四小时内报告县工信局，启用邻近站点代办业务，三十日内恢复营业（示例）。"
DUTIES = "按方案开展代买代卖、快递收发等服务，做好资产日常维护，每年配合清查（示例）。"
ENDING_DAYS = 45


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _decide(case: Case, node: str, role: str, on: date, *, answer: str = "AGREE", **given: object) -> None:
    task = Task.objects.get(case=case, node=node, status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    procedures.decide(task.pk, answer=answer, version=version, actor=_actor(role, on), on=on, **given)  # type: ignore[arg-type]


def _published(case: Case, on: date) -> date:
    """The case's notice, published and closed when its time is over; gives the day after it."""
    system = directory.installer(case.county)
    disclosure.draft_missing(actor=system, on=on)
    notice = Notice.objects.filter(case=case).order_by("-id")[0]
    notice = disclosure.publish(notice.pk, notice.version, actor=_actor("bureau_reviewer", on), on=on)
    for place in NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"):
        disclosure.post(place.pk, PostingDraft(on, reason="示例数据，未实际张贴"), actor=system, on=on)
    assert notice.last_day is not None
    over = notice.last_day + timedelta(days=1)
    disclosure.close(notice.pk, actor=system, on=over)
    return over


def _conclude(contract: Contract, on: date) -> Contract:
    """Take a drafted contract through its procedure, beginning on a day."""
    contract.refresh_from_db()
    case = operation.submit(contract.pk, contract.version, actor=_actor("bureau_clerk", on), on=on)
    minutes = CasePaper("minutes", "会议纪要（示例）.pdf", PDF)
    procedures.add_paper(case.pk, minutes, actor=_actor("bureau_reviewer", on), on=on)
    _decide(case, "meeting", "bureau_reviewer", on, votes=Votes(7, 6, 0, 0), text="同意签订（示例）")
    _decide(case, "bureau", "bureau_head", on, document_no=f"偏工信批〔{on.year}〕{contract.serial + 10}号（示例）")
    if Task.objects.filter(case=case, node="county", status="WAITING").exists():
        _decide(
            case, "county", "county_government", on, document_no=f"偏政函〔{on.year}〕{contract.serial + 20}号（示例）"
        )
    over = _published(case, on)
    contract.refresh_from_db()
    copy = PaperDraft(f"{contract.number}签署本（示例）.pdf", PDF)
    operation.sign(contract.pk, copy, version=contract.version, actor=_actor("bureau_head", over), on=over)
    number = f"偏财备〔{over.year}〕{contract.serial + 5}号（示例）"
    _decide(case, "filing", "finance", over, answer="DONE", document_no=number)
    contract.refresh_from_db()
    return contract


def _made(ids: Sequence[int], operator: int, title: str, terms: TermsDraft, *, begins: bool = True) -> Contract:
    """A contract a month before its first day, through its procedure, begun on its first day."""
    assert terms.starts_on is not None
    on = terms.starts_on - timedelta(days=30)
    clerk = Account.objects.select_related("office").get(username="bureau_clerk")
    contract = operation.draft(
        operator, terms, title=title, lessor=clerk.office_id, asset_ids=ids, actor=_actor("bureau_clerk", on), on=on,
        is_sample=True,
    )  # fmt: skip
    contract = _conclude(contract, on)
    if begins:
        operation.by_the_clock(settings.COUNTY, on=terms.starts_on)
        contract.refresh_from_db()
    return contract


def _at(system: str, tier: str) -> tuple[list[int], str]:
    """The cards of the site that has most of them, with the site's name."""
    cards = Asset.objects.filter(county=settings.COUNTY, status=Status.ACTIVE, system=system, tier=tier)
    sites: dict[tuple[int, str], list[int]] = {}
    rows = cards.filter(site__isnull=False).order_by("id").values_list("id", "site_id", "site__name")
    for key, site, name in rows:
        sites.setdefault((site or 0, name or ""), []).append(key)
    (_site, name), ids = max(sites.items(), key=lambda item: (len(item[1]), -item[0][0]))
    return ids, name


def _stations(count: int) -> list[tuple[list[int], str, int]]:
    """Village stations whose cards name one operator: cards, name, operator."""
    rows = Asset.objects.filter(
        county=settings.COUNTY, status=Status.ACTIVE, tier=Tier.VILLAGE, site__isnull=False, operator__isnull=False
    ).order_by("site_id", "id")
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for key, site, name, operator in rows.values_list("id", "site_id", "site__name", "operator_id"):
        found.setdefault((site or 0, name or ""), []).append((key, operator or 0))
    alike = [
        ([key for key, _operator in cards], name, cards[0][1])
        for (_site, name), cards in found.items()
        if len({operator for _key, operator in cards}) == 1
    ]
    return alike[:count]


def _lease(first: date, last: date, yearly: int, **changes: object) -> TermsDraft:
    given = {
        "mode": "LEASE", "starts_on": first, "last_day": last, "yearly_fen": yearly, "every": "HALF",
        "deposit_fen": yearly // 4, "measures": LEASE, "emergency_plan": PLAN, "operator_duties": DUTIES, **changes,
    }  # fmt: skip
    return TermsDraft(**given)  # type: ignore[arg-type]


def load() -> Iterator[str]:
    """Bring them in, once."""
    if Contract.objects.filter(county=settings.COUNTY).exists():
        return
    today = period.today()
    company = directory.actor_for(Account.objects.get(username="operator"), today).parties("contract.view")[0]
    centre, centre_name = _at(System.PUBLIC_SERVICE, Tier.COUNTY)
    depot, depot_name = _at(System.LOGISTICS, Tier.COUNTY)
    stations = _stations(6)
    first = _centre(centre, centre_name, company)
    _past(stations)
    _renewed(first)
    _depot([key for key in depot if key not in set(centre)], depot_name, company, today)
    _ending(stations[2], today)
    operation.by_the_clock(settings.COUNTY, on=today)
    yield f"Signed {Contract.objects.filter(county=settings.COUNTY).count()} contracts, some over, some running."
    _under_way(stations, today)
    yield "Drafted one contract, brought one in, proposed one change of operator."


def _centre(ids: Sequence[int], name: str, company: int) -> Contract:
    terms = TermsDraft(
        mode="ENTRUSTED", starts_on=date(2020, 7, 1), last_day=date(2022, 6, 30), yearly_fen=3_600_000, every="QUARTER",
        free_months=3, deposit_fen=500_000, income_note="固定收益之外的经营盈余归受托方（示例）。",
        measures="受托方按月报送运营数据；资金专户管理；重大事项事先报县工信局同意；接受第三方绩效评估（示例）。",
        emergency_plan=PLAN, operator_duties=DUTIES, lessor_duties="协调场地水电和政策支持（示例）。",
    )  # fmt: skip
    return _made(ids, company, name, terms)


def _past(stations: Sequence[tuple[list[int], str, int]]) -> None:
    """One station's contract that ran out, one that ended early with its things given back."""
    ids, name, operator = stations[0]
    terms = _lease(
        date(2020, 8, 1), date(2023, 7, 31), 240_000, mode="CONTRACTED", steps=(StepDraft(13, 264_000),),
        measures="承包人自负盈亏，按期缴纳承包费；资产损坏、丢失照价赔偿；不得转包（示例）。",
    )  # fmt: skip
    _made(ids, operator, name, terms)
    ids, name, operator = stations[1]
    ended = _made(ids, operator, name, _lease(date(2020, 9, 1), date(2023, 8, 31), 180_000))
    on = date(2021, 10, 31)
    operation.end(
        ended.pk,
        reason="经营者外出务工，双方协商终止（示例）",
        deposit_back_fen=40_000,
        deposit_kept_fen=5_000,
        note="扣留部分抵显示器维修费（示例）",
        returns=[ReturnDraft(key, "在用") for key in ids],
        version=ended.version,
        actor=_actor("bureau_head", on),
        on=on,
    )


def _renewed(first: Contract) -> None:
    """The centre's contract, renewed when it ran out."""
    on = date(2022, 5, 20)
    following = operation.renew(first.pk, date(2027, 6, 30), actor=_actor("bureau_clerk", on), on=on)
    _conclude(following, on)
    operation.by_the_clock(settings.COUNTY, on=date(2022, 7, 1))


def _depot(ids: Sequence[int], name: str, company: int, today: date) -> None:
    """The logistics centre by shares, of high risk: reports of its years, policies, a claim that was paid."""
    begins = date(2022, 3, 1)
    terms = TermsDraft(
        mode="EQUITY", starts_on=begins, last_day=date(2027, 2, 28), yearly_fen=2_400_000, every="HALF",
        share_of="TURNOVER", share_bp=150, share_every="YEAR", deposit_fen=1_000_000,
        income_note="资产作价入股，保底分红之外按营业额分成（示例）。",
        measures="资产作价入股经评估；派驻监事，年度审计；商业保险由经营者投保，第一受益人为发包方（示例）。",
        emergency_plan="车辆事故、仓库火灾启动预案，先行救助并在二小时内报告，保险理赔用于恢复资产（示例）。",
        operator_duties="保证县乡村三级配送每日一班（示例）。",
    )  # fmt: skip
    contract = _made(ids, company, name, terms)
    _insure(contract, "示例保-2022-018", begins, date(2026, 2, 28), begins)
    _insure(contract, "示例保-现行-031", today - timedelta(days=340), today + timedelta(days=24), begins)
    turnover = 86_000_000
    for year in range(2023, today.year + 1):
        on = date(year, 3, 20)
        if on > today:
            break
        row = operation.report(
            contract.pk, date(year - 1, 3, 1), turnover_fen=turnover, profit_fen=turnover // 12, note="示例",
            paper=PaperDraft("收款流水（示例）.pdf", PDF), actor=_actor("operator", on), on=on,
        )  # fmt: skip
        turnover += 7_500_000
        if on < today - timedelta(days=300):
            answered = on + timedelta(days=6)
            operation.answer(row.pk, accept=True, actor=_actor("bureau_clerk", answered), on=answered)


def _insure(contract: Contract, number: str, first: date, last: date, signed: date) -> None:
    on = max(first, signed)
    policy = InsuranceDraft("示例财产保险偏关支公司", number, "财产一切险", 60_000_000, 320_000, first, last)
    made = operation.insure(contract.pk, policy, is_sample=True, actor=_actor("bureau_clerk", on), on=on)
    if first.year == 2022:
        day = date(2023, 8, 4)
        clerk = _actor("bureau_clerk", day)
        loss = operation.claim(
            made.pk, happened_on=date(2023, 8, 2), event="仓库进水（示例）", claimed_fen=1_850_000, actor=clerk,
            on=day,
        )  # fmt: skip
        operation.close_claim(loss.pk, paid_fen=1_520_000, actor=clerk, on=date(2023, 9, 12))


def _ending(station: tuple[list[int], str, int], today: date) -> None:
    """A station's contract that ends in some six weeks."""
    ids, name, operator = station
    last = today + timedelta(days=ENDING_DAYS)
    begins = max(date(2022, 4, 1), schedule.month_start(last, -58))
    _made(ids, operator, name, _lease(begins, last, 216_000, free_months=1))


def _under_way(stations: Sequence[tuple[list[int], str, int]], today: date) -> None:
    """A draft that lacks its term, a contract before the meeting, a change of operator before its review."""
    on = today - timedelta(days=6)
    clerk = _actor("bureau_clerk", on)
    office = Account.objects.select_related("office").get(username="bureau_clerk").office_id
    ids, name, operator = stations[3]
    draft = TermsDraft(mode="LEASE", yearly_fen=200_000, measures=LEASE, emergency_plan=PLAN)
    operation.draft(operator, draft, title=name, lessor=office, asset_ids=ids, actor=clerk, on=on, is_sample=True)
    ids, name, operator = stations[4]
    first = schedule.month_start(today.replace(day=1), 2)
    terms = _lease(first, schedule.years_after(first, 3), 228_000)
    waiting = operation.draft(
        operator, terms, title=name, lessor=office, asset_ids=ids, actor=clerk, on=on, is_sample=True
    )
    operation.submit(waiting.pk, waiting.version, actor=clerk, on=on)
    ids, name, operator = stations[5]
    other = (
        Party.objects.filter(county=settings.COUNTY, kind=PartyKind.COMPANY).exclude(pk=operator).order_by("id").first()
    )
    assert other is not None
    reason = f"{name}经营者长期不在岗，站点无起色，拟由有运营能力的企业接手（示例）"
    operation.propose("OPERATOR", ids, operator=other.pk, reason=reason, actor=clerk, on=on, is_sample=True)
