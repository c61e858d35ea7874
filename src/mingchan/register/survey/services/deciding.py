"""Deciding about differences (处理差异): one by one or many at once, each with a reason; the register follows (3.2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset
from mingchan.register.survey import events, permissions, rules
from mingchan.register.survey.choices import Decision, Kind, Way
from mingchan.register.survey.drafts import Decided, NewCardTerms
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.queries import documents, listing, scoping
from mingchan.register.survey.queries.listing import DifferenceFilter
from mingchan.register.survey.rules import Pair
from mingchan.register.survey.services import differing, matching, new_cards, recording

CHUNK = 2000
MOST_CORRECTED = 200
"""So many cards are corrected in one act: each correction locks a card, posts and records by itself."""
MOST_REGISTERED = 5000
_NAMES = recording.names_of(Difference)


@transaction.atomic
def decide(
    survey_id: int,
    chosen: Mapping[int, int],
    decision: str,
    reason: str,
    *,
    actor: Actor,
    on: date,
    terms: NewCardTerms | None = None,
) -> Decided:
    """Decide about chosen differences, each given with the version that was seen. Serves 3.2, 2.2.

    A decision that changes the register does so in this transaction, or nothing happens. One that changed nothing may
    be taken anew until the survey is settled. Raises Stale when a difference or its card changed since, naming it;
    Refusal for a decision that doesn't fit, an empty reason, too many cards at once; NotFound, NotAllowed.
    """
    survey = _opened(survey_id, decision, reason, actor=actor)
    mine = Difference.objects.select_for_update().filter(scoping.inside(actor), survey=survey, pk__in=list(chosen))
    found = list(mine.order_by("id"))
    if not chosen or len(found) != len(chosen):
        raise NotFound(_("没有选中的差异，或已重新比对，请刷新后再选"))
    for difference in found:
        if difference.version != chosen[difference.pk]:
            raise _overtaken(difference)
        if difference.decision in rules.CHANGING:
            raise Refusal(
                _("“%(name)s”已按调查改动台账，不能再改处理意见") % {"name": difference.title}, clauses=("3.2",)
            )
    return _decide(survey, found, decision, reason.strip()[:500], terms, actor=actor, on=on)


@transaction.atomic
def decide_all(
    survey_id: int,
    filtered: DifferenceFilter,
    expected: int,
    decision: str,
    reason: str,
    *,
    actor: Actor,
    on: date,
    terms: NewCardTerms | None = None,
) -> Decided:
    """Decide about every open difference inside a filter; `expected` is how many the person saw. Serves 3.2.

    Decisions that leave the register alone are written set by set, however many. Corrections are done for the first
    200 cards, so the caller asks again for the rest. Raises as `decide`, Stale when the number is another.
    """
    survey = _opened(survey_id, decision, reason, actor=actor)
    mine = listing.narrowed(survey, filtered.but(settled="open"), actor)
    count = mine.count()
    if count != expected:
        raise Stale(
            _("待处理的差异已由 %(seen)s 条变为 %(now)s 条，请刷新后再办理") % {"seen": expected, "now": count},
            theirs={"count": count}, yours={"count": expected},
        )  # fmt: skip
    if decision in rules.CHANGING:
        return _decide(survey, _first(mine, decision), decision, reason.strip()[:500], terms, actor=actor, on=on)
    kinds = set(mine.order_by().values_list("kind", flat=True).distinct())
    divisions = set(mine.order_by().values_list("division_code", flat=True).distinct())
    _fits(decision, kinds, divisions, actor)
    ids = list(mine.order_by("id").values_list("id", flat=True))
    _write(survey, ids, decision, reason.strip()[:500], actor=actor, on=on)
    return Decided(len(ids))


def _first(mine: "QuerySet[Difference]", decision: str) -> list[Difference]:
    """As many of the open differences as one act takes, whole cards only."""
    if decision == Decision.REGISTER:
        return list(mine.order_by("id")[:MOST_REGISTERED])
    cards: dict[int, None] = {}
    for asset_id in mine.order_by("id").values_list("asset_id", flat=True)[: MOST_CORRECTED * 4]:
        if asset_id is not None:
            cards.setdefault(asset_id)
        if len(cards) >= MOST_CORRECTED:
            break
    return list(mine.filter(asset__in=list(cards)).order_by("id"))


def _opened(survey_id: int, decision: str, reason: str, *, actor: Actor) -> Survey:
    survey = recording.locked(survey_id, actor=actor)
    if not scoping.sees(survey, actor):
        raise NotFound(_("没有这次调查"))
    if decision not in Decision.values:
        raise Refusal(_("请选择处理意见"), clauses=("3.2",), field="decision")
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明处理理由"), clauses=("3.2",), field="reason")
    return survey


def _overtaken(difference: Difference) -> Stale:
    return Stale(
        _("“%(name)s”的差异刚由 %(who)s 处理，请刷新后再办理")
        % {"name": difference.title, "who": difference.decided_by or _("他人")},
        theirs={"decision": difference.decision}, yours={},
    )  # fmt: skip


def _fits(decision: str, kinds: set[str], divisions: set[str], actor: Actor) -> None:
    permissions.require_settle(actor, divisions)
    if decision not in rules.decisions_for(kinds):
        names = "、".join(str(Kind(kind).label) for kind in Kind.values if kind in kinds)
        raise Refusal(
            _("“%(decision)s”不适用于选中的差异（%(kinds)s）") % {"decision": Decision(decision).label, "kinds": names},
            clauses=("3.2",), field="decision",
        )  # fmt: skip


def _decide(
    survey: Survey,
    found: Sequence[Difference],
    decision: str,
    reason: str,
    terms: NewCardTerms | None,
    *,
    actor: Actor,
    on: date,
) -> Decided:
    _fits(decision, {one.kind for one in found}, {one.division_code for one in found}, actor)
    ids = [one.pk for one in sorted(found, key=lambda one: (not one.decision, one.pk))]  # known to the log first
    if decision == Decision.REGISTER:
        registered = _register(survey, found, reason, terms or NewCardTerms(), actor=actor, on=on)
        _write(survey, ids, decision, reason, actor=actor, on=on)
        return Decided(len(ids), registered=registered)
    corrected = 0
    if decision == Decision.CORRECT:
        corrected = _correct(survey, found, reason, actor=actor, on=on)
    _write(survey, ids, decision, reason, actor=actor, on=on)
    return Decided(len(ids), corrected=corrected)


def _register(
    survey: Survey, found: Sequence[Difference], reason: str, terms: NewCardTerms, *, actor: Actor, on: date
) -> int:
    """Register the rows of the differences; each is from now on the row of its card. Returns how many."""
    if len(found) > MOST_REGISTERED:
        raise Refusal(_("一次最多登记 %(most)s 项") % {"most": MOST_REGISTERED}, clauses=("2.2",))
    asked = [one.row_id for one in found if one.row_id is not None]
    rows = list(SurveyRow.objects.filter(pk__in=one_of(asked, "bigint")).order_by("id"))
    cards = new_cards.register(survey, rows, terms, actor=actor, on=on)
    pairs = [Pair(row, card, Way.HAND.value, 100) for row, card in cards.items()]
    matching.write(survey, pairs, actor=actor, on=on, made_by=actor.name[:50], reason=reason)
    return len(cards)


def _correct(survey: Survey, found: Sequence[Difference], reason: str, *, actor: Actor, on: date) -> int:
    """Correct the cards of the differences, each once with everything that was chosen about it."""
    by_card: dict[int, list[Difference]] = defaultdict(list)
    for one in found:
        if one.asset_id is None or one.row_id is None:
            raise Refusal(_("“%(name)s”没有对应的卡片") % {"name": one.title}, clauses=("3.2",))
        by_card[one.asset_id].append(one)
    if len(by_card) > MOST_CORRECTED:
        raise Refusal(_("一次最多更正 %(most)s 张卡片，请分几次办理") % {"most": MOST_CORRECTED}, clauses=("2.2",))
    cards = Asset.objects.in_bulk(list(by_card))
    rows = SurveyRow.objects.in_bulk([one.row_id for one in found])
    moved = [one for one in found if one.asset_id and cards[one.asset_id].version != one.asset_version]
    for one in differing.changed_since(survey, moved) if moved else ():
        card = cards[one.asset_id or 0]
        raise _moved_on(card, {"version": card.version}, {"version": one.asset_version})
    basis = (_("调查摸底《%(title)s》：%(reason)s") % {"title": survey.title, "reason": reason})[:500]
    for asset_id, mine in by_card.items():
        card, row = cards[asset_id], rows[mine[0].row_id]
        changes = new_cards.changes_of(row, card, [one.kind for one in mine], actor=actor, on=on)
        try:
            version = assets.correct(asset_id, changes, card.version, basis, actor=actor, on=on)
        except Stale as stale:
            raise _moved_on(card, stale.theirs, stale.yours) from stale
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            message = _("卡片 %(code)s %(name)s：%(why)s") % {"code": card.code, "name": card.name, "why": refusal}
            raise Refusal(message, clauses=refusal.clauses, field=refusal.field) from refusal
        left = Difference.objects.filter(survey=survey, asset=asset_id, decision="")
        left.exclude(pk__in=[one.pk for one in mine]).update(asset_version=version)
    return len(by_card)


def _moved_on(card: Asset, theirs: dict[str, Any], yours: dict[str, Any]) -> Stale:
    message = _("卡片 %(code)s %(name)s 在比对之后已被改动，请重新比对后再处理")
    return Stale(message % {"code": card.code, "name": card.name}, theirs=theirs, yours=yours)


def _write(survey: Survey, ids: Sequence[int], decision: str, reason: str, *, actor: Actor, on: date) -> None:
    """Write the decision and record each difference, last of all; a chunk at a time."""
    evidence.record_many(
        events.DECIDED,
        _written(ids, decision, reason, actor=actor, on=on),
        actor=actor,
        on=on,
        reason=reason,
        facts={"title": survey.title, "decision": str(Decision(decision).label)},
    )


def _written(ids: Sequence[int], decision: str, reason: str, *, actor: Actor, on: date) -> Iterator[tuple[Any, ...]]:
    """Decide chunk by chunk, giving each difference's document after, and before where the log knows it already."""
    at, decided_at = _NAMES.index("division_code"), _NAMES.index("decision")
    changed: dict[str, Any] = {
        "decision": decision, "reason": reason, "decided_by": actor.name[:50], "decided_on": on,
        "version": F("version") + 1,
    }  # fmt: skip
    if decision == Decision.REGISTER:
        changed["new_asset"] = Subquery(Match.objects.filter(row=OuterRef("row")).values("asset")[:1])
    if decision == Decision.CORRECT:
        changed["asset_version"] = Subquery(Asset.objects.filter(pk=OuterRef("asset")).values("version")[:1])
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        mine = Difference.objects.filter(pk__in=one_of(chunk, "bigint"))
        before = {row[0]: row for row in mine.values_list(*_NAMES)}
        mine.update(**changed)
        after = {row[0]: row for row in mine.values_list(*_NAMES)}
        for number in chunk:
            row, old = after[number], before[number]
            entry = (f"{documents.DIFFERENCE.kind}:{number}", row[at], recording.document(_NAMES, row))
            yield (*entry, recording.document(_NAMES, old)) if old[decided_at] else entry
