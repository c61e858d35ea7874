"""Stocktakes in the sample county (清查盘点): last year's is closed with settled differences and its report, an
inspection of one township waits for the checker, for two counters saw one thing differently.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel import holds, period
from mingchan.kernel.actor import Actor
from mingchan.kernel.fieldwork import Event
from mingchan.lifecycle.stocktake import services
from mingchan.lifecycle.stocktake.choices import MOST_EVENTS
from mingchan.lifecycle.stocktake.drafts import PlanDraft, SettleDraft
from mingchan.lifecycle.stocktake.models import Difference, Line, Plan
from mingchan.lifecycle.stocktake.models import Task as Place
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace

COUNTERS = ("agriculture", "accountant")
REASONS = {
    "UNSEEN": ("FOUND_LATER", "锁在库房，次日由保管人开门核实在库（示例）"),
    "SHORTAGE": ("FOUND_LATER", "借给邻站使用，已归还（示例）"),
    "STATE": ("STATE", "屏幕损坏，按实际状况更正，列入维修计划（示例）"),
    "PLACE": ("PUT_BACK", "培训时借用，已搬回原站点（示例）"),
    "UNLABELLED": ("LABELLED", "标签脱落，已补贴（示例）"),
}


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), period.SHANGHAI)


def _begin(head: PlanDraft, counters: Sequence[str], on: date) -> Plan:
    """Drafted, approved, staffed and begun on one day."""
    clerk = _actor("bureau_clerk", on)
    plan = services.draft(head, is_sample=True, actor=clerk, on=on)
    plan = services.approve(plan.pk, version=plan.version, actor=_actor("bureau_head", on), on=on)
    for role, username in (("CHECKER", "bureau_reviewer"), ("OBSERVER", "audit")):
        services.add_member(plan.pk, Account.objects.get(username=username).pk, role, actor=clerk, on=on)
    places = list(Place.objects.filter(plan=plan).values_list("pk", flat=True))
    for username in counters:
        added = services.add_member(plan.pk, Account.objects.get(username=username).pk, "COUNTER", actor=clerk, on=on)
        services.assign(plan.pk, places, added.pk, actor=clerk, on=on)
    return services.start(plan.pk, version=plan.version, actor=clerk, on=on)


class _Phone:
    """A counter's phone: events numbered on, sent place by place."""

    def __init__(self, username: str, plan: Plan, on: date) -> None:
        self.actor, self.plan, self.on = _actor(username, on), plan, on
        self.device, self.seq = f"sample-{username}-{plan.pk}", 0

    def event(self, kind: str, code: str = "", **data: object) -> Event:
        """The next event."""
        self.seq += 1
        return Event(f"{self.device}-{self.seq:05d}", self.device, self.seq, kind, _noon(self.on), 0, code, data)

    def send(self, place: int, events: Sequence[Event]) -> None:
        """What was done at a place."""
        for start in range(0, len(events), MOST_EVENTS):
            services.take_in(
                place, events[start : start + MOST_EVENTS], received_at=_noon(self.on), actor=self.actor, on=self.on
            )

    def count(self, places: Sequence[int], seen: dict[str, tuple[str, dict[str, object]]]) -> None:
        """Everything is there, but for what is told otherwise; signed and finished."""
        rows: dict[int, list[str]] = {}
        for place, code in (
            Line.objects.filter(plan=self.plan, task__in=places).order_by("code").values_list("task_id", "code")
        ):
            rows.setdefault(place, []).append(code)
        for place in places:
            events = []
            for code in rows.get(place, ()):
                kind, data = seen.get(code, ("found", {}))
                if kind:
                    events.append(self.event(kind, code, **data))
            events.append(self.event("signature", role="counter", name=self.actor.name, strokes=[[[10, 40], [60, 20]]]))
            self.send(place, [*events, self.event("finish")])


def _unmoved(plan: Plan, on: date) -> list[tuple[str, int]]:
    """Single things that stand still: nothing is under way about them and nothing changed since."""
    rows = Line.objects.filter(
        plan=plan, quantity_milli=1000, asset__status="ACTIVE", asset__state_since__lte=on, asset__frozen_by=None
    )
    found = list(rows.order_by("code").values_list("code", "asset_id"))
    held = holds.on_things("asset_disposal", [key for _code, key in found])
    return [(code, key) for code, key in found if key not in held]


