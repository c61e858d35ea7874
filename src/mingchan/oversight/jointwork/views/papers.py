"""The report of a year's joint supervision (联合监管报告) as PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.ui.page import page
from mingchan.oversight.jointwork import permissions, services
from mingchan.oversight.jointwork.choices import Look, Office, PlanState
from mingchan.oversight.jointwork.models import Plan
from mingchan.oversight.jointwork.queries import cases, plans


@page("jointwork.view")
def report(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The year's report with the opinions given so far; marked as a draft until four offices have signed."""
    plan = plans.plan(plan_id, request.actor)
    if plan.state == PlanState.DRAFT:
        raise Refusal(_("还没有抽样，没有可以打印的报告。"), clauses=("3.4.2",))
    with translation.override("zh-hans"):
        content = papers.render(policy.form("joint_report"), _report(plan, request), on=request.on)
    services.note_printed(plan, actor=request.actor, on=request.on)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{plan.number}.pdf"'
    return answer


def _report(plan: Plan, request: HttpRequest) -> dict[str, Any]:
    rows = plans.samples(plan)
    parts = plans.offices(plan, rows, request.actor)
    places = directory.division_names({row.sample.division_code for row in rows})
    labels = dict(Office.choices)
    sums = cases.sums(request.actor) if request.actor.may(permissions.SEE_CASES, plan.county) else None
    return {
        "county": policy.county_name(),
        "number": plan.number,
        "year": str(plan.year),
        "title": plan.title,
        "aims": plan.aims,
        "method": str(plan.get_weighting_display()),
        "frame": f"{plan.frame_count:,}",
        "frame_yuan": format_yuan(plan.frame_fen),
        "drawn": str(len(rows)),
        "drawn_on": plan.drawn_on,
        "seed": plan.seed,
        "seed_checkpoint": plan.checkpoint,
        "frame_digest": plan.frame_digest,
        "samples": [
            {
                "code": row.sample.code,
                "name": row.sample.name,
                "place": places.get(row.sample.division_code, ""),
                "cost_fen": row.sample.cost_fen,
                "found": "；".join(
                    f"{labels[office]}：{Look(look.look).label}{'，' + look.note if look.note else ''}"
                    for office, look in row.looks.items()
                )
                or _("待核查"),
            }
            for row in rows
        ],
        "opinions": [
            {
                "office": f"{part.label}" + (f"（{part.opinion.office_name}）" if part.opinion else ""),
                "conclusion": str(part.opinion.get_conclusion_display()) if part.opinion else "",
                "text": part.opinion.text if part.opinion else "",
                "asks": part.opinion.asks if part.opinion else "",
                "signed": f"{part.opinion.name}　{format_day(part.opinion.signed_on)}" if part.opinion else "",
                "digest": part.opinion.digest[:16] if part.opinion else "",
            }
            for part in parts
        ],
        "cases": ""
        if sums is None
        else _("在办追责案件 %(count)s 件；认定损失 %(loss)s 元，责令赔偿 %(ordered)s 元，已收 %(paid)s 元。")
        % {
            "count": sums.ongoing,
            "loss": format_yuan(sums.loss_fen),
            "ordered": format_yuan(sums.ordered_fen),
            "paid": format_yuan(sums.paid_fen),
        },
        "checkpoint": str(evidence.latest_checkpoint()),
        "mark": _("示例") if plan.is_sample else "" if plan.state == PlanState.CONCLUDED else _("未签完"),
    }
