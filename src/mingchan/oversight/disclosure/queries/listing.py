"""Lists of notices and objections (公示清单、异议清单), and one of each, as far as the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.oversight.disclosure import permissions, rules
from mingchan.oversight.disclosure.choices import (
    WAITING,
    NoticeKind,
    NoticeState,
    PlaceKind,
)
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection, ObjectionNote, Posting

PAGE = 50
RUNNING, DRAFTS, TO_POST, TO_CLOSE, PAST = "running", "drafts", "to_post", "to_close", "past"
NOTICE_TABS = (RUNNING, DRAFTS, TO_POST, TO_CLOSE, PAST)
OPEN, OVERDUE, DONE = "open", "overdue", "done"
OBJECTION_TABS = (OPEN, OVERDUE, DONE)
_HIDDEN = (NoticeState.DRAFT, NoticeState.DROPPED)


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What a list of notices shows: one of NOTICE_TABS or empty for all, a kind, a division's prefix, words of title
    or number."""

    tab: str = ""
    kind: str = ""
    division: str = ""
    words: str = ""

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "NoticeFilter":
        """The filter an address asks for; what isn't known is passed over."""
        division = params.get("division", "")
        return cls(
            tab=params.get("tab", "") if params.get("tab") in NOTICE_TABS else "",
            kind=params.get("kind", "") if params.get("kind") in NoticeKind.values else "",
            division=division if division.isdecimal() and len(division) <= 12 else "",
            words=params.get("q", "").strip()[:40],
        )

    @property
    def count(self) -> int:
        """How many conditions beside the tab are set."""
        return sum(bool(value) for value in (self.kind, self.division, self.words))


class NoticeRow(NamedTuple):
    """A notice in a list."""

    id: int
    number: str
    title: str
    kind: str
    state: str
    division_code: str
    published_on: date | None
    first_day: date | None
    last_day: date | None
    drafted_on: date
    outcome: str
    case_id: int | None
    is_sample: bool
    open_objections: int
    unproven: bool


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """Notices the actor may see: every published one of the county, drafts in its own divisions."""
    if not actor.may(permissions.VIEW):
        return Notice.objects.none()
    published = Q(county=actor.county) & ~Q(state__in=_HIDDEN)
    return Notice.objects.filter(published | reach.inside(actor, permissions.VIEW))


def _unproven(actor: Actor | None = None) -> QuerySet[NoticePlace]:
    """Boards without proof of an outer notice; with an actor, those that are its to post."""
    proof = Posting.objects.filter(place=OuterRef("pk"))
    found = NoticePlace.objects.filter(~Exists(proof), notice=OuterRef("pk"), kind=PlaceKind.BOARD)
    if actor is None:
        return found
    mine = Q(pk__in=[])
    for scope in actor.scopes(permissions.POST):
        mine |= Q(division_code__startswith=scope)
    return found.filter(mine)


def chosen(wanted: NoticeFilter, actor: Actor, on: date) -> QuerySet[Notice]:
    """The notices a filter means, in no order."""
    found = visible_to(actor)
    if wanted.tab == RUNNING:
        found = found.filter(state=NoticeState.PUBLISHED)
    elif wanted.tab == DRAFTS:
        found = found.filter(state=NoticeState.DRAFT)
    elif wanted.tab == TO_POST:
        found = found.filter(Exists(_unproven(actor)), state=NoticeState.PUBLISHED)
    elif wanted.tab == TO_CLOSE:
        found = found.filter(state=NoticeState.PUBLISHED, last_day__lt=on)
    elif wanted.tab == PAST:
        found = found.exclude(state__in=(NoticeState.DRAFT, NoticeState.PUBLISHED))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.division:
        found = found.filter(division_code__startswith=rules.division_prefix(wanted.division))
    if wanted.words:
        found = found.filter(Q(title__icontains=wanted.words) | Q(number__icontains=wanted.words))
    return found


_NOTICE = NoticeRow._fields[:13]


