"""What is made public of a stocktake, and what its report says (盘点结果公开, 3.4.3b)."""

from django.utils.translation import gettext as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.publication import Publication
from mingchan.lifecycle.stocktake.choices import Decision, DifferenceKind, PlanKind
from mingchan.lifecycle.stocktake.models import Member, Plan
from mingchan.lifecycle.stocktake.queries import plans


def percent(part: int, whole: int) -> str:
    """A share as text with two decimals, nothing of nothing as a dash."""
    if whole == 0:
        return "—"
    bp = part * 10_000 // whole
    return f"{bp // 100}.{bp % 100:02d}%"


def summary(plan: Plan) -> list[str]:
    """The result in sentences, for a notice and for the report."""
    found = [
        _("清查基准日 %(day)s，应盘 %(count)s 项，账面原值 %(fen)s 元；实际盘点 %(counted)s 项，盘点率 %(coverage)s。")
        % {
            "day": format_day(plan.base_on),
            "count": plan.line_count,
            "fen": format_yuan(plan.line_fen),
            "counted": plan.counted_count,
            "coverage": percent(plan.counted_count, plan.line_count),
        },
        _("账实相符 %(count)s 项，相符率 %(rate)s。")
        % {"count": plan.matched_count, "rate": percent(plan.matched_count, plan.line_count)},
    ]
    kinds = plans.by_kind(plan.pk)
    if kinds:
        parts = "，".join(
            _("%(kind)s %(count)s 项") % {"kind": DifferenceKind(kind).label, "count": many}
            for kind, (many, _left) in sorted(kinds.items())
        )
        found.append(_("差异：%(parts)s，均已按程序处理。") % {"parts": parts})
    else:
        found.append(_("没有差异。"))
    if plan.kind == PlanKind.SAMPLE:
        found.append(
            _(
                "按价值和风险加权随机抽样：总体 %(whole)s 项、原值 %(fen)s 元，抽取 %(count)s 项；"
                "推断短缺 %(likely)s 元，在 %(confidence)s%% 置信度下短缺不超过 %(most)s 元（占 %(share)s）。"
            )
            % {
                "whole": plan.whole_count,
                "fen": format_yuan(plan.whole_fen),
                "count": plan.line_count,
                "likely": format_yuan(plan.likely_fen),
                "confidence": plan.confidence_percent,
                "most": format_yuan(plan.most_fen),
                "share": percent(plan.most_fen, plan.whole_fen),
            }
        )
    return found


def publication(case: Case) -> Publication:
    """What is made public of a stocktake's result: figures, and each difference with what was decided (3.4.3b)."""
    plan = Plan.objects.get(case=case)
    rows = [
        (
            row.code or "—",
            row.name,
            str(DifferenceKind(row.kind).label),
            row.place or "—",
            str(Decision(row.decision).label) if row.decision else "—",
        )
        for row in plans.every_difference(plan.pk)
        if row.kind != DifferenceKind.DISAGREE
    ]
    return Publication(
        kind="STOCKTAKE",
        title=_("%(title)s结果公示") % {"title": plan.title},
        paragraphs=summary(plan),
        division_code=plan.division_code,
        subject=plan.ref,
        columns=(_("资产编号"), _("资产名称"), _("差异"), _("地点"), _("处理")) if rows else (),
        rows=rows,
        clauses=("3.4.3b",),
    )


def team(plan: Plan) -> dict[str, list[str]]:
    """Names of the team by part."""
    names: dict[str, list[str]] = {}
    for role, name, office in (
        Member.objects.filter(plan=plan).order_by("role", "pk").values_list("role", "name", "office_name")
    ):
        names.setdefault(role, []).append(f"{name}（{office}）" if office else name)
    return names
