"""Papers of distribution (分配方案表、发放表): plain values into the forms of the policy pack, the print recorded."""

import io
from datetime import date
from typing import Any

from django.http import FileResponse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import money, papers
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.distribution import permissions, rules, services
from mingchan.lifecycle.distribution.choices import Category, PaymentMethod
from mingchan.lifecycle.distribution.models import PayoutList, Plan
from mingchan.lifecycle.distribution.queries import plans, trace
from mingchan.lifecycle.distribution.services.planning import percent
from mingchan.lifecycle.distribution.views import showing
from mingchan.register.assets.models import Asset


def assets_of(plan: Plan) -> list[tuple[Asset, int]]:
    """Assets that earned what a plan distributes, with their part in fen."""
    rows: dict[str, int] = {}
    for row in plans.pool_of(plan):
        rows[row.contract] = rows.get(row.contract, 0) + row.fen
    parts: dict[int, int] = {}
    for contract, weighed in trace.assets_of(sorted(rows)).items():
        keys, weights = [key for key, _weight in weighed], [weight for _key, weight in weighed]
        if any(weights) and rows.get(contract):
            for key, fen in zip(keys, money.split(rows[contract], weights), strict=True):
                parts[key] = parts.get(key, 0) + fen
    assets = Asset.objects.in_bulk(parts)
    return [(assets[key], fen) for key, fen in sorted(parts.items(), key=lambda item: -item[1]) if key in assets]


def _answer(form: str, data: dict[str, Any], title: str, name: str, plan: Plan, actor: Actor, on: date) -> FileResponse:
    made = papers.render(policy.form(form), data, on=on)
    services.note_print(plan.pk, title, actor=actor, on=on)
    return FileResponse(io.BytesIO(made), filename=f"{name}-{on:%Y%m%d}.pdf", content_type="application/pdf")


def plan_paper(plan: Plan, *, actor: Actor, on: date) -> FileResponse:
    """The plan as a paper (分配方案表): pool, uses, households by number with masked names."""
    rows = plans.every_share(plan)
    if len(rows) > papers.MOST_ROWS:
        raise Refusal(_("超过 %(count)s 户的方案无法打印，请分村拟定") % {"count": papers.MOST_ROWS})
    with translation.override("zh-hans"):
        names = showing.names_of([plan.division_code, *(row.division for row in rows)])
        labels = dict(Category.choices)
        data = {
            "county": policy.county_name(),
            "number": plans.number_of(plan),
            "title": plan.title,
            "holder": plan.holder.name,
            "division": names.get(plan.division_code, ""),
            "period_start": plan.period_start,
            "last_day": plan.last_day,
            "policy": plan.policy.title,
            "method": str(plan.policy.get_method_display()),
            "filing": plan.filing_number or "",
            "uses": [
                {"use": row.label, "share": percent(row.line.share), "cost_fen": row.line.fen}
                for row in plans.lines_of(plan)
            ],
            "shares": [
                {
                    "village": names.get(row.division, row.division),
                    "number": row.number,
                    "head": rules.mask_name(row.head),
                    "category": str(labels[row.category]),
                    "weight": str(row.weight),
                    "cost_fen": row.fen,
                    "note": row.reason,
                }
                for row in rows
            ],
            "total_fen": plan.pool_fen,
            "households_words": _("受益户 %(count)s 户，共 %(fen)s 元")
            % {"count": len(rows), "fen": money.format_yuan(sum(row.fen for row in rows))},
            "mark": _("示例") if plan.is_sample else "",
        }
        name = f"{_('分配方案表')}-{plan.year}-{plan.number}"
        return _answer("distribution_plan", data, _("分配方案表"), name, plan, actor, on)


def payout_paper(payout: PayoutList, *, actor: Actor, on: date) -> FileResponse:
    """The list as a paper (发放表). Whole names stand on it for the signatures; accounts are masked. Only whoever may
    see all the households of the plan prints it."""
    plan = payout.plan
    if not actor.may(permissions.VIEW_HOUSEHOLDS, plan.division_code):
        raise Refusal(_("您看不到这份发放表的全部受益户，不能打印"), clauses=("1.2b",))
    if payout.count > papers.MOST_ROWS:
        raise Refusal(_("超过 %(count)s 户的发放表无法打印") % {"count": papers.MOST_ROWS})
    rows, _following = plans.payments_of(payout, actor, size=papers.MOST_ROWS)
    with translation.override("zh-hans"):
        names = showing.names_of(row.division for row in rows)
        data = {
            "county": policy.county_name(),
            "number": f"{plans.number_of(plan)}-{payout.number}",
            "title": plan.title,
            "holder": plan.holder.name,
            "method": str(payout.get_method_display()),
            "is_cash": payout.method == PaymentMethod.CASH,
            "made_on": payout.made_on,
            "filing": plan.filing_number or "",
            "payments": [
                {
                    "village": names.get(row.division, row.division),
                    "number": row.number,
                    "head": row.head,
                    "account": row.account,
                    "cost_fen": row.fen,
                }
                for row in rows
            ],
            "total_fen": payout.fen,
            "mark": _("示例") if plan.is_sample else "",
        }
        name = f"{_('发放表')}-{plan.year}-{plan.number}-{payout.number}"
        return _answer("payout", data, _("发放表"), name, plan, actor, on)
