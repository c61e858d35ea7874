"""What anybody may read of notices and objections (公开查询): frozen, masked values, no actor asked (1.2b, 4.3)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel import crypto
from mingchan.kernel.errors import NotFound
from mingchan.oversight.disclosure.choices import NoticeState, ObjectionState
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection

RUNNING, OVER, CORRECTED, WITHDRAWN = "running", "over", "corrected", "withdrawn"
STATES = (RUNNING, OVER, CORRECTED, WITHDRAWN)
PAGE = 20
_STATE = {
    NoticeState.PUBLISHED: RUNNING,
    NoticeState.CLOSED: OVER,
    NoticeState.CORRECTED: CORRECTED,
    NoticeState.WITHDRAWN: WITHDRAWN,
}


class PublicPlace(NamedTuple):
    """Where a notice is shown."""

    kind: str
    division_code: str
    name: str


class PublicNotice(NamedTuple):
    """A notice as the public sees it: exactly what was frozen when it was published.

    `state` is running, over, corrected or withdrawn. An objection raised up to and with `last_day` of a running notice
    holds the matter; a later one is answered only. `replaces` and `replaced_by` are slugs, or empty.
    """

    id: int
    slug: str
    number: str
    kind: str
    kind_label: str
    title: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    clauses: tuple[str, ...]
    contact: str
    county: str
    division_code: str
    division_name: str
    places: tuple[PublicPlace, ...]
    published_on: date
    first_day: date
    last_day: date
    days: int
    unit: str
    state: str
    state_label: str
    closed_on: date | None
    outcome: str
    outcome_label: str
    ended_on: date | None
    reason: str
    replaces: str
    replaced_by: str
    digest: str
    checkpoint: str
    is_sample: bool


class PublicAnswer(NamedTuple):
    """An objection as the public sees it: never who raised it nor their words, only how it stands and the answer."""

    number: str
    raised_on: date
    due_on: date
    state: str
    state_label: str
    is_late: bool
    verdict: str
    verdict_label: str
    answer: str
    answered_on: date | None


class Followed(NamedTuple):
    """An objection for the person who raised it: their own words and how it stands."""

    objection: PublicAnswer
    text: str
    notice_slug: str
    notice_number: str
    notice_title: str


def published(county: str = "") -> QuerySet[Notice]:
    """Every notice that was ever published, whatever became of it."""
    found = Notice.objects.filter(state__in=list(_STATE))
    return found.filter(county=county) if county else found


def public_notices(
    *, county: str, division_prefix: str = "", state: str = "", after: str = "", limit: int = PAGE
) -> tuple[list[PublicNotice], str]:
    """Published notices, the newest first, and the cursor of the next page (empty when there is none).

    `state` is one of STATES or empty. Serves 1.2b, 3.4.3b, 4.3.
    """
    found = published(county)
    wanted = next((code for code, word in _STATE.items() if word == state), None)
    if wanted is not None:
        found = found.filter(state=wanted)
    if division_prefix:
        found = found.filter(division_code__startswith=division_prefix)
    if after.isdecimal() and len(after) < 18:
        found = found.filter(id__lt=int(after))
    rows = list(found.select_related("supersedes").order_by("-id")[: limit + 1])
    shown = rows[:limit]
    return _as_seen(shown), str(shown[-1].pk) if len(rows) > limit else ""


def public_notice(number_or_slug: str, *, county: str = "") -> PublicNotice:
    """One published notice by its number (偏公示〔2020〕12号) or slug (2020-12). Raises NotFound for any other."""
    asked = number_or_slug.strip()
    rows = list(
        published(county).filter(Q(slug=asked) | Q(number=asked)).exclude(slug="").select_related("supersedes")[:1]
    )
    if not rows:
        raise NotFound(_("没有这份公示"))
    return _as_seen(rows)[0]


def as_published(notice: Notice) -> PublicNotice:
    """A published notice as the public sees it."""
    return _as_seen([notice])[0]


def _as_seen(rows: Sequence[Notice]) -> list[PublicNotice]:
    keys = [row.pk for row in rows]
    places: dict[int, list[PublicPlace]] = {key: [] for key in keys}
    for key, kind, division, name in (
        NoticePlace.objects.filter(notice_id__in=keys)
        .order_by("id")
        .values_list("notice_id", "kind", "division_code", "name")
    ):
        places[key].append(PublicPlace(kind, division, name))
    later = dict(published().filter(supersedes_id__in=keys).values_list("supersedes_id", "slug"))
    names = directory.division_names(row.division_code for row in rows)
    return [_seen(row, tuple(places[row.pk]), later.get(row.pk, ""), names.get(row.division_code, "")) for row in rows]


def _seen(row: Notice, places: tuple[PublicPlace, ...], later: str, division: str) -> PublicNotice:
    if row.published_on is None or row.first_day is None or row.last_day is None:
        raise ValueError(f"notice {row.pk} was never published")
    state = CORRECTED if later else _STATE[NoticeState(row.state)]
    return PublicNotice(
        id=row.pk,
        slug=row.slug,
        number=row.number,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        title=row.title,
        paragraphs=tuple(orjson.loads(row.paragraphs)),
        columns=tuple(orjson.loads(row.columns)),
        rows=tuple(tuple(cells) for cells in orjson.loads(row.rows)),
        clauses=tuple(orjson.loads(row.clauses)),
        contact=row.contact,
        county=row.county,
        division_code=row.division_code,
        division_name=division,
        places=places,
        published_on=row.published_on,
        first_day=row.first_day,
        last_day=row.last_day,
        days=row.days,
        unit=row.unit,
        state=state,
        state_label=str(NoticeState.CORRECTED.label if later else row.get_state_display()),
        closed_on=row.closed_on,
        outcome=row.outcome,
        outcome_label=str(row.get_outcome_display()),
        ended_on=row.ended_on,
        reason=row.ended_reason or row.correction_reason,
        replaces=row.supersedes.slug if row.supersedes is not None else "",
        replaced_by=later,
        digest=row.digest,
        checkpoint=row.checkpoint,
        is_sample=row.is_sample,
    )


_OVER = (ObjectionState.ANSWERED, ObjectionState.INADMISSIBLE)


def _answer(row: Objection) -> PublicAnswer:
    return PublicAnswer(
        number=row.number,
        raised_on=row.raised_on,
        due_on=row.due_on,
        state=row.state,
        state_label=str(row.get_state_display()),
        is_late=row.is_late,
        verdict=row.verdict,
        verdict_label=str(row.get_verdict_display()),
        answer=row.answer if row.state in _OVER else "",
        answered_on=row.answered_on,
    )


def public_answers(number_or_slug: str, *, county: str = "") -> list[PublicAnswer]:
    """Objections to a notice with their answers, in the order they came. Raises NotFound without such a notice."""
    notice = public_notice(number_or_slug, county=county)
    return [_answer(row) for row in Objection.objects.filter(notice_id=notice.id).order_by("id")]


def code_digest(number: str, code: str) -> str:
    """The keyed digest of a follower's code, of 32 hex digits."""
    return crypto.lookup_digest(code, context=f"objection.code:{number}").hex()


def followed(number: str, code: str) -> Followed:
    """An objection by its number and code, for whoever holds both. Raises NotFound when either is wrong."""
    asked, secret = number.strip().upper(), "".join(code.upper().split()).replace("-", "")
    row = Objection.objects.filter(number=asked).select_related("notice").first()
    expected = row.code_digest if row is not None else "0" * 32
    if not crypto.same(expected.encode(), code_digest(asked, secret).encode()) or row is None:
        raise NotFound(_("编号或查询码不对"))
    return Followed(_answer(row), row.text, row.notice.slug, row.notice.number, row.notice.title)
