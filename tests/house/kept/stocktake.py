"""Rows of stocktakes (清查盘点)."""

from datetime import UTC, date, datetime
from typing import Any

from mingchan.kernel.fieldwork import Event
from mingchan.lifecycle.stocktake import services
from mingchan.lifecycle.stocktake.drafts import PlanDraft, SettleDraft
from mingchan.lifecycle.stocktake.models import Difference, Line, Task
from tests.architecture.url_table import Things

DAY = date(2020, 7, 1)
NOON = datetime(2020, 7, 1, 4, tzinfo=UTC)


def fill(things: Things) -> None:
    """A stocktake with a thing that is missing, explained and settled, closed."""
    asset = things.asset()
    clerk, head = things.actor("bureau_clerk"), things.actor("bureau_head")
    reviewer, counter = things.actor("bureau_reviewer"), things.actor("accountant")
    given: dict[str, Any] = {"actor": clerk, "on": DAY}
    plan = services.draft(
        PlanDraft("抽查", "SPOT", DAY, DAY, DAY, needs_signature=False, scope=f"site={asset.site_id}"), **given
    )
    plan = services.approve(plan.pk, version=plan.version, actor=head, on=DAY)
    services.add_member(plan.pk, things.account("bureau_reviewer").pk, "CHECKER", **given)
    member = services.add_member(plan.pk, things.account("accountant").pk, "COUNTER", **given)
    task = Task.objects.get(plan=plan)
    services.assign(plan.pk, [task.pk], member.pk, **given)
    plan = services.start(plan.pk, version=plan.version, **given)
    codes = list(Line.objects.filter(plan=plan).order_by("code").values_list("code", flat=True))
    events = [
        Event(
            id=f"kept-{seq:04d}", device="phone", seq=seq, kind="not_found" if seq == 1 else "found", at=NOON, code=code
        )
        for seq, code in enumerate(codes, 1)
    ]
    services.take_in(task.pk, events, received_at=NOON, actor=counter, on=DAY)
    plan = services.end_counting(plan.pk, reason="纸质清点完毕", version=plan.version, **given)
    plan = services.confirm(plan.pk, version=plan.version, actor=reviewer, on=DAY)
    row = Difference.objects.get(plan=plan)
    services.settle(row.pk, SettleDraft("FOUND_LATER", "在库房找到"), version=row.version, **given)
    services.close(plan.pk, conclusion="账实相符。", version=plan.version, **given)
