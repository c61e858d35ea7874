"""The third party scores, checks on the spot and hands in (评分、现场核查、提交, 2.4.2d)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.performance import events, pack, permissions, queries, rules
from mingchan.lifecycle.performance.choices import State
from mingchan.lifecycle.performance.drafts import FileDraft, ScoreDraft
from mingchan.lifecycle.performance.models import Evaluation, Score, Visit
from mingchan.lifecycle.performance.queries.documents import EVALUATION, VISIT
from mingchan.lifecycle.performance.services import keeping

CLAUSES = keeping.CLAUSES


def _faults() -> dict[str, str]:
    return {
        "OUT": _("“%(label)s”的得分应在 0 到 %(weight)s 之间，数字不能为负"),
        "GROUNDS": _("“%(label)s”由评价机构判定，或与系统数据不同，须写明依据"),
        "HALF": _("“%(label)s”的分子、分母应一并填写"),
        "OFF": _("“%(label)s”的得分与所填数字算出的不一致"),
    }


def _scored_by(evaluation_id: int, version: int, actor: Actor) -> Evaluation:
    found = keeping.locked(evaluation_id, actor)
    permissions.require_truth(permissions.scores(actor, found))
    keeping.current(found, version)
    keeping.stands(found, State.ASSIGNED)
    return found


@transaction.atomic
def score(evaluation_id: int, drafts: Sequence[ScoreDraft], *, version: int, actor: Actor, on: date) -> Evaluation:
    """Give scores to indicators; those given before are replaced, others stay.

    The figures that the system knows are kept beside each score. Raises Refusal naming the indicator and what is wrong
    with its score; NotAllowed for anybody but the body that was commissioned; Stale; NotFound. Serves 2.4.2d.
    """
    found = _scored_by(evaluation_id, version, actor)
    used = pack.read(found.indicators)
    known = queries.measured(found.contract, found.year, on)
    before = keeping.whole(EVALUATION, found)
    for draft in drafts:
        if draft.code not in used.codes:
            raise Refusal(_("指标体系中没有“%(code)s”") % {"code": draft.code}, clauses=CLAUSES, field=draft.code)
        one = used.indicator(draft.code)
        proposed = known.get(one.measure) if one.measure else None
        given = rules.Given(draft.points, draft.grounds, draft.numerator, draft.denominator)
        fault = rules.score_fault(one, given, proposed)
        if fault:
            words = {"label": one.label, "weight": one.weight // 100}
            raise Refusal(_faults()[fault] % words, clauses=CLAUSES, field=draft.code)
        Score.objects.update_or_create(
            evaluation=found,
            code=draft.code,
            defaults={
                "points": draft.points,
                "grounds": draft.grounds.strip()[:500],
                "numerator": draft.numerator,
                "denominator": draft.denominator,
                "proposed_numerator": proposed.numerator if proposed else None,
                "proposed_denominator": proposed.denominator if proposed else None,
            },
        )
    return keeping.save(found, events.SCORED, before, actor=actor, on=on)


@transaction.atomic
def note_visit(
    evaluation_id: int,
    *,
    visited_on: date,
    place: str,
    checked: int,
    matching: int,
    found: str,
    photo: FileDraft | None = None,
    actor: Actor,
    on: date,
) -> Visit:
    """Note a check on the spot: how many items were looked for, how many found as booked, what was seen.

    Raises Refusal for a day to come, more found than checked, no place or words, a photo that is no image; NotAllowed
    for anybody but the body that was commissioned. Serves 2.4.2d.
    """
    row = keeping.locked(evaluation_id, actor)
    permissions.require_truth(permissions.scores(actor, row))
    keeping.stands(row, State.ASSIGNED)
    if visited_on > on:
        raise Refusal(_("核查日期不能晚于今天"), clauses=CLAUSES, field="visited_on")
    if not 0 <= matching <= checked or checked > 1_000_000:
        raise Refusal(_("相符件数不能多于抽查件数"), clauses=CLAUSES, field="matching")
    visit = Visit(
        evaluation=row,
        visited_on=visited_on,
        place=keeping.said(place, "place", 120),
        checked=checked,
        matching=matching,
        found=keeping.said(found, "found"),
        photo=keeping.keep(photo, Ref("evaluation", row.pk), row, photo=True, actor=actor, on=on),
        noted_by=actor.name,
    )
    visit.save(force_insert=True)
    facts = {"name": row.contract.title, "place": visit.place}
    keeping.record(events.VISITED, VISIT, visit, division=row.division_code, facts=facts, actor=actor, on=on)
    return visit


@transaction.atomic
def submit(evaluation_id: int, *, opinion: str, version: int, actor: Actor, on: date) -> Evaluation:
    """Hand the result in: every indicator scored, at least one check on the spot, an opinion in words.

    Raises Refusal naming what is missing; otherwise as `score`. Serves 2.4.2d.
    """
    found = _scored_by(evaluation_id, version, actor)
    used = pack.read(found.indicators)
    scored = dict(found.scores.values_list("code", "points"))
    lacking = rules.missing(used, list(scored))
    if lacking:
        raise Refusal(_("还有指标没有评分：%(labels)s") % {"labels": "、".join(lacking)}, clauses=CLAUSES)
    if not found.visits.exists():
        raise Refusal(_("请先登记至少一次现场核查"), clauses=CLAUSES)
    before = keeping.whole(EVALUATION, found)
    found.opinion = keeping.said(opinion, "opinion", 4000)
    found.points = sum(scored.values())
    found.grade = used.grade(found.points).code
    found.submitted_on, found.submitted_by, found.state = on, actor.name, State.SUBMITTED
    return keeping.save(found, events.SUBMITTED, before, actor=actor, on=on)
