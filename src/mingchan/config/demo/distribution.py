"""Distribution in the sample county (收益分配): three villages, two policies, a plan paid, another at its notice.

Every person is invented and marked 示例; identity numbers have right check digits and belong to nobody known to us.
"""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import xlsxwriter
from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Division
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.rules import Votes
from mingchan.foundation.procedures.services import PaperDraft as CasePaper
from mingchan.interfaces.exchange import household_door
from mingchan.kernel import identity, period
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.distribution import services
from mingchan.lifecycle.distribution.drafts import FixedShare, PaperDraft, PlanDraft, PolicyDraft, SpendingDraft
from mingchan.lifecycle.distribution.models import Household, Payment, Plan, Policy
from mingchan.lifecycle.distribution.queries import plans, pool
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈卫蒋", ("大山", "秀英", "长河", "玉兰", "满仓", "改梅", "有福", "桂花")
CATEGORIES = ("脱贫户", "脱贫户", "脱贫户", "脱贫不稳定户", "脱贫户", "边缘易致贫户", "低保户", "脱贫户")
HEADS = (
    "乡镇", "行政村", "户号", "姓名", "与户主关系", "身份证号", "联系电话", "户类型", "家庭人口", "银行账号",
    "开户行", "纳入时间",
)  # fmt: skip
IN_VILLAGE, VILLAGES = 14, 3
SINCE = date(2021, 1, 4)


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def load() -> Iterator[str]:
    """Bring it in, once."""
    if Household.objects.filter(county=settings.COUNTY).exists():
        return
    village = Account.objects.select_related("office").get(username="village_keeper").office.division_code
    found = _villages(village)
    yield _households(found)
    _policies(village)
    yield f"Filed {Policy.objects.count()} policies of distribution."
    today = period.today()
    first = _plan(
        "全县电商资产收益分配（示例）", settings.COUNTY.ljust(12, "0"), date(today.year - 1, 1, 1),
        date(today.year - 1, 6, 30),
        {"HOUSEHOLDS": 7000, "ASSETS": 2000, "CAPACITY": 1000}, date(today.year - 1, 7, 8),
    )  # fmt: skip
    if first is not None:
        yield _carried_out(first)
    start = today - timedelta(days=8)
    second = _plan(
        "村级站点收益分配（示例）", village, date(today.year - 1, 7, 1), date(today.year - 1, 12, 31),
        {"HOUSEHOLDS": 7500, "FACILITIES": 1500, "ASSETS": 1000}, start,
    )  # fmt: skip
    if second is not None:
        _at_its_notice(second, start)
        yield "Brought one plan of a village to its notice."


def _villages(first: str) -> list[Division]:
    """The sample keeper's village and the next ones of its town."""
    rows = [row for row in directory.divisions_under(first[:9]) if row.level == "VILLAGE" and row.code >= first]
    return rows[:VILLAGES]


def _number(serial: int, prefix: str, born: str) -> str:
    body = f"{prefix}{born}{serial % 1000:03d}"
    return body + identity.check_character(body)


def _rows(villages: list[Division]) -> Iterator[tuple[str, ...]]:
    """Two people of each household: the head with all of it, the spouse below."""
    town = directory.division_names([villages[0].parent_code])[villages[0].parent_code]
    for place, village in enumerate(villages):
        for house in range(IN_VILLAGE):
            serial = place * IN_VILLAGE + house
            number = f"{house + 1:03d}"
            born = f"{1950 + serial % 45}{serial % 12 + 1:02d}{serial % 28 + 1:02d}"
            head = SURNAMES[serial % len(SURNAMES)] + GIVEN[serial % len(GIVEN)]
            account = "" if house == 7 else f"62179300{settings.COUNTY}{place:02d}{house:03d}"
            yield (
                town, village.name, number, head, "户主", _number(serial, "142234", born), f"1390350{serial:04d}",
                CATEGORIES[house % len(CATEGORIES)], str(2 + house % 5), account,
                "偏关农商行（示例）" if account else "",
                "2014-11-30",
            )  # fmt: skip
            spouse = SURNAMES[(serial + 5) % len(SURNAMES)] + GIVEN[(serial + 3) % len(GIVEN)]
            born = f"{2000 + serial % 3}{serial % 12 + 1:02d}{serial % 27 + 1:02d}"
            yield (town, village.name, number, spouse, "家庭成员", _number(serial, "140932", born), *[""] * 6)


