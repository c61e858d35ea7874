"""What the verifier compares of performance (2.4.2d), and what its rows must say of each other."""

from collections.abc import Iterator
from hashlib import sha256

from django.db.models import Sum
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Child, Disagreement, Protected
from mingchan.lifecycle.performance import pack
from mingchan.lifecycle.performance.models import Appeal, Evaluation, FixStep, Goal, Rectification, Score, Visit

GOAL = Protected("goal", Goal)
EVALUATION = Protected(
    "evaluation", Evaluation, children=(Child(Score, "evaluation", "scores", order=("code",)),), label=("year",)
)
VISIT = Protected("evaluation_visit", Visit, label=("place",))
APPEAL = Protected("evaluation_appeal", Appeal)
FIX = Protected("rectification", Rectification)
STEP = Protected("rectification_step", FixStep)
PROTECTED = (GOAL, EVALUATION, VISIT, APPEAL, FIX, STEP)


def faults() -> Iterator[Disagreement]:
    """Evaluations whose points aren't the sum of their scores, or whose set isn't the one of its digest."""
    graded = Evaluation.objects.exclude(state__in=("ASSIGNED", "CANCELLED")).annotate(whole=Sum("scores__points"))
    for row in graded.order_by("pk").iterator(chunk_size=500):
        if row.points != row.whole:
            yield Disagreement(
                f"evaluation:{row.pk}", "points", str(row.whole), str(row.points), _("得分不等于各项评分之和")
            )
        if sha256(row.indicators.encode()).hexdigest() != row.set_digest:
            yield Disagreement(
                f"evaluation:{row.pk}", "set_digest", row.set_digest, "", _("指标体系与委托时的摘要不符")
            )
            continue
        if row.points is not None and row.grade != pack.read(row.indicators).grade(row.points).code:
            yield Disagreement(f"evaluation:{row.pk}", "grade", "", row.grade, _("等级与得分不符"))
