"""Rows of the survey as the log keeps them (留痕): whole rows in, one record for each, in one pass."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.survey.choices import State
from mingchan.register.survey.models import Survey
from mingchan.register.survey.queries import documents


def names_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table in the order in which rows are written and documents are made."""
    return protection.document_names(model)


def document(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """One row as its document."""
    return protection.from_values(names, values)


def begun(
    kind: EventKind,
    protected: Protected,
    rows: Iterable[Sequence[Any]],
    survey: Survey,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Record rows that begin. Each is a tuple in the order of `names_of`, its id first."""
    names = names_of(protected.model)
    at = names.index("division_code") if "division_code" in names else None
    evidence.record_many(
        kind,
        (
            (f"{protected.kind}:{row[0]}", row[at] if at is not None else county_code(survey), document(names, row))
            for row in rows
        ),
        actor=actor,
        on=on,
        reason=reason,
        facts=facts or {"title": survey.title},
    )


def changed(
    kind: EventKind,
    survey: Survey,
    before: dict[str, Any] | None,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    **facts: Any,
) -> None:
    """Record the survey itself: begun without `before`, else changed."""
    evidence.record(
        kind,
        Ref("survey", survey.pk),
        actor=actor,
        on=on,
        before=before,
        after=whole(survey),
        division=county_code(survey),
        reason=reason,
        facts={"title": survey.title, **facts},
    )


def whole(survey: Survey) -> dict[str, Any]:
    """The survey's own row as its document, as the database holds it."""
    names = names_of(Survey)
    return document(names, Survey.objects.filter(pk=survey.pk).values_list(*names).get())


def county_code(survey: Survey) -> str:
    """The county's own division code."""
    return survey.county.ljust(12, "0")


def locked(survey_id: int, *, actor: Actor, version: int | None = None) -> Survey:
    """The survey, locked for this transaction, while it can still change.

    Raises NotFound outside the actor's county, Refusal when it is settled or withdrawn, Stale when another version was
    meant.
    """
    survey = Survey.objects.select_for_update().filter(pk=survey_id, county=actor.county).first()
    if survey is None:
        raise NotFound(_("没有这次调查"))
    if survey.state == State.SETTLED:
        raise Refusal(_("调查已办结，不能再改动"), clauses=("3.2",))
    if survey.state == State.WITHDRAWN:
        raise Refusal(_("调查已收回，不能再改动"), clauses=("3.2",))
    if version is not None and survey.version != version:
        raise Stale(
            _("调查刚被他人改动，请刷新后再办理"), theirs={"version": survey.version}, yours={"version": version}
        )
    return survey


__all__ = ["begun", "changed", "county_code", "document", "documents", "locked", "names_of", "whole"]
