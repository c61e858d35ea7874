"""Drafting notices (拟稿): from what a context makes public, or by hand; editing, masking, correcting, dropping."""

from collections.abc import Sequence
from datetime import date

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import Refusal
from mingchan.kernel.publication import Publication
from mingchan.oversight.disclosure import events, permissions, rules
from mingchan.oversight.disclosure.choices import DayUnit, NoticeKind, NoticeState, PlaceKind
from mingchan.oversight.disclosure.drafts import NoticeDraft, PlaceDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.rules import Content
from mingchan.oversight.disclosure.services import keeping

MOST_ROWS = 20_000
MOST_COLUMNS = 12


@transaction.atomic
def draft(
    publication: Publication,
    *,
    case: Case | None = None,
    task: Task | None = None,
    places: Sequence[PlaceDraft] = (),
    is_sample: bool = False,
    actor: Actor,
    on: date,
) -> Notice:
    """Draft a notice of what a context makes public, personal data masked by rule. Serves 2.4.2c, 2.6.3, 3.4.3a.

    With `task` the notice is the one that the case waits for; otherwise the actor needs `notice.draft` over the
    division (NotAllowed). Raises Refusal for a publication that says nothing.
    """
    if task is None:
        permissions.require(actor, permissions.DRAFT, publication.division_code)
    given = NoticeDraft(
        kind=publication.kind,
        title=publication.title,
        paragraphs=publication.paragraphs,
        division_code=publication.division_code,
        columns=publication.columns,
        rows=publication.rows,
        clauses=publication.clauses,
        places=places,
    )
    content = rules.masked(_content(given, is_automatic=task is not None))
    return _begin(given, content, str(publication.subject), case, task, is_sample, actor, on)


@transaction.atomic
def draft_by_hand(given: NoticeDraft, *, is_sample: bool = False, actor: Actor, on: date) -> Notice:
    """Draft a notice by hand. Raises NotAllowed without `notice.draft` over the division, Refusal for a fault in it."""
    permissions.require(actor, permissions.DRAFT, given.division_code)
    return _begin(given, _content(given), "", None, None, is_sample, actor, on)


def _begin(
    given: NoticeDraft,
    content: Content,
    subject: str,
    case: Case | None,
    task: Task | None,
    is_sample: bool,
    actor: Actor,
    on: date,
) -> Notice:
    key = reserve_ids(Notice, 1)
    earlier = None
    if case is not None:
        earlier = Notice.objects.filter(case=case).order_by("id").values_list("origin_id", flat=True).first()
    notice = Notice(
        pk=key,
        county=actor.county,
        subject=subject,
        case=case,
        task=task,
        origin_id=earlier or key,
        drafter_id=None if task is not None else actor.account_id,
        drafted_by=_("自动拟稿") if task is not None else actor.name,
        drafted_on=on,
        is_sample=is_sample or (case is not None and case.is_sample),
        version=1,
    )
    _take(notice, given, content, is_automatic=task is not None)
    notice.save(force_insert=True)
    _put_places(notice, given.places)
    keeping.record(
        events.DRAFTED,
        documents.NOTICE,
        notice,
        division=notice.division_code,
        actor=actor,
        on=on,
        facts={"title": notice.title},
    )
    return notice


def _content(given: NoticeDraft, *, is_automatic: bool = False) -> Content:
    """The content of a draft, trimmed. Raises Refusal for an empty or unfit one; a case's own title is cut to fit."""
    title = " ".join(given.title.split())
    if is_automatic:
        title = title[:200]
    paragraphs = tuple(text.strip() for text in given.paragraphs if text.strip())
    columns = tuple(str(head).strip() for head in given.columns)
    rows = tuple(tuple(str(cell).strip() for cell in row) for row in given.rows)
    if not title or len(title) > 200:
        raise Refusal(_("请填写标题，最多 200 字"), clauses=keeping.CLAUSES, field="title")
    if not paragraphs and not rows:
        raise Refusal(_("请填写公示内容"), clauses=keeping.CLAUSES, field="paragraphs")
    if len(columns) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise Refusal(
            _("表格最多 %(columns)s 列、%(rows)s 行") % {"columns": MOST_COLUMNS, "rows": MOST_ROWS}, field="table"
        )
    if any(len(row) != len(columns) for row in rows):
        raise Refusal(_("表格各行的列数须与表头一致"), field="table")
    return Content(title, paragraphs, columns, rows, (given.contact or str(_word("notice.contact"))).strip()[:200])


