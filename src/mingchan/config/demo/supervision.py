"""Supervision of the sample county (监督检查): the checks run truly over its data; one finding handled, a sample drawn."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.oversight.supervision import services as supervision
from mingchan.oversight.supervision.choices import Severity, State
from mingchan.oversight.supervision.models import Finding, Run, SampleLine

LATE = 30
"""So many days ago the first run was made, so that some terms are over by now."""


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def load() -> Iterator[str]:
    """Run the checks as they would have run a month ago, handle one finding, draw a sample; once."""
    county, today = settings.COUNTY, period.today()
    if Run.objects.filter(county=county).exists():
        return
    system = directory.nobody(county)
    first = supervision.run(actor=system, on=today - timedelta(days=LATE), is_sample=True)
    _handle(today)
    supervision.escalate(actor=system, on=today)
    _inspect(today)
    yield f"Ran {first.checks} checks: {first.opened} findings, one reported for review; drew ten assets for inspection."


def _handle(today: date) -> None:
    """A grave finding whose office reported what it did."""
    clerk = _actor("bureau_clerk", today)
    office = Account.objects.get(username="bureau_clerk").office_id
    found = Finding.objects.filter(
        county=settings.COUNTY, office=office, severity=Severity.HIGH, state=State.OPEN
    ).order_by("pk").first()
    if found is None:
        return
    text = "已与有关单位核对，正在补办手续，预计月底前完成。（示例）"
    supervision.report(found.pk, text, seen=found.version, actor=clerk, on=today - timedelta(days=3))


def _inspect(today: date) -> None:
    """Ten assets drawn by the audit office; one is in order, one isn't."""
    audit = _actor("audit", today)
    sample = supervision.draw(
        "年度资产随机抽查（示例）", settings.COUNTY, 10, seed="示例-2020", actor=audit, on=today - timedelta(days=6),
        is_sample=True,
    )  # fmt: skip
    lines = list(SampleLine.objects.filter(sample=sample).order_by("pk").values_list("pk", flat=True)[:2])
    on = today - timedelta(days=4)
    supervision.inspect(lines[0], is_wrong=False, note="账实相符，正常使用（示例）", actor=audit, on=on)
    note = "现场未见标识牌，登记的存放地点与实际不符（示例）"
    supervision.inspect(lines[1], is_wrong=True, note=note, actor=audit, on=on)
