"""Taking a survey in (收调查成果): its rows are kept as they were found, and nothing of the register changes (3.2)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, reserve_ids
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import System
from mingchan.register.survey import events, permissions, rules
from mingchan.register.survey.drafts import RowDraft, SurveyDraft, Taken
from mingchan.register.survey.models import Survey, SurveyRow
from mingchan.register.survey.queries import documents
from mingchan.register.survey.services import matching, recording

MOST_DIVISIONS = 30
_FIELDS = recording.names_of(SurveyRow)
_LIMITS = {
    field.attname: field.max_length
    for field in SurveyRow._meta.concrete_fields
    if field.attname in RowDraft._fields and field.max_length is not None
}


@transaction.atomic(savepoint=False)
def take(
    batches: Iterable[Sequence[RowDraft]],
    draft: SurveyDraft,
    *,
    source: Ref,
    actor: Actor,
    on: date,
    is_sample: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> Taken:
    """Keep a survey and compare it with the register, as one act. Serves 3.2, 2.2.

    Streams the rows. It opens no savepoint inside a caller's transaction: SQLite would keep every page that the guarded
    inserts touch, and each insert would walk all of them. Raises NotAllowed without `survey.import` over the divisions
    of the rows and of the scope, Refusal for a survey without rows, without a surveyor of the county, of unknown
    divisions, or taken before.
    """
    _checked(draft, source, actor, on)
    permissions.require_import(actor, draft.scope or (actor.county,))
    survey = Survey.objects.create(
        county=actor.county,
        title=draft.title.strip(),
        surveyor_id=draft.surveyor,
        commissioner_id=draft.commissioner,
        surveyed_from=draft.surveyed_from,
        surveyed_to=draft.surveyed_to,
        scope=",".join(sorted(set(draft.scope))),
        systems=",".join(sorted(set(draft.systems))),
        document=draft.document,
        source=str(source),
        taken_on=on,
        is_sample=is_sample,
    )
    count = 0
    allowed: set[str] = set()
    for batch in batches:
        if not batch:
            continue
        permissions.require_import(actor, {row.division_code for row in batch} - allowed)
        allowed |= {row.division_code for row in batch}
        rows = _rows(survey, batch)
        insert_rows(SurveyRow, _FIELDS, rows)
        recording.begun(events.ROW_TAKEN, documents.ROW, rows, survey, actor=actor, on=on)
        count += len(rows)
        if on_progress is not None:
            on_progress(count)
    if not count:
        raise Refusal(_("调查表没有可用的行"), clauses=("3.2",))
    survey.row_count = count
    survey.save(update_fields=["row_count"])
    recording.changed(events.TAKEN, survey, None, actor=actor, on=on, count=count)
    return matching.compare(survey, actor=actor, on=on)


def _checked(draft: SurveyDraft, source: Ref, actor: Actor, on: date) -> None:
    if not draft.title.strip():
        raise Refusal(_("请填写调查名称"), clauses=("3.2",), field="title")
    if len(draft.title.strip()) > 120:
        raise Refusal(_("调查名称最多 120 字"), clauses=("3.2",), field="title")
    asked = {party for party in (draft.surveyor, draft.commissioner) if party is not None}
    if Party.objects.filter(pk__in=asked, county=actor.county).count() != len(asked):
        raise Refusal(_("没有这个调查机构或委托单位"), clauses=("3.2",), field="surveyor")
    days = [day for day in (draft.surveyed_from, draft.surveyed_to) if day is not None]
    if days != sorted(days) or any(day > on for day in days):
        raise Refusal(_("调查日期的先后不对，或晚于今天"), clauses=("3.2",), field="surveyed_to")
    if len(draft.scope) > MOST_DIVISIONS:
        raise Refusal(_("调查区划太多，请改选县或乡镇"), clauses=("3.2",), field="scope")
    known = directory.division_names(draft.scope)
    if any(code not in known or not code.startswith(actor.county) for code in draft.scope):
        raise Refusal(_("调查区划不在本县"), clauses=("3.2",), field="scope")
    if not set(draft.systems) <= set(System.values):
        raise Refusal(_("没有这个建设体系"), clauses=("2.1.2",), field="systems")
    standing = Survey.objects.filter(county=actor.county, source=str(source)).values_list("pk", flat=True).first()
    if standing is not None:
        raise Refusal(_("这份调查表已经收过（调查 %(number)s）") % {"number": standing}, clauses=("3.2",))


def _rows(survey: Survey, batch: Sequence[RowDraft]) -> list[tuple[Any, ...]]:
    first = reserve_ids(SurveyRow, len(batch))
    rows = []
    for index, draft in enumerate(batch):
        values = draft._asdict()
        for name, limit in _LIMITS.items():
            values[name] = values[name][:limit]
        values["originals"] = (
            orjson.dumps(dict(draft.originals), option=orjson.OPT_SORT_KEYS).decode() if draft.originals else ""
        )
        values["is_missing"] = draft.is_missing or rules.says_missing(draft.result, draft.quantity_milli)
        values |= {"id": first + index, "survey_id": survey.pk}
        rows.append(tuple(values[name] for name in _FIELDS))
    return rows