def _word(code: str) -> object:
    return policy.thresholds()[code].value


def _take(notice: Notice, given: NoticeDraft, content: Content, *, is_automatic: bool = False) -> None:
    """Take a draft over into the notice's columns. Raises Refusal for an unknown kind, unit, length or division.

    A case's own division isn't looked up: procedures checked it when the case began.
    """
    if given.kind not in NoticeKind.values:
        raise Refusal(_("没有这种公示类别"), field="kind")
    unit = given.unit or str(_word("notice.unit"))
    days = given.days or policy.figure("notice.days")
    if unit not in DayUnit.values:
        raise Refusal(_("期限单位应为自然日或工作日"), field="unit")
    least = policy.figure("notice.days")
    if not least <= days <= rules.MOST_DAYS:
        raise Refusal(_("公示期不得少于 %(days)s 天") % {"days": least}, clauses=("3.4.3a",), field="days")
    division = given.division_code.ljust(12, "0")
    if not division.startswith(notice.county) or not (is_automatic or directory.division(division)):
        raise Refusal(_("没有这个区划"), field="division_code")
    notice.kind, notice.division_code, notice.days, notice.unit = given.kind, division, days, unit
    notice.clauses = orjson.dumps(list(given.clauses)).decode()
    _write(notice, content)


def _write(notice: Notice, content: Content) -> None:
    notice.title, notice.contact = content.title[:200], content.contact[:200]
    notice.paragraphs = orjson.dumps(list(content.paragraphs)).decode()
    notice.columns = orjson.dumps(list(content.columns)).decode()
    notice.rows = orjson.dumps([list(row) for row in content.rows]).decode()


def usual_places(county: str, division: str) -> tuple[PlaceDraft, ...]:
    """The website, and the board of the county, of the town and of the village that the division lies in."""
    whole = county.ljust(12, "0")
    boards = [whole]
    if not division[6:].startswith("000"):
        boards.append(division[:9].ljust(12, "0"))
    if division[9:] != "000":
        boards.append(division)
    return (
        PlaceDraft(PlaceKind.WEBSITE.value, whole),
        *(PlaceDraft(PlaceKind.BOARD.value, code) for code in boards),
    )


def _put_places(notice: Notice, given: Sequence[PlaceDraft]) -> None:
    wanted = dict.fromkeys(given or usual_places(notice.county, notice.division_code))
    names = directory.division_names(place.division_code for place in wanted)
    if not given:
        names = {place.division_code: place.division_code for place in wanted} | names
    for place in wanted:
        if place.kind not in PlaceKind.values or place.division_code not in names:
            raise Refusal(_("没有这个公示场所"), field="places")
        if not place.division_code.startswith(notice.county):
            raise Refusal(_("公示场所应在本县"), field="places")
        is_site = place.kind == PlaceKind.WEBSITE
        name = str(_word("notice.website")) if is_site else f"{names[place.division_code]}公开栏"
        NoticePlace.objects.create(notice=notice, kind=place.kind, division_code=place.division_code, name=name)


def _draft_locked(notice_id: int, version: int, *, actor: Actor) -> Notice:
    notice = keeping.locked(notice_id, permissions.DRAFT, actor=actor)
    if notice.state != NoticeState.DRAFT:
        raise Refusal(_("公示已经发布，内容不能再改；有误的请办理更正"), clauses=keeping.CLAUSES)
    keeping.current(notice, version)
    return notice


