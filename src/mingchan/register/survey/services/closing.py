"""Settling a survey (办结调查): scope and types are fixed, and nothing of it changes any more (3.2, 2.1.1, 2.1.2)."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids, streamed
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.survey import events, permissions, rules
from mingchan.register.survey.choices import Decision, State
from mingchan.register.survey.models import Difference, Match, ScopeMark, Survey
from mingchan.register.survey.queries import documents, scoping
from mingchan.register.survey.services import recording

CHUNK = 2000
_FIELDS = recording.names_of(ScopeMark)
_CARD = (
    "id", "division_code", "system", "tier", "asset_type", "six_class", "funding", "quantity_milli", "cost_fen",
)  # fmt: skip


@transaction.atomic
def settle(survey_id: int, conclusion: str, version: int, *, actor: Actor, on: date) -> Survey:
    """Settle a survey with no open difference left: mark what is in scope and of which type, and freeze it all.

    Serves 3.2, 2.1.1, 2.1.2. Raises Refusal while a difference is open, before the comparison or without a conclusion;
    Stale, NotFound, NotAllowed without `survey.settle` over everything the survey covers.
    """
    survey = recording.locked(survey_id, actor=actor, version=version)
    if not scoping.sees(survey, actor):
        raise NotFound(_("没有这次调查"))
    permissions.require_settle(actor, scoping.divisions_of(survey))
    if survey.state != State.SETTLING:
        raise Refusal(_("调查还没有与台账比对"), clauses=("3.2",))
    if not conclusion.strip():
        raise Refusal(_("请填写办结意见"), clauses=("3.2",), field="conclusion")
    left = Difference.objects.filter(survey=survey, decision="").count()
    if left:
        raise Refusal(_("还有 %(count)s 条差异没有处理，不能办结") % {"count": left}, clauses=("3.2",))
    before = recording.whole(survey)
    count = _mark(survey, actor=actor, on=on)
    survey.after = orjson.dumps(scoping.figures(survey)).decode()
    survey.state = State.SETTLED
    survey.settled_on, survey.settled_by, survey.conclusion = on, actor.name[:50], conclusion.strip()[:500]
    survey.version += 1
    survey.save()
    recording.changed(events.SETTLED, survey, before, actor=actor, on=on, reason=conclusion.strip()[:500], count=count)
    return survey


def _mark(survey: Survey, *, actor: Actor, on: date) -> int:
    """Mark every card that the survey covers or found; a chunk at a time. Returns how many."""
    sources = {code: source.in_scope for code, source in policy.funding_sources().items()}
    outside = [code for code, in_scope in sources.items() if not in_scope]
    sources[MIXED] = True
    doubtful = Difference.objects.filter(survey=survey, decision__in=(Decision.PENDING, Decision.DISPOSE))
    doubted = set(doubtful.exclude(asset=None).values_list("asset_id", flat=True))
    mixed_out = set(FundingShare.objects.filter(source__in=outside).values_list("asset_id", flat=True))
    found = Match.objects.filter(survey=survey).values("asset_id")
    covered = scoping.scoped_cards(survey).values("pk")
    cards = Asset.objects.filter(Q(pk__in=covered) | Q(pk__in=found), county=survey.county, status=Status.ACTIVE)
    count = 0
    with streamed(cards.order_by("id").values_list(*_CARD), CHUNK) as stream:
        while chunk := list(islice(stream, CHUNK)):
            rows = list(_marks(survey, chunk, sources, doubted, mixed_out))
            insert_rows(ScopeMark, _FIELDS, rows)
            recording.begun(events.MARKED, documents.MARK, rows, survey, actor=actor, on=on)
            count += len(rows)
    return count


def _marks(
    survey: Survey, chunk: list[Any], sources: dict[str, bool], doubted: set[int], mixed_out: set[int]
) -> Iterator[tuple[Any, ...]]:
    first = reserve_ids(ScopeMark, len(chunk))
    for index, card in enumerate(chunk):
        values = dict(zip(_CARD, card, strict=True))
        asset_id = values.pop("id")
        funding = "" if values["funding"] == MIXED and asset_id in mixed_out else values["funding"]
        values |= {
            "id": first + index, "survey_id": survey.pk, "asset_id": asset_id,
            "verdict": rules.verdict(funding, sources, asset_id in doubted),
        }  # fmt: skip
        yield tuple(values[name] for name in _FIELDS)
