"""Addresses of stocktakes (清查盘点)."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mingchan.kernel.fieldwork import Event
from mingchan.kernel.ui.page import SIGNED_IN
from mingchan.lifecycle.stocktake import services
from mingchan.lifecycle.stocktake.drafts import PlanDraft
from mingchan.lifecycle.stocktake.models import Difference, Line, Member, Plan, Task
from tests.architecture.url_table import ASKED_AGAIN, SHOWN, Row, Things, page

DAY = date(2020, 6, 1)
NOON = datetime(2020, 6, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def _plan(things: Things) -> Plan:
    """A stocktake of everything, counted by the accountant, in which one thing is missing, under check."""
    found = Plan.objects.filter(title="地址表").first()
    if found is not None:
        return found
    things.asset()
    clerk, head = things.actor("bureau_clerk"), things.actor("bureau_head")
    found = services.draft(PlanDraft("地址表", "SPOT", DAY, DAY, DAY, needs_signature=False), actor=clerk, on=DAY)
    found = services.approve(found.pk, version=found.version, actor=head, on=DAY)
    given: dict[str, Any] = {"actor": clerk, "on": DAY}
    services.add_member(found.pk, things.account("bureau_reviewer").pk, "CHECKER", **given)
    counter = services.add_member(found.pk, things.account("accountant").pk, "COUNTER", **given)
    tasks = list(Task.objects.filter(plan=found).values_list("pk", flat=True))
    services.assign(found.pk, tasks, counter.pk, **given)
    found = services.start(found.pk, version=found.version, **given)
    code = things.asset().code
    missing = Event(id="address-1", device="phone", seq=1, kind="not_found", at=NOON, code=code)
    services.take_in(_task(things).pk, [missing], received_at=NOON, actor=things.actor("accountant"), on=DAY)
    return services.end_counting(found.pk, reason="只看一处", version=found.version, **given)


def _task(things: Things) -> Task:
    plan = Plan.objects.get(title="地址表")
    return Line.objects.select_related("task").get(plan=plan, asset=things.asset()).task


def a_plan(things: Things) -> dict[str, Any]:
    """A stocktake under check."""
    return {"plan_id": _plan(things).pk}


def a_member(things: Things) -> dict[str, Any]:
    """Its counter."""
    plan = _plan(things)
    return {"plan_id": plan.pk, "member_id": Member.objects.filter(plan=plan, role="COUNTER").first().pk}  # type: ignore[union-attr]


def a_task(things: Things) -> dict[str, Any]:
    """One of its places."""
    _plan(things)
    return {"task_id": _task(things).pk}


def a_difference(things: Things) -> dict[str, Any]:
    """What is missing."""
    plan = _plan(things)
    return {"difference_id": Difference.objects.filter(plan=plan, kind="SHORTAGE").first().pk}  # type: ignore[union-attr]


def _asked(right: str, what: Any, answers: set[int] = ASKED_AGAIN, **given: Any) -> Row:
    return page(right, what, POST=answers, **given)


SEEN = {200, 404}
"""Whoever isn't of the county's offices sees the stocktakes of its own divisions only."""
TRIED = {302, 303, 400, 403, 404, 409, 422}


ROWS: dict[str, Row] = {
    "stocktake:list": page("stocktake.view"),
    "stocktake:new": page("stocktake.plan", GET=SHOWN, POST=ASKED_AGAIN),
    "stocktake:mine": page("stocktake.count"),
    "stocktake:plan": Row(SIGNED_IN, "", {"GET": SEEN}, a_plan),
    "stocktake:edit": page("stocktake.plan", a_plan, GET=SHOWN, POST=ASKED_AGAIN),
    "stocktake:approve": _asked("stocktake.approve", a_plan),
    "stocktake:start": _asked("stocktake.plan", a_plan),
    "stocktake:end": _asked("stocktake.plan", a_plan),
    "stocktake:confirm": _asked("stocktake.check", a_plan, {403, *ASKED_AGAIN}),
    "stocktake:reopen": _asked("stocktake.view", a_plan, {403, 404, *ASKED_AGAIN}),
    "stocktake:send": _asked("stocktake.plan", a_plan),
    "stocktake:close": _asked("stocktake.plan", a_plan),
    "stocktake:cancel": _asked("stocktake.plan", a_plan),
    "stocktake:member": _asked("stocktake.plan", a_plan),
    "stocktake:remove": _asked("stocktake.plan", a_member),
    "stocktake:assign": _asked("stocktake.plan", a_plan),
    "stocktake:lines": Row(SIGNED_IN, "", {"GET": SEEN}, a_plan),
    "stocktake:differences": Row(SIGNED_IN, "", {"GET": SEEN}, a_plan),
    "stocktake:difference": Row(SIGNED_IN, "", {"GET": SEEN}, a_difference),
    "stocktake:explain": _asked("stocktake.explain", a_difference, {403, 404, *ASKED_AGAIN}),
    "stocktake:settle": _asked("stocktake.settle", a_difference),
    "stocktake:decide": _asked("stocktake.check", a_difference, {403, *ASKED_AGAIN}),
    "stocktake:recount": _asked("stocktake.check", a_difference, {403, *ASKED_AGAIN}),
    "stocktake:sheet": Row(SIGNED_IN, "", {"GET": SEEN, "POST": TRIED}, a_task),
    "stocktake:surplus": Row(SIGNED_IN, "", {"POST": TRIED}, a_task),
    "stocktake:finish": Row(SIGNED_IN, "", {"POST": TRIED}, a_task),
    "stocktake:sheet_pdf": Row(SIGNED_IN, "", {"GET": SEEN}, a_task),
    "stocktake:sheet_xlsx": Row(SIGNED_IN, "", {"GET": SEEN}, a_task),
    "stocktake:report_pdf": Row(SIGNED_IN, "", {"GET": SEEN}, a_plan),
    "stocktake:report_xlsx": Row(SIGNED_IN, "", {"GET": SEEN}, a_plan),
}