def _households(villages: list[Division]) -> str:
    """The villages' workbook, through the door that people use."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("受益户（示例）")
        for place, row in enumerate((HEADS, *_rows(villages))):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)
    out.seek(0)
    clerk = _actor("bureau_clerk", SINCE)
    name = "受益户名册（示例）.xlsx"
    roster = household_door.bring(out, name, SINCE, is_sample=True, actor=clerk, on=SINCE)
    done = services.apply_roster(roster.pk, with_leavers=False, actor=clerk, on=SINCE)
    return f"Entered {done.household_count} households of {len(villages)} villages."


def _policies(village: str) -> None:
    """The county's policy by need and a village's own by household, both filed."""
    relief = ("LIFTED", "UNSTABLE", "BORDERLINE", "HARDSHIP")
    drafts = (
        PolicyDraft(
            settings.COUNTY.ljust(12, "0"), "电商资产收益分配办法（示例）", SINCE, "NEED", (*relief, "ALLOWANCE"),
            {"HOUSEHOLDS": (6000, 8000), "ASSETS": (1000, 3000), "CAPACITY": (0, 2000), "INDUSTRY": (0, 2000)},
            {"LIFTED": 2, "UNSTABLE": 4, "BORDERLINE": 3, "HARDSHIP": 5, "ALLOWANCE": 4},
            "县工信局局务会议纪要（示例）", True,
        ),
        PolicyDraft(
            village, "本村电商站点收益分配办法（示例）", SINCE, "EQUAL", relief,
            {"HOUSEHOLDS": (7000, 9000), "FACILITIES": (0, 2000), "ASSETS": (500, 2000)},
            {}, "村民代表会议决议（示例）", True,
        ),
    )  # fmt: skip
    for place, draft in enumerate(drafts, start=1):
        made = services.make_policy(draft, actor=_actor("bureau_clerk", SINCE), on=SINCE)
        day = SINCE + timedelta(days=7)
        number = f"偏财备〔{day.year}〕{place}号（示例）"
        services.file_policy(made.pk, number, day, actor=_actor("finance", day), on=day)


def _plan(title: str, division: str, start: date, last: date, shares: dict[str, int], on: date) -> Plan | None:
    """A drafted plan of the holder who received most in a period; None when nobody received anything."""
    there = pool.open_by_holder(settings.COUNTY, start, last)
    if not there:
        return None
    holder = max(there, key=lambda key: (there[key], -key))
    poorest = Household.objects.filter(county=settings.COUNTY, number="004", division_code__startswith=division[:6])
    one = poorest.order_by("division_code").first()
    fixed = {one.pk: FixedShare(60_000, "户主大病住院，村民代表会议同意增加（示例）")} if one is not None else {}
    draft = PlanDraft(
        holder=holder, division_code=division, period_start=start, last_day=last, as_of=last,
        title=f"{start.year}年{'上' if start.month == 1 else '下'}半年{title}", shares=shares,
        fixed=fixed if there[holder] > 500_000 else {}, is_sample=True,
    )  # fmt: skip
    return services.draft_plan(draft, actor=_actor("bureau_clerk", on), on=on)


def _decide(case: int, node: str, role: str, on: date, answer: str = "AGREE", **given: object) -> None:
    task = Task.objects.get(case=case, node=node, status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case)
    procedures.decide(task.pk, answer=answer, version=version, actor=_actor(role, on), on=on, **given)  # type: ignore[arg-type]


def _proposed(plan: Plan, on: date) -> int:
    proposed = services.propose_plan(plan.pk, actor=_actor("bureau_clerk", on), on=on)
    assert proposed.case_id is not None
    return proposed.case_id


def _published(case: int, on: date) -> Notice:
    """The case's notice, published on a day and put on its boards."""
    system = directory.installer(settings.COUNTY)
    disclosure.draft_missing(actor=system, on=on)
    notice = Notice.objects.filter(case=case).order_by("-id")[0]
    notice = disclosure.publish(notice.pk, notice.version, actor=_actor("bureau_reviewer", on), on=on)
    for place in NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"):
        disclosure.post(place.pk, PostingDraft(on, reason="示例数据，未实际张贴"), actor=system, on=on)
    return notice


def _carried_out(plan: Plan) -> str:
    """The first plan through its decision, notice and filing to the households; one payment came back."""
    on = plan.made_on
    case = _proposed(plan, on)
    on += timedelta(days=3)
    _decide(case, "bureau", "bureau_head", on, document_no=f"偏工信〔{on.year}〕21号（示例）")
    notice = _published(case, on)
    assert notice.last_day is not None
    on = notice.last_day + timedelta(days=1)
    disclosure.close(notice.pk, actor=directory.installer(settings.COUNTY), on=on)
    on += timedelta(days=4)
    _decide(case, "filing", "finance", on, "DONE", document_no=f"偏财备〔{on.year}〕31号（示例）")
    cashier, clerk = _actor("cashier", on), _actor("bureau_clerk", on)
    payout = services.make_list(plan.pk, "BANK", actor=cashier, on=on)
    paid = on + timedelta(days=2)
    services.mark_paid(payout.pk, None, paid_on=paid, proof="代发批次 0001（示例）", actor=cashier, on=paid)
    back = Payment.objects.filter(payout=payout).order_by("id")[2]
    day = paid + timedelta(days=3)
    reason = "收款账户已销户，银行退回（示例）"
    services.mark_returned(back.pk, returned_on=day, reason=reason, actor=cashier, on=day)
    cash = services.make_list(plan.pk, "CASH", actor=cashier, on=day)
    services.mark_paid(cash.pk, None, paid_on=day, proof="签领表 1 号（示例）", actor=cashier, on=day)
    line = next(row.line for row in plans.lines_of(plan) if row.line.use == "ASSETS")
    paper = PaperDraft("维修发票（示例）.pdf", PDF)
    spending = SpendingDraft("ASSETS", line.fen * 6 // 10, "偏关县某机电维修部（示例）", "冷藏设备检修", day, paper)
    services.spend(plan.pk, spending, actor=clerk, on=day)
    return f"Paid {payout.count} households by bank and {cash.count} in cash; one payment had come back."


def _at_its_notice(plan: Plan, on: date) -> None:
    """The village voted, the town and the bureau agreed, the notice runs."""
    case = _proposed(plan, on)
    minutes = CasePaper("minutes", "村民代表会议纪要（示例）.pdf", PDF)
    procedures.add_paper(case, minutes, actor=_actor("village_keeper", on), on=on)
    _decide(case, "meeting", "village_keeper", on, votes=Votes(35, 27, 3, 1), text="同意分配方案（示例）")
    on += timedelta(days=2)
    _decide(case, "town", "town_keeper", on, text="程序合规（示例）")
    _decide(case, "bureau", "bureau_head", on, document_no=f"偏工信〔{on.year}〕58号（示例）")
    _published(case, on + timedelta(days=2))
