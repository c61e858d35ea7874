"""Performance in the sample county (绩效): goals of every contract, and last year's evaluations.

The centre's evaluation passed, a station's failed and is under rectification, another waits for its operator's appeal
to run out, the rest are being scored.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import pack, queries, rules, services
from mingchan.lifecycle.performance.choices import GoalKind
from mingchan.lifecycle.performance.drafts import GoalDraft, ScoreDraft
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace

GOALS = (
    GoalDraft(GoalKind.PARCELS, 12_000), GoalDraft(GoalKind.HOUSEHOLDS, 60), GoalDraft(GoalKind.OPEN_DAYS, 300),
    GoalDraft(GoalKind.SALES, 60_000_000),
)  # fmt: skip
REACHED = {
    "good": (11_400, 63, 302, 57_500_000),
    "bad": (3_100, 11, 96, 4_200_000),
    "fair": (9_900, 48, 281, 43_000_000),
}
FOUND_SHARE = 55
"""Of what is registered at the failing station, so many percent were found on the spot."""
JUDGED = {"good": 92, "bad": 40, "fair": 78}
OPINIONS = {
    "good": "运营规范，收寄和带动户数接近目标，建议继续由现经营者经营（示例）。",
    "bad": "站点长期半开门，收寄量和带动户数远低于目标，部分设备闲置，不达标（示例）。",
    "fair": "总体正常，网络零售未达目标，台账登记不及时（示例）。",
}


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _score(found: Evaluation, how: str, on: date) -> Evaluation:
    """Figures of the system where it has them, judgements by how well the station runs."""
    known = queries.measured(found.contract, found.year, on)
    drafts: list[ScoreDraft] = []
    for one in pack.read(found.indicators).indicators:
        figures = known.get(one.measure)
        if figures is not None and figures.denominator:
            grounds = ""
            if how == "bad" and not one.measure.startswith("goal"):
                figures = rules.Measured(figures.numerator * FOUND_SHARE // 100, figures.denominator)
                grounds = "现场核实，与登记不符（示例）"
            earned = rules.points(one.weight, figures, one.full_bp)
            drafts.append(ScoreDraft(one.code, earned, grounds, *figures))
        elif one.measure:
            earned = rules.points(one.weight, rules.Measured(JUDGED[how], 100), one.full_bp)
            drafts.append(ScoreDraft(one.code, earned, "系统无数据，按现场核查折算（示例）", JUDGED[how], 100))
        else:
            drafts.append(ScoreDraft(one.code, one.weight * JUDGED[how] // 100, "现场核查和问卷（示例）"))
    evaluator = _actor("evaluator", on)
    found = services.score(found.pk, drafts, version=found.version, actor=evaluator, on=on)
    services.note_visit(
        found.pk, visited_on=on, place=found.contract.title, checked=20, matching=20 * JUDGED[how] // 100,
        found="逐件核对铭牌和存放地点（示例）", actor=evaluator, on=on,
    )  # fmt: skip
    return services.submit(found.pk, opinion=OPINIONS[how], version=found.version, actor=evaluator, on=on)


def _confirm(found: Evaluation, on: date) -> date:
    """Announced, not appealed against, countersigned, published; gives the day on which it counts."""
    found = services.announce(found.pk, version=found.version, actor=_actor("finance", on), on=on)
    sent_on = (found.appeal_until or on) + timedelta(days=1)
    found = services.send(found.pk, version=found.version, actor=_actor("finance", sent_on), on=sent_on)
    case = found.case
    assert case is not None
    for node, role in (("bureau", "bureau_head"), ("poverty", "poverty")):
        task = Task.objects.get(case=case, node=node, status="WAITING")
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
        procedures.decide(task.pk, answer="AGREE", version=version, actor=_actor(role, sent_on), on=sent_on)
    system = directory.installer(settings.COUNTY)
    disclosure.draft_missing(actor=system, on=sent_on)
    notice = Notice.objects.get(case=case)
    notice = disclosure.publish(notice.pk, notice.version, actor=_actor("bureau_reviewer", sent_on), on=sent_on)
    for place in NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"):
        disclosure.post(place.pk, PostingDraft(sent_on, reason="示例数据，未实际张贴"), actor=system, on=sent_on)
    assert notice.last_day is not None
    over = notice.last_day + timedelta(days=1)
    disclosure.close(notice.pk, actor=system, on=over)
    return over


def _goals(contracts: Sequence[Contract], year: int) -> None:
    """Goals of a year for every contract, with figures for an ended year."""
    set_on, told_on = date(year, 1, 20), date(year + 1, 1, 20)
    for place, contract in enumerate(contracts):
        start = contract.starts_on or set_on
        on = max(set_on, start)
        services.set_goals(contract.pk, year, GOALS, actor=_actor("bureau_clerk", on), on=on)
        if told_on > period.today():
            continue
        how = ("good", "bad", "fair")[place % 3]
        for draft, actual in zip(GOALS, REACHED[how], strict=True):
            services.report_goal(
                contract.pk, year, draft.kind, actual, "经营者报表和收寄台账（示例）",
                actor=_actor("bureau_clerk", told_on), on=told_on,
            )  # fmt: skip


def _ran_in(year: int) -> list[Contract]:
    return list(
        Contract.objects.filter(
            county=settings.COUNTY, starts_on__year__lte=year, last_day__year__gte=year,
            status__in=("RUNNING", "SIGNED", "ENDED", "EXPIRED"),
        ).order_by("pk")
    )  # fmt: skip


def load() -> Iterator[str]:
    """Bring it in, once, when there are contracts."""
    today = period.today()
    year = today.year - 1
    contracts = _ran_in(year)
    if len(contracts) < 2 or Evaluation.objects.filter(county=settings.COUNTY).exists():
        return
    _goals(contracts, year)
    _goals(_ran_in(today.year), today.year)
    begun, scored, told = date(today.year, 2, 5), date(today.year, 3, 20), date(today.year, 4, 1)
    if today <= told + timedelta(days=40):
        begun, scored, told = (today - timedelta(days=count) for count in (90, 70, 60))
    made = services.commission(
        year,
        [contract.pk for contract in contracts],
        Account.objects.get(username="evaluator").office_id,
        document_no=f"偏财绩〔{begun.year}〕3号（示例）",
        due_on=begun + timedelta(days=60),
        is_sample=True,
        actor=_actor("finance", begun),
        on=begun,
    )
    _confirm(_score(made[0], "good", scored), told)
    over = _confirm(_score(made[1], "bad", scored), told)
    for found in made[2:3]:
        waiting = _score(found, "fair", scored)
        services.announce(waiting.pk, version=waiting.version, actor=_actor("finance", told), on=told)
    fix = Rectification.objects.filter(evaluation=made[1]).first()
    if fix is not None:
        own = made[1].contract.operator
        account = Account.objects.filter(office=own).first()
        if account is not None:
            on = over + timedelta(days=10)
            services.report_fix(
                fix.pk, text="已增派一名值守人员，营业时间延长到八小时（示例）。", is_done=False, version=fix.version,
                actor=directory.actor_for(account, on, source="command"), on=on,
            )  # fmt: skip
    yield f"Evaluated {len(made)} contracts of {year}: one passed, one failed and is being put right."
