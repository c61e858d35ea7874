"""What performance shows on pages of others (绩效栏目): on a contract, on a case, on a desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.performance import pack, permissions, queries
from mingchan.lifecycle.performance.choices import State
from mingchan.lifecycle.performance.models import Evaluation

LABEL = _("绩效")


def _of_contract(contract: Contract, request: HttpRequest) -> Mapping[str, Any] | None:
    """The grades of a contract by year and its goals of this year."""
    actor, year = request.actor, request.on.year  # type: ignore[attr-defined]
    found = queries.of_contract(contract.pk, actor)
    return {
        "evaluations": [(one, grade_of(one)) for one in found],
        "goals": list(queries.goals_of(contract.pk, year).values()),
        "year": year,
        "contract": contract,
    }


OF_CONTRACT = Section(
    "performance", LABEL, "performance", 40, permissions.VIEW, "performance/_contract.html", _of_contract
)


def grade_of(found: Evaluation) -> Any:
    """The grade of an evaluation that was handed in; none before."""
    if not found.grade or found.state in (State.ASSIGNED, State.CANCELLED):
        return None
    return pack.read(found.indicators).line(found.grade)


def of_case(case: Case, _actor: Actor) -> Mapping[str, Any]:
    """What the case is about: the evaluation with its points by part."""
    found = Evaluation.objects.select_related("contract__operator", "evaluator").filter(case=case).first()
    if found is None:
        return {"evaluation": None}
    used = pack.read(found.indicators)
    scored = dict(found.scores.values_list("code", "points"))
    parts = [
        (
            label,
            sum(scored.get(one.code, 0) for one in used.indicators if one.part == code),
            sum(one.weight for one in used.indicators if one.part == code),
        )
        for code, (label, _label_en) in used.parts.items()
    ]
    return {"evaluation": found, "grade": grade_of(found), "parts": parts}


def of_desk(actor: Actor, on: date) -> desk.Card | None:
    """What waits, runs out and has lapsed in performance, for whoever takes part in it."""
    if not (actor.may(permissions.VIEW) or actor.may(permissions.SCORE)):
        return None
    found, (open_fixes, to_review, late) = queries.waiting(actor, on), queries.counts(actor, on)
    evaluations = reverse("performance:list")
    fixes = reverse("performance:fixes") if actor.may(permissions.VIEW) else ""
    waiting = []
    if actor.may(permissions.SCORE):
        waiting.append(desk.Figure(_("待评分的绩效评价"), found.scoring, url=f"{evaluations}?state=ASSIGNED"))
    if actor.may(permissions.COMMISSION):
        waiting.append(desk.Figure(_("待审核的评价结果"), found.to_check, url=f"{evaluations}?state=SUBMITTED"))
        waiting.append(desk.Figure(_("申诉期满待提请确认"), found.to_send, url=f"{evaluations}?state=ANNOUNCED"))
    if actor.may(permissions.REVIEW):
        waiting.append(desk.Figure(_("待复核的整改"), to_review, url=f"{fixes}?state=REPORTED"))
    if actor.may(permissions.ANSWER):
        waiting.append(desk.Figure(_("待完成的整改"), open_fixes - to_review, url=f"{fixes}?state=OPEN"))
    return desk.Card(
        "performance",
        _("绩效"),
        _("目标、第三方评价、整改"),
        "chart-bar",
        links=desk.links(actor, ("performance:list", _("绩效评价"), permissions.VIEW)),
        waiting=tuple(waiting),
        lapsed=(
            desk.Figure(_("逾期未提交的评价"), found.scoring_late, tone="bad", url=f"{evaluations}?state=overdue"),
            desk.Figure(_("逾期未完成的整改"), late, tone="bad", url=f"{fixes}?state=overdue"),
        ),
    )