def _yearly(base: date) -> Plan | None:
    begun = date(base.year + 1, 1, 8)
    counted, settled = begun + timedelta(days=17), begun + timedelta(days=30)
    plan = _begin(
        PlanDraft(
            f"{base.year}年度电商示范项目资产清查", "YEARLY", base, begun, date(base.year + 1, 3, 31),
            basis="实施方案三（四）3（示例）", photo_for=(), asks_case=True,
        ),
        COUNTERS[:1],
        begun,
    )  # fmt: skip
    places = list(Place.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    still = _unmoved(plan, settled)
    if len(still) < 9 or len(places) < 2:
        return None
    step = len(still) // 6
    odd = [code for code, _key in still[::step]][:6]
    seen: dict[str, tuple[str, dict[str, object]]] = {
        odd[0]: ("not_found", {"note": "站点人员称已外借"}),
        odd[1]: ("damaged", {"note": "屏幕碎裂"}),
        odd[2]: ("elsewhere", {"place": str(places[1]), "text": "在另一处使用"}),
        odd[3]: ("", {}),
        odd[4]: ("claim", {"label": "补-001"}),
    }
    phone = _Phone(COUNTERS[0], plan, counted)
    phone.count(places, seen)
    phone.send(places[0], [phone.event("surplus", name="移动展示架", unit="组", quantity=2, note="无卡片，来源待查")])
    clerk = _actor("bureau_clerk", settled)
    plan = services.end_counting(plan.pk, version=plan.version, actor=clerk, on=settled)
    plan = services.confirm(plan.pk, version=plan.version, actor=_actor("bureau_reviewer", settled), on=settled)
    owner = Line.objects.filter(plan=plan, owner__isnull=False).values("owner").annotate(many=Count("pk"))
    holder = owner.order_by("-many")[0]["owner"]
    for row in Difference.objects.filter(plan=plan, state="OPEN").order_by("pk"):
        if row.kind == "SURPLUS":
            draft = SettleDraft(
                "REGISTER", "属早年配套购置漏登，评估后入账（示例）", appraised_fen=68_000,
                appraiser="偏关县价格认定中心（示例）", owner=holder,
            )  # fmt: skip
        else:
            decision, reason = REASONS[row.kind]
            draft = SettleDraft(decision, reason)
        services.settle(row.pk, draft, version=row.version, actor=clerk, on=settled)
    plan.refresh_from_db()
    words = "账实基本相符，个别资产地点、状况与台账不符，已逐项查清处理（示例）。"
    plan = services.send(plan.pk, conclusion=words, version=plan.version, actor=clerk, on=settled)
    _approve(plan, settled)
    return plan


def _decide(case: Case, node: str, role: str, on: date) -> None:
    task = Task.objects.get(case=case, node=node, status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    procedures.decide(task.pk, answer="AGREE", version=version, actor=_actor(role, on), on=on)


def _approve(plan: Plan, on: date) -> None:
    """Approved by the bureau, published without objection, confirmed by finance."""
    case = plan.case
    assert case is not None
    _decide(case, "bureau", "bureau_head", on)
    system = directory.installer(settings.COUNTY)
    disclosure.draft_missing(actor=system, on=on)
    notice = Notice.objects.get(case=case)
    notice = disclosure.publish(notice.pk, notice.version, actor=system, on=on)
    for place in NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"):
        disclosure.post(place.pk, PostingDraft(on, reason="示例数据，未实际张贴"), actor=system, on=on)
    assert notice.last_day is not None
    over = notice.last_day + timedelta(days=1)
    disclosure.close(notice.pk, actor=system, on=over)
    _decide(case, "finance", "finance", over)


def _inspection(today: date) -> Plan | None:
    """Two counters in one township: they saw one thing differently, so it waits for the checker."""
    begun = today - timedelta(days=12)
    towns = (
        Place.objects.filter(plan__kind="YEARLY", county=settings.COUNTY)
        .exclude(division_code__startswith=f"{settings.COUNTY}100")
        .values_list("division_code", "line_count")
    )
    sums: dict[str, int] = {}
    for code, count in towns:
        if len(code) >= 9 and code[6:9] != "000":
            sums[code[:9]] = sums.get(code[:9], 0) + count
    if not sums:
        return None
    town = max(sums, key=lambda code: (sums[code], code)).ljust(12, "0")
    plan = _begin(
        PlanDraft(
            "乡镇站点资产专项抽查", "SPOT", begun, begun, today + timedelta(days=20), scope=f"division={town}",
            is_blind=True, photo_for=("not_found",), needs_signature=True,
        ),
        COUNTERS,
        begun,
    )  # fmt: skip
    places = list(Place.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    first = Line.objects.filter(plan=plan).order_by("code").values_list("code", flat=True)[0]
    on = begun + timedelta(days=5)
    _Phone(COUNTERS[0], plan, on).count(places, {})
    _Phone(COUNTERS[1], plan, on).count(places, {first: ("count", {"quantity": 0, "note": "只见空箱"})})
    return services.end_counting(plan.pk, version=plan.version, actor=_actor("bureau_clerk", on), on=on)


def load() -> Iterator[str]:
    """Bring them in, once, when there is something to count."""
    if Plan.objects.filter(county=settings.COUNTY).exists():
        return
    today = period.today()
    base = date(today.year - 1, 12, 31)
    if today < date(today.year, 3, 1):
        base = date(today.year - 2, 12, 31)
    plan = _yearly(base)
    if plan is None:
        return
    yield f"Counted {plan.line_count:,} cards of {base.year}; every difference is settled."
    checking = _inspection(today)
    if checking is not None:
        yield f"Counted {checking.line_count:,} cards of a township twice; one thing waits for the checker."