@transaction.atomic
def edit(notice_id: int, given: NoticeDraft, version: int, *, actor: Actor, on: date) -> Notice:
    """Change a draft, its places included. Raises Stale, NotFound, NotAllowed; Refusal once it is published."""
    notice = _draft_locked(notice_id, version, actor=actor)
    permissions.require(actor, permissions.DRAFT, given.division_code)
    before = keeping.whole(documents.NOTICE, notice)
    _take(notice, given, _content(given))
    NoticePlace.objects.filter(notice=notice).delete()
    _put_places(notice, given.places)
    notice.editor_id = actor.account_id
    return keeping.save(notice, events.EDITED, before, actor=actor, on=on)


@transaction.atomic
def mask(notice_id: int, version: int, *, actor: Actor, on: date) -> Notice:
    """Mask names and numbers of people in a draft by rule (1.2b). Raises as `edit`; Refusal when there are none."""
    notice = _draft_locked(notice_id, version, actor=actor)
    before = keeping.whole(documents.NOTICE, notice)
    content = documents.content_of(notice)
    plain = rules.masked(content)
    if plain == content:
        raise Refusal(_("没有需要遮盖的个人信息"), clauses=("1.2b",))
    _write(notice, plain)
    return keeping.save(notice, events.MASKED, before, actor=actor, on=on)


@transaction.atomic
def correct(notice_id: int, reason: str, *, actor: Actor, on: date) -> Notice:
    """Draft the correction (更正) of a published notice: a new notice with the old one's words and a period of its own.

    The old one goes on until the new one is published, but can't be closed meanwhile. Raises Refusal without a reason,
    for a draft or a notice already corrected or withdrawn.
    """
    old = keeping.locked(notice_id, permissions.DRAFT, actor=actor)
    why = keeping.reason_given(reason)
    if old.state not in (NoticeState.PUBLISHED, NoticeState.CLOSED):
        raise Refusal(_("只有公示中或已期满的公示可以更正"), clauses=keeping.CLAUSES)
    if Notice.objects.filter(supersedes=old).exclude(state=NoticeState.DROPPED).exists():
        raise Refusal(_("这份公示已经有更正稿"), clauses=keeping.CLAUSES)
    running = old.state == NoticeState.PUBLISHED
    key = reserve_ids(Notice, 1)
    new = Notice(
        pk=key,
        county=old.county,
        kind=old.kind,
        division_code=old.division_code,
        title=old.title,
        paragraphs=old.paragraphs,
        columns=old.columns,
        rows=old.rows,
        clauses=old.clauses,
        contact=old.contact,
        subject=old.subject,
        case_id=old.case_id,
        task_id=old.task_id if running else None,
        origin_id=old.origin_id,
        supersedes=old,
        correction_reason=why,
        days=old.days,
        unit=old.unit,
        drafter_id=actor.account_id,
        drafted_by=actor.name,
        drafted_on=on,
        is_sample=old.is_sample,
    )
    new.save(force_insert=True)
    for place in NoticePlace.objects.filter(notice=old).order_by("id"):
        NoticePlace.objects.create(notice=new, kind=place.kind, division_code=place.division_code, name=place.name)
    keeping.record(
        events.DRAFTED,
        documents.NOTICE,
        new,
        division=new.division_code,
        actor=actor,
        on=on,
        reason=why,
        facts={"title": new.title},
    )
    return new


@transaction.atomic
def drop(notice_id: int, reason: str, *, actor: Actor, on: date) -> Notice:
    """Give up a draft; it stays to be seen. Raises Refusal for the one that a case waits for, and without a reason."""
    notice = keeping.locked(notice_id, permissions.DRAFT, actor=actor)
    why = keeping.reason_given(reason)
    if notice.state != NoticeState.DRAFT:
        raise Refusal(_("已发布的公示不能作废，请办理更正或撤销"), clauses=keeping.CLAUSES)
    if notice.task_id is not None and notice.supersedes_id is None:
        raise Refusal(_("有事项在等待这份公示，不能作废"), clauses=keeping.CLAUSES)
    before = keeping.whole(documents.NOTICE, notice)
    notice.state, notice.ended_on, notice.ended_reason = NoticeState.DROPPED, on, why
    return keeping.save(notice, events.DROPPED, before, actor=actor, on=on, reason=why)