def notices(wanted: NoticeFilter, actor: Actor, on: date, *, after: str = "") -> tuple[list[NoticeRow], str]:
    """A page of notices, newest first, and where the next begins (empty when there is none)."""
    found = chosen(wanted, actor, on)
    if after.isdecimal() and len(after) < 19:
        found = found.filter(id__lt=int(after))
    holding = (
        Objection.objects.filter(notice__origin=OuterRef("origin"), state__in=WAITING, is_late=False)
        .order_by()
        .values("notice__origin")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = list(
        found.annotate(holding=holding, bare=Exists(_unproven()))
        .order_by("-id")
        .values_list(*_NOTICE, "holding", "bare")[: PAGE + 1]
    )
    shown = [NoticeRow._make((*row[:13], row[13] or 0, row[14])) for row in rows[:PAGE]]
    return shown, str(shown[-1].id) if len(rows) > PAGE else ""


def notice_counts(actor: Actor, on: date) -> dict[str, int]:
    """How many notices stand under each tab that asks for an act."""
    return {tab: chosen(NoticeFilter(tab=tab), actor, on).count() for tab in (RUNNING, DRAFTS, TO_POST, TO_CLOSE)}


def notice(notice_id: int, actor: Actor) -> Notice:
    """One notice. Raises NotFound out of the actor's sight."""
    found = visible_to(actor).select_related("case", "task", "supersedes").filter(pk=notice_id).first()
    if found is None:
        raise NotFound(_("没有这份公示"))
    return found


class Board(NamedTuple):
    """A place of a notice with its proofs; `may_look` says whether the reader may open their photos."""

    place: NoticePlace
    postings: list[Posting]
    may_post: bool
    may_look: bool


def boards(found: Notice, actor: Actor) -> list[Board]:
    """The places of a notice, website first, each with its proofs."""
    proofs: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(notice=found).select_related("photo").order_by("id"):
        proofs.setdefault(posting.place_id, []).append(posting)
    may = found.state == NoticeState.PUBLISHED
    return [
        Board(
            place,
            proofs.get(place.pk, []),
            may and place.kind == PlaceKind.BOARD and actor.may(permissions.POST, place.division_code),
            actor.may("paper.view", place.division_code),
        )
        for place in NoticePlace.objects.filter(notice=found).order_by("id")
    ]


def of_case(case_id: int) -> list[Notice]:
    """The notices of a case, the newest first."""
    return list(Notice.objects.filter(case_id=case_id).order_by("-id"))


def correction_of(found: Notice) -> Notice | None:
    """The notice that corrects one, drafted or published."""
    return Notice.objects.filter(supersedes=found).exclude(state=NoticeState.DROPPED).first()


# ---- Objections ------------------------------------------------------------------------------------------------------


class ObjectionRow(NamedTuple):
    """An objection in a list."""

    id: int
    number: str
    state: str
    verdict: str
    is_late: bool
    raised_on: date
    due_on: date
    answered_on: date | None
    source: str
    notice_id: int
    notice_number: str
    notice_title: str
    investigator: str | None
    is_sample: bool


_OBJECTION = (
    "id", "number", "state", "verdict", "is_late", "raised_on", "due_on", "answered_on", "source", "notice_id",
    "notice__number", "notice__title", "investigator__name", "is_sample",
)  # fmt: skip


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Objections in the divisions over which the actor may see them."""
    return Objection.objects.filter(reach.inside(actor, permissions.SEE_OBJECTIONS))


def _tab(found: QuerySet[Objection], tab: str, on: date) -> QuerySet[Objection]:
    if tab == OPEN:
        return found.filter(state__in=WAITING)
    if tab == OVERDUE:
        return found.filter(state__in=WAITING, due_on__lt=on)
    return found.exclude(state__in=WAITING) if tab == DONE else found


def objections(tab: str, actor: Actor, on: date, *, after: str = "") -> tuple[list[ObjectionRow], str]:
    """A page of objections: under `open` and `overdue` what is due first above, else newest first."""
    found = _tab(objections_visible_to(actor), tab, on)
    day, _dash, key = after.rpartition("_")
    by_due = tab in (OPEN, OVERDUE)
    if key.isdecimal() and len(key) < 19:
        found = found.filter(_beyond(day, int(key))) if by_due else found.filter(id__lt=int(key))
    ordered = found.order_by("due_on", "id") if by_due else found.order_by("-id")
    rows = [ObjectionRow(*row) for row in ordered.values_list(*_OBJECTION)[: PAGE + 1]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], (f"{last.due_on}_{last.id}" if by_due else f"_{last.id}") if last else ""


def _beyond(day: str, key: int) -> Q:
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return Q(pk__in=[])
    return Q(due_on__gt=due) | Q(due_on=due, id__gt=key)


def objection_counts(actor: Actor, on: date) -> dict[str, int]:
    """How many objections wait for an answer, and for how many of them it is late."""
    found = objections_visible_to(actor)
    return {tab: _tab(found, tab, on).count() for tab in (OPEN, OVERDUE)}


def objection(objection_id: int, actor: Actor) -> Objection:
    """One objection. Raises NotFound out of the actor's sight."""
    found = (
        objections_visible_to(actor)
        .select_related("notice", "notice__case", "investigator")
        .filter(pk=objection_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这件异议"))
    return found


def objections_of(found: Notice) -> list[Objection]:
    """Objections to a notice and to the others of its line that still wait, in the order they came."""
    mine = Q(notice=found) | Q(notice__origin_id=found.origin_id, state__in=WAITING, is_late=False)
    return list(Objection.objects.filter(mine).select_related("notice").order_by("id"))


def notes_of(found: Objection) -> list[ObjectionNote]:
    """What was noted of an objection, in order."""
    return list(ObjectionNote.objects.filter(objection=found).select_related("paper").order_by("id"))
