"""What pages of notices show, put together: the public text, the period as a bar, what may be done and what not."""

from datetime import date
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import queries as log
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.queries import calendar
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui.filters import day
from mingchan.kernel.ui.parts import Moment
from mingchan.oversight.disclosure import permissions, rules, wording
from mingchan.oversight.disclosure.choices import DayUnit, NoticeState, ObjectionState
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection
from mingchan.oversight.disclosure.queries import documents, listing, standing
from mingchan.oversight.disclosure.services import publishing

TONES = {
    "DRAFT": "warn", "PUBLISHED": "info", "CLOSED": "good", "CORRECTED": "neutral", "WITHDRAWN": "neutral",
    "DROPPED": "neutral",
}  # fmt: skip
OBJECTION_TONES = {"OPEN": "warn", "ACCEPTED": "info", "INADMISSIBLE": "neutral", "ANSWERED": "good"}
VERDICT_TONES = {"UPHELD": "bad", "PARTLY": "warn", "NOT_UPHELD": "good"}


def tell(form: Any, refusal: Refusal) -> None:
    """Put a refusal beside its field. Raises it again when it says that the thing isn't there or isn't theirs."""
    if refusal.status != Refusal.status:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def refused(request: HttpRequest, refusal: Refusal, to: str, *args: Any) -> HttpResponse:
    """Back to a page with what was refused and why. Raises it again when the thing isn't there or isn't theirs."""
    if refusal.status != Refusal.status:
        raise refusal
    messages.error(request, str(refusal))
    return redirect(to, *args)


def public_text(notice: Notice) -> dict[str, Any]:
    """The notice as the public sees it, drafted or published."""
    return {
        "content": documents.content_of(notice),
        "clauses": [policy.clauses()[code] for code in orjson.loads(notice.clauses) if code in policy.clauses()],
        "day_unit": DayUnit(notice.unit).label,
        "places": list(NoticePlace.objects.filter(notice=notice).order_by("id")),
        "division": directory.division_names([notice.division_code]).get(notice.division_code, notice.division_code),
    }


def period_bar(notice: Notice, on: date) -> dict[str, Any] | None:
    """How much of the period is over: days done and in all, and in words. None for a draft."""
    if notice.first_day is None or notice.last_day is None:
        return None
    whole = (notice.last_day - notice.first_day).days + 1
    done = min(max((on - notice.first_day).days, 0), whole)
    left = (notice.last_day - on).days + 1
    if on < notice.first_day:
        words = _("明日起算，至 %(day)s 止") % {"day": day(notice.last_day)}
    elif left > 0:
        words = _("还有 %(left)s 天，至 %(day)s 止") % {"left": left, "day": day(notice.last_day)}
    else:
        words = _("已于 %(day)s 期满") % {"day": day(notice.last_day)}
    return {"done": done, "whole": whole, "words": words}


def may(notice: Notice, request: HttpRequest) -> dict[str, bool]:
    """What the reader may do with the notice now."""
    actor, place = request.actor, notice.division_code
    drafts, publishes = actor.may(permissions.DRAFT, place), actor.may(permissions.PUBLISH, place)
    is_draft, is_running = notice.state == NoticeState.DRAFT, notice.state == NoticeState.PUBLISHED
    awaited = notice.task_id is not None
    corrected = listing.correction_of(notice) is not None
    other = publishing.needs_other(notice, actor)
    gone = awaited and not standing.of(notice).is_awaited
    return {
        "edit": is_draft and drafts,
        "drop": is_draft and drafts and (not awaited or notice.supersedes_id is not None),
        "publish": is_draft and publishes and not other,
        "await": is_draft and publishes and other,
        "close": is_running and publishes,
        "correct": (is_running or notice.state == NoticeState.CLOSED) and drafts and not corrected,
        "withdraw": is_running and publishes and not corrected and (not awaited or gone),
        "object": not is_draft and notice.state in (NoticeState.PUBLISHED, NoticeState.CLOSED) and not corrected,
        "print": not is_draft and notice.state != NoticeState.DROPPED,
    }


def blocked(notice: Notice, on: date) -> str:
    """Why the notice can't be closed now; empty when it can."""
    found = standing.of(notice)
    why = rules.why_not_close(found, on)
    return "" if why is None else wording.blocked(why, notice, found)


def calendar_warning(notice: Notice, last: date) -> str:
    """That the working days of a year aren't published yet, when the period rests on them."""
    if notice.unit != DayUnit.WORKING or last.year <= calendar.last_known_year():
        return ""
    return _("%(year)s 年的放假安排尚未收录，暂按周一至周五计算工作日") % {"year": last.year}


def trace(kind: str, key: int, division: str, request: HttpRequest) -> list[Moment]:
    """What happened, newest first, for those who may read the log."""
    if not request.actor.may("log.view", division):
        return []
    return [
        Moment(day(entry.on), entry.sentence, entry.reason, entry.actor)
        for entry in reversed(log.history(Ref(kind, key)))
    ]


def steps(row: Objection) -> tuple[list[str], int]:
    """The steps of an objection, and which it is at."""
    if row.state == ObjectionState.INADMISSIBLE:
        return [_("提出"), _("不予受理")], 2
    names = [_("提出"), _("受理"), _("核查"), _("答复")]
    at = {ObjectionState.OPEN: 1, ObjectionState.ACCEPTED: 2, ObjectionState.ANSWERED: 4}
    return names, at[ObjectionState(row.state)]
