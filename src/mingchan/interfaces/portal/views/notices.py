"""Notices and answers in public (公示、答复): under way with the days that are left, past ones, what became of them."""

from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import queries
from mingchan.interfaces.portal.views import showing
from mingchan.kernel.errors import NotFound
from mingchan.kernel.ui.page import public
from mingchan.oversight.complaints import queries as complaints
from mingchan.oversight.complaints.choices import Kind
from mingchan.oversight.disclosure import queries as disclosure

RUNNING = "running"


class Shown(NamedTuple):
    """A notice with the days that are left; none or fewer when its time is over."""

    notice: Any
    remaining: int


def _allowed(rows: list[Any], on: date) -> list[Shown]:
    kinds = queries.published().notices
    return [Shown(row, (row.last_day - on).days + 1) for row in rows if row.kind in kinds]


def notices_in(prefix: str, on: date, *, running: bool = False) -> list[Shown]:
    """Notices of the places under a division prefix, the newest first."""
    rows, _following = disclosure.public_notices(
        county=showing.county(), division_prefix=prefix, state=RUNNING if running else ""
    )
    return _allowed(rows, on)


def answers_in(prefix: str) -> list[complaints.PublicAnswer]:
    """Answers to reports that were made public, of the places under a division prefix."""
    if "reports" not in queries.published().answers:
        return []
    return complaints.public_answers(showing.county(), prefix)


@public()
def list_page(request: HttpRequest) -> HttpResponse:
    """Notices under way first, then past ones, a page at a time (1.2b, 3.4.3a, 3.4.3b)."""
    county, after = showing.county(), request.GET.get("after", "")
    running = [] if after else notices_in("", request.on, running=True)
    rows, following = disclosure.public_notices(county=county, after=after)
    context = {
        "running": running,
        "past": [one for one in _allowed(rows, request.on) if one.notice.state != RUNNING],
        "following": following,
        "after": after,
    }
    return showing.respond(request, "portal/notices.html", context, tab="notices", seconds=0)


@public()
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """A notice as it was published, how to object, and what became of objections."""
    county = showing.county()
    try:
        notice = disclosure.public_notice(slug, county=county)
    except NotFound:
        notice = None
    if notice is None or notice.kind not in queries.published().notices:
        return showing.lost(request, _("没有这份公示"), _("公示可能已经撤下，或者网址抄错了。"))
    known = policy.clauses()
    shown = "objections" in queries.published().answers
    context = {
        "notice": notice,
        "remaining": (notice.last_day - request.on).days + 1,
        "open": notice.state == RUNNING,
        "clauses": [known[clause] for clause in notice.clauses if clause in known],
        "words": {clause: queries.in_plain_words(clause) for clause in notice.clauses},
        "objections": disclosure.public_answers(slug, county=county) if shown else [],
    }
    return showing.respond(request, "portal/notice.html", context, tab="notices", seconds=0)


@public()
def answers(request: HttpRequest) -> HttpResponse:
    """Answers to reports that anybody may read, with how many came in and were answered (4.3)."""
    county = showing.county()
    listed = answers_in("")
    context = {
        "answers": listed,
        "kinds": dict(Kind.choices),
        "places": queries.place_names(county, *{one.division_code for one in listed}),
        "counts": complaints.public_counts(county, request.on),
    }
    return showing.respond(request, "portal/answers.html", context, tab="report", seconds=0)
