"""Who may set goals, commission, score, appeal, put right and review (绩效权限)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.lifecycle.performance.models import Evaluation

VIEW = "performance.view"
GOAL = "performance.goal"
COMMISSION = "performance.commission"
SCORE = "performance.score"
ANSWER = "performance.answer"
REVIEW = "performance.review"


def office_of(actor: Actor) -> int | None:
    """The body for which the account acts, asked only where that decides."""
    if actor.account_id is None:
        return None
    return Account.objects.filter(pk=actor.account_id).values_list("office_id", flat=True).first()


def office_name(actor: Actor) -> str:
    """The name of that body; empty for the system."""
    office = office_of(actor)
    return Party.objects.values_list("name", flat=True).get(pk=office) if office is not None else ""


def visible_to(actor: Actor) -> Q:
    """Evaluations the actor may see: those of its divisions, its own contracts, those it was commissioned with."""
    found = Q(county=actor.county)
    reach = Q(pk__in=[])
    for scope in actor.scopes(VIEW):
        if actor.county.startswith(scope):
            return found
        reach |= Q(division_code__startswith=scope)
    if parties := actor.parties(VIEW):
        reach |= Q(contract__operator__in=parties) & ~Q(state__in=("ASSIGNED", "SUBMITTED"))
    if actor.may(SCORE):
        reach |= Q(evaluator=office_of(actor))
    return found & reach


def seen(actor: Actor, evaluation: Evaluation | None) -> Evaluation:
    """The evaluation. Raises NotFound where the actor sees none."""
    if evaluation is None or not Evaluation.objects.filter(visible_to(actor), pk=evaluation.pk).exists():
        raise NotFound(_("没有这项绩效评价"))
    return evaluation


def scores(actor: Actor, evaluation: Evaluation) -> bool:
    """Whether the actor scores this evaluation: an account of the body that was commissioned."""
    return actor.may(SCORE) and office_of(actor) == evaluation.evaluator_id


def answers(actor: Actor, evaluation: Evaluation) -> bool:
    """Whether the actor speaks for the evaluated body."""
    return evaluation.contract.operator_id in actor.parties(ANSWER)


def require(actor: Actor, right: str, division: str) -> None:
    """Raise NotAllowed unless the actor holds the right over the division."""
    if not actor.may(right, division):
        raise NotAllowed(_("您没有办理这项绩效工作的权限"), clauses=("2.4.2d",))


def require_truth(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed(_("您没有办理这项绩效工作的权限"), clauses=("2.4.2d",))
