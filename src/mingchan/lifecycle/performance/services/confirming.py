"""The result is confirmed by a case and takes effect; a failing grade orders a rectification (评价结果确认, 2.4.2d)."""

from datetime import date, timedelta
from hashlib import sha256

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.performance import events, pack, permissions, rules
from mingchan.lifecycle.performance.choices import AppealState, State
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from mingchan.lifecycle.performance.queries.documents import EVALUATION, FIX
from mingchan.lifecycle.performance.services import keeping, rectifying

CLAUSES = keeping.CLAUSES
PROCEDURE = "evaluation"


def digest_of(found: Evaluation) -> str:
    """The digest of what is confirmed: scores, points and grade under the set of indicators."""
    scores = list(found.scores.order_by("code").values_list("code", "points", "grounds"))
    parts = [found.set_digest, found.points, found.grade, found.opinion, scores]
    return sha256(orjson.dumps(parts)).hexdigest()


@transaction.atomic
def send(evaluation_id: int, *, version: int, actor: Actor, on: date) -> Evaluation:
    """Ask for the announced result to be confirmed, once the term for appeals is over and none is open.

    Raises Refusal before that, NotAllowed without `performance.commission`, Stale. Serves 2.4.2d, 3.4.3b.
    """
    found = keeping.locked(evaluation_id, actor)
    permissions.require(actor, permissions.COMMISSION, found.division_code)
    keeping.current(found, version)
    keeping.stands(found, State.ANNOUNCED)
    if found.appeals.filter(state=AppealState.OPEN).exists():
        raise Refusal(_("被评价方的申诉还没有答复"), clauses=CLAUSES)
    if found.appeal_until is not None and on <= found.appeal_until:
        raise Refusal(
            _("申诉期到 %(day)s 为止，期满后才能提请确认") % {"day": found.appeal_until.isoformat()}, clauses=CLAUSES
        )
    before = keeping.whole(EVALUATION, found)
    line = pack.read(found.indicators).line(found.grade)
    found.case = procedures.start(
        PROCEDURE,
        title=_("%(name)s %(year)s 年度绩效评价结果确认") % {"name": found.contract.title, "year": found.year},
        text=found.opinion,
        subject=Ref("evaluation", found.pk),
        facts={"points": found.points, "passes": line.passes, "year": found.year},
        interested=(found.contract.operator_id, found.evaluator_id),
        subject_digest=digest_of(found),
        division=found.division_code,
        right=permissions.COMMISSION,
        is_sample=found.is_sample,
        actor=actor,
        on=on,
    )
    found.state = State.PROCEDURE
    return keeping.save(found, events.SENT, before, actor=actor, on=on)


def _of(case: Case, actor: Actor) -> Evaluation | None:
    return (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("contract__operator")
        .filter(case=case, county=actor.county, state=State.PROCEDURE)
        .first()
    )


def on_approved(case: Case, actor: Actor, on: date) -> None:
    """The case ended: the grade counts from today, and a failing one orders a rectification in the same transaction."""
    found = _of(case, actor)
    if found is None:
        raise Refusal(_("这件事项没有对应的绩效评价"), clauses=CLAUSES)
    if digest_of(found) != case.subject_digest:
        raise Refusal(_("评分在送审之后有变动，不能确认"), clauses=CLAUSES)
    before = keeping.whole(EVALUATION, found)
    used = pack.read(found.indicators)
    line = used.line(found.grade)
    found.state, found.confirmed_on = State.CONFIRMED, on
    keeping.save(found, events.CONFIRMED, before, facts={"grade": line.label}, actor=actor, on=on)
    if line.passes:
        return
    scores = dict(found.scores.values_list("code", "points"))
    weak = "、".join(one.label for one in rules.weakest(used, scores))
    row = Rectification(
        county=found.county,
        division_code=found.division_code,
        evaluation=found,
        demand=_("评价等级为“%(grade)s”，请就以下失分较多的方面限期整改：%(weak)s")
        % {"grade": line.label, "weak": weak},
        ordered_on=on,
        due_on=on + timedelta(days=policy.figure("performance.fix_days")),
        is_sample=found.is_sample,
    )
    row.save(force_insert=True)
    rectifying.step(row, "ORDERED", row.demand, actor=actor, on=on)
    keeping.record(
        events.FIX_ORDERED,
        FIX,
        row,
        division=row.division_code,
        facts={"name": found.contract.title, "due_on": row.due_on.isoformat()},
        actor=actor,
        on=on,
    )


def on_rejected(case: Case, actor: Actor, on: date) -> None:
    """The case was not approved, or was withdrawn: the evaluator scores again."""
    found = _of(case, actor)
    if found is None:
        return
    before = keeping.whole(EVALUATION, found)
    found.state, found.case = State.ASSIGNED, None
    found.announced_on = found.appeal_until = None
    found.returned_for = _("确认未通过（事项 %(number)s），请复核后重新提交") % {"number": case.reference}
    keeping.save(found, events.REOPENED, before, reason=found.returned_for[:200], actor=actor, on=on)
