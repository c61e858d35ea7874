"""Matching (匹配): which card each row is, found set by set, and the differences that follow (3.2)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import NotAllowed
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries.filtering import between
from mingchan.register.survey import events, permissions, rules
from mingchan.register.survey.choices import State, Way
from mingchan.register.survey.drafts import Taken
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.queries import documents, scoping
from mingchan.register.survey.queries.things import ROW, thing, things_of_cards, things_of_rows
from mingchan.register.survey.rules import Pair
from mingchan.register.survey.services import differing, recording

_FIELDS = recording.names_of(Match)
SURE = 50
"""Names that are at least so alike don't contradict an equal number."""


@transaction.atomic
def match(survey_id: int, *, actor: Actor, on: date) -> Taken:
    """Find the card of every row that has none, and compare anew whatever nobody has decided about yet. Serves 3.2.

    Cards that came since, and rows that lost their card, are taken up; matches that stand are left. Raises NotAllowed
    without `survey.import` or `survey.settle` over what the survey covers, Refusal when it is settled.
    """
    survey = recording.locked(survey_id, actor=actor)
    right = permissions.SETTLE if actor.may(permissions.SETTLE) else permissions.IMPORT
    if not all(actor.may(right, code) for code in scoping.divisions_of(survey)):
        raise NotAllowed(_("您没有比对这次调查的权限"), clauses=("3.2",))
    return compare(survey, actor=actor, on=on)


def compare(survey: Survey, *, actor: Actor, on: date) -> Taken:
    """Match and compare in the caller's transaction, for whoever was allowed to."""
    before = recording.whole(survey)
    for way, column in ((Way.CODE, "code"), (Way.SERIAL, "serial_no")):
        write(survey, _by_number(survey, way, column), actor=actor, on=on)
    for pairs in _by_town(survey):
        write(survey, pairs, actor=actor, on=on)
    write(survey, _without_town(survey), actor=actor, on=on)
    differing.rebuild(survey)
    survey.state = State.SETTLING
    survey.compared_on = on
    survey.version += 1
    if not survey.before:
        survey.before = orjson.dumps(scoping.figures(survey)).decode()
    survey.save(update_fields=["state", "compared_on", "version", "before"])
    recording.changed(events.COMPARED, survey, before, actor=actor, on=on)
    mine = Match.objects.filter(survey=survey).count()
    return Taken(survey.pk, survey.row_count, mine, Difference.objects.filter(survey=survey, decision="").count())


def write(
    survey: Survey, pairs: Sequence[Pair], *, actor: Actor, on: date, made_by: str = "", reason: str = ""
) -> list[int]:
    """Keep matches and record them; returns their ids."""
    if not pairs:
        return []
    first = reserve_ids(Match, len(pairs))
    rows = []
    for index, pair in enumerate(pairs):
        values = {
            "id": first + index, "survey_id": survey.pk, "row_id": pair.row, "asset_id": pair.card, "way": pair.way,
            "score": pair.score, "ties": pair.ties, "made_by": made_by, "made_on": on.isoformat(), "reason": reason,
        }  # fmt: skip
        rows.append(tuple(values[name] for name in _FIELDS))
    insert_rows(Match, _FIELDS, rows)
    recording.begun(events.MATCHED, documents.MATCH, rows, survey, actor=actor, on=on, reason=reason)
    return list(range(first, first + len(rows)))


def _by_number(survey: Survey, way: Way, column: str) -> list[Pair]:
    """Rows and cards that bear the same number, joined by the database: for each row a look into the cards' index.

    CROSS JOIN and the form of the conditions tell SQLite so; without statistics it would walk the cards for each row.
    """
    row, card, match_ = (model._meta.db_table for model in (SurveyRow, Asset, Match))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT r.id, a.id, r.name, a.name FROM "{row}" r CROSS JOIN "{card}" a '  # noqa: S608 - our own models
            f"WHERE a.county = %s AND a.{column} = r.{column} AND a.status = %s AND NOT (a.{column} = '') "
            f"AND r.survey_id = %s AND NOT (r.{column} = '') "
            f'AND NOT EXISTS (SELECT 1 FROM "{match_}" m WHERE m.row_id = r.id) '
            f'AND NOT EXISTS (SELECT 1 FROM "{match_}" m WHERE m.survey_id = %s AND m.asset_id = a.id)',
            [survey.county, Status.ACTIVE.value, survey.pk, survey.pk],
        )
        found = cursor.fetchall()
    scored = [
        (row_id, card_id, 100 if rules.likeness(rules.name_key(said), rules.name_key(stands)) >= SURE else 70)
        for row_id, card_id, said, stands in found
    ]
    return rules.one_to_one(scored, way.value)


def open_rows(survey: Survey) -> Any:
    """Rows that have no card yet."""
    return SurveyRow.objects.filter(survey=survey, match__isnull=True)


def open_cards(survey: Survey) -> Any:
    """Covered cards that no row stands for yet."""
    taken = Match.objects.filter(survey=survey).values("asset_id")
    return scoping.scoped_cards(survey).exclude(pk__in=taken)


def _by_town(survey: Survey) -> Iterator[list[Pair]]:
    """Rows and cards of one township after another: memory holds one township."""
    rows = things_of_rows(open_rows(survey).order_by("division_code", "id"))
    for town, group in groupby(rows, key=lambda row: row.division[: rules.TOWN_DIGITS]):
        cards = open_cards(survey).filter(between("division_code", town)).order_by("id")
        yield rules.assign(list(group), things_of_cards(cards))


def _without_town(survey: Survey) -> list[Pair]:
    """Rows of which no township is known, by name, quantity and value in the whole county; never quite sure."""
    county = recording.county_code(survey)
    rows = list(open_rows(survey).filter(division_code=county).order_by("id").values_list(*ROW))
    if not rows:
        return []
    names: Iterable[str] = {row[1] for row in rows}
    cards = open_cards(survey).filter(name__in=one_of(names)).order_by("id")
    anywhere = rules.by_keys(
        [thing(row)._replace(division="", site="", place="") for row in rows],
        [card._replace(division="", site="", place="") for card in things_of_cards(cards)],
    )
    return [pair._replace(way=Way.FUZZY.value, score=pair.score - 15) for pair in anywhere if pair.score >= 88]
