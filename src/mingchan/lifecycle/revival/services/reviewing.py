"""What came of a measure (成效评价): figures before and after side by side, and what somebody concludes from them."""

from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.revival import events, permissions, rules
from mingchan.lifecycle.revival.choices import REVIEWS, Outcome, State
from mingchan.lifecycle.revival.models import Part, Review
from mingchan.lifecycle.revival.queries import effects
from mingchan.lifecycle.revival.services import keeping


@transaction.atomic
def review(measure_id: int, days: int, *, outcome: str, opinion: str, actor: Actor, on: date) -> Review:
    """Conclude what a measure brought in its first 90 or 365 days, beside as many days before.

    The figures are worked out here and kept with the review. Raises Refusal before the day, for a second review of
    the same days, or without an opinion; NotFound, NotAllowed. Serves 2.6.2.
    """
    measure = keeping.locked(measure_id, permissions.REVIEW, State.DONE, actor=actor)
    assert measure.done_on is not None
    if days not in REVIEWS or rules.due_on(measure.done_on, days) > on:
        raise Refusal(_("还没有到评价成效的日期"), clauses=keeping.CLAUSES)
    if Review.objects.filter(measure=measure, days=days).exists():
        raise Refusal(_("这一期成效已经评价"), clauses=keeping.CLAUSES)
    if outcome not in Outcome.values:
        raise Refusal(_("请选择评价结论"), clauses=keeping.CLAUSES, field="outcome")
    if not opinion.strip():
        raise Refusal(_("请填写评价意见"), clauses=keeping.CLAUSES, field="opinion")
    ids = list(Part.objects.filter(measure=measure).order_by("asset_id").values_list("asset_id", flat=True))
    before, after = effects.compared(ids, measure.done_on, days)
    made = Review.objects.create(
        measure=measure,
        days=days,
        cards=after.cards,
        used_before=min(before.used, after.cards),
        used_after=after.used,
        income_before_fen=before.income_fen,
        income_after_fen=after.income_fen,
        points_before=before.points,
        points_after=after.points,
        outcome=outcome,
        opinion=opinion.strip()[:500],
        reviewed_on=on,
        reviewed_by=actor.name,
    )
    with translation.override("zh-hans"):
        word = str(Outcome(outcome).label)
    keeping.note(
        made, events.REVIEWED, division=measure.division_code, actor=actor, on=on,
        facts={"number": measure.number, "days": days, "outcome": word},
    )  # fmt: skip
    return made
