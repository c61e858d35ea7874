"""The plan of 2020 in the sample county (工作步骤): set up, put off for a reason, two stages closed, the third open."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan import services as workplan
from mingchan.oversight.workplan.models import Output, Stage, WorkPlan

BASIS = "偏电商组办字〔2020〕1号"
BEGAN, PUT_OFF, ENDED, LATER = date(2020, 2, 15), date(2020, 3, 13), date(2020, 4, 15), date(2020, 5, 12)


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def load() -> Iterator[str]:
    """Set up and carry on the plan of 2020, once."""
    if WorkPlan.objects.filter(county=settings.COUNTY, year=BEGAN.year).exists():
        return
    template = policy.stage_template()
    parties = {party.name: party.pk for party in Party.objects.filter(county=settings.COUNTY)}
    offices = {key: parties[office.name] for key, office in template.offices.items()}
    stages = workplan.proposed(BEGAN.year, offices)
    head = _actor("bureau_head", BEGAN)
    title = f"{template.title}（2020 年）"
    plan = workplan.set_up(BEGAN.year, title, stages, basis=BASIS, actor=head, on=BEGAN, is_sample=True)
    first, second, third, _fourth = Stage.objects.filter(plan=plan).order_by("number")
    reason = "疫情防控期间票据无法集中，资金梳理与调查摸底合并完成（示例）"
    workplan.change_days(first.pk, BEGAN, ENDED, reason, 1, actor=head, on=PUT_OFF)
    clerk, finance = _actor("bureau_clerk", ENDED), _actor("finance", ENDED)
    _confirm(first, "fund_use_detail", "已按下达文号逐笔列明，未支付部分留待验收后结算（示例）", clerk, ENDED)
    _confirm(first, "fund_use_traced", "已与国库支付记录核对（示例）", finance, ENDED)
    _confirm(second, "class_known", "按 GB/T 14885-2022 归类，未归类的待第三方复核（示例）", clerk, ENDED)
    head = _actor("bureau_head", ENDED)
    workplan.close(first.pk, "资金梳理完成，差额见资金勾稽（示例）", 0, actor=head, on=ENDED)
    workplan.close(second.pk, "范围和类型界定完成，台账已建立（示例）", 0, actor=head, on=ENDED)
    note = "已向各所有权人发放台账，农村集体部分待移交后建账（示例）"
    _confirm(third, "ledgers_by_holder", note, _actor("agriculture", LATER), LATER)
    yield f"Set up the work plan of {plan.year}: two stages closed, the third under way."


def _confirm(stage: Stage, measure: str, note: str, actor: Actor, on: date) -> None:
    output = Output.objects.get(stage=stage, measure=measure)
    workplan.confirm(output.pk, note, actor=actor, on=on)
